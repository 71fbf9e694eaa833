"""Signed distances: negative inside, positive outside, in mm. All arrays of points are (..., 3).

Unions and differences of exact distances are exact where they are positive, and bounds elsewhere (Hart 1996,
"Sphere tracing", section 2); that is all that a surface at zero needs. Formulas after Inigo Quilez's
collection of distance functions.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

Points: TypeAlias = NDArray[np.float64]
Distance: TypeAlias = NDArray[np.float64]


def box(points: Points, center: ArrayLike, size: ArrayLike, *, radius: float = 0.0) -> Distance:
    """A box along the axes with rounded edges; `size` is its full extent, rounding included."""
    out = np.abs(points - np.asarray(center)) - (np.asarray(size) / 2 - radius)
    outside = np.linalg.norm(np.maximum(out, 0), axis=-1)
    return np.asarray(outside + np.minimum(out.max(axis=-1), 0) - radius)


def rod(points: Points, start: ArrayLike, end: ArrayLike, radius: float, end_radius: float = 0.0) -> Distance:
    """A capsule around a segment; with `end_radius` it tapers (then a bound, not exact, off the surface)."""
    first = np.asarray(start, np.float64)
    along = np.asarray(end, np.float64) - first
    share = np.clip((points - first) @ along / max(float(along @ along), 1e-12), 0, 1)
    nearest = first + share[..., None] * along
    radii = radius + share * ((end_radius or radius) - radius)
    return np.asarray(np.linalg.norm(points - nearest, axis=-1) - radii)


def plank(
    points: Points, start: ArrayLike, end: ArrayLike, wide: ArrayLike, size: tuple[float, float]
) -> Distance:
    """A flat bar from start to end: `size` is its width along the unit vector `wide` and its thickness."""
    first, last = np.asarray(start, np.float64), np.asarray(end, np.float64)
    length = float(np.linalg.norm(last - first))
    along = (last - first) / length
    across = np.asarray(wide, np.float64)
    frame = np.stack([along, across, np.cross(along, across)], axis=-1)
    return box((points - (first + last) / 2) @ frame, (0, 0, 0), (length, *size), radius=min(size) / 8)


def ribbon(
    points: Points, path: Sequence[ArrayLike], size: tuple[float, float], *, radius: float = 0.0
) -> Distance:
    """A flat bar bent around the x axis along a path of points; `size`: its width along x, its thickness."""
    line = np.asarray(path, np.float64)
    around = points[..., 1:]
    aside = np.full(points.shape[:-1], np.inf)
    for start, end in itertools.pairwise(line[:, 1:]):
        along = end - start
        share = np.clip((around - start) @ along / float(along @ along), 0, 1)
        aside = np.minimum(aside, np.linalg.norm(around - start - share[..., None] * along, axis=-1))
    across = np.abs(points[..., 0] - line[0, 0]) - size[0] / 2 + radius
    out = aside - size[1] / 2 + radius
    outside = np.hypot(np.maximum(across, 0), np.maximum(out, 0))
    return np.asarray(outside + np.minimum(np.maximum(across, out), 0) - radius)


def hole(points: Points, start: ArrayLike, end: ArrayLike, radius: float) -> Distance:
    """A cylinder with flat ends."""
    first = np.asarray(start, np.float64)
    along = np.asarray(end, np.float64) - first
    length = float(np.linalg.norm(along))
    height = (points - first) @ (along / length)
    radial = np.linalg.norm(points - first - height[..., None] * (along / length), axis=-1) - radius
    axial = np.abs(height - length / 2) - length / 2
    outside = np.hypot(np.maximum(radial, 0), np.maximum(axial, 0))
    return np.asarray(outside + np.minimum(np.maximum(radial, axial), 0))


def arc(
    points: Points, center: ArrayLike, radius: float, thick: float, start: float, stop: float
) -> Distance:
    """A round wire bent around the x axis through `center`: from angle `start` to `stop` (degrees, from y to
    z, `start` < `stop` <= `start` + 360), with round ends."""
    moved = points - np.asarray(center)
    x, y, z = np.moveaxis(moved, -1, 0)
    middle, half = np.radians((start + stop) / 2), np.radians((stop - start) / 2)
    angle = np.arctan2(z, y) - middle
    angle = np.abs((angle + np.pi) % (2 * np.pi) - np.pi)
    ring = np.hypot(np.hypot(y, z) - radius, x)
    u, v = np.hypot(y, z) * np.cos(angle), np.hypot(y, z) * np.sin(angle)
    tip = np.sqrt((u - radius * np.cos(half)) ** 2 + (v - radius * np.sin(half)) ** 2 + x**2)
    return np.asarray(np.where(angle <= half, ring, tip) - thick / 2)


def union(parts: Iterable[Distance], *, fillet: float = 0.0) -> Distance:
    """All of them; `fillet` rounds the inner corners where they meet (polynomial smooth minimum), in mm."""
    first, *others = parts
    whole = first
    for part in others:
        blend = np.maximum(fillet - np.abs(whole - part), 0) ** 2 / (4 * fillet) if fillet else 0.0
        whole = np.minimum(whole, part) - blend
    return np.asarray(whole)


def without(whole: Distance, cut: Distance) -> Distance:
    return np.maximum(whole, -cut)


def coverage(distance: Distance, spacing: float) -> NDArray[np.float64]:
    """How much of a cell of this size around each point is inside: 0 to 1, linear across the surface."""
    return np.clip(0.5 - distance / spacing, 0, 1)
