"""The coach card of the tour: a few words beside the widget that they are about, and a ring around it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt, QTimer, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget
from shiboken6 import isValid

from studio.ui.kit.controls import button, label
from studio.ui.kit.theme import RADIUS, UNIT, Theme
from studio.words import tr

_WIDTH = 38 * UNIT
_GAP = UNIT + 4
_AGAIN_MS = 200
"""Widgets move without telling; the card looks where they are."""


class Ring(QWidget):
    """Around a widget, and never in the way of the mouse."""

    def __init__(self, window: QWidget, theme: Theme) -> None:
        super().__init__(window)
        self.theme = theme
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.hide()

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(self.theme.color("accent"), 3))
            painter.drawRoundedRect(self.rect().adjusted(2, 2, -2, -2), RADIUS + 2, RADIUS + 2)


class CoachCard(QFrame):
    left = Signal()
    """The user wants to leave the tour."""
    skipped = Signal()
    """The user wants to see the next step."""

    def __init__(self, window: QWidget, theme: Theme) -> None:
        super().__init__(window)
        self.setProperty("role", "coach")
        self._window = window
        self._target: QWidget | None = None
        self.ring = Ring(window, theme)
        self.count = label("", "small")
        self.title = label("", "heading", wrap=True)
        self.text = label("", "", wrap=True)
        self.close_button = button(tr("Leave the tour"), "quiet")
        self.close_button.setToolTip(tr("Esc does the same. Help, Take the tour begins it again."))
        self.next = button("", "quiet")
        self.close_button.clicked.connect(self.left)
        self.next.clicked.connect(self.skipped)
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * UNIT, 2 * UNIT, 2 * UNIT, UNIT + 4)
        column.setSpacing(UNIT)
        for part in (self.count, self.title, self.text):
            column.addWidget(part)
        row = QHBoxLayout()
        row.setContentsMargins(0, UNIT, 0, 0)
        row.addWidget(self.close_button)
        row.addStretch(1)
        row.addWidget(self.next)
        column.addLayout(row)
        self._again = QTimer(self)
        self._again.setInterval(_AGAIN_MS)
        self._again.timeout.connect(self.place)
        window.installEventFilter(self)
        self.hide()

    def set_theme(self, theme: Theme) -> None:
        self.ring.theme = theme
        self.ring.update()

    def tell(self, count: str, title: str, text: str, next: str, target: QWidget | None) -> None:
        """Shows a step beside its widget; in the middle of the window where that is not to be seen."""
        self.count.setText(count)
        self.title.setText(title)
        self.text.setText(text)
        self.next.setText(next)
        self._target = target
        self.setAccessibleName(f"{count}. {title}. {text}")
        self.show()
        self._again.start()
        self.place()
        if QAccessible.isActive():
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, self.accessibleName()))

    def dismiss(self) -> None:
        self._again.stop()
        self.hide()
        self.ring.hide()

    def place(self) -> None:
        """Beside the widget, where there is most room; always wholly inside the window."""
        width = min(_WIDTH, self._window.width() - 4 * UNIT)
        self.setFixedWidth(width)
        self.setFixedHeight(self.layout().totalHeightForWidth(width))  # with the border
        spot = self._spot()
        self.ring.setVisible(spot is not None)
        if spot is None:
            middle = self._window.rect().center()
            self.move(middle.x() - self.width() // 2, self._window.height() - self.height() - 6 * UNIT)
        else:
            self.ring.setGeometry(spot.adjusted(-4, -4, 4, 4))
            self.ring.raise_()
            self.move(self._beside(spot))
        self.raise_()

    def _spot(self) -> QRect | None:
        target = self._target
        if target is None or not isValid(target) or not target.isVisible():
            return None
        top_left = target.mapTo(self._window, QPoint(0, 0))
        return QRect(top_left, target.size()).intersected(self._window.rect())

    def _beside(self, spot: QRect) -> QPoint:
        room, size = self._window.rect().adjusted(UNIT, UNIT, -UNIT, -UNIT), self.size()
        x = min(max(spot.center().x() - size.width() // 2, room.left()), room.right() - size.width())
        y = min(max(spot.center().y() - size.height() // 2, room.top()), room.bottom() - size.height())
        places = (
            (room.right() - spot.right(), size.width(), QPoint(spot.right() + _GAP, y)),
            (spot.left() - room.left(), size.width(), QPoint(spot.left() - _GAP - size.width(), y)),
            (room.bottom() - spot.bottom(), size.height(), QPoint(x, spot.bottom() + _GAP)),
            (spot.top() - room.top(), size.height(), QPoint(x, spot.top() - _GAP - size.height())),
        )
        for free, needed, place in sorted(places, key=lambda one: one[0] - one[1], reverse=True):
            if free >= needed + _GAP:
                return place
        return QPoint(room.right() - size.width(), room.bottom() - size.height() - 4 * UNIT)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if not self.isVisible():
            return False
        kind = event.type()
        if kind == QEvent.Type.Resize:
            self.place()
        elif kind == QEvent.Type.KeyPress and _is_escape(event):
            self.left.emit()  # nobody below the window wanted it
            return True
        return False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)


def _is_escape(event: QEvent) -> bool:
    return isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape
