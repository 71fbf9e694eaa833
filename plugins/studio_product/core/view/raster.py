"""Which face is seen at which sample of a picture.

Faces are drawn in homogeneous coordinates (Olano and Greer 1997): over the picture, each barycentric
coordinate divided by the depth is a linear function, so nothing has to be cut off at the eye. A face becomes
one span of samples per row, all spans of all faces are filled at once, and the nearest wins by one integer
that holds the nearness above the span's number.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from studio_product.core.view.camera import Camera

_CHUNK = 1 << 16
"""Samples filled at once: what fits into a processor's cache is several times as fast."""
_OVERLAP = 1e-4
"""Samples by which a span reaches over, so that rounding leaves no hole between neighbors."""


@dataclass(frozen=True)
class Projection:
    """A camera with a picture of so many samples, and nearness: a number that is linear over the picture for
    every plane, greater where nearer, and above 0."""

    camera: Camera
    width: int
    height: int
    far: float = 0.0
    """mm: deeper than everything; used without perspective."""

    def corners(self, points: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Homogeneous picture coordinates (n, 3), and nearness times the third of them (n,)."""
        seen = self.camera.view(points)
        scale = self.camera.scale(self.height)
        if self.camera.parallel:
            weight, near = np.ones(len(seen)), self.far - seen[:, 2]
        else:
            weight, near = seen[:, 2], np.ones(len(seen))
            scale *= self.camera.distance
        x = seen[:, 0] * scale + self.width / 2 * weight
        y = self.height / 2 * weight - seen[:, 1] * scale
        return np.stack([x, y, weight], axis=1), near

    def depth(self, nearness: NDArray[np.float32]) -> NDArray[np.float32]:
        """mm; nearness 0 (nothing there) is infinitely deep."""
        deep = np.full(nearness.shape, np.inf, np.float32)
        there = nearness > 0
        if self.camera.parallel:
            return np.subtract(self.far, nearness, out=deep, where=there, dtype=np.float32)
        return np.divide(1, nearness, out=deep, where=there, dtype=np.float32)

    def step(self, nearness: NDArray[np.float32]) -> NDArray[np.float32]:
        """How much less near what is that lies deeper by the width of a sample."""
        scale = np.float32(self.camera.scale(self.height))
        if self.camera.parallel:
            return np.full_like(nearness, 1 / scale)
        return nearness / (scale * np.float32(self.camera.distance))


@dataclass(frozen=True)
class Facets:
    """Faces as linear functions over the picture, in columns: a x + b y + c."""

    weights: NDArray[np.float64]
    """(3 corners, 3 coefficients, faces): barycentric coordinates over depth."""
    nearness: NDArray[np.float64]
    """(3 coefficients, faces)"""
    front: NDArray[np.bool_]
    """(faces,): seen from outside."""
    range: NDArray[np.float64]
    """(2, faces): the least and greatest nearness of a corner; all where one lies behind the eye."""
    rows: NDArray[np.float64]
    """(2, faces): the least and greatest y; all where a corner lies behind the eye."""


def facets_of(projection: Projection, points: NDArray[np.float64], faces: NDArray[np.int32]) -> Facets:
    corners, near = projection.corners(points)
    p, q, r = (corners[faces[:, k]].T for k in range(3))
    crossed = np.stack([np.cross(q, r, axis=0), np.cross(r, p, axis=0), np.cross(p, q, axis=0)])
    volume = np.einsum("im,im->m", p, crossed[0])
    weights = crossed / np.where(volume == 0, 1, volume)
    before = corners[:, 2] > 0
    weight = np.where(before, corners[:, 2], np.nan)
    upright = (corners[:, 1] / weight)[faces]
    nearness = np.einsum("kcm,mk->cm", weights, near[faces])
    rows = np.stack([upright.min(axis=1), upright.max(axis=1)])
    behind = np.isnan(rows[0])
    rows[0, behind], rows[1, behind] = 0, projection.height
    gone = (volume == 0) | ~before[faces].any(axis=1)
    rows[0, gone], rows[1, gone] = 1, 0
    at_corners = (near / weight)[faces]
    reach = np.stack([at_corners.min(axis=1), at_corners.max(axis=1)])
    reach[0, behind], reach[1, behind] = 0, np.inf
    return Facets(weights, nearness, volume < 0, reach, rows)


@dataclass
class Buffer:
    """The nearest span at each sample of a window of the picture."""

    left: int
    top: int
    keys: NDArray[np.uint64]
    """(rows, columns): 0 where nothing is."""
    span_face: NDArray[np.int32]
    """(spans,): row of the facets."""

    @property
    def nearness(self) -> NDArray[np.float32]:
        """(rows, columns): 0 where nothing is. A view: what is written here is kept."""
        return self.keys.view(np.float32)[:, 1::2]

    @property
    def spans(self) -> NDArray[np.uint32]:
        """(rows, columns): row of `span_face`."""
        return self.keys.view(np.uint32)[:, ::2]

    @property
    def window(self) -> tuple[slice, slice]:
        """Of the whole picture."""
        rows, columns = self.keys.shape
        return slice(self.top, self.top + rows), slice(self.left, self.left + columns)

    def hide_behind(self, nearness: NDArray[np.float32]) -> None:
        """Take away what is not nearer: (height, width)."""
        self.keys[self.nearness <= nearness[self.window]] = 0


def draw(
    facets: Facets,
    chosen: NDArray[np.bool_],
    width: int,
    height: int,
    *,
    cut: NDArray[np.float64] | None = None,
) -> Buffer:
    """The nearest of the chosen facets at each sample.

    Args:
        cut: (3 coefficients, faces): samples are left out where this is above 0.
    """
    which, y, left, stop = _spans(facets, np.flatnonzero(chosen), width, height)
    if not len(which):
        return Buffer(0, 0, np.zeros((0, 0), np.uint64), np.zeros(0, np.int32))
    x0, y0, x1, y1 = int(left.min()), int(y.min()), int(stop.max()), int(y.max()) + 1
    x0, y0 = x0 // 2 * 2, y0 // 2 * 2
    x1, y1 = min(-(-x1 // 2) * 2, width), min(-(-y1 // 2) * 2, height)
    keys = np.zeros((y1 - y0, x1 - x0), np.uint64)
    place = (y - y0).astype(np.int64) * (x1 - x0) + (left - x0)
    counts = stop - left
    lines = [_along(facets.nearness, which, left, y, counts, facets.range)]
    if cut is not None:
        lines.append(_along(cut, which, left, y, counts, None))
    ends = np.cumsum(counts)
    bounds = np.searchsorted(ends, np.arange(0, ends[-1], _CHUNK), side="right")
    for begin, end in zip(bounds, [*bounds[1:], len(which)], strict=True):
        _fill(
            keys.reshape(-1),
            begin,
            place[begin:end],
            counts[begin:end],
            [(a[begin:end], b[begin:end]) for a, b in lines],
        )
    return Buffer(x0, y0, keys, which.astype(np.int32))


def _spans(
    facets: Facets, which: NDArray[np.int64], width: int, height: int
) -> tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.int32], NDArray[np.int32]]:
    """Face, row, first column and the column after the last, of each row that a face covers."""
    low = np.clip(np.ceil(facets.rows[0, which] - 0.5), 0, height).astype(np.int32)
    high = np.clip(np.floor(facets.rows[1, which] - 0.5) + 1, 0, height).astype(np.int32)
    counts = np.maximum(high - low, 0)
    nth = np.repeat(np.arange(len(which)), counts)
    y = (np.arange(len(nth)) - np.repeat(np.cumsum(counts) - counts - low, counts)).astype(np.int32)
    a, b, c = np.moveaxis(facets.weights[:, :, which], 1, 0)
    slope = np.where(a == 0, 1, a)
    rise, shift = -b / slope, -(c + b * 0.5) / slope
    left, right = np.zeros(len(nth)), np.full(len(nth), float(width))
    for k in range(3):
        at = shift[k][nth] + rise[k][nth] * y
        leans = np.sign(a[k])[nth]
        np.fmax(left, np.where(leans > 0, at, -np.inf), out=left)
        np.fmin(right, np.where(leans < 0, at, np.inf), out=right)
    start = np.ceil(left - 0.5 - _OVERLAP).astype(np.int32)
    stop = np.floor(right - 0.5 + _OVERLAP).astype(np.int32) + 1
    np.clip(start, 0, width, out=start)
    np.clip(stop, 0, width, out=stop)
    some = stop > start
    return which[nth[some]], y[some], start[some], stop[some]


def _along(
    plane: NDArray[np.float64],
    which: NDArray[np.int64],
    x: NDArray[np.int32],
    y: NDArray[np.int32],
    counts: NDArray[np.int32],
    bounds: NDArray[np.float64] | None,
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """A linear function at the first sample of each span, and its step. Held within bounds (2, faces): on a
    face seen from its edge a plane says anything."""
    a, b, c = plane[:, which]
    first = a * (x + 0.5) + b * (y + 0.5) + c
    last = first + a * (counts - 1)
    if bounds is not None:
        low, high = bounds[:, which]
        first, last = np.clip(first, low, high), np.clip(last, low, high)
    return first.astype(np.float32), ((last - first) / np.maximum(counts - 1, 1)).astype(np.float32)


def _fill(
    keys: NDArray[np.uint64],
    first: int,
    place: NDArray[np.int64],
    counts: NDArray[np.int32],
    lines: list[tuple[NDArray[np.float32], NDArray[np.float32]]],
) -> None:
    """Spans that begin at flat places with so many samples; the first has the number `first`."""
    span = np.repeat(np.arange(len(counts), dtype=np.int32), counts)
    begin = np.cumsum(counts, dtype=np.int64) - counts
    step = np.arange(len(span), dtype=np.int32) - begin.astype(np.int32)[span]
    at = place.astype(np.int64)[span] + step
    values = [start[span] + slope[span] * step.astype(np.float32) for start, slope in lines]
    key = np.empty(len(span), np.uint64)
    halves = key.view(np.uint32)
    halves[1::2] = np.maximum(values[0], 1e-30).view(np.uint32)
    halves[::2] = span + first
    if len(values) > 1:
        keep = values[1] <= 0
        at, key = at[keep], key[keep]
    np.maximum.at(keys, at, key)
