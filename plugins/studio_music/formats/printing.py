"""Scores as files: SVG as it was engraved; PNG and PDF by Qt, in a process of its own: this layer knows no
window."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence

from msgspec import Struct, msgpack

from studio.api.values import StudioError, tr
from studio_music.core.score.engraver import Engraver
from studio_music.core.score.svg import FONT
from studio_music.core.song import Song

WIDTH, HEIGHT = 794, 1123
"""Of A4 in pixels of 1/96 inch."""
_SCALE = 34
"""Percent: a staff is 6.5 mm high."""
SECONDS = 300
_FONTS = f"{FONT}, Helvetica, Arial, sans-serif"
"""For programs that know lists of fonts; Qt takes the first name only."""


class Print(Struct):
    """What `studio_music.formats.print_score` reads from its standard input, as msgpack."""

    title: str
    format: str
    """`png` or `pdf`."""
    pages: list[str]
    """SVG."""


def score_files(song: Song, title: str, format: str) -> list[bytes]:
    """A file for each page; a PDF has all of them in one. The same song gives the same bytes where the same
    fonts are.

    Raises:
        BadInput: verovio is not installed, or the score is too large.
        StudioError: it could not be engraved or printed.
    """
    engraver = Engraver()
    try:
        pages = [page.svg for page in engraver.engrave(song, WIDTH, HEIGHT, _SCALE).pages]
    finally:
        engraver.close()
    if format == "svg":
        named = f'font-family="{_FONTS}"'
        head = '<?xml version="1.0" encoding="UTF-8"?>\n'
        return [(head + page.replace(f'font-family="{FONT}"', named, 1)).encode() for page in pages]
    return _printed(Print(title, format, pages))


def _printed(wanted: Print) -> list[bytes]:
    try:
        done = subprocess.run(
            [sys.executable, "-P", "-m", "studio_music.formats.print_score"],
            input=msgpack.encode(wanted),
            capture_output=True,
            env={**os.environ, "QT_QPA_PLATFORM": "offscreen", "QT_HASH_SEED": "0"},  # orders the fonts
            timeout=SECONDS,
            check=True,
        )
        files: Sequence[bytes] = msgpack.decode(done.stdout, type=list[bytes])
    except (OSError, subprocess.SubprocessError, ValueError) as error:
        words = getattr(error, "stderr", None) or b""
        raise StudioError(
            tr("The score could not be printed."),
            tr("Export it as SVG or MusicXML, or try again."),
            words.decode(errors="replace") or str(error),
        ) from error
    return list(files)
