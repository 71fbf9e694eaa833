"""The constraints hold whatever the model would like: here it likes anything at random."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from studio_music.core.chords import Chord, PlacedChord, chord_at, parse_grid
from studio_music.core.compose.engine import fill
from studio_music.core.compose.request import FillRequest, Voice
from studio_music.core.compose.sampling import draw
from studio_music.core.keys import SCALES, Key
from studio_music.core.meter import Meter, parse_meter
from studio_music.core.song import Note
from studio_music.core.tokens import vocabulary as v

from studio.api.values import BadInput

RANGES = {
    "solo": ((57, 84),),
    "choir": ((60, 81), (53, 74), (48, 69), (36, 64)),
    "strings": ((55, 91), (55, 84), (48, 76), (36, 67)),
}


class AnythingGoes:
    """A model that has learnt nothing."""

    def __init__(self, seed: int) -> None:
        self._rng = np.random.default_rng(seed)
        self.fed = 0

    def start(self) -> None:
        self.fed = 0

    def feed(self, rows: NDArray[np.int64]) -> NDArray[np.float32]:
        assert rows.shape[1] == len(v.FEATURES)
        for column, size in enumerate(v.FEATURE_SIZES):
            assert rows[:, column].min() >= 0
            assert rows[:, column].max() < size
        self.fed += len(rows)
        return self._rng.normal(0, 2, v.SIZE).astype(np.float32)


@st.composite
def requests(draw: st.DrawFn) -> FillRequest:
    ensemble = draw(st.sampled_from(sorted(RANGES)))
    meter = parse_meter(draw(st.sampled_from(v.METERS)))
    bars = draw(st.integers(1, 5))
    key = Key(draw(st.integers(0, 11)), draw(st.sampled_from(sorted(SCALES))))
    half = meter.half_ticks
    chords: list[PlacedChord] = []
    if draw(st.booleans()):
        for start in range(0, bars * meter.bar_ticks, half):
            if not chords or draw(st.booleans()):
                quality = draw(st.sampled_from(["", "m", "7", "maj7", "m7b5", "sus4", "dim7"]))
                none = chords and draw(st.integers(0, 9)) == 0
                chords.append(PlacedChord(start, None if none else Chord(draw(st.integers(0, 11)), quality)))
    voices = tuple(Voice("melody", low, high) for low, high in RANGES[ensemble])
    cells = [(bar, voice) for bar in range(bars) for voice in range(len(voices))]
    wanted = frozenset(draw(st.sets(st.sampled_from(cells), min_size=1)))
    there = []
    for place, voice in enumerate(voices):
        notes = [
            Note(bar * meter.bar_ticks + start, 240, draw(st.integers(voice.low, voice.high)))
            for bar in range(bars)
            if (bar, place) not in wanted
            for start in range(0, meter.bar_ticks, 480)
        ]
        there.append(Voice(voice.role, voice.low, voice.high, tuple(notes)))
    cadence = draw(st.sampled_from(["none", "none", "loop"] if chords else ["none", "full", "half", "loop"]))
    return FillRequest(
        ensemble,
        tuple(there),
        key,
        meter,
        bars,
        wanted,
        chords=tuple(chords),
        cadence=cadence,
        temperature=1.3,
    )


def run(request: FillRequest, seed: int = 0) -> list[list[Note]]:
    """The new notes of each voice."""
    found: list[list[Note]] = [[] for _ in request.voices]
    bars = []
    for filled in fill(AnythingGoes(seed), request, np.random.default_rng(seed)):  # type: ignore[arg-type]
        bars.append(filled.bar)
        for voice, notes in filled.notes.items():
            assert (filled.bar, voice) in request.fill
            assert all(note.start // request.meter.bar_ticks == filled.bar for note in notes)
            found[voice] += notes
    assert bars == sorted({bar for bar, _ in request.fill})
    return found


def allowed_classes(request: FillRequest, tick: int) -> frozenset[int]:
    """The scale, the chord's tones, and in minor harmony the raised seventh."""
    chord = chord_at(request.chords, tick)
    classes = request.key.pitch_classes | (chord.pitch_classes if chord else frozenset())
    if request.ensemble != "solo" and request.key.mode == "minor":
        classes |= {(request.key.tonic + 11) % 12}
    return classes


@given(requests(), st.integers(0, 1000))
@settings(max_examples=200, deadline=None)
def test_constraints_hold(request: FillRequest, seed: int) -> None:
    bar = request.meter.bar_ticks
    strong = request.meter.strong_ticks()
    changes = {placed.start for placed in request.chords}
    for place, notes in enumerate(run(request, seed)):
        voice = request.voices[place]
        for note, following in itertools.pairwise([*notes, None]):
            assert note is not None
            assert voice.low <= note.pitch <= voice.high
            assert note.pitch % 12 in allowed_classes(request, note.start)
            assert note.end <= request.bars * bar
            assert (note.end - 1) // bar == note.start // bar or (
                (note.end - 1) // bar,
                place,
            ) in request.fill
            if following is not None:
                assert note.end <= following.start  # a voice sounds one note at a time
            chord = chord_at(request.chords, note.start)
            if chord is None or (note.start % bar not in strong and note.start not in changes):
                continue
            if note.pitch % 12 not in chord.pitch_classes:  # an appoggiatura
                assert following is not None
                assert following.start - note.start <= request.meter.beat_ticks
                assert 1 <= abs(following.pitch - note.pitch) <= 2
                then = chord_at(request.chords, following.start)
                assert then is not None
                assert following.pitch % 12 in then.pitch_classes


@given(st.integers(0, 11), st.sampled_from(["major", "minor"]), st.sampled_from(["2/4", "3/4", "4/4", "6/8"]))
@settings(max_examples=40, deadline=None)
def test_a_full_cadence_ends_on_the_tonic(tonic: int, mode: str, meter: str) -> None:
    for ensemble, ranges in RANGES.items():
        voices = tuple(Voice("melody", low, high) for low, high in ranges)
        request = FillRequest(
            ensemble,  # type: ignore[arg-type]
            voices,
            Key(tonic, mode),
            parse_meter(meter),
            2,
            FillRequest.everything(2, len(voices)),
            cadence="full",
        )
        found = run(request, tonic)
        assert found[-1][-1].pitch % 12 == tonic
        triad = {tonic, (tonic + (3 if mode == "minor" else 4)) % 12, (tonic + 7) % 12}
        assert all(notes[-1].pitch % 12 in triad for notes in found)


@given(st.integers(0, 11), st.sampled_from(["2/4", "3/4", "4/4", "6/8", "3/2"]), st.booleans())
@settings(max_examples=40, deadline=None)
def test_voices_close_together_with_the_tonic_on_top(tonic: int, meter: str, with_chords: bool) -> None:
    """The last chord comes in by the middle of its bar, and nothing else comes after it."""
    for ensemble in ("choir", "strings"):
        voices = tuple(Voice("melody", low, high) for low, high in RANGES[ensemble])
        parsed = parse_meter(meter)
        chords = (
            PlacedChord(0, Chord((tonic + 7) % 12, "")),
            PlacedChord(parsed.bar_ticks, Chord(tonic, "")),
        )
        request = FillRequest(
            ensemble,
            voices,
            Key(tonic, "major"),
            parsed,
            2,
            FillRequest.everything(2, 4),
            chords=chords if with_chords else (),
            cadence="full",
        )
        found = run(request, tonic)
        assert found[0][-1].pitch % 12 == tonic
        whole = parsed.half_ticks == parsed.bar_ticks
        by = parsed.bar_ticks + (parsed.beat_ticks if whole else parsed.half_ticks)
        closing = {note.pitch % 12 for notes in found for note in notes if note.end > by}
        assert closing <= {tonic, (tonic + 4) % 12, (tonic + 7) % 12}


def test_the_last_chord_has_a_third() -> None:
    """Unless voices hold their last notes from before: then nobody is asked."""
    voices = tuple(Voice("melody", low, high) for low, high in RANGES["choir"])
    request = FillRequest(
        "choir", voices, Key(0), Meter(4, 4), 2, FillRequest.everything(2, 4), cadence="full"
    )
    with_third = sum(4 in {notes[-1].pitch % 12 for notes in run(request, seed)} for seed in range(20))
    assert with_third >= 18


def test_a_top_voice_that_cannot_reach_the_tonic_closes_on_the_triad() -> None:
    low_high = [(62, 70), *RANGES["choir"][1:]]
    voices = tuple(Voice("melody", low, high) for low, high in low_high)
    request = FillRequest(
        "choir", voices, Key(0), Meter(4, 4), 1, FillRequest.everything(1, 4), cadence="full"
    )
    assert run(request)[0][-1].pitch % 12 in (4, 7)


def test_a_slash_chord_has_its_bass() -> None:
    meter = Meter(4, 4)
    voices = tuple(Voice("melody", low, high) for low, high in RANGES["choir"])
    chords = parse_grid("C/E F/A G/B C", meter)
    request = FillRequest("choir", voices, Key(0), meter, 4, FillRequest.everything(4, 4), chords=chords)
    for seed in range(5):
        bass = run(request, seed)[3]
        for bar, wanted in enumerate((4, 9, 11)):
            tick = bar * meter.bar_ticks
            assert [note.pitch % 12 for note in bass if note.start <= tick < note.end] == [wanted]


def test_the_same_seed_gives_the_same_notes() -> None:
    request = _solo(bars=3)
    assert run(request, 5) == run(request, 5)
    assert run(request, 5) != run(request, 6)


class RarelyLong(AnythingGoes):
    """A model that holds one note in fifty for a bar, and all others for a quarter."""

    def feed(self, rows: NDArray[np.int64]) -> NDArray[np.float32]:
        logits = super().feed(rows)
        logits[v.FIRST_DURATION : v.FIRST_DURATION + len(v.DURATIONS)] = -20
        logits[[v.duration_token(24), v.duration_token(96)]] = np.log([0.98, 0.02])
        return logits


@pytest.mark.parametrize(("ensemble", "kept"), [("solo", False), ("choir", True), ("strings", True)])
def test_choirs_and_quartets_keep_their_rare_long_notes(ensemble: str, kept: bool) -> None:
    voices = tuple(Voice("melody", low, high) for low, high in RANGES[ensemble])
    cells = FillRequest.everything(48, len(voices))
    request = FillRequest(ensemble, voices, Key(0), Meter(4, 4), 48, cells)  # type: ignore[arg-type]
    filled = fill(RarelyLong(1), request, np.random.default_rng(1))  # type: ignore[arg-type]
    lengths = [note.length for bar in filled for notes in bar.notes.values() for note in notes]
    assert (1920 in lengths) is kept


def test_a_note_that_sounds_into_a_filled_bar_is_not_doubled() -> None:
    there = Voice("melody", 57, 84, (Note(0, 480 * 6, 60),))
    request = FillRequest("solo", (there,), Key(0), Meter(4, 4), 2, frozenset({(1, 0)}))
    assert run(request)[0][0].start >= 480 * 6


def test_long_music_is_written_in_windows() -> None:
    for ensemble in ("solo", "strings"):
        voices = tuple(Voice("melody", low, high) for low, high in RANGES[ensemble])
        cells = FillRequest.everything(64, len(voices)) - {(5, 0), (40, 0)}
        request = FillRequest(ensemble, voices, Key(7), Meter(2, 4), 64, cells, cadence="full")  # type: ignore[arg-type]
        found = run(request)
        assert found[-1][-1].pitch % 12 == 7
        assert max(note.start for note in found[0]) >= 63 * 960


def _solo(**changes: object) -> FillRequest:
    bars = int(changes.pop("bars", 2))  # type: ignore[call-overload]
    given_: dict[str, object] = {
        "ensemble": "solo",
        "voices": (Voice("melody", 60, 79),),
        "key": Key(0),
        "meter": Meter(4, 4),
        "bars": bars,
        "fill": FillRequest.everything(bars, 1),
    }
    return FillRequest(**(given_ | changes))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"meter": Meter(5, 4)}, "does not compose in 5/4"),
        ({"bars": 65}, "65 bars"),
        ({"fill": frozenset()}, "Nothing"),
        ({"fill": frozenset({(2, 0)})}, "Bar 3"),
        ({"voices": ()}, "number of voices"),
        ({"voices": (Voice("melody", 61, 61),)}, "Range and key collide"),
        (
            {"voices": (Voice("melody", 62, 62),), "chords": parse_grid("C F", Meter(4, 4))},
            "Range and chords collide",
        ),
        ({"voices": (Voice("melody", 62, 62),), "cadence": "full"}, "Range and cadence collide"),
        ({"chords": parse_grid("C G", Meter(4, 4)), "cadence": "full"}, "cadence and the last chord collide"),
    ],
)
def test_contradictions_say_what_collides(changes: dict[str, object], words: str) -> None:
    with pytest.raises(BadInput, match=words):
        run(_solo(**changes))


def test_drawing_keeps_to_what_is_likely_and_allowed() -> None:
    rng = np.random.default_rng(0)
    logits = np.array([5.0, 4.0, -3.0, 9.0])
    allowed = np.array([True, True, True, False])
    assert {draw(logits, allowed, 1.0, 0.9, rng) for _ in range(200)} == {0, 1}
    assert {draw(logits, allowed, 1.0, 0.1, rng) for _ in range(50)} == {0}
    assert draw(logits, np.array([False, False, True, False]), 1.0, 0.5, rng) == 2
