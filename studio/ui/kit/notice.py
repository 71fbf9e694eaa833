"""The line over the stage: one sentence, with at most one thing to do about it."""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct
from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from studio.ui.kit.controls import ElidedLabel, button
from studio.ui.kit.theme import UNIT
from studio.words import tr

_SECONDS = 8.0
"""How long a sentence without anything to do stays; longer for long ones."""
_SECONDS_A_CHARACTER = 0.06
_MOST_WAITING = 5
_FLOAT = 6 * UNIT
"""Below the tools at the top of the stage and of the comparison."""

Act = Callable[[], object]


class Said(Struct, frozen=True):
    text: str
    words: str = ""
    act: Act | None = None
    passing: bool = False
    """An offer to undo: a newer one takes its place, since the history knows both."""


class Notice(QFrame):
    """What is said last is shown at once. What it displaces comes back if there was something to do about it.

    A sentence with nothing to do about it goes by itself, though not while the pointer or the focus is on it.
    """

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "notice")
        self.setAccessibleName(tr("Notice"))
        self.text = ElidedLabel()
        self.action = button("", "quiet")
        self.close_button = button(tr("Dismiss"), "quiet")
        row = QHBoxLayout(self)
        row.setContentsMargins(2 * UNIT, UNIT // 2, UNIT // 2, UNIT // 2)
        row.setSpacing(UNIT)
        row.addWidget(self.text, 1)
        row.addWidget(self.action)
        row.addWidget(self.close_button)
        self.shown: Said | None = None
        self._home: QWidget | None = None
        self._over: QWidget | None = None
        self._waiting: list[Said] = []
        self._successor: Notice | None = None
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._expire)
        self.action.clicked.connect(self._run)
        self.close_button.clicked.connect(self.dismiss)
        self.hide()

    def float_over(self, over: QWidget) -> None:
        """Lies at the top of this widget from now on, so that no picture moves as it comes and goes."""
        self._home = over
        self.move_to(over)

    def move_to(self, page: QWidget | None) -> None:
        """Goes with the user to a page that hides its own place; None: back again."""
        over = page if page is not None else self._home
        if over is None or over is self._over:
            return
        if self._over is not None:
            self._over.removeEventFilter(self)
        self._over = over
        self.setParent(over)
        over.installEventFilter(self)
        self.setVisible(self.shown is not None)
        self._place()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and self.shown is not None:
            self._place()
        return False

    def _place(self) -> None:
        over = self._over
        if over is None:
            return
        room = over.width() - 4 * UNIT
        self.layout().activate()
        words = self.text.fontMetrics().horizontalAdvance(self.text.whole_text()) + UNIT
        rest = self.sizeHint().width()  # in which the words, that give way, do not count
        self.resize(min(words + rest, room), self.sizeHint().height())
        self.move((over.width() - self.width()) // 2, _FLOAT)
        self.raise_()

    def say(self, text: str, words: str = "", act: Act | None = None) -> None:
        """`words` are on the button that does `act`."""
        self._take(Said(text, words, act))

    def offer_undo(self, text: str, undo: Act) -> None:
        """Says what was done ("3 items moved to the trash"), with a button that takes it back."""
        self._take(Said(text, tr("Undo"), undo, passing=True))

    def dismiss(self) -> None:
        """What was displaced comes back; else the line goes."""
        if self._waiting:
            self._show(self._waiting.pop())
        else:
            self.clear()

    def clear(self) -> None:
        """Forgets all: another project."""
        self.shown = None
        self._waiting.clear()
        self._timer.stop()
        self.hide()

    def hand_over(self, successor: Notice) -> None:
        """What is said from now on, by work that began before the window was built anew, is said there."""
        self._successor = successor

    def _take(self, said: Said) -> None:
        if self._successor is not None:
            self._successor._take(said)
            return
        shown = self.shown
        self._waiting = [one for one in self._waiting if one.text != said.text]
        if shown is not None and shown.act is not None and not shown.passing and shown.text != said.text:
            self._waiting = [*self._waiting, shown][-_MOST_WAITING:]
        self._show(said)
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, said.text))

    def _show(self, said: Said) -> None:
        self.shown = said
        self.text.setText(said.text)
        self.action.setText(said.words)
        self.action.setVisible(said.act is not None)
        self.show()
        self._place()
        self._timer.stop()
        if said.act is None or said.passing:
            self._timer.start(round((_SECONDS + _SECONDS_A_CHARACTER * len(said.text)) * 1000))

    def _expire(self) -> None:
        if self.underMouse() or self.action.hasFocus() or self.close_button.hasFocus():
            self._timer.start(1000)
        else:
            self.dismiss()

    def _run(self) -> None:
        act = self.shown.act if self.shown is not None else None
        self.dismiss()
        if act is not None:
            act()
