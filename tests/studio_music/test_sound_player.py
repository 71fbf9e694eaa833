"""The player: what it plays is what is rendered, loops have no gap, edits come in while it plays; it ends."""

from __future__ import annotations

import io
import os
import queue
import signal
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from studio_music.core.meter import Meter
from studio_music.core.song import MeterChange, Note, Song, TempoChange, Track
from studio_music.core.sound.engine import PART, Engine
from studio_music.core.sound.font import OUR_FONT, SoundFont
from studio_music.core.sound.loops import loop_mix
from studio_music.core.sound.messages import Message, pack, pack_song, read, unpack_song
from studio_music.core.sound.mix import mix_blocks
from studio_music.core.sound.player_client import (
    FontRefused,
    NoDevice,
    Passed,
    Player,
    PlayerDied,
    PlayerEvent,
    Position,
    Ready,
)

RATE = 44100


@pytest.fixture(scope="module")
def font() -> Iterator[SoundFont]:
    with SoundFont(OUR_FONT) as opened:
        yield opened


def tune(bars: int = 2, **song: object) -> Song:
    notes = tuple(Note(tick, 460, 60 + tick // 480 % 5, 60) for tick in range(0, 1920 * bars, 480))
    strings = tuple(Note(tick, 1900, 48, 50) for tick in range(0, 1920 * bars, 1920))
    tracks = (Track("Tune", notes, 73, pan=20), Track("Strings", strings, 48))
    return replace(Song("", tracks, 1920 * bars, (TempoChange(0, 120.0),)), **song)


def played(engine: Engine, seconds: float) -> np.ndarray:
    parts = []
    for _ in range(round(seconds * RATE / PART)):
        while engine.work():
            pass
        parts.append(engine.render().sound)
    return np.concatenate(parts)


def whole(song: Song, font: SoundFont) -> np.ndarray:
    return np.concatenate([block for *_, block in mix_blocks(song, font)])


def test_what_is_played_is_what_is_rendered(font: SoundFont) -> None:
    engine = Engine(font)
    engine.set_song(tune())
    engine.play()
    sound = played(engine, 5)
    rendered = whole(tune(), font)
    assert np.abs(sound[100 : 4 * RATE] - rendered[100 : 4 * RATE]).max() < 1e-4
    assert not engine.render().playing


def test_a_loop_has_no_gap_and_its_passes_are_the_loop_file(font: SoundFont) -> None:
    song = tune(loop=(1920, 3840))
    engine = Engine(font)
    engine.set_song(song)
    engine.set_loop(song.loop)
    engine.play(1920)
    sound = played(engine, 10)
    once = loop_mix(song, font)
    third = sound[2 * len(once) : 3 * len(once)]
    fourth = sound[3 * len(once) : 4 * len(once)]
    assert np.abs(third - fourth).max() < 1e-4
    assert np.abs(third - once).max() < 1e-3


@pytest.mark.parametrize("bpm", [117.0, 93.7, 61.3, 171.9])
def test_the_first_pass_goes_over_into_the_second_without_a_seam(font: SoundFont, bpm: float) -> None:
    """A tone that sounds from before the loop's end into its next pass, which begins on a whole frame."""
    song = tune(loop=(1920, 3840), tempos=(TempoChange(0, bpm),))
    flute = replace(song.tracks[0], notes=(Note(2500, 1340, 96, 90),), reverb=0)
    song = replace(song, tracks=(flute,))
    engine = Engine(font)
    engine.set_song(song)
    engine.set_loop(song.loop)
    engine.play(1920)
    once = loop_mix(song, font)
    sound = played(engine, 3 * len(once) / RATE)
    begins = round((song.seconds_at(2500) - song.seconds_at(1920)) * RATE)
    first, second = (sound[n * len(once) :][begins : begins + len(once)] for n in range(2))
    assert np.abs(first - second).max() < 1e-5


def test_the_metronome_clicks_once_where_the_loop_begins_again(font: SoundFont) -> None:
    """At 117 this loop ends a frame behind the beat that follows it in the song."""
    song = Song("", (Track("a"),), 5760, (TempoChange(0, 117.0),))
    engine = Engine(font)
    engine.set_song(song)
    engine.set_loop((1920, 3840))
    engine.set_metronome(True)
    engine.play(1920)
    sound = np.abs(played(engine, 7)[:, 0])
    bar = round(1920 * 60 / 117 / 480 * RATE)
    begins, *again = (sound[n * bar : n * bar + RATE // 50].max() for n in range(3))
    assert again == pytest.approx([begins, begins], rel=0.02)


def test_a_note_that_is_held_over_the_end_of_the_loop_fades(font: SoundFont) -> None:
    organ = Track("", (Note(0, 7680, 48, 100),), 19, reverb=0)
    song = Song("", (organ,), 7680, (TempoChange(0, 120.0),))
    engine = Engine(font)
    engine.set_song(song)
    engine.set_loop((960, 1930))
    engine.play()
    sound = played(engine, 2.5)
    end = round(song.seconds_at(1930) * RATE)
    steps = np.abs(np.diff(sound, axis=0)).max(1)
    assert steps[end - 50 : end + 50].max() <= 1.5 * steps[RATE : end - 50].max()


def test_it_tells_each_pass_of_the_loop(font: SoundFont) -> None:
    engine = Engine(font)
    engine.set_song(tune())
    engine.set_loop((0, 480))
    engine.play(0)
    while engine.work():
        pass
    passes = [
        part.passed for part in (engine.render() for _ in range(round(2.1 * RATE / PART))) if part.passed
    ]
    assert passes == [1, 2, 3, 4]


def test_an_edit_comes_in_without_a_gap(font: SoundFont) -> None:
    song = tune()
    edited = song.with_track(1, replace(song.tracks[1], notes=(Note(0, 3800, 55, 50),)))
    engine = Engine(font)
    engine.set_song(song)
    engine.play()
    before = played(engine, 1)
    engine.set_song(edited)
    after = played(engine, 1)
    sound = np.concatenate([before, after])
    assert np.abs(sound[100 : len(before)] - whole(song, font)[100 : len(before)]).max() < 1e-4
    assert np.abs(np.diff(sound, axis=0)).max() < 1.3 * np.abs(np.diff(whole(song, font), axis=0)).max()
    dry_song, dry_edit = (
        replace(one, tracks=tuple(replace(track, reverb=0) for track in one.tracks)) for one in (song, edited)
    )
    engine = Engine(font)
    engine.set_song(dry_song)
    engine.play()
    played(engine, 1)
    engine.set_song(dry_edit)
    sound = played(engine, 1.2)
    start = round(RATE / PART) * PART
    expected = whole(dry_edit, font)[start + 2 * PART : start + len(sound)]
    assert np.abs(sound[2 * PART :] - expected).max() < 1e-4


def test_another_tempo_keeps_the_tick(font: SoundFont) -> None:
    engine = Engine(font)
    engine.set_song(tune())
    engine.play()
    played(engine, 1)
    before = engine.render().tick
    engine.set_song(tune(tempos=(TempoChange(0, 60.0),)))
    while engine.work():
        pass
    assert engine.render().tick == pytest.approx(before + 960 * PART / RATE, abs=1)


def test_the_mixer_moves_at_once(font: SoundFont) -> None:
    dry = tune(tracks=tuple(replace(track, reverb=0) for track in tune().tracks))
    engine = Engine(font)
    engine.set_song(dry)
    engine.play()
    played(engine, 1)
    for track in range(2):
        engine.set_mix(track, muted=True)
    assert engine.render().sound.any()  # it fades within this part
    assert not engine.render().sound.any()
    engine.set_mix(0, muted=False)
    assert engine.render().sound.any()


def test_pause_fades_and_goes_on_at_the_same_tick(font: SoundFont) -> None:
    engine = Engine(font)
    engine.set_song(tune())
    engine.play()
    played(engine, 0.5)
    engine.pause()
    part = engine.render()
    assert not part.playing
    played(engine, 3)
    assert engine.render().silent
    engine.play()
    while engine.work():
        pass
    assert engine.render().tick == part.tick


def test_the_metronome_and_the_bars_that_are_counted(font: SoundFont) -> None:
    empty = Song("", (Track("a"),), 1920 * 4, (TempoChange(0, 120.0),), (MeterChange(0, Meter(3, 4)),))
    engine = Engine(font)
    engine.set_song(empty)
    engine.set_metronome(True)
    engine.set_count_in(1)
    engine.play()
    sound = np.abs(played(engine, 3.2)[:, 0])
    starts = [at for at in range(0, 3 * RATE, RATE // 100) if sound[at : at + RATE // 100].max() > 0.05]
    clicks = [at for at, before in zip(starts, [-RATE, *starts], strict=False) if at - before > RATE // 5]
    assert [round(at / RATE, 1) for at in clicks] == [0.0, 0.5, 1.0, 1.5, 2.0, 2.5]


def test_a_key_sounds_until_it_is_let_go(font: SoundFont) -> None:
    engine = Engine(font)
    engine.set_song(tune())
    engine.audition(0, 72, 100)
    held = played(engine, 0.5)
    engine.audition(0, 72, 0)
    let_go = played(engine, 4)
    assert np.abs(held).max() > 0.05
    assert np.abs(let_go[-RATE:]).max() < 1e-4
    assert engine.render().silent


def test_what_is_too_loud_is_bent_not_cut(font: SoundFont) -> None:
    loud = Track("", tuple(Note(0, 1920, pitch, 127) for pitch in range(40, 90)), 48, volume=127)
    engine = Engine(font)
    engine.set_song(Song("", (loud,), 1920))
    engine.play()
    assert np.abs(played(engine, 1)).max() <= 1.0


@given(
    st.lists(
        st.tuples(st.integers(0, 10**6), st.integers(1, 10**5), st.integers(0, 127), st.integers(1, 127)),
        max_size=20,
    ),
    st.integers(0, 127),
    st.booleans(),
)
def test_songs_travel(notes: list[tuple[int, int, int, int]], program: int, flag: bool) -> None:
    track = Track(
        "", tuple(sorted(Note(*note) for note in notes)), program, flag, "other", 90, 12, 3, flag, not flag
    )
    song = Song("", (Track(""), track), 1920, (TempoChange(0, 93.5), TempoChange(960, 200.0)))
    message = read(io.BytesIO(pack(pack_song(song))))
    assert message is not None
    assert unpack_song(message) == song


@given(st.binary(max_size=64))
def test_what_is_no_message_is_refused(data: bytes) -> None:
    try:
        message = read(io.BytesIO(data))
    except ValueError:
        return
    assert message is None or isinstance(message, Message)


def test_a_message_has_a_limit() -> None:
    with pytest.raises(ValueError, match="64 MB"):
        read(io.BytesIO(struct.pack("<II", 1 << 31, 0)))
    with pytest.raises(ValueError, match="64 MB"):
        pack(Message("song", {}, bytes((64 << 20) + 1)))


class Events:
    """What a player tells, to be waited for."""

    def __init__(self) -> None:
        self._told: queue.Queue[PlayerEvent] = queue.Queue()
        self.post = self._told.put

    def wait(self, is_it: Callable[[PlayerEvent], bool], seconds: float = 30) -> PlayerEvent:
        end = time.monotonic() + seconds
        while True:
            event = self._told.get(timeout=max(0.01, end - time.monotonic()))
            if is_it(event):
                return event


@pytest.fixture
def start() -> Iterator[Callable[[str], tuple[Player, Events]]]:
    players: list[Player] = []

    def make(device: str) -> tuple[Player, Events]:
        events = Events()
        players.append(Player(events.post, device))
        return players[-1], events

    yield make
    for player in players:
        player.close()


@pytest.mark.slow
def test_without_a_device_it_plays_by_the_clock(start: Callable[[str], tuple[Player, Events]]) -> None:
    player, events = start("none")
    player.set_song(tune(20))
    player.play(480)
    assert events.wait(lambda event: isinstance(event, NoDevice))
    first = events.wait(lambda event: isinstance(event, Position) and event.tick > 490)
    later = events.wait(lambda event: isinstance(event, Position) and event.clock > first.clock + 1.5)
    assert later.tick - first.tick == pytest.approx((later.clock - first.clock) * 960, rel=0.1)
    player.pause()
    assert events.wait(lambda event: isinstance(event, Position) and not event.playing)


@pytest.mark.slow
def test_with_a_device_it_plays_loops_and_answers(
    start: Callable[[str], tuple[Player, Events]], tmp_path: Path
) -> None:
    player, events = start("null")
    player.set_song(tune())
    player.set_loop((0, 480))
    player.play()
    assert events.wait(lambda event: isinstance(event, Ready))
    assert events.wait(lambda event: isinstance(event, Passed) and event.count == 2)
    assert events.wait(lambda event: isinstance(event, Position) and event.left > 0.01)
    broken = tmp_path / "broken.sf2"
    broken.write_bytes(b"RIFF")
    player.set_font(broken)
    refused = events.wait(lambda event: isinstance(event, FontRefused))
    assert "broken.sf2" in refused.message
    player.set_font(None)
    player.audition(0, 60, 90)
    player.seek(100)
    assert events.wait(lambda event: isinstance(event, Passed) and event.count >= 3)


@pytest.mark.slow
def test_a_font_with_a_damaged_sample_is_refused_while_it_plays(
    start: Callable[[str], tuple[Player, Events]], tmp_path: Path
) -> None:
    data = bytearray(OUR_FONT.read_bytes())
    for place in range(10_000, 23_000_000, 4_000):  # samples begin with OggS and hold nothing
        data[place : place + 3_000] = bytes(3_000)
    damaged = tmp_path / "damaged.sf3"
    damaged.write_bytes(data)
    player, events = start("none")
    player.set_song(tune(20))
    player.set_font(damaged)
    player.play()
    assert "damaged.sf3" in events.wait(lambda event: isinstance(event, FontRefused)).message
    assert events.wait(lambda event: isinstance(event, Position) and event.tick > 100 and event.left > 0.001)


@pytest.mark.slow
def test_a_player_that_dies_says_so_and_one_that_is_closed_ends(
    start: Callable[[str], tuple[Player, Events]],
) -> None:
    player, events = start("none")
    player.set_song(tune())
    events.wait(lambda event: isinstance(event, NoDevice))
    process = player._child._process
    assert process is not None
    os.kill(process.pid, signal.SIGKILL)
    assert isinstance(events.wait(lambda event: isinstance(event, PlayerDied)), PlayerDied)

    player, events = start("none")
    events.wait(lambda event: isinstance(event, NoDevice))
    process = player._child._process
    assert process is not None
    player.close()
    assert process.wait(10) == 0


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_the_process_ends_with_the_one_that_began_it() -> None:
    program = (
        "import sys, threading, time\n"
        "from studio_music.core.sound.player_client import Player\n"
        "ready = threading.Event()\n"
        "player = Player(lambda event: ready.set(), 'none')\n"
        "ready.wait(30)\n"
        "print(player._child._process.pid, flush=True)\n"
        "time.sleep(60)\n"
    )
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        parent.kill()
    end = time.monotonic() + 20
    while time.monotonic() < end and Path(f"/proc/{child}/stat").exists():
        if Path(f"/proc/{child}/stat").read_text().split()[2] == "Z":
            return
        time.sleep(0.05)
    assert not Path(f"/proc/{child}/stat").exists()


def test_many_songs_at_once_are_taken_as_the_last_one() -> None:
    threads = threading.active_count()
    player = Player(lambda event: None, "none")
    for _ in range(20):
        player.set_song(tune(1))
    player.close()
    end = time.monotonic() + 20
    while threading.active_count() > threads and time.monotonic() < end:
        time.sleep(0.05)
    assert threading.active_count() <= threads
