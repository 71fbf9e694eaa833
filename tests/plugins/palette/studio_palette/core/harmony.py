"""Colors that go with a color: other hues of the same saturation and lightness."""

from __future__ import annotations

import colorsys

from studio_palette.core.palette import of_parts, parts_of

HARMONIES: dict[str, tuple[float, ...]] = {
    "complementary": (0, 180),
    "analogous": (-30, 0, 30),
    "triadic": (0, 120, 240),
    "tetradic": (0, 90, 180, 270),
}
"""Degrees around the color circle, by name."""


def harmonious(base: str, harmony: str) -> tuple[str, ...]:
    """The base color and those that stand in this harmony with it."""
    hue, lightness, saturation = colorsys.rgb_to_hls(*parts_of(base))
    turns = HARMONIES[harmony]
    return tuple(
        base if turn == 0 else of_parts(*colorsys.hls_to_rgb((hue + turn / 360) % 1, lightness, saturation))
        for turn in turns
    )
