"""What a thumbnail is made of: pixels, or a drawing as data that the window paints in its own fonts."""

from __future__ import annotations

from msgspec import Struct


class Pixels(Struct, frozen=True):
    """A thumbnail as pixels."""

    width: int
    height: int
    rgba: bytes
    """Four bytes a pixel, row by row from the top; alpha is not multiplied in."""


class TextPage(Struct, frozen=True, tag="text"):
    """A thumbnail that the window draws as a sheet of paper, in its own font."""

    lines: tuple[str, ...]
    """The first lines of the text, as Markdown."""


class Wave(Struct, frozen=True, tag="wave"):
    """A thumbnail that the window draws as a wave of sound."""

    peaks: tuple[tuple[float, float], ...]
    """Least and greatest level, -1 to 1, of equal spans of time."""


class Swatches(Struct, frozen=True, tag="swatches"):
    """A thumbnail that the window draws as fields of color."""

    colors: tuple[str, ...]
    """Each as "#rrggbb"."""


class Notes(Struct, frozen=True, tag="notes"):
    """A thumbnail that the window draws as a piano roll."""

    notes: tuple[tuple[int, int, int, int], ...]
    """Start and end (in any unit of time, from 0), pitch (0 to 127), channel (0 to 15) of each note."""


Drawing = TextPage | Wave | Swatches | Notes
Thumbnail = Pixels | TextPage | Wave | Swatches | Notes
"""What a plugin's `thumbnail(source: Path, side: int)` gives: at most `side` pixels wide and high."""
