"""Writes notes with the music model, bar by bar, so that the constraints of a request hold."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from studio_music.core.compose.model import MusicModel
from studio_music.core.compose.request import FillRequest
from studio_music.core.song import Note


@dataclass(frozen=True)
class FilledBar:
    """What one bar has been filled with."""

    bar: int
    """Counted from 0."""
    notes: dict[int, tuple[Note, ...]]
    """New notes for each voice that was filled in here, in ticks from the request's first bar."""


def fill(
    model: MusicModel,
    request: FillRequest,
    rng: np.random.Generator,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Iterator[FilledBar]:
    """Fills in the bars of a request, from first to last; each is handed out as soon as it is written.

    Args:
        model: what `MusicModel.load` has read.
        request: what is there, and what is wanted.
        rng: chance; the same generator state, request and model give the same notes.
        progress: called with how many bars are done, and of how many.

    Raises:
        BadInput: the constraints collide with one another: the message says which.
    """
    raise NotImplementedError
