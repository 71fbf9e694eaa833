"""Moving the studio's own models to another folder: copied, verified, and only then taken from the old one.

One model after the other, each whole or not at all. Whoever stops it, or pulls the plug, has some models here
and some there, all of them usable; the next try goes on and copies nothing twice.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from studio.core.disk import free, sync_file, sync_folder
from studio.errors import BadInput, ModelRefused, StudioError
from studio.models import own_files
from studio.models.locks import locked
from studio.models.model_files import digest_of
from studio.models.writing import CHUNK, disk_full, while_writing
from studio.words import tr

if TYPE_CHECKING:
    from studio.models.store import Model, ModelStore

MARK = "studio-models"
"""A file that says that the folder is the studio's own."""
_COMING = ".coming"

Tell = Callable[[float, float, str], object]
"""Bytes that are done, of all; which model. What it raises stops the move."""


def move(store: ModelStore, target: Path, tell: Tell) -> int:
    """Moves all models that the studio fetched or made itself into this folder; new ones go there, too.

    Returns how many were moved.

    Raises:
        BadInput: the folder is no place for them. DiskFull: they do not fit; those that did are there.
        ModelRefused: a model has other bytes than it had; it stays where it was.
        StudioError: another program moves them, or the disk refuses.
    """
    target = target.expanduser().absolute()
    _check(store, target)
    try:
        store.folder.mkdir(parents=True, exist_ok=True)
        target.mkdir(parents=True, exist_ok=True)
        (target / MARK).touch()
        with locked(store.folder / "moving.lock", wait=False):
            return _move_all(store, target, tell)
    except BlockingIOError as error:
        raise StudioError(
            tr("The models are being moved already, by another window or command."),
            tr("Wait until that one is done, or cancel it."),
        ) from error
    except OSError as error:
        raise while_writing(error, target, 0) from error


def _check(store: ModelStore, target: Path) -> None:
    place = store.place
    if target != place and (target.is_relative_to(place) or place.is_relative_to(target)):
        raise BadInput(
            tr("“{folder}” and the folder of the models lie in each other.", folder=target),
            tr("Choose a folder beside it."),
        )
    try:
        taken = target.exists() and any(target.iterdir()) and not (target / MARK).exists()
    except OSError as error:
        raise BadInput(
            tr("“{folder}” cannot be used as a folder.", folder=target), tr("Choose an empty folder.")
        ) from error
    if taken and target != store.folder / store.USUAL:
        raise BadInput(
            tr("“{folder}” has other files in it.", folder=target),
            tr("Choose an empty folder, or the name of a new one."),
        )


def _move_all(store: ModelStore, target: Path, tell: Tell) -> int:
    store.use_place(target)
    waiting = [one for one in store.models() if one.managed and not one.path.is_relative_to(target)]
    waiting = [one for one in waiting if store.folder_of(one) is not None]
    sizes = {model.digest: _size(store, model) for model in waiting}
    total, done = sum(sizes.values()), 0
    needed = sum(sizes[model.digest] for model in waiting if not _same_disk(model.path, target))
    here = sum(file.stat().st_size for file in target.glob(f".*{_COMING}/**/*") if file.is_file())
    if free(target) + here < needed:
        raise disk_full(target, needed - here)
    for model in waiting:
        _move_one(store, model, target, lambda bytes, m=model, d=done: tell(d + bytes, total, m.name))  # type: ignore[misc]
        done += sizes[model.digest]
    tell(1, 1, "")
    store.forget_places()
    return len(waiting)


def _size(store: ModelStore, model: Model) -> int:
    """Bytes of all that goes along with a model."""
    folder = store.folder_of(model)
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()) if folder else 0


def _move_one(store: ModelStore, model: Model, target: Path, tell: Callable[[float], object]) -> None:
    old = store.folder_of(model)
    if old is None:
        return
    inside = model.path.relative_to(old)
    coming = target / f".{old.name}{_COMING}"
    final = target / old.name
    tell(0)
    if _same_disk(old, target):
        final = own_files.new_folder(target, old.name)
        final.rmdir()
        old.rename(final)
    else:
        _copy(old, coming, model, tell)
        final = own_files.new_folder(target, old.name)
        final.rmdir()
        coming.rename(final)
    sync_folder(target)
    store.relocate(model, final / inside)
    if old.exists():
        own_files.leave(old)


def _copy(old: Path, coming: Path, model: Model, tell: Callable[[float], object]) -> None:
    """All files of a model's folder. Those that are there whole from an earlier try are read, not written."""
    digests = {(model.root / file.name).relative_to(old): file.digest for file in model.files}
    done = 0
    for source in sorted(path for path in old.rglob("*") if path.is_file() and not path.is_symlink()):
        name = source.relative_to(old)
        copy = coming / name
        copy.parent.mkdir(parents=True, exist_ok=True)
        size = source.stat().st_size
        if not (
            copy.exists() and copy.stat().st_size == size and _read(copy, tell, done) == digests.get(name)
        ):
            said = _write(source, copy, tell, done)
            if digests.get(name, said) != said:
                copy.unlink()
                raise ModelRefused(
                    tr("“{name}” has other bytes than it had, and stays where it was.", name=model.name),
                    tr("Check its disk, or remove the model and get it again."),
                )
            if _read(copy, tell, done) != said:
                copy.unlink()
                raise ModelRefused(
                    tr("“{name}” did not arrive as it left, and stays where it was.", name=model.name),
                    tr("Check the new disk, or choose another folder."),
                )
        done += size
    listed = {name for name in digests if (coming / name).is_file()}
    if listed != set(digests) or digest_of(model.files) != model.digest:
        raise ModelRefused(
            tr("“{name}” is not whole, and stays where it was.", name=model.name),
            tr("Check its disk, or remove the model and get it again."),
        )


def _write(source: Path, copy: Path, tell: Callable[[float], object], done: int) -> str:
    digest, written = hashlib.sha256(), 0
    with source.open("rb") as reading, copy.open("wb") as writing:
        while chunk := reading.read(CHUNK):
            digest.update(chunk)
            writing.write(chunk)
            written += len(chunk)
            tell(done + written / 2)
        writing.flush()
        sync_file(writing.fileno())
    shutil.copystat(source, copy)
    return digest.hexdigest()


def _read(copy: Path, tell: Callable[[float], object], done: int) -> str:
    digest, read = hashlib.sha256(), 0
    size = copy.stat().st_size
    with copy.open("rb") as reading:
        while chunk := reading.read(CHUNK):
            digest.update(chunk)
            read += len(chunk)
            tell(done + (size + read) / 2)
    return digest.hexdigest()


def _same_disk(first: Path, second: Path) -> bool:
    return os.stat(first).st_dev == os.stat(second).st_dev  # noqa: PTH116
