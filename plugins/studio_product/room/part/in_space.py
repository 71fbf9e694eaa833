"""Colors of what stands in a view of three dimensions, where light and shade change them anyway."""

from __future__ import annotations

from PySide6.QtGui import QColor

CLAY_LIGHT, CLAY_DARK = QColor(168, 176, 194), QColor(150, 158, 178)
"""A part that is colored by nothing, on light and on dark backgrounds."""
AXES_LIGHT = QColor(190, 40, 50), QColor(20, 115, 60), QColor(40, 80, 200)
"""x, y, z on light backgrounds; their letters stand beside them."""
AXES_DARK = QColor(255, 120, 120), QColor(110, 215, 140), QColor(130, 165, 255)
SUPPORT, LOAD = QColor(63, 127, 230), QColor(235, 122, 22)
KEEP_IN, KEEP_OUT, WEIGHT = QColor(44, 168, 118), QColor(208, 58, 66), QColor(132, 84, 188)
"""Things of a study, in every theme; each has a sign or a name beside its color."""
