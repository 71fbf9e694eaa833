"""What the item under the pointer offers: its stars, and what is done with it most."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QRect, QRectF, Qt
from PySide6.QtGui import QKeySequence, QPainter
from PySide6.QtWidgets import QStyle

from studio.core.item import Item
from studio.core.kind import Kind
from studio.ui.kit.icons import icon
from studio.ui.kit.menu_entries import plain_text
from studio.ui.kit.theme import UNIT

if TYPE_CHECKING:
    from studio.ui.gallery.commands import Gallery
    from studio.ui.gallery.delegate import GalleryDelegate

STACK = "stack"
"""The number on a stack, which is there without the pointer too."""
STARS = "stars_"
_ICONS = {"edit": "edit", "pick": "check", "reject": "close", "restore": "restore"}
"""By the name of the gallery's command."""
_STAR, _SIDE, _EDGE = 15, 24, UNIT // 2
_MOST = 5


class Hover:
    """Implements `Spots` for the gallery. A spot is named as the command of the gallery that it does."""

    def __init__(self, panel: Gallery, cells: GalleryDelegate, turn_stack: Callable[[int], object]) -> None:
        self._panel, self._cells, self._turn_stack = panel, cells, turn_stack

    def at(self, row: int, cell: QRect, point: QPoint) -> str:
        if self._cells.badge_at(row, cell, point):
            return STACK
        for spot, place in self._places(row, cell):
            if place.contains(point):
                return spot
        return ""

    def tip(self, spot: str) -> str:
        action = self._panel.actions_by_id.get(f"gallery.{spot}")
        if action is None:
            return ""
        keys = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
        words = plain_text(action.text().replace("&", ""))
        return f"{words} ({keys})" if keys else words

    def press(self, row: int, spot: str) -> None:
        """A spot on what is selected means all that is selected; on another item that one, which is selected
        then."""
        if spot == STACK:
            self._turn_stack(row)
            return
        panel, item = self._panel, self._panel.model.peek(row)
        if row not in panel.view.selected:
            panel.view.choose(row)
        if item is not None and spot == f"{STARS}{item.stars}":
            spot = f"{STARS}0"  # the last of its stars once more takes them off
        panel.actions_by_id[f"gallery.{spot}"].trigger()

    def paint(self, painter: QPainter, row: int, cell: QRect, point: QPoint, *, selected: bool) -> None:
        item = self._panel.model.peek(row)
        if item is None:
            return
        places = self._places(row, cell)
        under = self.at(row, cell, point)
        stars = [place for spot, place in places if spot.startswith(STARS)]
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if stars:
            self._paint_stars(painter, cell, stars, item, under, selected=selected)
        tools = [(spot, place) for spot, place in places if spot in _ICONS]
        if tools:
            self._paint_tools(painter, tools, item, under)
        painter.restore()

    def _paint_stars(
        self, painter: QPainter, cell: QRect, stars: list[QRect], item: Item, under: str, *, selected: bool
    ) -> None:
        """Over what else the line says."""
        theme = self._cells.theme
        whole = stars[0].united(stars[-1])
        ground = whole.adjusted(-UNIT, 0, 0, 0)
        if self._is_mirrored():
            ground = whole.adjusted(0, 0, UNIT, 0)
        painter.fillRect(ground.intersected(cell), theme.color("selected" if selected else "hover"))
        painter.setFont(self._cells.font())
        count = int(under.removeprefix(STARS)) if under.startswith(STARS) else item.stars
        for number, place in enumerate(stars):
            is_full = number < count
            painter.setPen(theme.color("warning" if is_full else "muted"))
            painter.drawText(place, Qt.AlignmentFlag.AlignCenter, "★" if is_full else "☆")

    def _paint_tools(self, painter: QPainter, tools: list[tuple[str, QRect]], item: Item, under: str) -> None:
        theme = self._cells.theme
        pill = QRectF(tools[0][1].united(tools[-1][1])).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.setPen(theme.color("outline"))
        painter.setBrush(theme.color("raised"))
        painter.drawRoundedRect(pill, 5, 5)
        for spot, place in tools:
            if spot == under:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(theme.color("selected"))
                painter.drawRoundedRect(QRectF(place).adjusted(2, 2, -2, -2), 3, 3)
            role = "danger" if spot == "reject" and item.rejected else "text"
            inset = (place.height() - theme.px(16)) // 2
            side = place.height() - 2 * inset
            drawn = QRect(0, 0, side, side)
            drawn.moveCenter(place.center())
            icon(_ICONS[spot], theme.color(role)).paint(painter, drawn)

    def _places(self, row: int, cell: QRect) -> list[tuple[str, QRect]]:
        """All but the number of a stack; the stars in their order. Those without room are left out."""
        item = self._panel.model.peek(row)
        if item is None:
            return []
        cells, theme = self._cells, self._cells.theme
        is_writable, is_trash = self._panel.organizer.is_writable, self._panel.shows_trash
        found: list[tuple[str, QRect]] = []
        line, wide = cells.second_line(cell), theme.px(_STAR)
        if is_writable and not is_trash and line.width() >= _MOST * wide:
            left = line.right() + 1 - _MOST * wide
            found += [
                (f"{STARS}{number + 1}", QRect(left + number * wide, line.top(), wide, line.height()))
                for number in range(_MOST)
            ]
        frame, side = cells.frame(cell, row), theme.px(_SIDE)
        names = [spot for spot in _ICONS if self._is_offered(spot, item, is_writable=is_writable)]
        names = names[: max(0, (frame.width() - 2 * _EDGE) // side)]
        left = frame.right() + 1 - _EDGE - len(names) * side
        found += [
            (spot, QRect(left + number * side, frame.top() + _EDGE, side, side))
            for number, spot in enumerate(names)
        ]
        return [(spot, QStyle.visualRect(cells.direction, cell, place)) for spot, place in found]

    def _is_offered(self, spot: str, item: Item, *, is_writable: bool) -> bool:
        if self._panel.shows_trash:
            return spot == "restore" and is_writable
        return item.kind == Kind.IMAGE if spot == "edit" else spot != "restore" and is_writable

    def _is_mirrored(self) -> bool:
        return self._cells.direction is Qt.LayoutDirection.RightToLeft
