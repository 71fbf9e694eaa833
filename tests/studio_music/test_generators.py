"""The generators, run as the studio runs them, with the model that ships."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from studio_music.core.chords import chord_at, parse_grid, write_grid
from studio_music.core.compose.model import SHIPPED
from studio_music.core.keys import Key, parse_key
from studio_music.core.live import BarDone, LiveReader, SongBegun, with_bar
from studio_music.core.meter import Meter
from studio_music.core.midi_file import read_song, write_song
from studio_music.core.song import MeterChange, Note, Song, Track
from studio_music.generators.accompany import Accompany
from studio_music.generators.change import Change
from studio_music.generators.compose import Compose
from studio_music.generators.continuing import Continue
from studio_music.generators.harmonize import Harmonize
from studio_music.generators.infill import Infill
from studio_music.generators.vary import Vary
from studio_music.hooks import register_generators

from studio.api import BadInput, Cancelled
from studio.core.authoring import describe
from studio.testing import Result, RunGenerator

pytest_plugins = ["studio.testing"]

Making = Callable[..., list[Song]]


def songs_of(result: Result) -> list[Song]:
    return [read_song(made.path) for made in result.artifacts]


@pytest.fixture
def composed(run_generator: RunGenerator, tmp_path: Path) -> Callable[..., Path]:
    """A song that was composed with some settings, as a file."""

    def make(**params: Any) -> Path:
        return run_generator(Compose, {"bars": 8, **params}, seed=3).artifacts[0].path

    return make


def with_inputs(run: RunGenerator, generator: Any, song: Path, **params: Any) -> Result:
    return run(generator, params, inputs={"song": song}, seed=5)


def test_all_generators_keep_to_the_contract() -> None:
    names = [describe("music", generator).id for generator in register_generators()]
    assert len(set(names)) == len(names) >= 8


def test_compose_keeps_to_key_range_bars_and_chords(run_generator: RunGenerator) -> None:
    wishes = {"chords": "Am F C G", "bars": 8, "range": "C4-A5", "ensemble": "solo", "key": "A minor"}
    song = songs_of(run_generator(Compose, wishes))[0]
    assert len(song.bars) == 8 and song.length == 8 * 1920
    assert write_grid(song.chords, song.meter, 8, song.key) == "Am | F | C | G | Am | F | C | G"
    melody = song.tracks[0].notes
    assert len(melody) > 8
    assert {note.pitch % 12 for note in melody} <= Key(9, "minor").pitch_classes
    assert all(60 <= note.pitch <= 81 and note.end <= song.length for note in melody)
    for note, following in pairwise(melody):
        chord = chord_at(song.chords, note.start)
        assert chord is not None
        if note.start % 960 == 0 and note.pitch % 12 not in chord.pitch_classes:
            assert following.start - note.start <= 480 and abs(following.pitch - note.pitch) <= 2


@pytest.mark.parametrize("ensemble", ["solo", "chords", "choir", "strings", "piano", "band"])
def test_every_ensemble(run_generator: RunGenerator, ensemble: str) -> None:
    result = run_generator(Compose, {"ensemble": ensemble, "bars": 4, "mood": "calm"}, seed=1)
    song = songs_of(result)[0]
    counts = {"solo": 1, "chords": 2, "choir": 4, "strings": 4, "piano": 2}
    assert len(song.tracks) == counts.get(ensemble, len(song.tracks)) and len(song.tracks) <= 5
    assert all(track.notes for track in song.tracks)
    assert result.progress


@pytest.mark.parametrize("meter", ["3/4", "6/8", "2/2", "12/8"])
def test_meters(run_generator: RunGenerator, meter: str) -> None:
    song = songs_of(run_generator(Compose, {"meter": meter, "bars": 4, "ensemble": "band"}))[0]
    assert str(song.meter) == meter and len(song.bars) == 4


def test_a_groove_that_a_meter_does_not_have_is_said(run_generator: RunGenerator) -> None:
    result = run_generator(Compose, {"meter": "6/8", "bars": 2, "groove": "swing", "ensemble": "band"})
    assert any("Swing" in note and "6/8" in note for note in result.notes)


@pytest.mark.slow
def test_the_same_recipe_gives_the_same_bytes(run_generator: RunGenerator) -> None:
    wishes = {"bars": 8, "ensemble": "band", "mood": "playful", "count": 2}
    one, two = (run_generator(Compose, wishes, seed=11) for _ in range(2))
    for first, second in zip(one.artifacts, two.artifacts, strict=True):
        assert first.path.read_bytes() == second.path.read_bytes()
    assert one.artifacts[0].path.read_bytes() != one.artifacts[1].path.read_bytes()


def test_a_loop_is_marked_and_does_not_close(run_generator: RunGenerator) -> None:
    song = songs_of(run_generator(Compose, {"bars": 4, "loop": True, "ensemble": "band"}))[0]
    assert song.loop == (0, song.length)


def test_bars_are_told_while_they_are_written(run_generator: RunGenerator) -> None:
    result = run_generator(Compose, {"bars": 8, "ensemble": "choir"})
    told = LiveReader().feed(result.texts[0])
    begun, bars = told[0], told[1:]
    assert isinstance(begun, SongBegun) and [bar.bar for bar in bars if isinstance(bar, BarDone)] == list(
        range(8)
    )
    song = begun.song
    for bar in bars:
        assert isinstance(bar, BarDone)
        song = with_bar(song, bar)
    made = songs_of(result)[0]
    for told_track, track in zip(song.tracks, made.tracks, strict=True):
        assert [note[:3] for note in told_track.notes] == [note[:3] for note in track.notes]


def test_the_last_note_lasts_until_the_end(run_generator: RunGenerator) -> None:
    for seed in range(3):
        wishes = {"bars": 4, "ensemble": "solo", "chords": "C F G C"}
        melody = songs_of(run_generator(Compose, wishes, seed=seed))[0].tracks[0].notes
        assert melody[-1].end == 4 * 1920 and melody[-1].pitch % 12 == 0


@pytest.mark.slow
def test_phrases_come_again(run_generator: RunGenerator) -> None:
    wishes = {"bars": 16, "ensemble": "solo", "chords": "Am F C G"}
    for repeats in (True, False):
        song = songs_of(run_generator(Compose, {**wishes, "repeats": repeats}))[0]
        first, second = (
            [
                (note.start - start, note.pitch)
                for note in song.tracks[0].notes
                if start <= note.start < start + 3840
            ]
            for start in (0, 4 * 1920)
        )
        assert (first == second) is repeats


def test_cancelling(run_generator: RunGenerator) -> None:
    with pytest.raises(Cancelled):
        run_generator(Compose, {"bars": 16}, cancel_after=6)


def test_songs_that_were_finished_are_not_written_again(
    run_generator: RunGenerator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("studio.jobs.run.PROGRESS_SECONDS", 0.0)
    wishes = {"bars": 2, "count": 3}
    whole = run_generator(Compose, wishes, seed=4)
    with pytest.raises(Cancelled):
        run_generator(Compose, wishes, seed=4, kept=tmp_path, cancel_after=len(whole.progress) - 1)
    done = len(list(tmp_path.glob("song-*.mid")))
    assert 0 < done < 3
    again = run_generator(Compose, wishes, seed=4, kept=tmp_path)
    words = f"Going on with song {done + 1} of 3"
    assert any(progress.message == words for progress in again.progress)
    assert set(again.texts) == set(range(done, 3))
    assert [(made.name, made.path.read_bytes()) for made in again.artifacts] == [
        (made.name, made.path.read_bytes()) for made in whole.artifacts
    ]


@pytest.mark.parametrize(
    ("wishes", "words"),
    [
        ({"range": "C4-D4"}, "range C4-D4 and the key"),
        ({"range": "C4-F4", "key": "C", "chords": "C B5"}, "chord"),
        ({"range": "A5-C4"}, "low to high"),
        ({"range": "high"}, "no range"),
        ({"loop": True, "bars": 1}, "loop of one bar"),
        ({"chords": "Am F C G E | F", "meter": "3/4"}, "more chords than beats"),
        ({"chords": "Xm"}, "no chord"),
        ({"key": "H sharp"}, "no key"),
        ({"instrument": "kazoo"}, "no instrument"),
        ({"ensemble": "choir", "range": "C5-C6"}, "voice"),
    ],
)
def test_what_collides_is_said(run_generator: RunGenerator, wishes: dict[str, Any], words: str) -> None:
    with pytest.raises(BadInput, match=words):
        run_generator(Compose, {"bars": 4, **wishes})


def test_other_weights_serve_the_same_generator(run_generator: RunGenerator, tmp_path: Path) -> None:
    wishes = {"bars": 2, "ensemble": "solo"}
    shipped = run_generator(Compose, wishes).artifacts[0].path.read_bytes()
    mine = {**wishes, "weights": "other", "model": "mine"}
    named = run_generator(Compose, mine, models={"model": SHIPPED}).artifacts[0]
    assert named.path.read_bytes() == shipped
    broken = tmp_path / "broken.onnx"
    broken.write_bytes(b"nothing")
    with pytest.raises(BadInput, match="no music model"):
        run_generator(Compose, {**mine, "model": "broken"}, models={"model": broken})


def test_continue_at_the_end_keeps_what_is_there(run_generator: RunGenerator, composed: Making) -> None:
    path = composed(ensemble="band", mood="bright")
    old = read_song(path)
    result = with_inputs(run_generator, Continue, path, bars=4)
    new = songs_of(result)[0]
    assert len(new.bars) == 12
    for before, after in zip(old.tracks, new.tracks, strict=True):
        assert [note for note in after.notes if note.start < old.length] == list(before.notes)
        assert [note for note in after.notes if note.start >= old.length], after.name
    assert new.chord_at(new.length - 1) is not None
    begun, *bars = LiveReader().feed(result.texts[0])
    assert isinstance(begun, SongBegun) and begun.shift == 0
    told = replace(begun.song, tracks=tuple(replace(track, notes=()) for track in new.tracks))
    for bar in bars:
        assert isinstance(bar, BarDone)
        told = with_bar(told, bar)
    for one, two in zip(told.tracks, new.tracks, strict=True):
        assert one.notes == tuple(note for note in two.notes if note.start >= old.length)


def test_continue_at_the_beginning(run_generator: RunGenerator, composed: Making) -> None:
    path = composed(ensemble="chords")
    old = read_song(path)
    new = songs_of(with_inputs(run_generator, Continue, path, bars=4, side="left", chords="F G"))[0]
    assert len(new.bars) == 12
    shift = 4 * 1920
    for before, after in zip(old.tracks, new.tracks, strict=True):
        moved = [note._replace(start=note.start - shift) for note in after.notes if note.start >= shift]
        assert moved == list(before.notes)
        assert [note for note in after.notes if note.start < shift]
    assert write_grid(new.chords, new.meter, 4, new.key) == "F | G | F | G"


def test_infill_leaves_the_rest_to_the_note(run_generator: RunGenerator, composed: Making) -> None:
    path = composed(ensemble="band")
    old = read_song(path)
    new = songs_of(with_inputs(run_generator, Infill, path, bars="3-4, 6"))[0]
    written = {2, 3, 5}
    for place, (before, after) in enumerate(zip(old.tracks, new.tracks, strict=True)):
        kept = [note for note in before.notes if place or note.start // 1920 not in written]
        assert [note for note in after.notes if place or note.start // 1920 not in written] == kept
    assert {note.start // 1920 for note in new.tracks[0].notes} >= written
    assert new.tracks[0].notes != old.tracks[0].notes


def test_infill_of_one_voice(run_generator: RunGenerator, composed: Making) -> None:
    path = composed(ensemble="choir", bars=4)
    old = read_song(path)
    new = songs_of(with_inputs(run_generator, Infill, path, bars="2-3", track="Tenor"))[0]
    changed = [one.name for one, two in zip(old.tracks, new.tracks, strict=True) if one.notes != two.notes]
    assert changed in ([], ["Tenor"])


def test_infill_of_a_track_of_rules(run_generator: RunGenerator, composed: Making) -> None:
    path = composed(ensemble="band")
    old = read_song(path)
    new = songs_of(with_inputs(run_generator, Infill, path, bars="2", track="Drums"))[0]
    drums = next(place for place, track in enumerate(old.tracks) if track.is_drums)
    assert all(
        one == two
        for place, (one, two) in enumerate(zip(old.tracks, new.tracks, strict=True))
        if place != drums
    )


@pytest.mark.parametrize(
    ("params", "words"),
    [
        ({"bars": ""}, "No bars"),
        ({"bars": "9"}, "has no bars"),
        ({"bars": "x"}, "names no bars"),
        ({"bars": "1", "track": "Kazoo"}, "no track"),
    ],
)
def test_infill_says_what_is_wrong(
    run_generator: RunGenerator, composed: Making, params: dict[str, Any], words: str
) -> None:
    with pytest.raises(BadInput, match=words):
        with_inputs(run_generator, Infill, composed(ensemble="solo"), **params)


def test_vary_writes_a_share_of_the_bars(run_generator: RunGenerator, composed: Making) -> None:
    path = composed(ensemble="chords")
    old = read_song(path)
    for strength, most in ((25, 2), (100, 8)):
        result = with_inputs(run_generator, Vary, path, strength=strength, count=1)
        new = songs_of(result)[0]
        changed = {
            bar
            for bar in range(8)
            if [note for note in old.tracks[0].notes if note.start // 1920 == bar]
            != [note for note in new.tracks[0].notes if note.start // 1920 == bar]
        }
        assert 1 <= len(changed) <= most
        assert new.tracks[1] == old.tracks[1] and new.chords == old.chords


def ode(tmp_path: Path, **changes: Any) -> Path:
    pitches = [64, 64, 65, 67, 67, 65, 64, 62, 60, 60, 62, 64, 62, 60, 60]
    lengths = [480] * 12 + [720, 240, 960]
    notes, at = [], 0
    for pitch, length in zip(pitches, lengths, strict=True):
        notes.append(Note(at, length, pitch))
        at += length
    song = replace(Song("Ode", (Track("Lead", tuple(notes)),), 4 * 1920), **changes)
    path = tmp_path / "ode.mid"
    write_song(song, path)
    return path


@pytest.mark.parametrize("to", ["choir", "strings", "piano", "chords"])
def test_harmonize_keeps_the_melody(run_generator: RunGenerator, tmp_path: Path, to: str) -> None:
    path = ode(tmp_path)
    song = songs_of(with_inputs(run_generator, Harmonize, path, to=to))[0]
    assert [note[:3] for note in song.tracks[0].notes] == [
        note[:3] for note in read_song(path).tracks[0].notes
    ]
    assert len(song.tracks) == (4 if to in ("choir", "strings") else 2)
    assert song.chords and all(track.notes for track in song.tracks)


def test_harmonize_with_typed_chords(run_generator: RunGenerator, tmp_path: Path) -> None:
    song = songs_of(
        with_inputs(run_generator, Harmonize, ode(tmp_path), to="piano", chords="C | Dm7 G | Am | G C")
    )[0]
    assert song.chords == parse_grid("C | Dm7 G | Am | G C", Meter(4, 4), 4)


def test_meters_that_are_not_composed_in_are_refused(run_generator: RunGenerator, tmp_path: Path) -> None:
    path = ode(tmp_path, meters=(MeterChange(0, Meter(7, 8)),), length=5 * 1680)
    for generator in (Continue, Vary, Harmonize):
        with pytest.raises(BadInput, match="7/8"):
            with_inputs(run_generator, generator, path)
    with pytest.raises(BadInput, match="7/8"):
        with_inputs(run_generator, Infill, path, bars="2")
    assert songs_of(with_inputs(run_generator, Accompany, path))


def test_songs_of_other_programs(run_generator: RunGenerator, tmp_path: Path) -> None:
    """Many tracks, no roles, no chords, a change of meter."""
    tracks = tuple(
        Track(f"T{number}", tuple(Note(place * 480, 480, 40 + 5 * number + place % 5) for place in range(28)))
        for number in range(6)
    )
    path = ode(
        tmp_path, tracks=tracks, length=4 * 1920 + 4 * 1440,
        meters=(MeterChange(0, Meter(4, 4)), MeterChange(4 * 1920, Meter(3, 4))),
    )  # fmt: skip
    old = read_song(path)
    new = songs_of(with_inputs(run_generator, Infill, path, bars="3-6"))[0]
    assert [one == two for one, two in zip(old.tracks, new.tracks, strict=True)] == [True] * 5 + [False]
    longer = songs_of(with_inputs(run_generator, Continue, path, bars=4))[0]
    assert len(longer.bars) == 12 and str(longer.bars[-1].meter) == "3/4"
    assert songs_of(with_inputs(run_generator, Vary, path, count=1))
    assert songs_of(with_inputs(run_generator, Accompany, path))


def test_only_drums_have_no_melody(run_generator: RunGenerator, tmp_path: Path) -> None:
    path = ode(
        tmp_path, tracks=(Track("Drums", (Note(0, 60, 36), Note(480, 60, 38)), is_drums=True, role="drums"),)
    )
    for generator in (Continue, Vary, Harmonize, Accompany):
        with pytest.raises(BadInput):
            with_inputs(run_generator, generator, path)


def test_accompany_replaces_the_old_players(run_generator: RunGenerator, composed: Making) -> None:
    path = composed(ensemble="band")
    old = read_song(path)
    result = with_inputs(run_generator, Accompany, path, groove="swing", players="strings", energy=80)
    song = songs_of(result)[0]
    assert [track.role for track in song.tracks] == ["melody", "chords", "bass", "drums", "other"]
    assert song.chords == old.chords
    kept = songs_of(with_inputs(run_generator, Accompany, path, players="drums", keep=True))[0]
    assert len(kept.tracks) == len(old.tracks) + 1


def test_accompany_finds_chords(run_generator: RunGenerator, tmp_path: Path) -> None:
    result = with_inputs(run_generator, Accompany, ode(tmp_path))
    assert songs_of(result)[0].chords
    assert any("found" in note for note in result.notes)


def test_change_by_words(run_generator: RunGenerator, composed: Making) -> None:
    path = composed(ensemble="chords", key="C major", tempo=120)
    result = with_inputs(run_generator, Change, path, words="calmer, minor, purple")
    song = songs_of(result)[0]
    assert song.key == parse_key("C minor") and song.tempo < 110
    assert any("purple" in note for note in result.notes)
    for words in ("", "purple"):
        with pytest.raises(BadInput):
            with_inputs(run_generator, Change, path, words=words)
