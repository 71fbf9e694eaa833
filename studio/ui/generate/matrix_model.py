"""Many jobs from one form: the values that some of its fields take in turn, and every combination of them."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from studio.core.params import JsonObject, applies, validate
from studio.core.recipe import MAX_SEED
from studio.core.titles import stored, stored_row
from studio.errors import BadInput, InvalidParams
from studio.ui.kit.form_model import fields_of
from studio.words import mark, tr

MANY = 500
"""From here on the user is asked once more."""
MAX_JOBS = 10_000
MAX_VALUES = 1_000
"""Of one field."""

SEED = "\0seed"
"""Stands for the seed among names of fields, of which none can be called so."""


@dataclass(frozen=True)
class Axis:
    """One field with the values that it takes in turn, and the words for each."""

    name: str
    title: str
    """In the current language, as the labels are."""
    values: tuple[Any, ...]
    labels: tuple[str, ...]


@dataclass(frozen=True)
class Combination:
    values: JsonObject
    """Of the whole form."""
    seed: int
    title: str
    """"Steps 20, Guidance 7.5", to be stored."""


def split_list(text: str, decimal: str) -> list[str]:
    """The parts of a list as typed: parted by line breaks, semicolons, and commas that are no decimal comma.

    `decimal` is the locale's decimal sign. Where it is a comma, "7,5" is one number and "7,5, 8" two.
    """
    comma = r",(?=\s|$)" if decimal == "," else ","
    return [part.strip() for part in re.split(rf"[;\n]|{comma}", text) if part.strip()]


def parse_numbers(text: str, *, whole: bool, decimal: str) -> tuple[int | float, ...]:
    """Numbers from a list as typed. Raises BadInput that names the part which is none."""
    return tuple(_number(part, whole=whole, decimal=decimal) for part in split_list(text, decimal))


def number_range(start: float, end: float, step: float, *, whole: bool) -> tuple[int | float, ...]:
    """`start`, `start + step`, ... up to `end`, exactly in decimals, downwards where `end` is lower.

    Raises BadInput for a step of nothing, and for more than `MAX_VALUES` values.
    """
    try:
        first, last, by = (Decimal(repr(n)) for n in (start, end, abs(step)))
        if by == 0 or not all(n.is_finite() for n in (first, last, by)):
            raise BadInput(tr("The step must be more than zero."))
        count = int(abs(last - first) / by) + 1
        if count > MAX_VALUES:
            raise _too_many_values(count)
        way = by if last >= first else -by
        numbers = [first + n * way for n in range(count)]
    except InvalidOperation as error:
        raise BadInput(tr("These numbers are too large.")) from error
    low, high = min(first, last), max(first, last)  # the division above may have been rounded up
    return tuple(int(n) if whole else float(n) for n in numbers if low <= n <= high)


def random_seeds(count: int, start: int) -> tuple[int, ...]:
    """Seeds drawn from `start`: the same again for the same start, each only once."""
    return tuple(random.Random(start).sample(range(MAX_SEED + 1), min(count, MAX_VALUES)))


class Matrix:
    """Every combination of some axes over the values of a form; `count` of each, with different seeds."""

    def __init__(
        self, schema: JsonObject, values: Mapping[str, Any], axes: Sequence[Axis], seed: int, count: int = 1
    ) -> None:
        self._schema = schema
        self._fields = {field.name: field for field in fields_of(schema, stored)}
        self._values = dict(values)
        self.axes = tuple(axis for axis in axes if axis.values)
        self._seed = seed
        self._count = max(1, count)
        self._total: int | None = None

    @property
    def product(self) -> int:
        """How many combinations there are on paper."""
        total = self._count
        for axis in self.axes:
            total *= len(axis.values)
        return total

    @property
    def total(self) -> int:
        """How many jobs it gives: a field that does not matter for a combination is not varied there.

        Raises BadInput where there are more than `MAX_JOBS` on paper.
        """
        if self.product > MAX_JOBS:
            raise BadInput(
                tr("That would be too many results at once."), tr("Take fewer values, or fewer fields.")
            )
        if self._total is None:
            self._total = sum(1 for _ in self._places()) * self._count
        return self._total

    def check(self) -> dict[str, str]:
        """What is wrong with the values of an axis, by field. Every field has a rule of its own."""
        wrong: dict[str, str] = {}
        for axis in self.axes:
            spec = self._schema.get("properties", {}).get(axis.name)
            if spec is None:
                continue
            alone = {"$defs": self._schema.get("$defs", {}), "properties": {axis.name: spec}}
            for value, words in zip(axis.values, axis.labels, strict=True):
                try:
                    validate(alone, {axis.name: value})
                except InvalidParams as error:
                    problem = error.fields.get(axis.name, error.message)
                    wrong[axis.name] = tr("{value} {problem}", value=words, problem=problem)
                    break
        return wrong

    def __iter__(self) -> Iterator[Combination]:
        for place in self._places():
            yield from self._at(place)

    def first(self, count: int) -> list[Combination]:
        """At most so many, without a look at the rest."""
        found: list[Combination] = []
        for combination in self:
            found.append(combination)
            if len(found) >= count:
                break
        return found

    def _places(self) -> Iterator[tuple[int, ...]]:
        """One index for each axis; the last axis changes first."""
        properties = self._schema.get("properties", {})
        ruled = [
            axis.name != SEED and "when" in properties.get(axis.name, {}).get("x-ui", {})
            for axis in self.axes
        ]
        for place in _counting([len(axis.values) for axis in self.axes]):
            if any(ruled):
                values = self._merged(place)
                if any(
                    index and rule and not applies(properties[axis.name], values)
                    for index, rule, axis in zip(place, ruled, self.axes, strict=True)
                ):
                    continue
            yield place

    def _merged(self, place: tuple[int, ...]) -> JsonObject:
        changed = {axis.name: axis.values[i] for axis, i in zip(self.axes, place, strict=True)}
        changed.pop(SEED, None)
        return {**self._values, **changed}

    def _at(self, place: tuple[int, ...]) -> Iterator[Combination]:
        values = self._merged(place)
        properties = self._schema.get("properties", {})
        seed, words = self._seed, []
        for axis, index in zip(self.axes, place, strict=True):
            if axis.name == SEED:
                seed = axis.values[index]
                words.append(stored(mark("Seed {seed}"), seed=seed))
                continue
            if not applies(properties.get(axis.name, {}), values):
                continue
            words.append(self._title(axis, index))
        for number in range(self._count):
            again = [stored(mark("No. {number}"), number=number + 1)] if self._count > 1 else []
            parts = [*words, *again]
            title = stored_row(parts) if parts else ""
            yield Combination(values, (seed + number) % (MAX_SEED + 1), title)

    def _title(self, axis: Axis, index: int) -> str:
        """A field with its value, to be stored."""
        field, value = self._fields.get(axis.name), axis.values[index]
        if field is None:
            return stored(mark("{field} {value}"), field=axis.title, value=axis.labels[index])
        words = axis.labels[index]
        for choice in field.choices:
            if type(choice.value) is type(value) and choice.value == value:
                words = choice.label
        if isinstance(value, bool):
            words = stored(mark("On") if value else mark("Off"))
        return stored(mark("{field} {value}"), field=field.title, value=words)


def _counting(sizes: Sequence[int]) -> Iterator[tuple[int, ...]]:
    import itertools

    return itertools.product(*(range(size) for size in sizes))


def _number(text: str, *, whole: bool, decimal: str) -> int | float:
    plain = text.replace(" ", "").replace("\u00a0", "").replace("\u202f", "").replace("−", "-")
    if decimal == ",":
        plain = plain.replace(",", ".")
    try:
        value = Decimal(plain)
        if not value.is_finite() or (whole and value != int(value)) or abs(value) > Decimal("1e15"):
            raise InvalidOperation
    except (InvalidOperation, ValueError, OverflowError) as error:
        told = (
            tr("“{text}” is no whole number.", text=text)
            if whole
            else tr("“{text}” is no number.", text=text)
        )
        raise BadInput(told) from error
    return int(value) if whole else float(value)


def _too_many_values(count: int) -> BadInput:
    return BadInput(
        tr("That would be {count} values; at most {most} are possible.", count=count, most=MAX_VALUES)
    )
