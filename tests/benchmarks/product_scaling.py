"""What an iteration costs on grids of 28 thousand to 1.8 million cells, and a picture of it for the docs.

    python -m tests.benchmarks.product_scaling --picture docs/images/parts-scaling.webp

Takes a few minutes; `--cells 12x6x6 24x12x12` measures other grids.
"""

from __future__ import annotations

import argparse
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from .product_runs import THREADS, Cells, Measured, measure
from .sizes import size

GRIDS: tuple[Cells, ...] = ((48, 24, 24), (70, 35, 35), (96, 48, 48), (134, 67, 67), (192, 96, 96))
"""Two of them are not even: a grid needs not be."""
ITERATIONS = size(10, 3)

Scaling = dict[Cells, Measured]


def scaling(grids: Sequence[Cells] = GRIDS) -> Scaling:
    return {cells: measure("cantilever", cells, ITERATIONS) for cells in grids}


def fit(xs: Sequence[float], ys: Sequence[float]) -> tuple[float, float]:
    """(factor, exponent) of the power of x that is nearest to y, in logarithms."""
    slope, height = np.polyfit(np.log(xs), np.log(ys), 1)
    return math.exp(height), float(slope)


def exponent(measured: Scaling) -> float:
    """Of the number of cells in the time of an iteration: 1 is linear."""
    return fit(*_times(measured))[1]


def report(measured: Scaling) -> str:
    lines = [
        f"{'x'.join(map(str, cells)):>12} {math.prod(cells):>10,} cells: {one.median:.3f} s an iteration, "
        f"{1e6 * one.median / math.prod(cells):.2f} s for a million cells, {one.peak / 1e9:.2f} GB at most"
        for cells, one in measured.items()
    ]
    return "\n".join([*lines, f"Time grows with the cells to the power of {exponent(measured):.3f}."])


def _times(measured: Scaling) -> tuple[list[float], list[float]]:
    return [math.prod(cells) for cells in measured], [one.median for one in measured.values()]


_WIDTH, _HEIGHT, _FINER = 600, 400, 4
"""Pixels of a panel, and how much finer it is drawn first, for smooth edges."""
_LEFT, _RIGHT, _TOP, _BOTTOM = 76, 24, 52, 56
_PAPER, _INK, _GRID, _FAINT, _DOT = "#ffffff", "#22252b", "#e3e6ea", "#8a9099", "#2563c9"
_ROOM = 1.35
"""Times beyond the least and the greatest value on the axes."""


@dataclass(frozen=True)
class _Axis:
    """Logarithmic: from values to pixels."""

    low: float
    high: float
    first: float
    last: float

    def __call__(self, value: float) -> float:
        share = math.log(value / self.low) / math.log(self.high / self.low)
        return self.first + share * (self.last - self.first)


class _Panel:
    """One chart with logarithmic axes."""

    def __init__(self, xs: Sequence[float], ys: Sequence[float]) -> None:
        self.image = Image.new("RGB", (_WIDTH * _FINER, _HEIGHT * _FINER), _PAPER)
        self._draw = ImageDraw.Draw(self.image)
        self._x = _Axis(min(xs) / _ROOM, max(xs) * _ROOM, _LEFT, _WIDTH - _RIGHT)
        self._y = _Axis(min(ys) / _ROOM, max(ys) * _ROOM, _HEIGHT - _BOTTOM, _TOP)

    def axes(self, title: str, xs: Sequence[float], words: Callable[[float], str]) -> None:
        """Marks the numbers of cells that were measured, and round values upwards."""
        x, y = self._x, self._y
        self.text((x.first, _TOP / 2), title, "lm", size=19)
        for count in xs:
            self.line([(count, y.low), (count, y.high)], _GRID, 1)
            self.text((x(count), y.first + 16), _short(count), "mm")
        for value in _round_values(y.low, y.high):
            self.line([(x.low, value), (x.high, value)], _GRID, 1)
            self.text((x.first - 10, y(value)), words(value), "rm")
        self.text(((x.first + x.last) / 2, y.first + 40), "cells", "mm")

    def line(self, points: Sequence[tuple[float, float]], color: str, width: float) -> None:
        pixels = [(self._x(x) * _FINER, self._y(y) * _FINER) for x, y in points]
        self._draw.line(pixels, color, round(width * _FINER), joint="curve")

    def curve(self, law: Callable[[float], float], color: str) -> None:
        """What of a function lies between the axes' ends."""
        xs = np.geomspace(self._x.low, self._x.high, 400)
        self.line([(x, law(x)) for x in xs if self._y.low <= law(x) <= self._y.high], color, 2)

    def dots(self, xs: Sequence[float], ys: Sequence[float]) -> None:
        for x, y in zip(xs, ys, strict=True):
            self._draw.circle((self._x(x) * _FINER, self._y(y) * _FINER), 6 * _FINER, _DOT)

    def key(self, row: int, color: str, words: str) -> None:
        """A line of the legend, at the upper left."""
        left, height = _LEFT + 16, _TOP + 18 + 24 * row
        start, end = (left * _FINER, height * _FINER), ((left + 26) * _FINER, height * _FINER)
        self._draw.line([start, end], color, 2 * _FINER)
        self.text((left + 36, height), words, "lm")

    def text(self, place: tuple[float, float], words: str, anchor: str, size: int = 15) -> None:
        font = ImageFont.load_default(size * _FINER)
        self._draw.text((place[0] * _FINER, place[1] * _FINER), words, _INK, font, anchor)

    def finished(self) -> Image.Image:
        return self.image.resize((_WIDTH * 2, _HEIGHT * 2), Image.Resampling.LANCZOS)


def _time_chart(xs: Sequence[float], times: Sequence[float]) -> Image.Image:
    panel = _Panel(xs, times)
    panel.axes(f"Time of an iteration, {THREADS} cores", xs, lambda value: f"{value:g} s")
    factor, slope = fit(xs, times)
    linear = math.exp(np.mean(np.log(np.divide(times, xs))))
    panel.curve(lambda x: linear * x, _FAINT)
    panel.curve(lambda x: factor * x**slope, _DOT)
    panel.dots(xs, times)
    panel.key(0, _DOT, f"cells to the power of {slope:.2f}")
    panel.key(1, _FAINT, "in proportion to the cells")
    return panel.finished()


def _memory_chart(xs: Sequence[float], peaks: Sequence[float]) -> Image.Image:
    """`peaks` in GB. The libraries have a share that does not grow."""
    panel = _Panel(xs, peaks)
    panel.axes("Memory of the process at most", xs, lambda value: f"{value:g} GB")
    each, libraries = np.polyfit(xs, peaks, 1, w=np.reciprocal(peaks))
    panel.curve(lambda x: libraries + each * x, _DOT)
    panel.dots(xs, peaks)
    panel.key(0, _DOT, f"{libraries:.2f} GB, and {1e6 * each:.2f} GB for a million cells")
    return panel.finished()


def _round_values(low: float, high: float) -> list[float]:
    """1, 2, 5, 10, ..."""
    powers = range(math.floor(math.log10(low)), math.ceil(math.log10(high)))
    return [m * 10.0**p for p in powers for m in (1, 2, 5) if low <= m * 10.0**p <= high]


def _short(count: float) -> str:
    return f"{count / 1e6:.1f} M" if count >= 1e6 else f"{count / 1e3:.0f} k"


def picture(measured: Scaling) -> Image.Image:
    """Time of an iteration and peak memory over the number of cells, side by side."""
    xs, times = _times(measured)
    memory = [one.peak / 1e9 for one in measured.values()]
    panels = [_time_chart(xs, times), _memory_chart(xs, memory)]
    whole = Image.new("RGB", (sum(panel.width for panel in panels), panels[0].height), _PAPER)
    for place, panel in enumerate(panels):
        whole.paste(panel, (place * panel.width, 0))
    return whole


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--picture", type=Path, required=True, help="where to write it (WebP)")
    parser.add_argument("--cells", nargs="+", default=["x".join(map(str, cells)) for cells in GRIDS])
    options = parser.parse_args()
    measured = scaling([tuple(map(int, cells.split("x"))) for cells in options.cells])
    print(report(measured))
    picture(measured).save(options.picture, lossless=True, method=6)


if __name__ == "__main__":
    main()
