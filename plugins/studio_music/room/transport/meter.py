"""How loud it is, as two bars."""

from __future__ import annotations

import math
import time

from PySide6.QtCore import QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QAccessible, QColor, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QSizePolicy, QWidget

from studio.api.values import tr

_FLOOR = -48.0
"""dB below full scale that the left end of a bar means."""
_LOUD, _TOO_LOUD = -9.0, -1.0
"""dB from which a bar is drawn in the color of a warning, of danger."""
_FALL = 24.0
"""dB per second that a bar falls when it gets quiet: somewhat faster than peak meters of studios."""
_HOLD_S = 1.2
_FRAME_MS = 40


class LevelMeter(QWidget):
    """Peaks of the left and the right channel."""

    accessible_role = QAccessible.Role.Indicator

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(tr("Level"))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._shown = [_FLOOR, _FLOOR]
        self._held = [_FLOOR, _FLOOR]
        self._held_at = [0.0, 0.0]
        self._at = time.monotonic()
        self._timer = QTimer(self, interval=_FRAME_MS)
        self._timer.timeout.connect(self._fall)

    def sizeHint(self) -> QSize:
        return QSize(72, 14)

    def show_level(self, left: float, right: float) -> None:
        """Peaks from 0 to 1 (full scale) since the last time."""
        self._fall()
        for side, peak in enumerate((left, right)):
            loud = max(_FLOOR, 20 * math.log10(peak)) if peak > 0 else _FLOOR
            self._shown[side] = max(self._shown[side], loud)
            if loud >= self._held[side]:
                self._held[side], self._held_at[side] = loud, self._at
        if max(self._shown) > _FLOOR and not self._timer.isActive():
            self._timer.start()
        self.update()

    def level(self) -> float:
        """The louder side, in dB below full scale."""
        return max(self._shown)

    def _fall(self) -> None:
        now = time.monotonic()
        fallen, self._at = (now - self._at) * _FALL, now
        self._shown = [max(_FLOOR, one - fallen) for one in self._shown]
        for side in (0, 1):
            if now - self._held_at[side] > _HOLD_S:
                self._held[side] = self._shown[side]
        if max(*self._shown, *self._held) <= _FLOOR:
            self._timer.stop()
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        colors = self.palette()
        with QPainter(self) as painter:
            painter.setPen(Qt.PenStyle.NoPen)
            high = (self.height() - 2) // 2
            for side in (0, 1):
                area = QRectF(0, side * (high + 2), self.width(), high)
                painter.setBrush(colors.color(QPalette.ColorRole.Midlight))
                painter.drawRect(area)
                until = self._x(self._shown[side])
                for start, end, role in (
                    (_FLOOR, _LOUD, QPalette.ColorRole.Accent),
                    (_LOUD, _TOO_LOUD, QPalette.ColorRole.LinkVisited),
                    (_TOO_LOUD, 0.0, QPalette.ColorRole.BrightText),
                ):
                    left, right = self._x(start), min(until, self._x(end))
                    if right > left:
                        painter.fillRect(QRectF(left, area.y(), right - left, high), colors.color(role))
                if self._held[side] > _FLOOR:
                    held = QColor(colors.color(QPalette.ColorRole.WindowText))
                    painter.fillRect(QRectF(self._x(self._held[side]) - 1, area.y(), 1, high), held)

    def _x(self, loud: float) -> float:
        return self.width() * (min(loud, 0.0) - _FLOOR) / -_FLOOR
