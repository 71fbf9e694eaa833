"""How a part is looked at: what colors it, how far it is bent, where it is cut. No widget."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from studio_product.core.mesh import Mesh
from studio_product.core.part_numbers import PartNumbers
from studio_product.core.studies.study import Study
from studio_product.core.view.body import Body
from studio_product.core.view.colormap import colors
from studio_product.core.view.render import Color, Layer, Section
from studio_product.room.part.overlay import Bounds, bounds_of
from studio_product.room.part.scale import step_down

BENT = 0.1
"""Of the part's diagonal: how far the slider of deformation moves the farthest point in its middle."""
AXES = "xyz"
_USUAL = 99.5
"""Percent of the vertices that are no peak."""
_PEAK = 1.25
"""A greatest value that is higher than the others by this factor is one."""


class Coloring(StrEnum):
    NOTHING = "nothing"
    STRESS = "stress"
    DISPLACEMENT = "displacement"


class Case(Struct, frozen=True):
    """What one load case does to a part, at the vertices of its mesh."""

    name: str
    stress: NDArray[np.float32]
    """(vertices,): von Mises, MPa."""
    displacement: NDArray[np.float32]
    """(vertices, 3), mm."""


class Solid(Struct, frozen=True):
    """A part as it was read, ready to be drawn."""

    mesh: Mesh
    body: Body
    cases: tuple[Case, ...] = ()
    numbers: PartNumbers = PartNumbers()
    study: Study | None = None

    @property
    def bounds(self) -> Bounds:
        found = bounds_of([self.mesh.vertices])
        assert found is not None
        return found

    @property
    def size(self) -> int:
        """Bytes of its largest arrays."""
        arrays: list[NDArray[Any]] = [
            self.mesh.vertices,
            self.mesh.faces,
            self.body.vertices,
            self.body.normals,
            self.body.faces,
        ]
        for case in self.cases:
            arrays += [case.stress, case.displacement]
        return sum(array.nbytes for array in arrays)

    @property
    def dimensions(self) -> int:
        return self.study.dimensions if self.study is not None else 3


class Looking(Struct, frozen=True):
    coloring: Coloring = Coloring.NOTHING
    case: int = 0
    bending: float = 0.0
    """0: as it was made; 1: as far as `exaggeration` says."""
    axis: str = ""
    """Along which it is cut; "" leaves it whole."""
    cut: float = 0.5
    """Where, of its length along that axis."""
    from_below: bool = False
    """What lies below the cut is taken away, not what lies above."""


class Legend(Struct, frozen=True):
    title: Coloring
    low: float
    high: float
    """What is above has the same color."""
    most: float
    """The greatest value that there is."""
    unit: str


def exaggeration(solid: Solid, case: int) -> float:
    """A round factor at which the farthest point of the part moves by about `BENT` of its diagonal."""
    farthest = float(np.linalg.norm(solid.cases[case].displacement, axis=1).max(initial=0.0))
    if farthest <= 0:
        return 1.0
    low, high = solid.bounds
    return step_down(float(np.linalg.norm(high - low)) * BENT / farthest)


def values_of(solid: Solid, looking: Looking) -> NDArray[np.float32] | None:
    """(vertices,) that color the part; None where nothing does."""
    if looking.coloring is Coloring.NOTHING or not solid.cases:
        return None
    case = solid.cases[looking.case]
    if looking.coloring is Coloring.STRESS:
        return case.stress
    return np.linalg.norm(case.displacement, axis=1).astype(np.float32)


def legend_of(solid: Solid, looking: Looking) -> Legend | None:
    """From 0 to the greatest value, but for a few peaks: at the edge of a support the stress grows without a
    bound as cells get finer, and would take all colors for itself."""
    values = values_of(solid, looking)
    if values is None:
        return None
    unit = "MPa" if looking.coloring is Coloring.STRESS else "mm"
    most = float(values.max(initial=0.0))
    usual = float(np.percentile(values, _USUAL)) if len(values) else 0.0
    high = usual if most > usual * _PEAK and usual > 0 else most
    return Legend(looking.coloring, 0.0, high if high > 0 else 1.0, most, unit)


def layer_of(solid: Solid, looking: Looking, clay: Color, legend: Legend | None = None) -> Layer:
    """The part as it looks. `legend` is what several parts that are compared share."""
    body = solid.body
    if looking.bending > 0 and solid.cases:
        case = solid.cases[looking.case]
        factor = looking.bending * exaggeration(solid, looking.case)
        body = body.moved(solid.mesh.vertices + factor * case.displacement)
    values = values_of(solid, looking)
    legend = legend or legend_of(solid, looking)
    if values is None or legend is None:
        return Layer(body, clay)
    return Layer(body, colors(values, legend.low, legend.high))


def section_of(solid: Solid, looking: Looking) -> Section | None:
    if not looking.axis:
        return None
    number = AXES.index(looking.axis)
    low, high = solid.bounds
    point = (low + high) / 2
    point[number] = low[number] + looking.cut * (high[number] - low[number])
    normal = np.zeros(3)
    normal[number] = -1.0 if looking.from_below else 1.0
    return Section(tuple(map(float, point)), tuple(map(float, normal)))  # type: ignore[arg-type]


def cut_at(solid: Solid, looking: Looking) -> float:
    """mm along the axis of the section."""
    number = AXES.index(looking.axis)
    low, high = solid.bounds
    return float(low[number] + looking.cut * (high[number] - low[number]))
