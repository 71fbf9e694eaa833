"""A conversation about the text, below it: what was said, what is being said, and a line to ask in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QSize, Signal
from PySide6.QtGui import QFont, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QTextEdit, QVBoxLayout

from studio.api.values import tr
from studio.ui.api import UNIT, ElidedLabel, button
from studio_text.core.markdown import Passage, body, passages
from studio_text.room import markdown_look

if TYPE_CHECKING:
    from studio_text.room.turn import Turn

_NEW_VERSION = "<draft>"
"""From here on an answer holds a whole new text, which is offered and not shown."""


def _said(answer: str) -> str:
    """What of an unfinished answer is shown: nothing of a new version, nor of the sign that one begins with,
    which comes in pieces."""
    said = answer.partition(_NEW_VERSION)[0]
    held = range(min(len(said), len(_NEW_VERSION) - 1), 0, -1)
    part = next((length for length in held if _NEW_VERSION.startswith(said[-length:])), 0)
    return said[: len(said) - part]


class ChatView(QFrame):
    asked = Signal(str)
    stop_wanted = Signal()
    use_wanted = Signal()
    """The new version that was proposed."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "panel")
        self._turns: Sequence[Turn] = ()
        self.live = ""
        """What is being said now."""
        self.log = QTextEdit()
        self.log.setReadOnly(True)
        self.log.setTabChangesFocus(True)
        self.log.setProperty("role", "page")
        self.log.setFrameShape(QTextEdit.Shape.NoFrame)
        self.log.setAccessibleName(tr("Conversation"))
        self.log.document().setDocumentMargin(10)
        self.state = ElidedLabel("", "small")
        self.use = button(tr("Use the new version"))
        self.use.setToolTip(tr("Puts it in place of your text; undo brings yours back"))
        self.use.clicked.connect(self.use_wanted)
        self.line = QLineEdit()
        self.line.setPlaceholderText(tr("Ask about the text, or say what to change"))
        self.line.setAccessibleName(tr("Message"))
        self.line.setMaxLength(8000)
        self.line.returnPressed.connect(self._ask)
        self.send = button(tr("Ask"))
        self.send.clicked.connect(self._ask)
        self.stop = button(tr("Stop"))
        self.stop.clicked.connect(self.stop_wanted)
        told = QHBoxLayout()
        told.setContentsMargins(2 * UNIT, 0, UNIT + 4, 0)
        told.addWidget(self.state, 1)
        told.addWidget(self.use)
        foot = QHBoxLayout()
        foot.setContentsMargins(UNIT + 4, UNIT // 2, UNIT + 4, UNIT)
        foot.setSpacing(UNIT)
        foot.addWidget(self.line, 1)
        foot.addWidget(self.send)
        foot.addWidget(self.stop)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.log, 1)
        column.addLayout(told)
        column.addLayout(foot)
        self.setFocusProxy(self.line)
        self.show_turns(())
        self.show_busy(False)
        self.offer(False)

    def minimumSizeHint(self) -> QSize:
        return QSize(40 * UNIT, 20 * UNIT)

    def show_turns(self, turns: Sequence[Turn]) -> None:
        self._turns = turns
        self.live = ""
        self._fill()

    def show_busy(self, on: bool, words: str = "") -> None:
        self.stop.setVisible(on)
        self.send.setVisible(not on)
        self.line.setEnabled(not on)
        self.state.setText(words)

    def offer(self, on: bool) -> None:
        """Whether there is a new version to be used."""
        self.use.setVisible(on)

    def grow(self, words: str) -> None:
        """The next words of the answer."""
        begins = not self.live
        before = _said(self.live)
        self.live += words
        shown = _said(self.live)
        cursor = QTextCursor(self.log.document())
        cursor.movePosition(QTextCursor.MoveOperation.End)
        if begins:
            block, letters = markdown_look.prose(markdown_look.larger(self.font(), 1))
            name = QTextCharFormat(letters)
            name.setFontWeight(QFont.Weight.DemiBold)
            cursor.insertBlock(block, name)
            cursor.insertText(tr("The model"), name)
            cursor.insertBlock(block, letters)
        cursor.insertText(shown[len(before) :])
        if _NEW_VERSION in self.live:
            self.state.setText(tr("Writing a new version…"))
        bar = self.log.verticalScrollBar()
        bar.setValue(bar.maximum())

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.PaletteChange and self._turns:
            self._fill()

    def _ask(self) -> None:
        words = self.line.text().strip()
        if words and self.line.isEnabled():
            self.line.clear()
            self.asked.emit(words)

    def _fill(self) -> None:
        self.log.clear()
        shown: list[Passage] = []
        for turn in self._turns:
            who = tr("You") if turn.role == "user" else tr("The model")
            said = passages(turn.content)
            shown += [Passage(f"**{who}**", body(f"**{who}**")), *said]
        font = markdown_look.larger(self.font(), 1)
        markdown_look.write_passages(self.log.document(), shown, font, self.palette())
        bar = self.log.verticalScrollBar()
        bar.setValue(bar.maximum())
