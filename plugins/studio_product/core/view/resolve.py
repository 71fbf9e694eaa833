"""From samples to pixels: four samples are looked at, but only where they differ is each of them lit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from studio_product.core.view.batch import Batch, Samples, shade
from studio_product.core.view.raster import Buffer, Projection

_JUMP = 2.0
"""Where samples of a pixel lie so many times further apart than a plane of its direction would have them, it
shows an edge."""
_GRAZING = 0.06
"""Of the normal towards the eye: surfaces that face away more are taken for such ones."""
_STRAIGHT = 0.85
"""Cosine of the angle between neighbors: where it is less, they meet at a crease."""
_CHUNK = 1 << 14
"""Samples lit at once: what fits into a processor's cache is faster."""


@dataclass
class Picture:
    """A window of the frame, in pixels."""

    left: int
    top: int
    color: NDArray[np.float32]
    """(rows, columns, 3), sRGB, premultiplied"""
    cover: NDArray[np.float32]
    """(rows, columns): 0 to 1"""
    nearness: NDArray[np.float32]
    """(rows, columns): 0 where nothing is"""
    faces: NDArray[np.int32]
    """(rows, columns): of the batch; -1 where nothing is"""
    normals: NDArray[np.float32]
    """(rows, columns, 3)"""

    @property
    def window(self) -> tuple[slice, slice]:
        rows, columns = self.cover.shape
        return slice(self.top, self.top + rows), slice(self.left, self.left + columns)


def resolve(batch: Batch, buffer: Buffer, samples: int) -> Picture:
    """The pixels of `samples` by `samples` samples each that a buffer covers."""
    blocks = _blocks(buffer.nearness, samples)
    nearness = blocks[0].copy()
    chosen = np.zeros(nearness.shape, np.int8)
    for k in range(1, len(blocks)):
        missing = (nearness == 0) & (blocks[k] > 0)
        nearness[missing] = blocks[k][missing]
        chosen[missing] = k
    rows, columns = nearness.shape
    picture = Picture(
        buffer.left // samples,
        buffer.top // samples,
        np.zeros((rows, columns, 3), np.float32),
        (nearness > 0).astype(np.float32),
        nearness,
        np.full((rows, columns), -1, np.int32),
        np.zeros((rows, columns, 3), np.float32),
    )
    y, x = np.nonzero(nearness)
    for some in _chunks(len(y)):
        place = y[some], x[some]
        faces, lit = _light(batch, buffer, *place, chosen[place], samples)
        picture.faces[place], picture.color[place], picture.normals[place] = faces, lit.color, lit.normals
    if samples > 1:
        _soften(picture, batch, buffer, _edges(blocks, picture, batch.projection), samples)
    return picture


def _chunks(count: int) -> Iterator[slice]:
    return (slice(begin, begin + _CHUNK) for begin in range(0, count, _CHUNK))


def _blocks(values: NDArray[np.float32], samples: int) -> list[NDArray[np.float32]]:
    """Each pixel's samples in reading order: views of (rows, columns)."""
    return [values[r::samples, c::samples] for r in range(samples) for c in range(samples)]


def _light(
    batch: Batch,
    buffer: Buffer,
    y: NDArray[np.int64],
    x: NDArray[np.int64],
    sample: NDArray[np.integer[Any]],
    samples: int,
) -> tuple[NDArray[np.int32], Samples]:
    """The faces, and their light, at one sample of each pixel."""
    down, across = np.divmod(np.arange(samples * samples), samples)
    y, x = y * samples + down[sample], x * samples + across[sample]
    faces = buffer.span_face[buffer.spans[y, x]]
    return faces, shade(batch, faces, x + buffer.left, y + buffer.top)


def _edges(
    blocks: list[NDArray[np.float32]], picture: Picture, projection: Projection
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Rows and columns of the pixels whose samples differ in depth or, at creases, in direction."""
    far, near = blocks[0], blocks[0]
    for block in blocks[1:]:
        far, near = np.minimum(far, block), np.maximum(near, block)
    normals = picture.normals
    facing = np.maximum(normals[..., 2], _GRAZING)
    slope = np.abs(normals[..., 0]) + np.abs(normals[..., 1])
    edge = (near - far) * facing > _JUMP * projection.step(near) * (slope + facing)
    beside = np.einsum("ijk,ijk->ij", normals[:, 1:], normals[:, :-1]) < _STRAIGHT
    below = np.einsum("ijk,ijk->ij", normals[1:], normals[:-1]) < _STRAIGHT
    edge[:, 1:] |= beside
    edge[:, :-1] |= beside
    edge[1:] |= below
    edge[:-1] |= below
    y, x = np.nonzero(edge & (near > 0))
    return y, x


def _soften(
    picture: Picture,
    batch: Batch,
    buffer: Buffer,
    edge: tuple[NDArray[np.int64], NDArray[np.int64]],
    samples: int,
) -> None:
    """Each pixel at an edge becomes the mean of its samples."""
    many = samples * samples
    for some in _chunks(len(edge[0])):
        y, x = edge[0][some], edge[1][some]
        there = np.stack([block[y, x] > 0 for block in _blocks(buffer.nearness, samples)])
        sample, place = np.nonzero(there)
        _, lit = _light(batch, buffer, y[place], x[place], sample, samples)
        for axis in range(3):
            total = np.bincount(place, lit.color[:, axis], minlength=len(y))
            picture.color[y, x, axis] = total / many
        picture.cover[y, x] = there.sum(axis=0) / np.float32(many)
