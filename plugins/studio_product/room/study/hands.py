"""What the user does to a study: add, name, double, remove, and put things where they point in the view."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from msgspec import structs

from studio.api.values import mark, stored
from studio_product.core.studies.study import Face, Shape, Side, Solid, Study
from studio_product.room.study import edits, placing
from studio_product.room.study.model import StudyModel
from studio_product.room.study.places import STUDY, Place, Thing, name_at
from studio_product.room.study.placing import Spot
from studio_product.room.study.words import side_name, sides_of

if TYPE_CHECKING:
    from studio_product.core.mesh import Mesh

NEWTONS = 100.0
"""What a new load weighs at first: ten kilograms."""


class StudyHands:
    """Each of its acts is one step of the model. `meshes` are shapes from files, by their names."""

    def __init__(self, model: StudyModel) -> None:
        self.model = model
        self.meshes: Mapping[str, Mesh] = {}

    @property
    def study(self) -> Study:
        return self.model.study

    def change(self, place: Place, thing: Thing, attribute: str) -> None:
        """A value was edited; what is typed on becomes one step."""
        title = stored(mark("change {name}"), name=stored(name_at(self.study, place) or self.study.name))
        if attribute == "name":
            new = name_at(edits.replaced(self.study, place, thing), place)
            self.rename(place, new)
            return
        merge = f"{place} {attribute}"
        self.model.edit(title, edits.replaced(self.study, place, thing), merge=merge)

    def rename(self, place: Place, name: str) -> None:
        study = edits.renamed(self.study, place, name)
        self.model.edit(self._named(mark("rename {name}"), place), study)

    def remove(self, place: Place) -> None:
        if edits.can_remove(place):
            study, after = edits.removed(self.study, place)
            self.model.edit(self._named(mark("remove {name}"), place), study, after)

    def double(self, place: Place) -> None:
        if edits.can_remove(place):
            study, after = edits.doubled(self.study, place)
            self.model.edit(self._named(mark("double {name}"), place), study, after)

    def add(self, kind: str) -> None:
        """A "support", "load", "case", "keep-in" or "keep-out" where such a thing often is."""
        top: Side = "z+" if self.study.dimensions == 3 else "y+"
        match kind:
            case "support":
                self.support_face(self._free_side())
            case "load":
                self.load_at(placing.middle_of(self.study, top))
            case "case":
                study, place = edits.with_case(self.study)
                self.model.edit(stored(mark("add a load case")), study, place)
            case "keep-in":
                self.keep_in_at(placing.middle_of(self.study, top))
            case "keep-out":
                self.keep_out_at(placing.middle_of(self.study, top))

    # At a place that was pointed to ------------------------------------------------------------------------

    def support_face(self, spot: Spot) -> None:
        self._support(Face(side=spot.side), side_name(spot.side, self.study.dimensions))

    def support_at(self, spot: Spot) -> None:
        self._support(placing.patch_at(self.study, spot))

    def load_face(self, spot: Spot) -> None:
        self._load(Face(side=spot.side), spot)

    def load_at(self, spot: Spot) -> None:
        self._load(placing.patch_at(self.study, spot), spot)

    def keep_in_at(self, spot: Spot) -> None:
        study, place = edits.with_region(self.study, "keep-in", placing.boss_at(self.study, spot))
        self.model.edit(stored(mark("keep material in")), study, place)

    def keep_out_at(self, spot: Spot) -> None:
        study, place = edits.with_region(self.study, "keep-out", placing.hole_at(self.study, spot))
        self.model.edit(stored(mark("keep material out")), study, place)

    # Shapes from files -------------------------------------------------------------------------------------

    def fill_within(self, shape: Solid | None) -> None:
        """What may be filled is this shape, and the box becomes as large as that. None: the whole box."""
        space = self.study.space
        study = edits.changed(self.study, Place("space"), shape=shape)
        mesh = self.meshes.get(shape.file) if shape is not None else None
        if shape is not None and mesh is not None:
            low, high = (corner * shape.scale for corner in mesh.bounds)
            x, y, z = (round(-float(value), 6) + 0.0 for value in low)
            moved = Solid(file=shape.file, scale=shape.scale, offset=(x, y, z))
            size = tuple(round(float(value), 6) for value in high - low)
            study = edits.changed(study, Place("space"), shape=moved, size=size)
        title = mark("use a shape from a file") if shape is not None else mark("use the whole box")
        if study.space != space:
            self.model.edit(stored(title), study, Place("space"))

    def scale_space(self, scale: float) -> None:
        """The file of the space's shape counts in another unit: so many mm."""
        shape = self.study.space.shape
        if shape is not None:
            self.fill_within(structs.replace(shape, scale=scale))

    def keep(self, role: str, shape: Shape) -> None:
        """Keeps material in or out of a shape."""
        study, place = edits.with_region(self.study, "keep-in" if role == "keep-in" else "keep-out", shape)
        self.model.edit(stored(mark("use a shape from a file")), study, place)

    def begin(self, study: Study, title: str) -> None:
        """Another study in place of this one; a step that can be taken back."""
        self.model.edit(title, study, STUDY)

    def _named(self, message: str, place: Place) -> str:
        """The title of a step, with the name of what is there now."""
        return stored(message, name=stored(name_at(self.study, place)))

    def _support(self, shape: Shape, name: str = "") -> None:
        study, place = edits.with_support(self.study, shape, name)
        self.model.edit(stored(mark("add a support")), study, place)

    def _load(self, shape: Shape, spot: Spot) -> None:
        """In the case that is looked at."""
        place = self.model.place
        case = place.case if place.kind == "load" else place.index if place.kind == "case" else 0
        force = placing.push(self.study, spot, NEWTONS)
        study, made = edits.with_load(self.study, shape, force, case)
        self.model.edit(stored(mark("add a load")), study, made)

    def _free_side(self) -> Spot:
        """A side that no support holds yet."""
        held = {one.shape.side for one in self.study.supports if isinstance(one.shape, Face)}
        free = [side for side in sides_of(self.study.dimensions) if side not in held]
        return placing.middle_of(self.study, free[0] if free else "x-")
