"""A phone stand: a base, a leaning rest with a lip, and a rib behind."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from studio.api import mark
from studio_product.core.studies.study import Box, Load, LoadCase, Space, Study, Support
from studio_product.generators.families.family import Family, Parameter, Standing, Values

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from studio_product.core.studies.study import Material

WIDTH, DEPTH, HEIGHT = 110.0, 150.0, 150.0
"""Of the space, mm: x from left to right, y from front to back, z up."""
PHONE = 240.0
"""g, of a large phone."""
_PHONE_HEIGHT, _PHONE_THICKNESS = 160.0, 9.0
"""mm"""
PRESS = 15.0
"""N of a thumb on the phone's upper half."""
_FRONT = 12.0
"""From the space's front to the base, mm."""


class PhoneStand(Family):
    """A stand on which a phone leans: light and stiff, and it does not tip when you tap the screen."""

    name = "phone-stand"
    title = mark("Phone stand")
    material = "PLA, printed"
    parameters = (
        Parameter("width", mark("Width"), 40, 100, low=55, high=85),
        Parameter("base_depth", mark("Base depth"), 60, 130, low=75, high=120),
        Parameter("thickness", mark("Thickness"), 2.5, 10, low=3, high=7),
        Parameter("angle", mark("Angle of the phone"), 50, 80, "°", low=58, high=72),
        Parameter("rest_height", mark("Height of the rest"), 50, 130, low=70, high=115),
        Parameter("lip", mark("Height of the lip"), 6, 20, low=8, high=14),
        Parameter("rib", mark("Rib behind"), 0, 0.9, "", low=0.2, high=0.8),
        Parameter("rib_thickness", mark("Rib thickness"), 3, 16, low=4, high=10),
    )

    def distance(self, points: NDArray[np.float64], values: Values) -> NDArray[np.float64]:
        from studio_product.generators.families.sdf import box, plank, union

        wide, deep, thick = values["width"], values["base_depth"], values["thickness"]
        middle = WIDTH / 2
        foot, top = _rest(values)
        lip_y = foot[1] - _PHONE_THICKNESS - 3 - thick
        parts = [
            box(points, (middle, _FRONT + deep / 2, thick / 2), (wide, deep, thick), radius=1),
            plank(points, foot, top, (1, 0, 0), (wide, thick)),
            box(
                points,
                (middle, lip_y + thick / 2, (thick + values["lip"]) / 2),
                (wide, thick, thick + values["lip"]),
                radius=1,
            ),
        ]
        if values["rib"] > 0.05:
            share = values["rib"]
            thin = values["rib_thickness"] / 2  # so far the rib's end stays behind what the phone leans on
            x, y, z = (a + (b - a) * share for a, b in zip(foot, top, strict=True))
            high = (x, y + thin, z - thin / 4)
            back = (middle, _FRONT + deep - thick, thick / 2)
            parts.append(plank(points, back, high, (1, 0, 0), (wide * 0.35, values["rib_thickness"])))
        return union(parts, fillet=3.0)

    def study(self, values: Values, material: Material, load: float) -> Study:
        wide, deep, thick = values["width"], values["base_depth"], values["thickness"]
        middle = WIDTH / 2
        (_, y0, z0), (_, y1, z1) = _rest(values)
        weight = PHONE * 1e-3 * 9.80665 * load
        lip = Box(
            corner=(middle - wide / 2, y0 - _PHONE_THICKNESS - 3, 0),
            size=(wide, _PHONE_THICKNESS, thick),
        )
        upper = Box(
            corner=(middle - wide / 3, y0 + (y1 - y0) * 0.8, z0 + (z1 - z0) * 0.8),
            size=(wide / 1.5, (y1 - y0) * 0.2, (z1 - z0) * 0.2),
        )
        across = math.radians(values["angle"])
        lean = weight * math.cos(across)
        rests = Load(name="Phone", shape=lip, force=(0, 0, -weight))
        pressed = PRESS * load + lean
        return Study(
            name="Phone stand",
            space=Space(size=(WIDTH, DEPTH, HEIGHT)),
            material=material,
            supports=(
                Support(name="Table", shape=Box(corner=(middle - wide / 2, _FRONT, 0), size=(wide, deep, 0))),
            ),
            cases=(
                LoadCase(
                    name="Tap",
                    loads=(
                        rests,
                        Load(
                            name="Thumb",
                            shape=upper,
                            force=(0, pressed * math.sin(across), -pressed * math.cos(across)),
                        ),
                    ),
                ),
            ),
            notes="The base is held on the table; whether the stand tips is told by its stability instead.",
        )

    def standing(self, values: Values) -> Standing:
        wide, middle = values["width"] / 2, WIDTH / 2
        back = _FRONT + values["base_depth"]
        (_, y0, z0), _ = _rest(values)
        across = math.radians(values["angle"])
        half = _PHONE_HEIGHT / 2
        return Standing(
            feet=tuple((middle + s * wide, y) for s in (-1, 1) for y in (_FRONT, back)),
            payload=PHONE,
            payload_at=(middle, y0 - 6 + half * math.cos(across), z0 + half * math.sin(across)),
        )


Vector = tuple[float, float, float]


def _rest(values: Values) -> tuple[Vector, Vector]:
    """The middle line of what the phone leans on: its foot and its top."""
    across = math.radians(values["angle"])
    y, z = _FRONT + _PHONE_THICKNESS + 2.5 * values["thickness"] + 6, values["thickness"] / 2
    height = values["rest_height"]
    return (WIDTH / 2, y, z), (
        WIDTH / 2,
        y + height / math.tan(across),
        z + height,
    )
