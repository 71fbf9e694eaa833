"""A chair: seat, four splayed legs with stretchers, two posts and slats."""

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

WIDTH, DEPTH, HEIGHT = 640.0, 640.0, 940.0
"""Of the space, mm: x from left to right, y from front to back."""
SITTING, LEANING = 1300.0, 450.0
"""N on the seat and on the back, as static tests of domestic chairs use them (EN 1728:2012)."""
_RAKE = math.radians(10)
"""How far the back leans."""
_INSET = 30.0
"""From the seat's edge to the legs, mm."""


class Chair(Family):
    """A chair that carries a person who leans back: as light, stiff and stable as you choose."""

    name = "chair"
    title = mark("Chair")
    material = "White oak, along the grain"
    parameters = (
        Parameter("seat_height", mark("Seat height"), 350, 500, low=430, high=460),
        Parameter("seat_width", mark("Seat width"), 360, 480, low=400, high=440),
        Parameter("seat_depth", mark("Seat depth"), 360, 460, low=380, high=420),
        Parameter("seat_thickness", mark("Seat thickness"), 14, 45, low=18, high=35),
        Parameter("back_height", mark("Back above the seat"), 250, 400, low=320, high=390),
        Parameter("leg_diameter", mark("Leg diameter"), 20, 60, low=26, high=46),
        Parameter("leg_splay", mark("Leg splay"), 0, 12, "°", low=0, high=9),
        Parameter("stretcher_diameter", mark("Stretcher diameter"), 10, 40, low=14, high=28),
        Parameter("stretcher_height", mark("Stretcher height"), 0.15, 0.7, "", low=0.25, high=0.55),
        Parameter("slats", mark("Slats in the back"), 1, 6, "", low=2, high=4),
    )

    def distance(self, points: NDArray[np.float64], values: Values) -> NDArray[np.float64]:
        from studio_product.generators.families.sdf import box, plank, rod, union

        seat, wide, deep = values["seat_height"], values["seat_width"], values["seat_depth"]
        thick, leg = values["seat_thickness"], values["leg_diameter"] / 2
        center = (WIDTH / 2, DEPTH / 2, seat - thick / 2)
        parts = [box(points, center, (wide, deep, thick), radius=min(thick / 3, 10))]
        feet, tops = _feet(values), _tops(values)
        for foot, top in zip(feet, tops, strict=True):
            beyond = tuple(f - (t - f) * leg / seat for f, t in zip(foot, top, strict=True))
            parts.append(rod(points, beyond, top, leg * 0.8, leg))
        share = values["stretcher_height"]
        ring = [_between(foot, top, share) for foot, top in zip(feet, tops, strict=True)]
        stretcher = values["stretcher_diameter"] / 2
        parts += [rod(points, ring[0], ring[2], stretcher), rod(points, ring[1], ring[3], stretcher)]
        left, right = _between(ring[0], ring[2], 0.5), _between(ring[1], ring[3], 0.5)
        parts.append(rod(points, left, right, stretcher))
        posts = _posts(values)
        parts += [rod(points, *post, leg, leg * 0.7) for post in posts]
        for share, height in _slats(values):
            ends = _between(*posts[0], share), _between(*posts[1], share)
            up = (0.0, math.sin(_RAKE), math.cos(_RAKE))
            parts.append(plank(points, *ends, up, (height, max(leg * 0.7, 12.0))))
        return union(parts, fillet=12.0)

    def study(self, values: Values, material: Material, load: float) -> Study:
        wide, deep, thick = values["seat_width"], values["seat_depth"], values["seat_thickness"]
        sat_on = Box(
            corner=(WIDTH / 2 - wide / 4, DEPTH / 2 - deep / 4, values["seat_height"] - thick),
            size=(wide / 2, deep / 2, thick),
        )
        top = _slats(values)[-1]
        left, right = (_between(*post, top[0]) for post in _posts(values))
        inner = (right[0] - left[0]) / 2
        leaned_on = Box(
            corner=(left[0] + inner / 2, left[1] - 6, left[2] - top[1] / 3), size=(inner, 12, top[1] / 1.5)
        )
        sitting = Load(name="Sitting", shape=sat_on, force=(0, 0, -SITTING * load))
        leaning = Load(name="Leaning back", shape=leaned_on, force=(0, LEANING * load, 0))
        leg = values["leg_diameter"] * 0.8
        return Study(
            name="Chair",
            space=Space(size=(WIDTH, DEPTH, HEIGHT)),
            material=material,
            supports=tuple(
                Support(
                    name=f"{side} foot", shape=Box(corner=(x - leg / 2, y - leg / 2, 0), size=(leg, leg, 0))
                )
                for side, (x, y, _) in zip(
                    ("Front left", "Front right", "Back left", "Back right"), _feet(values), strict=True
                )
            ),
            cases=(
                LoadCase(name="Sitting", loads=(sitting,)),
                LoadCase(name="Leaning back", loads=(sitting, leaning)),
            ),
            notes="Static loads as in tests of domestic chairs (EN 1728:2012): 1300 N on the seat, 450 N on "
            "the back. The feet are held: on a smooth floor they would slide a little.",
        )

    def standing(self, values: Values) -> Standing:
        return Standing(feet=tuple((x, y) for x, y, _ in _feet(values)))


Vector = tuple[float, float, float]


def _between(start: Vector, end: Vector, share: float) -> Vector:
    x, y, z = (a + (b - a) * share for a, b in zip(start, end, strict=True))
    return x, y, z


def _tops(values: Values) -> list[Vector]:
    """Where the legs meet the seat: front left, front right, back left, back right."""
    x, y = values["seat_width"] / 2 - _INSET, values["seat_depth"] / 2 - _INSET
    z = values["seat_height"] - values["seat_thickness"] / 2
    return [(WIDTH / 2 + sx * x, DEPTH / 2 + sy * y, z) for sy in (-1, 1) for sx in (-1, 1)]


def _feet(values: Values) -> list[Vector]:
    out = math.tan(math.radians(values["leg_splay"])) * values["seat_height"] / math.sqrt(2)
    signs = [(sx, sy) for sy in (-1, 1) for sx in (-1, 1)]
    return [
        (x + sx * out, y + sy * out, 0.0) for (sx, sy), (x, y, _) in zip(signs, _tops(values), strict=True)
    ]


def _posts(values: Values) -> tuple[tuple[Vector, Vector], tuple[Vector, Vector]]:
    """Of the back: from the seat's rear corners up, leaning back."""
    reach = values["back_height"] * math.tan(_RAKE)
    left, right = (((x, y, z), (x, y + reach, z + values["back_height"])) for x, y, z in _tops(values)[2:])
    return left, right


def _slats(values: Values) -> list[tuple[float, float]]:
    """Of each, from the lowest up: where on the posts it is (0 to 1), and its height, mm."""
    count = round(values["slats"])
    height = values["back_height"] / (2.4 * count)
    return [(0.4 + 0.54 * (n + 1) / count - 0.08 / count, height) for n in range(count)]
