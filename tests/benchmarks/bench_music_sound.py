"""How fast songs become audio: 32 bars of four voices and drums, against the time that they last.

Run on request: `pytest -m benchmark tests/benchmarks/bench_music_sound.py -s`, on a quiet machine. The time
of this process counts, which busy neighbors lengthen less. Memory is that of a process of its own, which
writes a song of ten minutes as a file.
"""

from __future__ import annotations

import random
import subprocess
import sys
import time
from pathlib import Path

import pytest
from studio_music.core.song import Note, Song, TempoChange, Track
from studio_music.core.sound.engine import PART, Engine
from studio_music.core.sound.files import AudioOptions, write_audio
from studio_music.core.sound.font import OUR_FONT, SoundFont
from studio_music.core.sound.mix import mix_blocks
from studio_music.core.sound.synth import RATE

from tests.benchmarks.sizes import at_least, at_most, size

BARS = size(32, 2)
LONG_BARS = size(300, 2)
"""Ten minutes."""
TIMES = at_least(50.0)
"""How often faster than it plays: the goal."""
MOST_MB = at_most(500.0)
EDIT_SECONDS = at_most(0.25)

MEMORY = """
import resource, sys
from pathlib import Path
from studio_music.core.sound.files import AudioOptions, write_audio
from studio_music.core.sound.font import OUR_FONT, SoundFont
from tests.benchmarks.bench_music_sound import song_of
with SoundFont(OUR_FONT) as font:
    write_audio(song_of(int(sys.argv[1])), Path(sys.argv[2]), font, AudioOptions("wav24", loudness=-16.0))
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 if sys.platform != "darwin" else 1 << 20))
"""


def song_of(bars: int) -> Song:
    """A small band: a tune in eighths, chords, bass, strings, and a beat, as a person would write it."""
    luck = random.Random(4)
    scale = (60, 62, 64, 65, 67, 69, 71, 72)
    ticks = 1920 * bars
    roots = (57, 53, 48, 55)
    tune = tuple(Note(t, 230, luck.choice(scale), luck.randint(70, 95)) for t in range(0, ticks, 240))
    chords = tuple(
        Note(t, 900, roots[t // 1920 % 4] + step, 70) for t in range(0, ticks, 960) for step in (0, 4, 7)
    )
    bass = tuple(Note(t, 450, roots[t // 1920 % 4] - 12, 90) for t in range(0, ticks, 480))
    strings = tuple(Note(t, 1900, roots[t // 1920 % 4] + 12, 60) for t in range(0, ticks, 1920))
    drums = tuple(
        Note(t, 60, 42 if t % 480 else 36 if t % 960 == 0 else 38, 90) for t in range(0, ticks, 240)
    )
    return Song(
        "Band",
        (
            Track("Tune", tune, 73),
            Track("Chords", chords, 0),
            Track("Bass", bass, 33),
            Track("Strings", strings, 48),
            Track("Drums", drums, is_drums=True),
        ),
        ticks,
        (TempoChange(0, 120.0),),
    )


@pytest.mark.benchmark
@pytest.mark.timeout(600)
def test_rendering(tmp_path: Path) -> None:
    song = song_of(BARS)
    with SoundFont(OUR_FONT) as font:
        # imports, and the answer of the room
        write_audio(song_of(1), tmp_path / "song.wav", font, AudioOptions("wav24", loudness=-16.0))
        start = time.process_time()
        for _ in mix_blocks(song, font):
            pass
        mixed = song.duration / (time.process_time() - start)
        start = time.process_time()
        write_audio(song, tmp_path / "song.wav", font, AudioOptions("wav24", loudness=-16.0))
        written = song.duration / (time.process_time() - start)
    print(f"\n{song.duration:.0f} s of music: mixed {mixed:.0f} times, as a file {written:.0f} times as fast")
    assert mixed >= TIMES
    assert written >= TIMES


@pytest.mark.benchmark
@pytest.mark.timeout(600)
def test_an_edit_while_it_plays() -> None:
    """How long the player works until a changed note can be heard."""
    song = song_of(BARS)
    with SoundFont(OUR_FONT) as font:
        engine = Engine(font)
        engine.set_song(song)
        engine.play()
        while engine.work():
            pass
        for _ in range(20):
            engine.render()
        notes = song.tracks[0].notes
        changed = song.with_track(0, Track("Tune", (*notes[:4], notes[4]._replace(pitch=76), *notes[5:]), 73))
        start = time.process_time()
        engine.set_song(changed)
        while engine._next is not None:
            engine.work()
        spent = time.process_time() - start
        start = time.process_time()
        parts = size(200, 10)
        for _ in range(parts):
            engine.render()
        share = (time.process_time() - start) / (parts * PART / RATE)
    print(f"\nan edit is heard after {spent * 1000:.0f} ms of work; playing takes {share:.1%} of a core")
    assert spent <= EDIT_SECONDS


@pytest.mark.benchmark
@pytest.mark.timeout(600)
def test_memory(tmp_path: Path) -> None:
    command = [sys.executable, "-c", MEMORY, str(LONG_BARS), str(tmp_path / "long.wav")]
    peak = float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    print(f"\n{LONG_BARS * 2} s of music as a file: {peak:.0f} MB at most")
    assert peak <= MOST_MB
