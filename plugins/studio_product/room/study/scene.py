"""A study as it is seen: bodies, lines and names, each with the place in the study that it stands for."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray
from PySide6.QtGui import QColor, QPalette

from studio_product.core.studies.catalog import said
from studio_product.core.studies.study import Box, Face, Load, Region, Shape, Solid, Study, Support
from studio_product.core.view.body import Body, body_of
from studio_product.core.view.render import Color, Layer, Lines
from studio_product.room.part import in_space
from studio_product.room.study import shapes
from studio_product.room.study.places import Place, places_of, thing_at
from studio_product.room.study.words import load_words

if TYPE_CHECKING:
    from studio_product.core.mesh import Mesh

_ARROW = 0.24
"""Of the space's diagonal: how long the largest force is drawn."""
_SHORTEST = 0.45
"""Of that: how long the smallest is."""
_SHAFT = 0.007
_HATCH = 0.03
_MOST_BODIES = 256


class Label(Struct, frozen=True):
    """A name in the view, beside a point (mm)."""

    place: Place
    text: str
    point: tuple[float, float, float]
    color: QColor
    strong: bool


class Scene(Struct, frozen=True):
    layers: tuple[Layer, ...]
    places: tuple[Place, ...]
    """What each layer stands for."""
    lines: tuple[Lines, ...]
    labels: tuple[Label, ...]

    def place_of(self, body: Body) -> Place | None:
        """What a body stands for; None for one that is no longer there."""
        pairs = zip(self.layers, self.places, strict=True)
        return next((place for layer, place in pairs if layer.body is body), None)


class Shown(Struct, frozen=True):
    """A body with its least and greatest corner, and the mesh of the file that it is of."""

    body: Body
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    file: Mesh | None

    @property
    def middle(self) -> NDArray[np.float64]:
        return (self.low + self.high) / 2


class SceneMaker:
    """Keeps the bodies that it has made: a study changes one thing at a time."""

    def __init__(self) -> None:
        self._solids: dict[tuple[object, ...], Shown] = {}

    def scene(
        self, study: Study, meshes: Mapping[str, Mesh], chosen: Place, palette: QPalette, *, case: int = 0
    ) -> Scene:
        """`chosen` stands out; of the load cases, `case` is drawn."""
        made = _Making(self, study, meshes, chosen, palette)
        made.space()
        for place in places_of(study):
            thing = thing_at(study, place)
            match thing:
                case Support():
                    made.support(place, thing)
                case Region():
                    made.region(place, thing)
                case Load() if place.case == case:
                    made.load(place, thing, made.largest(case))
        if case < len(study.cases):
            made.weight(Place("case", case), study.cases[case].gravity)
        return Scene(tuple(made.layers), tuple(made.places), tuple(made.lines), tuple(made.labels))

    def shown(self, key: tuple[object, ...], make: Callable[[], Mesh], file: Mesh | None = None) -> Shown:
        """`file` is the mesh that it is made from, which is part of the key too."""
        if (*key, id(file)) not in self._solids:
            if len(self._solids) >= _MOST_BODIES:
                self._solids.clear()
            mesh = make()
            self._solids[*key, id(file)] = Shown(body_of(mesh), *mesh.bounds, file)
        return self._solids[*key, id(file)]


class _Making:
    """One scene while it is made."""

    def __init__(
        self, maker: SceneMaker, study: Study, meshes: Mapping[str, Mesh], chosen: Place, palette: QPalette
    ) -> None:
        self._maker, self._study, self._meshes = maker, study, meshes
        self._chosen, self._palette = chosen, palette
        self._diagonal = shapes.diagonal(study.space)
        self.layers: list[Layer] = []
        self.places: list[Place] = []
        self.lines: list[Lines] = []
        self.labels: list[Label] = []

    def space(self) -> None:
        """See-through, so that all that is in it is seen. It is not picked: what is in it comes first."""
        place = Place("space")
        is_chosen = self._chosen == place
        accent = self._palette.color(QPalette.ColorRole.Highlight)
        color = accent if is_chosen else self._palette.color(QPalette.ColorRole.PlaceholderText)
        space = self._study.space
        shown = self._maker.shown(
            ("space", space.size, space.shape),
            lambda: shapes.space_mesh(self._study, self._meshes),
            self._mesh_file(space.shape),
        )
        self._add(place, shown, color, opacity=0.26 if is_chosen else 0.16, pickable=False)
        self.lines.append(Lines(shapes.space_edges(self._study), rgb(color), 0.8, 1.5 if is_chosen else 1.0))

    def support(self, place: Place, support: Support) -> None:
        color = self._color(place, in_space.SUPPORT)
        shown = self._shape(place, support.shape, color, opacity=0.6)
        if shown is not None:
            self.lines.append(Lines(hatch(shown.low, shown.high, self._study), rgb(color), 1.0, 2.0))
            self._label(place, said(support.name), shown.middle, in_space.SUPPORT)

    def region(self, place: Place, region: Region) -> None:
        is_kept = region.role == "keep-in"
        color = self._color(place, in_space.KEEP_IN if is_kept else in_space.KEEP_OUT)
        shown = self._shape(place, region.shape, color, opacity=0.75 if is_kept else 0.4)
        if shown is not None and place == self._chosen:
            own = in_space.KEEP_IN if is_kept else in_space.KEEP_OUT
            self._label(place, said(region.name), shown.middle, own)

    def largest(self, case: int) -> float:
        """N, of the forces in that case."""
        return max((math.hypot(*load.force) for load in self._study.cases[case].loads), default=0.0)

    def load(self, place: Place, load: Load, largest: float) -> None:
        color = self._color(place, in_space.LOAD)
        self._shape(place, load.shape, color, opacity=0.4)
        center = shapes.center_of(load.shape, self._study, self._meshes)
        at = center
        size = math.hypot(*load.force)
        if size:
            share = _SHORTEST + (1 - _SHORTEST) * size / largest
            start, end = self._arrow(center, np.array(load.force) / size, share * _ARROW * self._diagonal)
            self._arrow_at(place, start, end, color)
            at = start if math.dist(end, center) < 1e-9 * self._diagonal else end
        if any(load.moment):
            reach, radius = 0.3 * _ARROW * self._diagonal, 0.7 * _SHAFT * self._diagonal
            turned = partial(shapes.curl, center, load.moment, reach, radius)
            self._add(place, self._maker.shown(("curl", *center, *load.moment, reach), turned), color)
        words = f"{said(load.name)} · {load_words(load, self._study.dimensions)}"
        self._label(place, words, at, in_space.LOAD)

    def weight(self, place: Place, gravity: Sequence[float]) -> None:
        """An arrow beside the space for the part's own weight."""
        size = math.hypot(*gravity)
        if not size:
            return
        start = np.array(self._study.space.size) * (1.08, 0.5, 1.0 if self._study.dimensions == 3 else 0.5)
        end = start + np.array(gravity) / size * 0.6 * _ARROW * self._diagonal
        self._arrow_at(place, start, end, self._color(place, in_space.WEIGHT))
        self._label(place, "g", end, in_space.WEIGHT)

    def _arrow(
        self, center: NDArray[np.float64], way: NDArray[np.float64], length: float
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """It ends where it pushes, and begins where it pulls: outside of the space where that is possible."""
        middle = np.array(self._study.space.size) / 2
        pulls = float(way @ ((center - middle) / middle)) > 0.5
        return (center, center + length * way) if pulls else (center - length * way, center)

    def _arrow_at(
        self, place: Place, start: NDArray[np.float64], end: NDArray[np.float64], color: QColor
    ) -> None:
        made = partial(shapes.arrow, start, end, _SHAFT * self._diagonal)
        self._add(place, self._maker.shown(("arrow", *start, *end, self._diagonal), made), color)

    def _shape(self, place: Place, shape: Shape, color: QColor, opacity: float) -> Shown | None:
        file = self._mesh_file(shape)
        if isinstance(shape, Solid) and file is None:
            return None
        thin = isinstance(shape, Box | Face) or self._study.dimensions == 2
        around = (self._study.space.size, self._study.dimensions) if thin else ()
        shown = self._maker.shown((shape, around), partial(self._mesh, shape), file)
        self._add(place, shown, color, opacity=opacity)
        return shown

    def _mesh(self, shape: Shape) -> Mesh:
        mesh = shapes.mesh_of(shape, self._study, self._meshes)
        assert mesh is not None
        return mesh

    def _mesh_file(self, shape: object) -> Mesh | None:
        return self._meshes.get(shape.file) if isinstance(shape, Solid) else None

    def _add(
        self,
        place: Place,
        shown: Shown,
        color: QColor,
        *,
        opacity: float = 1.0,
        pickable: bool = True,
    ) -> None:
        self.layers.append(Layer(shown.body, rgb(color), opacity, pickable=pickable))
        self.places.append(place)

    def _label(self, place: Place, text: str, point: NDArray[np.float64], color: QColor) -> None:
        x, y, z = (float(value) for value in point)
        self.labels.append(Label(place, text, (x, y, z), color, place == self._chosen))

    def _color(self, place: Place, own: QColor) -> QColor:
        """What is chosen stands out by the accent, as everywhere in the window."""
        chosen = place == self._chosen or (place.kind == "load" and Place("case", place.case) == self._chosen)
        return self._palette.color(QPalette.ColorRole.Highlight) if chosen else own


def hatch(low: NDArray[np.float64], high: NDArray[np.float64], study: Study) -> NDArray[np.float64]:
    """(lines, 2, 3): the strokes by which drawings show that something is held, on the side of its bounds
    that is nearest to the outside of the space."""
    size = np.array(study.space.size)
    plane = study.dimensions
    room = np.concatenate([(low / size)[:plane], ((size - high) / size)[:plane]])
    axis, is_far = int(np.argmin(room)) % plane, bool(np.argmin(room) >= plane)
    reach = _HATCH * shapes.diagonal(study.space)
    others = [other for other in range(3) if other != axis]
    steps = [_steps(low[other], high[other], reach * 1.6) for other in others]
    begin = np.zeros((len(steps[0]) * len(steps[1]), 3))
    begin[:, others[0]], begin[:, others[1]] = (grid.ravel() for grid in np.meshgrid(*steps, indexing="ij"))
    begin[:, axis] = high[axis] if is_far else low[axis]
    way = np.zeros(3)
    way[axis] = reach if is_far else -reach
    way[others[-1] if plane == 3 else others[0]] = -reach
    return np.stack([begin, begin + way], axis=1)


def _steps(low: float, high: float, step: float) -> NDArray[np.float64]:
    """From low to high, about a step from each other, 12 at most."""
    count = min(12, max(1, round((high - low) / step)))
    return low + (np.arange(count) + 0.5) * (high - low) / count


def rgb(color: QColor) -> Color:
    return color.redF(), color.greenF(), color.blueF()
