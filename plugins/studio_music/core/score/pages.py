"""Engraved pages as values: what the engraving process is asked for, and what it gives."""

from __future__ import annotations

import bisect
from collections.abc import Sequence

from msgspec import Struct

from studio_music.core.song import Song


class EngraveRequest(Struct):
    """What `engraving` reads. Widths and heights are in pixels of 1/96 inch."""

    song: Song
    titles: list[str]
    """What the instrument of each track is called."""
    width: int
    height: int
    """Of a page; its last line of music may end earlier."""
    scale: int
    """Percent: 100 is a staff 9 mm high; 40 is usual on screens."""


class NotePlace(Struct):
    """Where the head of a note is on its page, in pixels."""

    track: int
    note: int
    """Place of the note in its track."""
    x: float
    """The left edge of the note head."""
    y: float


class BarPlace(Struct):
    """Where a bar is on its page, in pixels."""

    number: int
    """From 0, of the song."""
    left: float
    right: float
    top: float
    """Of the highest staff of its line."""
    bottom: float


class Page(Struct):
    """An engraved page."""

    svg: str
    """SVG without anything that Qt does not draw. A note's element has the id that `musicxml.note_of`
    reads."""
    width: float
    height: float
    notes: list[NotePlace]
    bars: list[BarPlace]


class Reply(Struct):
    """What `engraving` answers: pages, or in words why there are none."""

    pages: list[Page] = []
    missing: bool = False
    """Whether verovio is not installed."""
    failed: str = ""


class CursorPlace(Struct, frozen=True):
    """Where the cursor stands: a vertical line on a page."""

    page: int
    x: float
    top: float
    bottom: float


class Follower:
    """Tells where the cursor stands at each moment of a song."""

    def __init__(self, song: Song, pages: Sequence[Page]) -> None:
        bars = {bar.number: bar for bar in song.bars}
        stops: dict[int, CursorPlace] = {}
        self._last = 0, CursorPlace(0, 0, 0, 0)
        for number, page in enumerate(pages):
            for place in page.bars:
                if place.number in bars:
                    bar = bars[place.number]
                    stops.setdefault(bar.start, CursorPlace(number, place.left, place.top, place.bottom))
                    self._last = bar.end, CursorPlace(number, place.right, place.top, place.bottom)
            heads: dict[int, CursorPlace] = {}
            for note in page.notes:
                start, line = song.tracks[note.track].notes[note.note].start, _line_of(page, note)
                if line is not None and (start not in heads or note.x < heads[start].x):
                    heads[start] = CursorPlace(number, note.x, line.top, line.bottom)
            stops.update(heads)
        self._ticks = sorted(stops)
        self._places = [stops[tick] for tick in self._ticks]

    def at(self, tick: float) -> CursorPlace | None:
        """Where it stands at a tick; None where the pages have no bars."""
        if not self._ticks:
            return None
        here = max(0, bisect.bisect_right(self._ticks, tick) - 1)
        place = self._places[here]
        if here + 1 < len(self._ticks):
            until, following = self._ticks[here + 1], self._places[here + 1]
        else:
            until, following = self._last
        if following.page != place.page or following.top != place.top or following.x < place.x:
            return place
        share = min(1.0, max(0.0, (tick - self._ticks[here]) / max(1, until - self._ticks[here])))
        return CursorPlace(place.page, place.x + (following.x - place.x) * share, place.top, place.bottom)


def _line_of(page: Page, note: NotePlace) -> BarPlace | None:
    """The bar whose line of music a note stands in."""
    near = [bar for bar in page.bars if bar.left <= note.x <= bar.right]
    return min(
        near,
        key=lambda bar: max(0.0, bar.top - note.y, note.y - bar.bottom),
        default=None,
    )
