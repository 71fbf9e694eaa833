"""Edits of songs: what each one does, and what holds for all of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from studio_music.core.chords import Chord, PlacedChord
from studio_music.core.editing.bars import remove_bars, repeat_bars, with_bars, with_loop
from studio_music.core.editing.chosen import Chosen, Edited, all_of, put, still_there
from studio_music.core.editing.clipboard import copy, duplicate, paste
from studio_music.core.editing.grid import Grid
from studio_music.core.editing.harmony import moved_chord, with_chord_text
from studio_music.core.editing.moving import copy_to, move, stretch, transpose
from studio_music.core.editing.notes import (
    change_velocity,
    delete,
    join,
    set_velocities,
    split,
)
from studio_music.core.editing.notes import draw as draw_notes
from studio_music.core.editing.scale import (
    copy_in_scale,
    in_scale,
    move_in_scale,
    nearest_in_scale,
    steps_between,
    transpose_in_scale,
)
from studio_music.core.editing.timing import humanize, legato, quantize
from studio_music.core.keys import SCALES, Key
from studio_music.core.meter import Meter
from studio_music.core.song import MeterChange, Note, Song, Track

from studio.api.values import BadInput

SIXTEENTHS, BEATS = Grid(120), Grid(480)
BAR = 1920


def song_of(*notes: Note, bars: int = 4) -> Song:
    return Song("Tune", (Track("Lead", tuple(sorted(notes))), Track("Bass")), bars * BAR)


def chosen_of(*notes: Note) -> Chosen:
    return Chosen(0, frozenset(notes))


def notes_of(edited: Edited) -> list[tuple[int, ...]]:
    return [tuple(note) for note in edited.song.tracks[0].notes]


def overlaps(song: Song) -> bool:
    ends: dict[tuple[int, int], int] = {}
    for place, track in enumerate(song.tracks):
        for note in track.notes:
            if ends.get((place, note.pitch), 0) > note.start:
                return True
            ends[place, note.pitch] = note.end
    return False


# What holds for all ----------------------------------------------------------------------------------------

LENGTH = 3 * BAR

any_note = st.builds(
    Note, st.integers(0, LENGTH - 1), st.integers(1, 900), st.integers(55, 70), st.integers(1, 127)
)


@st.composite
def songs(draw: st.DrawFn) -> tuple[Song, Chosen]:
    """A song, with some of its notes chosen."""
    meters = draw(
        st.sampled_from(
            [
                (MeterChange(0, Meter(4, 4)),),
                (MeterChange(0, Meter(6, 8)),),
                (MeterChange(0, Meter(3, 4)), MeterChange(1440, Meter(7, 8))),
            ]
        )
    )
    empty = Song("Any", (Track("One"), Track("Two")), LENGTH, meters=meters)
    song = put(empty, Chosen(0), draw(st.lists(any_note, max_size=25))).song
    notes = song.tracks[0].notes
    picked = draw(st.sets(st.integers(0, max(0, len(notes) - 1)))) if notes else set()
    return song, Chosen(0, frozenset(notes[place] for place in picked))


ticks, halves = st.integers(-7000, 7000), st.integers(-140, 140)
grids = st.sampled_from([Grid(0), Grid(1), Grid(120), Grid(160), Grid(480)])
Edit = Callable[[Song, Chosen], Edited]


@st.composite
def edits(draw: st.DrawFn) -> Edit:
    far, pitch, grid = draw(ticks), draw(halves), draw(grids)
    notes = draw(st.lists(any_note, max_size=5))
    made: list[Edit] = [
        lambda song, chosen: move(song, chosen, far, pitch),
        lambda song, chosen: copy_to(song, chosen, far, pitch),
        lambda song, chosen: stretch(song, chosen, "start", far, least=60),
        lambda song, chosen: stretch(song, chosen, "end", far),
        lambda song, chosen: move_in_scale(song, chosen, far, pitch // 8),
        lambda song, chosen: copy_in_scale(song, chosen, far, pitch // 8),
        lambda song, chosen: draw_notes(song, 0, notes),
        lambda song, chosen: delete(song, chosen),
        lambda song, chosen: split(song, chosen, abs(far)),
        join,
        lambda song, chosen: change_velocity(song, chosen, pitch),
        lambda song, chosen: quantize(song, chosen, grid, draw_share, swing, ends=pitch > 0),
        legato,
        lambda song, chosen: humanize(song, chosen, abs(far), abs(pitch), 1),
        lambda song, chosen: (
            paste(song, 0, copy(song, chosen, grid), abs(far)) if chosen else Edited(song, chosen)
        ),
        lambda song, chosen: duplicate(song, chosen, grid) if chosen else Edited(song, chosen),
    ]
    draw_share, swing = draw(st.floats(0, 1)), draw(st.sampled_from([0.5, 0.6, 2 / 3, 0.75]))
    return draw(st.sampled_from(made))


@settings(max_examples=60)
@given(songs(), edits())
def test_every_edit_gives_a_sound_song(made: tuple[Song, Chosen], edit: Edit) -> None:
    song, chosen = edit(*made)
    notes = song.tracks[0].notes
    assert list(notes) == sorted(notes)
    assert all(isinstance(note, Note) for note in notes)
    assert all(0 <= note.start < note.end <= song.length for note in notes)
    assert all(0 <= note.pitch <= 127 and 1 <= note.velocity <= 127 for note in notes)
    assert not overlaps(song)
    assert chosen.notes <= frozenset(notes)
    assert song.length == made[0].length
    assert song.tracks[1] is made[0].tracks[1]


@settings(max_examples=60)
@given(songs(), edits())
def test_what_is_not_chosen_only_gives_way(made: tuple[Song, Chosen], edit: Edit) -> None:
    """Other notes are cut or gone where a chosen one came to lie on them, and untouched else."""
    song, chosen = made
    edited = edit(song, chosen)
    others = set(song.tracks[0].notes) - chosen.notes
    after = set(edited.song.tracks[0].notes) - edited.chosen.notes
    for note in others - after:
        rest = [one for one in after if one.start == note.start and one.pitch == note.pitch]
        assert all(one.length < note.length for one in rest)
        covered = rest[0].end if rest else note.start
        assert any(one.pitch == note.pitch and one.start <= covered < one.end for one in edited.chosen.notes)


@given(songs())
def test_an_edit_of_nothing_changes_nothing(made: tuple[Song, Chosen]) -> None:
    song, _ = made
    assert move(song, Chosen(0), 100, 1).song is song
    assert delete(song, Chosen(0)).song is song


@given(songs(), ticks, halves)
def test_a_group_moves_as_one(made: tuple[Song, Chosen], far: int, pitch: int) -> None:
    song, chosen = made
    moved = move(song, chosen, far, pitch).chosen
    if chosen:
        by = moved.start - chosen.start, moved.lowest - chosen.lowest
        assert moved.notes == {
            note._replace(start=note.start + by[0], pitch=note.pitch + by[1]) for note in chosen.notes
        }


@given(songs(), grids)
def test_quantized_notes_are_on_the_grid_and_stay_there(made: tuple[Song, Chosen], grid: Grid) -> None:
    song, chosen = made
    once = quantize(song, chosen, grid)
    for note in once.chosen.notes:
        assert grid.snapped(song, note.start) == note.start or note.start == song.length - 1
    assert quantize(*once, grid).song == once.song


# Each of them ----------------------------------------------------------------------------------------------


def test_a_moved_note_cuts_the_one_that_it_lands_on() -> None:
    long, moved = Note(0, 960, 60), Note(960, 480, 60)
    edited = move(song_of(long, moved), chosen_of(moved), -480)
    assert notes_of(edited) == [(0, 480, 60, 80), (480, 480, 60, 80)]


def test_a_note_that_begins_under_a_moved_one_goes() -> None:
    covered, moved = Note(600, 100, 60), Note(0, 960, 62)
    assert notes_of(move(song_of(covered, moved), chosen_of(moved), 0, -2)) == [(0, 960, 60, 80)]


def test_a_group_stops_at_the_ends() -> None:
    early, late = Note(0, 480, 3), Note(480, 480, 10)
    edited = move(song_of(early, late), chosen_of(early, late), -960, -5)
    assert notes_of(edited) == [(0, 480, 0, 80), (480, 480, 7, 80)]


def test_copies_leave_the_notes_where_they_are() -> None:
    note = Note(0, 480, 60)
    edited = copy_to(song_of(note), chosen_of(note), 480, 4)
    assert notes_of(edited) == [(0, 480, 60, 80), (480, 480, 64, 80)]
    assert edited.chosen.notes == {Note(480, 480, 64)}


def test_both_edges_stretch() -> None:
    note = Note(480, 480, 60)
    assert notes_of(stretch(song_of(note), chosen_of(note), "end", 240)) == [(480, 720, 60, 80)]
    assert notes_of(stretch(song_of(note), chosen_of(note), "start", 240)) == [(720, 240, 60, 80)]
    assert notes_of(stretch(song_of(note), chosen_of(note), "end", -900, least=120)) == [(480, 120, 60, 80)]
    assert notes_of(stretch(song_of(note), chosen_of(note), "start", 900, least=120)) == [(840, 120, 60, 80)]


@pytest.mark.parametrize(
    ("pitch", "steps", "lands"),
    [(60, 1, 62), (64, 1, 65), (71, 1, 72), (60, -1, 59), (60, 7, 72), (61, 1, 63), (63, 1, 64), (60, 2, 64)],
)
def test_steps_of_the_c_major_scale(pitch: int, steps: int, lands: int) -> None:
    assert in_scale(pitch, Key(0, "major"), steps) == lands


@given(st.integers(0, 127), st.integers(0, 11), st.sampled_from(sorted(SCALES)), st.integers(-20, 20))
def test_notes_of_a_scale_stay_in_it(pitch: int, tonic: int, mode: str, steps: int) -> None:
    key = Key(tonic, mode)
    landed = in_scale(pitch, key, steps)
    if pitch % 12 in key.pitch_classes:
        assert landed % 12 in key.pitch_classes
        assert in_scale(landed, key, -steps) == pitch
    assert in_scale(pitch, key, len(key.pitch_classes)) == pitch + 12


def test_nothing_moves_in_scale_beyond_the_pitches() -> None:
    high, low = Note(0, 480, 124), Note(0, 480, 60)
    edited = transpose_in_scale(song_of(high, low), chosen_of(high, low), 5)
    assert notes_of(edited) == [(0, 480, 64, 80), (0, 480, 127, 80)]


@given(st.integers(0, 127), st.integers(0, 127), st.integers(0, 11), st.sampled_from(sorted(SCALES)))
def test_steps_lead_from_note_to_note(first: int, second: int, tonic: int, mode: str) -> None:
    key = Key(tonic, mode)
    first, second = nearest_in_scale(first, key), nearest_in_scale(second, key)
    assert in_scale(first, key, steps_between(first, second, key)) == second


@pytest.mark.parametrize(("pitch", "nearest"), [(60, 60), (61, 60), (63, 62), (66, 65), (70, 69), (127, 127)])
def test_the_nearest_note_of_c_major(pitch: int, nearest: int) -> None:
    assert nearest_in_scale(pitch, Key(0, "major")) == nearest


def test_transposing_by_an_octave() -> None:
    note = Note(0, 480, 60)
    assert notes_of(transpose(song_of(note), chosen_of(note), -12)) == [(0, 480, 48, 80)]


def test_splitting_and_joining() -> None:
    note = Note(0, 960, 60, 90)
    song, chosen = split(song_of(note), chosen_of(note), 300)
    assert song.tracks[0].notes == (Note(0, 300, 60, 90), Note(300, 660, 60, 90))
    assert join(song, chosen).song == song_of(note)
    assert split(song, chosen, 5000).song == song


def test_joining_keeps_pitches_apart() -> None:
    notes = Note(0, 100, 60), Note(480, 100, 60), Note(200, 100, 64)
    assert notes_of(join(song_of(*notes), chosen_of(*notes))) == [(0, 580, 60, 80), (200, 100, 64, 80)]


def test_velocities() -> None:
    soft, loud = Note(0, 100, 60, 10), Note(0, 100, 64, 120)
    song, chosen = song_of(soft, loud), chosen_of(soft, loud)
    assert [note[3] for note in notes_of(change_velocity(song, chosen, 20))] == [30, 127]
    edited = set_velocities(song, 0, {soft: 55}, chosen_of(soft))
    assert notes_of(edited) == [(0, 100, 60, 55), (0, 100, 64, 120)]
    assert edited.chosen.notes == {Note(0, 100, 60, 55)}


def test_quantizing_by_half_the_way() -> None:
    note = Note(100, 300, 60)
    assert notes_of(quantize(song_of(note), chosen_of(note), BEATS, 0.5)) == [(50, 300, 60, 80)]


def test_quantizing_ends_too() -> None:
    note = Note(10, 400, 60)
    assert notes_of(quantize(song_of(note), chosen_of(note), BEATS, ends=True)) == [(0, 480, 60, 80)]
    short = Note(10, 20, 60)
    assert notes_of(quantize(song_of(short), chosen_of(short), BEATS, ends=True)) == [(0, 480, 60, 80)]


def test_swing_delays_every_second_line() -> None:
    notes = Note(0, 50, 60), Note(130, 50, 62), Note(230, 50, 64), Note(370, 50, 65)
    edited = quantize(song_of(*notes), chosen_of(*notes), SIXTEENTHS, swing=2 / 3)
    assert [note[0] for note in notes_of(edited)] == [0, 160, 240, 400]


def test_quantizing_counts_from_each_bar() -> None:
    meters = (MeterChange(0, Meter(7, 8)),)
    note = Note(1690, 100, 60)
    song = replace(song_of(note), meters=meters, length=3360)
    assert notes_of(quantize(song, chosen_of(note), BEATS)) == [(1680, 100, 60, 80)]


def test_legato_binds_chords() -> None:
    notes = Note(0, 100, 60), Note(0, 900, 64), Note(480, 100, 62)
    edited = legato(song_of(*notes), chosen_of(*notes))
    assert notes_of(edited) == [(0, 480, 60, 80), (0, 480, 64, 80), (480, 100, 62, 80)]


def test_legato_of_one_note_goes_to_the_next_of_the_track() -> None:
    note, following = Note(0, 100, 60), Note(960, 100, 62)
    assert notes_of(legato(song_of(note, following), chosen_of(note)))[0] == (0, 960, 60, 80)


def test_humanizing_is_small_and_the_same_again() -> None:
    notes = [Note(480 * n, 240, 60 + n) for n in range(8)]
    song, chosen = song_of(*notes), chosen_of(*notes)
    edited = humanize(song, chosen, 15, 10, 7)
    assert edited.song != song
    assert edited.song == humanize(song, chosen, 15, 10, 7).song
    assert edited.song != humanize(song, chosen, 15, 10, 8).song
    for before, after in zip(notes, edited.song.tracks[0].notes, strict=True):
        assert abs(before.start - after.start) <= 15
        assert abs(before.velocity - after.velocity) <= 10


def test_a_clip_keeps_its_place_in_the_beat() -> None:
    notes = Note(490, 100, 60), Note(700, 400, 62)
    song = song_of(*notes)
    clip = copy(song, chosen_of(*notes), BEATS)
    assert (clip.length, clip.end) == (960, 1440)
    edited = paste(song, 1, clip, 1920)
    assert edited.song.tracks[1].notes == (Note(1930, 100, 60), Note(2140, 400, 62))
    assert edited.chosen.track == 1


def test_duplicates_follow_at_once() -> None:
    notes = Note(0, 400, 60), Note(480, 400, 62)
    edited = duplicate(song_of(*notes), chosen_of(*notes), BEATS)
    assert [note[0] for note in notes_of(edited)] == [0, 480, 960, 1440]
    assert edited.chosen.start == 960


def test_nothing_is_duplicated_beyond_the_end() -> None:
    note = Note(3 * BAR, BAR, 60)
    song = song_of(note)
    assert duplicate(song, chosen_of(note), BEATS) == (song, chosen_of(note))


def test_chosen_notes_that_are_gone_are_not_chosen() -> None:
    note = Note(0, 100, 60)
    song = song_of(note)
    assert still_there(delete(song, all_of(song, 0)).song, chosen_of(note)) == Chosen(0)
    assert still_there(song, Chosen(5, frozenset([note]))) == Chosen()


# Chords, bars, loop ----------------------------------------------------------------------------------------


def test_a_chord_lasts_until_the_next() -> None:
    song = replace(song_of(), chords=(PlacedChord(0, Chord(0)), PlacedChord(1920, Chord(7))))
    changed = with_chord_text(song, 960, "Am7")
    assert changed.chords == (
        PlacedChord(0, Chord(0)),
        PlacedChord(960, Chord(9, "m7")),
        PlacedChord(1920, Chord(7)),
    )
    assert with_chord_text(changed, 960, "N.C.").chords[1] == PlacedChord(960, None)
    assert with_chord_text(changed, 1000, " ").chords == song.chords


def test_a_chord_that_goes_on_is_not_written_twice() -> None:
    song = replace(song_of(), chords=(PlacedChord(0, Chord(0)), PlacedChord(1920, Chord(7))))
    assert with_chord_text(song, 960, "C").chords == song.chords
    assert with_chord_text(song, 1920, "C").chords == song.chords[:1]
    assert with_chord_text(song_of(), 0, "").chords == ()


def test_a_chord_moves_between_its_neighbors() -> None:
    chords = PlacedChord(0, Chord(0)), PlacedChord(1920, Chord(7)), PlacedChord(3840, None)
    song = replace(song_of(), chords=chords)
    assert [one.start for one in moved_chord(song, 1920, 960).chords] == [0, 960, 3840]
    assert [one.start for one in moved_chord(song, 1920, -5).chords] == [0, 1, 3840]
    assert [one.start for one in moved_chord(song, 1920, 9999).chords] == [0, 3839, 3840]
    assert [one.start for one in moved_chord(song, 3840, 99999).chords] == [0, 1920, 7679]


def test_what_is_no_chord_is_said() -> None:
    with pytest.raises(BadInput, match="no chord"):
        with_chord_text(song_of(), 0, "H7")


def test_bars_are_added_and_cut() -> None:
    notes = Note(0, 480, 60), Note(BAR - 100, 500, 62), Note(2 * BAR, 480, 64)
    song = with_loop(
        replace(song_of(*notes), chords=(PlacedChord(0, Chord(0)), PlacedChord(BAR, None))), 0, 3 * BAR
    )
    assert with_bars(song, 6).length == 6 * BAR
    assert with_bars(song, 6).tracks == song.tracks
    cut = with_bars(song, 1)
    assert cut.length == BAR
    assert cut.tracks[0].notes == (Note(0, 480, 60), Note(BAR - 100, 100, 62))
    assert cut.chords == (PlacedChord(0, Chord(0)),)
    assert cut.loop is None
    assert with_bars(song, -3).length == BAR


def test_bars_are_repeated() -> None:
    notes = Note(0, 480, 60), Note(BAR, 480, 62), Note(2 * BAR - 100, 200, 64)
    song = replace(song_of(*notes, bars=3), chords=(PlacedChord(0, Chord(0)), PlacedChord(BAR, Chord(7))))
    made = repeat_bars(with_loop(song, 0, BAR), 1, 1)
    assert made.length == 4 * BAR
    assert made.tracks[0].notes == (
        Note(0, 480, 60),
        Note(BAR, 480, 62),
        Note(2 * BAR - 100, 100, 64),
        Note(2 * BAR, 480, 62),
        Note(3 * BAR - 100, 100, 64),
        Note(3 * BAR, 100, 64),
    )
    assert made.chords == song.chords
    assert made.loop == (0, BAR)
    assert repeat_bars(with_loop(song, 2 * BAR, 3 * BAR), 0, 1).loop == (4 * BAR, 5 * BAR)


def test_bars_are_taken_out() -> None:
    meters = (
        MeterChange(0, Meter(4, 4)),
        MeterChange(BAR, Meter(3, 4)),
        MeterChange(BAR + 1440, Meter(4, 4)),
    )
    notes = Note(0, 480, 60), Note(BAR, 480, 62), Note(BAR + 1440, 480, 64)
    song = replace(song_of(*notes), meters=meters, length=2 * BAR + 1440)
    made = remove_bars(with_loop(song, 0, 2 * BAR + 1440), 1, 1)
    assert made.length == 2 * BAR
    assert made.meters == (MeterChange(0, Meter(4, 4)),)
    assert made.tracks[0].notes == (Note(0, 480, 60), Note(BAR, 480, 64))
    assert made.loop is None
    assert remove_bars(song, 0, 2) is song


@given(songs(), st.integers(0, 2), st.integers(0, 2))
def test_repeated_bars_are_taken_out_again(made: tuple[Song, Chosen], one: int, other: int) -> None:
    song, _ = made
    first, last = sorted((one, other))
    whole = [note.end for note in song.tracks[0].notes]
    repeated = repeat_bars(song, first, last)
    count = last - first + 1
    assert len(repeated.bars) == len(song.bars) + count
    assert not overlaps(repeated)
    back = remove_bars(repeated, last + 1, last + count)
    assert back.length == song.length
    assert (back.meters, back.keys, back.tempos) == (song.meters, song.keys, song.tempos)
    edge = song.bars[last].end
    if all(not note.start < edge < end for note, end in zip(song.tracks[0].notes, whole, strict=True)):
        assert back.tracks == song.tracks


def test_a_loop_lies_within_the_song() -> None:
    assert with_loop(song_of(), -5, 99 * BAR).loop == (0, 4 * BAR)
    assert with_loop(song_of(), 100, 100).loop is None
