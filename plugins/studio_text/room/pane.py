"""The document: its text to write and to read, what can be done with it, and how long it is."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QMimeData, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSplitter, QStackedWidget, QTextEdit, QVBoxLayout

from studio.api.values import tr
from studio.ui.api import (
    UNIT,
    ElidedLabel,
    KeyMenu,
    Segments,
    button,
    entry,
    frame,
    label,
    renew_tab_order,
    restyle,
)
from studio_text.core.passages import Passage
from studio_text.room import markdown_look
from studio_text.room.editor import LARGER, MEASURE, DocumentEditor
from studio_text.room.words import Limits, length_of, length_words

if TYPE_CHECKING:
    from studio_text.room.chat import ChatView

WRITE, READ = 0, 1
_COUNT_MS = 150


class ReadView(QTextEdit):
    """The text as it will look."""

    def __init__(self) -> None:
        super().__init__()
        self.setReadOnly(True)
        self.setTabChangesFocus(True)
        self.setProperty("role", "paper")
        self.setFrameShape(QTextEdit.Shape.NoFrame)
        self.setAccessibleName(tr("Text, set"))
        self._text = ""

    def show_text(self, text: str) -> None:
        self._text = text
        at = self.verticalScrollBar().value()
        self.clear()
        font = markdown_look.larger(self.font(), LARGER)
        markdown_look.write(self.document(), text, font, self.palette())
        self.verticalScrollBar().setValue(at)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.PaletteChange and self._text:
            self.show_text(self._text)

    def resizeEvent(self, event: QResizeEvent) -> None:
        side = max(2 * UNIT, (self.width() - MEASURE) // 2)
        self.setViewportMargins(
            side, UNIT, side, 0
        )  # before the lines are set, which are as wide as what is left
        super().resizeEvent(event)


class DocumentPane(QFrame):
    changed = Signal()
    """The text is another one."""
    settled = Signal()
    """Some time after the last change."""
    save_wanted = Signal()
    continue_wanted = Signal()
    drafts_wanted = Signal(bool)
    chat_made = Signal()
    copied = Signal(str)
    """How, in words."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "panel")
        self._limits = Limits()
        self.name = ElidedLabel("", "strong", Qt.TextElideMode.ElideMiddle)
        self.state = label("", "small")
        self.drafts = button(tr("Drafts"), "segment")
        self.drafts.setCheckable(True)
        self.drafts.setToolTip(tr("Shows the drafts beside the text, or hides them"))
        self.drafts.clicked.connect(lambda on: self.drafts_wanted.emit(on))
        self.views = Segments((tr("Write"), tr("Read")))
        self.views.setAccessibleName(tr("Way to look at the text"))
        self.views.chosen.connect(self.show_view)
        self.rewrite = button(tr("Rewrite"), "compact")
        self.rewrite_menu = KeyMenu(self.rewrite)
        self.rewrite.setMenu(self.rewrite_menu)
        self.go_on = button(tr("Continue"), "compact")
        self.go_on.setToolTip(tr("Writes what could come at the cursor"))
        self.go_on.clicked.connect(self.continue_wanted)
        self.copy_button = button(tr("Copy"), "compact")
        self.copy_menu = KeyMenu(self.copy_button)
        entry(self.copy_menu, tr("Copy with &formatting"), self.copy)
        entry(self.copy_menu, tr("Copy as &Markdown"), self.copy_markdown)
        self.copy_button.setMenu(self.copy_menu)
        self.talk = button(tr("Chat"), "segment")
        self.talk.setCheckable(True)
        self.talk.setToolTip(tr("Talk about the text with a model"))
        self.talk.clicked.connect(self.show_chat)
        self.save = button(tr("Save version"), "compact")
        self.save.clicked.connect(self.save_wanted)
        self.editor = DocumentEditor()
        self.editor.setAccessibleName(tr("Text"))
        self.editor.setPlaceholderText(tr("Write here, or take passages from the drafts."))
        self.reader = ReadView()
        self.length = ElidedLabel("", "small")
        self._stack = QStackedWidget()
        self._stack.addWidget(self.editor)
        self._stack.addWidget(self.reader)
        self._split = QSplitter(Qt.Orientation.Vertical)
        self._split.setChildrenCollapsible(False)
        self._split.setHandleWidth(4)
        self._split.addWidget(self._stack)
        self.setFocusProxy(self.editor)
        self._timer = QTimer(self, singleShot=True, interval=_COUNT_MS)
        self._timer.timeout.connect(self._settle)
        self.editor.edited.connect(self._on_edited)
        self.editor.selectionChanged.connect(self._tell_rewrite)
        self._build()
        self._tell_rewrite()
        self._settle()

    def _build(self) -> None:
        first = QHBoxLayout()
        first.setContentsMargins(2 * UNIT, UNIT, UNIT + 4, 0)
        first.setSpacing(UNIT)
        first.addWidget(self.name, 1)
        first.addWidget(self.drafts)
        first.addWidget(self.talk)
        first.addWidget(self.save)
        self._tools, self._more = QHBoxLayout(), QHBoxLayout()
        for tools in (self._tools, self._more):
            tools.setContentsMargins(UNIT + 4, 0, UNIT + 4, UNIT // 2)
            tools.setSpacing(UNIT // 2)
        self._tools.addWidget(self.views)
        self._tools.addStretch(1)
        self._tools.addWidget(self.copy_button)
        self._more.addStretch(1)
        foot = QFrame()
        row = QHBoxLayout(foot)
        row.setContentsMargins(2 * UNIT, UNIT // 2, 2 * UNIT, UNIT // 2)
        row.setSpacing(2 * UNIT)
        row.addWidget(self.length, 1)
        row.addWidget(self.state)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(first)
        column.addSpacing(UNIT // 2)
        column.addLayout(self._tools)
        column.addLayout(self._more)
        column.addWidget(frame("line"))
        column.addWidget(self._split, 1)
        column.addWidget(frame("line"))
        column.addWidget(foot)
        self._share_room()

    def minimumSizeHint(self) -> QSize:
        return QSize(44 * UNIT, 30 * UNIT)

    def tools_width(self) -> int:
        """What the tools need in one row."""
        parts = (self.views, self.rewrite, self.go_on, self.copy_button)
        return sum(part.sizeHint().width() for part in parts) + 2 * (UNIT + 4) + 4 * (UNIT // 2)

    def _share_room(self) -> None:
        """Where the tools' words would be cut, those that write go into a row of their own."""
        row = self._more if self.width() < self.tools_width() else self._tools
        if row.indexOf(self.go_on) < 0:
            for part in (self.rewrite, self.go_on):
                row.insertWidget(row.count() if row is self._more else row.count() - 1, part)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._share_room()

    def event(self, event: QEvent) -> bool:
        if event.type() is QEvent.Type.LayoutRequest:  # other words, another font or style
            self._share_room()
        return super().event(event)

    # What is shown -----------------------------------------------------------------------------------------

    def load(self, name: str, passages: Sequence[Passage], limits: Limits) -> None:
        self.name.setText(name)
        self._limits = limits
        self.editor.load(passages)
        self._settle()
        if self.view == READ:
            self.reader.show_text(self.editor.text())

    def set_limits(self, limits: Limits) -> None:
        self._limits = limits
        self._settle()

    @property
    def view(self) -> int:
        return self._stack.currentIndex()

    def show_view(self, view: int) -> None:
        """WRITE or READ."""
        self.views.choose(view)
        if view == READ:
            self.reader.show_text(self.editor.text())
        self._stack.setCurrentIndex(view)
        self.setFocusProxy(self.editor if view == WRITE else self.reader)
        self._tell_rewrite()

    @cached_property
    def chat(self) -> ChatView:
        from studio_text.room.chat import ChatView

        return ChatView()

    @property
    def has_chat(self) -> bool:
        return "chat" in self.__dict__

    def show_chat(self, on: bool) -> None:
        """Below the text; made when it is wanted first."""
        self.talk.setChecked(on)
        if on and not self.has_chat:
            self._split.addWidget(self.chat)
            self._split.setSizes([2 * self.height() // 3, self.height() // 3])
            self.chat_made.emit()
            renew_tab_order(self)
        if self.has_chat:
            self.chat.setVisible(on)
            (self.chat if on else self.editor).setFocus()

    def say_state(self, words: str) -> None:
        self.state.setText(words)

    def _on_edited(self) -> None:
        self._timer.start()
        self.changed.emit()

    def _settle(self) -> None:
        words, too_long = length_words(length_of(self.editor.text()), self._limits)
        self.length.setText(words)
        restyle(self.length, "role", "error" if too_long else "small")
        self.settled.emit()

    def _tell_rewrite(self) -> None:
        on = self.view == WRITE and self.editor.textCursor().hasSelection()
        self.rewrite.setEnabled(on)
        self.rewrite.setToolTip("" if on else tr("Select the words to rewrite"))

    # Out ---------------------------------------------------------------------------------------------------

    def copy(self) -> None:
        """With formatting; programs that know none take plain text."""
        QGuiApplication.clipboard().setMimeData(formatted(self._wanted()))
        self.copied.emit(tr("Copied with formatting."))

    def copy_markdown(self) -> None:
        QGuiApplication.clipboard().setText(self._wanted())
        self.copied.emit(tr("Copied as Markdown."))

    def _wanted(self) -> str:
        """The selection, or everything."""
        _, selected, _ = self.editor.around_selection()
        return selected if selected.strip() and self.view == WRITE else self.editor.text()


def formatted(text: str) -> QMimeData:
    """A text for the clipboard: set as HTML, as plain text, and as Markdown."""
    from studio_text.core.markdown import body
    from studio_text.core.plain_text import as_plain

    data = QMimeData()
    data.setHtml(body(text))
    data.setText(as_plain(text))
    data.setData("text/markdown", text.encode())
    return data
