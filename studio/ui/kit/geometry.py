"""Where a window comes back: inside of a screen that is there, whatever was remembered; edges that mirror."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from PySide6.QtCore import QMargins, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QGuiApplication

LEAST_SEEN = 120
"""So much of a window's top edge, in pixels, must lie on a screen for a hand to take hold of it."""


def fitted(wanted: QRect, screens: Sequence[QRect], least: QSize) -> QRect:
    """The rectangle if it can be seen and reached, or else moved and shrunk into the screen nearest to it.

    Args:
        wanted: Of the window, without what the window manager puts around it.
        screens: The usable part of each; at least one.
        least: The window cannot be smaller.
    """
    size = wanted.size().expandedTo(least)
    home = max(screens, key=lambda screen: (_area(screen & wanted), -_distance(screen, wanted)))
    on_it = home & QRect(wanted.topLeft(), QSize(wanted.width(), 1))
    if on_it.width() >= min(LEAST_SEEN, wanted.width()) and size == wanted.size().boundedTo(home.size()):
        return wanted
    size = size.boundedTo(home.size()).expandedTo(least)
    left = _within(wanted.left(), home.left(), home.left() + home.width() - size.width())
    top = _within(wanted.top(), home.top(), home.top() + home.height() - size.height())
    return QRect(QPoint(left, top), size)


def setup_key(screens: Sequence[QRect]) -> str:
    """A short name for an arrangement of screens, in which order ever they are told."""
    told = sorted((one.x(), one.y(), one.width(), one.height()) for one in screens)
    return hashlib.sha256(repr(told).encode()).hexdigest()[:12]


def _area(rect: QRect) -> int:
    return rect.width() * rect.height() if rect.isValid() else 0


def _distance(screen: QRect, rect: QRect) -> int:
    return (screen.center() - rect.center()).manhattanLength()


def _within(value: int, low: int, high: int) -> int:
    return max(low, min(value, high))


def edges(near: int, top: int, far: int, bottom: int) -> QMargins:
    """Margins that mirror with the window, which Qt leaves undone: `near` is where reading begins."""
    if QGuiApplication.layoutDirection() == Qt.LayoutDirection.RightToLeft:
        return QMargins(far, top, near, bottom)
    return QMargins(near, top, far, bottom)
