"""Chosen notes of one track, and how notes are put among others."""

from __future__ import annotations

import bisect
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from itertools import pairwise
from operator import itemgetter
from typing import NamedTuple

from studio_music.core.song import Note, Song

HIGHEST = 127
"""Pitch and velocity."""
_PITCH: Callable[[Note], int] = itemgetter(2)


@dataclass(frozen=True)
class Chosen:
    """Notes of one track: what an edit works on."""

    track: int = 0
    """Its place in the song."""
    notes: frozenset[Note] = frozenset()

    def ordered(self, song: Song) -> list[Note]:
        """The notes as the track has them, which is faster than to sort them."""
        return [note for note in song.tracks[self.track].notes if note in self.notes]

    def __bool__(self) -> bool:
        return bool(self.notes)

    @property
    def start(self) -> int:
        """Where the first one begins, in ticks. There is one."""
        return min(self.notes).start

    @property
    def end(self) -> int:
        """Where the last one ends, in ticks. There is one."""
        return max(start + length for start, length, _, _ in self.notes)

    @property
    def lowest(self) -> int:
        return min(map(_PITCH, self.notes))

    @property
    def highest(self) -> int:
        return max(map(_PITCH, self.notes))


class Edited(NamedTuple):
    """What an edit gives."""

    song: Song
    chosen: Chosen
    """What is chosen then: usually the same notes as they are now."""


def all_of(song: Song, track: int) -> Chosen:
    return Chosen(track, frozenset(song.tracks[track].notes))


def still_there(song: Song, chosen: Chosen) -> Chosen:
    """Those chosen notes that the song has: after a step was taken back, for instance."""
    if chosen.track >= len(song.tracks):
        return Chosen()
    return Chosen(chosen.track, chosen.notes.intersection(song.tracks[chosen.track].notes))


def put(song: Song, chosen: Chosen, placed: Iterable[Note], *, keep: bool = False) -> Edited:
    """Puts notes into the track in place of the chosen ones; with `keep` beside them.

    What reaches beyond the song is cut off. A track never has two notes of one pitch at once: where a
    placed note meets another of its pitch, the other ends there, or goes if it begins within the placed one.
    Of placed notes that begin together the longest stays. Pitches without placed notes are left as they are.
    """
    track = song.tracks[chosen.track]
    inside = _apart(_within(placed, song.length))
    others = track.notes if keep else [note for note in track.notes if note not in chosen.notes]
    made_now = [note for line in inside.values() for note in line]
    notes = tuple(sorted([*_around(others, inside), *made_now]))
    made = song if notes == track.notes else song.with_track(chosen.track, replace(track, notes=notes))
    return Edited(made, Chosen(chosen.track, frozenset(made_now)))


def _within(placed: Iterable[Note], length: int) -> list[Note]:
    """Cut to the song. Those that lie beyond it, or are no notes at all, go."""
    cut = []
    for note in placed:
        start, long, pitch, velocity = note
        if start < 0 or start + long > length or not 1 <= velocity <= HIGHEST:
            begin, end = max(0, start), min(length, start + long)
            note = Note(begin, end - begin, pitch, min(max(velocity, 1), HIGHEST))
        if note.length > 0 and 0 <= pitch <= HIGHEST:
            cut.append(note)
    return cut


def _apart(placed: Iterable[Note]) -> dict[int, list[Note]]:
    """Notes by pitch, sorted, none of which begins before the one before has ended."""
    lines: dict[int, list[Note]] = {}
    for note in sorted(placed):
        line = lines.setdefault(note.pitch, [])
        if line and line[-1].start == note.start:
            line.pop()  # sorted by length: this one is longer
        line.append(note)
    for pitch, line in lines.items():
        cut = [_ending(note, following.start) for note, following in pairwise(line)]
        lines[pitch] = [*cut, line[-1]]
    return lines


def _around(others: Iterable[Note], placed: dict[int, list[Note]]) -> list[Note]:
    """What is left of other notes beside placed ones."""
    starts = {pitch: [note.start for note in line] for pitch, line in placed.items()}
    left = []
    for note in others:
        line = placed.get(note.pitch)
        if line is None:
            left.append(note)
            continue
        following = bisect.bisect_right(starts[note.pitch], note.start)
        if following and line[following - 1].end > note.start:
            continue
        left.append(_ending(note, line[following].start) if following < len(line) else note)
    return left


def _ending(note: Note, tick: int) -> Note:
    """The note, ended at a tick at the latest. It begins before."""
    start, length, pitch, velocity = note
    return note if start + length <= tick else Note(start, tick - start, pitch, velocity)
