"""What a family of parametric products is.

A plugin adds one by subclassing `Family` and returning `generator_of(TheFamily)` from its
`register_generators`: the family then has a form, a search, numbers, a gallery and a plot like ours.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from studio_product.core.studies.study import Material, Study

Values = Mapping[str, float]
"""A value for each parameter, by name."""


@dataclass(frozen=True)
class Parameter:
    """A named measure of the product, and the range in which it makes sense."""

    name: str
    """For programs and the command line: "seat_height"."""
    title: str
    least: float
    most: float
    unit: str = "mm"
    low: float | None = None
    """Where the search begins unless the designer says otherwise; None: at `least`."""
    high: float | None = None

    @property
    def usual(self) -> tuple[float, float]:
        """What is searched unless the designer says otherwise."""
        return (
            self.least if self.low is None else self.low,
            self.most if self.high is None else self.high,
        )


@dataclass(frozen=True)
class Standing:
    """How a product stands on the floor (or table) z = 0, for its stability against tipping."""

    feet: tuple[tuple[float, float], ...]
    """Where it touches the floor: x and y, mm. What it stands on is their convex hull."""
    payload: float = 0.0
    """g that it carries."""
    payload_at: tuple[float, float, float] = (0.0, 0.0, 0.0)
    """Center of gravity of what it carries, mm."""


class Family:
    """A product whose shape follows from named parameters. The docstring's first line is its summary."""

    name: ClassVar[str]
    title: ClassVar[str]
    parameters: ClassVar[tuple[Parameter, ...]]
    material: ClassVar[str]
    """Of the library of materials; the designer may choose another."""

    def study(self, values: Values, material: Material, load: float) -> Study:
        """What these values must do: a box that holds every part of the shape, supports and load cases that
        lie in its material, all in mm and N. `load` multiplies the usual forces.
        """
        raise NotImplementedError

    def distance(self, points: NDArray[np.float64], values: Values) -> NDArray[np.float64]:
        """Signed distance to the surface, mm, negative inside, at points (..., 3) of the study's space.

        It may be a bound away from the surface; its zero is what counts.
        """
        raise NotImplementedError

    def standing(self, values: Values) -> Standing | None:
        """How it stands; None for what is fixed to something."""
        return None
