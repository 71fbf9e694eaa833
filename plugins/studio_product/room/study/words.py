"""What is in a study, in words: sides, shapes, forces, and one line for each thing of the outline."""

from __future__ import annotations

import math
from collections.abc import Sequence

from PySide6.QtCore import QLocale

from studio.api.values import tr, trn
from studio_product.core.studies.catalog import SIDES, said
from studio_product.core.studies.study import (
    Axis,
    Box,
    Cylinder,
    Face,
    Load,
    LoadCase,
    Making,
    Material,
    Region,
    Shape,
    Side,
    Solid,
    Space,
    Sphere,
    Study,
    Support,
    Target,
)
from studio_product.room.study.places import Place, name_at, thing_at

_DIGITS = 6
"""Significant ones, of what is told and not edited."""


def plain(value: float) -> str:
    """A number with as many decimals as it has, six digits at most, as the user's region writes it."""
    decimals = max(0, _DIGITS - 1 - (math.floor(math.log10(abs(value))) if value else 0))
    place = QLocale()
    text = place.toString(float(value), "f", min(decimals, _DIGITS))
    point = place.decimalPoint()
    return text.rstrip("0").removesuffix(point) if point in text else text


def side_words(side: Side, dimensions: int) -> str:
    return tr(side_name(side, dimensions))


def side_name(side: Side, dimensions: int) -> str:
    """In English, as a study keeps it."""
    left, right, front, back, bottom, top = SIDES
    if dimensions == 2:
        return {"x-": left, "x+": right, "y-": bottom, "y+": top}.get(side, side)
    return {"x-": left, "x+": right, "y-": front, "y+": back, "z-": bottom, "z+": top}[side]


def sides_of(dimensions: int) -> tuple[Side, ...]:
    return ("x-", "x+", "y-", "y+") if dimensions == 2 else ("x-", "x+", "y-", "y+", "z-", "z+")


def axes_of(dimensions: int) -> tuple[Axis, ...]:
    return ("x", "y") if dimensions == 2 else ("x", "y", "z")


def axes_words(axes: Sequence[Axis]) -> str:
    return ", ".join(axis.upper() for axis in axes)


def shape_words(shape: Shape, dimensions: int) -> str:
    match shape:
        case Face():
            return tr("{side} face", side=side_words(shape.side, dimensions))
        case Box():
            size = " × ".join(plain(length) for length in shape.size[:dimensions])
            return tr("Box, {size} mm", size=size)
        case Cylinder() if dimensions == 2:
            return tr("Circle, ⌀ {size} mm", size=plain(2 * shape.radius))
        case Cylinder():
            return tr("Cylinder, ⌀ {size} mm", size=plain(2 * shape.radius))
        case Sphere() if dimensions == 2:
            return tr("Circle, ⌀ {size} mm", size=plain(2 * shape.radius))
        case Sphere():
            return tr("Sphere, ⌀ {size} mm", size=plain(2 * shape.radius))
        case Solid():
            return tr("Shape from a file")


def force_words(vector: Sequence[float], unit: str, dimensions: int) -> str:
    """Its length, and where to if it is along an axis: "500 N down"."""
    length = math.hypot(*vector)
    amount = f"{plain(length)} {unit}"
    along = [number for number, value in enumerate(vector) if abs(value) > 1e-9 * length]
    if len(along) != 1:
        return amount
    is_back = vector[along[0]] < 0
    ways = [(tr("to the right"), tr("to the left")), (tr("to the back"), tr("to the front"))]
    ways.insert(2 if dimensions == 3 else 1, (tr("up"), tr("down")))
    return tr("{force} {way}", force=amount, way=ways[along[0]][is_back])


def load_words(load: Load, dimensions: int) -> str:
    parts = []
    if any(load.force):
        parts.append(force_words(load.force, "N", dimensions))
    if any(load.moment):
        parts.append(tr("{moment} N·mm turning", moment=plain(math.hypot(*load.moment))))
    return ", ".join(parts) or tr("No force yet")


def title_at(study: Study, place: Place) -> str:
    """What the outline calls it."""
    match place.kind:
        case "space":
            return tr("Design space")
        case "material":
            return tr("Material")
        case "supports":
            return tr("Supports")
        case "cases":
            return tr("Load cases")
        case "keep-in":
            return tr("Keep in")
        case "keep-out":
            return tr("Keep out")
        case "target":
            return tr("How much material")
        case "making":
            return tr("How it is made")
        case "method":
            return tr("Method")
    return said(name_at(study, place))


def words_at(study: Study, place: Place) -> str:
    """What it is, in a few words."""
    thing = thing_at(study, place)
    match place.kind, thing:
        case "study", _:
            return tr("Plate (2D)") if study.dimensions == 2 else tr("Solid (3D)")
        case "supports", _:
            return "" if study.supports else tr("None yet")
        case "cases", _:
            return "" if study.cases else tr("None yet")
        case (("keep-in" | "keep-out"), _):
            return ""
        case _, Space():
            return tr("{size} mm", size=" × ".join(map(plain, thing.size)))
        case _, Material():
            return said(thing.name)
        case _, Support():
            axes = [axis for axis in axes_of(study.dimensions) if axis in thing.fixed]
            held = tr("{axes} held", axes=axes_words(axes)) if axes else tr("holds nothing")
            return f"{shape_words(thing.shape, study.dimensions)} · {held}"
        case _, Region():
            return shape_words(thing.shape, study.dimensions)
        case _, Load():
            return load_words(thing, study.dimensions)
        case _, LoadCase():
            return _case_words(thing)
        case _, Target():
            return _target_words(thing)
        case _, Making():
            return _making_words(thing, study.dimensions)
    return ""


def summary(study: Study) -> str:
    """A study in a line, for the form."""
    loads = sum(len(case.loads) for case in study.cases)
    parts = [
        said(study.material.name),
        trn("{count} support", "{count} supports", len(study.supports)),
        trn("{count} load", "{count} loads", loads),
        _target_words(study.target),
    ]
    return " · ".join(parts)


def _case_words(case: LoadCase) -> str:
    loads = trn("{count} load", "{count} loads", len(case.loads))
    return tr("{loads}, and its own weight", loads=loads) if any(case.gravity) else loads


def _target_words(target: Target) -> str:
    if target.mass is not None:
        return tr("{mass} g", mass=plain(target.mass))
    return tr("{share} % of the space", share=plain(100 * (target.volume or 0.0)))


def _making_words(making: Making, dimensions: int) -> str:
    parts = []
    if making.minimum_member:
        parts.append(tr("members from {size} mm", size=plain(making.minimum_member)))
    if making.symmetry:
        parts.append(tr("mirrored in {axes}", axes=axes_words(making.symmetry)))
    if making.extrusion:
        parts.append(tr("the same along {axis}", axis=making.extrusion.upper()))
    if making.build:
        parts.append(tr("printed, {side} side up", side=side_words(making.build, dimensions)))
    text = ", ".join(parts) or tr("Any way")
    return text[0].upper() + text[1:]
