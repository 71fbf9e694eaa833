"""Straight lines with soft edges, hidden by what lies in front of them."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from studio_product.core.view.layers import Lines
from studio_product.core.view.raster import Projection

_BIAS = 2.5
"""Pixels that a line may lie deeper than the surface it runs along and still be seen."""


@dataclass(frozen=True)
class _Walk:
    """The places of lines at the middle of each column (or row, if steep) that they cross."""

    major: NDArray[np.int64]
    minor: NDArray[np.float64]
    nearness: NDArray[np.float32]
    lean: NDArray[np.float64]
    """Of a line's width across, how much is its width along the column."""


def draw_lines(lines: Lines, projection: Projection, nearness: NDArray[np.float32]) -> NDArray[np.float32]:
    """How much of each pixel they cover: (height, width), 0 to 1.

    Args:
        projection: With samples as large as pixels.
        nearness: (height, width) of the surfaces.
    """
    begin, end = _on_picture(lines.ends, projection)
    steep = np.abs(end[:, 1] - begin[:, 1]) > np.abs(end[:, 0] - begin[:, 0])
    cover = np.zeros(nearness.shape, np.float32)
    flat = _walk(begin[~steep], end[~steep], nearness.shape[1])
    _cover(cover, nearness, flat, lines.width, projection)
    upright = _walk(begin[steep][:, [1, 0, 2]], end[steep][:, [1, 0, 2]], nearness.shape[0])
    _cover(cover.T, nearness.T, upright, lines.width, projection)
    return cover * np.float32(lines.opacity)


def _on_picture(
    ends: NDArray[np.float64], projection: Projection
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """x and y in pixels and nearness of both ends, cut off at the eye: two arrays (lines, 3)."""
    begin, end = np.asarray(ends, np.float64)[:, 0], np.asarray(ends, np.float64)[:, 1]
    if not projection.camera.parallel:
        least = projection.camera.distance * 1e-3
        deep = projection.camera.view(begin)[:, 2], projection.camera.view(end)[:, 2]
        seen = (deep[0] > least) | (deep[1] > least)
        begin, end, first, last = begin[seen], end[seen], deep[0][seen], deep[1][seen]
        span = np.where(first == last, 1, last - first)
        share = ((least - first) / span)[:, None]
        cut = begin + share * (end - begin)
        begin = np.where((first < least)[:, None], cut, begin)
        end = np.where((last < least)[:, None], cut, end)
    return _place(begin, projection), _place(end, projection)


def _place(points: NDArray[np.float64], projection: Projection) -> NDArray[np.float64]:
    corners, near = projection.corners(points)
    weight = corners[:, 2]
    return np.stack([corners[:, 0] / weight, corners[:, 1] / weight, near / weight], axis=1)


def _walk(begin: NDArray[np.float64], end: NDArray[np.float64], size: int) -> _Walk:
    """Along the first coordinate, which changes the most."""
    swap = begin[:, 0] > end[:, 0]
    begin, end = np.where(swap[:, None], end, begin), np.where(swap[:, None], begin, end)
    first = np.clip(np.floor(begin[:, 0]), 0, size).astype(np.int64)
    last = np.clip(np.ceil(end[:, 0]), 0, size).astype(np.int64)
    counts = np.maximum(last - first, 0)
    line = np.repeat(np.arange(len(counts)), counts)
    major = np.arange(len(line)) - np.repeat(np.cumsum(counts) - counts - first, counts)
    length = np.maximum(end[:, 0] - begin[:, 0], 1e-9)
    share = np.clip((major + 0.5 - begin[line, 0]) / length[line], 0, 1)
    at = begin[line] + share[:, None] * (end - begin)[line]
    slope = (end[:, 1] - begin[:, 1]) / length
    return _Walk(major, at[:, 1], at[:, 2].astype(np.float32), (1 / np.sqrt(1 + slope**2))[line])


def _cover(
    cover: NDArray[np.float32],
    nearness: NDArray[np.float32],
    walk: _Walk,
    width: float,
    projection: Projection,
) -> None:
    """Both arrays have the coordinate along which the lines were walked as their second."""
    reach = math.ceil(width / 2) + 1
    forgiving = walk.nearness + np.float32(_BIAS) * projection.step(walk.nearness)
    base = np.floor(walk.minor).astype(np.int64)
    for offset in range(-reach, reach + 1):
        minor = base + offset
        share = np.clip(width / 2 + 0.5 - np.abs(minor + 0.5 - walk.minor) * walk.lean, 0, 1)
        use = (minor >= 0) & (minor < len(cover)) & (share > 0)
        place = minor[use], walk.major[use]
        seen = forgiving[use] >= nearness[place]
        np.maximum.at(cover, (place[0][seen], place[1][seen]), share[use][seen].astype(np.float32))
