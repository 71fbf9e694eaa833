"""Undo and redo as differences of tiles.

A step keeps old XOR new of each tile it changed: one copy serves undo and redo, and what is alike in a tile
(an inverted mask, the inside of a stroke) packs to almost nothing.
"""

from __future__ import annotations

import zlib
from collections import deque
from typing import Any

import numpy as np

from studio.ui.rect import Rect

Pixels = np.ndarray[Any, np.dtype[np.uint8]]

TILE = 256
BUDGET = 384 * 2**20
"""Bytes of packed steps kept; the oldest go first."""
MOST_STEPS = 500

_OVERHEAD = 128
"""Bytes that a packed tile costs beside its data, about."""


class Step:
    def __init__(self, tiles: dict[Rect, int | bytes]) -> None:
        self.tiles = tiles
        self.cost = sum(_OVERHEAD + (len(data) if isinstance(data, bytes) else 0) for data in tiles.values())

    def flip(self, pixels: Pixels) -> Rect:
        dirty = Rect()
        for tile, data in self.tiles.items():
            part = pixels[tile.slices]
            if isinstance(data, int):
                part ^= np.uint8(data)
            else:
                part ^= np.frombuffer(zlib.decompress(data), np.uint8).reshape(part.shape)
            dirty = dirty.united(tile)
        return dirty


class History:
    """Belongs to one array, which is changed in place."""

    def __init__(self, pixels: Pixels) -> None:
        self._pixels = pixels
        self._before: dict[Rect, Pixels] = {}
        self._undo: deque[Step] = deque()
        self._redo: list[Step] = []
        self.cost = 0
        """Bytes held by the steps."""

    @property
    def can_undo(self) -> bool:
        return bool(self._undo)

    @property
    def can_redo(self) -> bool:
        return bool(self._redo)

    @property
    def depth(self) -> int:
        return len(self._undo)

    def touch(self, rect: Rect) -> None:
        """To be called before the pixels of `rect` (inside the array) change."""
        height, width = self._pixels.shape
        for y in range(rect.y // TILE * TILE, rect.bottom, TILE):
            for x in range(rect.x // TILE * TILE, rect.right, TILE):
                tile = Rect(x, y, min(TILE, width - x), min(TILE, height - y))
                if tile not in self._before:
                    self._before[tile] = self._pixels[tile.slices].copy()

    def commit(self) -> bool:
        """Make one step of all changes since the last commit; False if there are none."""
        tiles = {}
        for tile, before in self._before.items():
            before ^= self._pixels[tile.slices]
            low, high = int(before.min()), int(before.max())
            if high:
                tiles[tile] = low if low == high else zlib.compress(before, 1)
        self._before = {}
        if not tiles:
            return False
        step = Step(tiles)
        self.cost += step.cost - sum(old.cost for old in self._redo)
        self._redo.clear()
        self._undo.append(step)
        while len(self._undo) > 1 and (self.cost > BUDGET or len(self._undo) > MOST_STEPS):
            self.cost -= self._undo.popleft().cost
        return True

    def undo(self) -> Rect:
        if not self._undo:
            return Rect()
        step = self._undo.pop()
        self._redo.append(step)
        return step.flip(self._pixels)

    def redo(self) -> Rect:
        if not self._redo:
            return Rect()
        step = self._redo.pop()
        self._undo.append(step)
        return step.flip(self._pixels)
