"""Peaks of songs as the room uses them: computed by a process of its own, so that nothing waits for them.

Nothing here imports numpy or the like: the room waits for this file.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from studio_music.core.song import Song
from studio_music.core.sound.child import Child
from studio_music.core.sound.messages import Message, pack_song

__all__ = ["PeakEvent", "PeakFinder", "Peaks", "PeaksDied"]


@dataclass(frozen=True)
class Peaks:
    """Some of a song's peaks, a few times a second, from its beginning to its end."""

    run: int
    """What `PeakFinder.find` gave."""
    first: int
    """Which bin the values begin with."""
    bins: int
    """How many the song has in all, to the end of its last tail."""
    seconds: float
    """How long a bin is."""
    ended: bool
    """These are the last ones."""
    values: bytes = b""
    """float32, little-endian, bins × 2: the lowest and the highest sample of both channels."""


@dataclass(frozen=True)
class PeaksDied:
    """The process has ended by itself."""

    detail: str


PeakEvent = Peaks | PeaksDied


class PeakFinder:
    """Begins the process. Every method returns at once."""

    def __init__(self, on_event: Callable[[PeakEvent], object]) -> None:
        """
        Args:
            on_event: called from a thread of its own.
        """
        self._run = 0
        self._child = Child(
            "studio_music.core.sound.peaks_process",
            (),
            lambda message: on_event(Peaks(**message.values, values=message.payload)),
            lambda detail: on_event(PeaksDied(detail)),
            low=True,
        )

    def find(self, song: Song, font: Path | None) -> int:
        """Computes the peaks of a song, in place of any before it; returns the number of this run.

        Args:
            font: a sound font of the user's; one that cannot be played is heard as ours.
        """
        self._run += 1
        run, path = self._run, None if font is None else str(font)

        def make() -> Message:
            packed = pack_song(song)
            return packed._replace(values={**packed.values, "run": run, "font": path})

        self._child.tell(make)
        return run

    def close(self) -> None:
        """Ends the process; no event comes after that."""
        self._child.close()
