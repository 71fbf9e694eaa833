"""Qt's reader for a picture, on any thread.

Qt is told the format, which it would otherwise search for: its SVG plugin connects signals in that search,
while PySide holds Python's lock. The window's thread waits for that lock, inside of Qt's own for signals,
whenever it deletes an object: both would wait for ever.
"""

from __future__ import annotations

from pathlib import Path

from PySide6.QtGui import QImageReader

from studio.core.signatures import HEAD, picture_format


def picture_reader(source: Path) -> QImageReader | None:
    """A reader that turns the picture as its EXIF says; None if it cannot be opened or is something else."""
    try:
        with source.open("rb") as opened:
            kind = picture_format(opened.read(HEAD))
    except OSError:
        return None
    if kind is None:
        return None
    reader = QImageReader(str(source), kind.encode())
    reader.setAutoDetectImageFormat(False)
    reader.setAutoTransform(True)
    return reader
