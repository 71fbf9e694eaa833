"""Suggests a chord grid as text, for the form."""

from __future__ import annotations

import numpy as np

from studio_music.core.chords import write_grid
from studio_music.core.keys import Key, parse_key
from studio_music.core.meter import Meter
from studio_music.core.moods import MOODS
from studio_music.core.progressions import suggest


def suggested_grid(key: str, meter: Meter, bars: int, mood: str, loop: bool, seed: int) -> str:
    """A grid such as `Am | F | C | G`, which `parse_grid` reads.

    Args:
        key: as it is typed; empty: C in the mood's first mode.
        mood: one of `MOODS`.
        loop: whether the last bar leads back to the first one.
        seed: another one gives other chords.

    Raises:
        BadInput: the key cannot be read.
    """
    taste = MOODS[mood]
    chosen = parse_key(key) if key.strip() else Key(0, taste.modes[0])
    rng = np.random.default_rng(seed)
    chords = suggest(chosen, meter, bars, rng, taste=taste.taste, ends=not loop)
    return write_grid(chords, meter, bars, chosen)
