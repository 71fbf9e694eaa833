"""Suggests a chord grid as text, for the form."""

from __future__ import annotations

import numpy as np

from studio_music.core.chords import write_grid
from studio_music.core.keys import Key
from studio_music.core.meter import Meter
from studio_music.core.moods import MOODS
from studio_music.core.progressions import suggest


def suggested_grid(key: Key, meter: Meter, bars: int, mood: str, loop: bool, seed: int) -> str:
    """A grid such as `Am | F | C | G`, which `parse_grid` reads.

    Args:
        mood: one of `MOODS`.
        loop: whether the last bar leads back to the first one.
        seed: another one gives other chords.
    """
    chords = suggest(key, meter, bars, np.random.default_rng(seed), taste=MOODS[mood].taste, ends=not loop)
    return write_grid(chords, meter, bars, key)
