"""What there is to use: the models that plugins offer, joined with those that the user has. No widget."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from typing import TYPE_CHECKING

from msgspec import Struct

from studio.core.generator import GeneratorDescription
from studio.core.kind import STOCK_KINDS, Kind, Kinds
from studio.core.model import ConverterDescription, Format, ModelSpec
from studio.core.params import ModelRule, model_fields
from studio.models.fit import Fit as Fit
from studio.models.fit import fit_of as fit_of

if TYPE_CHECKING:
    from studio.models.store import Model
    from studio.plugins.catalog import Catalog

OWN = "own:"
"""Begins the key of a model that no plugin offers."""


class State(StrEnum):
    READY = "ready"
    UNPREPARED = "unprepared"
    """Here; a plugin can make of it what runs faster."""
    PARTIAL = "partial"
    """An interrupted download left some of it."""
    AVAILABLE = "available"


class Entry(Struct, frozen=True):
    """One model, whether it is here or not."""

    key: str
    title: str
    kind: str
    users: tuple[GeneratorDescription, ...]
    """The generators that can use it."""
    converters: tuple[ConverterDescription, ...]
    fit: Fit
    spec: ModelSpec | None = None
    source: Model | None = None
    """As it was fetched or added."""
    prepared: tuple[Model, ...] = ()
    """What was made of it."""
    part: int = 0
    """Bytes that an interrupted download left."""

    @property
    def models(self) -> tuple[Model, ...]:
        """All that is here of it."""
        return (*((self.source,) if self.source is not None else ()), *self.prepared)

    @property
    def state(self) -> State:
        if self.prepared or (self.source is not None and not self.converters):
            return State.READY
        if self.source is not None:
            return State.UNPREPARED
        return State.PARTIAL if self.part else State.AVAILABLE


def shelf(
    catalog: Catalog,
    models: Sequence[Model],
    memory: Mapping[str, int],
    part: Callable[[ModelSpec], int] = lambda _: 0,
    kinds: Kinds = STOCK_KINDS,
) -> list[Entry]:
    """Every model that is offered or here: by kind, then what is here, then by title.

    `memory` is what each device has, in bytes; `part` what an interrupted download of a model left.
    """
    entries: list[Entry] = []
    left = list(models)
    for spec in catalog.models.values():
        own = [model for model in left if model.spec == spec.id]
        left = [model for model in left if model.spec != spec.id]
        source = next((model for model in own if not model.derived_from), None)
        entries.append(
            Entry(
                key=spec.id,
                title=spec.title,
                kind=spec.kind,
                users=_users(catalog, spec.format, spec.instruct, spec.id.partition("/")[0]),
                converters=tuple(catalog.converters(spec.format)),
                fit=fit_of(spec.needs, spec.size, memory),
                spec=spec,
                source=source,
                prepared=tuple(model for model in own if model.derived_from),
                part=part(spec) if not own else 0,
            )
        )
    roots = {model.digest for model in left}
    for model in left:
        if model.derived_from in roots:
            continue
        users = _users(catalog, model.format, model.instruct)
        entries.append(
            Entry(
                key=OWN + model.digest,
                title=model.name,
                kind=users[0].kind if users else Kind.IMAGE,
                users=users,
                converters=tuple(catalog.converters(model.format)) if not model.derived_from else (),
                fit=fit_of((), model.size, memory),
                source=model,
                prepared=tuple(other for other in left if other.derived_from == model.digest),
            )
        )
    order = [kind.id for kind in kinds.several(entry.kind for entry in entries)]

    def rank(one: Entry) -> tuple[int, bool, bool, str]:
        """By kind; what is here first, then what is recommended."""
        recommends = one.spec is not None and one.spec.starter
        return order.index(one.kind), not one.models, not recommends, one.title.casefold()

    return sorted(entries, key=rank)


def recommended(catalog: Catalog, rule: ModelRule) -> ModelSpec | None:
    """What the studio recommends to somebody who has no model that such a field takes."""
    found = [spec for spec in catalog.models.values() if reaches(catalog, rule, spec.format, spec.instruct)]
    return min(found, key=lambda spec: not spec.starter, default=None)


def reaches(catalog: Catalog, rule: ModelRule, format: Format, instruct: bool | None) -> bool:
    """Whether a field takes a model in this format, as it is or once it was prepared."""
    formats = (format, *(one.target for one in catalog.converters(format)))
    return any(rule.takes(one, instruct) for one in formats)


def _users(
    catalog: Catalog, format: Format, instruct: bool | None, plugin: str = ""
) -> tuple[GeneratorDescription, ...]:
    return tuple(
        one
        for one in catalog.generators.values()
        if one.id.partition("/")[0] == plugin or not plugin
        if any(reaches(catalog, rule, format, instruct) for rule in model_fields(one.params_schema).values())
    )
