"""Models on a stick: written for a machine without a network, and verified when they arrive there."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import BinaryIO

import msgspec

from studio.core.disk import free, in_words, sync_folder
from studio.core.model import Licence, ModelSpec
from studio.errors import BadInput, LicenceRefused, ModelRefused
from studio.models.bundle_file import (
    FILES,
    NAME,
    PART,
    Bundle,
    BundledFile,
    BundledModel,
    is_bundle,
)
from studio.models.bundle_file import read_bundle as read_bundle
from studio.models.fetch.installing import TERMS, terms
from studio.models.listed import FOLDERS
from studio.models.meter import Meter, OnProgress
from studio.models.model_files import digest_of, is_whole
from studio.models.safety import inspect
from studio.models.store import Consent, Model, ModelStore
from studio.models.writing import CHUNK, Writer, disk_full, while_writing
from studio.words import tr

README = "READ ME.txt"


def export_bundle(
    models: Sequence[Model],
    folder: Path,
    store: ModelStore,
    specs: Mapping[str, ModelSpec],
    *,
    on_progress: OnProgress = lambda _: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> Bundle:
    """Writes models into a folder, beside those that a bundle there has already. Blocks.

    Each model is listed once it is whole, so what an interruption leaves is a bundle of those before. Files
    that are there, verified, are not written again.

    Raises:
        ModelRefused: one of the models is gone or changed. BadInput: the folder holds a damaged bundle.
        DiskFull: before it begins, or in the middle. Cancelled. StudioError: nothing can be written there.
    """
    bundle = read_bundle(folder) if is_bundle(folder) else Bundle()
    for model in models:
        store.path(model.digest)
    meter = Meter(sum(model.size for model in models), on_progress, cancelled)
    missing = meter.total
    try:
        place = folder / FILES
        place.mkdir(parents=True, exist_ok=True)
        for left in place.glob("*.part"):  # by an export that was killed
            left.unlink()
        missing = sum(
            file.size for model in models for file in _bundled(model, None).files if not _there(place, file)
        )
        if free(folder) < missing:
            raise disk_full(folder, missing)
        for model in models:
            entry = _bundled(model, specs.get(model.spec))
            for file in entry.files:
                meter.tell(0, tr("Writing “{name}”", name=model.name))
                if not (_there(place, file) and _digest(place, file, meter) == file.digest):
                    _split(model.root / file.name, file, place, meter)
                meter.whole += file.size
            others = [other for other in bundle.models if other.digest != entry.digest]
            bundle = Bundle(models=(*others, entry))
            _write(folder / README, _for_people(bundle).encode())
            _write(folder / NAME, msgspec.json.format(msgspec.json.encode(bundle), indent=1))
    except OSError as error:
        raise while_writing(error, folder, missing) from error
    return bundle


def import_bundle(
    folder: Path,
    bundle: Bundle,
    store: ModelStore,
    specs: Mapping[str, ModelSpec],
    *,
    consents: Collection[Consent],
    on_progress: OnProgress = lambda _: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> list[Model]:
    """Copies the models of a bundle into the store, each verified and checked like any other. Blocks.

    `bundle` is what `read_bundle` read there; leave models out of it to leave them out. Returns all, also
    those that were there before.

    Raises:
        LicenceRefused: nobody agreed to the terms that the bundle holds for a model. Nothing was copied.
        BadInput: a file is missing or has other bytes. ModelRefused: a model is not harmless. DiskFull.
        Cancelled. Models before the one in question stay.
    """
    agreed = {consent.digest: consent for consent in consents}
    for licence in terms_of(bundle):
        if licence.digest not in agreed:
            raise LicenceRefused(
                tr("The licence “{title}” was not accepted.", title=licence.title),
                tr("Read it and accept it to use its models, or leave them out."),
            )
    there = {model.digest: model for model in store.models() if is_whole(model)}
    coming = [entry for entry in bundle.models if entry.digest not in there]
    missing = sum(entry.size for entry in coming)
    if coming:
        store.reclaim()
    meter = Meter(missing, on_progress, cancelled)
    if coming and free(_existing(store.work)) < missing:
        raise disk_full(_existing(store.work), missing)
    try:
        for entry in coming:
            there[entry.digest] = _take(folder, entry, store, specs, agreed, meter)
    except OSError as error:
        raise while_writing(error, store.work, missing - meter.whole) from error
    return [there[entry.digest] for entry in bundle.models]


def terms_of(bundle: Bundle) -> list[Licence]:
    """What a person has to agree to before the models are copied; each once."""
    found = [entry.description.licence for entry in bundle.models if entry.description is not None]
    return list({licence.digest: licence for licence in found}.values())


def models_under(bundle: Bundle, licence: Licence) -> str:
    """The names of the models that come with these terms."""
    return ", ".join(
        entry.name
        for entry in bundle.models
        if entry.description is not None and entry.description.licence.digest == licence.digest
    )


def _take(
    folder: Path,
    entry: BundledModel,
    store: ModelStore,
    specs: Mapping[str, ModelSpec],
    agreed: Mapping[str, Consent],
    meter: Meter,
) -> Model:
    licence = entry.description.licence if entry.description else None
    other = ModelRefused(
        tr("“{name}” in this bundle is not the model that the bundle says.", name=entry.name),
        tr("Export it again on the computer that it comes from."),
    )
    if digest_of(entry.files) != entry.digest:
        raise other
    with store.making(entry.name) as own:
        place = own / "model" if entry.format in FOLDERS else own
        for file in entry.files:
            meter.tell(0, tr("Copying “{name}”", name=entry.name))
            _join(folder / FILES, file, place / file.name, meter)
            meter.whole += file.size
        main = place if entry.format in FOLDERS else place / entry.files[0].name
        found = inspect(main)
        if (found.format, set(found.files)) != (entry.format, {file.name for file in entry.files}):
            raise other
        if licence is not None:
            (own / TERMS).write_text(terms(licence), encoding="utf-8")
        return store.add(
            main,
            suggested=entry.name,
            licence=entry.licence,
            spec=entry.spec if _is_of(entry, specs.get(entry.spec)) else "",
            derived_from=entry.derived_from,
            made_by=entry.made_by,
            managed=True,
            consent=agreed[licence.digest] if licence else None,
            instruct=entry.instruct,
        )


def _is_of(entry: BundledModel, spec: ModelSpec | None) -> bool:
    """Whether it may count as this model of the catalog: every pinned file has the pinned bytes. Of one that
    was converted nobody can say more than where it comes from."""
    if spec is None:
        return False
    digests = {file.name: file.digest for file in entry.files}
    return bool(entry.derived_from) or all(
        file.name in digests and file.sha256 in ("", digests[file.name]) for file in spec.files
    )


def _bundled(model: Model, spec: ModelSpec | None) -> BundledModel:
    try:
        return BundledModel(
            name=model.name,
            digest=model.digest,
            format=model.format,
            licence=model.licence,
            files=tuple(
                BundledFile(name=file.name, digest=file.digest, size=file.size) for file in model.files
            ),
            spec=model.spec,
            derived_from=model.derived_from,
            made_by=model.made_by,
            instruct=model.instruct,
            description=spec,
        )
    except ValueError as error:
        raise BadInput(
            tr("“{name}” has files whose names do not exist on every system.", name=model.name),
            tr("Rename them, add the model again and export it then."),
            str(error),
        ) from error


def _there(place: Path, file: BundledFile) -> bool:
    sizes = [(place / part).stat().st_size if (place / part).is_file() else -1 for part in file.parts]
    return sum(sizes) == file.size and all(0 <= size <= PART for size in sizes)


def _digest(place: Path, file: BundledFile, meter: Meter) -> str:
    digest = hashlib.sha256()
    done = 0
    for chunk in _chunks(place / part for part in file.parts):
        digest.update(chunk)
        done += len(chunk)
        meter.tell(done, tr("Checking what is there"))
    return digest.hexdigest()


def _chunks(paths: Iterator[Path]) -> Iterator[bytes]:
    for path in paths:
        with path.open("rb") as file:
            while chunk := file.read(CHUNK):
                yield chunk


def _split(source: Path, file: BundledFile, place: Path, meter: Meter) -> None:
    """Copies a file in pieces, through names that do not count before all is verified."""
    digest = hashlib.sha256()
    done = 0
    fresh = {place / part: place / f"{part}.part" for part in file.parts}
    try:
        with source.open("rb") as reading:
            for part in fresh.values():
                with Writer(part) as writer:
                    while writer.size < PART and (chunk := reading.read(min(CHUNK, PART - writer.size))):
                        writer.write(chunk)
                        digest.update(chunk)
                        done += len(chunk)
                        meter.tell(done, tr("Writing “{name}”", name=file.name))
                    writer.sync()
        if digest.hexdigest() != file.digest:
            raise ModelRefused(
                tr("“{name}” changed while it was copied.", name=source.name),
                tr("Wait until nothing else writes to it, and try again."),
            )
        for target, part in fresh.items():
            part.replace(target)
        sync_folder(place)
    finally:
        for part in fresh.values():
            part.unlink(missing_ok=True)


def _join(files: Path, file: BundledFile, target: Path, meter: Meter) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    with ExitStack() as opened:
        parts = [opened.enter_context(_opened(files / part, file)) for part in file.parts]
        writer = opened.enter_context(Writer(target))
        for part in parts:
            while chunk := _chunk(part, file):
                writer.write(chunk)
                if writer.size > file.size:
                    break
                meter.tell(writer.size, tr("Copying “{name}”", name=file.name))
        writer.sync()
        if writer.digest != file.digest:
            raise BadInput(
                tr("The bundle is damaged: “{name}” has other bytes than it says.", name=file.name),
                tr("Export it again on the computer that it comes from."),
                f"expected SHA-256 {file.digest}, found {writer.digest}",
            )


def _opened(path: Path, file: BundledFile) -> BinaryIO:
    if not path.is_file():
        raise BadInput(
            tr("The bundle is not whole: “{name}” is missing.", name=file.name),
            tr("Copy the whole folder, or export it again on the computer that it comes from."),
            path.name,
        )
    return path.open("rb")


def _chunk(part: BinaryIO, file: BundledFile) -> bytes:
    try:
        return part.read(CHUNK)
    except OSError as error:
        raise BadInput(
            tr("“{name}” cannot be read from the bundle.", name=file.name),
            tr("Check that its disk or stick is connected and whole."),
            ascii(error),
        ) from error


def _existing(folder: Path) -> Path:
    return next((place for place in (folder, *folder.parents) if place.is_dir()), folder)


def _write(path: Path, data: bytes) -> None:
    fresh = path.with_name(f"{path.name}.{os.getpid()}")
    try:
        with Writer(fresh) as writer:
            writer.write(data)
            writer.sync()
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)
    sync_folder(path.parent)


def _for_people(bundle: Bundle) -> str:
    lines = [tr("Models for Studio. To use them on another computer: studio models import-bundle FOLDER"), ""]
    for entry in bundle.models:
        lines.append(f"{entry.name}  ({in_words(entry.size)}, {entry.licence or tr('licence not stated')})")
    for licence in terms_of(bundle):
        lines += ["", "-" * 70, "", terms(licence)]
    return "\n".join(lines)
