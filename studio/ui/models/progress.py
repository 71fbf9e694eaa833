"""What is being done with a model: how far it is and how to stop it, or why it failed and how to go on."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize
from PySide6.QtWidgets import QBoxLayout, QFrame, QVBoxLayout

from studio.ui.kit.controls import BusyBar, button, label
from studio.ui.kit.dialogs import in_words
from studio.ui.kit.theme import UNIT
from studio.ui.models.orders import Order
from studio.ui.models.words import order_words
from studio.words import tr

_EDGE = UNIT + 4


class OrderCard(QFrame):
    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self.words = label("", wrap=True)
        self.bar = BusyBar()
        self.bar.setAccessibleName(tr("Progress"))
        self.error = label("", "error", wrap=True)
        self.hint = label("", "muted", wrap=True)
        self.again = button(tr("Try again"), "primary")
        self.cancel = button(tr("Cancel"))
        for one in (self.again, self.cancel):
            one.setAutoDefault(False)
        self._buttons = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._buttons.setSpacing(UNIT)
        self._buttons.addWidget(self.again)
        self._buttons.addWidget(self.cancel)
        self._buttons.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(_EDGE, _EDGE, _EDGE, _EDGE)
        column.setSpacing(UNIT)
        for part in (self.words, self.bar, self.error, self.hint):
            column.addWidget(part)
        column.addLayout(self._buttons)
        self.hide()

    def event(self, event: QEvent) -> bool:
        """Its buttons stand below each other where they do not fit side by side."""
        if event.type() in (QEvent.Type.Resize, QEvent.Type.LayoutRequest, QEvent.Type.StyleChange):
            across, upright = QBoxLayout.Direction.LeftToRight, QBoxLayout.Direction.TopToBottom
            needed = self.again.sizeHint().width() + self.cancel.sizeHint().width() + UNIT
            wanted = across if needed <= self.width() - 2 * _EDGE else upright
            if wanted != self._buttons.direction():
                self._buttons.setDirection(wanted)
        return super().event(event)

    def minimumSizeHint(self) -> QSize:
        widest = max(self.again.sizeHint().width(), self.cancel.sizeHint().width())
        return QSize(widest + 2 * _EDGE, super().minimumSizeHint().height())

    def show_order(self, order: Order | None) -> None:
        self.setVisible(order is not None)
        if order is None:
            return
        failed = order.state == "failed"
        self.words.setVisible(not failed)
        self.bar.setVisible(not failed)
        self.error.setVisible(failed)
        self.again.setVisible(failed)
        self.cancel.setText(tr("Dismiss") if failed else tr("Cancel"))
        self.cancel.setEnabled(failed or not order.stop.is_set())
        if failed and order.error is not None:
            told = in_words(order.error)
            self.error.setText(told.message)
            self.hint.setText(told.hint)
            self.hint.setVisible(bool(told.hint))
            return
        self.hint.hide()
        self.words.setText(order_words(order))
        known = order.total > 0 or order.state == "waiting"
        self.bar.setRange(0, 1000 if known else 0)
        if known:
            self.bar.setValue(round(1000 * min(1.0, order.done / order.total)) if order.total else 0)
