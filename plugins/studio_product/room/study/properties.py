"""What is chosen in the outline or the view, with all its values to edit."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QLineEdit, QScrollArea, QVBoxLayout, QWidget

from studio.ui.api import UNIT, ElidedLabel, renew_tab_order
from studio_product.core.studies.study import Material, Study
from studio_product.room.study.places import HEADINGS, Kind, Place
from studio_product.room.study.shape_editor import ShapeEditor
from studio_product.room.study.sheet import Sheet
from studio_product.room.study.sheets import (
    CaseSheet,
    ChooseFile,
    LoadSheet,
    MakingSheet,
    MaterialSheet,
    MethodSheet,
    RegionSheet,
    SpaceSheet,
    StudySheet,
    SupportSheet,
    TargetSheet,
    heading,
)
from studio_product.room.study.words import title_at

if TYPE_CHECKING:
    from studio_product.core.mesh import Mesh


class Properties(QWidget):
    """A sheet for each sort of thing; each is made when such a thing is chosen first."""

    edited = Signal(object, object, str)
    """Whose sheet it was, the changed thing, and which of its attributes. A name that was being typed is told
    when its editor is left, and then another thing may be shown already."""
    add_wanted = Signal(str)
    space_file_wanted = Signal()
    space_file_dropped = Signal()
    space_scale_wanted = Signal(float)

    def __init__(self, materials: Callable[[], Sequence[Material]], choose_file: ChooseFile) -> None:
        super().__init__()
        self._materials, self._choose_file = materials, choose_file
        self._sheets: dict[Kind, Sheet] = {}
        self.title = ElidedLabel("", "strong")
        self._shown: Sheet | None = None
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(UNIT + 4, UNIT, UNIT + 4, UNIT)
        column.setSpacing(UNIT + UNIT // 2)
        column.addWidget(self.title)
        column.addStretch(1)
        self._column = column
        self._scroll = QScrollArea()
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setWidget(inner)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._scroll)

    def show_place(self, study: Study, place: Place, meshes: Mapping[str, Mesh]) -> None:
        sheet = self.sheet(place.kind)
        shape = sheet.editors.get("shape")
        if isinstance(shape, ShapeEditor):
            shape.set_study(study, meshes)
        if isinstance(sheet, TargetSheet):
            sheet.full_mass = study.material.density * math.prod(study.space.size) / 1000
        self.title.setText(title_at(study, place))
        sheet.show_thing(study, place)
        if self._shown is not sheet:
            if self._shown is not None:
                self._shown.hide()
            sheet.show()
            self._shown = sheet
            self._scroll.verticalScrollBar().setValue(0)

    def sheet(self, kind: Kind) -> Sheet:
        if kind not in self._sheets:
            made = self._sheets[kind] = self._make(kind)
            made.edited.connect(lambda thing, name: self.edited.emit(made.place, thing, name))
            made.hide()
            self._column.insertWidget(1, made)
            if self.window().isVisible():
                renew_tab_order(self)
        return self._sheets[kind]

    def take_focus(self) -> None:
        """To the first editor of what is shown; a name can be typed over at once."""
        if self._shown is not None and self._shown.editors:
            first = next(iter(self._shown.editors.values())).focus
            first.setFocus()
            if isinstance(first, QLineEdit):
                first.selectAll()

    def sizeHint(self) -> QSize:
        return QSize(32 * UNIT, 40 * UNIT)

    def minimumSizeHint(self) -> QSize:
        inner = self._scroll.widget().minimumSizeHint().width()
        return QSize(max(26 * UNIT, inner + self._scroll.verticalScrollBar().sizeHint().width()), 16 * UNIT)

    def _make(self, kind: Kind) -> Sheet:
        if kind in HEADINGS:
            made = heading(kind)
            made.add_wanted.connect(self.add_wanted)
            return made
        match kind:
            case "study":
                return StudySheet()
            case "space":
                space = SpaceSheet()
                space.file_wanted.connect(self.space_file_wanted)
                space.file_dropped.connect(self.space_file_dropped)
                space.scale_wanted.connect(self.space_scale_wanted)
                return space
            case "material":
                return MaterialSheet(self._materials())
            case "support":
                return SupportSheet(self._choose_file)
            case "load":
                return LoadSheet(self._choose_file)
            case "case":
                case = CaseSheet()
                case.add_wanted.connect(self.add_wanted)
                return case
            case "region":
                return RegionSheet(self._choose_file)
            case "target":
                return TargetSheet()
            case "making":
                return MakingSheet()
        return MethodSheet()
