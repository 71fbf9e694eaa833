"""The models that the user has added: named, hashed, checked. A model's files stay where they are."""

from __future__ import annotations

import contextlib
import hashlib
import itertools
import json
import os
import re
import sys
import threading
import time
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import msgspec

from studio.core.params import unfit
from studio.core.recipe import Digest
from studio.errors import ModelRefused
from studio.given_paths import exists
from studio.models.safety import Format, inspect, tokenizer_files
from studio.words import tr

_FILE = "models.json"


class ModelFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One file of a model, as it was when its bytes were last read."""

    name: str
    """Relative to the model's folder, with forward slashes."""
    digest: Digest
    size: int
    modified: int
    """Nanoseconds since 1970-01-01."""


class Consent(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """That a person agreed to a model's terms."""

    licence: str
    """Its id."""
    digest: Digest
    """Of the terms that were shown (`Licence.digest`)."""
    time: float
    """Seconds since 1970-01-01, UTC."""


class Model(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    name: str
    digest: Digest
    """Of a single file its own; of several, of their names and digests."""
    format: Format
    path: Path
    size: int
    """Bytes, of all files."""
    licence: str = ""
    files: tuple[ModelFile, ...]
    spec: str = ""
    """The id of the catalog's entry that it was fetched by, if it was."""
    derived_from: str = ""
    """The digest of the model that it was converted from, if it was."""
    made_by: str = ""
    """The converter's id and the precision, if it was converted."""
    managed: bool = False
    """Whether it lies in the studio's own folder and goes with its entry."""
    added: float = 0.0
    """Seconds since 1970-01-01, UTC."""
    consent: Consent | None = None


class _Saved(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    models: tuple[Model, ...] = ()


class ModelStore:
    """A list in `models.json` of the folder. Window and command line may use it at the same time."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / _FILE
        self.folder = folder
        self._lock = threading.Lock()

    def add(
        self,
        path: Path,
        *,
        name: str = "",
        licence: str = "",
        spec: str = "",
        derived_from: str = "",
        made_by: str = "",
        managed: bool = False,
        consent: Consent | None = None,
    ) -> Model:
        """Checks and hashes a model (a second per gigabyte or so) and remembers where it is.

        The same bytes are one model: adding them again updates its place, and its name and licence if given.

        Raises:
            ModelRefused: it can run programs, is not what it says, or is nothing that the studio knows.
        """
        path = path.absolute()
        if unfit(str(path)):
            raise ModelRefused(
                tr("The name of this model's file is not text in UTF-8: {path}.", path=ascii(str(path))),
                tr("Rename it and try again."),
            )
        inspected = inspect(path)
        files = tuple(_read(inspected.root, name) for name in inspected.files)
        digest = _digest(files)
        with self._alone():
            known = {model.digest: model for model in self._load()}
            old = known.pop(digest, None)
            title = name or (
                old.name if old else _free_name(path.stem, {model.name for model in known.values()})
            )
            if any(model.name == title for model in known.values()):
                raise ModelRefused(
                    tr("Another model is named “{title}”.", title=title), tr("Give this one another name.")
                )
            model = Model(
                name=title,
                digest=digest,
                format=inspected.format,
                path=path,
                size=sum(file.size for file in files),
                licence=licence or (old.licence if old else ""),
                files=files,
                spec=spec,
                derived_from=derived_from,
                made_by=made_by,
                managed=managed,
                added=time.time(),
                consent=consent,
            )
            self._save([*known.values(), model])
        return model

    def new_folder(self, name: str) -> Path:
        """An empty folder of the studio's own for a model that is about to be fetched or made."""
        slug = re.sub(r"[^\w.-]+", "-", name).strip("-.") or "model"
        parent = self.folder / "files"
        parent.mkdir(parents=True, exist_ok=True)
        for number in itertools.count(1):
            folder = parent / (slug if number == 1 else f"{slug}-{number}")
            with contextlib.suppress(FileExistsError):
                folder.mkdir()
                return folder
        raise AssertionError("there is always another number")

    def free_name(self, name: str) -> str:
        """The name, or with a number where another model has it."""
        return _free_name(name, {model.name for model in self._load()})

    def preferred(self, formats: Sequence[str]) -> Model | None:
        """What is used where nobody chose: of the first of these formats that there is, the newest model."""
        found = [model for model in self._load() if model.format in formats]
        return min(found, key=lambda model: (formats.index(model.format), -model.added), default=None)

    def models(self, formats: Collection[str] = ()) -> list[Model]:
        """Sorted by name; only of these formats, if any are given."""
        found = [model for model in self._load() if not formats or model.format in formats]
        return sorted(found, key=lambda model: model.name.casefold())

    def remove(self, name: str) -> None:
        """Forgets a model; its files stay."""
        with self._alone():
            self._save([model for model in self._load() if model.name != name])

    def resolve(self, value: str, formats: Collection[str]) -> Model:
        """The model that a name, a digest or a path means. A path is added.

        Raises:
            ModelRefused: there is none, it has another format, or it is refused.
        """
        for model in self._load():
            if value in (model.name, model.digest):
                break
        else:
            path = Path(value).expanduser()
            if not value or not exists(path):
                raise ModelRefused(
                    tr("There is no model “{value}”.", value=value),
                    tr("Add it under Models, or give the path of its file or folder."),
                )
            model = self.add(path)
        if formats and model.format not in formats:
            raise ModelRefused(
                tr(
                    "“{name}” is a model in the format {format}; needed is {formats}.",
                    name=model.name,
                    format=model.format,
                    formats=", ".join(formats),
                ),
                tr("Choose another model."),
            )
        return model

    def path(self, digest: str) -> Path:
        """Where a model's file or folder is, its bytes verified: by size and time, else by reading them.

        Raises:
            ModelRefused: it is not in the list, gone, or not the same bytes any more.
        """
        model = next((model for model in self._load() if model.digest == digest), None)
        if model is None:
            raise ModelRefused(
                tr("The model of this recipe is not in your list of models."),
                tr("Add it and try again."),
                digest,
            )
        root = model.path if model.format == "diffusers" else model.path.parent
        if not all(_untouched(root, file) for file in model.files) or not self._same_names(model):
            self._verify_anew(model)
        return model.path

    def _same_names(self, model: Model) -> bool:
        """A file that was put into a model's folder, or a tokenizer beside it, may be loaded with it."""
        if model.format == "safetensors":
            return [file.name for file in model.files[1:]] == tokenizer_files(model.path)
        if model.format == "onnx":
            return True
        there = sum(len(names) for _, _, names in os.walk(model.path))
        return there == len(model.files)

    def _verify_anew(self, model: Model) -> None:
        if not exists(model.path):
            raise ModelRefused(
                tr("The model “{name}” is not where it was.", name=model.name),
                tr("Put it back, or add it from its new place."),
                str(model.path),
            )
        inspected = inspect(model.path)
        files = tuple(_read(inspected.root, name) for name in inspected.files)
        if _digest(files) != model.digest:
            raise ModelRefused(
                tr("The model “{name}” changed since you added it.", name=model.name),
                tr("If you trust the new file, remove the model and add it again."),
            )
        with self._alone():
            others = [other for other in self._load() if other.digest != model.digest]
            self._save([*others, msgspec.structs.replace(model, files=files)])

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Nobody else, in whatever program, changes the list meanwhile."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with self._lock, self._path.with_suffix(".lock").open("wb") as file:
            if sys.platform == "win32":
                import msvcrt

                msvcrt.locking(file.fileno(), msvcrt.LK_LOCK, 1)
            else:
                import fcntl

                fcntl.flock(file, fcntl.LOCK_EX)
            yield  # closing the file gives it back

    def _load(self) -> tuple[Model, ...]:
        try:
            return msgspec.json.decode(self._path.read_bytes(), type=_Saved, dec_hook=_path).models
        except FileNotFoundError:
            return ()
        except (msgspec.DecodeError, ValueError, RecursionError) as error:
            raise ModelRefused(
                tr("The list of models is damaged."),
                tr("Delete {name} and add your models again.", name=self._path.name),
                str(error),
            ) from error

    def _save(self, models: list[Model]) -> None:
        fresh = self._path.with_name(f"{_FILE}.{os.getpid()}")
        saved = msgspec.json.encode(_Saved(models=tuple(models)), enc_hook=str)
        fresh.write_bytes(msgspec.json.format(saved, indent=1))
        fresh.replace(self._path)


def _path(kind: type, value: object) -> Path:
    if kind is not Path or not isinstance(value, str):
        raise ValueError("not a path")
    return Path(value)


def _read(root: Path, name: str) -> ModelFile:
    path = root / name
    with path.open("rb") as file:
        before = os.fstat(file.fileno())
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return ModelFile(name=name, digest=digest, size=before.st_size, modified=before.st_mtime_ns)


def _untouched(root: Path, file: ModelFile) -> bool:
    try:
        status = (root / file.name).lstat()
    except OSError:
        return False
    return (status.st_size, status.st_mtime_ns) == (file.size, file.modified)


def _digest(files: tuple[ModelFile, ...]) -> str:
    if len(files) == 1:
        return files[0].digest
    listed = json.dumps(sorted((file.name, file.digest) for file in files))
    return hashlib.sha256(listed.encode("utf-8", "surrogateescape")).hexdigest()


def _free_name(name: str, taken: set[str]) -> str:
    return next(
        candidate
        for candidate in (name, *(f"{name} {n}" for n in range(2, len(taken) + 3)))
        if candidate not in taken
    )
