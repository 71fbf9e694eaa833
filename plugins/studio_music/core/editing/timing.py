"""When notes begin and end: onto the grid, bound together, and a little off again."""

from __future__ import annotations

import random
from itertools import pairwise

from studio_music.core.editing.chosen import Chosen, Edited, put
from studio_music.core.editing.grid import Grid
from studio_music.core.song import Note, Song

STRAIGHT, TRIPLET = 0.5, 2 / 3


def quantize(
    song: Song,
    chosen: Chosen,
    grid: Grid,
    strength: float = 1.0,
    swing: float = STRAIGHT,
    *,
    ends: bool = False,
) -> Edited:
    """Moves notes towards the grid.

    Args:
        strength: 0 leaves them, 1 brings them onto it.
        swing: Where the second line of two lies between the first one and the third: 0.5 is straight, 2/3 as
            in triplets, 0.75 the most. Pairs are counted from the beginning of each bar.
        ends: Whether ends are moved too; else notes stay as long as they are.
    """
    made = []
    for note in chosen.ordered(song):
        start = note.start + round(strength * (_line(song, note.start, grid, swing) - note.start))
        length = note.length
        if ends:
            end = note.end + round(strength * (_line(song, note.end, grid, swing) - note.end))
            if end <= start:  # it is shorter than the grid: one step long
                end = start + grid.length_at(song, start)
            length = end - start
        start = min(start, song.length - 1)
        made.append(Note(start, min(length, song.length - start), note.pitch, note.velocity))
    return put(song, chosen, made)


def _line(song: Song, tick: int, grid: Grid, swing: float) -> float:
    """The nearest line of a grid that swings."""
    if swing == STRAIGHT or grid.step == 0:
        return grid.snapped(song, tick)
    bar = song.bar_at(tick)
    pair = 2 * grid.step
    begun = bar.start + (tick - bar.start) // pair * pair
    lines = [line for line in (begun, begun + swing * pair) if line < bar.end]
    return min([*lines, min(begun + pair, bar.end)], key=lambda line: abs(line - tick))


def legato(song: Song, chosen: Chosen) -> Edited:
    """Ends each note where the next one begins, longer or shorter; notes that begin together go on together.

    The next one of the chosen notes counts; where all of these begin together, the next one of the track.
    The last ones stay as they are.
    """
    starts = sorted({note.start for note in chosen.notes})
    if len(starts) == 1:
        starts += sorted({note.start for note in song.tracks[chosen.track].notes if note.start > starts[0]})[
            :1
        ]
    following = dict(pairwise(starts))
    made = [
        note._replace(length=following[note.start] - note.start) if note.start in following else note
        for note in chosen.notes
    ]
    return put(song, chosen, made)


def humanize(song: Song, chosen: Chosen, ticks: int, velocity: int, seed: int) -> Edited:
    """Moves each note by up to `ticks` and changes its velocity by up to `velocity`, by chance.

    Small changes are likelier than large ones. The same seed gives the same.
    """
    chance = random.Random(seed)
    made: list[Note] = []
    for note in chosen.ordered(song):
        start = min(max(note.start + _off(chance, ticks), 0), song.length - 1)
        length = min(note.length, song.length - start)
        loud = min(max(note.velocity + _off(chance, velocity), 1), 127)
        made.append(Note(start, length, note.pitch, loud))
    return put(song, chosen, made)


def _off(chance: random.Random, most: int) -> int:
    return round(chance.triangular(-most, most, 0))
