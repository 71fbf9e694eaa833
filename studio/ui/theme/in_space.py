"""Colors of what stands in a view of three dimensions, where light and shade change them anyway."""

from __future__ import annotations

from PySide6.QtGui import QColor

CLAY_LIGHT, CLAY_DARK = QColor(168, 176, 194), QColor(150, 158, 178)
"""A part that is colored by nothing, on light and on dark backgrounds."""
AXES_LIGHT = QColor(190, 40, 50), QColor(20, 115, 60), QColor(40, 80, 200)
"""x, y, z on light backgrounds; their letters stand beside them."""
AXES_DARK = QColor(255, 120, 120), QColor(110, 215, 140), QColor(130, 165, 255)
