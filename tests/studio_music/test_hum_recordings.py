"""Recordings as they come: formats, rates, and everything that is no recording; and the recorder."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
import pytest
import soundfile
from hypothesis import given, settings
from hypothesis import strategies as st
from studio_music.core.hum.network import RATE
from studio_music.core.hum.recorder import Recorder
from studio_music.core.hum.recording import evened, read_recording
from studio_music.core.hum.transcribe import transcribe

from studio.api.values import BadInput, DiskFull


def tones(rate: int, seconds: float = 2.0) -> np.ndarray:
    """Four notes with overtones: C, E, G, C."""
    at = np.arange(int(rate * seconds)) / rate
    number = np.minimum((4 * at / seconds).astype(int), 3)
    hertz = np.array([261.6, 329.6, 392.0, 523.3])[number]
    phase = 2 * np.pi * np.cumsum(hertz) / rate
    shape = np.minimum(1, 10 * np.sin(np.pi * ((4 * at / seconds) % 1)))
    return np.asarray(0.4 * shape * sum(np.sin(k * phase) / k for k in (1, 2, 3)))


@pytest.mark.parametrize(
    ("suffix", "subtype", "rate", "channels"),
    [
        (".wav", "PCM_U8", 22_050, 1),
        (".wav", "PCM_16", 8_000, 1),
        (".wav", "PCM_24", 192_000, 2),
        (".wav", "FLOAT", 48_000, 6),
        (".wav", "DOUBLE", 11_025, 1),
        (".wav", "ULAW", 44_099, 1),
        (".aiff", "PCM_16", 44_100, 1),
        (".flac", "PCM_16", 96_000, 2),
        (".ogg", "VORBIS", 44_100, 2),
        (".mp3", "MPEG_LAYER_III", 44_100, 1),
    ],
)
def test_formats_are_read(suffix: str, subtype: str, rate: int, channels: int, tmp_path: Path) -> None:
    path = tmp_path / f"tune{suffix}"
    soundfile.write(path, np.repeat(tones(rate)[:, None], channels, axis=1), rate, subtype=subtype)
    song = transcribe(path)
    assert [note.pitch for note in song.tracks[0].notes] == [60, 64, 67, 72]


@given(
    rate=st.sampled_from([4_000, 8_000, 11_025, 22_050, 44_100, 48_000, 44_099, 96_000]),
    seconds=st.floats(0.4, 45),
    level=st.floats(0.01, 1e6),
    offset=st.floats(-0.5, 0.5),
)
@settings(max_examples=12, deadline=None)
@pytest.mark.slow
def test_blocks_leave_no_seam(
    tmp_path_factory: pytest.TempPathFactory, rate: int, seconds: float, level: float, offset: float
) -> None:
    """Read in blocks, a file is what it would be at once: of any length and loudness, on any level."""
    at = np.arange(int(rate * seconds)) / rate
    audio = level * (np.sin(2 * np.pi * 220 * at) * np.minimum(1, at * 4) + offset)
    path = tmp_path_factory.mktemp("blocks") / "tone.wav"
    soundfile.write(path, audio, rate, subtype="FLOAT")
    read, whole = read_recording(path), evened(audio, rate)
    assert len(read) == len(whole)
    assert np.abs(read).max() == pytest.approx(0.5, abs=1e-3)
    inner = slice(200, min(len(read), len(whole)) - 200)  # the filter's edges differ
    assert np.abs(read[inner] - whole[inner]).max() < 2e-3


def test_one_side_alone_is_enough(tmp_path: Path) -> None:
    path = tmp_path / "left.wav"
    left = tones(44_100)
    soundfile.write(path, np.stack([left, np.zeros_like(left)], axis=1), 44_100)
    assert [note.pitch for note in transcribe(path).tracks[0].notes] == [60, 64, 67, 72]


def written(path: Path, audio: np.ndarray, rate: int = RATE) -> Path:
    soundfile.write(path, audio, rate, subtype="FLOAT")
    return path


@pytest.mark.parametrize("level", [0.0, 1e-4])
def test_silence(level: float, tmp_path: Path) -> None:
    path = written(tmp_path / "quiet.wav", level * np.random.default_rng(0).uniform(-1, 1, 2 * RATE))
    with pytest.raises(BadInput, match=r"“quiet\.wav” is silent"):
        transcribe(path)


def test_a_constant_is_silence(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="silent"):
        transcribe(written(tmp_path / "constant.wav", np.full(2 * RATE, 0.7)))


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_no_numbers(bad: float, tmp_path: Path) -> None:
    audio = tones(RATE)
    audio[1000] = bad
    with pytest.raises(BadInput, match="no numbers"):
        transcribe(written(tmp_path / "nan.wav", audio))


@pytest.mark.parametrize("frames", [0, 1, 4000])
def test_too_short(frames: int, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="too short"):
        transcribe(written(tmp_path / "short.wav", tones(RATE)[:frames]))


def test_too_long(tmp_path: Path) -> None:
    path = tmp_path / "long.wav"
    soundfile.write(path, np.zeros(4_000 * 660, np.int16), 4_000)
    with pytest.raises(BadInput, match="11 minutes") as raised:
        transcribe(path)
    assert "10 minutes" in str(raised.value)


@pytest.mark.parametrize("rate", [1_000, 1_000_000])
def test_odd_rates(rate: int, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=f"{rate} samples per second"):
        transcribe(written(tmp_path / "odd.wav", np.ones(2 * rate) * 0.1, rate))


def test_absent_files_and_folders(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="cannot be read"):
        read_recording(tmp_path / "absent.wav")
    with pytest.raises(BadInput, match="not a file"):
        read_recording(tmp_path)


@given(data=st.binary(max_size=400))
@settings(max_examples=60, deadline=None)
def test_what_is_no_sound(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    path = tmp_path_factory.mktemp("broken") / "broken.wav"
    path.write_bytes(data)
    with pytest.raises(BadInput, match=r"broken\.wav"):
        read_recording(path)


@pytest.mark.parametrize("suffix", [".wav", ".flac", ".ogg", ".mp3"])
@given(cut=st.floats(0, 1), seed=st.integers(0, 99))
@settings(max_examples=15, deadline=None)
def test_damaged_files_are_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, suffix: str, cut: float, seed: int
) -> None:
    path = tmp_path_factory.mktemp("damaged") / f"damaged{suffix}"
    soundfile.write(path, tones(RATE, 1.0), RATE)
    whole = bytearray(path.read_bytes())
    rng = np.random.default_rng(seed)
    for place in rng.integers(0, len(whole), 5):
        whole[place] = int(rng.integers(256))
    path.write_bytes(whole[: int(cut * len(whole))])
    try:
        audio = read_recording(path)
    except BadInput as error:
        assert "damaged" in str(error)
    else:
        assert np.isfinite(audio).all() and np.abs(audio).max() <= 0.5001


def test_the_recorder_writes_a_recording(tmp_path: Path) -> None:
    levels: list[float] = []
    path = tmp_path / "recorded.wav"
    recorder = Recorder(path, levels.append, is_null=True)
    recorder.start()
    until = time.monotonic() + 5
    while recorder.seconds < 0.4 and time.monotonic() < until:
        time.sleep(0.01)
    seconds = recorder.stop()
    info = soundfile.info(path)
    assert info.channels == 1 and info.subtype == "PCM_16" and info.frames / info.samplerate == seconds >= 0.4
    assert levels and set(levels) == {0.0}
    assert recorder.stop() == seconds, "stopping twice does nothing"
    with pytest.raises(BadInput, match="silent"):
        read_recording(path)


def test_the_recorder_tells_levels_and_ends_by_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("studio_music.core.hum.recorder.LONGEST", 0.1)
    levels: list[float] = []
    recorder = Recorder(tmp_path / "recorded.wav", levels.append)
    writing = recorder._writing()
    next(writing)
    half = np.full(2205, 16_384, "<i2").tobytes()
    for _ in range(4):
        writing.send(half)
    writing.close()
    assert levels == [0.5, 0.5] and recorder.is_full and recorder.stop() == pytest.approx(0.1)


def test_a_full_disk_is_told_when_the_recording_ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError(28, "No space left on device")

    recorder = Recorder(tmp_path / "recorded.wav", lambda level: None)
    writing = recorder._writing()
    next(writing)
    monkeypatch.setattr("wave.Wave_write.writeframes", refuse)
    writing.send(b"\0\0" * 100)
    writing.close()
    with pytest.raises(DiskFull, match="could not be written"):
        recorder.stop()


def test_no_microphone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import miniaudio

    def absent(**_: object) -> None:
        raise miniaudio.MiniaudioError("failed to init device", -401)

    monkeypatch.setattr(miniaudio, "CaptureDevice", absent)
    with pytest.raises(BadInput, match="no microphone"):
        Recorder(tmp_path / "recorded.wav", lambda level: None).start()
    assert not (tmp_path / "recorded.wav").exists()
