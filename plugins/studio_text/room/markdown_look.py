"""Markdown as it is read in the window: written into a QTextDocument, passage by passage."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from msgspec import Struct
from PySide6.QtGui import (
    QBrush,
    QFont,
    QFontDatabase,
    QFontInfo,
    QPalette,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextFormat,
    QTextFrameFormat,
    QTextLength,
    QTextListFormat,
    QTextTableFormat,
)

from studio_text.core.markdown import Passage, described, passages, tokens

LINE_HEIGHT = 145
"""Percent: prose wants room between its lines."""
_HEADINGS = (1.7, 1.35, 1.15, 1.0, 1.0, 1.0)
_INDENT = 22
_PROPORTIONAL = QTextBlockFormat.LineHeightTypes.ProportionalHeight.value


class Placed(Struct, frozen=True):
    """A passage and the blocks that show it."""

    passage: Passage
    first: int
    last: int


def write(document: QTextDocument, text: str, font: QFont, palette: QPalette) -> list[Placed]:
    """Fills an empty document. `font` is that of plain words; the colors are the palette's."""
    return write_passages(document, passages(text), font, palette)


def write_passages(
    document: QTextDocument, found: Sequence[Passage], font: QFont, palette: QPalette
) -> list[Placed]:
    writer = _Writer(document, font, palette)
    return [writer.passage(passage) for passage in found]


def larger(font: QFont, pixels: int) -> QFont:
    """What is read and written at length is a little larger than what is pressed."""
    made = QFont(font)
    made.setPixelSize(QFontInfo(font).pixelSize() + pixels)
    return made


def prose(font: QFont) -> tuple[QTextBlockFormat, QTextCharFormat]:
    """How a plain paragraph looks."""
    block = QTextBlockFormat()
    block.setLineHeight(LINE_HEIGHT, _PROPORTIONAL)
    block.setBottomMargin(_em(font) * 0.7)
    letters = QTextCharFormat()
    letters.setFont(font)
    return block, letters


def _em(font: QFont) -> float:
    return float(font.pixelSize())


class _Writer:
    def __init__(self, document: QTextDocument, font: QFont, palette: QPalette) -> None:
        self._cursor = QTextCursor(document)
        document.setIndentWidth(_INDENT - 2)
        self._document = document
        self._font, self._palette = font, palette
        self._plain_block, self._plain = prose(font)
        self._is_first = True
        self._lists: list[tuple[bool, int]] = []
        self._is_entry = False
        self._quotes = 0
        self._heading = 0
        self._rows: list[list[Any]] | None = None
        self._tight = False
        self._was_entry = False

    def passage(self, passage: Passage) -> Placed:
        first = 0 if self._is_first else self._document.blockCount()
        self._tight = passage.is_entry
        for token in tokens(passage.source):
            self._take(token)
        return Placed(passage, min(first, self._document.blockCount() - 1), self._document.blockCount() - 1)

    def _take(self, token: Any) -> None:
        kind = token.type
        if kind == "heading_open":
            self._heading = int(token.tag[1])
        elif kind == "heading_close":
            self._heading = 0
        elif kind == "inline":
            if self._rows is not None:
                self._rows[-1].append(token)
            else:
                self._paragraph(token)
        elif kind in ("fence", "code_block"):
            self._code(token.content.rstrip("\n"))
        elif kind == "hr":
            self._rule()
        elif kind in ("blockquote_open", "blockquote_close"):
            self._quotes += token.nesting
        elif kind in ("bullet_list_open", "ordered_list_open"):
            self._lists.append((kind[0] == "o", int(token.attrGet("start") or 1)))
        elif kind in ("bullet_list_close", "ordered_list_close"):
            self._lists.pop()
        elif kind == "list_item_open":
            self._is_entry = True
        elif kind == "table_open":
            self._rows = []
        elif kind == "tr_open" and self._rows is not None:
            self._rows.append([])
        elif kind == "table_close":
            self._table()

    def _block(self, shape: QTextBlockFormat, letters: QTextCharFormat) -> None:
        self._cursor.movePosition(QTextCursor.MoveOperation.End)
        if self._is_first:
            self._cursor.setBlockFormat(shape)
            self._cursor.setBlockCharFormat(letters)
            self._is_first = False
        else:
            self._cursor.insertBlock(shape, letters)

    def _paragraph(self, token: Any) -> None:
        shape, letters = QTextBlockFormat(self._plain_block), QTextCharFormat(self._plain)
        em = _em(self._font)
        if self._heading:
            size = _HEADINGS[self._heading - 1]
            font = QFont(self._font)
            font.setPixelSize(round(em * size))
            font.setWeight(QFont.Weight.DemiBold)
            letters.setFont(font)
            shape.setHeadingLevel(self._heading)
            shape.setLineHeight(120, _PROPORTIONAL)
            shape.setTopMargin(0 if self._is_first else em * (1.1 if size > 1.2 else 0.7))
            shape.setBottomMargin(em * 0.45)
        if self._quotes:
            shape.setLeftMargin(_INDENT * self._quotes)
            letters.setForeground(self._palette.placeholderText())
        if self._was_entry and not self._lists and not self._heading:
            shape.setTopMargin(em * 0.45)
        self._was_entry = bool(self._lists)
        if self._lists:
            shape.setBottomMargin(em * (0.25 if self._tight else 0.4))
            if not self._is_entry:
                shape.setLeftMargin(_INDENT * len(self._lists))
        self._block(shape, letters)
        if self._lists and self._is_entry:
            self._sign()
        self._fill(self._cursor, token, letters)

    def _sign(self) -> None:
        """The block at hand begins an entry: a list of its own, so that it has its own number."""
        ordered, start = self._lists[-1]
        self._is_entry = False
        style = QTextListFormat.Style
        shape = QTextListFormat()
        shape.setIndent(len(self._lists))
        dots = style.ListDisc if len(self._lists) == 1 else style.ListCircle
        shape.setStyle(style.ListDecimal if ordered else dots)
        if ordered:
            shape.setStart(start)
            self._lists[-1] = (True, start + 1)
        self._cursor.createList(shape)

    def _code(self, text: str) -> None:
        letters = self._mono(self._plain)
        for number, line in enumerate(text.split("\n")):
            shape = QTextBlockFormat()
            shape.setBackground(self._palette.midlight())
            shape.setLeftMargin(_INDENT * (len(self._lists) + self._quotes))
            shape.setNonBreakableLines(False)
            shape.setTopMargin(0 if number else _em(self._font) * 0.3)
            if number == text.count("\n"):
                shape.setBottomMargin(_em(self._font) * 0.8)
            self._block(shape, letters)
            self._cursor.insertText(line, letters)
        self._is_entry = False

    def _rule(self) -> None:
        shape = QTextBlockFormat()
        shape.setProperty(
            QTextFormat.Property.BlockTrailingHorizontalRulerWidth,
            QTextLength(QTextLength.Type.PercentageLength, 100),
        )
        shape.setBottomMargin(_em(self._font) * 0.8)
        self._block(shape, self._plain)

    def _table(self) -> None:
        rows, self._rows = self._rows or [], None
        if not rows or not rows[0]:
            return
        self._block(QTextBlockFormat(), self._plain)
        shape = QTextTableFormat()
        shape.setBorderStyle(QTextFrameFormat.BorderStyle.BorderStyle_Solid)
        shape.setBorder(1)
        shape.setBorderBrush(QBrush(self._palette.mid()))
        shape.setBorderCollapse(True)
        shape.setCellPadding(5)
        shape.setCellSpacing(0)
        table = self._cursor.insertTable(len(rows), len(rows[0]), shape)
        for down, row in enumerate(rows):
            for across, token in enumerate(row[: len(rows[0])]):
                letters = QTextCharFormat(self._plain)
                if down == 0:
                    letters.setFontWeight(QFont.Weight.DemiBold)
                self._fill(table.cellAt(down, across).firstCursorPosition(), token, letters)

    def _fill(self, cursor: QTextCursor, token: Any, plain: QTextCharFormat) -> None:
        marks: list[str] = []
        for child in token.children or ():
            kind = child.type
            if kind.endswith("_open"):
                marks.append(kind.removesuffix("_open"))
            elif kind.endswith("_close"):
                marks.remove(kind.removesuffix("_close"))
            elif kind == "hardbreak":
                cursor.insertText("\u2028", plain)
            else:
                words = described(child) if kind == "image" else child.content
                letters = self._marked(plain, marks)
                cursor.insertText(words, self._mono(letters) if kind == "code_inline" else letters)

    def _marked(self, plain: QTextCharFormat, marks: Sequence[str]) -> QTextCharFormat:
        letters = QTextCharFormat(plain)
        if "strong" in marks:
            letters.setFontWeight(QFont.Weight.DemiBold)
        if "em" in marks:
            letters.setFontItalic(True)
        if "s" in marks:
            letters.setFontStrikeOut(True)
        if "link" in marks:
            letters.setFontUnderline(True)
            letters.setForeground(self._palette.link())
        return letters

    def _mono(self, plain: QTextCharFormat) -> QTextCharFormat:
        letters = QTextCharFormat(plain)
        font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
        font.setPixelSize(round(_em(self._font) * 0.92))
        letters.setFont(font)
        letters.setBackground(self._palette.midlight())
        return letters
