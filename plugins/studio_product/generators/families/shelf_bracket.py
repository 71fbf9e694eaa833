"""A shelf bracket: a wall plate with two screw holes, an arm, and a strut that may bow."""

from __future__ import annotations

from typing import TYPE_CHECKING

from studio.api import mark
from studio_product.core.studies.study import Box, Cylinder, Load, LoadCase, Space, Study, Support
from studio_product.generators.families.family import Family, Parameter, Values

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from studio_product.core.studies.study import Material

WIDTH, REACH, HEIGHT = 50.0, 260.0, 240.0
"""Of the space, mm: x along the wall, y away from it, z up."""
FORCE = 150.0
"""N that one bracket carries, spread over its arm."""
_HOLE = 5.0
"""Diameter of the screws, mm."""


class ShelfBracket(Family):
    """A bracket on a wall that carries a shelf: how far it reaches, how thick, and how the strut runs."""

    name = "bracket"
    title = mark("Shelf bracket")
    material = "PLA, printed"
    parameters = (
        Parameter("reach", mark("Reach"), 100, 250, low=190, high=210),
        Parameter("height", mark("Height"), 80, 230, low=120, high=200),
        Parameter("width", mark("Width"), 16, 50, low=24, high=36),
        Parameter("plate_thickness", mark("Plate thickness"), 3, 16, low=5, high=12),
        Parameter("arm_thickness", mark("Arm thickness"), 3, 20, low=5, high=14),
        Parameter("strut_thickness", mark("Strut thickness"), 4, 24, low=6, high=18),
        Parameter("strut_reach", mark("Strut meets the arm"), 0.4, 1, "", low=0.5, high=0.95),
        Parameter("strut_foot", mark("Strut meets the wall"), 0.5, 1, "", low=0.6, high=1),
        Parameter("bow", mark("Bow of the strut"), -0.2, 0.2, "", low=-0.15, high=0.15),
    )

    def distance(self, points: NDArray[np.float64], values: Values) -> NDArray[np.float64]:
        from studio_product.generators.families.sdf import box, hole, ribbon, union, without

        width, reach, height = values["width"], values["reach"], values["height"]
        plate, arm = values["plate_thickness"], values["arm_thickness"]
        middle = WIDTH / 2
        parts = [
            box(points, (middle, plate / 2, HEIGHT - height / 2), (width, plate, height), radius=1),
            box(points, (middle, reach / 2, HEIGHT - arm / 2), (width, reach, arm), radius=1),
        ]
        strut = ribbon(points, _strut(values), (width * 0.8, values["strut_thickness"]), radius=1)
        whole = union([*parts, strut], fillet=6.0)
        for z in _screws(values):
            whole = without(whole, hole(points, (middle, -1, z), (middle, plate + 40, z), _HOLE / 2))
        return whole

    def study(self, values: Values, material: Material, load: float) -> Study:
        plate, arm, reach, width = (
            values[name] for name in ("plate_thickness", "arm_thickness", "reach", "width")
        )
        middle = WIDTH / 2
        shelf = Box(corner=(middle - width / 2, plate, HEIGHT - arm), size=(width, reach - plate, arm))
        return Study(
            name="Shelf bracket",
            space=Space(size=(WIDTH, REACH, HEIGHT)),
            material=material,
            supports=(
                *(
                    Support(
                        name=f"{where} screw",
                        shape=Cylinder(start=(middle, 0, z), end=(middle, plate, z), radius=_HOLE),
                    )
                    for where, z in zip(("Upper", "Lower"), _screws(values), strict=True)
                ),
                Support(
                    name="Wall",
                    shape=Box(
                        corner=(middle - width / 2, 0, HEIGHT - values["height"]),
                        size=(width, 0, values["height"] / 4),
                    ),
                    fixed=("y",),
                ),
            ),
            cases=(
                LoadCase(name="Shelf", loads=(Load(name="Shelf", shape=shelf, force=(0, 0, -FORCE * load)),)),
            ),
            notes="The screws hold the plate; below, the wall holds against pressure.",
        )


def _screws(values: Values) -> tuple[float, float]:
    """Heights of the two screws: above the strut, where the plate can be reached, and near its lower end."""
    top, height = HEIGHT - values["arm_thickness"] - 12, values["height"]
    return top, HEIGHT - height * min(values["strut_foot"], 0.8) * 0.55


def _strut(values: Values) -> list[tuple[float, float, float]]:
    """Its middle line, bowed by a parabola: from the wall to the arm."""
    thick = values["strut_thickness"]
    y0, z0 = values["plate_thickness"] / 2, HEIGHT - values["height"] * values["strut_foot"] + thick / 2
    y1, z1 = values["reach"] * values["strut_reach"] - thick / 2, HEIGHT - values["arm_thickness"] / 2
    steps = 12
    line = []
    for n in range(steps + 1):
        t = n / steps
        out = 4 * t * (1 - t) * values["bow"]
        line.append((WIDTH / 2, y0 + (y1 - y0) * t + (z1 - z0) * out, z0 + (z1 - z0) * t - (y1 - y0) * out))
    return line
