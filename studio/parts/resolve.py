"""From samples to pixels: four samples are looked at, but only where they differ is each of them lit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from studio.parts.batch import Batch, shade
from studio.parts.raster import Buffer, Projection

_JUMP = 3.0
"""Pixels deep: where samples of a pixel lie further apart, it shows an edge."""
_TURN = 0.3
"""Squared distance of the normals of neighbors that meet at a crease."""


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
    seen = np.flatnonzero(nearness.reshape(-1))
    color = np.zeros((rows * columns, 3), np.float32)
    normals = np.zeros((rows * columns, 3), np.float32)
    cover = np.zeros(rows * columns, np.float32)
    faces = np.full(rows * columns, -1, np.int32)
    first = _light(batch, buffer, seen, chosen.reshape(-1)[seen], columns, samples)
    faces[seen], color[seen], normals[seen] = first
    cover[seen] = 1
    picture = Picture(
        buffer.left // samples,
        buffer.top // samples,
        color.reshape(rows, columns, 3),
        cover.reshape(rows, columns),
        nearness,
        faces.reshape(rows, columns),
        normals.reshape(rows, columns, 3),
    )
    if samples > 1:
        _soften(picture, batch, buffer, _edges(blocks, picture, batch.projection), samples)
    return picture


def _blocks(values: NDArray[np.float32], samples: int) -> list[NDArray[np.float32]]:
    """Each pixel's samples in reading order: views of (rows, columns)."""
    return [values[r::samples, c::samples] for r in range(samples) for c in range(samples)]


def _light(
    batch: Batch,
    buffer: Buffer,
    pixels: NDArray[np.int64],
    sample: NDArray[np.integer[Any]],
    columns: int,
    samples: int,
) -> tuple[NDArray[np.int32], NDArray[np.float32], NDArray[np.float32]]:
    """Faces, colors and normals at one sample of each pixel."""
    y = pixels // columns * samples + sample // samples
    x = pixels % columns * samples + sample % samples
    faces = buffer.span_face[buffer.spans[y, x]]
    lit = shade(batch, faces, x + buffer.left, y + buffer.top)
    return faces, lit.color, lit.normals


def _edges(blocks: list[NDArray[np.float32]], picture: Picture, projection: Projection) -> NDArray[np.int64]:
    """Flat numbers of the pixels whose samples differ in depth or, at creases, in direction."""
    far, near = blocks[0], blocks[0]
    for block in blocks[1:]:
        far, near = np.minimum(far, block), np.maximum(near, block)
    edge = near - far > _JUMP * projection.step(near)
    normals = picture.normals
    for axis in (0, 1):
        turn = np.diff(normals, axis=axis)
        apart = np.einsum("ijk,ijk->ij", turn, turn) > _TURN
        if axis == 0:
            edge[1:] |= apart
            edge[:-1] |= apart
        else:
            edge[:, 1:] |= apart
            edge[:, :-1] |= apart
    return np.flatnonzero(edge & (near > 0))


def _soften(
    picture: Picture,
    batch: Batch,
    buffer: Buffer,
    edge: NDArray[np.int64],
    samples: int,
) -> None:
    """Each pixel at an edge becomes the mean of its samples."""
    many = samples * samples
    columns = picture.cover.shape[1]
    y, x = edge // columns * samples, edge % columns * samples
    there = np.stack([buffer.keys[y + k // samples, x + k % samples] > 0 for k in range(many)])
    sample, place = np.nonzero(there)
    _, color, _ = _light(batch, buffer, edge[place], sample, columns, samples)
    for axis in range(3):
        total = np.bincount(place, color[:, axis], minlength=len(edge))
        picture.color.reshape(-1, 3)[edge, axis] = total / many
    picture.cover.reshape(-1)[edge] = there.sum(axis=0) / np.float32(many)
