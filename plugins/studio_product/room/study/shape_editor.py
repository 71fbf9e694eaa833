"""The editor of a shape: which sort it is, and its measures."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QVBoxLayout, QWidget

from studio.api.values import tr
from studio.ui.api import UNIT, Editor
from studio_product.core.studies.study import Shape, Study
from studio_product.room.study.placing import ShapeKind, kind_of, shape_as
from studio_product.room.study.rows import MOST, ChoiceEditor
from studio_product.room.study.sheet import Sheet
from studio_product.room.study.words import side_words, sides_of

if TYPE_CHECKING:
    from studio_product.core.mesh import Mesh

_LEAST = 1e-4
"""mm: the smallest radius that the boxes can write."""


class ShapeEditor(Editor):
    """`choose_file` is asked for where a shape from a file is wanted and there is none."""

    def __init__(self, *, faces: bool, choose_file: Callable[[Callable[[Shape], object]], object]) -> None:
        self._faces, self._choose_file = faces, choose_file
        self._study: Study | None = None
        self._meshes: Mapping[str, Mesh] = {}
        self._shape: Any = None
        self._kind = ChoiceEditor([])
        self._sheets: dict[str, _ShapeSheet] = {
            "face": _FaceSheet(),
            "box": _box_sheet(),
            "circle": _CircleSheet(),
            "cylinder": _cylinder_sheet(),
            "sphere": _sphere_sheet(),
            "mesh": _file_sheet(),
        }
        room = QWidget()
        column = QVBoxLayout(room)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(UNIT)
        column.addWidget(self._kind.focus)
        for sheet in self._sheets.values():
            column.addWidget(sheet)
            sheet.edited.connect(self._on_edited)
        super().__init__(self._kind.focus, below=room)
        self._kind.changed = self._on_kind

    def set_study(self, study: Study, meshes: Mapping[str, Mesh]) -> None:
        """What the shape lies in; `meshes` by the names of their files."""
        if self._study is None or self._study.dimensions != study.dimensions:
            self._kind.set_values(self._kinds(study.dimensions))
        self._study, self._meshes = study, meshes

    def show(self, value: Shape) -> None:
        assert self._study is not None
        kind = kind_of(value)
        if self._study.dimensions == 2 and kind == "sphere":  # a circle too
            kind, value = "cylinder", shape_as("cylinder", value, self._study, self._meshes)
        self._shape = value
        self._kind.show(kind)
        name = "circle" if kind == "cylinder" and self._study.dimensions == 2 else kind
        for own, sheet in self._sheets.items():
            sheet.setVisible(own == name)
        self._sheets[name].show_shape(value, self._study)

    def _kinds(self, dimensions: int) -> list[tuple[str, str]]:
        flat = dimensions == 2
        kinds = [("face", tr("A whole edge") if flat else tr("A whole face"))] if self._faces else []
        kinds.append(("box", tr("Rectangle") if flat else tr("Box")))
        kinds.append(("cylinder", tr("Circle") if flat else tr("Cylinder")))
        if not flat:
            kinds.append(("sphere", tr("Sphere")))
        return [*kinds, ("mesh", tr("Shape from a file"))]

    def _on_kind(self, kind: ShapeKind) -> None:
        assert self._study is not None
        if kind == "mesh":
            self._kind.show(kind_of(self._shape))
            self._choose_file(self._take)
        else:
            self._take(shape_as(kind, self._shape, self._study, self._meshes))

    def _on_edited(self, shape: Shape, _: str) -> None:
        self._shape = shape
        self.changed(shape)

    def _take(self, shape: Shape) -> None:
        self.show(shape)
        self.changed(shape)


class _ShapeSheet(Sheet):
    _study: Study

    def show_shape(self, shape: Any, study: Study) -> None:
        self._study = study
        self.show_value(shape, study.dimensions)


class _CircleSheet(_ShapeSheet):
    """A cylinder through a plate: its axis stays square to it."""

    def __init__(self) -> None:
        super().__init__()
        self.vectors(("start", tr("Center"), "mm", -MOST))
        self.number("radius", tr("Radius"), "mm", _LEAST)

    def tell(self, attribute: str, **values: Any) -> None:
        if attribute == "start":
            x, y, _ = values["start"]
            values = {"start": (x, y, 0.0), "end": (x, y, self._study.space.size[2])}
        super().tell(attribute, **values)


class _FaceSheet(_ShapeSheet):
    def __init__(self) -> None:
        super().__init__()
        self._side = self.choice("side", "", [])
        self._side.focus.setAccessibleName(tr("Side of the space"))
        self._dimensions = 0

    def show_shape(self, shape: Any, study: Study) -> None:
        if self._dimensions != study.dimensions:
            self._dimensions = study.dimensions
            sides = sides_of(study.dimensions)
            self._side.set_values([(side, side_words(side, study.dimensions)) for side in sides])
        super().show_shape(shape, study)


def _box_sheet() -> _ShapeSheet:
    sheet = _ShapeSheet()
    sheet.vectors(("corner", tr("Corner"), "mm", -MOST), ("size", tr("Size"), "mm", 0.0))
    return sheet


def _cylinder_sheet() -> _ShapeSheet:
    sheet = _ShapeSheet()
    sheet.vectors(("start", tr("Start"), "mm", -MOST), ("end", tr("End"), "mm", -MOST))
    sheet.number("radius", tr("Radius"), "mm", _LEAST)
    return sheet


def _sphere_sheet() -> _ShapeSheet:
    sheet = _ShapeSheet()
    sheet.vectors(("center", tr("Center"), "mm", -MOST))
    sheet.number("radius", tr("Radius"), "mm", _LEAST)
    return sheet


def _file_sheet() -> _ShapeSheet:
    sheet = _ShapeSheet()
    sheet.number("scale", tr("Scale"), "×", _LEAST)
    sheet.vectors(("offset", tr("Moved by"), "mm", -MOST))
    return sheet
