"""What can be done with the roll by commands and keys, beside the editing of notes."""

from __future__ import annotations

from collections.abc import Collection

from studio_music.core.editing.chosen import Chosen
from studio_music.core.editing.grid import Grid, Snap
from studio_music.room.roll.edits import NoteEdits
from studio_music.room.roll.state import RollState
from studio_music.room.roll.stepping import StepInput
from studio_music.room.roll.tool import Tool


class RollActs(NoteEdits):
    """Selection, tools, grid and zoom. It knows of no widgets: these give what is missing (`pointer_x`,
    `edit_chord`)."""

    def _start_acts(self, state: RollState) -> None:
        self._start_edits(state)
        self.steps = StepInput(state)

    @property
    def chosen(self) -> Chosen:
        """The selected notes."""
        return self.state.chosen

    def choose(self, chosen: Chosen) -> None:
        self.state.choose(chosen)

    @property
    def bars(self) -> tuple[int, int] | None:
        """The first and the last of the selected bars, counted from 0."""
        return self.state.bars

    def select_bars(self, bars: tuple[int, int] | None) -> None:
        self.state.select_bars(bars)

    def span(self) -> tuple[int, int] | None:
        """From which tick to which the selected bars go, else the selected notes."""
        span = self.state.bars_span()
        if span is None and self.state.chosen:
            span = self.state.chosen.start, self.state.chosen.end
        return span

    def visible(self) -> tuple[int, int]:
        """From which tick to which is seen."""
        start, end = self.state.view.visible()
        return round(start), round(end)

    def show_tick(self, tick: float) -> None:
        self.state.view.show_tick(tick)

    @property
    def hidden(self) -> frozenset[int]:
        """Tracks that are not drawn."""
        return self.state.hidden

    @hidden.setter
    def hidden(self, tracks: Collection[int]) -> None:
        self.state.hidden = frozenset(tracks)
        self.state.notes_changed.emit()

    @property
    def tool(self) -> Tool:
        return self.state.tool

    @tool.setter
    def tool(self, tool: Tool) -> None:
        self.state.set_tool(tool)

    def set_tool(self, tool: Tool) -> None:
        self.state.set_tool(tool)

    def toggle_pencil(self) -> None:
        self.state.set_tool(Tool.SELECT if self.tool is Tool.PENCIL else Tool.PENCIL)

    @property
    def snap(self) -> Snap:
        return self.state.snap

    @snap.setter
    def snap(self, snap: Snap) -> None:
        self.state.set_snap(snap)

    @property
    def keeps_scale(self) -> bool:
        """Whether notes that are drawn and moved stay in the scale of their key."""
        return self.state.keeps_scale

    @keeps_scale.setter
    def keeps_scale(self, on: bool) -> None:
        self.state.keep_scale(on)

    def toggle_scale(self) -> None:
        self.state.keep_scale(not self.state.keeps_scale)

    @property
    def steps_on(self) -> bool:
        """Whether letters of the computer's keyboard are notes."""
        return self.steps.is_on

    @steps_on.setter
    def steps_on(self, on: bool) -> None:
        self.steps.switch(on)

    def toggle_steps(self) -> None:
        self.steps.switch(not self.steps.is_on)

    def fit(self) -> None:
        """Shows the whole song."""
        if self.state.song is not None:
            self.state.view.fit(self.state.song, self.state.model.active)

    def fit_selection(self) -> None:
        """Shows the selected bars or notes as wide as they fit; all of the song where nothing is selected."""
        span = self.span()
        if span is None:
            self.fit()
        else:
            self.state.view.fit_span(*span)
            if self.state.chosen:
                self.state.view.show_pitches(self.state.chosen.lowest, self.state.chosen.highest)

    def zoom_by(self, factor: float) -> None:
        """Makes bars wider or narrower, around the pointer where it is over the field."""
        self.state.view.zoom(factor, self.pointer_x())

    def pointer_x(self) -> float | None:
        """Where the pointer is over the field, in its pixels; None where it is not over it."""
        return None

    def write_chord(self) -> None:
        """Opens the line for a chord: at what is selected, where it plays, or at the first bar in sight."""
        song = self.state.song
        if song is None:
            return
        span = self.span()
        if span is not None:
            tick = float(span[0])
        else:
            tick = self.state.cursor if self.state.cursor is not None else self.state.view.visible()[0]
        at = Grid(song.meter.beat_ticks).snapped(song, tick, "before")
        self.edit_chord(min(at, song.bars[-1].start))

    def edit_chord(self, tick: int, text: str | None = None) -> None:
        """Opens the line for a chord: with its name, or with a text that could not be read."""
        raise NotImplementedError

    def toggle_wave(self) -> None:
        """Shows the waveform, or folds it away."""
        raise NotImplementedError

    def select_bars_here(self) -> None:
        """The bars of the selected notes; without any one more bar, the first one where it plays."""
        song, chosen, bars = self.state.song, self.state.chosen, self.state.bars
        if song is None or not song.bars:
            return
        if chosen:
            bars = song.bar_at(chosen.start).number, song.bar_at(chosen.end - 1).number
        elif bars is not None:
            bars = bars[0], bars[1] + 1
        else:
            tick = self.state.cursor if self.state.cursor is not None else self.state.view.visible()[0]
            bars = (song.bar_at(max(0, int(tick))).number,) * 2
        self.select_bars(bars)

    def let_go(self) -> None:
        """Lets one thing go after another: the tool, selected notes, selected bars."""
        if self.tool is not Tool.SELECT:
            self.set_tool(Tool.SELECT)
        elif self.state.chosen:
            self.select_none()
        else:
            self.select_bars(None)
