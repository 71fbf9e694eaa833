"""Humming, run as the studio runs it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile
from studio_music.core.midi_file import read_song
from studio_music.generators.hum import Hum

from studio.api import BadInput
from studio.testing import RunGenerator

pytest_plugins = ["studio.testing"]
_RATE = 22_050


def whistled(path: Path, pitches: list[int]) -> Path:
    """Tones of half a second, with a second harmonic."""
    time = np.arange(_RATE // 2) / _RATE
    shape = np.minimum(1.0, np.minimum(time, time[::-1]) / 0.03)
    tones = []
    for pitch in pitches:
        wave = 2 * np.pi * 440.0 * 2 ** ((pitch - 69) / 12) * time
        tones.append(shape * (np.sin(wave) + 0.3 * np.sin(2 * wave)))
    soundfile.write(path, 0.3 * np.concatenate(tones), _RATE)
    return path


def test_a_tune_becomes_a_song(run_generator: RunGenerator, tmp_path: Path) -> None:
    pitches = [60, 62, 64, 65, 67, 65, 64, 62, 60]
    path = whistled(tmp_path / "tune.wav", pitches)
    result = run_generator(Hum, {"key": "C", "instrument": "Flute"}, inputs={"recording": path})
    song = read_song(result.artifacts[0].path)
    assert [note.pitch for note in song.tracks[0].notes] == pitches
    assert song.tracks[0].program == 73 and song.key.name == "C major"
    assert result.progress


def test_silence_is_said(run_generator: RunGenerator, tmp_path: Path) -> None:
    path = tmp_path / "silence.wav"
    soundfile.write(path, np.zeros(_RATE * 2), _RATE)
    with pytest.raises(BadInput, match="silent"):
        run_generator(Hum, {}, inputs={"recording": path})
