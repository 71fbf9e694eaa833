"""The field for a chord grid in the form: typed with a live check, drawn as bars, or suggested."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QAccessible, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QLineEdit, QSizePolicy, QVBoxLayout, QWidget

from studio.api.values import BadInput, tr, trn
from studio.ui.api import UNIT, Editor, FormAccess, button, label, restyle
from studio_music.core.chords import PlacedChord, parse_grid
from studio_music.core.keys import Key, parse_key
from studio_music.core.meter import Meter, parse_meter
from studio_music.core.song import Song

HINT = "chord-grid"
_ACROSS = 4
"""Bars in a row of the drawing; half as many where their chords need it."""
_MOST_ROWS = 4
_FEW_BARS = 8


class BarsDrawing(QWidget):
    """A chord grid as musicians write it: four bars in a row, or two where their chords need it."""

    accessible_role = QAccessible.Role.Graphic

    def __init__(self) -> None:
        super().__init__()
        self._bars: list[list[str]] = []
        self._across = _ACROSS
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_bars(self, bars: list[list[str]]) -> None:
        """The chords of each bar."""
        self._bars = bars
        self.setAccessibleName(" | ".join(" ".join(bar) for bar in bars))
        self.setVisible(bool(bars))
        self._share_width()
        self.update()

    def sizeHint(self) -> QSize:
        rows = min(-(-len(self._bars) // self._across), _MOST_ROWS) + bool(self._more)
        return QSize(20 * UNIT, rows * self._row() + 2)

    def minimumSizeHint(self) -> QSize:
        return QSize(8 * UNIT, self.sizeHint().height())

    @property
    def _more(self) -> int:
        """Bars that are not drawn."""
        return max(0, len(self._bars) - self._across * _MOST_ROWS)

    def _row(self) -> int:
        return self.fontMetrics().height() + UNIT

    def _share_width(self) -> None:
        room = self.width() / _ACROSS - UNIT
        is_tight = any(self.fontMetrics().horizontalAdvance("  ".join(bar)) > room for bar in self._bars)
        self._across = _ACROSS // 2 if is_tight else _ACROSS
        self.updateGeometry()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._share_width()

    def paintEvent(self, event: QPaintEvent) -> None:
        colors, row, across = self.palette(), self._row(), self._across
        wide = self.width() / across
        drawn = self._bars[: across * _MOST_ROWS]
        with QPainter(self) as painter:
            for place, chords in enumerate(drawn):
                x, y = place % across * wide, place // across * row
                painter.setPen(colors.mid().color())
                painter.drawLine(int(x), y + 3, int(x), y + row - 3)
                if place % across == across - 1 or place == len(drawn) - 1:
                    painter.drawLine(int(x + wide) - 1, y + 3, int(x + wide) - 1, y + row - 3)
                painter.setPen(colors.windowText().color())
                part = (wide - UNIT) / max(1, len(chords))
                for number, chord in enumerate(chords):
                    area = QRectF(x + UNIT / 2 + number * part, y, part, row)
                    words = painter.fontMetrics().elidedText(chord, Qt.TextElideMode.ElideRight, int(part))
                    painter.drawText(area, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, words)
            if self._more:
                y = -(-len(drawn) // across) * row
                painter.setPen(colors.placeholderText().color())
                more = trn("and one more bar", "and {count} more bars", self._more)
                painter.drawText(QRectF(0, y, self.width(), row), Qt.AlignmentFlag.AlignVCenter, more)


class ChordEditor(Editor):
    """What is typed is checked against the meter and the number of bars that the form has."""

    def __init__(self, form: FormAccess, song: Callable[[], Song | None]) -> None:
        """`song` is the one on the stage: its key holds where the form has none."""
        self.field = QLineEdit()
        self.field.setPlaceholderText(tr("Such as {chords}", chords="Am F C G"))
        self.field.setAccessibleName(tr("Chords"))
        self.field.setClearButtonEnabled(True)
        self.drawing = BarsDrawing()
        self.wrong = label("", "error", wrap=True)
        self.suggest = button(tr("Suggest"), "quiet")
        self.suggest.setToolTip(tr("Fills in chords that go well together in this key"))
        below = QWidget()
        column = QVBoxLayout(below)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(UNIT // 2)
        for part in (self.field, self.drawing, self.wrong):
            column.addWidget(part)
        super().__init__(self.field, below=below, tools=(self.suggest,))
        self._form, self._song = form, song
        self.field.textEdited.connect(self._on_edit)
        self.suggest.clicked.connect(lambda: self._suggest())
        form.changed.connect(self._check)
        self._check()

    def show(self, value: Any) -> None:
        text = value if isinstance(value, str) else ""
        if text != self.field.text():
            self.field.setText(text)
            self.field.setCursorPosition(0)
        self._check()

    def _on_edit(self, text: str) -> None:
        self._check()
        self.changed(text)

    def _suggest(self) -> None:
        from studio_music.core.suggesting import suggested_grid  # for speed: numpy, with the first suggestion

        values = self._form.values()
        mood, is_loop = str(values.get("mood", "bright")), values.get("loop") is True
        text = suggested_grid(self._key(), self._meter(), self._bars(), mood, is_loop, secrets.randbits(64))
        self.field.setText(text)
        self.field.setCursorPosition(0)
        self._check()
        self.changed(text)

    def _check(self) -> None:
        text, meter = self.field.text(), self._meter()
        words, bars = "", list[list[str]]()
        try:
            chords = parse_grid(text, meter)
        except BadInput as error:
            words = f"{error.message} {error.hint}".strip()
        else:
            bars = _by_bar(chords, meter, self._key(), _count(text))
        restyle(self.field, "wrong", "true" if words else "false")
        self.wrong.setText(words)
        self.wrong.setVisible(bool(words))
        self.drawing.show_bars(bars)

    def _key(self) -> Key:
        values = self._form.values()
        try:
            return parse_key(str(values.get("key", "")))
        except BadInput:
            song = self._song()
            return song.key if song is not None else Key(0)

    def _meter(self) -> Meter:
        try:
            return parse_meter(str(self._form.values().get("meter", "")))
        except BadInput:
            return Meter(4, 4)

    def _bars(self) -> int:
        bars = self._form.values().get("bars")
        return min(bars, _FEW_BARS) if isinstance(bars, int) else _FEW_BARS


def _count(text: str) -> int:
    """Bars that a grid has: see `parse_grid`."""
    bars = [part for part in re.split(r"[|\n]+", text.replace(":", " ")) if part.split()]
    return len(bars) if "|" in text or "\n" in text.strip() else len(text.split())


def _by_bar(chords: tuple[PlacedChord, ...], meter: Meter, key: Key, bars: int) -> list[list[str]]:
    """The symbols of each bar; a bar in which nothing changes has the chord that goes on, as `%`."""
    written: list[list[str]] = []
    for number in range(bars):
        start = number * meter.bar_ticks
        here = [placed for placed in chords if start <= placed.start < start + meter.bar_ticks]
        symbols = ["N.C." if placed.chord is None else placed.chord.symbol(key) for placed in here]
        written.append([_pretty(symbol) for symbol in symbols] or ["%"])
    return written


def _pretty(symbol: str) -> str:
    return symbol.replace("#", "♯").replace("b", "♭") if symbol != "N.C." else symbol
