"""The line at the foot of the window: one sentence, with at most one thing to do about it."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial

from msgspec import Struct
from msgspec.structs import replace
from PySide6.QtCore import QEvent, QPoint, QSize, Qt, QTimer
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QIcon
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QSizePolicy, QToolButton

from studio.ui.kit import locales
from studio.ui.kit.controls import ElidedLabel, button, restyle
from studio.ui.kit.icons import icon
from studio.ui.kit.menu_entries import entry, plain_text
from studio.ui.kit.menu_keys import KeyMenu
from studio.ui.kit.theme import UNIT
from studio.words import tr

_SECONDS, _SECONDS_TO_ACT = 8.0, 20.0
"""How long a sentence stays, and one with something to do about it; longer for long ones."""
_SECONDS_A_CHARACTER = 0.06
_MOST_WAITING, _MOST_KEPT = 5, 20
_LEAST, _LONGEST = 12 * UNIT, 80
"""Pixels of words at least; characters in the list of what was said."""

Act = Callable[[], object]


class Said(Struct, frozen=True):
    text: str
    words: str = ""
    act: Act | None = None
    passing: bool = False
    """An offer to undo: a newer one takes its place, since the history knows both."""
    is_wrong: bool = False
    """Something failed: it stays until it was read."""


class _Words(ElidedLabel):
    """As wide as its words, where there is room."""

    def __init__(self) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        wide = self.fontMetrics().horizontalAdvance(self.whole_text()) + 2
        return QSize(wide, super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        return QSize(min(_LEAST, self.sizeHint().width()), super().minimumSizeHint().height())


class Notice(QFrame):
    """What is said last is shown at once. What it displaces comes back if there was something to do about it.

    It goes by itself, though not while the pointer or the focus is on it; a failure stays until it is read.
    It lies in the status line, where it covers nothing; `earlier` beside it lists what was said before.
    """

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "notice")
        self.setAccessibleName(tr("Notice"))
        self.text = _Words()
        self.action = button("", "quiet")
        self.close_button = _tool(tr("Dismiss"))
        self.earlier = _tool(tr("Earlier notices"))
        """A button, to be placed beside it; hidden until something was said."""
        self.earlier.hide()
        row = QHBoxLayout(self)
        row.setContentsMargins(UNIT + UNIT // 2, 0, 0, 0)
        row.setSpacing(UNIT // 2)
        row.addWidget(self.text)
        row.addWidget(self.action)
        row.addWidget(self.close_button)
        self.shown: Said | None = None
        self.said: list[tuple[float, Said]] = []
        """What was said before, the newest last, with its time in seconds since 1970."""
        self._waiting: list[Said] = []
        self._successor: Notice | None = None
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._expire)
        self.action.clicked.connect(self._run)
        self.close_button.clicked.connect(self.dismiss)
        self.earlier.clicked.connect(self._list)
        self._color()
        self.hide()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.PaletteChange:
            self._color()

    def _color(self) -> None:
        color = self.palette().placeholderText().color()
        self.close_button.setIcon(QIcon(icon("close", color)))
        self.earlier.setIcon(QIcon(icon("history", color)))

    def say(self, text: str, words: str = "", act: Act | None = None) -> None:
        """`words` are on the button that does `act`."""
        self._take(Said(text, words, act))

    def say_wrong(self, text: str, words: str, act: Act) -> None:
        """That something failed: it stays until `act` was done, which says more, or it is dismissed."""
        self._take(Said(text, words, act, is_wrong=True))

    def offer_undo(self, text: str, undo: Act) -> None:
        """Says what was done ("3 items moved to the trash"), with a button that takes it back."""
        self._take(Said(text, tr("Undo"), undo, passing=True))

    def dismiss(self) -> None:
        """What was displaced comes back; else the line goes."""
        if self._waiting:
            self._show(self._waiting.pop())
        else:
            self._end()

    def clear(self) -> None:
        """Forgets all: another project."""
        self.said.clear()
        self.earlier.hide()
        self._waiting.clear()
        self._end()

    def _end(self) -> None:
        self.shown = None
        self._timer.stop()
        self.hide()

    def hand_over(self, successor: Notice) -> None:
        """What is said from now on, by work that began before the window was built anew, is said there."""
        self._successor = successor
        successor.said = [*self.said, *successor.said][-_MOST_KEPT:]
        successor.earlier.setVisible(bool(successor.said))

    def _take(self, said: Said) -> None:
        if self._successor is not None:
            self._successor._take(said)
            return
        shown = self.shown
        self._waiting = [one for one in self._waiting if one.text != said.text]
        if shown is not None and shown.act is not None and not shown.passing and shown.text != said.text:
            self._waiting = [*self._waiting, shown][-_MOST_WAITING:]
        self._keep(said)
        self._show(said)
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, said.text))

    def _show(self, said: Said) -> None:
        self.shown = said
        self.text.setText(said.text)
        self.action.setText(said.words)
        self.action.setVisible(said.act is not None)
        restyle(self, "wrong", said.is_wrong)
        self.text.updateGeometry()
        self.show()
        self._timer.stop()
        if not said.is_wrong:
            least = _SECONDS if said.act is None or said.passing else _SECONDS_TO_ACT
            self._timer.start(round((least + _SECONDS_A_CHARACTER * len(said.text)) * 1000))

    def _keep(self, said: Said) -> None:
        """Only the newest step can be taken back by its notice: what is older is told without its button."""
        told = [(when, replace(one, words="", act=None) if one.passing else one) for when, one in self.said]
        self.said = [*(one for one in told if one[1].text != said.text), (time.time(), said)][-_MOST_KEPT:]
        self.earlier.show()

    def menu(self) -> QMenu:
        """What was said before, the newest first; an entry shows it again, with what can be done about it."""
        menu = KeyMenu(self)
        for when, said in reversed(self.said):
            words = said.text if len(said.text) <= _LONGEST else f"{said.text[:_LONGEST].rstrip()}…"
            entry(menu, f"{locales.clock(when)}  {plain_text(words)}", partial(self._show, said))
        return menu

    def _list(self) -> None:
        menu = self.menu()
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(self.earlier.mapToGlobal(QPoint(0, -menu.sizeHint().height())))

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


def _tool(words: str) -> QToolButton:
    made = QToolButton()
    made.setIconSize(QSize(16, 16))
    made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    made.setToolTip(words)
    made.setAccessibleName(words)
    return made
