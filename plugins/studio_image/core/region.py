"""Where to work and how to put the result back: crops around a mask, and blending without a seam."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from studio.api import Picture

Floats = NDArray[np.float32]
Bools = NDArray[np.bool_]
Mask = NDArray[np.uint8]

REPAINTED = 128
"""From this mask value on, nothing of the old pixel remains; below, it fades to the old pixel at 0."""


@dataclass(frozen=True)
class Box:
    """A rectangle of pixels: rows top to bottom, columns left to right, the last ones excluded."""

    top: int
    left: int
    bottom: int
    right: int

    @property
    def height(self) -> int:
        return self.bottom - self.top

    @property
    def width(self) -> int:
        return self.right - self.left

    @property
    def area(self) -> int:
        return self.height * self.width

    @property
    def cut(self) -> tuple[slice, slice]:
        """To index an array (H, W, ...) with."""
        return slice(self.top, self.bottom), slice(self.left, self.right)

    def grown(self, margin: int, height: int, width: int) -> Box:
        """With `margin` more pixels on each side, as far as a picture of this size goes."""
        return Box(
            max(0, self.top - margin),
            max(0, self.left - margin),
            min(height, self.bottom + margin),
            min(width, self.right + margin),
        )

    def joined(self, other: Box) -> Box:
        return Box(
            min(self.top, other.top),
            min(self.left, other.left),
            max(self.bottom, other.bottom),
            max(self.right, other.right),
        )


def margin_of(box: Box, least: int, ratio: float) -> int:
    """How much context a hole of this size gets on each side, in pixels."""
    return max(least, round(ratio * max(box.height, box.width)))


def pieces(mask: Mask, *, least: int, ratio: float) -> Iterator[tuple[Box, Mask]]:
    """Parts of the mask to work on one after the other: (context box, the part's mask in that box).

    Holes far from each other are separate parts, so that the cost follows the holes and not the distance
    between them. `least` and `ratio` as in `margin_of`. Together the parts are the mask.
    """
    numbers, boxes = clusters(mask, least)
    groups: list[tuple[Box, list[int]]] = []
    for number, box in enumerate(boxes, start=1):
        members = [number]
        merged = True
        while merged:
            merged = False
            for group in groups:
                if _belong_together(box, group[0], least, ratio):
                    box, members = box.joined(group[0]), members + group[1]
                    groups.remove(group)
                    merged = True
                    break
        groups.append((box, members))
    for box, members in sorted(groups, key=lambda group: min(group[1])):
        context = box.grown(margin_of(box, least, ratio), *mask.shape)
        own = np.isin(_over(numbers, context, least), members)
        yield context, np.where(own, mask[context.cut], 0).astype(np.uint8)


def clusters(mask: Mask, cell: int) -> tuple[NDArray[np.int32], list[Box]]:
    """What is painted, in clusters: the number (from 1) of each cell of so many pixels a side, 0 for an empty
    one, and the box of each number.

    Cells that touch are one cluster. So a mask of a million specks is as quick as one with a few holes.
    """
    height, width = mask.shape
    rows, columns = np.arange(0, height, cell), np.arange(0, width, cell)
    filled = np.maximum.reduceat(np.maximum.reduceat(mask, rows, axis=0), columns, axis=1) > 0
    count, numbers, stats, _ = cv2.connectedComponentsWithStats(filled.astype(np.uint8), connectivity=8)
    boxes = []
    for number in range(1, count):
        left, top, wide, high = (int(v) * cell for v in stats[number][:4])
        window = Box(top, left, min(top + high, height), min(left + wide, width))
        own = (mask[window.cut] > 0) & (_over(numbers, window, cell) == number)
        down, across = np.flatnonzero(own.any(axis=1)), np.flatnonzero(own.any(axis=0))
        boxes.append(
            Box(
                top + int(down[0]), left + int(across[0]), top + int(down[-1]) + 1, left + int(across[-1]) + 1
            )
        )
    return np.asarray(numbers, np.int32), boxes


def _over(numbers: NDArray[np.int32], box: Box, cell: int) -> NDArray[np.int32]:
    """The number of the cell that each pixel of a box lies in."""
    rows, columns = np.arange(box.top, box.bottom) // cell, np.arange(box.left, box.right) // cell
    return numbers[rows[:, None], columns]


def _belong_together(a: Box, b: Box, least: int, ratio: float) -> bool:
    """Whether one box around both is hardly more work than each with its own context."""
    huge = 1 << 40
    own = sum(box.grown(margin_of(box, least, ratio), huge, huge).area for box in (a, b))
    both = a.joined(b)
    return both.grown(margin_of(both, least, ratio), huge, huge).area <= own


def edge_weight(mask: Mask, feather: int) -> Floats:
    """How much of the new content each pixel gets, 0 to 1; 0 exactly where the mask is 0.

    `feather` softens the mask's edge inwards, over so many pixels.
    """
    weight = np.minimum(mask.astype(np.float32) / REPAINTED, 1)
    if feather:
        padded = np.pad(mask > 0, 1, mode="edge").astype(np.uint8)
        inwards = cv2.distanceTransform(padded, cv2.DIST_L2, 5)[1:-1, 1:-1]
        weight = np.minimum(weight, np.clip(inwards / (feather + 1), 0, 1))
    return weight.astype(np.float32)


def to_float(pixels: NDArray[Any]) -> Floats:
    """8 or 16-bit pixels as float32, 0 to 255."""
    scale = 1.0 if pixels.dtype == np.uint8 else 1 / 257
    return np.asarray(pixels * np.float32(scale), np.float32)


def color(pixels: NDArray[Any]) -> Floats:
    """The color of pixels (H, W, C) as (H, W, 3) float32, 0 to 255; gray is repeated."""
    values = to_float(pixels[..., :3] if pixels.shape[2] > 2 else pixels[..., :1])
    return values if values.shape[2] == 3 else np.repeat(values, 3, axis=2)


def paste(picture: Picture, box: Box, new: Floats, weight: Floats) -> None:
    """Blends new content into a picture, in place: pixels of weight 0 keep every bit.

    `new` is (h, w, 3) or (h, w, 4) float32, 0 to 255, for the box; without alpha it is opaque.
    """
    target = picture.pixels[box.cut]
    touched = weight > 0
    planes = [new[..., :3] if picture.channels > 2 else new[..., :3].mean(axis=2, keepdims=True)]
    if picture.has_alpha:
        planes.append(new[..., 3:] if new.shape[2] == 4 else np.full((*new.shape[:2], 1), 255, np.float32))
    wanted = np.concatenate(planes, axis=2)[touched]
    share = weight[touched][:, None]
    mixed = to_float(target[touched]) * (1 - share) + wanted * share
    scale = 1 if picture.bits == 8 else 257
    target[touched] = np.clip(np.rint(mixed * scale), 0, 255 * scale).astype(target.dtype)


def match_edge(new: Floats, old: Floats, hole: Bools, limit: float = 255.0) -> Floats:
    """New content with its color shifted so that it meets the old picture at the hole's edge.

    The difference just outside the hole is continued smoothly into it (a membrane, the Poisson-cloning idea
    of Pérez et al. 2003 for content whose gradients are right already). Both (H, W, C), the hole (H, W);
    `new` must also hold content for a few pixels around the hole. A difference over `limit` is no matter of
    color but of content (a mask that cuts through a thing), and is cut to it.
    """
    ring = (cv2.dilate(hole.astype(np.uint8), np.ones((5, 5), np.uint8)) > 0) & ~hole
    if not ring.any():
        return new
    return new + membrane(np.clip(old - new, -limit, limit), ring)


def membrane(values: Floats, known: Bools) -> Floats:
    """Values (H, W, C) continued smoothly from the known pixels to all others (push-pull pyramid)."""
    weight = known.astype(np.float32)
    total = values * weight[..., None]
    stack: list[tuple[Floats, Floats]] = [(total, weight)]
    while min(weight.shape) > 1 and (weight <= 0).any():
        size = ((weight.shape[1] + 1) // 2, (weight.shape[0] + 1) // 2)
        total = _resized(total, size, cv2.INTER_AREA)
        weight = cv2.resize(weight, size, interpolation=cv2.INTER_AREA)
        stack.append((total, weight))
    total, weight = stack.pop()
    result: Floats = np.asarray(total / np.maximum(weight, 1e-9)[..., None], np.float32)
    while stack:
        total, weight = stack.pop()
        up = _resized(result, (weight.shape[1], weight.shape[0]), cv2.INTER_LINEAR)
        up = cv2.GaussianBlur(up, (0, 0), 1).reshape(up.shape)  # OpenCV drops a last axis of length 1
        share = np.minimum(weight, 1)[..., None]
        result = np.asarray(
            total / np.maximum(weight, 1e-9)[..., None] * share + up * (1 - share), np.float32
        )
    return result


def _resized(values: Floats, size: tuple[int, int], interpolation: int) -> Floats:
    """Any number of channels (H, W, C): OpenCV takes four at most."""
    planes = [cv2.resize(values[..., c], size, interpolation=interpolation) for c in range(values.shape[2])]
    return np.stack(planes, axis=2)
