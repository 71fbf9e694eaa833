"""The thinnest member of a shape, measured: distance to the surface along the shape's skeleton."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from itertools import product
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

Place = tuple[int, ...]
Radius = TypeVar("Radius", float, NDArray[np.float64])

_END = 1.8
"""Where a member ends, or a branch leads into a corner, the skeleton is near the surface though nothing is
thin there. A branch into a box's corner is sqrt(3) times as long as the inscribed radius where it begins."""
_CORNER = 0.9
"""A box's corner is sqrt(3) / 2 diameters from the center of the ball that fits into it."""


def thinnest_member(shape: NDArray[np.bool_], spacing: tuple[float, ...]) -> tuple[float, float]:
    """The least diameter of the inscribed balls along the skeleton (Blum 1967), and half its error bar, mm.

    Ends and corners do not count. Distances between cells' centers know the surface to half a cell.

    Args:
        shape: (*cells), where material is: at least one cell.
        spacing: mm, of a cell along each axis.
    """
    from scipy.ndimage import distance_transform_edt
    from skimage.morphology import skeletonize

    padded = np.pad(shape, 1)
    radius = distance_transform_edt(padded, sampling=spacing)
    cell = float(np.mean(spacing))
    skeleton = {tuple(place) for place in np.argwhere(skeletonize(padded) & padded).tolist()}
    from_end = _distance_from_ends(skeleton)
    middle = [
        float(radius[place])
        for place in skeleton
        if from_end.get(place, np.inf) > _END * float(radius[place]) / cell + 1
    ]
    least = min(middle) if middle else float(radius.max())
    return _diameter(least, cell), cell / 2


def thin_members(
    shape: NDArray[np.bool_], spacing: tuple[float, ...], least: float
) -> list[NDArray[np.bool_]]:
    """The members of a shape that are thinner than `least`, mm: (*cells) each.

    They are what an opening by balls of that diameter takes away, but for corners: what is no longer than a
    corner is none.
    """
    from scipy.ndimage import distance_transform_edt, label
    from scipy.ndimage import maximum as greatest

    padded = np.pad(shape, 1)
    cell = float(np.mean(spacing))
    core = _diameter(distance_transform_edt(padded, sampling=spacing), cell) >= least
    if not core.any():
        return [shape]
    from_core = distance_transform_edt(~core, sampling=spacing)
    taken, count = label(padded & (from_core > least / 2), np.ones((3,) * shape.ndim))
    reach = greatest(from_core, taken, range(1, count + 1))
    inner = taken[(slice(1, -1),) * shape.ndim]
    return [inner == place for place in range(1, count + 1) if reach[place - 1] > _CORNER * least + cell]


def _diameter(radius: Radius, cell: float) -> Radius:
    """Of a ball in material, from the distance between centers of cells: to half a cell."""
    return 2 * radius - cell / 2


def _distance_from_ends(skeleton: set[Place]) -> dict[Place, float]:
    """Steps along the skeleton to its nearest end; nothing for what no end leads to."""
    distance: dict[Place, float] = {
        place: 0.0 for place in skeleton if sum(1 for _ in _neighbors(place, skeleton)) <= 1
    }
    queue = deque(sorted(distance))
    while queue:
        place = queue.popleft()
        for near in _neighbors(place, skeleton):
            if near not in distance:
                distance[near] = distance[place] + 1
                queue.append(near)
    return distance


def _neighbors(place: Place, skeleton: set[Place]) -> Iterator[Place]:
    """Those that share a face, an edge or a corner."""
    for step in product((-1, 0, 1), repeat=len(place)):
        near = tuple(a + b for a, b in zip(place, step, strict=True))
        if near != place and near in skeleton:
            yield near
