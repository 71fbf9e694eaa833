"""Patch search and patch voting for content-aware fill: arrays only.

A picture is (H, W, C) float32, 0 to 255: RGB, perhaps alpha, and last two planes of texture. A patch is 7 x 7
pixels, named by its center; centers are flat indices (y * W + x). Instead of by 147 values a patch is
compared by its lowest cosine coefficients, which hold nearly all of its energy (the transform is
orthonormal), and by the texture at its center, which tells grass from a green blur (Newson et al. 2014).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import cv2
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

RADIUS = 3
SIDE = 2 * RADIUS + 1
_LUMA_ORDER = 4
_CHROMA_ORDER = 1
_MOST_TRIED = 8000
_VOTED_AT_ONCE = 400_000


@cache
def _cosines() -> list[Floats]:
    n = np.arange(SIDE)
    rows = [np.cos(np.pi * (n + 0.5) * k / SIDE) * np.sqrt((2 if k else 1) / SIDE) for k in range(SIDE)]
    return [row.astype(np.float32) for row in rows]


def _basis() -> list[tuple[int, int, int]]:
    """(channel, vertical order, horizontal order) of each coefficient."""
    kept = [(0, v, h) for v in range(_LUMA_ORDER + 1) for h in range(_LUMA_ORDER + 1) if v + h <= _LUMA_ORDER]
    for channel in (1, 2):
        kept += [(channel, v, h) for v in range(2) for h in range(2) if v + h <= _CHROMA_ORDER]
    return kept


def features(image: Floats) -> Floats:
    """(H * W, D) what the patch around every pixel (mirrored at the border) is compared by."""
    cosines = _cosines()
    planes = cv2.split(cv2.cvtColor(np.ascontiguousarray(image[..., :3]), cv2.COLOR_RGB2YCrCb))
    out = np.empty((*image.shape[:2], len(_basis())), np.float32)
    for index, (channel, v, h) in enumerate(_basis()):
        out[..., index] = cv2.sepFilter2D(
            planes[channel], cv2.CV_32F, cosines[h], cosines[v], borderType=cv2.BORDER_REFLECT_101
        )
    return np.concatenate([out, image[..., -2:]], axis=2).reshape(-1, out.shape[2] + 2)


def usable_centers(known: Bools) -> Bools:
    """(H, W): where a whole patch lies inside the picture and in known pixels."""
    kernel = np.ones((SIDE, SIDE), np.uint8)
    inside: NDArray[np.uint8] = cv2.erode(
        known.astype(np.uint8), kernel, borderType=cv2.BORDER_CONSTANT, borderValue=0
    )
    return np.asarray(inside > 0)


@dataclass
class Field:
    """For each target patch (those that touch the hole) the source patch that resembles it most."""

    shape: tuple[int, int]
    targets: Ints
    """Flat centers, ascending."""
    sources: Ints
    cost: Floats
    """Squared distance of each pair's coefficients."""
    usable: Bools
    """(H * W): which centers may be sources."""

    # `row` maps a flat center to its place in `targets`, -1 where it is no target.
    def __post_init__(self) -> None:
        self.row: Ints = np.full(self.shape[0] * self.shape[1], -1, np.int64)
        self.row[self.targets] = np.arange(len(self.targets))

    def measure(self, table: Floats) -> None:
        """Distances anew, after the picture has changed."""
        self._wanted = table[self.targets]
        self.cost = self._distance(table, self.sources)

    def _distance(self, table: Floats, sources: Ints) -> Floats:
        difference = table[sources]
        difference -= self._wanted
        return np.asarray(np.einsum("ij,ij->i", difference, difference), np.float32)

    def _offer(self, table: Floats, candidates: Ints, valid: Bools) -> None:
        """Takes a candidate where it is better."""
        rows = np.flatnonzero(valid)
        chosen = candidates[rows]
        difference = table[chosen]
        difference -= self._wanted[rows]
        cost = np.einsum("ij,ij->i", difference, difference)
        better = cost < self.cost[rows]
        rows = rows[better]
        self.sources[rows] = chosen[better]
        self.cost[rows] = cost[better]

    def _candidates(self, y: Ints, x: Ints) -> tuple[Ints, Bools]:
        height, width = self.shape
        inside = (y >= 0) & (y < height) & (x >= 0) & (x < width)
        flat = np.where(inside, y * width + x, 0)
        return flat, inside & self.usable[flat]

    def propagate(self, table: Floats, step: int) -> None:
        """Offers each target what its four neighbors at `step` pixels found, moved along."""
        height, width = self.shape
        ty, tx = np.divmod(self.targets, width)
        for dy, dx in ((-step, 0), (0, -step), (step, 0), (0, step)):
            ny, nx = ty + dy, tx + dx
            inside = (ny >= 0) & (ny < height) & (nx >= 0) & (nx < width)
            row = self.row[np.where(inside, ny * width + nx, 0)]
            known = inside & (row >= 0)
            sy, sx = np.divmod(self.sources[np.where(known, row, 0)], width)
            flat, valid = self._candidates(sy - dy, sx - dx)
            self._offer(table, flat, valid & known & (flat != self.sources))

    def search(self, table: Floats, radius: int, rng: np.random.Generator) -> None:
        """Offers each target a random patch within `radius` pixels of its own."""
        sy, sx = np.divmod(self.sources, self.shape[1])
        jump = rng.integers(-radius, radius + 1, (2, len(self.targets)))
        self._offer(table, *self._candidates(sy + jump[0], sx + jump[1]))


def targets_of(hole: Bools) -> Ints:
    """Flat centers of all patches that touch the hole, ascending."""
    return np.flatnonzero(cv2.dilate(hole.astype(np.uint8), np.ones((SIDE, SIDE), np.uint8)))


def exhaustive_field(table: Floats, hole: Bools, usable: Bools) -> Field:
    """The best of all sources (evenly thinned to some thousand) for each target: where the search begins."""
    pool, targets = np.flatnonzero(usable), targets_of(hole)
    if len(pool) > _MOST_TRIED:
        pool = pool[np.linspace(0, len(pool) - 1, _MOST_TRIED).astype(np.int64)]
    tried = table[pool]
    norms = np.einsum("ij,ij->i", tried, tried)
    best = np.empty(len(targets), np.int64)
    for start in range(0, len(targets), 256):
        wanted = table[targets[start : start + 256]]
        best[start : start + 256] = np.argmin(norms[None] - 2 * (wanted @ tried.T), axis=1)
    return Field(hole.shape, targets, pool[best], np.zeros(len(targets), np.float32), usable.ravel())


def finer_field(coarse: Field, hole: Bools, usable: Bools, rng: np.random.Generator) -> Field:
    """The field of a picture of half the size, carried over to the next finer level."""
    height, width = hole.shape
    targets = targets_of(hole)
    ty, tx = np.divmod(targets, width)
    cy, cx = ty // 2, tx // 2
    row = coarse.row[cy * coarse.shape[1] + cx]
    sy, sx = np.divmod(coarse.sources[row], coarse.shape[1])
    y, x = ty + 2 * (sy - cy), tx + 2 * (sx - cx)
    good = (row >= 0) & (y >= 0) & (y < height) & (x >= 0) & (x < width)
    flat = np.where(good, y * width + x, 0)
    good &= usable.ravel()[flat]
    pool = np.flatnonzero(usable)
    flat[~good] = pool[rng.integers(0, len(pool), int((~good).sum()))]
    return Field(hole.shape, targets, flat, np.zeros(len(targets), np.float32), usable.ravel())


def vote(
    image: Floats,
    field: Field,
    hole: Bools,
    weight: Floats,
    spread: float,
    check: Callable[[], None] = lambda: None,
) -> Floats:
    """The hole's pixels (N, C), each the mean of what the patches over it propose.

    `weight` is one number per target; `spread` is the deviation, in pixels, of the bell by which a patch
    counts less the farther the pixel lies from its center. `check` is called now and then, and may raise.
    """
    pixels = np.flatnonzero(hole)
    result = np.empty((len(pixels), image.shape[2]), np.float32)
    flat_image = image.reshape(-1, image.shape[2])
    for start in range(0, len(pixels), _VOTED_AT_ONCE):
        check()
        part = slice(start, start + _VOTED_AT_ONCE)
        result[part] = _vote_on(flat_image, field, pixels[part], weight, spread)
    return result


def _vote_on(flat_image: Floats, field: Field, pixels: Ints, weight: Floats, spread: float) -> Floats:
    height, width = field.shape
    py, px = np.divmod(pixels, width)
    total = np.zeros((len(pixels), flat_image.shape[1]), np.float32)
    weights = np.zeros(len(pixels), np.float32)
    reach = min(RADIUS, int(np.ceil(2 * spread)))
    for dy in range(-reach, reach + 1):
        for dx in range(-reach, reach + 1):
            bell = float(np.exp(-(dy * dy + dx * dx) / (2 * spread * spread)))
            ty, tx = py + dy, px + dx
            inside = (ty >= 0) & (ty < height) & (tx >= 0) & (tx < width)
            row = field.row[np.where(inside, ty * width + tx, 0)]
            part = np.where(inside & (row >= 0), weight[row] * bell, 0).astype(np.float32)
            source = field.sources[row] - (dy * width + dx)
            total += flat_image[np.where(part > 0, source, 0)] * part[:, None]
            weights += part
    return np.asarray(total / np.maximum(weights, 1e-30)[:, None], np.float32)
