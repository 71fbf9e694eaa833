"""What is marked in the roll, as generators ask for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from studio_music.core.song import Song


@dataclass(frozen=True)
class Marked:
    bars: tuple[int, int] | None = None
    """First and last of them, from 0."""
    track: int | None = None
    """The active track."""

    def values(self, song: Song) -> dict[str, Any]:
        raise NotImplementedError

    def words(self, generator: str, song: Song) -> str:
        raise NotImplementedError
