"""The studio's icons: line drawings on a 24 px grid in `resources/icons`, in any color and size."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from PySide6.QtCore import QByteArray, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QIconEngine, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from studio.paths import resource

_DISABLED = 0.35
"""Opacity of an icon that cannot be used now."""


def icon(name: str, color: QColor) -> QIcon:
    """The icon `resources/icons/{name}.svg` in this color; the same object for the same arguments.

    `name` may also be the absolute path of a plugin's SVG file; one that cannot be read looks like "file".
    """
    return _icon(name, color.rgba())


def names() -> list[str]:
    return sorted(path.stem for path in resource("icons").glob("*.svg"))


@cache
def _icon(name: str, rgba: int) -> QIcon:
    return QIcon(_Engine(name, QColor.fromRgba(rgba)))


@cache
def _source(name: str) -> str:
    if not name.endswith(".svg"):
        return resource("icons", f"{name}.svg").read_text(encoding="utf-8")
    try:
        return Path(name).read_text(encoding="utf-8")
    except (OSError, ValueError):
        return _source("file")


class _Engine(QIconEngine):
    """Draws the SVG afresh at each size that is asked for, and keeps what it drew."""

    def __init__(self, name: str, color: QColor) -> None:
        super().__init__()
        self._name = name
        self._color = color
        self._renderer: QSvgRenderer | None = None
        self._pixmaps: dict[tuple[int, int, QIcon.Mode], QPixmap] = {}

    def clone(self) -> QIconEngine:
        return _Engine(self._name, self._color)

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        if self._renderer is None:
            colored = _source(self._name).replace("currentColor", self._color.name())
            self._renderer = QSvgRenderer(QByteArray(colored.encode()))
        painter.save()
        painter.setOpacity(
            painter.opacity() * self._color.alphaF() * (_DISABLED if mode == QIcon.Mode.Disabled else 1)
        )
        side = min(rect.width(), rect.height())
        square = QRectF(
            rect.x() + (rect.width() - side) / 2, rect.y() + (rect.height() - side) / 2, side, side
        )
        self._renderer.render(painter, square)
        painter.restore()

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        if size.isEmpty():  # what is squeezed to nothing asks too
            return QPixmap()
        key = (size.width(), size.height(), mode)
        if key not in self._pixmaps:
            pixmap = QPixmap(size)
            pixmap.fill(Qt.GlobalColor.transparent)
            with QPainter(pixmap) as painter:
                self.paint(painter, QRect(0, 0, size.width(), size.height()), mode, state)
            self._pixmaps[key] = pixmap
        return self._pixmaps[key]
