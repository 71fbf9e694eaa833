"""Moving, copying and stretching notes, and changing their pitch."""

from __future__ import annotations

from typing import Literal

from studio_music.core.editing.chosen import HIGHEST, Chosen, Edited, put
from studio_music.core.song import Note, Song


def held(song: Song, chosen: Chosen, ticks: int, semitones: int) -> tuple[int, int]:
    """How far chosen notes can be moved of what is wanted, as one: none leaves the song or MIDI's pitches."""
    if not chosen:
        return 0, 0
    return (
        min(max(ticks, -chosen.start), max(song.length - chosen.end, 0)),
        min(max(semitones, -chosen.lowest), HIGHEST - chosen.highest),
    )


def move(song: Song, chosen: Chosen, ticks: int = 0, semitones: int = 0) -> Edited:
    """Moves notes as one, as far as `held` lets them."""
    ticks, semitones = held(song, chosen, ticks, semitones)
    return put(song, chosen, _moved(song, chosen, ticks, semitones))


def copy_to(song: Song, chosen: Chosen, ticks: int = 0, semitones: int = 0) -> Edited:
    """Puts copies of notes somewhere else, as far as `held` lets them, and chooses these."""
    ticks, semitones = held(song, chosen, ticks, semitones)
    return put(song, chosen, _moved(song, chosen, ticks, semitones), keep=True)


def stretch(
    song: Song, chosen: Chosen, edge: Literal["start", "end"], ticks: int, *, least: int = 1
) -> Edited:
    """Moves one edge of each note. None gets shorter than `least` ticks, unless it is so already."""
    return put(
        song, chosen, [stretched(note, edge, ticks, song.length, least) for note in chosen.ordered(song)]
    )


def stretched(note: Note, edge: Literal["start", "end"], ticks: int, length: int, least: int = 1) -> Note:
    """One note, as `stretch` does it in a song of `length` ticks."""
    start, long, pitch, velocity = note
    least, end = min(least, long), start + long
    if edge == "end":
        end = min(max(end + ticks, start + least), max(length, end))
    else:
        start = min(max(start + ticks, 0), end - least)
    return Note(start, end - start, pitch, velocity)


def transpose(song: Song, chosen: Chosen, semitones: int) -> Edited:
    return move(song, chosen, 0, semitones)


def _moved(song: Song, chosen: Chosen, ticks: int, semitones: int) -> list[Note]:
    return [
        Note(start + ticks, length, pitch + semitones, velocity)
        for start, length, pitch, velocity in chosen.ordered(song)
    ]
