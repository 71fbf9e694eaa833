"""The mixer, the room, loops, and the files that come of them."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyloudnorm
import pytest
import soundfile
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from studio_music.core.song import Note, Song, TempoChange, Track
from studio_music.core.sound.files import FORMATS, AudioOptions, write_audio, write_stems
from studio_music.core.sound.font import OUR_FONT, SoundFont
from studio_music.core.sound.loops import loop_frames, loop_mix
from studio_music.core.sound.loudness import Loudness, decibels
from studio_music.core.sound.mix import mix, mix_blocks
from studio_music.core.sound.reverb import Reverb, answer
from studio_music.core.sound.synth import render_track

from studio.api.values import BadInput

RATE = 44100


@pytest.fixture(scope="module")
def font() -> Iterator[SoundFont]:
    with SoundFont(OUR_FONT) as opened:
        yield opened


def bars(count: int, **song: object) -> Song:
    """A tune with strings, bass and drums whose tails are long."""
    ticks = range(0, 1920 * count, 480)
    tracks = (
        Track("Tune", tuple(Note(tick, 460, 60 + tick // 480 * 5 % 13, 90) for tick in ticks), 0, pan=30),
        Track(
            "Strings",
            tuple(Note(tick, 1920, 55, 80) for tick in range(0, 1920 * count, 1920)),
            48,
            reverb=100,
        ),
        Track("Bass", tuple(Note(tick, 400, 36, 100) for tick in ticks), 33, pan=100, reverb=0),
        Track(
            "Drums", tuple(Note(tick, 60, (36, 46)[tick // 480 % 2], 100) for tick in ticks), is_drums=True
        ),
    )
    return replace(Song("Tails", tracks, 1920 * count, (TempoChange(0, 117.0),)), **song)


def difference(one: np.ndarray, other: np.ndarray) -> float:
    """How far the one is from the other, in dB of its loudest sample."""
    return decibels(float(np.abs(one - other).max() / np.abs(one).max()))


def test_the_mix_in_blocks_is_the_mix_of_the_tracks(font: SoundFont) -> None:
    song = bars(2)
    whole = mix(song, [render_track(song, place, font) for place in range(4)])
    blocks = list(mix_blocks(song, font))
    assert [start for start, _, _ in blocks] == list(np.cumsum([0, *(len(b) for *_, b in blocks)])[:-1])
    assert difference(whole, np.concatenate([block for *_, block in blocks])) < -100


def test_mute_solo_pan_and_volume(font: SoundFont) -> None:
    song = bars(1)
    only_bass = song.with_track(2, replace(song.tracks[2], solo=True))
    sound = np.concatenate([block for *_, block in mix_blocks(only_bass, font)])
    assert np.abs(sound[:, 1]).max() > 2 * np.abs(sound[:, 0]).max()
    silent = replace(song, tracks=tuple(replace(track, muted=True) for track in song.tracks))
    assert not any(block.any() for *_, block in mix_blocks(silent, font))
    half = only_bass.with_track(2, replace(only_bass.tracks[2], volume=50))
    softer = np.concatenate([block for *_, block in mix_blocks(half, font)])
    assert decibels(float(np.abs(sound).max() / np.abs(softer).max())) == pytest.approx(12.04, abs=0.1)


def test_the_room_dies_away_and_repeats_itself() -> None:
    impulse = np.zeros(1024 * 100, np.float32)
    impulse[0] = 1
    room = Reverb(RATE, 1024)
    heard = np.concatenate([room.hear(impulse[at : at + 1024]) for at in range(0, len(impulse), 1024)])
    whole = answer(RATE)
    assert np.abs(heard[: len(whole)] - whole).max() < 1e-5
    assert not np.abs(heard[len(whole) :]).max() > 1e-6
    early, late = (float((heard[at : at + RATE // 4] ** 2).sum()) for at in (0, RATE))
    assert 30 < 10 * np.log10(early / late) < 60


def played_twice(song: Song) -> Song:
    """The loop of a song of one tempo two times, as a song without a loop.

    Its second pass begins as many frames after the first as the loop lasts: the last tick of the first pass,
    on which nothing happens, is longer or shorter by the part of a frame that was rounded.
    """
    assert song.loop and len(song.tempos) == 1
    start, end = song.loop
    ticks = end - start
    first, last = loop_frames(song, song.loop)
    shorter = replace(song, length=ticks)
    rest = (last - first) / RATE - shorter.seconds_at(ticks - 1)
    tempos = (song.tempos[0], TempoChange(ticks - 1, 60 / 480 / rest), TempoChange(ticks, song.tempo))

    def twice(track: Track) -> Track:
        once = [n._replace(start=n.start - start) for n in track.notes if start <= n.start < end]
        return replace(track, notes=(*once, *(n._replace(start=n.start + ticks) for n in once)))

    return replace(song, tracks=tuple(map(twice, song.tracks)), length=2 * ticks, loop=None, tempos=tempos)


def second_pass(song: Song, font: SoundFont) -> np.ndarray:
    """Of what `played_twice` sounds like."""
    assert song.loop
    first, last = loop_frames(song, song.loop)
    sound = np.concatenate([block for *_, block in mix_blocks(played_twice(song), font)])
    return sound[last - first : 2 * (last - first)]


@pytest.mark.parametrize("bpm", [120.0, 117.0, 93.7, 61.3])
def test_a_loop_file_is_the_second_pass_of_the_loop_played_twice(
    font: SoundFont, tmp_path: Path, bpm: float
) -> None:
    song = bars(4, loop=(1920, 7680), tempos=(TempoChange(0, bpm),))
    report = write_audio(song, tmp_path / "loop.wav", font, AudioOptions("wav32f", loop=True))
    once = soundfile.read(tmp_path / "loop.wav", dtype="float32")[0] / np.float32(report.gain)
    assert len(once) == round(3 * 1920 / 480 * 60 / bpm * RATE)
    assert difference(once, second_pass(song, font)) < -60
    jump = np.abs(once[0] - once[-1]).max()
    assert jump <= np.abs(np.diff(once, axis=0)).max()


@settings(max_examples=10)
@given(bpm=st.floats(40.0, 160.0), begins=st.integers(0, 4))
def test_a_loop_of_any_tempo_is_its_second_pass(font: SoundFont, bpm: float, begins: int) -> None:
    ticks = range(0, 480 * 12, 480)
    notes = tuple(Note(tick, 470, 72 + tick // 480 % 5, 90) for tick in ticks)
    loop = (480 * begins, 480 * (begins + 8))
    song = Song("", (Track("", notes, 11, reverb=127),), 1920 * 3, (TempoChange(0, bpm),), loop=loop)
    quarter = 60 / bpm * RATE
    # half a frame is rounded up or down by chance
    assume(all(abs(part * quarter % 1 - 0.5) > 1e-6 for n in range(9) for part in (n, n + 470 / 480)))
    once = loop_mix(song, font)
    assert difference(once, second_pass(song, font)) < -60


def test_a_loop_file_says_what_it_is(font: SoundFont, tmp_path: Path) -> None:
    song = bars(1)
    path = tmp_path / "loop.wav"
    report = write_audio(song, path, font, AudioOptions("wav24", loop=True))
    sound, rate = soundfile.read(path)
    assert len(sound) == report.frames == round(1920 * 60 / 117 / 480 * RATE)
    data = path.read_bytes()
    assert struct.unpack("<I", data[4:8])[0] == len(data) - 8
    sampler = data.index(b"smpl") + 8
    assert struct.unpack("<I", data[sampler + 28 : sampler + 32])[0] == 1
    assert struct.unpack("<II", data[sampler + 44 : sampler + 52]) == (0, report.frames - 1)
    acid = data.index(b"acid") + 8
    beats, unit, per_bar, tempo = struct.unpack("<IHHf", data[acid + 12 : acid + 24])
    assert (beats, unit, per_bar) == (4, 4, 4)
    assert tempo == pytest.approx(117.0, abs=0.01)
    assert rate == RATE


def test_loops_refuse_mp3_fades_and_no_length(font: SoundFont, tmp_path: Path) -> None:
    for options in (AudioOptions("mp3", loop=True), AudioOptions(loop=True, fade_out=1)):
        with pytest.raises(BadInput):
            write_audio(bars(1), tmp_path / "loop", font, options)
    with pytest.raises(BadInput):
        loop_mix(bars(1, loop=(0, 2)), font)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_is_read_again(font: SoundFont, tmp_path: Path, name: str) -> None:
    path = tmp_path / f"song{FORMATS[name].suffix}"
    report = write_audio(bars(1), path, font, AudioOptions(name, loudness=-18.0))
    with soundfile.SoundFile(path) as file:
        assert file.subtype == FORMATS[name].coding
        assert abs(file.frames - report.frames) < 3000 and file.channels == 2
        sound = file.read()
        if name in ("flac", "ogg"):
            assert file.comment == "BPM=117" and file.title == "Tails"
    assert pyloudnorm.Meter(RATE).integrated_loudness(sound) == pytest.approx(-18, abs=0.3)
    assert report.lufs == pytest.approx(-18, abs=0.01)
    assert [entry.name for entry in tmp_path.iterdir()] == [path.name]


def test_the_true_peak_stays_below_one_decibel(font: SoundFont, tmp_path: Path) -> None:
    report = write_audio(bars(1), tmp_path / "loud.wav", font, AudioOptions("wav32f", loudness=-3.0))
    sound, _ = soundfile.read(tmp_path / "loud.wav")
    from scipy.signal import resample_poly

    assert decibels(float(np.abs(resample_poly(sound, 8, 1, axis=0)).max())) < -0.9
    assert report.true_peak == pytest.approx(-1.0, abs=0.01)


def test_the_true_peak_lies_between_the_samples() -> None:
    """A sine of a quarter of the rate, caught 45 degrees beside its tops (ITU-R BS.2217)."""
    tone = np.sin(np.pi / 2 * np.arange(RATE) + np.pi / 4)
    fade = np.clip(np.minimum(np.arange(RATE), np.arange(RATE)[::-1]) / 4000, 0, 1)
    loudness = Loudness(RATE)
    for part in np.array_split(np.stack([tone * fade] * 2, axis=1).astype(np.float32), 7):
        loudness.hear(part)
    assert np.abs(tone).max() == pytest.approx(0.7071, abs=1e-3)
    assert decibels(loudness.true_peak) == pytest.approx(0.0, abs=0.2)


@pytest.mark.parametrize("level", [-23.0, -40.0])
def test_a_sine_is_as_loud_as_the_norm_says(level: float) -> None:
    """EBU Tech 3341, cases 1 and 2: 1 kHz in both channels."""
    tone = 10 ** (level / 20) * np.sin(2 * np.pi * 1000 * np.arange(10 * 48000) / 48000)
    loudness = Loudness(48000)
    for part in np.array_split(np.stack([tone, tone], axis=1).astype(np.float32), 13):
        loudness.hear(part)
    assert loudness.lufs == pytest.approx(level, abs=0.1)


def test_fades_and_dither(font: SoundFont, tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    options = AudioOptions("wav16", fade_in=0.5, fade_out=1.0, seed=3)
    write_audio(bars(1), path, font, options)
    sound, _ = soundfile.read(path)
    assert np.abs(sound[:200]).max() < 1e-3 and np.abs(sound[-200:]).max() < 1e-3
    write_audio(bars(1), tmp_path / "b.wav", font, options)
    assert path.read_bytes() == (tmp_path / "b.wav").read_bytes()
    write_audio(bars(1), tmp_path / "c.wav", font, replace(options, seed=4))
    assert path.read_bytes() != (tmp_path / "c.wav").read_bytes()


def test_stems_sum_to_the_mix(font: SoundFont, tmp_path: Path) -> None:
    song = bars(1)
    song = song.with_track(2, replace(song.tracks[2], muted=True))
    options = AudioOptions("wav32f", loudness=-20)
    write_audio(song, tmp_path / "mix.wav", font, options)
    done: list[float] = []
    paths = write_stems(song, tmp_path, "Tails", font, options, done.append)
    assert [path.name for path in paths] == ["Tails_Tune.wav", "Tails_Strings.wav", "Tails_Drums.wav"]
    whole, _ = soundfile.read(tmp_path / "mix.wav")
    assert difference(whole, sum(soundfile.read(path)[0] for path in paths)) < -100
    assert done == sorted(done) and done[-1] == pytest.approx(1.0)


def test_stems_of_a_loop_sum_to_the_loop(font: SoundFont, tmp_path: Path) -> None:
    options = AudioOptions("wav32f", loop=True)
    write_audio(bars(1), tmp_path / "mix.wav", font, options)
    paths = write_stems(bars(1), tmp_path, "Set", font, options)
    whole, _ = soundfile.read(tmp_path / "mix.wav")
    assert difference(whole, sum(soundfile.read(path)[0] for path in paths)) < -100


def test_what_is_cancelled_leaves_no_file(font: SoundFont, tmp_path: Path) -> None:
    class Enough(Exception):
        pass

    def stop(done: float) -> None:
        raise Enough

    with pytest.raises(Enough):
        write_audio(bars(1), tmp_path / "a.wav", font, on_progress=stop)
    assert not list(tmp_path.iterdir())


def test_a_song_without_notes_is_silence_of_its_length(font: SoundFont, tmp_path: Path) -> None:
    report = write_audio(Song("", (Track("a"),), 1920), tmp_path / "a.wav", font, AudioOptions(loudness=-16))
    assert report.frames == round(2.4 * RATE)
    assert report.lufs == float("-inf")
