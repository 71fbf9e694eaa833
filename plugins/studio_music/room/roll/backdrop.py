"""What lies behind the notes: rows of the scale, lines of bars and beats, selected bars."""

from __future__ import annotations

import numpy as np
from PySide6.QtGui import QColor

from studio_music.core.editing.grid import Grid, auto_grid
from studio_music.core.song import Song
from studio_music.room.roll.state import RollState
from studio_music.room.roll.view import PITCHES, View

_LEAST_LINES = 7
"""Pixels between grid lines."""
_LEAST_BARS, _LEAST_CHORD = 5, 4
"""Pixels between bars, and of a chord whose rows are shaded."""
_SHADED_CHORDS = 0.045
"""How much of the accent is in the rows of a chord's notes."""


def paint_backdrop(pixels: np.ndarray, state: RollState) -> None:
    """Fills the pixels (uint32, height x width, of the screen) of a field.

    All rows of one pitch class look alike: twelve lines are made and copied down.
    """
    ink, song = state.ink, state.song
    width = pixels.shape[1]
    lines = np.empty((12, width), np.uint32)
    if song is None:
        pixels[:] = packed(ink.beyond)
        return
    _fill_rows(lines, state, song)
    end = grid_columns(lines, state, song)
    _copy_down(pixels, lines, end, state)


def grid_columns(lines: np.ndarray, state: RollState, song: Song) -> int:
    """Draws bars, beats and selected bars into lines of pixels: uint32 (any, width).

    Returns the column where the song ends.
    """
    view, ink = state.view, state.ink
    width, ratio = lines.shape[1], view.ratio
    end = _column(view, song.length, width)
    for ticks, color in _grid_lines(state, song):
        columns = _columns(view, ticks, width)
        share = {"bar": 0.26, "beat": 0.115, "fine": 0.055}[color] * (1.7 if ink.theme.high_contrast else 1.0)
        if len(ticks) > 1:  # lines that are close together are faint
            near = (ticks[-1] - ticks[0]) / (len(ticks) - 1) * view.per_tick
            share *= min(max(near / 40, 0.35), 1.0)
        for step in range(max(1, int(ratio))):
            at = columns + step
            at = at[at < end]
            lines[:, at] = blend(lines[:, at], ink.text, share)
    span = state.bars_span()
    if span is not None:
        begin, stop = (_column(view, tick, width) for tick in span)
        lines[:, begin:stop] = blend(lines[:, begin:stop], ink.accent, ink.band.alphaF())
    lines[:, end:] = packed(ink.beyond)
    if end < width:
        lines[:, end : end + max(1, round(ratio))] = packed(ink.bar_line)
    return end


def _copy_down(pixels: np.ndarray, lines: np.ndarray, end: int, state: RollState) -> None:
    view, ink = state.view, state.ink
    height = pixels.shape[0]
    row, top = round(view.row * view.ratio), round(view.top * view.ratio)
    thick = max(1, int(view.ratio))
    strength = 1.7 if ink.theme.high_contrast else 1.0
    between, octave = lines.copy(), lines.copy()
    between[:, :end] = blend(lines[:, :end], ink.text, 0.05 * strength)
    octave[:, :end] = blend(lines[:, :end], ink.text, 0.16 * strength)
    first = top // row
    for number in range(first, min(-(-(top + height) // row), PITCHES)):
        pitch = PITCHES - 1 - number
        above = number * row - top
        below = above + row
        split = max(below - thick, 0)
        pixels[max(above, 0) : split] = lines[pitch % 12]
        line = octave if pitch % 12 == 0 else between if row >= 6 * thick else lines
        pixels[split : max(below, 0)] = line[pitch % 12]
    pixels[max(PITCHES * row - top, 0) :] = packed(ink.beyond)


def _fill_rows(lines: np.ndarray, state: RollState, song: Song) -> None:
    """The rows of each key's scale, and those of each chord's notes."""
    view, ink = state.view, state.ink
    width = lines.shape[1]
    on, off, tonic = (packed(color) for color in (ink.field, ink.off_scale, ink.tonic))
    if state.is_drums:  # their rows are no scale
        lines[::2], lines[1::2] = on, off
        return
    starts = [change.start for change in song.keys] + [song.length]
    for change, following in zip(song.keys, starts[1:], strict=True):
        begin, stop = (_column(view, tick, width) for tick in (change.start, following))
        if stop > begin:
            scale = change.key.pitch_classes
            for one in range(12):
                lines[one, begin:stop] = on if one in scale else off
            if change.key.mode != "chromatic":
                lines[change.key.tonic, begin:stop] = tonic
    shaded = np.zeros(lines.shape, bool)
    starts = [placed.start for placed in song.chords] + [song.length]
    for placed, following in zip(song.chords, starts[1:], strict=True):
        begin, stop = (_column(view, tick, width) for tick in (placed.start, following))
        if stop - begin >= _LEAST_CHORD and placed.chord is not None:
            for one in placed.chord.tones:
                shaded[one, begin:stop] = True
    lines[shaded] = blend(lines[shaded], ink.accent, _SHADED_CHORDS)


def _grid_lines(state: RollState, song: Song) -> list[tuple[list[int], str]]:
    """Ticks of lines and their kind, the faint ones first; each tick has one."""
    view, grid, seen = state.view, state.grid, state.bars_in_sight()
    start, end = view.visible()
    least = _LEAST_LINES / view.per_tick
    every = max(1, int(_LEAST_BARS / view.per_tick / song.meter.bar_ticks) + 1)
    if every > 1:  # so far away that not even bars can be told apart: every fourth, sixteenth …
        every = 4 ** int(np.ceil(np.log(every) / np.log(4)))
        return [([bar.start for bar in seen if bar.number % every == 0], "beat")]
    bars = Grid(0).lines(song, int(start), int(end) + 1)
    beats = [
        tick
        for bar in seen
        if bar.meter.beat_ticks >= least
        for tick in range(bar.start, bar.end, bar.meter.beat_ticks)
    ]
    fine = grid if grid.step >= least else auto_grid(song, least)
    steps = fine.lines(song, int(start), int(end) + 1) if fine.step else []
    beats = sorted({*beats} - {*bars})
    return [(sorted({*steps} - {*bars} - {*beats}), "fine"), (beats, "beat"), (bars, "bar")]


def _columns(view: View, ticks: list[int], width: int) -> np.ndarray:
    at = np.rint(np.array(ticks, float) * view.per_tick * view.ratio).astype(np.int64)
    at -= round(view.left * view.ratio)
    return at[(at >= 0) & (at < width)]


def _column(view: View, tick: int, width: int) -> int:
    return min(max(round(view.x_of(tick) * view.ratio), 0), width)


def packed(color: QColor) -> int:
    return color.rgb() & 0xFFFFFFFF


def blend(colors: np.ndarray, with_: QColor, share: float) -> np.ndarray:
    """`share` of a color in each of uint32 colors."""
    other = np.array([with_.blue(), with_.green(), with_.red(), 255], np.float32)
    parts = np.ascontiguousarray(colors).view(np.uint8).reshape(*colors.shape, 4)
    mixed = parts * np.float32(1 - share) + other * np.float32(share)
    return np.rint(mixed).astype(np.uint8).view(np.uint32)[..., 0]
