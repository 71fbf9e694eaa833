"""Undo and redo as differences of tiles.

A step keeps old XOR new of each tile it changed: one copy serves undo and redo, and what is alike in a tile
(an inverted mask, the inside of a stroke) packs to almost nothing.
"""

from __future__ import annotations

import threading
import zlib
from collections import deque
from collections.abc import Callable
from typing import Any, Literal

import numpy as np

from studio.ui.api import Rect

Pixels = np.ndarray[Any, np.dtype[np.uint8]]

TILE = 256
BUDGET = 384 * 2**20
"""Bytes of packed steps kept; the oldest go first."""
MOST_STEPS = 500

Act = Literal["step", "undo", "redo"]

_OVERHEAD = 128
"""Bytes that a packed tile costs beside its data, about."""


class Step:
    """`tiles` holds old XOR new: a number where that is the same all over, else an array, later packed."""

    def __init__(self, tiles: dict[Rect, int | bytes | Pixels]) -> None:
        self.tiles = tiles

    @property
    def cost(self) -> int:
        """Bytes held, about."""
        return sum(_OVERHEAD + _size(data) for data in self.tiles.values())

    def pack(self) -> None:
        """Runs on a thread of its own, so that the end of a long stroke does not wait for it."""
        for tile, data in self.tiles.items():
            if isinstance(data, np.ndarray):
                self.tiles[tile] = zlib.compress(data.tobytes(), 1)

    def flip(self, pixels: Pixels) -> Rect:
        dirty = Rect()
        for tile, data in self.tiles.items():
            part = pixels[tile.slices]
            if isinstance(data, int):
                part ^= np.uint8(data)
            elif isinstance(data, np.ndarray):
                part ^= data
            else:
                part ^= np.frombuffer(zlib.decompress(data), np.uint8).reshape(part.shape)
            dirty = dirty.united(tile)
        return dirty


def _size(data: int | bytes | Pixels) -> int:
    if isinstance(data, int):
        return 0
    return len(data) if isinstance(data, bytes) else data.nbytes


class History:
    """Belongs to one array, which is changed in place."""

    def __init__(self, pixels: Pixels) -> None:
        self._pixels = pixels
        self._before: dict[Rect, Pixels] = {}
        self._undo: deque[Step] = deque()
        self._redo: list[Step] = []
        self.told: Callable[[Act, Step], object] = lambda act, step: None
        """Gets each step when it was made, taken back or done again."""

    @property
    def can_undo(self) -> bool:
        return bool(self._undo)

    @property
    def can_redo(self) -> bool:
        return bool(self._redo)

    @property
    def cost(self) -> int:
        """Bytes held by all steps, about."""
        return sum(step.cost for step in (*self._undo, *self._redo))

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
        tiles: dict[Rect, int | bytes | Pixels] = {}
        for tile, before in self._before.items():
            before ^= self._pixels[tile.slices]
            low, high = int(before.min()), int(before.max())
            if high:
                tiles[tile] = low if low == high else before
        self._before = {}
        if not tiles:
            return False
        step = Step(tiles)
        threading.Thread(target=step.pack, name="undo", daemon=True).start()
        self.push(step)
        self.told("step", step)
        return True

    def push(self, step: Step) -> None:
        """A step that was made of the pixels as they are now."""
        self._redo.clear()
        self._undo.append(step)
        while len(self._undo) > MOST_STEPS:
            self._undo.popleft()
        excess = self.cost - BUDGET
        while excess > 0 and len(self._undo) > 1:
            excess -= self._undo.popleft().cost

    def newest(self, most: int) -> tuple[list[Step], list[Step]]:
        """At most so many of the last steps, and all that were taken back since: in the order of time."""
        return [*self._undo][-most:], self._redo[::-1]

    def undo(self) -> Rect:
        if not self._undo:
            return Rect()
        step = self._undo.pop()
        self._redo.append(step)
        dirty = step.flip(self._pixels)
        self.told("undo", step)
        return dirty

    def redo(self) -> Rect:
        if not self._redo:
            return Rect()
        step = self._redo.pop()
        self._undo.append(step)
        dirty = step.flip(self._pixels)
        self.told("redo", step)
        return dirty
