"""Numbers of a part as data: computed once by whoever made it, kept in its file, read by everyone after."""

from __future__ import annotations

import math
from typing import Annotated, Literal

from msgspec import Meta, Struct

from studio.api.values import mark

CONCEPT = mark("Concept by linear elasticity, not a certification")
"""What stands beside every display of these numbers."""

Better = Literal["less", "more", "neither"]
MOST = 1e30
"""No number of a part is larger: sums and scales of them stay finite."""


class Figure(Struct, frozen=True, omit_defaults=True):
    """A value and how far off it may be."""

    value: Annotated[float, Meta(ge=-MOST, le=MOST)]
    error: Annotated[float, Meta(ge=0, le=MOST)] | None = None
    """Half of the error bar, in the same unit, at least 0; None where nothing is known of it."""
    case: str = ""
    """The load case that it belongs to; empty for what depends on none."""


class PartNumber(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One number about a part, over all load cases."""

    name: str
    """For programs: "compliance"."""
    title: str
    """For people; say `tr(title)` where it is shown."""
    unit: str = ""
    """"g", "N·mm", "MPa", …; empty for a ratio."""
    meaning: str = ""
    """What it is and how it was measured, in a sentence; say `tr(meaning)` where it is shown."""
    better: Better = "neither"
    """Which way a designer wants it, for comparing and for the non-dominated front."""
    worst: Figure
    """Of the worst case, or the part's own."""
    cases: tuple[Figure, ...] = ()
    """Of every load case, in the study's order; none for what depends on no case."""


class PartNumbers(Struct, frozen=True):
    """Everything that was measured on a part's final shape."""

    numbers: Annotated[tuple[PartNumber, ...], Meta(max_length=100)] = ()
    concept: str = CONCEPT

    def find(self, name: str) -> PartNumber | None:
        return next((number for number in self.numbers if number.name == name), None)


def figure_text(figure: Figure, unit: str = "") -> str:
    """As people write it: "4.30 ± 0.09 N·mm", "12.5 g", "0.0031 mm".

    The error has two significant digits and the value ends where the error does, after six digits at most;
    without an error it has four.
    """
    value, error = figure.value, figure.error or 0.0
    if error:
        decimals = min(_decimals(error, 2), _decimals(value, 6))
    else:
        decimals = _decimals(value, 4) if value else 0
    words = _plain(value, decimals)
    if round(error, decimals):
        words += f" ± {_plain(error, decimals)}"
    return f"{words} {unit}" if unit else words


def _decimals(value: float, digits: int) -> int:
    """How many places after the point leave so many significant digits; negative before the point."""
    return digits - 1 - math.floor(math.log10(abs(value))) if value else digits


def _plain(value: float, decimals: int) -> str:
    rounded = round(value, decimals)
    if rounded and (decimals > 9 or abs(rounded) >= 1e9):
        return f"{rounded:.3g}"
    return f"{rounded:.{max(decimals, 0)}f}"
