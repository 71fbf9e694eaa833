"""How sung notes are written: beat, meter, bars, key."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from studio_music.core.hum.rhythm import FASTEST, PARTS, SLOWEST, rhythm_of
from studio_music.core.hum.tonality import key_of
from studio_music.core.hum.transcribe import Heard, HumOptions, song_of
from studio_music.core.keys import Key
from studio_music.core.meter import Meter
from studio_music.core.song import TICKS

from tests.studio_music.hum_melodies import KNOWN, UNSEEN, Tune


def performed(tune: Tune, seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Onsets, ends and pitches of a tune, sung unevenly and with a beat that wanders by some percent."""
    rng = np.random.default_rng(seed)
    notes = np.array(tune.sung(60, 0.2))
    times = np.unique(notes[:, :2])
    knots = np.arange(0, times[-1] + 4, 4)
    pace = np.exp(np.interp(times, knots, 0.03 * rng.standard_normal(len(knots))))
    warped = np.concatenate([[0], np.cumsum(np.diff(times) * pace[1:])])
    starts = np.interp(notes[:, 0], times, warped) + np.clip(
        0.012 * rng.standard_normal(len(notes)), -0.03, 0.03
    )
    ends = np.minimum(np.interp(notes[:, 1], times, warped) - 0.03, np.append(starts[1:], np.inf))
    return starts, ends, notes[:, 2].astype(int)


def ratios(tune: Tune) -> np.ndarray:
    """Times from note to note, beside one another."""
    return np.diff([start for start, _, _ in tune.sung(60, 1.0)])


@pytest.mark.slow
def test_times_are_written_in_their_true_proportions() -> None:
    right = []
    for number, tune in enumerate((*KNOWN, *UNSEEN)):
        starts, ends, pitches = performed(tune, number)
        rhythm = rhythm_of(starts, ends, pitches, np.zeros(len(starts)))
        written = np.diff(rhythm.places)
        true = ratios(tune)
        scale = np.median(written / true)
        right.append(np.mean(np.abs(written / true / scale - 1) < 0.02))
    assert np.mean(right) > 0.9


@pytest.mark.slow
@given(
    bpm=st.integers(60, 140),
    cells=st.lists(st.sampled_from([(2,), (1, 1), (2,), (4,)]), min_size=8, max_size=24),
)
@settings(max_examples=15, deadline=None)
def test_an_even_performance_at_a_known_tempo_is_written_exactly(
    bpm: int, cells: list[tuple[int, ...]]
) -> None:
    lengths = [length for cell in cells for length in cell]
    beat = 60 / bpm
    starts = np.cumsum([0, *lengths[:-1]]) * beat / 2
    ends = starts + np.array(lengths) * beat / 2 * 0.95
    rhythm = rhythm_of(starts, ends, np.full(len(starts), 60), np.zeros(len(starts)), bpm, Meter(4, 4))
    assert rhythm.tempo == pytest.approx(bpm) and rhythm.meter == Meter(4, 4)
    assert np.diff(rhythm.places).tolist() == [length * PARTS // 2 for length in lengths[:-1]]
    assert list(rhythm.lengths[:-1]) == [length * PARTS // 2 for length in lengths[:-1]]


def test_jigs_and_waltzes_and_marches_are_told_apart() -> None:
    jig = [2, 1, 2, 1, 1, 1, 1, 3, 2, 1, 2, 1, 1, 1, 1, 3] * 2  # eighths of 6/8
    waltz = [4, 2, 2, 2, 2, 4, 2, 6, 4, 2, 2, 2, 2, 4, 2, 6]  # eighths of 3/4
    march = [2, 2, 2, 1, 1, 2, 2, 4, 2, 2, 2, 1, 1, 2, 2, 4]  # eighths of 4/4
    for lengths, unit, meter in ((jig, 0.2, "6/8"), (waltz, 0.25, "3/4"), (march, 0.25, "4/4")):
        starts = np.cumsum([0, *lengths[:-1]]) * unit
        pitches = np.array([60 + (7 * n) % 12 for n in range(len(lengths) // 2)] * 2)
        ends = starts + np.array(lengths) * unit * 0.95
        rhythm = rhythm_of(starts, ends, pitches, np.zeros(len(starts)))
        assert str(rhythm.meter) == meter


def test_rests_are_kept_and_small_gaps_are_not() -> None:
    starts = np.array([0, 0.5, 1.0, 2.0, 2.5, 3.0, 3.5])
    ends = np.array([0.46, 0.95, 1.5, 2.46, 2.9, 3.46, 4.0])
    rhythm = rhythm_of(starts, ends, np.full(7, 60), np.zeros(7), 120, Meter(4, 4))
    assert rhythm.lengths[:6] == (12, 12, 12, 12, 12, 12)
    assert np.diff(rhythm.places).tolist() == [12, 12, 24, 12, 12, 12]


def test_a_long_pause_takes_whole_bars() -> None:
    for pause in (8.0, 21.3, 60.0):
        starts = np.array([0, 0.5, 1, 1.5, 2 + pause, 2.5 + pause, 3 + pause, 3.5 + pause])
        rhythm = rhythm_of(starts, starts + 0.45, np.full(8, 60), np.zeros(8), 120, Meter(4, 4))
        gone = (rhythm.places[4] - rhythm.places[3]) / PARTS
        assert gone == pytest.approx((0.5 + pause) * 2, abs=2.5)
        assert all(np.diff(rhythm.places) > 0)


@pytest.mark.slow
@given(
    times=st.lists(st.floats(0.08, 12), min_size=0, max_size=25),
    quantize=st.floats(0, 1),
    meter=st.sampled_from(
        [None, Meter(4, 4), Meter(3, 4), Meter(6, 8), Meter(9, 8), Meter(5, 4), Meter(3, 8)]
    ),
    tempo=st.sampled_from([0.0, SLOWEST, 97.0, FASTEST]),
    seed=st.integers(0, 999),
)
@example(times=[1.0, 4.5], quantize=0.0, meter=Meter(3, 8), tempo=0.0, seed=0)
@settings(max_examples=40, deadline=None)
def test_every_performance_becomes_a_song(
    times: list[float], quantize: float, meter: Meter | None, tempo: float, seed: int
) -> None:
    rng = np.random.default_rng(seed)
    starts = np.cumsum([0.3, *times])
    lasting = np.append(times, 1.0) * rng.uniform(0.3, 1, len(starts))
    heard = tuple(
        Heard(float(start), float(start + max(0.05, length)), int(rng.integers(36, 96)), 80)
        for start, length in zip(starts, lasting, strict=True)
    )
    song = song_of(heard, HumOptions(tempo=tempo, meter=meter, quantize=quantize))
    (track,) = song.tracks
    assert [note.pitch for note in track.notes] == [note.pitch for note in heard]
    assert all(note.start >= 0 and note.length >= 1 for note in track.notes)
    assert all(a.end <= b.start for a, b in zip(track.notes, track.notes[1:], strict=False)), "one voice"
    assert song.length % song.meter.bar_ticks == 0 and song.length >= track.notes[-1].end
    assert meter is None or song.meter == meter
    assert not tempo or song.tempo == pytest.approx(tempo, abs=0.01)
    beats = song.tempo * TICKS / song.meter.beat_ticks  # a minute; an eighth is the beat of 3/8
    assert tempo or SLOWEST - 0.1 <= beats <= FASTEST + 0.1


@pytest.mark.parametrize(
    ("pitches", "key"),
    [
        ([60, 62, 64, 65, 67, 69, 71, 72, 67, 64, 60], Key(0, "major")),
        ([69, 71, 72, 74, 76, 77, 80, 81, 76, 72, 69], Key(9, "minor")),
        ([62, 66, 69, 74, 73, 74, 69, 67, 66, 64, 62], Key(2, "major")),
    ],
)
def test_keys_are_found(pitches: list[int], key: Key) -> None:
    assert key_of(pitches, [1.0] * (len(pitches) - 1) + [2.0]) == key


@pytest.mark.slow
@given(pitches=st.lists(st.integers(0, 127), min_size=1, max_size=40), up=st.integers(0, 11))
@settings(deadline=None)
def test_keys_move_along(pitches: list[int], up: int) -> None:
    """A tune moved up is in the key moved up, unless two keys fit equally well."""
    lengths = [1.0 + 0.37 * (n * n % 7) for n in range(len(pitches))]
    key, moved = key_of(pitches, lengths), key_of([pitch + up for pitch in pitches], lengths)
    if len({pitch % 12 for pitch in pitches}) > 3:
        assert moved == key.transposed(up)
