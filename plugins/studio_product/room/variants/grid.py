"""The variants as views beside each other, all seen from the same side."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import partial

from msgspec.structs import replace
from PySide6.QtCore import QEvent, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QScrollArea, QWidget
from shiboken6 import isValid

from studio.api.values import StudioError
from studio.ui.api import UNIT, Item
from studio_product.core.view.camera import Camera
from studio_product.room.part import orbit
from studio_product.room.part.frames import Frames
from studio_product.room.part.looking import Coloring, Legend, Looking, Solid, layer_of, legend_of
from studio_product.room.part.overlay import Bounds, bounds_of, clay
from studio_product.room.part.standard_views import Look
from studio_product.room.variants.cell import Cell
from studio_product.room.variants.chosen import Chosen
from studio_product.room.variants.variant import Quantity, Variant

MOST = 24
"""Views at once; the chart and the table have all variants."""
_LEAST = 24 * UNIT, 17 * UNIT
"""A cell is not smaller: the grid scrolls instead."""
_STEPS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
_KEEPS = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier

Ask = Callable[[Item, Callable[[Solid], object], Callable[[BaseException], object]], object]


class VariantGrid(QScrollArea):
    opened = Signal(str)
    failed = Signal(object)
    legend_changed = Signal(object)
    """Legend that all of them share, or None."""

    def __init__(self, frames: Frames, chosen: Chosen) -> None:
        super().__init__()
        self._frames, self.chosen = frames, chosen
        self._ask: Ask | None = None
        self._looking = Looking()
        self._camera: Camera | None = None
        """That all of them share; None until one has been read."""
        self._fits = True
        self.cells: list[Cell] = []
        self._shown = 0
        self.columns = 1
        self._refit = QTimer(self)
        """Once for all cells whose size changes together."""
        self._refit.setSingleShot(True)
        self._refit.setInterval(0)
        self._refit.timeout.connect(self._turn_all)
        self._home = QWidget()
        self._grid = QGridLayout(self._home)
        self._grid.setContentsMargins(UNIT, UNIT, UNIT, UNIT)
        self._grid.setSpacing(UNIT)
        self.setWidget(self._home)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        chosen.changed.connect(self._show_chosen)

    def attach(self, ask: Ask) -> None:
        self._ask = ask

    @property
    def shown(self) -> Sequence[Cell]:
        return self.cells[: self._shown]

    def show_variants(self, variants: Sequence[Variant], figures: tuple[Quantity, ...]) -> None:
        """The first `MOST` of them, in this order."""
        assert self._ask is not None
        seen = variants[:MOST]
        self._shown = len(seen)
        while len(self.cells) < len(seen):
            self.cells.append(self._new_cell())
        for cell, variant in zip(self.cells, seen, strict=False):
            cell.show_variant(variant, figures)
            if cell.solid is None:
                self._read(cell, variant.item)
        for number, cell in enumerate(self.cells):
            cell.setVisible(number < len(seen))
        self._lay_out()
        self._show_chosen()
        self._draw()

    def set_looking(self, looking: Looking) -> None:
        """Color and deformation of all of them."""
        self._looking = looking
        self._draw()

    @property
    def coloring(self) -> Coloring:
        return self._looking.coloring

    @property
    def camera(self) -> Camera | None:
        return self._camera

    def set_camera(self, camera: Camera | None) -> None:
        """For all; None fits them all."""
        self._camera, self._fits = camera, camera is None
        self._turn_all()

    def fit(self) -> None:
        """As near as shows the largest of them, from the same side."""
        self._fits = True
        self._turn_all()

    def look_from(self, look: Look) -> None:
        """A standard view of all of them."""
        if self._camera is not None:
            self._camera = orbit.looking(self._camera, look)
            self.fit()

    def clear(self) -> None:
        for cell in self.cells:
            cell.uid, cell.solid = "", None
            cell.view.clear()
            cell.hide()
        self._shown, self._camera, self._fits = 0, None, True

    # Reading and drawing -----------------------------------------------------------------------------------

    def _new_cell(self) -> Cell:
        cell = Cell(self._frames)
        cell.pressed.connect(self._on_press)
        cell.opened.connect(self.opened)
        cell.resized.connect(self._refit.start)
        cell.view.failed.connect(self.failed)
        cell.view.camera_moved.connect(self._on_turn)
        cell.caption.takes_key = partial(self._on_key, cell)
        return cell

    def _read(self, cell: Cell, item: Item) -> None:
        uid = item.uid

        def done(solid: Solid) -> None:
            if isValid(cell) and cell.uid == uid:
                cell.solid = solid
                self._turn_all()
                self._draw()

        def failed(error: BaseException) -> None:
            if isValid(cell) and cell.uid == uid:
                cell.caption.say(str(error))
                if not isinstance(error, StudioError):
                    self.failed.emit(error)

        assert self._ask is not None
        self._ask(item, done, failed)

    def _solids(self) -> list[Solid]:
        return [cell.solid for cell in self.shown if cell.solid is not None]

    def _legend(self) -> Legend | None:
        """For all of them together: so that equal colors are equal values."""
        known = [one for solid in self._solids() if (one := legend_of(solid, self._looking)) is not None]
        if not known:
            return None
        high, most = max(one.high for one in known), max(one.most for one in known)
        return replace(known[0], high=high, most=most)

    def _draw(self) -> None:
        legend = self._legend()
        color = clay(self.palette())
        for cell in self.shown:
            if cell.solid is not None:
                cell.view.show_layers([layer_of(cell.solid, self._looking, color, legend)])
        self.legend_changed.emit(legend)

    def _bounds(self) -> Bounds | None:
        return bounds_of([solid.mesh.vertices for solid in self._solids()])

    def _turn_all(self) -> None:
        bounds, solids = self._bounds(), self._solids()
        if bounds is None:
            return
        if self._camera is None:
            self._camera = orbit.first_look(solids[0].dimensions)
        if self._fits:
            view = self.shown[0].view
            self._camera = self._camera.fit(bounds, max(view.width(), 1), max(view.height(), 1), margin=0.05)
        for cell in self.shown:
            cell.view.set_camera(self._camera)

    def _on_turn(self, camera: Camera) -> None:
        self._camera, self._fits = camera, False
        for cell in self.shown:
            cell.view.set_camera(camera)

    # Choosing ----------------------------------------------------------------------------------------------

    def _on_press(self, uid: str, held: Qt.KeyboardModifier) -> None:
        if held & Qt.KeyboardModifier.ControlModifier:
            self.chosen.toggle(uid)
        elif held & Qt.KeyboardModifier.ShiftModifier:
            self.chosen.choose([*self.chosen.uids, *self._between(self.chosen.current, uid)], uid)
        else:
            self.chosen.move_to(uid)

    def _between(self, first: str, last: str) -> list[str]:
        uids = [cell.uid for cell in self.shown]
        if first not in uids:
            return [last]
        begin, end = sorted((uids.index(first), uids.index(last)))
        return uids[begin : end + 1]

    def _show_chosen(self) -> None:
        uids = [cell.uid for cell in self.shown]
        current = self.chosen.current if self.chosen.current in uids else next(iter(uids), "")
        for cell in self.shown:
            cell.set_chosen(cell.uid in self.chosen, current=cell.uid == current)

    def _on_key(self, cell: Cell, event: QKeyEvent) -> bool:
        """Keys on a caption go from variant to variant."""
        key = Qt.Key(event.key())
        steps = {**_STEPS, Qt.Key.Key_Up: -self.columns, Qt.Key.Key_Down: self.columns}
        if key in steps:
            self._go(self.cells.index(cell) + steps[key], keeps=bool(event.modifiers() & _KEEPS))
        elif key == Qt.Key.Key_Space:
            self.chosen.toggle(cell.uid)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.opened.emit(cell.uid)
        else:
            return False
        return True

    def _go(self, place: int, *, keeps: bool) -> None:
        if not 0 <= place < self._shown:
            return
        cell = self.shown[place]
        if keeps:
            self.chosen.choose([*self.chosen.uids, cell.uid], cell.uid)
        else:
            self.chosen.move_to(cell.uid)
        cell.caption.setFocus(Qt.FocusReason.TabFocusReason)
        self.ensureWidgetVisible(cell)

    # Layout ------------------------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        """As many columns as make the cells largest, if they need not be smaller than the least size."""
        room = self.viewport().size()
        self.columns = columns_for(self._shown, room.width(), room.height())
        rows = math.ceil(self._shown / self.columns)
        for number, cell in enumerate(self.cells):
            if number < self._shown:
                self._grid.addWidget(cell, number // self.columns, number % self.columns)
            else:
                self._grid.removeWidget(cell)
        for column in range(self._grid.columnCount()):
            self._grid.setColumnStretch(column, 1 if column < self.columns else 0)
        for row in range(self._grid.rowCount()):
            self._grid.setRowStretch(row, 1 if row < rows else 0)
            self._grid.setRowMinimumHeight(row, _LEAST[1] if row < rows else 0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._shown:
            self._lay_out()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._draw()

    def minimumSizeHint(self) -> QSize:
        return QSize(_LEAST[0] + 2 * UNIT, _LEAST[1] + 2 * UNIT)


def columns_for(count: int, width: int, height: int) -> int:
    """So many that the cells' shorter side is longest, in few rows; none is narrower than the least."""
    rows, longest = count, 0.0
    for columns in range(1, count + 1):
        across, needed = width / columns, math.ceil(count / columns)
        if columns > 1 and across < _LEAST[0]:
            break
        shorter = min(across, max(height / needed, _LEAST[1]))
        if shorter >= longest:
            rows, longest = needed, shorter
    return math.ceil(count / rows) if count else 1
