"""Is a design one piece that does its job, and how many holes does it have?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

MOST_LOOSE = 0.02
"""Share of a design's material that may lie loose (it is dropped); with more, the design is not one piece."""


def main_piece(shape: NDArray[np.bool_], anchors: Sequence[NDArray[np.bool_]]) -> NDArray[np.bool_] | None:
    """The one piece, connected through faces, that joins all anchors.

    Args:
        shape: (*cells), where material is.
        anchors: (*cells) each: cells at a load, at a support, or of a kept body. A piece joins an anchor
            where it has at least one of its cells.

    Returns:
        Its cells, or None where no piece joins all, or too much material lies loose.
    """
    from scipy.ndimage import label

    pieces, count = label(shape)
    joining = set(range(1, count + 1))
    for anchor in anchors:
        joining &= set(np.unique(pieces[anchor]).tolist())
    if not joining:
        return None
    sizes = np.bincount(pieces.ravel())
    largest = max(sorted(joining), key=lambda piece: sizes[piece])
    if sizes[largest] < (1 - MOST_LOOSE) * sizes[1:].sum():
        return None
    return np.asarray(pieces == largest)


def bodies(cells: NDArray[np.bool_]) -> list[NDArray[np.bool_]]:
    """The separate pieces of a set of cells."""
    from scipy.ndimage import label

    pieces, count = label(cells)
    return [pieces == piece for piece in range(1, count + 1)]


def grown(shape: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """The shape and every cell that touches it, also at a corner alone."""
    from scipy.ndimage import binary_dilation

    return np.asarray(binary_dilation(shape, np.ones((3,) * shape.ndim, bool)))


def touching(nodes: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """The cells that have at least one of these nodes: (*nodes) to (*cells)."""
    cells = nodes
    for axis in range(nodes.ndim):
        low = [slice(None)] * nodes.ndim
        high = [slice(None)] * nodes.ndim
        low[axis], high[axis] = slice(None, -1), slice(1, None)
        cells = cells[tuple(low)] | cells[tuple(high)]
    return cells


@dataclass(frozen=True)
class Betti:
    """Numbers that no bending or stretching changes (Betti numbers)."""

    pieces: int
    holes: int
    """Ways through: holes of a plate, tunnels of a body."""
    cavities: int
    """Enclosed voids of a body; 0 in two dimensions."""


def betti(shape: NDArray[np.bool_]) -> Betti:
    """From the Euler number: pieces - holes + cavities. Material connects through faces."""
    from scipy.ndimage import label
    from skimage.measure import euler_number

    padded = np.pad(shape, 1)
    pieces = int(label(padded)[1])
    # What is not material connects through corners too, or a diagonal wall would be both open and closed.
    voids = int(label(~padded, np.ones((3,) * shape.ndim))[1]) - 1
    cavities = voids if shape.ndim == 3 else 0
    return Betti(pieces, pieces + cavities - int(euler_number(padded, connectivity=1)), cavities)
