"""The design system: light, dark, high contrast and the user's own themes; see docs/design.md."""

from studio.ui.kit.theme.built_in import BUILT_IN, CONTRAST_DARK, CONTRAST_LIGHT, DARK, LIGHT
from studio.ui.kit.theme.dress import apply, apply_colors, choose, follow_system, is_still, palette, resolve
from studio.ui.kit.theme.sheet import style_sheet
from studio.ui.kit.theme.tokens import (
    FAMILY,
    HEADING_PX,
    LABELS,
    RADIUS,
    ROLES,
    SMALL_PX,
    TEXT_PX,
    TITLE_PX,
    UNIT,
    Theme,
    contrast,
)

Choice = str

__all__ = [
    "BUILT_IN",
    "CONTRAST_DARK",
    "CONTRAST_LIGHT",
    "DARK",
    "FAMILY",
    "HEADING_PX",
    "LABELS",
    "LIGHT",
    "RADIUS",
    "ROLES",
    "SMALL_PX",
    "TEXT_PX",
    "TITLE_PX",
    "UNIT",
    "Choice",
    "Theme",
    "apply",
    "apply_colors",
    "choose",
    "contrast",
    "follow_system",
    "is_still",
    "palette",
    "resolve",
    "style_sheet",
]
