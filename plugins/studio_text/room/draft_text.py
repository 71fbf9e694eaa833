"""One draft as it is read: it grows while words come, then shows its passages, each of which can be taken."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
from PySide6.QtCore import QByteArray, QEvent, QMimeData, QRectF, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QFont,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QTextCursor,
)
from PySide6.QtWidgets import QTextEdit

from studio.api.values import tr
from studio_text.core import markdown
from studio_text.core.markdown import Passage
from studio_text.room import markdown_look
from studio_text.room.highlight import Highlighter
from studio_text.room.markdown_look import Placed

PASSAGE_MIME = "application/x-studio-passage"
"""JSON: [text, digest of the recipe that wrote it]."""

_LARGER = 1
_ROUND = 4
_AROUND = 5
_BAR = 3


def reading_font(base: QFont) -> QFont:
    return markdown_look.larger(base, _LARGER)


class DraftText(QTextEdit):
    """Click a passage, or walk to it with up and down and press Enter, to take it. Drag over words to select
    them; they can be copied, or dragged into the document, which keeps where they came from."""

    taken = Signal(object)
    """Passage."""

    def __init__(self) -> None:
        super().__init__()
        self.setReadOnly(True)
        self.setTabChangesFocus(True)
        self.setUndoRedoEnabled(False)
        self.setProperty("role", "page")
        self.setFrameShape(QTextEdit.Shape.NoFrame)
        self.setMouseTracking(True)
        self.viewport().setMouseTracking(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.source = ""
        """The digest of the recipe that wrote it."""
        self.text = ""
        """In Markdown."""
        self.passages: list[Placed] = []
        self.takes = True
        """Whether passages can be taken now."""
        self._used: set[int] = set()
        self._under: int | None = None
        self._at: int | None = None
        self._pressed: int | None = None
        self._writing: Highlighter | None = None
        """Gives words that come a look, while they are not set."""
        self.document().setDocumentMargin(10)

    # Growing -----------------------------------------------------------------------------------------------

    def begin(self) -> None:
        """Empty, for words to come."""
        self.text, self.passages = "", []
        self._used.clear()
        self._under = self._at = None
        self._end_writing()
        self.clear()
        block, letters = markdown_look.prose(reading_font(self.font()))
        block.setBottomMargin(0)
        cursor = self.textCursor()
        cursor.setBlockFormat(block)
        cursor.setBlockCharFormat(letters)
        self.setCurrentCharFormat(letters)
        self._writing = Highlighter(self.document(), reading_font(self.font()), self.palette())

    def grow(self, words: str) -> None:
        """Adds words at the end; what stands there already is left alone. The view stays at the end where it
        was there, and where the reader is otherwise."""
        bar = self.verticalScrollBar()
        at_end = bar.value() >= bar.maximum() - 2
        self.text += words
        cursor = QTextCursor(self.document())
        cursor.movePosition(QTextCursor.MoveOperation.End)
        cursor.insertText(words)
        if at_end:
            bar.setValue(bar.maximum())

    def finish(self, text: str) -> None:
        """Shows the whole text as it will look, from its beginning."""
        self.text = text
        self._end_writing()
        self._render()
        self.verticalScrollBar().setValue(0)

    def _end_writing(self) -> None:
        if self._writing is not None:
            self._writing.setDocument(None)
            self._writing.deleteLater()
            self._writing = None

    def _render(self) -> None:
        at = self.verticalScrollBar().value()
        self.setUpdatesEnabled(False)
        self.clear()
        self.passages = markdown_look.write(
            self.document(), self.text, reading_font(self.font()), self.palette()
        )
        self.setUpdatesEnabled(True)
        self._used = {place for place in self._used if place < len(self.passages)}
        self.verticalScrollBar().setValue(at)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.FontChange) and self.passages:
            self._render()

    # Taking ------------------------------------------------------------------------------------------------

    def mark_used(self, is_used: Callable[[Passage], bool]) -> None:
        """A bar stands beside what is in the document."""
        used = {place for place, one in enumerate(self.passages) if is_used(one.passage)}
        if used != self._used:
            self._used = used
            self.viewport().update()

    def rect_of(self, place: int) -> QRectF:
        """Where a passage is, in the viewport."""
        placed = self.passages[place]
        layout = self.document().documentLayout()
        rect = QRectF()
        block = self.document().findBlockByNumber(placed.first)
        while block.isValid() and block.blockNumber() <= placed.last:
            rect = rect.united(layout.blockBoundingRect(block))
            block = block.next()
        left = self.document().documentMargin()
        width = self.viewport().width() - 2 * left
        return QRectF(left, rect.top() - self.verticalScrollBar().value(), width, rect.height())

    def place_at(self, y: float) -> int | None:
        for place in range(len(self.passages)):
            rect = self.rect_of(place)
            if rect.top() - _AROUND <= y <= rect.bottom() + _AROUND:
                return place
        return None

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self.viewport()) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            if self.takes and self._under is not None and self._under < len(self.passages):
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(self.palette().midlight())
                painter.drawRoundedRect(self._around(self._under), _ROUND, _ROUND)
            for place in self._used:
                rect = self._around(place)
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(self.palette().accent())
                x = rect.left() if self.layoutDirection() is Qt.LayoutDirection.LeftToRight else rect.right()
                painter.drawRoundedRect(QRectF(x - 1, rect.top() + 4, _BAR, rect.height() - 8), 1.5, 1.5)
        super().paintEvent(event)
        if self.takes and self.hasFocus() and self._at is not None and self._at < len(self.passages):
            with QPainter(self.viewport()) as painter:
                painter.setRenderHint(QPainter.RenderHint.Antialiasing)
                painter.setPen(QPen(self.palette().accent(), 2))
                painter.drawRoundedRect(self._around(self._at).adjusted(1, 1, -1, -1), _ROUND, _ROUND)

    def _around(self, place: int) -> QRectF:
        return self.rect_of(place).adjusted(-_AROUND, -3, _AROUND, 3)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        is_plain = event.button() == Qt.MouseButton.LeftButton and not event.modifiers()
        self._pressed = self.place_at(event.position().y()) if is_plain else None
        self._at = None

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        pressed, self._pressed = self._pressed, None
        same = pressed is not None and pressed == self.place_at(event.position().y())
        if same and not self.textCursor().hasSelection() and pressed is not None:
            self.take(pressed)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        self._hover(self.place_at(event.position().y()) if self.takes else None)

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._hover(None)

    def _hover(self, place: int | None) -> None:
        if place != self._under:
            self._under = place
            self.viewport().setCursor(
                Qt.CursorShape.PointingHandCursor if place is not None else Qt.CursorShape.IBeamCursor
            )
            self.viewport().setToolTip(tr("Click to add this to your text") if place is not None else "")
            self.viewport().update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if self.takes and self.passages and not event.modifiers():
            if key in (Qt.Key.Key_Down, Qt.Key.Key_Up):
                self.step(1 if key == Qt.Key.Key_Down else -1)
                return
            if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space) and self._at is not None:
                self.take(self._at)
                return
        super().keyPressEvent(event)

    def step(self, way: int) -> None:
        """To the next passage, or the one before."""
        last = len(self.passages) - 1
        self._at = (0 if way > 0 else last) if self._at is None else min(max(self._at + way, 0), last)
        rect = self.rect_of(self._at)
        bar = self.verticalScrollBar()
        if rect.top() < _AROUND:
            bar.setValue(round(bar.value() + rect.top() - 2 * _AROUND))
        elif rect.bottom() > self.viewport().height() - _AROUND:
            bar.setValue(round(bar.value() + rect.bottom() - self.viewport().height() + 2 * _AROUND))
        words = markdown.letters(self.passages[self._at].passage.source)
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, words))
        self.viewport().update()

    def take(self, place: int) -> None:
        if self.takes and 0 <= place < len(self.passages):
            self.taken.emit(self.passages[place].passage)

    def createMimeDataFromSelection(self) -> QMimeData:
        chosen = self.textCursor().selection()
        data = QMimeData()  # Qt's own tells of its formats only
        data.setText(chosen.toPlainText())
        data.setHtml(chosen.toHtml())
        said = msgspec.json.encode([chosen.toPlainText(), self.source])
        data.setData(PASSAGE_MIME, QByteArray(said))
        return data
