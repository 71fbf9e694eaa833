"""Which part of a song is seen, and how large: between ticks and pitches and the pixels of the field."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from studio_music.core.song import Song

PITCHES = 128
LEAST_ROW, MOST_ROW = 4.0, 44.0
"""Heights of a row, in pixels."""
MOST_PER_TICK = 2.5
"""Pixels: at it a 1/32 is 150 pixels long."""
_AFTER = 96
"""Pixels that are seen beyond the song's end."""
_FIT_ROWS = 3
"""Rows above and below the notes that a fitted song shows."""
_FIT_ROW = 9.0, 24.0
"""How high rows of a fitted song are."""


class View(QObject):
    """Pixels here are those of the field widget, which do not depend on the screen; rows and the scroll
    position lie on whole pixels of the screen, so that edges are sharp."""

    moved = Signal()
    """Something else is seen, or it is seen larger."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.ratio = 1.0
        """Pixels of the screen per pixel."""
        self.width, self.height = 100, 100
        """Of the field."""
        self.length = 0
        """Of the song, in ticks."""
        self.per_tick = 0.1
        self._row = 14.0
        self._left = 0.0
        self._top = 0.0
        self._fit: tuple[Song, int, tuple[float, ...]] | None = None
        """The song that was fitted, its active track, and what was shown then."""

    # Between song and pixels -------------------------------------------------------------------------------

    @property
    def row(self) -> float:
        """Height of a row: whole pixels of the screen."""
        return max(3, round(self._row * self.ratio)) / self.ratio

    @property
    def left(self) -> float:
        """Pixels from the song's beginning to the field's left edge."""
        return self._left

    @property
    def top(self) -> float:
        """Pixels from the upper edge of the highest pitch's row to the field's."""
        return self._top

    def x_of(self, tick: float) -> float:
        return round(tick * self.per_tick * self.ratio) / self.ratio - self._left

    def tick_at(self, x: float) -> float:
        return (x + self._left) / self.per_tick

    def y_of(self, pitch: int) -> float:
        """The upper edge of a pitch's row."""
        return (PITCHES - 1 - pitch) * self.row - self._top

    def pitch_at(self, y: float) -> int:
        """The pitch whose row this is; the nearest one beyond them."""
        return min(max(PITCHES - 1 - int((y + self._top) // self.row), 0), PITCHES - 1)

    def visible(self) -> tuple[float, float]:
        """From which tick to which."""
        return self.tick_at(0), self.tick_at(self.width)

    # What is seen ------------------------------------------------------------------------------------------

    @property
    def content(self) -> tuple[float, float]:
        """Width and height of everything, in pixels."""
        return self.length * self.per_tick + _AFTER, PITCHES * self.row

    def resize(self, width: int, height: int, ratio: float) -> None:
        """A fitted song that was not scrolled or zoomed since fits the new size too."""
        fit = self._fit
        self.width, self.height, self.ratio = max(width, 1), max(height, 1), ratio
        if fit is not None and fit[2] == self._shown and fit[0].length == self.length:
            self.fit(*fit[:2])
        else:
            self.scroll_to(self._left, self._top)

    def set_length(self, ticks: int) -> None:
        self.length = ticks
        self.zoom(1.0)

    def scroll_to(self, left: float | None = None, top: float | None = None) -> None:
        """Shows what begins so many pixels from the song's beginning, and from the highest pitch."""
        wide, high = self.content
        left = self._left if left is None else left
        top = self._top if top is None else top
        self._left = self._sharp(min(max(left, 0.0), max(wide - self.width, 0.0)))
        self._top = self._sharp(min(max(top, 0.0), max(high - self.height, 0.0)))
        self.moved.emit()

    def scroll_by(self, x: float, y: float) -> None:
        self.scroll_to(self._left + x, self._top + y)

    def zoom(self, factor: float, around: float | None = None) -> None:
        """Makes time longer or shorter; what is at `around` (pixels; else the middle) stays there."""
        around = self.width / 2 if around is None else around
        tick = self.tick_at(around)
        self.per_tick = min(max(self.per_tick * factor, self._least_per_tick()), MOST_PER_TICK)
        self.scroll_to(tick * self.per_tick - around)

    def zoom_rows(self, factor: float, around: float | None = None) -> None:
        """Makes rows higher or lower; what is at `around` stays there."""
        around = self.height / 2 if around is None else around
        rows = (around + self._top) / self.row
        self._row = min(max(self._row * factor, LEAST_ROW), MOST_ROW)
        self.scroll_to(None, rows * self.row - around)

    def fit(self, song: Song, active: int) -> None:
        """Shows the whole song, with rows as high as its notes allow.

        Where not all notes have room, those of the track at the place `active` are shown.
        """
        self.length = song.length
        self.per_tick = min(max(self.width - 24, 50) / max(song.length, 1), MOST_PER_TICK)
        pitches = {note.pitch for track in song.tracks if not track.is_drums for note in track.notes}
        pitches = pitches or {note.pitch for track in song.tracks for note in track.notes} or {48, 84}
        low, high = min(pitches) - _FIT_ROWS, max(pitches) + _FIT_ROWS
        self._row = min(max(self.height / (high - low + 1), _FIT_ROW[0]), _FIT_ROW[1])
        self.scroll_to(0)
        self.show_middle((low + high) / 2)
        if self._row * (high - low + 1) > self.height and active < len(song.tracks):
            own = [note.pitch for note in song.tracks[active].notes]
            if own:
                self.show_middle((min(own) + max(own)) / 2)
        self._fit = song, active, self._shown

    @property
    def _shown(self) -> tuple[float, ...]:
        return self.per_tick, self._row, self._left, self._top

    def fit_span(self, start: int, end: int) -> None:
        """Makes time as long as it can be for a span of it to be seen whole."""
        room = max(self.width - 32, 50)
        self.zoom(room / max(end - start, 1) / self.per_tick)
        self.scroll_to(start * self.per_tick - 16)

    def show_tick(self, tick: float) -> None:
        """Turns the page to a tick that is not seen."""
        x = self.x_of(tick)
        if not 0 <= x <= self.width - 16:
            self.scroll_to(tick * self.per_tick - min(40, self.width / 8))

    def show_middle(self, pitch: float) -> None:
        """Brings a pitch's row to the middle."""
        self.scroll_to(None, (PITCHES - 0.5 - pitch) * self.row - self.height / 2)

    def show_pitches(self, low: int, high: int) -> None:
        """Scrolls as little as needed to show the rows of pitches."""
        above, below = self.y_of(high), self.y_of(low) + self.row
        if above < 0:
            self.scroll_by(0, above - self.row)
        elif below > self.height:
            self.scroll_by(0, below - self.height + self.row)

    def _least_per_tick(self) -> float:
        """Where the whole song takes half of the field."""
        return min(max(self.width, 200) / 2 / max(self.length, 1), 0.05)

    def _sharp(self, at: float) -> float:
        return round(at * self.ratio) / self.ratio
