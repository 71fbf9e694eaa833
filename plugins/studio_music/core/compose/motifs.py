"""Phrases that answer one another: what a melody has begun with is made likely to come back.

Tunes are built of two or four bars that return (the period: Schoenberg, "Fundamentals of Musical
Composition"). The model knows it less well than it knows which note follows which, so the places where
phrases usually return lean towards what was said there.
"""

from __future__ import annotations

import bisect

import numpy as np
from numpy.typing import NDArray

from studio_music.core.compose.rules import Rules
from studio_music.core.tokens import vocabulary as v
from studio_music.core.tokens.sketch import Event
from studio_music.core.tokens.writing import Asked

PITCH = 2.0
"""Nats for the pitch that was sung at the same place of the phrase before, over the same chord."""
RHYTHM = 1.2
"""Nats for its duration, whatever the chord."""


def model_bar(bar: int) -> int | None:
    """The bar whose likeness a bar is, counted from the beginning; None where something new is to come.

    Of eight bars the fifth and sixth are like the first two; of sixteen the last two like those that closed
    the first eight. Bars 3 and 4, 7 and 8 go their own way.
    """
    within = bar % 16
    if within in (4, 5, 12, 13):
        return bar - 4
    return bar - 8 if within in (14, 15) else None


def leaning(
    rules: Rules, events: list[Event], asked: Asked
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Nats that are added to pitches and to durations here, for what returns.

    Args:
        rules: they know the chords.
        events: what this voice has so far, by start.
        asked: where the next note begins.
    """
    pitches = np.zeros(v.HIGHEST - v.LOWEST + 1)
    durations = np.zeros(len(v.DURATIONS))
    model = model_bar(asked.bar)
    if model is None:
        return pitches, durations
    position = asked.position - (asked.bar - model) * rules.bar
    place = bisect.bisect_left(events, position, key=lambda event: event.start)
    if place < len(events) and events[place].start == position:
        event = events[place]
        if rules.tones_at(position) == rules.tones_at(asked.position):
            pitches[event.pitch - v.LOWEST] = PITCH
        durations[v.duration_token(event.length) - v.FIRST_DURATION] = RHYTHM
    return pitches, durations
