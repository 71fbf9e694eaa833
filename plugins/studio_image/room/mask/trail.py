"""What was done to the mask of one photo, written down step by step: it is there after a kill, with undo.

A record is a letter and what belongs to it. The first one says how large the mask is. Then come steps, as old
XOR new of their tiles, and what was taken back and done again.
"""

from __future__ import annotations

import threading
import zlib
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import msgspec
import numpy as np

from studio.ui.api import Kept, Rect
from studio_image.room.mask.history import TILE, Act, Step
from studio_image.room.mask.model import MaskModel

Pixels = np.ndarray[Any, np.dtype[np.uint8]]
Tile = tuple[int, int, int, int, int | bytes]
"""x, y, width, height, and what changed: one value for all pixels, or their bytes, compressed."""

MOST_RECORDS = 800
"""After so many the mask is written anew, as it is, with its last steps."""
MOST_AGAIN = 100
"""Steps that can be taken back after that."""
MOST_PIXELS = 100_000_000
"""Of a mask: the largest photo that the studio reads has fewer."""

_SIZE, _BASE, _PART, _STEP, _UNDO, _REDO = b"m", b"b", b"p", b"s", b"u", b"r"
"""`_PART` begins a step of many tiles; `_BASE` is what was painted before the steps that can be undone."""
_TILES = 32
"""In one record, so that none gets large."""


class Trail:
    """Writes down what becomes of a mask."""

    def __init__(self, kept: Kept, name: str, model: MaskModel, count: int | None) -> None:
        """
        Args:
            count: records that are kept of this mask already; None where they are to be replaced.
        """
        self._kept, self._name, self.model = kept, name, model
        self.count = count or 0
        if count is None:
            self._write_anew()
        model.history.told = self._on_act

    def _on_act(self, act: Act, step: Step) -> None:
        if self.count == 0:
            self._begin()
        if self.count >= MOST_RECORDS:
            self._write_anew()
        elif act == "step":
            self._add_step(step)
        else:
            self._add(_UNDO if act == "undo" else _REDO)

    def _begin(self) -> None:
        self._kept.keep(self._name, _SIZE + msgspec.msgpack.encode(self.model.size))
        self.count = 1

    def _add(self, value: bytes | Callable[[], bytes]) -> None:
        self._kept.add(self._name, value)
        self.count += 1

    def _add_step(self, step: Step) -> None:
        groups = _groups(step)
        for number, tiles in enumerate(groups, 1):
            self._add(_packing(_STEP if number == len(groups) else _PART, step, tiles))

    def _write_anew(self) -> None:
        """The mask as it is, and the steps that lead to and from it."""
        steps, undone = self.model.history.newest(MOST_AGAIN)
        pixels = self.model.pixels.copy()
        for step in reversed(steps):
            step.flip(pixels)
        self._begin()
        base = _step_of(pixels)
        for tiles in _groups(base):
            self._add(_packing(_BASE, base, tiles))
        for step in (*steps, *undone):
            self._add_step(step)
        for _ in undone:
            self._add(_UNDO)


class KeptMask:
    """A mask with its steps of undo, put together on a thread from what a `Trail` wrote down."""

    def __init__(self, records: Sequence[bytes]) -> None:
        self._records = records
        self.size = _size_of(records)
        """(width, height); (0, 0) where nothing is kept, or it cannot be read."""
        self._model = MaskModel(*self.size)
        self._read = 0
        self._thread = threading.Thread(target=self._build, name="mask", daemon=True)
        self._thread.start()

    @property
    def count(self) -> int | None:
        """Of the records; None where some of them could not be read, and are to be replaced."""
        self._thread.join()
        return self._read if self._read == len(self._records) else None

    def model(self) -> MaskModel:
        """The mask to be painted on again, as far as its records could be read."""
        self._thread.join()
        return self._model

    def _build(self) -> None:
        pixels, history, part = self._model.pixels, self._model.history, dict[Rect, int | bytes | Pixels]()
        for record in self._records if self.size != (0, 0) else ():
            kind, body = record[:1], record[1:]
            if kind in (_BASE, _PART, _STEP):
                tiles = _tiles_in(body, self._model.bounds)
                if tiles is None:
                    return
                Step({tile: change for tile, (change, _) in tiles.items()}).flip(pixels)
                part |= {tile: packed for tile, (_, packed) in tiles.items()}
                if kind == _STEP:
                    history.push(Step(part))
                if kind != _PART:
                    part = {}
            elif kind == _UNDO:
                history.undo()
            elif kind == _REDO:
                history.redo()
            elif kind != _SIZE:
                return
            self._read += 1


def _groups(step: Step) -> list[list[Rect]]:
    tiles = [*step.tiles]
    return [tiles[start : start + _TILES] for start in range(0, len(tiles), _TILES)]


def _packing(kind: bytes, step: Step, tiles: Sequence[Rect]) -> Callable[[], bytes]:
    """A record of some tiles of a step, which do not change any more: to be made on any thread."""

    def pack() -> bytes:
        return kind + msgspec.msgpack.encode([(*tile, _packed(step.tiles[tile])) for tile in tiles])

    return pack


def _packed(change: int | bytes | Pixels) -> int | bytes:
    return zlib.compress(change.tobytes(), 1) if isinstance(change, np.ndarray) else change


def _step_of(pixels: Pixels) -> Step:
    """What makes an empty mask into this one."""
    height, width = pixels.shape
    found: dict[Rect, int | bytes | Pixels] = {}
    for tile in _grid(width, height):
        part = pixels[tile.slices]
        low, high = int(part.min()), int(part.max())
        if high:
            found[tile] = low if low == high else part
    return Step(found)


def _grid(width: int, height: int) -> Iterator[Rect]:
    for y in range(0, height, TILE):
        for x in range(0, width, TILE):
            yield Rect(x, y, min(TILE, width - x), min(TILE, height - y))


def _size_of(records: Sequence[bytes]) -> tuple[int, int]:
    if not records or records[0][:1] != _SIZE:
        return 0, 0
    try:
        width, height = msgspec.msgpack.decode(records[0][1:], type=tuple[int, int])
    except msgspec.DecodeError:
        return 0, 0
    return (width, height) if min(width, height) > 0 and width * height <= MOST_PIXELS else (0, 0)


def _tiles_in(body: bytes, bounds: Rect) -> dict[Rect, tuple[int | Pixels, int | bytes]] | None:
    """What changed in each tile, as pixels and as it is kept; None where that does not fit the mask."""
    found: dict[Rect, tuple[int | Pixels, int | bytes]] = {}
    try:
        for x, y, width, height, packed in msgspec.msgpack.decode(body, type=list[Tile]):
            tile = Rect(x, y, width, height)
            if min(tile) < 0 or tile.intersected(bounds) != tile or not 0 < width * height <= TILE * TILE:
                return None
            if isinstance(packed, int):
                change: int | Pixels = int(np.uint8(packed))
            else:
                data = zlib.decompressobj().decompress(packed, width * height + 1)
                change = np.frombuffer(data, np.uint8).reshape(height, width)
            found[tile] = change, packed
    except (msgspec.DecodeError, zlib.error, ValueError, OverflowError):
        return None
    return found
