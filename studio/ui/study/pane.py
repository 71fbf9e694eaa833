"""Setting a study up: outline, view and properties beside each other, remarks and the way to begin below."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

from msgspec import Struct
from PySide6.QtCore import QEvent, QPoint, QPointF, QSize, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QMenu, QSplitter, QVBoxLayout, QWidget

from studio.core.study import Material, Shape, Side, Space, Study
from studio.parts.library import materials, presets
from studio.ui.controls import frame
from studio.ui.menu_entries import entry, plain_text
from studio.ui.menu_keys import KeyMenu
from studio.ui.part import orbit
from studio.ui.part.view import PartView
from studio.ui.study import edits, placing
from studio.ui.study.bars import StudyBar, StudyFoot, fill_add
from studio.ui.study.blank import blank
from studio.ui.study.checking import place_of
from studio.ui.study.face_hint import FaceHint
from studio.ui.study.hands import StudyHands
from studio.ui.study.labels import Labels
from studio.ui.study.model import StudyModel
from studio.ui.study.outline import Outline
from studio.ui.study.places import STUDY, Place, is_there
from studio.ui.study.placing import Spot
from studio.ui.study.properties import Properties
from studio.ui.study.remarks import Remarks
from studio.ui.study.scene import Scene, SceneMaker
from studio.ui.study.shapes import diagonal
from studio.ui.study.words import side_words
from studio.ui.theme import UNIT
from studio.words import tr

if TYPE_CHECKING:
    from studio.parts.camera import Camera
    from studio.parts.mesh import Mesh
    from studio.parts.remark import Remark
    from studio.ui.part.frames import Frames

_THREE = 118 * UNIT
"""From this width on the three stand beside each other; below it the properties are under the outline."""
_GROWN = 1.3
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
    generate_wanted = Signal()
    quality_chosen = Signal(str)
    open_wanted = Signal()
    save_wanted = Signal()
    file_wanted = Signal(object)
    """Callable[[Solid], object]: takes the shape once a file was chosen."""

    def __init__(self, frames: Frames) -> None:
        super().__init__()
        self.setProperty("role", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.model = StudyModel(next(iter(presets().values())))
        self.hands = StudyHands(self.model)
        self.meshes: Mapping[str, Mesh] = {}
        self.view = PartView(frames)
        self._maker = SceneMaker()
        self._scene = Scene((), (), (), ())
        self._labels = Labels((), self.palette())
        self._hinted: Side | None = None
        self._drawn: tuple[Space, int] | None = None
        self.bar = StudyBar()
        """Beside the tabs."""
        self.outline = Outline()
        self.properties = Properties(materials, self._choose_shape)
        self.remarks = Remarks()
        self.foot = StudyFoot()
        self._build()
        self._fill_menus()
        self._wire()
        self._follow()
        self.refresh()

    # What is shown -----------------------------------------------------------------------------------------

    def show_study(self, study: Study, meshes: Mapping[str, Mesh] | None = None) -> None:
        """From elsewhere, without a way back."""
        if meshes is not None:
            self._set_meshes(meshes)
        self.model.load(study)
        self._draw(fit=True)

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
        """As near as shows all of it where it has become a plate, or much larger or smaller."""
        space, dimensions = self.model.study.space, self.model.study.dimensions
        grown = diagonal(space) / diagonal(self._drawn[0]) if self._drawn is not None else math.inf
        if self._drawn is None or dimensions != self._drawn[1]:
            self.view.set_camera(orbit.first_look(dimensions))
            fit = True
        self._drawn = (space, dimensions)
        fit = fit or not 1 / _GROWN < grown < _GROWN
        model, palette = self.model, self.palette()
        case = model.place.case if model.place.kind == "load" else 0
        if model.place.kind == "case":
            case = model.place.index
        self._scene = self._maker.scene(model.study, self.meshes, model.place, palette, case=case)
        self._labels = Labels(self._scene.labels, palette)
        self.view.show_layers(self._scene.layers, self._scene.lines, fit=fit)
        self._hinted = None
        self.view.set_marks([self._labels])
        self.view.setAccessibleName(tr("Study “{name}” in 3D", name=model.study.name))

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
        take = self.hands.fill_within if role == "space" else partial(self.hands.keep, role)
        self.file_wanted.emit(take)

    def begin(self, study: Study) -> None:
        self.hands.begin(study, tr("begin with {name}", name=study.name))
        self._draw(fit=True)

    def _choose_shape(self, take: Callable[[Shape], object]) -> None:
        self.file_wanted.emit(take)

    def _on_edited(self, thing: object, attribute: str) -> None:
        self.hands.change(self.model.place, thing, attribute)  # type: ignore[arg-type]

    def _on_remark(self, remark: Remark) -> None:
        self.select(place_of(self.model.study, remark) or STUDY)
        self.properties.take_focus()

    # In the view -------------------------------------------------------------------------------------------

    def _on_click(self, at: QPointF) -> None:
        """A thing is chosen; on a bare side of the space it is asked what should be there."""
        place, spot = self._seen(at)
        if place is not None:
            self.select(place)
        elif spot is not None:
            self.select(Place("space"))
            self.spot_menu(spot).popup(self.view.mapToGlobal(at.toPoint()))
        else:
            self.select(STUDY)

    def _seen(self, at: QPointF) -> tuple[Place | None, Spot | None]:
        """The thing that is seen there, and where the space is."""
        view = self.view
        label = self._labels.at(at)
        if label is not None:
            return label.place, None
        pick = view.pick(at)
        origin, way = view.camera.ray(at.x(), at.y(), max(view.width(), 1), max(view.height(), 1))
        spot = placing.spot_on(self.model.study, self.meshes, origin, way)
        place = self._scene.place_of(pick.body) if pick is not None else None
        return place, spot

    def spot_menu(self, spot: Spot) -> QMenu:
        """What can be put on this side of the space, or at this point of it."""
        menu, hands = KeyMenu(self), self.hands
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        side = side_words(spot.side, self.model.study.dimensions)
        entry(menu, tr("{side} face", side=side), lambda: None, on=False)
        menu.addSeparator()
        for words, act in (
            (tr("&Support this face"), hands.support_face),
            (tr("Support &here only"), hands.support_at),
            (tr("&Load on this face"), hands.load_face),
            (tr("Load h&ere only"), hands.load_at),
            (tr("Keep &in here"), hands.keep_in_at),
            (tr("Keep &out here (a hole)"), hands.keep_out_at),
        ):
            entry(menu, words, partial(act, spot))
        return menu

    def place_menu(self, place: Place) -> QMenu:
        """What can be done with a thing."""
        menu = KeyMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        adds = {
            "supports": ("support",),
            "cases": ("load", "case"),
            "case": ("load",),
            "keep-in": ("keep-in",),
            "keep-out": ("keep-out",),
        }
        words = {
            "support": tr("Add a support"),
            "load": tr("Add a load"),
            "case": tr("Add a load case"),
            "keep-in": tr("Add a place to keep in"),
            "keep-out": tr("Add a place to keep out"),
        }
        for kind in adds.get(place.kind, ()):
            entry(menu, words[kind], partial(self._add_to, place, kind))
        if place == STUDY or edits.can_remove(place):
            entry(menu, tr("&Rename"), partial(self.outline.rename, place))
        if edits.can_remove(place):
            entry(menu, tr("&Double"), partial(self.hands.double, place))
            entry(menu, tr("Re&move"), partial(self.hands.remove, place))
        return menu

    def _add_to(self, place: Place, kind: str) -> None:
        self.select(place)
        self.add(kind)

    def _ask_menu(self, place: Place, at: QPoint) -> None:
        menu = self.place_menu(place)
        if not menu.isEmpty():
            menu.popup(at)

    def _hint(self, side: Side | None) -> None:
        """Shows which side a click would speak of."""
        if side == self._hinted:
            return
        self._hinted = side
        hints = [FaceHint(self.model.study, side, self.palette())] if side is not None else []
        self.view.set_marks([*hints, self._labels])

    def _on_move(self, at: QPointF) -> None:
        is_box = self.model.study.space.shape is None
        place, spot = self._seen(at) if is_box else (None, None)
        self._hint(spot.side if place is None and spot is not None else None)
        self.view.setCursor(
            Qt.CursorShape.PointingHandCursor if place or spot else Qt.CursorShape.ArrowCursor
        )

    def eventFilter(self, watched: QWidget, event: QEvent) -> bool:
        """The pointer over the view; and its context menu, of what is under it, else of what is chosen."""
        if isinstance(event, QMouseEvent) and event.type() == QEvent.Type.MouseMove and not event.buttons():
            self._on_move(event.position())
        elif event.type() == QEvent.Type.Leave:
            self._hint(None)
        return isinstance(event, QContextMenuEvent) and self._on_menu(event)

    def _on_menu(self, event: QContextMenuEvent) -> bool:
        keyboard = event.reason() is QContextMenuEvent.Reason.Keyboard
        place, spot = (self.model.place, None) if keyboard else self._seen(QPointF(event.pos()))
        if place is not None:
            self.select(place)
            self._ask_menu(place, event.globalPos())
        elif spot is not None:
            self.spot_menu(spot).popup(event.globalPos())
        return True

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
        column.addWidget(self._split, 1)
        column.addWidget(frame("line"))
        column.addWidget(self.foot)

    def _fill_menus(self) -> None:
        menu = self.bar.presets_menu
        for study in presets().values():
            made = entry(menu, plain_text(study.name), partial(self.begin, study))
            made.setToolTip(study.notes)
        menu.addSeparator()
        first: Material = materials()[0]
        entry(menu, tr("Empty space (3D)"), lambda: self.begin(blank(3, first)))
        entry(menu, tr("Empty plate (2D)"), lambda: self.begin(blank(2, first)))
        fill_add(self.bar.add_menu, self.add, self.add_file)
        more = self.bar.more_menu
        entry(more, tr("&Open study…"), self.open_wanted.emit)
        entry(more, tr("&Save study as…"), self.save_wanted.emit)

    def _wire(self) -> None:
        self.bar.undo.clicked.connect(self.undo)
        self.bar.redo.clicked.connect(self.redo)
        self.bar.fit.clicked.connect(self.view.fit)
        self.view.clicked.connect(self._on_click)
        self.view.opened.connect(self._on_click)
        self.view.installEventFilter(self)
        self.outline.chosen.connect(self.select)
        self.outline.renamed.connect(self.hands.rename)
        self.outline.remove_wanted.connect(self.hands.remove)
        self.outline.menu_wanted.connect(self._ask_menu)
        self.properties.edited.connect(self._on_edited)
        self.properties.add_wanted.connect(self.add)
        self.properties.space_file_wanted.connect(lambda: self.add_file("space"))
        self.properties.space_file_dropped.connect(lambda: self.hands.fill_within(None))
        self.remarks.show_wanted.connect(self._on_remark)
        self.foot.generate_wanted.connect(self.generate_wanted)
        self.foot.quality_chosen.connect(self.quality_chosen)

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

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._draw()

    def sizeHint(self) -> QSize:
        return QSize(100 * UNIT, 70 * UNIT)

    def state(self) -> PaneState:
        return PaneState(self.model, self.meshes, self.view.camera)

    def restore(self, state: PaneState) -> None:
        self.model = self.hands.model = state.model
        self._set_meshes(state.meshes)
        self._follow()
        self._on_changed()
        self.view.set_camera(state.camera)


def qualities() -> Sequence[tuple[str, str]]:
    """In the order of their cost."""
    return (("draft", tr("Draft")), ("normal", tr("Normal")), ("fine", tr("Fine")))
