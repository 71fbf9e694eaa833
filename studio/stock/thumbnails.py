"""Thumbnails of the stock kinds: pixels of a picture, data for a drawing of the others."""

from __future__ import annotations

import struct
from pathlib import Path

from studio.core.kind import Kind
from studio.core.thumbnail import Notes, TextPage, Thumbnail, Wave
from studio.errors import BadInput
from studio.stock.levels import peaks
from studio.stock.midi_notes import read_notes
from studio.words import tr

MAX_BYTES = 64 * 2**20
"""Of a file that is read whole."""
MAX_LINES, MAX_LINE = 40, 400
_TEXT_BYTES = 4000


def stock_thumbnail(kind: str, source: Path, side: int) -> Thumbnail:
    """What the thumbnail of a file shows: at most `side` pixels wide and high.

    Raises:
        BadInput: nothing of the file can be shown.
    """
    try:
        if kind in (Kind.IMAGE, Kind.MASK):
            from studio.stock.pictures import small_picture  # Pillow: only where there are pictures

            return small_picture(source, side)
        if kind in (Kind.TEXT, Kind.TABLE):
            return text_page(source)
        if kind == Kind.AUDIO:
            return _sound(source, side)
    except (OSError, ValueError, EOFError, struct.error, ArithmeticError, MemoryError) as error:
        raise _nothing(source) from error
    raise _nothing(source)


def text_page(source: Path) -> TextPage:
    """The first lines of a text. Raises `BadInput` for what is no text."""
    with source.open("rb") as opened:
        data = opened.read(_TEXT_BYTES)
    if b"\0" in data:
        raise _nothing(source)
    lines = data.decode("utf-8-sig", "replace").splitlines()[:MAX_LINES]
    return TextPage(tuple(line[:MAX_LINE] for line in lines))


def _sound(source: Path, side: int) -> Thumbnail:
    with source.open("rb") as opened:
        head = opened.read(4)
    if head == b"MThd" and source.stat().st_size <= MAX_BYTES:
        notes = read_notes(source.read_bytes())
        if notes:
            return Notes(tuple((one.start, one.end, one.pitch, one.channel) for one in notes))
    if head == b"RIFF":
        found = peaks(source, max(16, side // 3))
        if found:
            return Wave(tuple(found))
    raise _nothing(source)


def _nothing(source: Path) -> BadInput:
    return BadInput(
        tr("There is nothing in “{name}” that could be shown.", name=source.name),
        tr("It may be damaged or of another format than its name says."),
    )
