"""One part: its view, how it is looked at, its numbers, and what can be done with it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from msgspec import Struct
from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QScrollArea, QSplitter, QStackedWidget, QVBoxLayout, QWidget
from shiboken6 import isValid

from studio.api.values import StudioError, tr
from studio.ui.api import UNIT, EmptyState, Item, button
from studio_product.core.view.camera import Camera
from studio_product.room.part import orbit
from studio_product.room.part.color_bar import ColorBar
from studio_product.room.part.frames import Frames
from studio_product.room.part.look_panel import LookPanel
from studio_product.room.part.looking import Looking, Solid, layer_of, legend_of, section_of
from studio_product.room.part.numbers_table import NumbersTable
from studio_product.room.part.overlay import clay
from studio_product.room.part.pictures import Sight
from studio_product.room.part.rating import Rating
from studio_product.room.part.standard_views import Look
from studio_product.room.part.view import PartView
from studio_product.room.part.view_tools import ViewTools

_BESIDE = 84 * UNIT
"""A pane that is wider has its panel beside the view, a narrower one below it."""
_PANEL = 44 * UNIT
"""Wide, beside the view."""

Ask = Callable[[Item, Callable[[Solid], object], Callable[[BaseException], object]], object]
"""`PartFiles.ask`."""


class PaneState(Struct, frozen=True):
    """What a rebuilt window takes over."""

    item: Item | None
    camera: Camera
    looking: Looking


class PartPane(QWidget):
    """`attach` gives it what reads files, before it is shown anything."""

    rated = Signal(object, int)
    """([Item], stars)"""
    rejected = Signal(object, bool)
    failed = Signal(object)
    """A StudioError."""
    study_wanted = Signal(object)
    """Item: what it was made for is to be changed."""
    variants_wanted = Signal(object)
    """Item: it and those that were made with it."""
    pictures_wanted = Signal(object)
    """`Sight`: pictures of this are to be made."""
    named = Signal()
    """`title` is another one."""

    def __init__(self, frames: Frames) -> None:
        super().__init__()
        self.item: Item | None = None
        self.solid: Solid | None = None
        self._ask: Ask | None = None
        self._restored: Camera | None = None
        """From where the part that is being read is to be looked at."""
        self.view = PartView(frames)
        self.bar = ColorBar(self.view)
        self.bar.move(UNIT + 4, UNIT + 4)
        self.tools = ViewTools(self.view)
        self.empty = EmptyState("", "")
        self.look = LookPanel()
        self.numbers = NumbersTable()
        self.rating = Rating()
        self.study = button(tr("Edit study"))
        self.others = button(tr("Compare variants"))
        self.pictures = button(tr("Render this part…"))
        self._lay_out()
        self.view.failed.connect(self.failed)
        self.view.opened.connect(self.view.fit)
        self.look.changed.connect(self._draw)
        self.rating.rated.connect(lambda item, stars: self.rated.emit([item], stars))
        self.rating.rejected.connect(lambda item, on: self.rejected.emit([item], on))
        self.study.clicked.connect(lambda: self.study_wanted.emit(self.item))
        self.others.clicked.connect(lambda: self.variants_wanted.emit(self.item))
        self.pictures.clicked.connect(lambda: self.pictures_wanted.emit(self.sight()))
        self.clear()

    def _lay_out(self) -> None:
        column = QVBoxLayout()
        column.setContentsMargins(UNIT + 4, UNIT + 4, UNIT + 4, UNIT + 4)
        column.setSpacing(2 * UNIT)
        for part in (self.rating, self.look, self.numbers, self.study, self.others, self.pictures):
            column.addWidget(part)
        column.addStretch(1)
        inside = QWidget()
        inside.setLayout(column)
        self.panel = QScrollArea()
        self.panel.setWidgetResizable(True)
        self.panel.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.panel.setWidget(inside)
        self.panel.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._split = QSplitter()
        self._split.addWidget(self.view)
        self._split.addWidget(self.panel)
        self._split.setStretchFactor(0, 1)
        self._split.setChildrenCollapsible(False)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.empty)
        self._stack.addWidget(self._split)
        row = QVBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._stack)
        self.setFocusProxy(self.view)

    # What is shown -----------------------------------------------------------------------------------------

    def attach(self, ask: Ask) -> None:
        self._ask = ask

    def show_item(self, item: Item) -> None:
        """Reads its file, on a task."""
        assert self._ask is not None
        self.item = item
        self.named.emit()
        self.rating.show_item(item)
        if self.solid is None:
            self._say(tr("Reading “{name}”", name=item.name), "")
        self._ask(item, lambda solid: self._on_read(item, solid), lambda error: self._on_failure(item, error))

    def items_changed(self, items: Sequence[Item]) -> None:
        """They have other stars or other names now."""
        for item in items:
            if self.item is not None and item.uid == self.item.uid:
                self.item = item
                self.rating.show_item(item)
                self.named.emit()

    @property
    def title(self) -> str:
        """What is shown, in words; "" for nothing."""
        return self.item.name if self.item is not None else ""

    def clear(self) -> None:
        self.item = self.solid = None
        self.view.clear()
        self.bar.hide()
        self.named.emit()
        self._say(
            tr("No part yet"),
            tr("Set up what a part must do and generate, or double-click a part in the gallery."),
        )

    def rate(self, stars: int) -> None:
        if self.item is not None:
            self.rated.emit([self.item], stars)

    def reject(self) -> None:
        """Or takes that back."""
        if self.item is not None:
            self.rejected.emit([self.item], not self.item.rejected)

    def fit(self) -> None:
        self.view.fit()

    def look_from(self, look: Look) -> None:
        self.view.look(look)

    def sight(self) -> Sight | None:
        """What is seen now, for pictures of it."""
        if self.item is None or self.solid is None:
            return None
        return Sight(self.item, self.solid, self.view.camera)

    def _say(self, title: str, text: str) -> None:
        self.empty.say(title, text)
        self._stack.setCurrentWidget(self.empty)

    def _on_read(self, item: Item, solid: Solid) -> None:
        if self.item is None or item.digest != self.item.digest or not isValid(self):
            return
        before, self.solid = self.solid, solid
        self.look.show_solid(solid)
        self.numbers.show_numbers(solid.numbers)
        self.study.setVisible(solid.study is not None)
        self.others.setVisible(item.job is not None)
        self._stack.setCurrentWidget(self._split)
        self.view.setAccessibleName(tr("3D view of “{name}”", name=item.name))
        if self._restored is not None:
            self.view.set_camera(self._restored)
        elif before is None or before.dimensions != solid.dimensions:
            self.view.set_camera(orbit.first_look(solid.dimensions))
        self._draw(fit=self._restored is None)
        self._restored = None

    def _on_failure(self, item: Item, error: BaseException) -> None:
        if self.item is None or item.digest != self.item.digest or not isValid(self):
            return
        self.clear()
        hint = error.hint if isinstance(error, StudioError) else ""
        self._say(tr("“{name}” cannot be shown", name=item.name), f"{error} {hint}".strip())
        if not isinstance(error, StudioError):
            self.failed.emit(error)

    def _draw(self, *_: object, fit: bool = False) -> None:
        if self.solid is None:
            return
        looking = self.look.looking
        layer = layer_of(self.solid, looking, clay(self.palette()))
        self.bar.show_legend(legend_of(self.solid, looking))
        self.view.show_layers([layer], section=section_of(self.solid, looking), fit=fit)

    # Qt ----------------------------------------------------------------------------------------------------

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._draw()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        wide = event.size().width() >= _BESIDE
        way = Qt.Orientation.Horizontal if wide else Qt.Orientation.Vertical
        if way != self._split.orientation() or event.oldSize().width() < 0:
            self._split.setOrientation(way)
            room = event.size().width() if wide else event.size().height()
            panel = _PANEL if wide else room // 3
            self._split.setSizes([room - panel, panel])

    def minimumSizeHint(self) -> QSize:
        return QSize(40 * UNIT, 32 * UNIT)

    def state(self) -> PaneState:
        return PaneState(self.item, self.view.camera, self.look.looking)

    def restore(self, state: PaneState) -> None:
        self.look.set_looking(state.looking)
        if state.item is not None and self._ask is not None:
            self._restored = state.camera
            self.show_item(state.item)
