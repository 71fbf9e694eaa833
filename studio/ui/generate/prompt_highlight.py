"""Waves under the words of a prompt that no dictionary knows."""

from __future__ import annotations

from PySide6.QtGui import QPalette, QSyntaxHighlighter, QTextCharFormat
from PySide6.QtWidgets import QPlainTextEdit

from studio.ui.kit.spelling import Speller


class SpellHighlighter(QSyntaxHighlighter):
    """The word that is being typed is not judged before the cursor leaves it."""

    def __init__(self, editor: QPlainTextEdit, speller: Speller) -> None:
        super().__init__(editor.document())
        self._editor, self._speller = editor, speller
        self._waiting = False
        editor.cursorPositionChanged.connect(self._on_moved)

    def highlightBlock(self, text: str) -> None:
        wave = QTextCharFormat()
        wave.setUnderlineStyle(QTextCharFormat.UnderlineStyle.SpellCheckUnderline)
        wave.setUnderlineColor(self._editor.palette().color(QPalette.ColorRole.BrightText))
        cursor = self._editor.textCursor()
        here = cursor.positionInBlock() if cursor.block() == self.currentBlock() else -1
        for start, length in self._speller.mistakes(text):
            if here == start + length and self._editor.hasFocus():
                self._waiting = True
            else:
                self.setFormat(start, length, wave)

    def _on_moved(self) -> None:
        if self._waiting:
            self._waiting = False
            self.rehighlight()
