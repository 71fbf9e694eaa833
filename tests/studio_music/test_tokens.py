"""The token language: what is written can be read again, and every note is asked for once."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from studio_music.core.chords import QUALITIES, Chord
from studio_music.core.meter import Meter, parse_meter
from studio_music.core.tokens import vocabulary as v
from studio_music.core.tokens.sketch import Event, Sketch, bar_positions, half_positions
from studio_music.core.tokens.writing import Said, Writer, converse, encode

DURATIONS = [length for length in v.DURATIONS if length <= 48]


@st.composite
def sketches(draw: st.DrawFn) -> Sketch:
    meter = parse_meter(draw(st.sampled_from(v.METERS)))
    ensemble = draw(st.sampled_from(v.ENSEMBLES))
    bars = draw(st.integers(1, 6))
    length = bars * bar_positions(meter)
    voices = []
    for _ in range(1 if ensemble == "solo" else 4):
        events, position = [], 0
        while position < length:
            held = min(draw(st.sampled_from(DURATIONS)), length - position)
            if draw(st.booleans()):
                held = v.DURATIONS[v.duration_token(held) - v.FIRST_DURATION]
                events.append(Event(position, held, draw(st.integers(v.LOWEST, v.HIGHEST))))
            position += held
        voices.append(tuple(events))
    chords = np.array([draw(st.integers(0, v.CHORD_LABELS - 1))] * length, np.int16)
    return Sketch(ensemble, draw(st.sampled_from(v.MODES)), meter, bars, tuple(voices), chords)


@st.composite
def tasks(draw: st.DrawFn) -> tuple[Sketch, frozenset[tuple[int, int]]]:
    sketch = draw(sketches())
    cells = [(bar, voice) for bar in range(sketch.bars) for voice in range(len(sketch.voices))]
    return sketch, frozenset(draw(st.sets(st.sampled_from(cells), min_size=1)))


def _read(sketch: Sketch, missing: frozenset[tuple[int, int]]) -> list[list[Event]]:
    """The notes of the missing cells, out of the tokens and features alone."""
    rows, targets, learned = encode(sketch, missing)
    found: list[list[Event]] = [[] for _ in sketch.voices]
    place = 0
    while place < len(targets):
        if learned[place]:
            _, position, voice, _, _, bar, left = rows[place]
            assert left == sketch.bars - 1 - bar
            length = v.DURATIONS[targets[place + 1] - v.FIRST_DURATION]
            if targets[place] != v.REST:
                pitch = int(targets[place]) - v.FIRST_PITCH + v.LOWEST
                found[voice].append(Event(int(bar * sketch.bar_length + position), length, pitch))
            place += 2
        else:
            place += 1
    return found


@given(tasks())
@settings(max_examples=150, deadline=None)
def test_the_missing_notes_are_written_and_no_others(task: tuple[Sketch, frozenset[tuple[int, int]]]) -> None:
    sketch, missing = task
    length = sketch.bar_length
    found = _read(sketch, missing)
    for voice, events in enumerate(sketch.voices):
        wanted = [event for event in events if (event.start // length, voice) in missing]
        assert [(event.start, event.pitch) for event in found[voice]] == [(e.start, e.pitch) for e in wanted]
        for event, true in zip(found[voice], wanted, strict=True):
            assert event.length <= true.length  # notes end where they would sound into what is there
            if true.start + true.length <= (true.start // length + 1) * length:
                assert event.length == true.length


@given(tasks())
@settings(max_examples=60, deadline=None)
def test_training_and_composing_walk_the_same_way(task: tuple[Sketch, frozenset[tuple[int, int]]]) -> None:
    sketch, missing = task
    rows, targets, learned = encode(sketch, missing)
    said = [
        (int(targets[place]), int(targets[place + 1]))
        for place in range(len(targets))
        if (
            learned[place]
            and targets[place] < v.FIRST_DURATION + len(v.DURATIONS)
            and targets[place] == v.REST
        )
        or (learned[place] and targets[place] >= v.FIRST_PITCH)
    ]
    without = Sketch(
        sketch.ensemble,
        sketch.mode,
        sketch.meter,
        sketch.bars,
        tuple(
            tuple(e for e in events if (e.start // sketch.bar_length, voice) not in missing)
            for voice, events in enumerate(sketch.voices)
        ),
        sketch.chords,
    )
    writer = Writer(without)
    speaking = converse(writer, missing)
    asked = next(speaking)
    try:
        for first, second in said:
            assert asked.limit > asked.position
            pitch = None if first == v.REST else first - v.FIRST_PITCH + v.LOWEST
            asked = speaking.send(Said(pitch, v.DURATIONS[second - v.FIRST_DURATION]))
    except StopIteration:
        pass
    assert writer.tokens[-1] == targets[-1]
    start = writer.tokens.index(v.SEPARATOR)
    assert (
        writer.tokens[start:]
        == [int(t) for t in [rows[0, 0], *targets]][list(targets).index(v.SEPARATOR) + 1 :]
    )


def test_chord_labels_keep_root_and_character() -> None:
    for quality in QUALITIES:
        label = v.chord_label(Chord(9, quality), tonic=2)
        tones = v.label_tones(label)
        assert tones[0] == 7
        assert (tones[0] + 3) % 12 in tones if quality in ("m", "m7", "m9") else True
    assert v.chord_label(None, 0) == v.NO_CHORD
    assert v.label_tones(v.UNKNOWN_CHORD) == ()


def test_every_meter_fits_the_positions() -> None:
    for text in v.METERS:
        meter = parse_meter(text)
        assert bar_positions(meter) <= v.MOST_POSITIONS
        assert bar_positions(meter) % half_positions(meter) == 0
    assert half_positions(Meter(4, 4)) == 48
    assert half_positions(Meter(3, 4)) == 72


@pytest.mark.parametrize(("length", "spoken"), [(1, 1), (13, 12), (24, 24), (500, 192)])
def test_durations_round_down(length: int, spoken: int) -> None:
    assert v.DURATIONS[v.duration_token(length) - v.FIRST_DURATION] == spoken
