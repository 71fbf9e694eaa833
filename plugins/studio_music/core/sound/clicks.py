"""The metronome: a click on every beat, a higher one where a bar begins."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from studio_music.core.meter import TICKS

if TYPE_CHECKING:
    from studio_music.core.song import Song
    from studio_music.core.sound.synth import Audio

__all__ = ["Beats", "click", "count_in"]


@lru_cache(4)
def click(accent: bool, rate: int) -> Audio:
    """A short knock: frames × 2."""
    time = np.arange(round(0.03 * rate)) / rate
    tone = np.sin(2 * np.pi * (1760.0 if accent else 1320.0) * time) * np.exp(-time / 0.006)
    tone *= np.clip(time / 0.0005, 0, 1) * (0.5 if accent else 0.35)
    return np.repeat(tone[:, None], 2, axis=1).astype(np.float32)


class Beats:
    """Where the beats of a song are, in frames."""

    def __init__(self, song: Song, frame_at: Callable[[float], int]) -> None:
        self._song = song
        self._frame_at = frame_at

    @cached_property
    def _places(self) -> tuple[npt.NDArray[Any], npt.NDArray[Any]]:
        ticks = [
            (tick, tick == bar.start)
            for bar in self._song.bars
            for tick in range(bar.start, bar.end, bar.meter.beat_ticks)
        ]
        frames = [self._frame_at(tick) for tick, _ in ticks]
        return np.array(frames, np.int64), np.array([accent for _, accent in ticks], bool)

    def between(self, start: int, end: int) -> list[tuple[int, bool]]:
        """The beats from frame `start` to `end`: each its frame, and whether a bar begins there."""
        frames, accents = self._places
        first, last = np.searchsorted(frames, [start, end])
        return list(zip(frames[first:last].tolist(), accents[first:last].tolist(), strict=True))


def count_in(song: Song, tick: float, bars: int, rate: int) -> tuple[int, list[tuple[int, bool]]]:
    """How many frames the bars last that are counted before a tick, and where they click."""
    meter = song.meter_at(int(tick))
    bpm = [change.bpm for change in song.tempos if change.start <= tick][-1]
    per_tick = 60.0 / (bpm * TICKS) * rate
    beats = range(0, bars * meter.bar_ticks, meter.beat_ticks)
    return round(bars * meter.bar_ticks * per_tick), [
        (round(b * per_tick), b % meter.bar_ticks == 0) for b in beats
    ]
