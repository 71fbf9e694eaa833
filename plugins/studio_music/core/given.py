"""A song that is worked on: its melody or its voices, and bars that a person names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from studio.api.values import BadInput, tr
from studio_music.core.compose.request import Ensemble as Learnt
from studio_music.core.finding import found_chords, key_of_notes
from studio_music.core.keys import Key
from studio_music.core.meter import Meter
from studio_music.core.pitches import HIGHEST, LOWEST
from studio_music.core.song import PlacedChord, Song, Track
from studio_music.core.tokens.vocabulary import METERS

MELODIES = ("melody", "right hand", "soprano")
RULED = ("chords", "bass", "drums", "left hand")
"""Roles whose tracks rules write."""
_FOUR = ("soprano", "alto", "tenor", "bass voice")
_STRINGS = range(40, 52)
"""General MIDI programs of strings."""
_ROOM = 3
"""Semitones by which new notes may go beyond the range of a voice's old ones."""
_LEAST_RANGE = 12


@dataclass(frozen=True)
class Voices:
    """The tracks of a song that the model writes."""

    learnt: Learnt
    places: tuple[int, ...]
    """Of their tracks, from high to low."""


def voices_of(song: Song, track: str = "") -> Voices:
    """The voices to work on: four of them where the song is for four, or else its melody.

    Args:
        track: a track's name or its number from 1; empty: the melody, or all four voices.

    Raises:
        BadInput: there is no such track, or none with notes that have pitches.
    """
    by_role = {one.role: place for place, one in enumerate(song.tracks) if one.notes}
    four = all(role in by_role for role in _FOUR)
    if four and not track.strip():
        places = tuple(by_role[role] for role in _FOUR)
        strings = all(song.tracks[place].program in _STRINGS for place in places)
        return Voices("strings" if strings else "choir", places)
    place = track_named(song, track) if track.strip() else melody_of(song)
    if song.tracks[place].is_drums:
        raise BadInput(
            tr("The track “{name}” has drums: they have no melody.", name=song.tracks[place].name),
            tr("Choose another track."),
        )
    return Voices("solo", (place,))


def melody_of(song: Song) -> int:
    """The place of the melody: the track that is called so, or else the one that lies highest.

    Raises:
        BadInput: no track has notes with pitches.
    """
    pitched = [place for place, track in enumerate(song.tracks) if track.notes and not track.is_drums]
    if not pitched:
        raise BadInput(
            tr("The song has no notes with pitches."), tr("Choose a song that has a melody, or compose one.")
        )
    for role in MELODIES:
        for place in pitched:
            if song.tracks[place].role == role:
                return place
    return max(pitched, key=lambda place: _height(song.tracks[place]))


def track_named(song: Song, text: str) -> int:
    """The place of the track that a name or a number from 1 means. Raises `BadInput`."""
    wanted = text.strip().casefold()
    names = [track.name.casefold() for track in song.tracks]
    roles = [track.role for track in song.tracks]
    if wanted in names:
        return names.index(wanted)
    if wanted in roles:
        return roles.index(wanted)
    if wanted.isdigit() and 1 <= int(wanted) <= len(names):
        return int(wanted) - 1
    raise BadInput(
        tr("The song has no track “{name}”.", name=text.strip()[:40]),
        tr("Its tracks are: {names}.", names=", ".join(track.name for track in song.tracks[:12])),
    )


def bars_named(song: Song, text: str) -> tuple[int, ...]:
    """The bars that a text such as `5-8, 11` names, counted from 0 here and from 1 there, sorted.

    Raises:
        BadInput: it names none, it cannot be read, or the song has no such bar.
    """
    count = len(song.bars)
    chosen: set[int] = set()
    for part in filter(None, re.split(r"[,;\s]+", re.sub(r"\s*(?:-|–|\.\.)\s*", "-", text))):
        found = re.fullmatch(r"(\d{1,5})(?:-(\d{1,5}))?", part, re.ASCII)
        if found is None:
            raise BadInput(tr("“{text}” names no bars.", text=part[:40]), tr("Write bars such as 5-8, 11."))
        first, last = int(found[1]), int(found[2] or found[1])
        if not 1 <= first <= last <= count:
            raise BadInput(
                tr("The song has no bars {bars}: it has {count}.", bars=part, count=count),
                tr("Write bars from 1 to {count}, such as 5-8, 11.", count=count),
            )
        chosen.update(range(first - 1, last))
    if not chosen:
        raise BadInput(
            tr("No bars are chosen."), tr("Write which ones to fill in, such as 5-8, 11, or select them.")
        )
    return tuple(sorted(chosen))


def check_meter(meter: Meter) -> None:
    """Raises `BadInput` for a meter that the model has not learnt."""
    if str(meter) not in METERS:
        raise BadInput(
            tr("Nothing is composed in {meter}: the model has not learnt it.", meter=str(meter)),
            tr("Meters that can be composed in: {meters}.", meters=", ".join(METERS)),
        )


def range_of(track: Track, low: int = 60, high: int = 81) -> tuple[int, int]:
    """Where new notes of a track may lie: where its old ones do, and a little beyond; an octave at least."""
    if track.notes:
        pitches = [note.pitch for note in track.notes]
        low, high = min(pitches) - _ROOM, max(pitches) + _ROOM
    missing = max(0, _LEAST_RANGE - (high - low))
    low = min(max(LOWEST, low - (missing + 1) // 2), HIGHEST - _LEAST_RANGE)
    return low, max(min(HIGHEST, high + missing // 2), low + _LEAST_RANGE)


def key_of(song: Song) -> Key:
    """The key that the song says, where its notes are in it; else the one that they seem to be in."""
    notes = [note for track in song.tracks if not track.is_drums for note in track.notes]
    inside = sum(note.length for note in notes if note.pitch % 12 in song.key.pitch_classes)
    if not notes or inside >= 0.75 * sum(note.length for note in notes):
        return song.key
    return key_of_notes(notes)


def chords_of(song: Song, without: Iterable[int] = ()) -> tuple[PlacedChord, ...]:
    """The chords that the song says, or else such as fit its tracks; none where nothing speaks for any.

    `without`: the places of tracks that do not count, as they are written anew.
    """
    if song.chords:
        return song.chords
    left_out = set(without)
    tracks = [track for place, track in enumerate(song.tracks) if place not in left_out and track.notes]
    pitched = [track for track in tracks if not track.is_drums]
    return found_chords(song, pitched) if pitched else ()


def level_of(track: Track) -> float:
    """How loud the notes of a track usually are."""
    return float(np.mean([note.velocity for note in track.notes])) - 2.0 if track.notes else 78.0


def runs(numbers: Sequence[int]) -> list[range]:
    """Sorted numbers as ranges without gaps."""
    found: list[range] = []
    for number in numbers:
        if found and found[-1].stop == number:
            found[-1] = range(found[-1].start, number + 1)
        else:
            found.append(range(number, number + 1))
    return found


def _height(track: Track) -> float:
    return float(np.mean([note.pitch for note in track.notes]))
