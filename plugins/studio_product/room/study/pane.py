"""Setting a study up: outline, view and properties beside each other, remarks and the way to begin below."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct
from PySide6.QtCore import QPoint, QSize, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QResizeEvent
from PySide6.QtWidgets import QApplication, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from studio.api.values import mark, stored, tr
from studio.ui.api import UNIT, entry, local_files
from studio_product.core.files.mesh_files import SUFFIXES
from studio_product.core.studies.catalog import PRESETS, in_words, materials, preset, said
from studio_product.core.studies.study import Shape, Solid, Study
from studio_product.room.study import menus
from studio_product.room.study.bars import StudyBar
from studio_product.room.study.checking import place_of
from studio_product.room.study.hands import StudyHands
from studio_product.room.study.model import StudyModel
from studio_product.room.study.outline import Outline
from studio_product.room.study.places import STUDY, Place, is_there
from studio_product.room.study.placing import Spot
from studio_product.room.study.properties import Properties
from studio_product.room.study.remarks import Remarks
from studio_product.room.study.study_view import StudyView

if TYPE_CHECKING:
    from studio.ui.api import Theme
    from studio_product.core.mesh import Mesh
    from studio_product.core.studies.remark import Remark
    from studio_product.core.view.camera import Camera
    from studio_product.room.part.frames import Frames
    from studio_product.room.study.beginnings import Beginnings

_THREE = 220 * UNIT
"""From this width on the three stand beside each other. Below it the properties are under the outline, so
that the view has most of the window."""
_OUTLINE, _PROPERTIES = 33 * UNIT, 34 * UNIT


class PaneState(Struct, frozen=True):
    """What a rebuilt window takes over."""

    model: StudyModel
    meshes: Mapping[str, Mesh]
    camera: Camera


class SetUpPane(QWidget):
    """Knows the study and draws it. What needs the project or the form is the flow's."""

    changed = Signal()
    """The study is another one, or the same one again after it was read anew."""
    open_wanted = Signal()
    save_wanted = Signal()
    file_wanted = Signal(object)
    """Callable[[Solid], object]: takes the shape once a file was chosen."""
    study_dropped = Signal(object)
    """Path."""
    shape_dropped = Signal(object, object)
    """(Path, Callable[[Solid], object])"""

    def __init__(self, frames: Frames) -> None:
        super().__init__()
        self.setProperty("role", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAcceptDrops(True)
        self.model = StudyModel(preset(PRESETS[0]))
        self.hands = StudyHands(self.model)
        self.meshes: Mapping[str, Mesh] = {}
        self.beginnings: Beginnings | None = None
        self.view = StudyView(frames)
        self.bar = StudyBar()
        """Beside the tabs."""
        self.outline = Outline()
        self.properties = Properties(materials, self._choose_shape)
        self.remarks = Remarks()
        self._build()
        self._fill_menus()
        self._wire()
        self._follow()
        self.refresh()

    # What is shown -----------------------------------------------------------------------------------------

    def show_study(self, study: Study) -> None:
        """From elsewhere, without a way back."""
        self.show_set_up()
        self.model.load(study)
        self._draw(fit=True)

    def show_beginnings(self, theme: Theme) -> None:
        """Cards with studies to begin with, until one is chosen or the user goes back."""
        if self.beginnings is None:
            from studio_product.room.study.beginnings import Beginnings

            self.beginnings = Beginnings(theme)
            self.beginnings.chosen.connect(self.begin)
            self.beginnings.left.connect(self.show_set_up)
            self._stack.addWidget(self.beginnings)
        self.beginnings.offer_back(said(self.model.study.name))
        self._stack.setCurrentWidget(self.beginnings)

    def take_focus(self) -> None:
        """To the cards, or to the view."""
        if self.beginnings is not None and self._stack.currentWidget() is self.beginnings:
            self.beginnings.take_focus()
        else:
            self.view.setFocus()

    def show_set_up(self) -> None:
        """The study, in place of the cards."""
        if self._stack.currentWidget() is not self._split:
            had_focus = self._stack.currentWidget().isAncestorOf(QApplication.focusWidget() or self)
            self._stack.setCurrentWidget(self._split)
            if had_focus:
                self.view.setFocus()

    def set_meshes(self, meshes: Mapping[str, Mesh]) -> None:
        """The shapes from files, by the names that the study calls them by."""
        self._set_meshes(meshes)
        self.refresh()

    def _set_meshes(self, meshes: Mapping[str, Mesh]) -> None:
        self.meshes = self.hands.meshes = meshes

    def refresh(self) -> None:
        model = self.model
        self.outline.show_study(model.study, model.place)
        self.properties.show_place(model.study, model.place, self.meshes)
        for one, title, words in (
            (self.bar.undo, model.undo_title, tr("Undo")),
            (self.bar.redo, model.redo_title, tr("Redo")),
        ):
            one.setEnabled(title is not None)
            one.say(f"{words}: {title}" if title else words)
        self._draw()

    def select(self, place: Place) -> None:
        if is_there(self.model.study, place):
            self.model.select(place)

    def _draw(self, *, fit: bool = False) -> None:
        self.view.show_study(self.model.study, self.meshes, self.model.place, fit=fit)

    # What the user does ------------------------------------------------------------------------------------

    def undo(self) -> None:
        self.model.undo()

    def redo(self) -> None:
        self.model.redo()

    def add(self, kind: str) -> None:
        """A "support", "load", "case", "keep-in" or "keep-out"; its properties have the focus then."""
        self.hands.add(kind)
        self.properties.take_focus()

    def add_file(self, role: str) -> None:
        """A shape from a file as design "space", "keep-in" or "keep-out"."""
        self.file_wanted.emit(self._taker(role))

    def _taker(self, role: str) -> Callable[[Solid], object]:
        return self.hands.fill_within if role == "space" else partial(self.hands.keep, role)

    def begin(self, study: Study) -> None:
        self.show_set_up()
        self.hands.begin(study, stored(mark("begin with {name}"), name=stored(study.name)))
        self._draw(fit=True)

    def _choose_shape(self, take: Callable[[Shape], object]) -> None:
        self.file_wanted.emit(take)

    def _on_edited(self, place: Place, thing: object, attribute: str) -> None:
        if is_there(self.model.study, place):  # it may have been removed
            self.hands.change(place, thing, attribute)  # type: ignore[arg-type]

    def _on_remark(self, remark: Remark) -> None:
        self.select(place_of(in_words(self.model.study), remark) or STUDY)
        self.properties.take_focus()

    def _ask_spot(self, spot: Spot, at: QPoint) -> None:
        menus.spot_menu(self, self.hands, spot).popup(at)

    def _ask_place(self, place: Place, at: QPoint) -> None:
        self.select(place)
        menu = menus.place_menu(self, self.hands, place, self.add, self.outline.rename)
        if not menu.isEmpty():
            menu.popup(at)

    # Files are dropped on it -------------------------------------------------------------------------------

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if _dropped(event) is not None:
            event.acceptProposedAction()
        else:
            event.ignore()

    def dropEvent(self, event: QDropEvent) -> None:
        file = _dropped(event)
        if file is None:
            return
        event.acceptProposedAction()
        if file.suffix.lower() == ".json":
            self.study_dropped.emit(file)
        else:
            menu = menus.shape_menu(self, lambda role: self.shape_dropped.emit(file, self._taker(role)))
            menu.popup(self.mapToGlobal(event.position().toPoint()))

    # Building ----------------------------------------------------------------------------------------------

    def _build(self) -> None:
        self._left = QSplitter(Qt.Orientation.Vertical)
        self._left.addWidget(self.outline)
        self._left.addWidget(self.properties)
        middle = QWidget()
        below = QVBoxLayout(middle)
        below.setContentsMargins(0, 0, 0, 0)
        below.setSpacing(0)
        below.addWidget(self.view, 1)
        below.addWidget(self.remarks)
        self._split = QSplitter(Qt.Orientation.Horizontal)
        for part in (self._left, middle):
            self._split.addWidget(part)
        for part in (self._left, self._split):
            part.setChildrenCollapsible(False)
            part.setHandleWidth(4)
        self._split.setStretchFactor(1, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self._stack = QStackedWidget()
        self._stack.addWidget(self._split)
        column.addWidget(self._stack, 1)

    def _fill_menus(self) -> None:
        menus.fill_presets(self.bar.presets_menu, self.begin)
        menus.fill_add(self.bar.add_menu, self.add, self.add_file)
        entry(self.bar.more_menu, tr("&Open study…"), self.open_wanted.emit)
        entry(self.bar.more_menu, tr("&Save study as…"), self.save_wanted.emit)

    def _wire(self) -> None:
        self.bar.undo.clicked.connect(self.undo)
        self.bar.redo.clicked.connect(self.redo)
        self.bar.fit.clicked.connect(self.view.fit)
        self.view.place_chosen.connect(self.select)
        self.view.spot_chosen.connect(self._ask_spot)
        self.view.place_menu_wanted.connect(self._ask_place)
        self.outline.chosen.connect(self.select)
        self.outline.renamed.connect(self.hands.rename)
        self.outline.remove_wanted.connect(self.hands.remove)
        self.outline.menu_wanted.connect(self._ask_place)
        self.properties.edited.connect(self._on_edited)
        self.properties.add_wanted.connect(self.add)
        self.properties.space_file_wanted.connect(lambda: self.add_file("space"))
        self.properties.space_scale_wanted.connect(self.hands.scale_space)
        self.properties.space_file_dropped.connect(lambda: self.hands.fill_within(None))
        self.remarks.show_wanted.connect(self._on_remark)

    def _follow(self) -> None:
        self.model.changed = self._on_changed
        self.model.selected = self.refresh

    def _on_changed(self) -> None:
        self.refresh()
        self.changed.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        wide = event.size().width() >= _THREE
        home = self._split if wide else self._left
        if self.properties.parentWidget() is not home:
            home.addWidget(self.properties)
            self._split.setSizes([_OUTLINE, event.size().width() - _OUTLINE - _PROPERTIES, _PROPERTIES])

    def sizeHint(self) -> QSize:
        return QSize(100 * UNIT, 70 * UNIT)

    def state(self) -> PaneState:
        return PaneState(self.model, self.meshes, self.view.camera)

    def restore(self, state: PaneState) -> None:
        self.show_set_up()
        self.model = self.hands.model = state.model
        self._set_meshes(state.meshes)
        self._follow()
        self._on_changed()
        self.view.set_camera(state.camera)


def _dropped(event: QDropEvent) -> Path | None:
    """The one study or shape that is being dropped."""
    files = local_files(event.mimeData().urls())
    suffixes = (".json", *SUFFIXES)
    return files[0] if len(files) == 1 and files[0].suffix.lower() in suffixes else None
