"""Instruments sound at their pitch, evenly loud, without clicks; blocks are parts of the whole."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from studio_music.core.song import Note, Song, TempoChange, Track
from studio_music.core.sound.font import OUR_FONT, SoundFont
from studio_music.core.sound.loudness import Loudness
from studio_music.core.sound.synth import Synth, render_track, voices_of

RATE = 44100


@pytest.fixture(scope="module")
def font() -> Iterator[SoundFont]:
    with SoundFont(OUR_FONT) as opened:
        yield opened


def song_of(*notes: Note, program: int = 0, is_drums: bool = False) -> Song:
    length = max(note.end for note in notes)
    return Song("", (Track("", notes, program, is_drums),), length, (TempoChange(0, 120.0),))


def pitch_of(sound: np.ndarray) -> float:
    """The fundamental in Hz, by autocorrelation."""
    part = sound[8000:24384, 0].astype(np.float64)
    spectrum = np.abs(np.fft.rfft(part * np.hanning(len(part)), 4 * len(part))) ** 2
    agreement = np.fft.irfft(spectrum)
    first = RATE // 1400
    search = agreement[first : RATE // 50]
    good = np.flatnonzero(search > 0.85 * search.max())
    start = good[0]
    while start + 1 < len(search) and search[start + 1] > search[start]:
        start += 1
    return RATE / (first + start)


@pytest.mark.parametrize("program", [0, 4, 19, 24, 40, 42, 52, 56, 65, 68, 71, 73, 80])
@pytest.mark.parametrize("pitch", [55, 67])
def test_an_instrument_sounds_at_its_pitch(font: SoundFont, program: int, pitch: int) -> None:
    sound = render_track(song_of(Note(0, 960, pitch, 90), program=program), 0, font)
    cents = 1200 * np.log2(pitch_of(sound) / (440 * 2 ** ((pitch - 69) / 12)))
    octaves = round(cents / 1200)
    assert abs(cents - 1200 * octaves) < 45  # a choir of people is 38 cents low at G3, in the recording
    assert octaves in (-1, 0, 1)  # organs have pipes an octave away


def test_every_instrument_is_heard_and_none_is_far_too_loud(font: SoundFont) -> None:
    for program in range(0, 128, 3):
        sound = render_track(song_of(Note(0, 960, 60, 100), program=program), 0, font)
        assert np.isfinite(sound).all()
        assert 0.02 < np.abs(sound).max() < 1.6, program


@pytest.mark.slow
def test_instruments_are_about_as_loud_as_one_another(font: SoundFont) -> None:
    levels: list[float] = []
    for program in range(112):  # behind that are effects
        loudness = Loudness(RATE)
        loudness.hear(render_track(song_of(Note(0, 1920, 60, 90), program=program), 0, font))
        levels.append(loudness.lufs)
    assert np.percentile(levels, 90) - np.percentile(levels, 10) < 10
    assert max(levels) - min(levels) < 15


def test_drums_ring_out_and_a_closed_hi_hat_ends_an_open_one(font: SoundFont) -> None:
    alone = render_track(song_of(Note(0, 120, 46, 100), Note(1440, 120, 36, 1), is_drums=True), 0, font)
    ended = render_track(song_of(Note(0, 120, 46, 100), Note(240, 120, 42, 1), is_drums=True), 0, font)
    later = slice(round(0.5 * RATE), round(0.9 * RATE))
    assert np.abs(alone[later]).max() > 10 * np.abs(ended[later]).max()


def test_velocity_falls_off_as_its_square(font: SoundFont) -> None:
    loud, soft = (
        np.abs(render_track(song_of(Note(0, 960, 60, velocity), program=73), 0, font)).max()
        for velocity in (120, 60)
    )
    assert 20 * np.log10(loud / soft) == pytest.approx(12.04, abs=1.5)


def test_a_note_ends_without_a_click(font: SoundFont) -> None:
    for program in (16, 48, 73, 80):
        sound = render_track(song_of(Note(0, 480, 60, 100), program=program), 0, font)[:, 0]
        held = np.abs(np.diff(sound[4000:20000])).max()
        assert np.abs(np.diff(sound[20000:])).max() <= 1.2 * held, program


def test_a_stretch_is_a_part_of_the_whole(font: SoundFont) -> None:
    song = song_of(*(Note(n * 240, 300, 48 + n % 24, 40 + n) for n in range(60)), program=48)
    whole = render_track(song, 0, font)
    voices = voices_of(song.tracks[0], lambda tick: round(song.seconds_at(tick) * RATE), font)
    start = 123_457
    part = Synth(font).block(voices.between(start, start + 5000), start, 5000)
    assert np.abs(part - whole[start : start + 5000]).max() < 1e-5


def test_a_note_of_a_minute_goes_on_evenly(font: SoundFont) -> None:
    sound = render_track(song_of(Note(0, 960 * 60, 60, 100), program=16), 0, font)
    levels = [np.sqrt((sound[at : at + RATE] ** 2).mean()) for at in range(RATE, 59 * RATE, RATE)]
    assert min(levels) > 0.6 * max(levels)
