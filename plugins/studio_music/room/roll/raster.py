"""Fills pixels with notes: all at once, since a call for each of 20,000 takes longer than a frame."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PySide6.QtGui import QImage

from studio_music.room.roll.arrays import NoteArrays
from studio_music.room.roll.colors import Inks
from studio_music.room.roll.view import PITCHES

_LEVELS = 128
"""Colors of a layer: one for each velocity."""


@dataclass(frozen=True)
class Layer:
    """Notes that are drawn with the same inks, above the layers before."""

    notes: NoteArrays
    fill: Inks
    edge: Inks


@dataclass(frozen=True)
class Frame:
    """Where ticks and rows are, in pixels of the screen."""

    per_tick: float
    left: int
    top: int
    row: int
    ratio: float


def pixels_of(image: QImage) -> np.ndarray:
    """The pixels of a 32-bit image, to be written: uint32 (height, width). The image must outlive them."""
    return np.frombuffer(image.bits(), np.uint32).reshape(image.height(), image.bytesPerLine() // 4)


def paint_notes(pixels: np.ndarray, behind: np.ndarray, layers: Sequence[Layer], frame: Frame) -> None:
    """Draws the notes of layers onto pixels: rectangles with an edge and small round corners.

    Each row of pitches is made once, as one line of color numbers, and then copied down its height.
    `behind` is what the pixels are without notes.
    """
    height, width = pixels.shape
    first = frame.top // frame.row
    rows = min(-(-(frame.top + height) // frame.row), PITCHES) - first
    x0, x1, row, color = _spans(layers, frame, width, first, rows)
    if not len(x0):
        return
    count = _LEVELS * len(layers)
    fill = np.concatenate([layer.fill for layer in layers])
    edge = np.concatenate([layer.edge for layer in layers])
    thick = max(1, int(frame.ratio))
    lines = _lines(x0, x1, row, color, (rows, width), count, thick)
    middle = np.concatenate([fill, edge])
    border = np.concatenate([edge, edge])
    for place in np.unique(row).tolist():
        line = lines[place]
        drawn = line != _NOTHING
        above = (first + place) * frame.row - frame.top
        below = above + frame.row - thick  # a line of the grid stays free
        index = np.where(drawn, line, 0)
        top, bottom = max(above, 0), min(below, height)
        if frame.row >= 5 * thick:
            np.copyto(pixels[top : max(top, min(above + thick, height))], border[index], where=drawn)
            np.copyto(pixels[max(below - thick, 0) : max(bottom, 0)], border[index], where=drawn)
            top, bottom = max(above + thick, 0), min(below - thick, height)
        if bottom > top:
            np.copyto(pixels[top:bottom], middle[index], where=drawn)
    if frame.row >= 7 * thick:
        _round(pixels, behind, lines, (x0, x1, row, color + count), frame, first)


_NOTHING = np.uint16(0xFFFF)


def _spans(
    layers: Sequence[Layer], frame: Frame, width: int, first: int, rows: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Of all notes that are seen: left, right (beyond the edges too), row, color number."""
    scale = frame.per_tick * frame.ratio
    parts: list[tuple[np.ndarray, ...]] = []
    high, low = PITCHES - 1 - first, PITCHES - first - rows
    for place, layer in enumerate(layers):
        notes = layer.notes
        seen = notes.between(frame.left / scale, (frame.left + width) / scale, low, high)
        if seen.any():
            notes = notes.picked(seen)
            x0 = np.rint(notes.starts * scale).astype(np.int64) - frame.left
            x1 = np.rint(notes.ends * scale).astype(np.int64) - frame.left
            x1 = np.maximum(x1, x0 + max(2, round(1.5 * frame.ratio)))
            parts.append((x0, x1, high - notes.pitches, notes.velocities + _LEVELS * place))
    if not parts:
        nothing = np.zeros(0, np.int64)
        return nothing, nothing, nothing, nothing
    x0, x1, row, color = (np.concatenate(part) for part in zip(*parts, strict=True))
    return x0, x1, row.astype(np.int64), color.astype(np.uint16)


def _lines(
    x0: np.ndarray,
    x1: np.ndarray,
    row: np.ndarray,
    color: np.ndarray,
    shape: tuple[int, int],
    count: int,
    thick: int,
) -> np.ndarray:
    """Color numbers of each row, from left to right: uint16 (rows, width). Edges have `count` more."""
    rows, width = shape
    lines = np.full(rows * width, _NOTHING)
    begin, end = np.clip(x0, 0, width), np.clip(x1, 0, width)
    long = end - begin
    before = np.cumsum(long) - long
    places = np.repeat(row * width + begin - before, long) + np.arange(int(long.sum()))
    lines[places] = np.repeat(color, long)
    wide = x1 - x0
    for step in range(thick):  # the left edge, and the right one of those that have room for it
        at = x0 + step
        some = (wide >= 3 * thick) & (at >= 0) & (at < width)
        lines[row[some] * width + at[some]] = color[some] + count
        at = x1 - 1 - step
        some = (wide >= 6 * thick) & (at >= 0) & (at < width)
        lines[row[some] * width + at[some]] = color[some] + count
    return lines.reshape(rows, width)


def _round(
    pixels: np.ndarray,
    behind: np.ndarray,
    lines: np.ndarray,
    spans: tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray],
    frame: Frame,
    first: int,
) -> None:
    """Gives corners back to what is behind them, as far as a quarter of a circle lets it be seen."""
    x0, x1, row, edge = spans
    height, width = pixels.shape
    thick = max(1, int(frame.ratio))
    radius = 2.2 * frame.ratio
    large = (x1 - x0) >= 7 * thick
    x0, x1, row, edge = x0[large], x1[large], row[large], edge[large]
    above = (row + first) * frame.row - frame.top
    below = above + frame.row - thick - 1
    own_left = np.zeros(len(x0), bool)
    own_right = own_left.copy()
    inside = (x0 >= 0) & (x0 < width)
    own_left[inside] = lines[row[inside], x0[inside]] == edge[inside]
    inside = (x1 > 0) & (x1 <= width)
    own_right[inside] = lines[row[inside], x1[inside] - 1] == edge[inside]
    colors, under = (part.view(np.uint8).reshape(height, -1, 4) for part in (pixels, behind))
    for dx, dy, cover in _corner(radius):
        for x, own in ((x0 + dx, own_left), (x1 - 1 - dx, own_right)):
            for y in (above + dy, below - dy):
                some = own & (y >= 0) & (y < height) & (x >= 0) & (x < width)
                at = y[some], x[some]
                colors[at] = (colors[at] * cover + under[at] * (1 - cover)).astype(np.uint8)


def _corner(radius: float) -> list[tuple[int, int, float]]:
    """(x, y, share that is covered) of the pixels that a round corner does not cover wholly."""
    found = []
    fine = (np.arange(8) + 0.5) / 8
    for y in range(int(radius) + 1):
        for x in range(int(radius) + 1):
            away = np.hypot(radius - (x + fine)[None, :], radius - (y + fine)[:, None])
            outside = (away > radius) & ((x + fine)[None, :] < radius) & ((y + fine)[:, None] < radius)
            if outside.any():
                found.append((x, y, 1.0 - float(outside.mean())))
    return found
