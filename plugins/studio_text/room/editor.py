"""The text that a person works on: Markdown, with where each part of it came from."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from PySide6.QtCore import QEvent, QMimeData, Qt, Signal
from PySide6.QtGui import QFont, QResizeEvent, QTextCursor
from PySide6.QtWidgets import QTextEdit

from studio.ui.api import UNIT
from studio_text.core import markdown
from studio_text.core.passages import Passage, text_of
from studio_text.room import markdown_look
from studio_text.room.draft_text import PASSAGE_MIME
from studio_text.room.highlight import Highlighter
from studio_text.room.origin import Origins, Span, spans_of

MEASURE = 90 * UNIT
"""How wide the lines get: about 80 letters."""
LARGER = 2
_PARAGRAPH, _BREAK = "\u2029", "\u2028"


class DocumentEditor(QTextEdit):
    """What is typed has no source; what is taken over from a draft has its recipe's. Undo knows both."""

    edited = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setAcceptRichText(False)
        self.setProperty("role", "paper")
        self.setFrameShape(QTextEdit.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTabChangesFocus(True)
        self.origins = Origins()
        self._before = b""
        """The text before the last change, in UTF-16."""
        self._source = ""
        """Of what is being put in."""
        self._loading = False
        self._highlighter = Highlighter(self.document(), self.writing_font(), self.palette())
        self.document().contentsChange.connect(self._on_change)
        self.load([])

    def writing_font(self) -> QFont:
        return markdown_look.larger(self.font(), LARGER)

    # The text ----------------------------------------------------------------------------------------------

    def text(self) -> str:
        raw = self.document().toRawText()
        return raw.replace(_PARAGRAPH, "\n").replace(_BREAK, "\n")

    def passages(self) -> list[Passage]:
        return self.origins.passages(self.text())

    def load(self, passages: Sequence[Passage]) -> None:
        """Another text, with nothing to undo."""
        shown = [Passage(_clean(passage.text), passage.source) for passage in passages]
        self._loading = True
        self.document().setUndoRedoEnabled(False)
        self.setPlainText(text_of(shown))
        self._dress()
        self.document().setUndoRedoEnabled(True)
        self._loading = False
        self._before = self.text().encode("utf-16-le", "surrogatepass")
        self.origins.reset(self.text(), spans_of(shown))
        self.moveCursor(QTextCursor.MoveOperation.End)  # where the first passage goes
        self.verticalScrollBar().setValue(0)

    def spans(self) -> list[Span]:
        return list(self.origins.spans)

    # Edits, each of which undo takes back in one step ------------------------------------------------------

    def put(self, text: str, source: str, cursor: QTextCursor | None = None) -> None:
        """Puts a text in the place of the selection of a cursor, its own by default."""
        at = cursor if cursor is not None else self.textCursor()
        self._source = source
        try:
            at.insertText(_clean(text))
        finally:
            self._source = ""
        if cursor is None:
            self.setTextCursor(at)
            self.ensureCursorVisible()

    def replace_all(self, text: str, source: str) -> None:
        """The whole text gives way to another one."""
        cursor = QTextCursor(self.document())
        cursor.select(QTextCursor.SelectionType.Document)
        self.put(text, source, cursor)
        self.moveCursor(QTextCursor.MoveOperation.End)

    def add_passage(self, text: str, source: str) -> None:
        """Puts a passage behind the paragraph that the cursor is in, as one, or an entry, of its own."""
        cursor = self.textCursor()
        cursor.clearSelection()
        while cursor.block().text().strip() and cursor.block().next().text().strip():
            cursor.movePosition(QTextCursor.MoveOperation.NextBlock)
        cursor.movePosition(QTextCursor.MoveOperation.EndOfBlock)
        before = self.until(cursor.position())
        after = self.text()[len(before) :]
        text = text.strip("\n")
        behind = "" if not after.strip() else "\n" * max(0, 2 - (len(after) - len(after.lstrip("\n"))))
        self.put(markdown.joined(before, text) + text + behind, source, cursor)
        if behind:
            cursor.movePosition(QTextCursor.MoveOperation.Left, n=len(behind))
        self.setTextCursor(cursor)
        self.ensureCursorVisible()

    def until(self, position: int) -> str:
        """The text before a place, which is counted as Qt does."""
        data = self.text().encode("utf-16-le", "surrogatepass")[: 2 * position]
        return data.decode("utf-16-le", "surrogatepass")

    def around_selection(self) -> tuple[str, str, str]:
        """(before, selected, behind)."""
        cursor = self.textCursor()
        data = self.text().encode("utf-16-le", "surrogatepass")
        start, end = 2 * cursor.selectionStart(), 2 * cursor.selectionEnd()
        parts = (data[:start], data[start:end], data[end:])
        before, selected, behind = (part.decode("utf-16-le", "replace") for part in parts)
        return before, selected, behind

    def insertFromMimeData(self, data: QMimeData) -> None:
        """Words from a draft keep where they came from."""
        if data.hasFormat(PASSAGE_MIME):
            try:
                text, source = msgspec.json.decode(
                    bytes(data.data(PASSAGE_MIME).data()), type=tuple[str, str]
                )
            except msgspec.DecodeError:
                return
            self.put(text, source)
        else:
            super().insertFromMimeData(data)

    def canInsertFromMimeData(self, data: QMimeData) -> bool:
        return data.hasFormat(PASSAGE_MIME) or super().canInsertFromMimeData(data)

    # Keeping step ------------------------------------------------------------------------------------------

    def _on_change(self, at: int, removed: int, added: int) -> None:
        """Qt reports changes of looks too, and at times a wider range than what has changed."""
        if self._loading:
            return
        text = self.text()
        old, new = self._before, text.encode("utf-16-le", "surrogatepass")
        if old == new:
            return
        self._before = new
        was, now = len(old) // 2, len(new) // 2
        removed = min(removed, was - at)
        added = now - (was - removed)
        if added < 0 or at > min(was, now):
            at, removed, added = 0, was, now
        if not self._source:
            at, removed, added = _narrowed(old, new, at, removed, added)
        self.origins.replace(at, removed, added, text, self._source)
        self.edited.emit()

    # Looks -------------------------------------------------------------------------------------------------

    def _dress(self) -> None:
        block, letters = markdown_look.prose(self.writing_font())
        block.setBottomMargin(0)  # the empty line between two paragraphs is a paragraph too
        cursor = QTextCursor(self.document())
        cursor.select(QTextCursor.SelectionType.Document)
        cursor.setBlockFormat(block)
        cursor.setCharFormat(letters)
        cursor.setBlockCharFormat(letters)
        self.setCurrentCharFormat(letters)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.FontChange) and hasattr(self, "origins"):
            self._highlighter.set_look(self.writing_font(), self.palette())

    def resizeEvent(self, event: QResizeEvent) -> None:
        side = max(2 * UNIT, (self.width() - MEASURE) // 2)
        self.setViewportMargins(
            side, UNIT, side, 0
        )  # before the lines are set, which are as wide as what is left
        super().resizeEvent(event)


def _clean(text: str) -> str:
    """Signs that Qt has a meaning of its own for become line ends, or go."""
    text = markdown.plain(text).replace(_PARAGRAPH, "\n").replace(_BREAK, "\n")
    return "".join(letter for letter in text if not "\ufdd0" <= letter <= "\ufdef" and letter != "\ufffc")


def _narrowed(old: bytes, new: bytes, at: int, removed: int, added: int) -> tuple[int, int, int]:
    """The same change without what is alike at both ends of it."""
    while removed and added and old[2 * at : 2 * at + 2] == new[2 * at : 2 * at + 2]:
        at, removed, added = at + 1, removed - 1, added - 1
    while removed and added:
        last, fresh = 2 * (at + removed - 1), 2 * (at + added - 1)
        if old[last : last + 2] != new[fresh : fresh + 2]:
            break
        removed, added = removed - 1, added - 1
    return at, removed, added
