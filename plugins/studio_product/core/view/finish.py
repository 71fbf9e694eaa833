"""What a picture gains from its depths: soft shadows in corners, and silhouettes."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from studio_product.core.view.raster import Projection

_REACH = 0.045
"""How far corners darken, of the larger side of what is drawn."""
_DIRECTIONS = 6
_STRENGTH = 1.1
_DEEPEST = 0.42
_FULL = 9.0
"""Samples deep: a step that high is drawn as a full line."""


def occlusion(nearness: NDArray[np.float32], projection: Projection) -> NDArray[np.float32]:
    """How much of the sky the surroundings hide: (rows, columns), 0 to 1.

    From opposite neighbors in the picture: where both together are nearer than a plane would be, the surface
    is a hollow. Of half the size, since shadows are soft.
    """
    small = nearness[::2, ::2]
    depth = np.where(small > 0, projection.depth(small), np.inf).astype(np.float32)
    reach = _REACH * max(nearness.shape) / 2
    pixel = _pixel(depth, projection) * 2
    total = np.zeros_like(depth)
    for share in (1.0, 0.42):
        radius = max(1.0, reach * share)
        border = math.ceil(radius)
        padded = np.pad(depth, border, constant_values=np.inf)
        unit = 1 / (radius * pixel)
        for k in range(_DIRECTIONS):
            angle = math.pi * (k + share / 2) / _DIRECTIONS
            step = round(radius * math.sin(angle)), round(radius * math.cos(angle))
            pair = _nearer(depth, padded, border, step, unit)
            pair += _nearer(depth, padded, border, (-step[0], -step[1]), unit)
            total += np.clip(pair, 0, 1)
    total[small == 0] = 0
    strength = np.float32(_STRENGTH / (2 * _DIRECTIONS * _DEEPEST))
    hidden = np.float32(_DEEPEST) * np.tanh(_blurred(_blurred(total)) * strength)
    return _blurred(hidden.repeat(2, axis=0).repeat(2, axis=1)[: nearness.shape[0], : nearness.shape[1]])


def _pixel(depth: NDArray[np.float32], projection: Projection) -> NDArray[np.float32]:
    """mm that a sample is wide at each depth."""
    scale = projection.camera.scale(projection.height)
    finite = np.where(np.isfinite(depth), depth, 1).astype(np.float32)
    if projection.camera.parallel:
        return np.full_like(finite, 1 / scale)
    return finite / np.float32(scale * projection.camera.distance)


def _nearer(
    depth: NDArray[np.float32],
    padded: NDArray[np.float32],
    border: int,
    step: tuple[int, int],
    unit: NDArray[np.float32],
) -> NDArray[np.float32]:
    """How much nearer a neighbor is, in reaches: -1 to 1, and less again for what floats far in front."""
    rows, columns = depth.shape
    top, left = border + step[0], border + step[1]
    with np.errstate(invalid="ignore"):
        nearer = (depth - padded[top : top + rows, left : left + columns]) * unit
    held: NDArray[np.float32] = np.clip(np.minimum(nearer, 2 - nearer), -1, 1)
    return held


def _blurred(values: NDArray[np.float32]) -> NDArray[np.float32]:
    """1 2 1 along both axes; the border stays."""
    for _ in range(2):
        soft = values.copy()
        soft[1:-1] = (values[:-2] + 2 * values[1:-1] + values[2:]) / 4
        values = soft.T
    return values


def outlines(nearness: NDArray[np.float32], projection: Projection) -> NDArray[np.float32]:
    """Lines on the nearer side of steps in depth: (rows, columns), 0 to 1."""
    padded = np.pad(nearness, 1)
    middle = 2 * nearness
    high = np.maximum(
        middle - padded[:-2, 1:-1] - padded[2:, 1:-1], middle - padded[1:-1, :-2] - padded[1:-1, 2:]
    )
    with np.errstate(divide="ignore", invalid="ignore"):
        steep = high / (projection.step(nearness) * _FULL)
    return np.where(nearness > 0, np.clip(steep, 0, 1), 0).astype(np.float32)
