"""Colors of what lies on a photo: the same in every theme, since a photo is as light or dark as it is.

Each mark is light with a dark rim, and so is seen on any picture.
"""

from __future__ import annotations

from PySide6.QtGui import QColor

RIM = QColor(0, 0, 0, 170)
LINE = QColor(255, 255, 255)
FAINT_RIM = QColor(0, 0, 0, 80)
FAINT_LINE = QColor(255, 255, 255, 150)
WASH = QColor(255, 255, 255, 24)
"""Inside of an area that is being drawn."""
TAG = QColor(18, 19, 23, 190)
"""Behind words; they are in LINE."""
HANDLE = QColor(40, 42, 48)
"""What is drawn on a light handle."""
GRID = QColor(128, 128, 128, 90)
CHECKS_LIGHT = QColor(255, 255, 255), QColor(222, 222, 222)
CHECKS_DARK = QColor(58, 58, 58), QColor(76, 76, 76)
"""What shows through transparent pixels."""
