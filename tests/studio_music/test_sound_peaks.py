"""Peaks of a song: they are those of its render, and after an edit little is rendered anew."""

from __future__ import annotations

import io
import os
import queue
import signal
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from studio_music.core.song import Note, Song, TempoChange, Track
from studio_music.core.sound import peaks_process
from studio_music.core.sound.font import OUR_FONT, SoundFont
from studio_music.core.sound.messages import read
from studio_music.core.sound.mix import Layers, mix_blocks
from studio_music.core.sound.peaks import BIN, PeakMaker
from studio_music.core.sound.peaks_client import PeakEvent, PeakFinder, Peaks, PeaksDied
from studio_music.core.sound.reverb import PART

RATE = 44100


@pytest.fixture(scope="module")
def font() -> Iterator[SoundFont]:
    with SoundFont(OUR_FONT) as opened:
        yield opened


def tune(bars: int = 8, **song: object) -> Song:
    notes = tuple(Note(tick, 460, 60 + tick // 480 % 5, 80) for tick in range(0, 1920 * bars, 480))
    strings = tuple(Note(tick, 1900, 48, 50) for tick in range(0, 1920 * bars, 1920))
    tracks = (Track("Tune", notes, 73, pan=20), Track("Strings", strings, 48, reverb=90))
    return replace(Song("", tracks, 1920 * bars, (TempoChange(0, 120.0),)), **song)


def moved(song: Song, place: int) -> Song:
    notes = list(song.tracks[0].notes)
    notes[place] = notes[place]._replace(pitch=72)
    return song.with_track(0, replace(song.tracks[0], notes=tuple(notes)))


def peaks(maker: PeakMaker, song: Song) -> np.ndarray:
    parts = list(maker.of(song))
    together = np.concatenate([part for *_, part in parts])
    assert [first for first, *_ in parts] == list(range(0, len(together), PART // BIN))
    assert {count for _, count, _ in parts} == {len(together)}
    return together


def rendered(song: Song, font: SoundFont) -> np.ndarray:
    sound = np.concatenate([block for *_, block in mix_blocks(song, font)])
    bins = np.concatenate([sound, np.zeros((-len(sound) % PART, 2), np.float32)]).reshape(-1, 2 * BIN)
    return np.stack([bins.min(1), bins.max(1)], 1)


@pytest.fixture
def parts(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Where the parts begin that were rendered."""
    made: list[int] = []
    part = Layers.part

    def count(self: Layers, start: int) -> tuple[np.ndarray, np.ndarray]:
        made.append(start)
        return part(self, start)

    monkeypatch.setattr(Layers, "part", count)
    return made


def test_peaks_are_those_of_the_render(font: SoundFont) -> None:
    assert np.abs(peaks(PeakMaker(font), tune()) - rendered(tune(), font)).max() < 1e-6


def test_after_an_edit_only_what_it_changed_is_rendered(font: SoundFont, parts: list[int]) -> None:
    maker = PeakMaker(font)
    peaks(maker, tune())
    whole = len(parts)
    parts.clear()
    peaks(maker, tune())
    assert parts == []
    edited = moved(tune(), 16)  # its bar begins after 8 seconds
    made = peaks(maker, edited)
    assert 0 < len(parts) < whole / 2.5
    assert np.abs(made - rendered(edited, font)).max() < 1e-5


def test_the_mixer_changes_all_of_it(font: SoundFont) -> None:
    maker = PeakMaker(font)
    before = peaks(maker, tune())
    muted = tune().with_track(1, replace(tune().tracks[1], muted=True))
    after = peaks(maker, muted)
    assert np.abs(after - rendered(muted, font)).max() < 1e-6
    assert np.abs(after - before[: len(after)]).max() > 0.01


def test_a_song_of_nothing_has_flat_peaks(font: SoundFont) -> None:
    assert not peaks(PeakMaker(font), Song("", (Track("Tune"),), 1920)).any()


def test_an_empty_last_message_stands_where_the_peaks_end(
    font: SoundFont, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(peaks_process, "_TELL_SECONDS", 0.0)  # each piece is told at once
    told = io.BytesIO()
    peaks_process._Process(told)._work(PeakMaker(font), tune(2), 1)
    told.seek(0)
    *pieces, last = iter(lambda: read(told), None)
    begins = [message.values["first"] for message in pieces]
    ends = [first + len(message.payload) // 8 for first, message in zip(begins, pieces, strict=True)]
    assert [0, *ends] == [*begins, last.values["first"]]
    assert (last.values["ended"], last.values["first"], last.payload) == (True, last.values["bins"], b"")


# --- the process --------------------------------------------------------------------------------------------


@pytest.fixture
def found() -> queue.SimpleQueue[PeakEvent]:
    return queue.SimpleQueue()


@pytest.fixture
def finder(found: queue.SimpleQueue[PeakEvent]) -> Iterator[PeakFinder]:
    made = PeakFinder(found.put)
    yield made
    made.close()


def run_of(found: queue.SimpleQueue[PeakEvent], run: int) -> np.ndarray:
    """All peaks of a run."""
    parts: list[np.ndarray] = []
    while True:
        event = found.get(timeout=60)
        assert isinstance(event, Peaks)
        if event.run != run:
            continue
        values = np.frombuffer(event.values, "<f4").reshape(-1, 2)
        assert event.first == sum(map(len, parts))
        assert event.seconds == BIN / RATE
        parts.append(values)
        if event.ended:
            together = np.concatenate(parts)
            assert len(together) == event.bins
            return together


@pytest.mark.slow
def test_the_process_tells_the_peaks_of_the_newest_song(
    finder: PeakFinder, found: queue.SimpleQueue[PeakEvent], font: SoundFont
) -> None:
    finder.find(tune(200), None)
    first = found.get(timeout=60)
    assert isinstance(first, Peaks)
    assert not first.ended
    run = finder.find(tune(), None)
    assert np.abs(run_of(found, run) - rendered(tune(), font)).max() < 1e-6
    began = time.monotonic()
    run = finder.find(moved(tune(), 16), None)
    assert np.abs(run_of(found, run) - rendered(moved(tune(), 16), font)).max() < 1e-5
    assert time.monotonic() - began < 10


@pytest.mark.slow
def test_a_broken_font_is_seen_as_ours(
    finder: PeakFinder, found: queue.SimpleQueue[PeakEvent], font: SoundFont, tmp_path: Path
) -> None:
    broken = tmp_path / "broken.sf2"
    broken.write_bytes(b"RIFF" + bytes(60))
    made = run_of(found, finder.find(tune(2), broken))
    assert np.abs(made - rendered(tune(2), font)).max() < 1e-6


@pytest.mark.slow
def test_a_process_that_dies_says_so(finder: PeakFinder, found: queue.SimpleQueue[PeakEvent]) -> None:
    run_of(found, finder.find(tune(1), None))
    process = finder._child._process
    assert process is not None
    os.kill(process.pid, signal.SIGKILL)
    assert isinstance(found.get(timeout=20), PeaksDied)
