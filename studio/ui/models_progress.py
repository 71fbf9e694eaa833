"""What is being done with a model: how far it is and how to stop it, or why it failed and how to go on."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout

from studio.ui.controls import BusyBar, button, label
from studio.ui.dialogs import in_words
from studio.ui.models_words import order_words
from studio.ui.models_work import Order
from studio.ui.theme import UNIT
from studio.words import tr


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
        buttons = QHBoxLayout()
        buttons.setSpacing(UNIT)
        buttons.addWidget(self.again)
        buttons.addWidget(self.cancel)
        buttons.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(UNIT + 4, UNIT + 4, UNIT + 4, UNIT + 4)
        column.setSpacing(UNIT)
        for part in (self.words, self.bar, self.error, self.hint):
            column.addWidget(part)
        column.addLayout(buttons)
        self.hide()

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
