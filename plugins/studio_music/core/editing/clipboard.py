"""Copying notes to put them somewhere else."""

from __future__ import annotations

from dataclasses import dataclass

from studio_music.core.editing.chosen import Chosen, Edited, put
from studio_music.core.editing.grid import Grid
from studio_music.core.song import Note, Song


@dataclass(frozen=True)
class Clip:
    """Copied notes, counted from the grid line before the first of them."""

    notes: tuple[Note, ...]
    length: int
    """Ticks: up to the grid line after the last of them, where the same may be put again."""
    end: int
    """Tick of that line where they were copied."""


def copy(song: Song, chosen: Chosen, grid: Grid) -> Clip:
    """Some notes are chosen."""
    start, end = _span(song, chosen, grid)
    notes = tuple(sorted(note._replace(start=note.start - start) for note in chosen.notes))
    return Clip(notes, end - start, end)


def paste(song: Song, track: int, clip: Clip, at: int) -> Edited:
    """Puts copied notes into a track and chooses them. What lies beyond the song's end is left out."""
    return put(song, Chosen(track), [note._replace(start=note.start + at) for note in clip.notes])


def duplicate(song: Song, chosen: Chosen, grid: Grid) -> Edited:
    """The chosen notes once more, right after them; these are chosen then.

    Where the song has no room for one of them, nothing changes.
    """
    start, end = _span(song, chosen, grid)
    copied = [note._replace(start=note.start + end - start) for note in chosen.notes]
    if all(note.start >= song.length for note in copied):
        return Edited(song, chosen)
    return put(song, chosen, copied, keep=True)


def _span(song: Song, chosen: Chosen, grid: Grid) -> tuple[int, int]:
    """From the grid line before the first note to the one after the last note."""
    start = grid.snapped(song, chosen.start, "before")
    return start, max(grid.snapped(song, chosen.end, "after"), start + 1)
