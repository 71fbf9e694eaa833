"""How Markdown looks while it is written: what is a heading looks like one, and its signs step back."""

from __future__ import annotations

import re

from PySide6.QtGui import (
    QFont,
    QFontDatabase,
    QPalette,
    QSyntaxHighlighter,
    QTextBlock,
    QTextCharFormat,
    QTextDocument,
)

_HEADING = re.compile(r"(#{1,6}\s+)(.*)")
_ENTRY = re.compile(r"(\s*)([-*+]|\d{1,9}[.)])(\s+)")
_QUOTE = re.compile(r"\s{0,3}(>\s?)+")
_FENCE = re.compile(r"\s{0,3}(```|~~~)")
_STRONG = re.compile(r"(\*\*|__)(?=\S)(.+?)(?<=\S)\1")
_EMPHASIS = re.compile(r"(?<![*_\w])([*_])(?![*_\s])([^*_]+?)(?<!\s)\1(?![*_\w])")
_CODE = re.compile(r"(`+)([^`]+)\1")
_LINK = re.compile(r"\[([^\]\n]*)\]\(([^)\s]*)\)")
_LARGER = (1.45, 1.25, 1.1)
_IN_CODE = 1


class Highlighter(QSyntaxHighlighter):
    def __init__(self, document: QTextDocument, font: QFont, palette: QPalette) -> None:
        super().__init__(document)
        self.set_look(font, palette)

    def set_look(self, font: QFont, palette: QPalette) -> None:
        self._size = font.pixelSize()
        self._muted = QTextCharFormat()
        self._muted.setForeground(palette.placeholderText())
        self._link = QTextCharFormat()
        self._link.setForeground(palette.link())
        self._code = QTextCharFormat()
        self._code.setFontFamilies([QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont).family()])
        self._code.setBackground(palette.midlight())
        self.rehighlight()

    def highlightBlock(self, text: str) -> None:
        inside = self.previousBlockState() == _IN_CODE
        if _FENCE.match(text):
            self.setFormat(0, len(text), self._muted)
            self.setCurrentBlockState(0 if inside else _IN_CODE)
            return
        self.setCurrentBlockState(_IN_CODE if inside else 0)
        if inside:
            self.setFormat(0, _units(text), self._code)
            return
        heading = _HEADING.match(text)
        if heading:
            self._heading(heading, text)
            return
        for sign in (_QUOTE.match(text), _ENTRY.match(text)):
            if sign:
                self.setFormat(0, sign.end(), self._muted)
        shift = _shifts(text)
        for found in _STRONG.finditer(text):
            self._between(found, shift, weight=QFont.Weight.DemiBold)
        for found in _EMPHASIS.finditer(text):
            self._between(found, shift, italic=True)
        for found in _LINK.finditer(text):
            start, end = shift(found.start()), shift(found.end())
            self.setFormat(start, end - start, self._muted)
            self.setFormat(shift(found.start(1)), shift(found.end(1)) - shift(found.start(1)), self._link)
        for found in _CODE.finditer(text):
            self.setFormat(shift(found.start()), shift(found.end()) - shift(found.start()), self._code)

    def _heading(self, found: re.Match[str], text: str) -> None:
        level = found.group(1).count("#")
        look = QTextCharFormat()
        look.setFontWeight(QFont.Weight.DemiBold)
        size = round(self._size * (_LARGER[level - 1] if level <= len(_LARGER) else 1))
        look.setProperty(QTextCharFormat.Property.FontPixelSize, size)
        sign = QTextCharFormat(look)
        sign.setForeground(self._muted.foreground())
        self.setFormat(0, found.end(1), sign)
        self.setFormat(found.end(1), _units(text) - found.end(1), look)

    def _between(self, found: re.Match[str], shift: _Shift, *, weight: int = 0, italic: bool = False) -> None:
        """The words get their look, the signs around them step back."""
        start, end = shift(found.start(2)), shift(found.end(2))
        for place in range(start, end):
            look = QTextCharFormat(self.format(place))
            if weight:
                look.setFontWeight(weight)
            if italic:
                look.setFontItalic(True)
            self.setFormat(place, 1, look)
        width = len(found.group(1))
        self.setFormat(start - width, width, self._muted)
        self.setFormat(end, width, self._muted)


class _Shift:
    """Python counts letters, Qt counts UTF-16 units."""

    def __init__(self, text: str) -> None:
        self._far = [place for place, letter in enumerate(text) if letter > "\uffff"]

    def __call__(self, place: int) -> int:
        return place + sum(far < place for far in self._far)


def _shifts(text: str) -> _Shift:
    return _Shift(text)


def _units(text: str) -> int:
    return len(text) + sum(letter > "\uffff" for letter in text)


def is_code(block: QTextBlock) -> bool:
    """Whether a line is inside of fences."""
    return bool(block.userState() == _IN_CODE)
