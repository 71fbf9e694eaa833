"""Windows of held-out works, and compositions that are asked to be like them: what is compared everywhere."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from studio_music.core.compose.engine import fill
from studio_music.core.compose.request import Ensemble, FillRequest, Voice
from studio_music.core.keys import Key
from studio_music.core.meter import parse_meter
from studio_music.core.song import Note
from studio_music.core.tokens import vocabulary as v
from studio_music.core.tokens.sketch import Event, Sketch, bar_positions
from studio_music.training import measures
from studio_music.training.examples import cut
from studio_music.training.measures import Tune
from studio_music.training.prepare import Work

RANGES: dict[str, tuple[tuple[str, int, int], ...]] = {
    "solo": (("melody", 57, 84),),
    "choir": (("soprano", 60, 81), ("alto", 53, 74), ("tenor", 48, 69), ("bass", 36, 64)),
    "strings": (("melody", 55, 91), ("other", 55, 84), ("other", 48, 76), ("bass", 36, 67)),
}
COMPOSED: tuple[Ensemble, ...] = ("solo", "choir", "strings")
BARS = 8
"""Of a window."""
MOST = 4
"""Windows of a work: a long one is not to outweigh the others."""


SLACK = 2
"""Semitones by which a range that is asked for is wider than the notes of a window: as in training, where it
is up to 4. Music within a limit does not reach it always, and the notes of a window reach theirs by
definition."""


@dataclass(frozen=True)
class Window:
    """Bars of a held-out work."""

    work: str
    sketch: Sketch
    down: int
    """Semitones from the sketch, whose tonic is C, to the pitches as they are written."""


def windows_of(
    works: Iterable[Work], ensemble: Ensemble, count: int, split: str, bars: int = BARS
) -> list[Window]:
    """Up to `count` windows, none of them twice: of each work one, then of each another one, and so on."""
    rng = np.random.default_rng(3)
    waiting = [
        (work, rng.permutation(_firsts(work.bars, bars)).tolist()[:MOST])
        for work in works
        if work.split == split and work.ensemble == ensemble and work.bars >= bars + 2
    ]
    order = rng.permutation(len(waiting)).tolist()
    found: list[Window] = []
    for work, firsts in (waiting[place] for _ in range(MOST) for place in order):
        if not firsts or len(found) == count:
            continue
        first = firsts.pop()
        sketch = cut(work, first, bars, parse_meter(work.meter))
        if sketch is None or not all(sketch.voices):
            continue
        sketch = replace(sketch, begins=work.begins and first == 1)
        written = next(event for event in work.voices[0] if event.start >= first * sketch.bar_length)
        down = written.pitch - sketch.voices[0][0].pitch
        found.append(Window(f"{work.collection}/{work.path}", sketch, down))
    return found


def _firsts(all_bars: int, bars: int) -> list[int]:
    """Where windows begin: after the anacrusis, then by half windows, and where the last one fits."""
    last = all_bars - bars
    return [*range(1, last - bars // 2 + 1, bars // 2), last] if last > 1 else [1]


def like(sketch: Sketch) -> FillRequest:
    """A request for what a sketch is in meter, mode, ranges and place within its work; none of its notes."""
    voices = tuple(
        Voice(
            "other",
            max(v.LOWEST, min(event.pitch for event in events) - SLACK),
            min(v.HIGHEST, max(event.pitch for event in events) + SLACK),
        )
        for events in sketch.voices
    )
    return FillRequest(
        sketch.ensemble,  # type: ignore[arg-type]
        voices,
        Key(0, sketch.mode),
        sketch.meter,
        sketch.bars,
        FillRequest.everything(sketch.bars, len(voices)),
        begins=sketch.begins,
        ends=sketch.ends,
        cadence="full" if sketch.ends and sketch.voices[-1][-1].pitch % 12 == 0 else "none",
    )


def notes_of(model: Any, request: FillRequest, seed: int) -> list[list[Note]]:
    """What a model or a baseline writes: the notes of each voice."""
    notes: list[list[Note]] = [[] for _ in request.voices]
    for filled in fill(model, request, np.random.default_rng(seed)):
        for voice, found in filled.notes.items():
            notes[voice] += found
    return notes


def tune_of(request: FillRequest, notes: list[list[Note]]) -> Tune:
    """Notes that were written for a request, with the tonic moved to C."""
    tonic = request.key.tonic
    up = -tonic if tonic <= 6 else 12 - tonic
    mode = request.key.mode if request.key.mode in v.MODES else v.NEAREST_MODE[request.key.mode]
    voices = tuple(
        tuple(Event(note.start // v.GRID, note.length // v.GRID, note.pitch + up) for note in found)
        for found in notes
    )
    bar = bar_positions(request.meter)
    return Tune(request.ensemble, mode, bar, request.bars, voices, meter=request.meter)


def composed(model: Any, windows: Iterable[Window], masks: bool = True) -> list[Tune]:
    """A composition for each window, without chords, by a model or a baseline."""
    tunes = []
    for number, window in enumerate(windows):
        request = replace(like(window.sketch), masks=masks)
        tunes.append(replace(tune_of(request, notes_of(model, request, number)), down=window.down))
    return tunes


def real(windows: Iterable[Window]) -> list[Tune]:
    """The windows themselves."""
    return [replace(measures.of_sketch(window.sketch), down=window.down) for window in windows]
