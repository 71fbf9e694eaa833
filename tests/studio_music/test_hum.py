"""Hummed, sung, whistled and plucked tunes become notes: by a synthetic singer who is hard to transcribe."""

from __future__ import annotations

from itertools import groupby
from pathlib import Path

import mir_eval
import numpy as np
import pytest
import soundfile
from scipy.signal import lfilter
from studio_music.core.hum.network import FRAME, MODEL, RATE, listen, session
from studio_music.core.hum.transcribe import Heard, HumOptions, notes_of, transcribe
from studio_music.core.keys import Key
from studio_music.core.meter import Meter

from studio.api.values import BadInput
from tests.studio_music import hum_voice as voice
from tests.studio_music.hum_melodies import KNOWN, UNSEEN, Tune

MANNERS = ("hum", "vowel", "la", "na", "da", "words")
MIDDLES = (46, 53, 60, 69)
"""A bass, a tenor, an alto, a soprano."""


def f_measure(truth: list[voice.Sung], found: tuple[Heard, ...]) -> float:
    """Of onsets within 50 ms and pitches within a quarter tone."""

    def parts(notes: list[tuple[float, float, int]]) -> tuple[np.ndarray, np.ndarray]:
        hertz = np.array([440 * 2 ** ((note[2] - 69) / 12) for note in notes])
        return np.array([note[:2] for note in notes]).reshape(-1, 2), hertz

    sung = [(note.start, note.end, note.pitch) for note in found]
    score = mir_eval.transcription.precision_recall_f1_overlap(*parts(truth), *parts(sung), offset_ratio=None)
    return float(score[2])


def singer_of(seed: int, manner: str) -> voice.Singer:
    """A singer whose every property is drawn by chance."""
    draw = np.random.default_rng(seed).uniform
    shallow, short = draw(0, 0.3), draw(0.02, 0.09)
    return voice.Singer(
        manner=manner,
        vibrato=(shallow, shallow + draw(0, 0.5)),
        vibrato_rate=(4.2, 6.8),
        slide=(short, short + draw(0, 0.1)),
        scoop=draw(0, 0.6),
        detune=draw(0, 0.2),
        drift=draw(0, 0.4),
        tuning=draw(0, 0.3),
        breath=draw(0.005, 0.08),
        unsteady=draw(0.02, 0.2),
        flutter=draw(0, 2.5),
        dynamics=draw(0, 5),
        reverb=draw(0, 0.35),
        noise=draw(-60, -25),
        timing=draw(0, 0.02),
    )


def sung(tune: Tune, number: int) -> tuple[np.ndarray, list[voice.Sung]]:
    notes = tune.sung(MIDDLES[number % 4], 0.17 + 0.02 * (number % 3))
    return voice.sing(notes, singer_of(number, MANNERS[number % 6]), number)


PITCHES = [60, 60, 67, 67, 69, 69, 67, 65, 65, 64, 64, 62, 62, 60]
LENGTHS = [1, 1, 1, 1, 1, 1, 2] * 2
STARTS = [sum(LENGTHS[:n]) for n in range(14)]
TUNE: list[voice.Sung] = [
    (0.5 * start, 0.5 * (start + length), pitch)
    for start, length, pitch in zip(STARTS, LENGTHS, PITCHES, strict=True)
]


@pytest.fixture(scope="module")
def hummed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tune in C at 120 beats per minute, sung to “da”."""
    path = tmp_path_factory.mktemp("hum") / "tune.wav"
    audio, _ = voice.sing(TUNE, voice.Singer("da", timing=0.005), 3)
    soundfile.write(path, audio, voice.RATE)
    return path


@pytest.mark.parametrize("number", range(3))
def test_a_sung_tune_is_heard(number: int) -> None:
    audio, truth = sung(KNOWN[number], number)
    assert f_measure(truth, notes_of(audio, voice.RATE)) >= 0.8


@pytest.mark.slow
@pytest.mark.parametrize("number", range(24))
def test_every_tune_is_heard(number: int) -> None:
    """The proof: folk tunes by singers from bass to soprano, half of them never looked at before."""
    tune = (*KNOWN, *UNSEEN)[number]
    audio, truth = sung(tune, number)
    assert f_measure(truth, notes_of(audio, voice.RATE)) >= 0.8, tune.title


@pytest.mark.slow
@pytest.mark.parametrize("number", range(0, 24, 4))
def test_whistled_and_plucked_tunes_are_heard(number: int) -> None:
    tune = (*KNOWN, *UNSEEN)[number]
    audio, truth = voice.whistle(tune.sung(84, 0.17), singer_of(number, "la"), number)
    assert f_measure(truth, notes_of(audio, voice.RATE)) >= 0.8
    audio, truth = voice.pluck(tune.sung(57, 0.15), singer_of(number, "la"), number)
    assert f_measure(truth, notes_of(audio, voice.RATE)) >= 0.8


@pytest.mark.slow
def test_wide_vibrato_is_one_note() -> None:
    for wide in (0.5, 0.8):
        singer = voice.Singer("vowel", vibrato=(wide, wide), scoop=0, detune=0, drift=0, tuning=0)
        audio, truth = voice.sing([(0, 1.5, 57), (1.5, 3, 62), (3, 4.5, 59)], singer, 1)
        assert f_measure(truth, notes_of(audio, voice.RATE)) == 1.0


@pytest.mark.slow
def test_a_singer_off_concert_pitch_is_rounded_as_a_whole() -> None:
    for offset in (-0.4, 0.4):
        singer = voice.Singer("da", detune=0.03, drift=0.1, tuning=0, scoop=0)
        audio, _ = voice.sing(TUNE, singer, 2)
        shifted = np.interp(np.arange(0, len(audio) - 1, 2 ** (offset / 12)), np.arange(len(audio)), audio)
        found = [pitch for pitch, _ in groupby(note.pitch for note in notes_of(shifted, voice.RATE))]
        assert np.diff(found).tolist() == [7, 2, -2, -2, -1, -2, -2]


@pytest.mark.slow
def test_mains_hum_and_clipping_do_no_harm() -> None:
    audio, truth = sung(KNOWN[1], 1)
    time = np.arange(len(audio)) / voice.RATE
    loud = np.std(audio)
    assert f_measure(truth, notes_of(audio + 0.3 * loud * np.sin(2 * np.pi * 100 * time), voice.RATE)) >= 0.8
    assert f_measure(truth, notes_of(np.clip(audio, -loud, loud), voice.RATE)) >= 0.8


def test_a_song_comes_out(hummed: Path) -> None:
    told: list[tuple[int, int]] = []
    song = transcribe(hummed, HumOptions(program=73), lambda done, total: told.append((done, total)))
    track = song.tracks[0]
    assert [note.pitch for note in track.notes] == PITCHES
    assert song.key == Key(0, "major") and song.meter == Meter(4, 4)
    quarters = round(song.tempo / 120 * 2) / 2  # notes may be written as quarters or as eighths
    assert abs(song.tempo - 120 * quarters) < 4
    assert [note.start for note in track.notes] == [round(480 * quarters * n) for n in STARTS]
    assert track.program == 73 and track.role == "melody"
    assert song.length % song.meter.bar_ticks == 0 and track.notes[-1].end <= song.length
    assert told[0] == (0, told[-1][1]) and told[-1][0] == told[-1][1]


def test_tempo_meter_and_key_can_be_given(hummed: Path) -> None:
    given = HumOptions(tempo=60, meter=Meter(3, 4), key=Key(9, "minor"))
    song = transcribe(hummed, given)
    assert song.tempo == 60 and song.meter == Meter(3, 4) and song.key == Key(9, "minor")
    assert [note.length for note in song.tracks[0].notes] == [240 * length for length in LENGTHS]


def test_unquantized_notes_stay_where_they_were_sung(hummed: Path) -> None:
    exact = transcribe(hummed, HumOptions(quantize=0))
    audio, rate = soundfile.read(hummed)
    heard = notes_of(audio, rate)
    for note, sung_note in zip(exact.tracks[0].notes, heard, strict=True):
        first = exact.seconds_at(exact.tracks[0].notes[0].start)
        assert exact.seconds_at(note.start) - first == pytest.approx(
            sung_note.start - heard[0].start, abs=0.004
        )


def test_a_range_leaves_out_what_is_beyond(hummed: Path) -> None:
    audio, rate = soundfile.read(hummed)
    assert all(note.pitch <= 65 for note in notes_of(audio, rate, HumOptions(lowest=40, highest=64)))


def test_loud_notes_are_struck_harder() -> None:
    time = np.arange(RATE) / RATE
    tone = sum(np.sin(2 * np.pi * 220 * k * time) / k for k in range(1, 6)) * np.hanning(RATE) ** 0.3
    soft, loud = notes_of(np.concatenate([0.25 * tone, tone]), RATE)
    assert loud.velocity == 110 and 66 <= soft.velocity <= 80


def test_notes_are_placed_in_time_and_pitch() -> None:
    time = np.arange(3 * RATE) / RATE
    for pitch, begin in ((45, 0.5), (60, 1.234), (81, 2.0)):
        hertz = 440 * 2 ** ((pitch - 69) / 12)
        tone = sum(np.sin(2 * np.pi * hertz * k * time) / k for k in (1, 2, 3)) * (time > begin)
        (note,) = notes_of(tone, RATE)
        assert note.pitch == pitch and note.start == pytest.approx(begin, abs=0.03)


def test_frames_are_evenly_apart_over_the_seams_of_windows() -> None:
    time = np.arange(5 * RATE) / RATE
    clicks = (time * 5 % 1 < 0.5) * sum(np.sin(2 * np.pi * 330 * k * time) / k for k in (1, 2, 3)) * 0.3
    heard = listen(clicks.astype(np.float32), session())
    assert heard.contour.shape == (1 + len(time) // 256, 264)
    sounding = heard.note[:, 64 - 21] > 0.4
    begins = np.flatnonzero(np.diff(sounding.astype(int)) == 1) * FRAME
    assert np.diff(begins) == pytest.approx(0.2, abs=0.03)


SOUNDS = {
    "white noise": lambda rng, time: rng.standard_normal(len(time)),
    "brown noise": lambda rng, time: lfilter([1], [1, -0.97], rng.standard_normal(len(time))),
    "clicks": lambda rng, time: (rng.random(len(time)) < 2e-4) * 1.0,
    "a siren": lambda rng, time: np.sin(2 * np.pi * np.cumsum(300 * 2 ** (2 * np.sin(3 * time))) / RATE),
    "hands": lambda rng, time: rng.standard_normal(len(time)) * np.exp(-(time % 0.5) / 0.02),
}


@pytest.mark.parametrize("name", SOUNDS)
def test_noise_is_no_tune(name: str, tmp_path: Path) -> None:
    time = np.arange(3 * RATE) / RATE
    audio = SOUNDS[name](np.random.default_rng(1), time)
    path = tmp_path / "noise.wav"
    soundfile.write(path, 0.5 * audio / np.abs(audio).max(), RATE)
    with pytest.raises(BadInput, match=r"noise\.wav.*speech or noise"):
        transcribe(path)


@pytest.mark.parametrize("seed", range(2))
def test_speech_is_no_tune(seed: int) -> None:
    assert notes_of(voice.speak(5, seed), voice.RATE) == ()


def test_nothing_is_no_tune() -> None:
    assert notes_of(np.zeros(0), RATE) == () and notes_of(np.zeros((RATE, 2)), RATE) == ()


def test_a_changed_network_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from studio_music.core.hum import network

    from studio.api.values import ModelRefused

    other = tmp_path / "nmp.onnx"
    other.write_bytes(MODEL.read_bytes()[:-1])
    monkeypatch.setattr(network, "MODEL", other)
    with pytest.raises(ModelRefused, match="damaged"):
        session()
