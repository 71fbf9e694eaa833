"""Looking at everything that is needed to work without a network, and at the computer."""

from __future__ import annotations

from collections.abc import Callable

from studio import paths
from studio.backends.device import device_memory
from studio.backends.plan_words import device_words
from studio.core.disk import free, in_words
from studio.models.doctor import Report, examine, problems_of
from studio.models.fit import Fit, fit_of
from studio.models.floors import floors
from studio.models.store import ModelStore
from studio.plugins.catalog import Catalog
from studio.words import tr


def look(catalog: Catalog, store: ModelStore, words: Callable[[Fit], str] | None = None) -> Report:
    """What the doctor says of this computer. Reads models whose files changed; never asks a network.

    `words` says whether a model runs here (by default `fit_words`).
    """
    words = words or fit_words
    devices = memory_of(catalog)
    models = store.models()
    fits = {
        model.digest: fit_of(spec.needs if spec is not None else (), model.size, devices)
        for model in models
        for spec in [catalog.models.get(model.spec)]
    }
    return examine(
        generators=catalog.generators.values(),
        specs=catalog.models,
        converters=[converter for plugin in catalog.plugins for converter in plugin.converters],
        models=models,
        problems=problems_of(store),
        unfit={digest: words(fit) for digest, fit in fits.items() if not fit.ok},
        floors=floors(),
        plugins={plugin.name: plugin.failure.reason for plugin in catalog.plugins if plugin.failure},
        notes=[note for plugin in catalog.plugins for note in plugin.notes],
        devices=devices,
        providers=catalog.providers,
        disk_free=free(paths.data_folder()),
    )


def memory_of(catalog: Catalog) -> dict[str, int]:
    """Bytes of each device that can compute; 0 where nobody knows."""
    devices = {device: catalog.device_memory.get(device, 0) for device in catalog.devices}
    return {**devices, "cpu": device_memory("cpu").total}


def fit_words(fit: Fit) -> str:
    """Whether a model runs here, and why."""
    device = device_words(fit.device)
    how = f"{device}, {fit.precision}" if fit.precision else device
    needed = in_words(fit.needed)
    if not fit.there:
        return tr("Needs about {needed} of memory ({how}).", needed=needed, how=how)
    there = in_words(fit.there)
    if fit.ok:
        return tr("Fits: about {needed} of {there} of memory ({how}).", needed=needed, there=there, how=how)
    return tr(
        "Does not fit: it needs about {needed} of memory ({how}), and there are {there}.",
        needed=needed,
        how=how,
        there=there,
    )
