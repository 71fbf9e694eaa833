"""What is compared of a variant: its item and its numbers. No widget."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec import Struct

from studio.api.values import tr
from studio.ui.api import Item
from studio_product.core.part_numbers import Better, Figure, PartNumber, PartNumbers

NOTHING = PartNumbers()


class Variant(Struct, frozen=True):
    item: Item
    number: int
    """From 1, in the order in which they were given: what the grid, the chart and the table call it."""
    numbers: PartNumbers = NOTHING

    def figure(self, name: str) -> Figure | None:
        """Of the worst case, or the part's own; None where it was not measured."""
        found = self.numbers.find(name)
        return found.worst if found is not None else None


class Quantity(Struct, frozen=True):
    """A number that variants are compared by."""

    name: str
    title: str
    """In the current language."""
    unit: str
    better: Better

    @property
    def heading(self) -> str:
        return tr("{title} ({unit})", title=self.title, unit=self.unit) if self.unit else self.title

    @property
    def aim(self) -> str:
        """The heading, and which way is better."""
        if self.better == "less":
            return tr("{heading} – less is better", heading=self.heading)
        if self.better == "more":
            return tr("{heading} – more is better", heading=self.heading)
        return self.heading


def quantities(variants: Iterable[Variant]) -> list[Quantity]:
    """Every number that one of them has, in the order in which they come."""
    found: dict[str, PartNumber] = {}
    for variant in variants:
        for number in variant.numbers.numbers:
            found.setdefault(number.name, number)
    return [Quantity(one.name, tr(one.title), one.unit, one.better) for one in found.values()]


def spread(variants: Iterable[Variant], of: Quantity) -> float:
    """How far apart the values are, of the largest; 0 where there are none."""
    values = [figure.value for one in variants if (figure := one.figure(of.name)) is not None]
    size = max(map(abs, values), default=0.0)
    return (max(values) - min(values)) / size if size else 0.0


def ordered(variants: Sequence[Variant], by: Quantity | None, *, reverse: bool = False) -> list[Variant]:
    """The best first, or the least where nobody knows what is better; what has no such number comes last."""
    if by is None:
        return sorted(variants, key=lambda one: one.number, reverse=reverse)
    known = [(figure.value, one) for one in variants if (figure := one.figure(by.name)) is not None]
    downwards = (by.better == "more") != reverse
    known.sort(key=lambda pair: (-pair[0] if downwards else pair[0], pair[1].number))
    rest = [one for one in variants if one.figure(by.name) is None]
    return [one for _, one in known] + rest


def best(variants: Iterable[Variant], by: Quantity) -> float | None:
    """The best value of all; None where nobody knows what is better."""
    values = [figure.value for one in variants if (figure := one.figure(by.name)) is not None]
    if not values or by.better == "neither":
        return None
    return max(values) if by.better == "more" else min(values)
