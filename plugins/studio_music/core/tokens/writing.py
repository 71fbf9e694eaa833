"""Writes a sketch down as tokens, and asks for what is missing, in one order for training and for composing.

The sequence is a header of controls; the context, every bar with what is there and `fill` for what is not;
then, after a separator, each bar in which something is missing once more, complete. Within a bar the voice
that is free first speaks first (of several the higher one): it says a pitch, or a rest, and how long. So a
voice that is told a pitch and a duration needs no position. This is the infilling of MIDI-GPT (Pasquier et
al. 2025) with the lookahead of the Anticipatory Music Transformer (Thickstun et al. 2024) as whole bars of
context.
"""

from __future__ import annotations

import bisect
from collections.abc import Generator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from studio_music.core.tokens import vocabulary as v
from studio_music.core.tokens.sketch import Event, Sketch, half_positions

Cells = frozenset[tuple[int, int]]
"""(bar, voice), both from 0."""


class Asked(NamedTuple):
    """A place where the model is to say something."""

    bar: int
    voice: int
    position: int
    """From the beginning of the music."""
    limit: int
    """Where a note that begins here must have ended: the end of the bar, or of later bars that are missing
    too."""


class Said(NamedTuple):
    """What is said there. A rest has no pitch."""

    pitch: int | None
    length: int
    """One of `vocabulary.DURATIONS`."""


class _Place(NamedTuple):
    bar: int
    voice: int
    position: int


class Writer:
    """The rows of a sequence: what the model reads, one row per token."""

    def __init__(self, sketch: Sketch) -> None:
        self.sketch = sketch
        self.tokens: list[int] = []
        self.places: list[_Place | None] = []
        self.learned: list[bool] = []
        """Whether the token is one that the model says by itself."""
        self._half = half_positions(sketch.meter)

    def add(self, token: int, place: _Place | None = None, learned: bool = False) -> None:
        self.tokens.append(token)
        self.places.append(place)
        self.learned.append(learned)

    def features(self, place: _Place | None) -> tuple[int, int, int, int, int, int]:
        """What goes along with the token before a place, in the order of `vocabulary.FEATURES`."""
        if place is None:
            return (v.NO_POSITION, v.NO_VOICE, v.UNKNOWN_CHORD, v.UNKNOWN_CHORD, v.MOST_BARS, v.MOST_BARS)
        sketch = self.sketch
        within = place.position - place.bar * sketch.bar_length
        following = (place.position // self._half + 1) * self._half
        return (
            within,
            place.voice,
            int(sketch.chords[place.position]),
            int(sketch.chords[following]) if following < sketch.length else v.UNKNOWN_CHORD,
            place.bar,
            sketch.bars - 1 - place.bar,
        )

    def features_at(self, asked: Asked) -> tuple[int, int, int, int, int, int]:
        return self.features(_Place(asked.bar, asked.voice, asked.position))

    def rows_from(self, first: int, after: tuple[int, int, int, int, int, int]) -> NDArray[np.int64]:
        """The rows from the token number `first` on; `after` are the features of what follows the last
        token."""
        following = [self.features(place) for place in self.places[first + 1 :]]
        return np.array(
            [(token, *row) for token, row in zip(self.tokens[first:], [*following, after], strict=True)],
            np.int64,
        )

    def rows(self) -> NDArray[np.int64]:
        """One row per token but the last: the token, and the features of the token after it."""
        pairs = zip(self.tokens[:-1], self.places[1:], strict=True)
        return np.array([(token, *self.features(place)) for token, place in pairs], np.int64)


def encode(sketch: Sketch, missing: Cells) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.bool_]]:
    """A sketch that is known as an example to learn from: the cells `missing` are what is to be learnt.

    Returns:
        Inputs (tokens, features), targets (tokens) and whether each target counts.
    """
    writer = Writer(sketch)
    speaking = converse(writer, missing)
    starts = [[event.start for event in events] for events in sketch.voices]
    try:
        asked = next(speaking)
        while True:
            asked = speaking.send(_answer(sketch, starts[asked.voice], asked))
    except StopIteration:
        pass
    targets = np.array(writer.tokens[1:], np.int64)
    return writer.rows(), targets, np.array(writer.learned[1:], np.bool_)


def converse(writer: Writer, missing: Cells) -> Generator[Asked, Said, None]:
    """Writes the header and the context, then asks for each note of the missing cells and writes what is
    sent."""
    sketch = writer.sketch
    _header(writer)
    if len(missing) < sketch.bars * len(sketch.voices):
        _context(writer, missing)
    writer.add(v.SEPARATOR)
    free = [0] * len(sketch.voices)
    length = sketch.bar_length
    for bar in range(sketch.bars):
        end = (bar + 1) * length
        if not any((bar, voice) in missing for voice in range(len(free))):
            for voice, events in enumerate(sketch.voices):
                free[voice] = max(free[voice], _sounding_until(events, bar * length, end), end)
            continue
        writer.add(v.BAR, _Place(bar, v.NO_VOICE, bar * length))
        while min(free) < end:
            voice = free.index(min(free))
            place = _Place(bar, voice, free[voice])
            if (bar, voice) in missing:
                limit = end
                while limit // length < sketch.bars and (limit // length, voice) in missing:
                    limit += length
                said = yield Asked(bar, voice, free[voice], limit)
                learned = True
            else:
                said = _given(sketch.voices[voice], free[voice], end)
                learned = False
            writer.add(v.REST if said.pitch is None else v.pitch_token(said.pitch), place, learned)
            writer.add(v.duration_token(said.length), place, learned)
            free[voice] += said.length


def _sounding_until(events: tuple[Event, ...], start: int, end: int) -> int:
    """Where the last note that begins within a bar ends."""
    place = bisect.bisect_left(events, end, key=lambda event: event.start) - 1
    return events[place].start + events[place].length if place >= 0 and events[place].start >= start else 0


def _given(events: tuple[Event, ...], position: int, end: int) -> Said:
    """What a voice that is there says at a position: its note, or a rest until the next one or the bar's
    end."""
    place = bisect.bisect_left(events, position, key=lambda event: event.start)
    if place < len(events) and events[place].start == position:
        return Said(events[place].pitch, _spoken(events[place].length))
    following = events[place].start if place < len(events) else end
    return Said(None, _spoken(min(following, end) - position))


def _answer(sketch: Sketch, starts: list[int], asked: Asked) -> Said:
    """What the true music says: as `_given`, but notes end where they may not go on."""
    events = sketch.voices[asked.voice]
    place = bisect.bisect_left(starts, asked.position)
    if place < len(events) and starts[place] == asked.position:
        return Said(events[place].pitch, _spoken(min(events[place].length, asked.limit - asked.position)))
    end = (asked.bar + 1) * sketch.bar_length
    following = starts[place] if place < len(events) else end
    return Said(None, _spoken(min(following, end) - asked.position))


def _spoken(length: int) -> int:
    """The longest duration there is a token for; what is left of it becomes a rest."""
    return v.DURATIONS[v.duration_token(length) - v.FIRST_DURATION]


def _context(writer: Writer, missing: Cells) -> None:
    """Every bar with what is there. Notes that are held from a missing cell are told as held."""
    sketch = writer.sketch
    length = sketch.bar_length
    free = [0] * len(sketch.voices)
    writer.add(v.IDS["context"])
    for bar in range(sketch.bars):
        end = (bar + 1) * length
        writer.add(v.BAR, _Place(bar, v.NO_VOICE, bar * length))
        while min(free) < end:
            voice = free.index(min(free))
            place = _Place(bar, voice, free[voice])
            if (bar, voice) in missing:
                writer.add(v.FILL, place)
                free[voice] = end
                continue
            begins = free[voice] == bar * length and (bar - 1, voice) in missing
            held = _held_until(sketch.voices[voice], free[voice], end) if begins else 0
            if held:
                said, word = Said(None, _spoken(held - free[voice])), v.HOLD
            else:
                said = _given(sketch.voices[voice], free[voice], end)
                word = v.REST if said.pitch is None else v.pitch_token(said.pitch)
            writer.add(word, place)
            writer.add(v.duration_token(said.length), place)
            free[voice] += said.length


def _held_until(events: tuple[Event, ...], position: int, end: int) -> int:
    """Where a note that sounds over a position ends, at the latest at the bar's end; 0 where none does."""
    place = bisect.bisect_left(events, position, key=lambda event: event.start) - 1
    if place < 0:
        return 0
    until = min(events[place].start + events[place].length, end)
    return until if until > position else 0


def _header(writer: Writer) -> None:
    sketch, ids = writer.sketch, v.IDS
    known = bool((sketch.chords != v.UNKNOWN_CHORD).any())
    words = [
        f"ensemble {sketch.ensemble}",
        f"mode {sketch.mode}",
        f"meter {sketch.meter}",
        f"bars {sketch.bars}",
        "begins" if sketch.begins else "middle",
        "ends" if sketch.ends else "open",
        "tempo unknown" if sketch.tempo is None else f"tempo {sketch.tempo}",
        "density unknown" if sketch.density is None else f"density {sketch.density + 1}",
        "chords" if known else "no chords",
    ]
    for place in range(len(sketch.voices)):
        span = sketch.ranges[place] if place < len(sketch.ranges) else None
        if span is None:
            words += ["range unknown", "range unknown"]
        else:
            low, high = ((pitch - v.LOWEST) // v.RANGE_STEP for pitch in span)
            words += [f"low {low}", f"high {high}"]
    for word in words:
        writer.add(ids[word])
