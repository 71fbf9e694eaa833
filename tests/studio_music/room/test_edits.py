"""What the transport bar and the tracks panel do to a song."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from studio_music.core.keys import SCALES, Key
from studio_music.core.live import BarDone, SongBegun, line_of
from studio_music.core.meter import Meter
from studio_music.core.song import KeyChange, MeterChange, Note, TempoChange, Track
from studio_music.core.state import FORMAT, Unfinished, pack, unpack
from studio_music.room.live_song import LiveSong
from studio_music.room.marked import Marked, bar_words, what_is_done
from studio_music.room.tracks import edits as tracks
from studio_music.room.transport import edits as times

from tests.studio_music.room_songs import BAR, song

# --- tempo, key, meter --------------------------------------------------------------------------------------


def test_the_tempo_in_force_is_changed_and_no_other() -> None:
    two = replace(song(), tempos=(TempoChange(0, 120.0), TempoChange(2 * BAR, 90.0)))
    changed = times.with_tempo(two, 2 * BAR + 10, 100.0)
    assert changed.tempos == (TempoChange(0, 120.0), TempoChange(2 * BAR, 100.0))
    assert times.with_tempo(two, 0, 60.0).tempos[0].bpm == 60.0


def test_another_meter_keeps_the_notes_and_ends_with_a_whole_bar() -> None:
    changed = times.with_meter(song(bars=5), 0, Meter(3, 4))
    assert changed.tracks == song(bars=5).tracks
    assert changed.length % Meter(3, 4).bar_ticks == 0
    assert changed.length >= 5 * BAR
    assert changed.bars[-1].end == changed.length


def test_another_key_moves_notes_and_chords_but_no_drums() -> None:
    before = song()
    changed = times.with_key(before, 0, Key(11, "minor"), move=True)
    assert changed.key == Key(11, "minor")
    assert [note.pitch for note in changed.tracks[0].notes] == [
        note.pitch + 2 for note in before.tracks[0].notes
    ]
    assert changed.tracks[2] == before.tracks[2]
    assert changed.chords[0].chord == before.chords[0].chord.transposed(2)
    still = times.with_key(before, 0, Key(11, "minor"), move=False)
    assert (still.tracks, still.chords) == (before.tracks, before.chords)


def test_only_what_sounds_in_that_key_is_moved() -> None:
    two = replace(song(), keys=(KeyChange(0, Key(9, "minor")), KeyChange(4 * BAR, Key(0))))
    changed = times.with_key(two, 5 * BAR, Key(2), move=True)
    assert changed.keys == (KeyChange(0, Key(9, "minor")), KeyChange(4 * BAR, Key(2)))
    for was, now in zip(two.tracks[0].notes, changed.tracks[0].notes, strict=True):
        assert now.pitch - was.pitch == (2 if was.start >= 4 * BAR else 0)


@given(
    st.integers(0, 11),
    st.sampled_from(sorted(SCALES)),
    st.lists(st.tuples(st.integers(0, 8 * BAR - 1), st.integers(0, 127)), max_size=30),
)
def test_no_key_moves_a_note_out_of_range(tonic: int, mode: str, notes: list[tuple[int, int]]) -> None:
    played = tuple(sorted(Note(start, 100, pitch) for start, pitch in notes))
    one = replace(song(), tracks=(Track("A", played),))
    changed = times.with_key(one, 0, Key(tonic, mode), move=True)
    assert len(changed.tracks[0].notes) == len(played)
    assert all(0 <= note.pitch <= 127 for note in changed.tracks[0].notes)
    assert changed.tracks[0].notes == tuple(sorted(changed.tracks[0].notes))
    steps = {(now.pitch - was.pitch) % 12 for was, now in zip(played, changed.tracks[0].notes, strict=True)}
    assert len(steps) <= 1 or len({note.start for note in played}) < len(played)


# --- tracks -------------------------------------------------------------------------------------------------


def test_tracks_come_go_and_change_places() -> None:
    before = song()
    more = tracks.added(before, drums=False)
    assert [track.name for track in more.tracks] == ["Flute", "Piano", "Kit", "Piano 2"]
    assert tracks.added(before, drums=True).tracks[-1].is_drums
    twice = tracks.duplicated(before, 0)
    assert [track.name for track in twice.tracks] == ["Flute", "Flute 2", "Piano", "Kit"]
    assert twice.tracks[1].notes == before.tracks[0].notes
    assert [track.name for track in tracks.moved(before, 0, 2).tracks] == ["Piano", "Kit", "Flute"]
    assert [track.name for track in tracks.removed(before, 1).tracks] == ["Flute", "Kit"]
    assert tracks.with_fields(before, 1, {"volume": 3, "pan": 0}).tracks[1].volume == 3


# --- kept between sessions ----------------------------------------------------------------------------------


def test_an_unfinished_song_comes_back() -> None:
    before = Unfinished(song(), "item7", "Tide")
    after = unpack(pack(before), FORMAT)
    assert after is not None
    assert (after.of, after.name) == ("item7", "Tide")
    assert after.song == before.song
    assert unpack(pack(before), FORMAT + 1) is None


@given(
    st.lists(
        st.tuples(st.integers(0, 99999), st.integers(1, 9999), st.integers(0, 127), st.integers(1, 127)),
        max_size=20,
    ),
    st.sampled_from(sorted(SCALES)),
    st.none() | st.tuples(st.integers(0, 100), st.integers(101, 200)),
    st.text(max_size=10),
)
def test_every_song_comes_back_to_the_note(
    notes: list[tuple[int, int, int, int]], mode: str, loop: tuple[int, int] | None, name: str
) -> None:
    one = replace(
        song(),
        title=name,
        tracks=(Track(name, tuple(sorted(Note(*note) for note in notes)), 7, solo=True),),
        keys=(KeyChange(0, Key(6, mode)),),
        loop=loop,
    )
    after = unpack(pack(Unfinished(one, name, name)), FORMAT)
    assert after == Unfinished(one, name, name)


@given(st.integers(0, 400), st.binary(min_size=1, max_size=3))
def test_damaged_bytes_are_left_or_give_a_song_that_can_be_shown(place: int, damage: bytes) -> None:
    whole = bytearray(pack(Unfinished(song(bars=1))))
    whole[place : place + len(damage)] = damage
    after = unpack(bytes(whole), FORMAT)
    if after is not None:
        for track in after.song.tracks:
            assert all(0 <= note.pitch <= 127 and note.length > 0 for note in track.notes)
        assert after.song.tempos[0].start == after.song.meters[0].start == after.song.keys[0].start == 0


@given(st.binary(max_size=200))
def test_what_nobody_kept_is_left(data: bytes) -> None:
    assert unpack(data, FORMAT) is None


@pytest.mark.parametrize("end", range(0, 400, 23))
def test_what_breaks_off_is_left(end: int) -> None:
    whole = pack(Unfinished(song(bars=2)))
    assert unpack(whole[: min(end, len(whole) - 1)], FORMAT) is None


# --- a job's bars -------------------------------------------------------------------------------------------


def test_bars_are_shown_as_they_come_in_pieces_of_any_length() -> None:
    empty = replace(song(), tracks=tuple(replace(track, notes=()) for track in song().tracks))
    first = BarDone(0, 0, BAR, {0: (Note(0, 480, 60),)})
    text = line_of(SongBegun(empty)) + line_of(first)
    live, seen = LiveSong(None), []
    for place in range(0, len(text), 7):
        seen.append(live.add(text[place : place + 7]))
    shown = [one for one in seen if one is not None]
    assert len(shown) == 1
    assert shown[0].tracks[0].notes == (Note(0, 480, 60),)


def test_what_is_given_stays_where_it_will_be() -> None:
    given_song = song()
    begun = replace(given_song, length=given_song.length + 2 * BAR, tracks=given_song.tracks)
    live = LiveSong(given_song)
    made = live.add(
        line_of(SongBegun(begun, shift=2 * BAR)) + line_of(BarDone(0, 0, BAR, {0: (Note(0, 10, 60),)}))
    )
    assert made is not None
    assert made.length == given_song.length + 2 * BAR
    assert made.tracks[0].notes[0] == Note(0, 10, 60)
    assert made.tracks[1].notes[0].start == given_song.tracks[1].notes[0].start + 2 * BAR
    assert made.chords[0].start == 2 * BAR
    assert made.meters == (MeterChange(0, Meter(4, 4)),)


# --- words --------------------------------------------------------------------------------------------------


def test_marked_bars_are_said_as_the_form_has_them() -> None:
    assert (bar_words(4, 7), bar_words(2, 2)) == ("5-8", "3")
    marked = Marked((4, 7), 1)
    assert marked.values("music/infill", song()) == {"bars": "5-8", "track": "2"}
    assert marked.values("music/vary", song()) == {"track": "2"}
    assert marked.values("music/compose", song()) == {}
    assert Marked().values("music/infill", song()) == {}


def test_what_will_be_done_is_said_before() -> None:
    values = {"bars": "5-8", "track": "2"}
    assert what_is_done("music/infill", values, song()) == "Writes bars 5–8 of “Piano” anew; all else stays."
    assert what_is_done("music/infill", {"bars": "3"}, song()) == "Writes bar 3 anew; all else stays."
    assert what_is_done("music/continue", {"bars": 8}, song()) == "Adds 8 bars after bar 8."
    assert what_is_done("music/continue", {"bars": 1, "side": "left"}, song()) == "Adds one bar before bar 1."
    assert what_is_done("music/vary", {}, song()) == ""
