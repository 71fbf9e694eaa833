"""The mask: one byte per pixel of the photo, 255 where it is to be repainted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path as FilePath
from typing import Any, Literal

import cv2
import numpy as np

from studio.ui.api import Rect
from studio_image.room.mask import files
from studio_image.room.mask.brush import SMALL, Brush, Path, stamp
from studio_image.room.mask.history import History

Pixels = np.ndarray[Any, np.dtype[np.uint8]]
Point = tuple[float, float]
Filter = Literal["grow", "shrink", "feather"]

_DISC = 6
"""Radius of the disc that larger ones are made of: discs add up, and six is round enough."""


class MaskModel:
    """A mask of a fixed size with undo. Every edit returns the rectangle that holds all changed pixels.

    Positions are in picture coordinates (the middle of the first pixel is (0.5, 0.5)) and may lie outside.
    """

    def __init__(self, width: int, height: int) -> None:
        self.pixels: Pixels = np.zeros((height, width), np.uint8)
        self.bounds = Rect(0, 0, width, height)
        self.history = History(self.pixels)
        self._path: Path | None = None

    @property
    def size(self) -> tuple[int, int]:
        """(width, height)"""
        return self.bounds.width, self.bounds.height

    @property
    def is_empty(self) -> bool:
        return not self.pixels.any()

    @property
    def is_full(self) -> bool:
        return bool(self.pixels.min() == 255)

    @property
    def coverage(self) -> float:
        """Part of the picture that is masked, 0..1."""
        return float(cv2.mean(self.pixels)[0]) / 255

    # Strokes -----------------------------------------------------------------------------------------------

    def begin_stroke(self, x: float, y: float, brush: Brush, pressure: float = 1.0) -> Rect:
        self.end_stroke()
        self._path = Path(brush, x, y, pressure)
        return self._set_stamp(brush, x, y, pressure)

    def extend_stroke(self, x: float, y: float, pressure: float = 1.0) -> Rect:
        path = self._path
        if path is None:
            return Rect()
        dirty = Rect()
        for at_x, at_y, at_pressure in path.extend(x, y, pressure):
            dirty = dirty.united(self._set_stamp(path.brush, at_x, at_y, at_pressure))
        return dirty

    def end_stroke(self) -> Rect:
        """Finish the stroke: from here on it is one step of undo."""
        path, self._path = self._path, None
        if path is None:
            return Rect()
        dirty = self._set_stamp(path.brush, path.x, path.y, path.pressure) if path.is_behind else Rect()
        self.history.commit()
        return dirty

    def stroke(self, points: Sequence[Point], brush: Brush) -> Rect:
        dirty = self.begin_stroke(*points[0], brush)
        for x, y in points[1:]:
            dirty = dirty.united(self.extend_stroke(x, y))
        return dirty.united(self.end_stroke())

    def _set_stamp(self, brush: Brush, x: float, y: float, pressure: float) -> Rect:
        diameter = brush.diameter(pressure)
        column, row = int(np.floor(x)), int(np.floor(y))
        if diameter <= SMALL:
            cover, reach = stamp(diameter, brush.hardness, _quarter(x - column), _quarter(y - row))
        else:
            cover, reach = stamp(diameter, brush.hardness)
        place = Rect(column - reach, row - reach, cover.shape[1], cover.shape[0])
        inside = place.intersected(self.bounds)
        if inside.is_empty:
            return Rect()
        cover = cover[
            inside.y - place.y : inside.bottom - place.y, inside.x - place.x : inside.right - place.x
        ]
        self.history.touch(inside)
        self._blend(inside, cover, brush.erase)
        return inside

    def _blend(self, rect: Rect, cover: Pixels, erase: bool) -> None:
        part = self.pixels[rect.slices]
        if erase:
            np.minimum(part, 255 - cover, out=part)
        else:
            np.maximum(part, cover, out=part)

    # Areas -------------------------------------------------------------------------------------------------

    def lasso(self, points: Sequence[Point], *, erase: bool = False) -> Rect:
        """Fill a polygon, its edge smoothed."""
        corners = np.asarray(points, np.float64)
        if len(corners) < 3:
            return Rect()
        (left, top), (right, bottom) = corners.min(axis=0), corners.max(axis=0)
        rect = Rect.between(left, top, right, bottom).padded(2).intersected(self.bounds)
        if rect.is_empty:
            return rect
        cover = np.zeros((rect.height, rect.width), np.uint8)
        fixed = np.round((corners - (rect.x + 0.5, rect.y + 0.5)) * 16).astype(np.int32)
        cv2.fillPoly(cover, [fixed], 255, lineType=cv2.LINE_AA, shift=4)
        return self._edit(rect, lambda: self._blend(rect, cover, erase))

    def rectangle(self, corner: Point, opposite: Point, *, erase: bool = False) -> Rect:
        """Fill from one corner to the other, to whole pixels."""
        left, right = sorted((round(corner[0]), round(opposite[0])))
        top, bottom = sorted((round(corner[1]), round(opposite[1])))
        rect = Rect(left, top, right - left, bottom - top).intersected(self.bounds)
        return self._edit(rect, lambda: self.pixels[rect.slices].fill(0 if erase else 255))

    def flood(self, photo: Pixels, point: Point, tolerance: int, *, erase: bool = False) -> Rect:
        """Fill what touches `point` and is like it in `photo`, (H, W, 3) uint8.

        Each channel may differ by `tolerance` from the color at `point`.
        """
        return self.put(*self.flooded(photo, point, tolerance, erase=erase))

    def flooded(
        self, photo: Pixels, point: Point, tolerance: int, *, erase: bool = False
    ) -> tuple[Rect, Pixels]:
        """What `flood` is going to `put`. Changes nothing: it may run on any thread."""
        x, y = int(np.floor(point[0])), int(np.floor(point[1]))
        if not (0 <= x < self.bounds.width and 0 <= y < self.bounds.height):
            return Rect(), self.pixels[:0]
        found = np.zeros((self.bounds.height + 2, self.bounds.width + 2), np.uint8)
        flags = 8 | cv2.FLOODFILL_MASK_ONLY | cv2.FLOODFILL_FIXED_RANGE | (255 << 8)
        near = (tolerance,) * 3
        rect = Rect(*cv2.floodFill(photo, found, (x, y), (0, 0, 0), near, near, flags)[3])
        cover, part = found[1:-1, 1:-1][rect.slices], self.pixels[rect.slices]
        return rect, np.minimum(part, 255 - cover) if erase else np.maximum(part, cover)

    # The whole mask ----------------------------------------------------------------------------------------

    def invert(self) -> Rect:
        return self._edit(self.bounds, lambda: np.bitwise_not(self.pixels, out=self.pixels))

    def clear(self) -> Rect:
        rect = self._extent()
        return self._edit(rect, lambda: self.pixels[rect.slices].fill(0))

    def grow(self, radius: int) -> Rect:
        return self.put(*self.filtered("grow", radius)())

    def shrink(self, radius: int) -> Rect:
        """The picture's border does not eat into the mask."""
        return self.put(*self.filtered("shrink", radius)())

    def feather(self, radius: int) -> Rect:
        """Soften edges: from full `radius` pixels inside to nothing `radius` outside."""
        return self.put(*self.filtered("feather", radius)())

    def filtered(self, kind: Filter, radius: int) -> Filtering:
        """What `grow`, `shrink` or `feather` is going to `put`, to be computed on any thread."""
        self.end_stroke()
        rect = self._extent().padded(radius).intersected(self.bounds)
        return Filtering(kind, radius, rect, self.pixels[rect.slices].copy())

    def put(self, rect: Rect, pixels: Pixels) -> Rect:
        """Replace a part of the mask, as one step of undo."""
        return self._edit(rect, lambda: np.copyto(self.pixels[rect.slices], pixels))

    def replace(self, pixels: Pixels) -> Rect:
        """Take over another mask; one of another size is scaled."""
        if pixels.shape != self.pixels.shape:
            pixels = cv2.resize(pixels, self.size, interpolation=cv2.INTER_AREA)
        return self.put(self.bounds, pixels)

    def undo(self) -> Rect:
        self.end_stroke()
        return self.history.undo()

    def redo(self) -> Rect:
        self.end_stroke()
        return self.history.redo()

    # Files -------------------------------------------------------------------------------------------------

    def load(self, path: FilePath) -> Rect:
        """Take over a mask from a picture file of the same size. Raises BadInput."""
        return self.replace(self.read(path))

    def read(self, path: FilePath) -> Pixels:
        """What `load` takes over. Raises BadInput."""
        return files.read(path, self.size)

    def save(self, path: FilePath) -> FilePath:
        """Write an 8-bit gray PNG, whole or not at all. Raises DiskFull or StudioError."""
        files.write(path, self.pixels)
        return path

    def _edit(self, rect: Rect, change: Callable[[], object]) -> Rect:
        self.end_stroke()
        if not rect.is_empty:
            self.history.touch(rect)
            change()
            self.history.commit()
        return rect

    def _extent(self) -> Rect:
        return Rect(*cv2.boundingRect(self.pixels))


@dataclass(frozen=True)
class Filtering:
    """A change of `part`, a copy of what the mask is in `rect`."""

    kind: Filter
    radius: int
    rect: Rect
    part: Pixels

    @property
    def effort(self) -> int:
        """Grows with the time it takes: about a nanosecond for each, on two slow processors."""
        return self.part.size * (self.radius if self.kind != "feather" else 4)

    def __call__(self) -> tuple[Rect, Pixels]:
        if self.rect.is_empty or self.radius <= 0:
            return Rect(), self.part
        if self.kind == "feather":
            return self.rect, _blurred(self.part, self.radius)
        operation = cv2.dilate if self.kind == "grow" else cv2.erode
        return self.rect, _with_discs(operation, self.part, self.radius)


def _quarter(part: float) -> float:
    return (int(part * 4) + 0.5) / 4


def _blurred(part: Pixels, radius: int) -> Pixels:
    """Weighted by a tent that ends at `radius`: two boxes of odd width. Flat parts stay what they are."""
    width = radius + 1 - radius % 2
    for side in (width, 2 * radius + 2 - width):
        part = cv2.blur(part, (side, side), borderType=cv2.BORDER_REPLICATE)
    return part


def _with_discs(operation: Callable[..., Pixels], part: Pixels, radius: int) -> Pixels:
    """Dilate or erode with a disc of `radius`, as a row of small ones."""
    steps = [_DISC] * (radius // _DISC) + [radius % _DISC] * (radius % _DISC > 0)
    for step in steps:
        reach = np.arange(-step, step + 1)
        disc = (reach[None, :] ** 2 + reach[:, None] ** 2 <= step * step + step / 2).astype(np.uint8)
        part = operation(part, disc)
    return part
