"""Notes as arrays, for drawing and finding many of them at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np

from studio_music.core.song import Note, Track


@dataclass(frozen=True)
class NoteArrays:
    """Notes, one a place: int32 (n) each."""

    starts: np.ndarray
    ends: np.ndarray
    pitches: np.ndarray
    velocities: np.ndarray

    def __len__(self) -> int:
        return len(self.starts)

    def picked(self, which: np.ndarray) -> NoteArrays:
        """Some of them, by a mask or by places."""
        return NoteArrays(self.starts[which], self.ends[which], self.pitches[which], self.velocities[which])

    def between(self, start: float, end: float, low: float = 0, high: float = 127) -> np.ndarray:
        """Mask (n) of those that sound from `start` to `end` with a pitch from `low` to `high`."""
        seen = (self.starts < end) & (self.ends > start)
        if low > 0 or high < 127:
            seen &= (self.pitches >= low) & (self.pitches <= high)
        return seen

    def notes(self) -> list[Note]:
        rows = zip(
            self.starts.tolist(),
            (self.ends - self.starts).tolist(),
            self.pitches.tolist(),
            self.velocities.tolist(),
            strict=True,
        )
        return [Note(*row) for row in rows]


def arrays_of(notes: Iterable[Note]) -> NoteArrays:
    flat = np.fromiter(chain.from_iterable(notes), np.int32).reshape(-1, 4)
    starts, lengths, pitches, velocities = np.ascontiguousarray(flat.T)
    return NoteArrays(starts, starts + lengths, pitches, velocities)


NO_NOTES = arrays_of(())


class TrackArrays:
    """The arrays of a song's tracks, made anew for those only that have other notes."""

    def __init__(self) -> None:
        self._kept: list[tuple[tuple[Note, ...], NoteArrays]] = []

    def show(self, tracks: Sequence[Track]) -> None:
        kept = {id(notes): (notes, made) for notes, made in self._kept}
        self._kept = [kept.get(id(track.notes)) or (track.notes, arrays_of(track.notes)) for track in tracks]

    def __len__(self) -> int:
        return len(self._kept)

    def __getitem__(self, track: int) -> NoteArrays:
        return self._kept[track][1] if track < len(self._kept) else NO_NOTES
