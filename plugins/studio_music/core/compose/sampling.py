"""Draws a token from logits."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def draw(
    logits: NDArray[np.floating],
    allowed: NDArray[np.bool_],
    temperature: float,
    top_p: float,
    rng: np.random.Generator,
) -> int:
    """A place among the allowed ones: of those that together make up `top_p` of the likelihood.

    Source: Holtzman et al., "The Curious Case of Neural Text Degeneration" (2020). At least one place is
    allowed.
    """
    scaled = np.where(allowed, logits.astype(np.float64) / temperature, -np.inf)
    shares = np.exp(scaled - scaled.max())
    shares /= shares.sum()
    order = np.argsort(-shares, kind="stable")
    sums = np.cumsum(shares[order])
    count = int(np.searchsorted(sums, top_p)) + 1
    kept = order[:count]
    sums = sums[:count] / sums[min(count, len(sums)) - 1]
    return int(kept[min(int(np.searchsorted(sums, rng.random(), side="right")), len(kept) - 1)])
