"""Thumbnails that are drawn from data, in the window's own fonts: a page of text, a wave, notes, colors.

All of it runs on the thumbnails' thread and draws what reads on light and dark.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QImage, QPainter, QPen

from studio.core.thumbnail import Drawing, Notes, Swatches, TextPage, Wave

_PAPER, _INK, _EDGE = "#fbfbfa", "#34373f", "#c9ccd3"
_ENTRY = re.compile(r"^(\s*)[-*+]\s+")
_LINK = re.compile(r"!?\[([^\]]*)\]\([^)]*\)")
_SIGNS = re.compile(r"(\*\*|__|\*|~~|`)(?=\S)([^*`~]+?)(?<=\S)\1")
_VOICES = ("#6f7ce8", "#d0723f", "#2f9c74", "#b85fc4", "#b08a1e", "#3f93c4", "#d2607c", "#7a8a3a")
"""One a channel; each has a contrast of 3 : 1 or nearly so with both themes' grounds."""
_GRID = QColor(128, 132, 144, 70)


def draw(drawing: Drawing, side: int) -> QImage:
    """At most `side` pixels wide and high."""
    match drawing:
        case TextPage(lines):
            return page(lines, side)
        case Wave(peaks):
            return waveform(peaks, side)
        case Notes(notes):
            return piano_roll(notes, side)
        case Swatches(colors):
            return swatches(colors, side)


def page(lines: Sequence[str], side: int) -> QImage:
    """A sheet of paper with the text's first lines."""
    image = _sheet(round(side * 0.76), side)
    with _painting(image) as painter:
        rect = QRectF(0.5, 0.5, image.width() - 1, image.height() - 1)
        painter.setPen(QPen(QColor(_EDGE), max(1.0, side / 160)))
        painter.setBrush(QColor(_PAPER))
        painter.drawRoundedRect(rect, side / 40, side / 40)
        margin = side * 0.07
        place = rect.adjusted(margin, margin, -margin, -margin)
        painter.setPen(QColor(_INK))
        y = place.top()
        for line in lines:
            heading = line.startswith("#")
            font = QFont("Inter")
            font.setPixelSize(max(6, round(side / (13 if heading else 17))))
            font.setBold(heading)
            painter.setFont(font)
            text = _readable(line.lstrip("# ") if heading else line.expandtabs(4))
            room = QRectF(place.left(), y, place.width(), place.bottom() - y)
            flags = Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap
            if text.strip():
                taken = painter.boundingRect(room, flags, text)
                painter.setClipRect(place)
                painter.drawText(room, flags, text)
                y += taken.height() + side * 0.008
            else:
                y += side * 0.035
            if y >= place.bottom():
                break
    return image


def _readable(line: str) -> str:
    """A line of Markdown without its signs: there is no room for them."""
    line = _ENTRY.sub(r"\1• ", _LINK.sub(r"\1", line))
    return _SIGNS.sub(r"\2", line)


def piano_roll(notes: Sequence[tuple[int, int, int, int]], side: int) -> QImage:
    """Time from left to right, pitch upwards, one color a channel; a line at each octave's C."""
    low, high = min(pitch for _, _, pitch, _ in notes) - 2, max(pitch for _, _, pitch, _ in notes) + 3
    middle = max(0, 18 - (high - low)) // 2
    low, high = low - middle, high + middle
    last = max(end for _, end, _, _ in notes) or 1
    image = _sheet(side, round(side * 0.7))
    with _painting(image) as painter:
        row = image.height() / (high - low)
        painter.setPen(QPen(_GRID, max(1.0, side / 160)))
        for pitch in range(-(-low // 12) * 12, high, 12):
            y = image.height() - (pitch - low) * row
            painter.drawLine(0, round(y), image.width(), round(y))
        painter.setPen(Qt.PenStyle.NoPen)
        for start, end, pitch, channel in notes:
            painter.setBrush(QColor(_VOICES[channel % len(_VOICES)]))
            x = start / last * image.width()
            width = max((end - start) / last * image.width() - 0.5, side / 110)
            height = max(row * 0.86, side / 55)
            top = image.height() - (pitch + 1 - low) * row
            painter.drawRoundedRect(QRectF(x, top, width, height), height / 3, height / 3)
    return image


def waveform(peaks: Sequence[tuple[float, float]], side: int) -> QImage:
    """One bar for each pair of least and greatest level, -1 to 1."""
    image = _sheet(side, round(side * 0.6))
    with _painting(image) as painter:
        step, middle = image.width() / len(peaks), image.height() / 2
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(_VOICES[0]))
        for number, (low, high) in enumerate(peaks):
            top, bottom = middle - high * middle * 0.96, middle - low * middle * 0.96
            bar = QRectF(number * step, top, step * 0.66, max(bottom - top, side / 120))
            painter.drawRoundedRect(bar, step / 4, step / 4)
    return image


def swatches(colors: Sequence[str], side: int) -> QImage:
    """Fields of color side by side, in as many rows as make them nearly square."""
    image = _sheet(side, round(side * 0.7))
    columns = min(len(colors), max(1, round((len(colors) / 0.7) ** 0.5)))
    rows = -(-len(colors) // columns)
    width, height = image.width() / columns, image.height() / rows
    with _painting(image) as painter:
        painter.setPen(QPen(QColor(_EDGE), max(1.0, side / 160)))
        for number, color in enumerate(colors):
            painter.setBrush(QColor(color))
            place = QRectF(number % columns * width, number // columns * height, width, height)
            painter.drawRoundedRect(place.adjusted(1, 1, -1, -1), side / 40, side / 40)
    return image


def _sheet(width: int, height: int) -> QImage:
    image = QImage(max(1, width), max(1, height), QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    return image


@contextmanager
def _painting(image: QImage) -> Iterator[QPainter]:
    with QPainter(image) as painter:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        yield painter
