"""Qt's reader for a picture, on any thread.

Qt is told the format, which it would otherwise search for: its SVG plugin connects signals in that search,
while PySide holds Python's lock. The window's thread waits for that lock, inside of Qt's own for signals,
whenever it deletes an object: both would wait for ever.
"""

from __future__ import annotations

from pathlib import Path

from PySide6.QtGui import QImageReader

_SIGNATURES = {
    b"\x89PNG\r\n\x1a\n": b"png",
    b"\xff\xd8\xff": b"jpeg",
    b"GIF8": b"gif",
    b"BM": b"bmp",
    b"II*\0": b"tiff",
    b"MM\0*": b"tiff",
}


def picture_reader(source: Path) -> QImageReader | None:
    """A reader that turns the picture as its EXIF says; None if it cannot be opened or is something else."""
    try:
        with source.open("rb") as opened:
            kind = _format(opened.read(12))
    except OSError:
        return None
    if kind is None:
        return None
    reader = QImageReader(str(source), kind)
    reader.setAutoDetectImageFormat(False)
    reader.setAutoTransform(True)
    return reader


def _format(head: bytes) -> bytes | None:
    if head[:4] == b"RIFF" and head[8:] == b"WEBP":
        return b"webp"
    return next((kind for signature, kind in _SIGNATURES.items() if head.startswith(signature)), None)
