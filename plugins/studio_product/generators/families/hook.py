"""A wall hook: a plate with two screws and a bent, tapering arm."""

from __future__ import annotations

from typing import TYPE_CHECKING

from studio.api import mark
from studio_product.core.studies.study import Box, Cylinder, Load, LoadCase, Space, Study, Support
from studio_product.generators.families.family import Family, Parameter, Values

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from studio_product.core.studies.study import Material

WIDTH, REACH, HEIGHT = 60.0, 100.0, 140.0
"""Of the space, mm: x along the wall, y away from it, z up."""
FORCE = 80.0
"""N: a heavy winter coat and a bag."""
_HOLE = 4.5
_BEND_Z = 40.0
"""Height of the bend's center, mm."""


class WallHook(Family):
    """A hook for coats and bags: how wide it opens, how thick it is, and how far up it ends."""

    name = "hook"
    title = mark("Wall hook")
    material = "PETG, printed"
    parameters = (
        Parameter("plate_width", mark("Plate width"), 16, 60, low=22, high=40),
        Parameter("plate_height", mark("Plate height"), 50, 110, low=60, high=100),
        Parameter("plate_thickness", mark("Plate thickness"), 3, 12, low=4, high=8),
        Parameter("opening", mark("Opening"), 16, 50, low=22, high=36),
        Parameter("thickness", mark("Thickness"), 6, 20, low=8, high=15),
        Parameter("tip", mark("Tip above the bend"), 0, 50, low=5, high=30),
        Parameter("lean", mark("Lean of the tip"), 0, 30, "°", low=0, high=25),
        Parameter("gusset", mark("Rib on the plate"), 0, 1, "", low=0, high=1),
    )

    def distance(self, points: NDArray[np.float64], values: Values) -> NDArray[np.float64]:
        from studio_product.generators.families.sdf import arc, box, hole, plank, rod, union, without

        plate, thick, height = (values[name] for name in ("plate_thickness", "thickness", "plate_height"))
        center_y, bend = _bend(values)
        middle = WIDTH / 2
        top = _BEND_Z + height
        back = (middle, center_y - bend, _BEND_Z)
        arm = [
            rod(points, (middle, center_y - bend, _BEND_Z + height * 0.6), back, thick / 2),
            arc(points, (middle, center_y, _BEND_Z), bend, thick, 180, 360),
            rod(points, (middle, center_y + bend, _BEND_Z), _tip(values), thick / 2, thick * 0.4),
        ]
        rib = values["gusset"] * height * 0.35
        if rib > 1:
            low = (middle, center_y - bend, _BEND_Z + height * 0.6)
            high = (middle, plate, min(_BEND_Z + height * 0.6 + rib, top - 2))
            arm.append(plank(points, high, low, (1, 0, 0), (thick * 0.7, thick * 0.7)))
        wall = box(
            points,
            (middle, plate / 2, _BEND_Z + height / 2),
            (values["plate_width"], plate, height),
            radius=2,
        )
        whole = union([wall, union(arm)], fillet=4.0)
        for z in _screws(values):
            whole = without(whole, hole(points, (middle, -1, z), (middle, REACH, z), _HOLE / 2))
        return whole

    def study(self, values: Values, material: Material, load: float) -> Study:
        plate, thick = values["plate_thickness"], values["thickness"]
        center_y, bend = _bend(values)
        middle = WIDTH / 2
        hung = Box(
            corner=(middle - thick / 2, center_y - bend / 2, _BEND_Z - bend - thick / 4),
            size=(thick, bend, thick * 0.75),
        )
        return Study(
            name="Wall hook",
            space=Space(size=(WIDTH, REACH, HEIGHT + 20)),
            material=material,
            supports=(
                *(
                    Support(
                        name=f"{where} screw",
                        shape=Cylinder(start=(middle, 0, z), end=(middle, plate, z), radius=_HOLE),
                    )
                    for where, z in zip(("Lower", "Upper"), _screws(values), strict=True)
                ),
                Support(
                    name="Wall",
                    shape=Box(
                        corner=(middle - values["plate_width"] / 2, 0, _BEND_Z),
                        size=(values["plate_width"], 0, values["plate_height"] / 4),
                    ),
                    fixed=("y",),
                ),
            ),
            cases=(
                LoadCase(name="Coat", loads=(Load(name="Coat", shape=hung, force=(0, 0, -FORCE * load)),)),
            ),
        )


def _bend(values: Values) -> tuple[float, float]:
    """The bend's center (y) and the radius of its middle line, mm."""
    bend = (values["opening"] + values["thickness"]) / 2
    return values["plate_thickness"] + values["thickness"] / 2 + bend - 1, bend


def _tip(values: Values) -> tuple[float, float, float]:
    from math import radians, tan

    center_y, bend = _bend(values)
    up = max(values["tip"], 1.0)
    return WIDTH / 2, center_y + bend + up * tan(radians(values["lean"])), _BEND_Z + up


def _screws(values: Values) -> tuple[float, float]:
    """Heights of the two screws: below the rib and above it."""
    height = values["plate_height"]
    return _BEND_Z + height * 0.68, _BEND_Z + height - 8
