"""How different designs are: one minus intersection over union, and mirror images count as one design."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

Mirror = tuple[int, ...]
"""Axes of the grid along which everything is flipped."""


def mirrors_of(
    fields: Sequence[NDArray[np.bool_]],
    fixed: NDArray[np.bool_],
    loads: NDArray[np.float64],
    gravity: NDArray[np.float64],
) -> list[Mirror]:
    """The flips that map a study onto itself, so that a design and its mirror image do the same job.

    Linear compliance does not see the sign of a load, so a case may also become its negative.

    Args:
        fields: (*cells) each: where material may be, where it must be.
        fixed: (*nodes, d): which displacements are held.
        loads: (cases, *nodes, d), N.
        gravity: (cases, d), units of g.
    """
    axes = range(fixed.ndim - 1)
    candidates = [flip for count in range(1, len(axes) + 1) for flip in combinations(axes, count)]
    return [
        flip
        for flip in candidates
        if all(np.array_equal(np.flip(field, flip), field) for field in fields)
        and np.array_equal(np.flip(fixed, flip), fixed)
        and all(_same_case(load, pull, flip) for load, pull in zip(loads, gravity, strict=True))
    ]


def _same_case(load: NDArray[np.float64], pull: NDArray[np.float64], flip: Mirror) -> bool:
    """Whether one case, (*nodes, d) and (d,), becomes itself or its negative."""
    sign = np.ones(load.shape[-1])
    sign[list(flip)] = -1
    both = np.concatenate([load.ravel(), pull])
    flipped = np.concatenate([(np.flip(load, flip) * sign).ravel(), pull * sign])
    close = 1e-9 * np.abs(both).max()
    return bool(np.abs(flipped - both).max() <= close or np.abs(flipped + both).max() <= close)


def distances(shapes: NDArray[np.bool_], mirrors: Sequence[Mirror] = ()) -> NDArray[np.float64]:
    """1 - |A and B| / |A or B| (Jaccard) between all pairs, the least over the mirror images of one.

    Args:
        shapes: (designs, *cells), at least one cell set in each.

    Returns:
        (designs, designs), 0 to 1, symmetric with a zero diagonal.
    """
    rows = _rows(shapes)
    counts = rows.sum(axis=1, dtype=np.float64)
    together = rows @ rows.T
    for flip in mirrors:
        image = _rows(np.flip(shapes, tuple(axis + 1 for axis in flip)))
        together = np.maximum(together, rows @ image.T)
    either = counts[:, None] + counts[None, :] - together
    return np.asarray(1 - together / either, np.float64)


def _rows(shapes: NDArray[np.bool_]) -> NDArray[np.float32]:
    """One row each. float32 counts exactly up to 2^24 cells, and multiplies fast."""
    return shapes.reshape(len(shapes), -1).astype(np.float32)
