"""Small pictures of what is no picture: a page of text, a piano roll, a waveform, a part.

All of it runs on the thumbnails' threads, takes any bytes whatever, and draws what reads on light and dark.
A null image says that there is nothing to show.
"""

from __future__ import annotations

import re
import struct
from pathlib import Path

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QImage, QPainter, QPen

from studio.core.kind import Kind
from studio.stock.midi_notes import Note, read_notes
from studio.ui.kit.picture_reader import picture_reader

MAX_BYTES = 64 * 2**20
"""Of a file that is read whole."""
_TEXT_BYTES, _TEXT_LINES = 4000, 40
_PAPER, _INK, _EDGE = "#fbfbfa", "#34373f", "#c9ccd3"
_ENTRY = re.compile(r"^(\s*)[-*+]\s+")
_LINK = re.compile(r"!?\[([^\]]*)\]\([^)]*\)")
_SIGNS = re.compile(r"(\*\*|__|\*|~~|`)(?=\S)([^*`~]+?)(?<=\S)\1")
_VOICES = ("#6f7ce8", "#d0723f", "#2f9c74", "#b85fc4", "#b08a1e", "#3f93c4", "#d2607c", "#7a8a3a")
"""One a channel; each has a contrast of 3 : 1 or nearly so with both themes' grounds."""
_GRID = QColor(128, 132, 144, 70)


def draw(kind: str, source: Path, side: int) -> QImage:
    """The thumbnail of a file: at most `side` pixels wide and high; null where none can be made."""
    try:
        if kind == Kind.TEXT:
            return page(source, side)
        if kind == Kind.AUDIO:
            return music(source, side)
        if kind == "part":
            from studio.ui.items.thumbnail_part import part

            return part(source, side)
        return decode(source, side) if kind in (Kind.IMAGE, Kind.MASK) else QImage()
    except (OSError, ValueError, EOFError, struct.error, ArithmeticError, MemoryError):
        return QImage()


def decode(source: Path, side: int) -> QImage:
    """The picture in a square of `side` pixels, turned as its EXIF says; null if it cannot be read."""
    reader = picture_reader(source)
    if reader is None:
        return QImage()
    size = reader.size()
    if size.isValid():
        box = QSize(side, side)
        if size.width() > side or size.height() > side:
            reader.setScaledSize(size.scaled(box, Qt.AspectRatioMode.KeepAspectRatio).expandedTo(QSize(1, 1)))
    image = reader.read()
    if image.isNull():
        return image
    if image.width() > side or image.height() > side:
        image = image.scaled(
            side, side, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
        )
    return image.convertToFormat(
        QImage.Format.Format_ARGB32_Premultiplied if image.hasAlphaChannel() else QImage.Format.Format_RGB32
    )


def page(source: Path, side: int) -> QImage:
    """A sheet of paper with the text's first lines."""
    with source.open("rb") as opened:
        data = opened.read(_TEXT_BYTES)
    if b"\0" in data:
        return QImage()
    lines = data.decode("utf-8-sig", "replace").splitlines()[:_TEXT_LINES]
    image = _sheet(round(side * 0.76), side)
    painter = _painter(image)
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
    painter.end()
    return image


def _readable(line: str) -> str:
    """A line of Markdown without its signs: there is no room for them."""
    line = _ENTRY.sub(r"\1• ", _LINK.sub(r"\1", line))
    return _SIGNS.sub(r"\2", line)


def music(source: Path, side: int) -> QImage:
    """A piano roll of a MIDI file, a waveform of a WAV file."""
    with source.open("rb") as opened:
        head = opened.read(4)
    if head == b"MThd" and source.stat().st_size <= MAX_BYTES:
        notes = read_notes(source.read_bytes())
        return piano_roll(notes, side) if notes else QImage()
    if head == b"RIFF":
        from studio.ui.items.thumbnail_wave import peaks

        return waveform(peaks(source, max(16, side // 3)), side)
    return QImage()


def piano_roll(notes: list[Note], side: int) -> QImage:
    """Time from left to right, pitch upwards, one color a channel; a line at each octave's C."""
    low, high = min(note.pitch for note in notes) - 2, max(note.pitch for note in notes) + 3
    middle = max(0, 18 - (high - low)) // 2
    low, high = low - middle, high + middle
    end = max(note.end for note in notes) or 1
    image = _sheet(side, round(side * 0.7))
    painter = _painter(image)
    row = image.height() / (high - low)
    painter.setPen(QPen(_GRID, max(1.0, side / 160)))
    for pitch in range(-(-low // 12) * 12, high, 12):
        y = image.height() - (pitch - low) * row
        painter.drawLine(0, round(y), image.width(), round(y))
    painter.setPen(Qt.PenStyle.NoPen)
    for note in notes:
        painter.setBrush(QColor(_VOICES[note.channel % len(_VOICES)]))
        x = note.start / end * image.width()
        width = max((note.end - note.start) / end * image.width() - 0.5, side / 110)
        height = max(row * 0.86, side / 55)
        top = image.height() - (note.pitch + 1 - low) * row
        painter.drawRoundedRect(QRectF(x, top, width, height), height / 3, height / 3)
    painter.end()
    return image


def waveform(found: list[tuple[float, float]], side: int) -> QImage:
    """One bar for each pair of least and greatest level, -1 to 1."""
    if not found:
        return QImage()
    image = _sheet(side, round(side * 0.6))
    painter = _painter(image)
    step, middle = image.width() / len(found), image.height() / 2
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(_VOICES[0]))
    for number, (low, high) in enumerate(found):
        top, bottom = middle - high * middle * 0.96, middle - low * middle * 0.96
        bar = QRectF(number * step, top, step * 0.66, max(bottom - top, side / 120))
        painter.drawRoundedRect(bar, step / 4, step / 4)
    painter.end()
    return image


def _sheet(width: int, height: int) -> QImage:
    image = QImage(max(1, width), max(1, height), QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    return image


def _painter(image: QImage) -> QPainter:
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    return painter
