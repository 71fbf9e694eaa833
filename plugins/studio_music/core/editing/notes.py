"""Drawing, deleting, splitting and joining notes, and how loud they are."""

from __future__ import annotations

from collections.abc import Mapping

from studio_music.core.editing.chosen import HIGHEST, Chosen, Edited, put
from studio_music.core.song import Note, Song


def draw(song: Song, track: int, notes: list[Note]) -> Edited:
    """Adds notes, and chooses them."""
    return put(song, Chosen(track), notes)


def delete(song: Song, chosen: Chosen) -> Edited:
    return put(song, chosen, ())


def split(song: Song, chosen: Chosen, tick: int) -> Edited:
    """Cuts notes in two where they sound at a tick."""
    parts: list[Note] = []
    for note in chosen.notes:
        if note.start < tick < note.end:
            parts.append(note._replace(length=tick - note.start))
            parts.append(note._replace(start=tick, length=note.end - tick))
        else:
            parts.append(note)
    return put(song, chosen, parts)


def join(song: Song, chosen: Chosen) -> Edited:
    """Makes one note of all those of one pitch, from the first one's start to the last one's end."""
    joined: dict[int, Note] = {}
    for note in sorted(chosen.notes):
        first = joined.setdefault(note.pitch, note)
        joined[note.pitch] = first._replace(length=max(first.end, note.end) - first.start)
    return put(song, chosen, joined.values())


def change_velocity(song: Song, chosen: Chosen, by: int) -> Edited:
    """Louder, or softer where `by` is negative; each as far as MIDI goes (1 to 127)."""
    return put(song, chosen, [note._replace(velocity=_loud(note.velocity + by)) for note in chosen.notes])


def set_velocities(song: Song, track: int, velocities: Mapping[Note, int], chosen: Chosen) -> Edited:
    """Gives each of some notes of a track its own velocity. Chosen ones stay chosen."""
    made = {note: note._replace(velocity=_loud(velocity)) for note, velocity in velocities.items()}
    song, _ = put(song, Chosen(track, frozenset(made)), made.values())
    return Edited(song, Chosen(chosen.track, frozenset(made.get(note, note) for note in chosen.notes)))


def _loud(velocity: int) -> int:
    return min(max(velocity, 1), HIGHEST)
