"""What other programs write between notes: a sustain pedal becomes longer notes, the rest is told."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator

from studio.api.values import tr
from studio_music.core.midi_bytes import BEND, EXPRESSION, MODULATION, PAN, TOUCH, VOLUME

__all__ = ["left_out", "sustained"]

RawNote = tuple[int, int, int, int]
"""Start, end, pitch, velocity."""
Moves = list[tuple[int, int]]
"""When, and the value."""
_DOWN = 64
_BEND_RESTS = 8192


def sustained(notes: list[RawNote], pedal: Moves) -> list[RawNote]:
    """Notes as long as they sound with a sustain pedal: until it is lifted, or their pitch is struck again.

    One that is never lifted holds until the last note ends. A note that ends in the tick in which the pedal
    is pressed had ended: so notation programs write it.

    Source: MIDI 1.0 Detailed Specification, "Hold Pedal" (controller 64; from 64 on it is down).
    """
    last = max((end for _, end, *_ in notes), default=0)
    spans = list(_down(pedal, last))
    pressed = [down for down, _ in spans]
    struck: dict[int, list[int]] = {}
    for start, _, pitch, _ in notes:
        struck.setdefault(pitch, []).append(start)
    for starts in struck.values():
        starts.sort()
    longer: list[RawNote] = []
    for start, end, pitch, velocity in notes:
        place = bisect_left(pressed, end) - 1
        if place >= 0 and end < spans[place][1]:
            later = bisect_right(struck[pitch], start)
            again = struck[pitch][later] if later < len(struck[pitch]) else last
            end = max(end, min(spans[place][1], again))
        longer.append((start, end, pitch, velocity))
    return longer


def _down(pedal: Moves, last: int) -> Iterator[tuple[int, int]]:
    """From when to when the pedal is down."""
    pressed: int | None = None
    for at, value in pedal:
        if value >= _DOWN and pressed is None:
            pressed = at
        elif value < _DOWN and pressed is not None:
            yield pressed, at
            pressed = None
    if pressed is not None:
        yield pressed, last


def left_out(moves: Callable[[int], Moves], volume: int, pan: int, first: int) -> Iterator[str]:
    """What a track does that a song has no place for, each in a word.

    Args:
        moves: of a controller.
        volume, pan: what the track has all along.
        first: where its first note begins; what was set before that is not moved.
    """
    later = {kind: [value for at, value in moves(kind) if at > first] for kind in (VOLUME, PAN)}
    if any(value != _BEND_RESTS for _, value in moves(BEND)):
        yield tr("pitch bend")
    if any(value for _, value in moves(MODULATION)):
        yield tr("modulation")
    if len({value for _, value in moves(EXPRESSION)}) > 1:
        yield tr("expression")
    if any(value for _, value in moves(TOUCH)):
        yield tr("aftertouch")
    if any(value != volume for value in later[VOLUME]):
        yield tr("volume")
    if any(value != pan for value in later[PAN]):
        yield tr("pan")
