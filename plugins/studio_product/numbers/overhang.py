"""How much of a part hangs in the air while it is printed layer by layer."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from studio.api import Side


def unsupported_share(shape: NDArray[np.bool_], build: Side) -> float:
    """The share of the part's undersides, seen from below, that nothing holds: 0 to 1.

    An underside is a cell with nothing right below it. It is held by material below one of its neighbors
    through a face, which for cubic cells allows 45 degrees (Langelaar 2016), or by the plate, on which the
    part's lowest layer stands.

    Args:
        shape: (*cells), where material is: at least one cell.
        build: where up is.
    """
    axis = "xyz".index(build[0])
    layers = np.moveaxis(shape, axis, 0)
    if build[1] == "-":
        layers = layers[::-1]
    layers = layers[int(np.argmax(layers.any(axis=tuple(range(1, layers.ndim))))) :]
    undersides = layers[1:] & ~layers[:-1]
    hanging = layers[1:] & ~_spread(layers[:-1])
    return float(hanging.sum() / (undersides.sum() + layers[0].sum()))


def _spread(layers: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Each layer grown by one cell through faces: (layers, *cells of a layer)."""
    grown = layers.copy()
    for axis in range(1, layers.ndim):
        low = [slice(None)] * layers.ndim
        high = [slice(None)] * layers.ndim
        low[axis], high[axis] = slice(None, -1), slice(1, None)
        grown[tuple(low)] |= layers[tuple(high)]
        grown[tuple(high)] |= layers[tuple(low)]
    return grown
