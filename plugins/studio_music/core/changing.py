"""Changes a song as words ask for it: each change by a plain rule."""

from __future__ import annotations

import bisect
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np

from studio_music.core.arrange.swing import straightened, swung
from studio_music.core.chords import Chord, PlacedChord
from studio_music.core.keys import SCALES, Key
from studio_music.core.meter import TICKS
from studio_music.core.song import KeyChange, Note, Song, TempoChange, Track
from studio_music.core.words import Change

_SLOWEST, _FASTEST = 20.0, 300.0
_MELODIES = ("melody", "right hand", "soprano")
_MINOR_QUALITIES = {
    "": "m",
    "7": "m7",
    "maj7": "m7",
    "6": "m6",
    "9": "m9",
    "add9": "madd9",
    "maj9": "m9",
    "6/9": "m6",
}
_MAJOR_QUALITIES = {
    "m": "", "m7": "maj7", "m6": "6", "m9": "maj9", "madd9": "add9", "mMaj7": "maj7", "dim": "m", "m7b5":
    "m7",
}  # fmt: skip
_DIATONIC = {
    "major": {0: "", 2: "m", 4: "m", 5: "", 7: "", 9: "m", 11: "dim"},
    "minor": {0: "m", 2: "dim", 3: "", 5: "m", 7: "", 8: "", 10: ""},
}
"""The usual chord on each step of a mode; minor has a major dominant."""


def changed(song: Song, change: Change, rng: np.random.Generator) -> Song:
    """The song with every change made; bars and tracks stay what they are."""
    if change.key is not None:
        shift = (change.key.tonic - song.key.tonic + 6) % 12 - 6
        song = in_mode(transposed(song, shift), change.key.mode)
    elif change.mode is not None and change.mode != song.key.mode:
        song = in_mode(song, change.mode)
    if change.transpose:
        song = transposed(song, change.transpose)
    if change.octaves:
        song = _melodies(song, lambda track: _shifted(track, 12 * change.octaves))
    if change.instrument is not None:
        program = change.instrument
        song = _melodies(song, lambda track: replace(track, program=program))
    if change.density < 0:
        song = _every(song, lambda track: replace(track, notes=_thinned(song, track, -change.density, rng)))
    elif change.density > 0:
        song = _melodies(
            song, lambda track: replace(track, notes=_denser(song, track.notes, change.density, rng))
        )
    if change.articulation != 1.0:
        song = _every(song, lambda track: _articulated(track, change.articulation))
    if change.loudness:
        song = _every(song, lambda track: _louder(track, change.loudness))
    if change.swing is not None:
        song = straightened(song) if change.swing == 0.5 else swung(song, change.swing)
    if change.bpm is not None or change.tempo != 1.0:
        by = change.bpm / song.tempo if change.bpm is not None else change.tempo
        tempos = (TempoChange(at, min(max(bpm * by, _SLOWEST), _FASTEST)) for at, bpm in song.tempos)
        song = replace(song, tempos=tuple(tempos))
    return song


def transposed(song: Song, semitones: int) -> Song:
    """Everything but drums, with keys and chords. Notes stay within MIDI's pitches."""
    return replace(
        song,
        tracks=tuple(track if track.is_drums else _shifted(track, semitones) for track in song.tracks),
        keys=tuple(KeyChange(at, key.transposed(semitones)) for at, key in song.keys),
        chords=tuple(
            PlacedChord(at, None if chord is None else chord.transposed(semitones))
            for at, chord in song.chords
        ),
    )


def in_mode(song: Song, mode: str) -> Song:
    """The song on the same tonic in another mode.

    Tones of a chord become the same tones of the new chord, the steps of the scale the same steps of the
    new scale; what is neither stays. The dominant of a minor key stays major, with its leading tone.
    """
    old, new = song.key, Key(song.key.tonic, mode)
    if len(SCALES[old.mode]) != 7 or len(SCALES[mode]) != 7:
        return replace(song, keys=(KeyChange(0, new), *song.keys[1:]))
    chords = tuple(PlacedChord(at, _chord_in(chord, old, new)) for at, chord in song.chords)
    moved = replace(song, chords=chords, keys=(KeyChange(0, new), *song.keys[1:]))

    def pitch_of(note: Note) -> int:
        here, there = song.chord_at(note.start), moved.chord_at(note.start)
        pitch_class = note.pitch % 12
        if here is not None and there is not None and pitch_class in here.tones:
            tones = there.tones
            place = here.tones.index(pitch_class)
            if place < len(tones):
                return note.pitch + _nearest(tones[place] - pitch_class)
        step = (pitch_class - old.tonic) % 12
        if step in SCALES[old.mode]:
            return note.pitch + SCALES[mode][SCALES[old.mode].index(step)] - step
        return note.pitch

    def in_new(track: Track) -> Track:
        if track.is_drums:
            return track
        notes = {(note.start, pitch_of(note)): note._replace(pitch=pitch_of(note)) for note in track.notes}
        return replace(track, notes=tuple(sorted(notes.values())))

    return _every(moved, in_new)


def _chord_in(chord: Chord | None, old: Key, new: Key) -> Chord | None:
    """The chord on the same step of another mode."""
    if chord is None:
        return None
    root = _step_in(chord.root, old, new)
    bass = None if chord.bass is None else _step_in(chord.bass, old, new)
    step = (root - new.tonic) % 12
    usual = _DIATONIC["minor" if new.is_minor else "major"].get(step)
    quality = chord.quality
    if usual == "m":
        quality = _MINOR_QUALITIES.get(quality, quality)
    elif usual == "dim":
        quality = {"m": "dim", "m7": "m7b5", "": "dim"}.get(quality, quality)
    elif usual == "":
        quality = _MAJOR_QUALITIES.get(quality, quality)
        if step == 7 and quality == "maj7":
            quality = "7"
    return Chord(root, quality, bass)


def _step_in(pitch_class: int, old: Key, new: Key) -> int:
    step = (pitch_class - old.tonic) % 12
    if step not in SCALES[old.mode]:
        return pitch_class
    return (new.tonic + SCALES[new.mode][SCALES[old.mode].index(step)]) % 12


def _nearest(interval: int) -> int:
    """The same interval between pitch classes, by the shortest way."""
    return (interval + 6) % 12 - 6


def _every(song: Song, change: Callable[[Track], Track]) -> Song:
    return replace(song, tracks=tuple(change(track) for track in song.tracks))


def _melodies(song: Song, change: Callable[[Track], Track]) -> Song:
    """Changes the melody; where no track says that it is one, every track but drums."""
    some = any(track.role in _MELODIES for track in song.tracks)
    return _every(
        song,
        lambda track: (
            change(track) if not track.is_drums and (not some or track.role in _MELODIES) else track
        ),
    )


def _shifted(track: Track, semitones: int) -> Track:
    def pitch(note: Note) -> int:
        moved = note.pitch + semitones
        return moved + 12 if moved < 0 else moved - 12 if moved > 127 else moved

    return replace(track, notes=tuple(sorted(note._replace(pitch=pitch(note)) for note in track.notes)))


def _louder(track: Track, by: float) -> Track:
    notes = (note._replace(velocity=int(min(max(note.velocity + by, 8), 127))) for note in track.notes)
    return replace(track, notes=tuple(notes))


def _articulated(track: Track, factor: float) -> Track:
    """Shorter notes, or such that last until the next ones of their track."""
    if track.is_drums:
        return track
    starts = sorted({note.start for note in track.notes})
    notes = []
    for note in track.notes:
        length = max(TICKS // 16, round(note.length * factor))
        if factor > 1.0:
            place = bisect.bisect_right(starts, note.start)
            room = starts[place] - note.start if place < len(starts) else note.length
            length = max(note.length, min(length, room))
        notes.append(note._replace(length=length))
    return replace(track, notes=tuple(notes))


def _thinned(song: Song, track: Track, amount: float, rng: np.random.Generator) -> tuple[Note, ...]:
    """Without notes on weak places: about half of them at 1. The notes before them fill the gap."""
    starts = sorted({note.start for note in track.notes})
    if len(starts) < 2:
        return track.notes
    weak = [_weakness(song, start) for start in starts]
    order = np.argsort([-weakness - 0.3 * rng.random() for weakness in weak], kind="stable")
    most = round(len(starts) * 0.5 * amount)
    bars_first = set({song.bar_at(start).number: start for start in reversed(starts)}.values())
    gone = {
        starts[place]
        for place in [int(p) for p in order if weak[p] > 0 and starts[p] not in bars_first][:most]
    }
    kept: list[Note] = []
    ending: dict[int, list[int]] = {}  # the places of notes, by where they end
    for note in track.notes:
        if note.start not in gone:
            ending.setdefault(note.end, []).append(len(kept))
            kept.append(note)
        elif not track.is_drums:
            before = ending.pop(note.start, [])
            for place in before:
                kept[place] = kept[place]._replace(length=note.end - kept[place].start)
            ending.setdefault(note.end, []).extend(before)
    return tuple(kept)


def _weakness(song: Song, tick: int) -> int:
    """0 on the first beat and the middle of a bar, 1 on other beats, 2 on eighths, 3 on all others."""
    bar = song.bar_at(tick)
    at = tick - bar.start
    if at in bar.meter.strong_ticks():
        return 0
    if at % bar.meter.beat_ticks == 0:
        return 1
    return 2 if at % (TICKS // 2) == 0 else 3


def _denser(song: Song, notes: Sequence[Note], amount: float, rng: np.random.Generator) -> tuple[Note, ...]:
    """Long notes are divided: a passing or neighboring note of the scale leads to the next one."""
    made: list[Note] = []
    for note, following in pairwise([*notes, None]):
        assert note is not None
        half = note.length // 2
        alone = following is None or following.start >= note.end
        if (
            alone
            and following is not None
            and half >= TICKS // 4
            and half % (TICKS // 4) == 0
            and rng.random() < amount
        ):
            between = _between(song.key_at(note.start), note.pitch, following.pitch)
            made += [
                note._replace(length=half),
                Note(note.start + half, note.length - half, between, max(1, note.velocity - 8)),
            ]
        else:
            made.append(note)
    return tuple(made)


def _between(key: Key, here: int, there: int) -> int:
    """The note of the scale next to `there`, on the side of `here`; the one below, if they are one."""
    step = 1 if here >= there else -1
    pitch = there + step
    while pitch % 12 not in key.pitch_classes:
        pitch += step
    if pitch == here:  # they are neighbors: the note beyond
        pitch = there - step
        while pitch % 12 not in key.pitch_classes:
            pitch -= step
    return pitch
