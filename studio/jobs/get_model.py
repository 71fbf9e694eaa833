"""From an entry of the catalog to a model that is ready here: fetched, and converted where that helps."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from studio.core.model import ConverterDescription, Format, ModelSpec
from studio.errors import StudioError
from studio.jobs.convert import OnProgress, convert
from studio.models.fetch import FetchProgress, Sources, install
from studio.models.store import Consent, Model, ModelStore
from studio.plugins.catalog import Catalog


class Got(msgspec.Struct, frozen=True):
    """What there is now."""

    model: Model
    """As it was fetched."""
    converted: Model | None = None
    problem: StudioError | None = None
    """Why it was not converted; it can be used as it is."""


def get_model(
    spec: ModelSpec,
    store: ModelStore,
    catalog: Catalog,
    sources: Sources,
    *,
    consent: Consent | None,
    threads: int,
    converts: bool = True,
    on_fetch: Callable[[FetchProgress], None] = lambda _: None,
    on_convert: OnProgress = lambda *_: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> Got:
    """Blocks. What is there already is not done again.

    Raises:
        As `install` does; and Cancelled while it converts: the fetched model stays then.
    """
    model = install(spec, store, sources, consent=consent, on_progress=on_fetch, cancelled=cancelled)
    made = [other for other in store.models() if other.derived_from == model.digest]
    converter = converter_for(catalog, model.format)
    if made or converter is None or not converts:
        return Got(model, made[0] if made else None)
    try:
        converted = convert(
            model,
            converter,
            converter.precisions[0],
            store,
            threads=threads,
            on_progress=on_convert,
            cancelled=cancelled,
        )
    except StudioError as error:
        return Got(model, problem=error)
    return Got(model, converted)


def converter_for(catalog: Catalog, format: Format) -> ConverterDescription | None:
    """What a model in this format should be converted by on this computer, if by anything.

    Graphics cards compute it as it came.
    """
    if catalog.devices != ("cpu",):
        return None
    return next(iter(catalog.converters(format)), None)
