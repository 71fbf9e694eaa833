"""Which notes are joined by beams: those of a beat, and eighths of half a bar or a bar in threes."""

from __future__ import annotations

from collections.abc import Sequence

from studio_music.core.meter import Meter
from studio_music.core.score.grid import groups
from studio_music.core.score.notation import Written
from studio_music.core.score.values import BEAMS
from studio_music.core.song import BarSpan


def beam(events: Sequence[Written], bar: BarSpan) -> None:
    """Fills in the beams of a voice's bar."""
    at = bar.start
    spans = []
    for length in groups(bar.meter):
        spans.append((at, at + length))
        at += length
    for start, end in _joined(events, spans, bar.meter):
        run: list[Written] = []
        for event in [*(event for event in events if start <= event.start < end), None]:
            if event is not None and event.notes and event.value and event.value.kind in BEAMS:
                run.append(event)
                continue
            if len(run) > 1:
                _beam_run(run)
            run = []


def _joined(events: Sequence[Written], spans: list[tuple[int, int]], meter: Meter) -> list[tuple[int, int]]:
    """Beats, put together where they hold nothing but eighths."""
    per = 2 if len(spans) % 2 == 0 and meter.unit == 4 else 3 if meter == Meter(3, 4) else 1
    joined: list[tuple[int, int]] = []
    for place in range(0, len(spans), per):
        some = spans[place : place + per]
        inside = [event for event in events if some[0][0] <= event.start < some[-1][1]]
        plain = all(event.notes and event.value == ("eighth", 0) and event.ratio is None for event in inside)
        joined += [(some[0][0], some[-1][1])] if plain and len(inside) > 1 else some
    return joined


def _beam_run(run: Sequence[Written]) -> None:
    depths = [BEAMS[event.value.kind] for event in run if event.value]
    last = len(run) - 1
    for place, event in enumerate(run):
        for level in range(1, depths[place] + 1):
            before = place > 0 and depths[place - 1] >= level
            after = place < last and depths[place + 1] >= level
            if before and after:
                word = "continue"
            elif after:
                word = "begin"
            elif before:
                word = "end"
            elif place == 0 or (place < last and (event.start // 120) % 2 == 0):
                word = "forward hook"
            else:
                word = "backward hook"
            event.beams.append(word)
