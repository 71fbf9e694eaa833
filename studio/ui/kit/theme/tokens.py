"""What a theme is made of: distances, sizes of type, roles of color. Nothing here draws."""

from __future__ import annotations

from typing import Any, Self

import msgspec
from PySide6.QtGui import QColor

UNIT = 8
"""The grid, in device-independent pixels: distances are multiples of it or its half."""
TEXT_PX, SMALL_PX, HEADING_PX, TITLE_PX = 13, 12, 15, 24
"""At a font size of 100 %. What is painted asks the theme (`Theme.text_px`), which knows the user's."""
RADIUS = 6
FAMILY = "Inter"


class Theme(msgspec.Struct, frozen=True, kw_only=True):
    """Roles of color ("#rrggbb") and the user's wishes. `pairs.py` says what must be readable on what."""

    name: str
    is_dark: bool
    font_scale: int = 100
    """Percent."""
    reduced_motion: bool = False
    high_contrast: bool = False

    background: str
    """Behind panels and between them."""
    surface: str
    """Panels."""
    raised: str
    """Controls, cards, menus."""
    hover: str
    sunken: str
    """Behind photos: neutral, so that colors are judged fairly."""
    border: str
    """Parts areas from each other; tells nothing by itself."""
    outline: str
    """Around what can be typed into or clicked."""
    track: str
    """Of sliders and of bars of progress: the part that is not filled. Words or a handle tell the value."""
    text: str
    muted: str
    faint: str
    """Disabled text; exempt from the contrast rule."""
    accent: str
    """What is chosen, what leads on, and the focus ring."""
    accent_hover: str
    on_accent: str
    selected: str
    """Behind selected rows; text on it stays `text`."""
    danger: str
    warning: str
    success: str
    label_red: str = "#b5172a"
    """Color labels: never alone, always with their outline and their mark (`icons.draw_label`). The same in
    every theme, and apart for eyes that see two colors only."""
    label_orange: str = "#ef8a17"
    label_yellow: str = "#ffe833"
    label_green: str = "#3cc29a"
    label_blue: str = "#3f7fe6"
    label_purple: str = "#6b2a94"

    def changed(self, **values: Any) -> Self:
        """With other values."""
        return msgspec.structs.replace(self, **values)

    def color(self, role: str) -> QColor:
        """The color of one of `ROLES`. Raises AttributeError for another."""
        return QColor(getattr(self, role))

    def px(self, length: float) -> int:
        """A length at 100 % that grows with the type in it: the height of a row, the width of a number."""
        return round(length * self.font_scale / 100)

    @property
    def text_px(self) -> int:
        return self.px(TEXT_PX)

    @property
    def small_px(self) -> int:
        return self.px(SMALL_PX)

    @property
    def heading_px(self) -> int:
        return self.px(HEADING_PX)

    @property
    def title_px(self) -> int:
        return self.px(TITLE_PX)


_WISHES = ("name", "is_dark", "font_scale", "reduced_motion", "high_contrast")
ROLES = tuple(name for name in Theme.__struct_fields__ if name not in _WISHES)
LABELS = tuple(role for role in ROLES if role.startswith("label_"))


def contrast(first: str, second: str) -> float:
    """The contrast ratio of two colors, 1 to 21 (WCAG 2.2, relative luminance)."""
    light, dark = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(color: str) -> float:
    parts = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
