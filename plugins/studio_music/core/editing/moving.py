"""Moving, copying and stretching notes, and changing their pitch."""

from __future__ import annotations

from typing import Literal

from studio_music.core.editing.chosen import HIGHEST, Chosen, Edited, put
from studio_music.core.keys import Key
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
    return put(song, chosen, _moved(chosen, ticks, semitones))


def copy_to(song: Song, chosen: Chosen, ticks: int = 0, semitones: int = 0) -> Edited:
    """Puts copies of notes somewhere else, as far as `held` lets them, and chooses these."""
    ticks, semitones = held(song, chosen, ticks, semitones)
    return put(song, chosen, _moved(chosen, ticks, semitones), keep=True)


def stretch(
    song: Song, chosen: Chosen, edge: Literal["start", "end"], ticks: int, *, least: int = 1
) -> Edited:
    """Moves one edge of each note. None gets shorter than `least` ticks, unless it is so already."""
    return put(song, chosen, [stretched(note, edge, ticks, song.length, least) for note in chosen.notes])


def stretched(note: Note, edge: Literal["start", "end"], ticks: int, length: int, least: int = 1) -> Note:
    """One note, as `stretch` does it in a song of `length` ticks."""
    least = min(least, note.length)
    if edge == "end":
        end = min(max(note.end + ticks, note.start + least), max(length, note.end))
        return note._replace(length=end - note.start)
    start = min(max(note.start + ticks, 0), note.end - least)
    return note._replace(start=start, length=note.end - start)


def transpose(song: Song, chosen: Chosen, semitones: int) -> Edited:
    return move(song, chosen, 0, semitones)


def transpose_in_scale(song: Song, chosen: Chosen, steps: int) -> Edited:
    """Moves notes along the scale of the key that each one begins in.

    All stay where one would leave MIDI's pitches.
    """
    moved = [
        note._replace(pitch=in_scale(note.pitch, song.key_at(note.start), steps)) for note in chosen.notes
    ]
    if any(not 0 <= note.pitch <= HIGHEST for note in moved):
        return Edited(song, chosen)
    return put(song, chosen, moved)


def in_scale(pitch: int, key: Key, steps: int) -> int:
    """A pitch some steps of the scale higher. One between two notes of the scale stays as far above the lower
    one, unless that is the upper one's place then: it lies just below that."""
    scale = sorted((one - key.tonic) % 12 for one in key.pitch_classes)
    octave, above = divmod(pitch - key.tonic, 12)
    below = max(place for place, step in enumerate(scale) if step <= above)
    over = above - scale[below]
    octaves, place = divmod(below + steps, len(scale))
    landed = key.tonic + 12 * (octave + octaves) + scale[place]
    width = (scale[place + 1] if place + 1 < len(scale) else 12) - scale[place]
    return landed + min(over, width - 1)


def _moved(chosen: Chosen, ticks: int, semitones: int) -> list[Note]:
    return [
        Note(start + ticks, length, pitch + semitones, velocity)
        for start, length, pitch, velocity in chosen.notes
    ]
