"""Colors of the roll: those of tracks, which all parts of the room share, and what is made of them."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cache

import numpy as np
from PySide6.QtGui import QColor

from studio.ui.api import Theme

_HUES = (275, 152, 52, 335, 215, 95, 20, 305, 180, 70, 250, 0)
"""Degrees in OKLCH, of the first tracks; neighbors are far apart."""

Inks = np.ndarray
"""uint32 (n): colors as pixels, 0xffrrggbb."""


def track_color(theme: Theme, place: int) -> QColor:
    """The color of a song's track by its place: as light as the theme asks for."""
    light, chroma = (0.78, 0.115) if theme.is_dark else (0.56, 0.135)
    if theme.high_contrast:
        light = 0.85 if theme.is_dark else 0.42
    return _oklch(light, chroma, _HUES[place % len(_HUES)])


@cache
def _oklch(light: float, chroma: float, hue: float) -> QColor:
    """A color of OKLCH, clipped to sRGB. Source: Ottosson, A perceptual color space (2020)."""
    a, b = chroma * math.cos(math.radians(hue)), chroma * math.sin(math.radians(hue))
    long = (light + 0.3963377774 * a + 0.2158037573 * b) ** 3
    middle = (light - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (light - 0.0894841775 * a - 1.2914855480 * b) ** 3
    linear = (
        4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * middle + 1.7076147010 * short,
    )
    return QColor.fromRgbF(*(_gamma(min(max(part, 0.0), 1.0)) for part in linear))


def _gamma(part: float) -> float:
    return 12.92 * part if part <= 0.0031308 else 1.055 * part ** (1 / 2.4) - 0.055


def mix(first: QColor, second: QColor, share: float) -> QColor:
    """`share` (0 to 1) of the second color in the first."""
    rest = 1 - share
    return QColor.fromRgbF(
        first.redF() * rest + second.redF() * share,
        first.greenF() * rest + second.greenF() * share,
        first.blueF() * rest + second.blueF() * share,
    )


def readable_on(color: QColor) -> QColor:
    """Black or white: what is read better on a color."""
    channels = color.redF(), color.greenF(), color.blueF()
    parts = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in channels]
    luminance = 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]
    return QColor("#000000") if luminance > 0.18 else QColor("#ffffff")


def ramp(low: QColor, high: QColor) -> Inks:
    """128 colors from one to another."""
    share = np.linspace(0.0, 1.0, 128)[:, None]
    ends = [np.array([color.red(), color.green(), color.blue()], np.float64) for color in (low, high)]
    parts = np.rint(ends[0] * (1 - share) + ends[1] * share).astype(np.uint32)
    return np.uint32(0xFF000000) | parts[:, 0] << 16 | parts[:, 1] << 8 | parts[:, 2]


class Ink:
    """What the parts of the roll draw with, in one theme."""

    def __init__(self, theme: Theme) -> None:
        self.theme = theme
        self._made: dict[tuple[str, int], tuple[Inks, Inks]] = {}
        strong = 1.8 if theme.high_contrast else 1.0
        text, surface, back = theme.color("text"), theme.color("surface"), theme.color("background")
        self.text, self.muted, self.accent = text, theme.color("muted"), theme.color("accent")
        self.panel = surface
        self.field = surface
        self.off_scale = (
            mix(surface, theme.color("hover"), 0.9) if theme.high_contrast else mix(surface, back, 0.72)
        )
        self.tonic = mix(surface, self.accent, 0.09 if theme.is_dark else 0.07)
        self.beyond = mix(back, theme.color("sunken"), 0.6)
        """After the song's end."""
        self.bar_line = mix(surface, text, min(1.0, 0.32 * strong))
        self.beat_line = mix(surface, text, 0.15 * strong)
        self.fine_line = mix(surface, text, 0.075 * strong)
        self.row_line = mix(surface, text, 0.055 * strong)
        self.octave_line = mix(surface, text, 0.17 * strong)
        self.border = theme.color("border")
        self.white_key = QColor("#d3d6dd") if theme.is_dark else QColor("#ffffff")
        self.black_key = QColor("#23262d") if theme.is_dark else QColor("#3b3f4a")
        self.key_line = mix(self.white_key, self.black_key, 0.3)
        self.key_text = QColor("#3a3e48") if theme.is_dark else QColor("#565d6b")
        self.band = QColor(self.accent)
        """Over the selected bars and in the rubber band."""
        self.band.setAlphaF(0.15 if theme.is_dark else 0.10)
        self.cursor = theme.color("danger") if not theme.high_contrast else text

    def track(self, place: int) -> QColor:
        return track_color(self.theme, place)

    def notes(self, place: int) -> tuple[Inks, Inks]:
        """(fill, edge) by velocity, of the active track's notes."""
        return self._kept("notes", place, self._notes)

    def chosen(self, place: int) -> tuple[Inks, Inks]:
        """(fill, edge) by velocity, of selected notes."""
        return self._kept("chosen", place, self._chosen)

    def others(self, place: int, *, muted: bool) -> tuple[Inks, Inks]:
        """(fill, edge) by velocity, of the notes of other tracks."""
        share = 0.14 if muted else 0.30
        return self._kept(f"others {share}", place, lambda color: self._others(color, share))

    def _kept(self, kind: str, place: int, make: Callable[[QColor], tuple[Inks, Inks]]) -> tuple[Inks, Inks]:
        if (kind, place) not in self._made:
            self._made[kind, place] = make(self.track(place))
        return self._made[kind, place]

    def _notes(self, color: QColor) -> tuple[Inks, Inks]:
        edge = mix(color, QColor("#000000"), 0.5 if self.theme.is_dark else 0.42)
        return ramp(mix(self.field, color, 0.38), color), ramp(edge, edge)

    def _chosen(self, color: QColor) -> tuple[Inks, Inks]:
        return ramp(mix(color, self.text, 0.35), mix(color, self.text, 0.62)), ramp(self.text, self.text)

    def _others(self, color: QColor, share: float) -> tuple[Inks, Inks]:
        fill, edge = mix(self.field, color, share), mix(self.field, color, share + 0.16)
        return ramp(fill, fill), ramp(edge, edge)
