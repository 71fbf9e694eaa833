"""The swatch over the canvas: in which color the mask is shown, and the choice of another."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QAction, QActionGroup, QColor, QIcon, QPainter, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QToolButton

from studio.api.values import tr
from studio.ui.api import KeyMenu
from studio_image.room.tint import TINTS

_SIDE, _ROUND = 16, 4
AUTOMATIC = ""


class TintButton(QToolButton):
    """Shows the color, and offers `TINTS` and the automatic choice."""

    chosen = Signal(str)
    """One of `TINTS`, or AUTOMATIC."""

    def __init__(self) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.setIconSize(QSize(_SIDE, _SIDE))
        self._color = QColor()
        menu = KeyMenu(self)
        self._choices = QActionGroup(menu)
        for tint, name in {AUTOMATIC: tr("Automatic, by the photo"), **_names()}.items():
            action = QAction(name, menu)
            action.setCheckable(True)
            action.setData(tint)
            action.triggered.connect(partial(self._on_chosen, tint))
            if tint:
                action.setIcon(_swatch(QColor(tint), self.devicePixelRatioF()))
            self._choices.addAction(action)
            menu.addAction(action)
            if not tint:
                menu.addSeparator()
        self.setMenu(menu)

    def show_tint(self, color: QColor, *, automatic: bool) -> None:
        """`color` is shown, whether the user or the studio chose it."""
        self._color = QColor(color.red(), color.green(), color.blue())
        name = _names().get(self._color.name(), self._color.name())
        words = tr("Color of the mask: {name}, chosen by the photo", name=name)
        self.setAccessibleName(words if automatic else tr("Color of the mask: {name}", name=name))
        self.setToolTip(self.accessibleName())
        wanted = AUTOMATIC if automatic else self._color.name()
        for action in self._choices.actions():
            action.setChecked(action.data() == wanted)
        self.update()

    def _on_chosen(self, tint: str, _checked: bool = False) -> None:
        self.chosen.emit(tint)

    def sizeHint(self) -> QSize:
        return QSize(_SIDE + 12, _SIDE + 12)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The style's own button, without its arrow, and the swatch in its middle."""
        super().paintEvent(event)
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            box = QRectF(0, 0, _SIDE, _SIDE)
            box.moveCenter(QRectF(self.rect()).center())
            _draw(painter, box, self._color, self.palette().text().color())


def _names() -> dict[str, str]:
    return {tint: tr(name) for tint, name in TINTS.items()}


def _swatch(color: QColor, ratio: float) -> QIcon:
    pixmap = QPixmap(QSize(_SIDE, _SIDE) * ratio)
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    with QPainter(pixmap) as painter:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        _draw(painter, QRectF(0, 0, _SIDE, _SIDE), color, QColor(0x80, 0x80, 0x80))
    return QIcon(pixmap)


def _draw(painter: QPainter, box: QRectF, color: QColor, rim: QColor) -> None:
    painter.setBrush(color)
    painter.setPen(QPen(rim, 1))
    painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), _ROUND, _ROUND)
