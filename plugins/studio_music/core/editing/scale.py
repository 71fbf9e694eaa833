"""Moving notes along scales."""

from __future__ import annotations

from functools import cache

from studio_music.core.editing.chosen import HIGHEST, Chosen, Edited, put
from studio_music.core.editing.moving import held
from studio_music.core.keys import Key
from studio_music.core.song import Note, Song


def move_in_scale(song: Song, chosen: Chosen, ticks: int, steps: int) -> Edited:
    """Moves notes in time as one, as `move` does, and each along the scale of the key that it begins in.

    All go as many steps, as far as `held_steps` lets them.
    """
    return put(song, chosen, _moved(song, chosen, ticks, steps))


def copy_in_scale(song: Song, chosen: Chosen, ticks: int, steps: int) -> Edited:
    """Puts copies of notes where `move_in_scale` would move them, and chooses these."""
    return put(song, chosen, _moved(song, chosen, ticks, steps), keep=True)


def transpose_in_scale(song: Song, chosen: Chosen, steps: int) -> Edited:
    """Moves notes along the scale of the key that each one begins in."""
    return move_in_scale(song, chosen, 0, steps)


def held_steps(song: Song, chosen: Chosen, steps: int) -> int:
    """How many steps of what is wanted all notes can go within MIDI's pitches."""
    pitches = {(note.pitch, song.key_at(note.start)) for note in chosen.notes}
    while steps and any(not 0 <= in_scale(pitch, key, steps) <= HIGHEST for pitch, key in pitches):
        steps += 1 if steps < 0 else -1
    return steps


@cache
def in_scale(pitch: int, key: Key, steps: int) -> int:
    """A pitch some steps of the scale higher. One between two notes of the scale stays as far above the lower
    one, unless that is the upper one's place then: it lies just below that."""
    scale = sorted((one - key.tonic) % 12 for one in key.pitch_classes)
    octave, place = divmod(_index(pitch, key), len(scale))
    over = pitch - key.tonic - 12 * octave - scale[place]
    octaves, place = divmod(place + steps, len(scale))
    landed = key.tonic + 12 * (octave + octaves) + scale[place]
    width = (scale[place + 1] if place + 1 < len(scale) else 12) - scale[place]
    return landed + min(over, width - 1)


def nearest_in_scale(pitch: int, key: Key) -> int:
    """The note of the scale that is nearest to a pitch; of two the lower one. 0 to 127."""
    notes = [one for one in range(HIGHEST + 1) if one % 12 in key.pitch_classes]
    return min(notes, key=lambda one: (abs(one - pitch), one))


def steps_between(first: int, second: int, key: Key) -> int:
    """How many steps of the scale one goes from a pitch to another."""
    return _index(second, key) - _index(first, key)


def _moved(song: Song, chosen: Chosen, ticks: int, steps: int) -> list[Note]:
    ticks, _ = held(song, chosen, ticks, 0)
    steps = held_steps(song, chosen, steps)
    return [
        Note(start + ticks, length, in_scale(pitch, song.key_at(start), steps), velocity)
        for start, length, pitch, velocity in chosen.ordered(song)
    ]


def _index(pitch: int, key: Key) -> int:
    """The number of the scale's note at or below a pitch, counted from the tonic at or above pitch 0."""
    scale = sorted((one - key.tonic) % 12 for one in key.pitch_classes)
    octave, above = divmod(pitch - key.tonic, 12)
    return len(scale) * octave + max(place for place, step in enumerate(scale) if step <= above)
