"""A study: what a part must do, as data. The window edits it, generators work from it, files hold it.

Lengths are mm, forces N, moments N*mm, stresses and moduli MPa (N/mm^2), densities g/cm^3, masses g. Axes are
right-handed; z is up in three dimensions, y in two, where the third size is the plate's thickness. The space
begins at the origin.
"""

from __future__ import annotations

import functools
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Struct

Number = Annotated[float, Meta(ge=-1e12, le=1e12)]
Point = tuple[Number, Number, Number]
Coordinate = Annotated[float, Meta(ge=-1e9, le=1e9)]
Place = tuple[Coordinate, Coordinate, Coordinate]
Axis = Literal["x", "y", "z"]
Side = Literal["x-", "x+", "y-", "y+", "z-", "z+"]
Positive = Annotated[float, Meta(ge=1e-9, le=1e12)]
Size = Annotated[float, Meta(ge=1e-4, le=1e9)]
"""mm: finer ones, or such of planets, are lost to rounding."""
Cells = Annotated[int, Meta(ge=1, le=10_000)]
Fraction = Annotated[float, Meta(gt=0, le=1)]
Length = Annotated[float, Meta(ge=0, le=1e9)]
Name = Annotated[str, Meta(min_length=1, max_length=80)]
FileName = Annotated[str, Meta(min_length=1, max_length=255)]


class Value(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """Base of all parts of a study: immutable, and no key is read that it does not know."""


class Box(Value, frozen=True, kw_only=True, tag_field="type", tag="box"):
    """From its least corner. A size of 0 makes it a plate, a line or a point, for supports and loads. In two
    dimensions its third corner and size are not looked at."""

    corner: Place
    size: tuple[Length, Length, Length]


class Cylinder(Value, frozen=True, kw_only=True, tag_field="type", tag="cylinder"):
    """Between two points on its axis. In two dimensions its axis is z: a circle about its start."""

    start: Place
    end: Place
    radius: Size


class Sphere(Value, frozen=True, kw_only=True, tag_field="type", tag="sphere"):
    center: Place
    radius: Size


class Face(Value, frozen=True, kw_only=True, tag_field="type", tag="face"):
    """A whole side of the space."""

    side: Side


class Solid(Value, frozen=True, kw_only=True, tag_field="type", tag="mesh"):
    """A closed shape from a file, scaled about its own origin and then moved by `offset` mm."""

    file: FileName
    """In a study's file: a path relative to it. In a recipe: the name of the generator's input."""
    scale: Annotated[float, Meta(ge=1e-6, le=1e6)] = 1.0
    offset: Place = (0.0, 0.0, 0.0)


Shape = Box | Cylinder | Sphere | Face | Solid


class Region(Value, frozen=True, kw_only=True):
    """Where material must be ("keep-in") or must not be ("keep-out"). A keep-out wins over a keep-in."""

    name: Name
    role: Literal["keep-in", "keep-out"]
    shape: Shape


class Support(Value, frozen=True, kw_only=True):
    """Holds every node in its shape along the given axes."""

    name: Name
    shape: Shape
    fixed: Annotated[tuple[Axis, ...], Meta(min_length=1, max_length=3)] = ("x", "y", "z")
    keep: bool = False
    """As a load's."""


class Load(Value, frozen=True, kw_only=True):
    """A force and a moment (about the center of the loaded nodes) on all nodes in its shape together."""

    name: Name
    shape: Shape
    force: Point = (0.0, 0.0, 0.0)
    moment: Point = (0.0, 0.0, 0.0)
    spread: Literal["area", "nodes"] = "area"
    """The force on each node in proportion to the area (volume, length) it stands for, or equal on all."""
    keep: bool = True
    """The cells under it stay full, so that it never acts on nothing: one layer under a face, all in a body.
    Under a point or a line, and where it is spread over nodes, nothing is kept in any case."""


class LoadCase(Value, frozen=True, kw_only=True):
    """Loads that act together. Cases never act at the same time."""

    name: Name
    loads: Annotated[tuple[Load, ...], Meta(max_length=100)] = ()
    weight: Positive = 1.0
    """Of its compliance in what is minimized."""
    gravity: Point = (0.0, 0.0, 0.0)
    """Self-weight: acceleration in units of g (9.80665 m/s^2)."""


class Material(Value, frozen=True, kw_only=True):
    name: Name
    youngs_modulus: Positive
    """MPa."""
    poissons_ratio: Annotated[float, Meta(ge=0, lt=0.5)]
    density: Positive
    """g/cm^3."""
    yield_strength: Positive
    """MPa."""
    source: Annotated[str, Meta(max_length=1000)] = ""
    """Where the numbers are from."""


class Target(Value, frozen=True, kw_only=True):
    """How much material: of the space that may be filled, or in grams. Exactly one is given."""

    volume: Fraction | None = None
    mass: Positive | None = None


class Making(Value, frozen=True, kw_only=True):
    """How it is made."""

    minimum_member: Length = 0.0
    """mm; 0 lets the grid decide."""
    symmetry: Annotated[tuple[Axis, ...], Meta(max_length=3)] = ()
    """Axes along which the space's halves mirror each other."""
    extrusion: Axis | None = None
    """The cross-section is the same all along it."""
    build: Side | None = None
    """Where up is while it is printed: what hangs over by more than 45 degrees is avoided."""


class Method(Value, frozen=True, kw_only=True):
    """Numbers of the optimization that only those change who know them. See Bendsoe and Sigmund 2003."""

    filter: Literal["sensitivity", "density"] = "density"
    radius: Size | None = None
    """Of the filter, mm; None follows from the minimum member."""
    projection: bool = True
    """Heaviside projection with continuation, for crisp edges and the minimum member."""
    penalty: Annotated[float, Meta(ge=1, le=8)] = 3.0
    void_stiffness: Annotated[float, Meta(gt=0, le=1e-2)] = 1e-9
    """Of an empty cell that may be filled, relative to a full one."""
    move: Annotated[float, Meta(gt=0, le=1)] = 0.2
    change: Annotated[float, Meta(ge=0, lt=1)] = 0.01
    """It stops where no density changes by more."""
    iterations: Annotated[int, Meta(ge=1, le=5000)] | None = None
    """At most; None leaves it to the quality."""


class Space(Value, frozen=True, kw_only=True):
    """The box in which everything lies, and optionally the shape in it that may be filled."""

    size: tuple[Size, Size, Size]
    """mm. In two dimensions the third is the thickness."""
    shape: Solid | None = None
    cells: Annotated[tuple[Cells, ...], Meta(min_length=2, max_length=3)] | None = None
    """How many cells along each axis; None leaves it to the quality."""


class Study(Value, frozen=True, kw_only=True):
    """Everything that a part must do. `study_from_json` checks what types cannot."""

    studio_study: Literal[1] = 1
    """The format's version."""
    name: Name
    dimensions: Literal[2, 3] = 3
    space: Space
    material: Material
    supports: Annotated[tuple[Support, ...], Meta(max_length=100)] = ()
    cases: Annotated[tuple[LoadCase, ...], Meta(max_length=20)] = ()
    regions: Annotated[tuple[Region, ...], Meta(max_length=300)] = ()
    target: Target = Target(volume=0.3)
    making: Making = Making()
    method: Method = Method()
    notes: Annotated[str, Meta(max_length=20_000)] = ""


def to_json(study: Study) -> bytes:
    """As a file holds it: UTF-8, two spaces of indentation, whole numbers without a point; what is at its
    default is left out, but the version is there. Equal studies give equal bytes."""
    return msgspec.json.format(msgspec.json.encode({"studio_study": 1, **_plain(study)}), indent=2) + b"\n"


@functools.cache
def _defaults(kind: type[Struct]) -> list[tuple[str, Any]]:
    """Names and defaults of its fields. msgspec looks them up in the annotations each time."""
    return [(field.name, field.default) for field in msgspec.structs.fields(kind)]


def _plain(value: Any) -> Any:
    """As JSON has it. msgspec alone leaves out a default only where it is the very same object."""
    match value:
        case Struct():
            tag = value.__struct_config__
            named = {tag.tag_field: tag.tag} if tag.tag_field else {}
            told = {name: getattr(value, name) for name, default in _defaults(type(value))
                    if getattr(value, name) != default}  # fmt: skip
            return named | {name: _plain(inner) for name, inner in told.items()}
        case list() | tuple():
            return [_plain(inner) for inner in value]
        case float() if value.is_integer() and abs(value) < 1e15:
            return int(value)
        case _:
            return value
