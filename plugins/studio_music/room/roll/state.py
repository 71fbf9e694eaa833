"""What the parts of one roll share: view, selection, grid, tool, colors."""

from __future__ import annotations

import bisect
from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QObject, QTimer, Signal

from studio.api.values import mark, stored
from studio.ui.api import Theme
from studio_music.core.editing.bars import with_loop
from studio_music.core.editing.chosen import Chosen, Edited, still_there
from studio_music.core.editing.grid import TICK_GRID, Grid, Snap, grid_of
from studio_music.core.editing.scale import nearest_in_scale
from studio_music.core.keys import Key
from studio_music.core.song import BarSpan, Note, Song, Track
from studio_music.room.roll.arrays import NoteArrays, TrackArrays
from studio_music.room.roll.colors import Ink
from studio_music.room.roll.model import SongModel
from studio_music.room.roll.tool import Tool
from studio_music.room.roll.view import View
from studio_music.room.roll.words import drum_name, pitch_name

_LEAST_STEP = 14
"""Pixels between the lines of a grid that follows the zoom."""
_DARK_MS = 160
"""How long the cursor stands until the keys of what played go dark."""
BEAT = 480
"""Ticks from one place of the cursor to the next, from which on it does not just play."""
_NO_KEY = Key(0, "chromatic")


class RollState(QObject):
    """Of one roll. What is set here is told by a signal, and drawn by whoever listens."""

    notes_changed = Signal()
    """The song, the active track, hidden tracks or colors are others."""
    chosen_changed = Signal()
    bars_changed = Signal()
    grid_changed = Signal()
    tool_changed = Signal()
    """Another tool, or notes keep to the scale now, or no more."""
    cursor_moved = Signal(float, float)
    """(x before, x now) in pixels of the field."""
    caret_changed = Signal()
    """Step input: on or off, or somewhere else."""
    pressed_changed = Signal()
    pointed = Signal(str, str)
    """What the pointer is at, for the readout: (pitch, position)."""
    note_on = Signal(int, int, int)
    note_off = Signal(int, int)
    loop_wanted = Signal(int, int)
    """(start, end) of the loop that is made now; (-1, -1) where it is removed."""

    def __init__(self, model: SongModel, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.model = model
        self.view = View(self)
        self.ink = Ink(theme)
        self.arrays = TrackArrays()
        self.chosen = Chosen()
        self.bars: tuple[int, int] | None = None
        self.hidden: frozenset[int] = frozenset()
        self.snap = Snap.AUTO
        self.tool = Tool.SELECT
        self.cursor: float | None = None
        """Tick that sounds now."""
        self.caret: int | None = None
        """Tick where step input goes on; None while it is off."""
        self.pressed: frozenset[int] = frozenset()
        """Pitches that are lit up on the keyboard."""
        self.playing: frozenset[int] = frozenset()
        """Pitches of the active track that sound where it plays."""
        self._dark = QTimer(self)
        self._dark.setSingleShot(True)
        self._dark.setInterval(_DARK_MS)
        self._dark.timeout.connect(lambda: self._light(frozenset()))
        self.keeps_scale = False
        """Whether notes that are drawn and moved stay in the scale of their key."""
        self.last_length = 0
        """Of the note that was drawn or stretched last, in ticks."""
        self.last_velocity = 90
        self._sounding: tuple[int, int] | None = None
        self._mask: np.ndarray | None = None
        self._before: frozenset[Note] | None = None
        """The active track's notes before a step that is taken back just now."""
        model.changed.connect(self._on_song)
        model.activated.connect(self._on_active)
        model.begun.connect(self._on_begun)
        model.stepping.connect(self._on_stepping)
        self._on_song()

    # The song ----------------------------------------------------------------------------------------------

    @property
    def song(self) -> Song | None:
        return self.model.song

    @property
    def track(self) -> Track | None:
        """The active one."""
        song = self.song
        return song.tracks[self.model.active] if song is not None and song.tracks else None

    @property
    def active(self) -> NoteArrays:
        """The active track's notes."""
        return self.arrays[self.model.active]

    @property
    def chosen_mask(self) -> np.ndarray:
        """Which notes of the active track are chosen."""
        if self._mask is None:
            track, chosen = self.track, self.chosen.notes
            notes = track.notes if track is not None else ()
            if not chosen or self.chosen.track != self.model.active:
                self._mask = np.zeros(len(notes), bool)
            else:
                self._mask = np.fromiter((note in chosen for note in notes), bool, len(notes))
        return self._mask

    def key_at(self, tick: float) -> Key:
        return self.song.key_at(int(tick)) if self.song is not None else _NO_KEY

    @property
    def is_drums(self) -> bool:
        """Whether the active track's pitches are drums."""
        return self.track is not None and self.track.is_drums

    def name_of(self, pitch: int, tick: float) -> str:
        """What a pitch of the active track is called: a note, or a drum."""
        return (drum_name(pitch) if self.is_drums else "") or pitch_name(pitch, self.key_at(tick))

    def apply(self, title: str, edited: Edited, merge: str = "") -> None:
        """Makes an edit a step, and chooses what it says."""
        self.chosen, self._mask = edited.chosen, None
        self.model.change(title, edited.song, merge)
        self.chosen_changed.emit()

    def loop(self, span: tuple[int, int] | None) -> None:
        """Repeats from one tick to another, or no more."""
        if self.song is not None:
            title = mark("Changing the loop") if span is not None else mark("Removing the loop")
            self.model.change(stored(title), with_loop(self.song, *(span or (0, 0))))
            self.loop_wanted.emit(*(self.song.loop or (-1, -1)))

    def _on_song(self) -> None:
        song = self.song
        self.arrays.show(song.tracks if song is not None else ())
        chosen = still_there(song, self.chosen) if song is not None else Chosen()
        if self._before is not None and self.track is not None:  # what comes back is what one looks for
            back = frozenset(self.track.notes) - self._before
            chosen = Chosen(self.model.active, back) if back else chosen
        self._before = None
        lost, self.chosen, self._mask = chosen != self.chosen, chosen, None
        if self.bars is not None and (song is None or self.bars[1] >= len(song.bars)):
            self.select_bars(None)
        length = song.length if song is not None else 0
        if length != self.view.length:
            self.view.set_length(length)
        self.notes_changed.emit()
        if lost:
            self.chosen_changed.emit()

    def _on_stepping(self) -> None:
        self._before = frozenset(self.track.notes) if self.track is not None else None

    def _on_begun(self) -> None:
        self.hidden = frozenset()
        self.choose(Chosen(self.model.active))
        self.select_bars(None)
        if self.caret is not None:
            self.caret = 0

    def _on_active(self) -> None:
        self.choose(Chosen(self.model.active))
        self.notes_changed.emit()

    # Selection ---------------------------------------------------------------------------------------------

    def choose(self, chosen: Chosen) -> None:
        if chosen != self.chosen:
            self.chosen, self._mask = chosen, None
            self.chosen_changed.emit()

    def choose_masked(self, mask: np.ndarray) -> None:
        """Chooses notes of the active track by their places."""
        track = self.track
        notes = track.notes if track is not None else ()
        self.choose(
            Chosen(self.model.active, frozenset(notes[place] for place in np.flatnonzero(mask).tolist()))
        )

    def select_bars(self, bars: tuple[int, int] | None) -> None:
        """The first and the last bar, in any order."""
        song = self.song
        if bars is not None and song is not None and song.bars:
            most = len(song.bars) - 1
            first, last = sorted(min(max(bar, 0), most) for bar in bars)
            bars = first, last
        else:
            bars = None
        if bars != self.bars:
            self.bars = bars
            self.bars_changed.emit()

    def bars_in_sight(self) -> Sequence[BarSpan]:
        """Those of the song that are seen, the first and the last of them in parts."""
        if self.song is None:
            return ()
        start, end = self.view.visible()
        bars = self.song.bars
        first = bisect.bisect_right(bars, start, key=lambda bar: bar.end)
        return bars[first : bisect.bisect_left(bars, end, key=lambda bar: bar.start)]

    def bars_span(self) -> tuple[int, int] | None:
        """Ticks of the selected bars."""
        if self.bars is None or self.song is None:
            return None
        first, last = self.bars
        return self.song.bars[first].start, min(self.song.bars[last].end, self.song.length)

    # Grid and tools ----------------------------------------------------------------------------------------

    def set_snap(self, snap: Snap) -> None:
        if snap is not self.snap:
            self.snap = snap
            self.last_length = 0
            self.grid_changed.emit()

    def keep_scale(self, on: bool) -> None:
        if on != self.keeps_scale:
            self.keeps_scale = on
            self.tool_changed.emit()

    def pitch_for(self, pitch: int, tick: float) -> int:
        """The pitch that a note gets there: of the scale, if that is wanted."""
        keeps = self.keeps_scale and not self.is_drums
        return nearest_in_scale(pitch, self.key_at(tick)) if keeps else pitch

    def set_tool(self, tool: Tool) -> None:
        if tool is not self.tool:
            self.tool = tool
            self.tool_changed.emit()

    @property
    def grid(self) -> Grid:
        """What positions keep to now."""
        return self._grid_of(self.snap)

    @property
    def auto_grid(self) -> Grid:
        """What they keep to where the grid follows the zoom."""
        return self._grid_of(Snap.AUTO)

    def _grid_of(self, snap: Snap) -> Grid:
        return (
            grid_of(snap, self.song, _LEAST_STEP / self.view.per_tick) if self.song is not None else TICK_GRID
        )

    # Places and sound --------------------------------------------------------------------------------------

    def set_cursor(self, tick: float | None) -> None:
        before, now = (-9.0 if at is None else self.view.x_of(at) for at in (self.cursor, tick))
        plays = tick is not None and self.cursor is not None and 0 < tick - self.cursor < BEAT
        self.cursor = tick
        if before != now:
            self.cursor_moved.emit(before, now)
        if tick is not None and plays:
            notes = self.active
            self._light(frozenset(notes.pitches[(notes.starts <= tick) & (notes.ends > tick)].tolist()))
            self._dark.start()

    def _light(self, pitches: frozenset[int]) -> None:
        """Lights the keys of what plays up; they go dark once the cursor stands."""
        if pitches != self.playing:
            self.playing = pitches
            self.pressed_changed.emit()

    def set_caret(self, tick: int | None) -> None:
        if tick != self.caret:
            self.caret = tick
            self.caret_changed.emit()

    def press(self, pitches: frozenset[int]) -> None:
        if pitches != self.pressed:
            self.pressed = pitches
            self.pressed_changed.emit()

    def sound(self, pitch: int, velocity: int) -> None:
        """Lets one pitch of the active track be heard, until another one or silence is wanted."""
        if self._sounding != (self.model.active, pitch):
            self.silence()
            self._sounding = self.model.active, pitch
            self.press(frozenset([pitch]))
            self.note_on.emit(self.model.active, pitch, velocity)

    def silence(self) -> None:
        if self._sounding is not None:
            track, pitch = self._sounding
            self._sounding = None
            self.press(frozenset())
            self.note_off.emit(track, pitch)

    # Finding -----------------------------------------------------------------------------------------------

    def note_at(self, tick: float, pitch: int, spare: float = 0.0) -> int | None:
        """The place of the active track's note at a tick and pitch; of several near ones the nearest.

        `spare` is how many ticks beside it still count.
        """
        notes = self.active
        near = np.flatnonzero(notes.between(tick - spare, tick + max(spare, 1e-6), pitch, pitch))
        if not len(near):
            return None
        starts, ends = notes.starts[near], notes.ends[near]
        away = np.maximum(np.maximum(starts - tick, tick - ends), 0)
        return int(near[np.lexsort((-starts, away))[0]])

    def note(self, place: int) -> Note:
        track = self.track
        assert track is not None
        return track.notes[place]
