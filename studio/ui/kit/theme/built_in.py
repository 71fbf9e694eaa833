"""The themes that the studio brings along. A test holds the table in docs/design.md to these values."""

from __future__ import annotations

from studio.ui.kit.theme.tokens import Theme

LIGHT = Theme(
    name="light",
    is_dark=False,
    background="#eceef1",
    surface="#f8f9fa",
    raised="#ffffff",
    hover="#edeff3",
    sunken="#e6e7ea",
    border="#dcdfe5",
    outline="#7a808d",
    track="#d0d4dd",
    text="#1c1f26",
    muted="#565d6b",
    faint="#9aa0ac",
    accent="#4553d0",
    accent_hover="#3643b8",
    on_accent="#ffffff",
    selected="#e2e5fb",
    danger="#b3261e",
    warning="#8a5200",
    success="#17693f",
)

DARK = Theme(
    name="dark",
    is_dark=True,
    background="#121317",
    surface="#1a1c21",
    raised="#24272e",
    hover="#2d3139",
    sunken="#0d0e11",
    border="#2b2e36",
    outline="#777d8b",
    track="#3b3f4a",
    text="#e9eaee",
    muted="#a3a9b6",
    faint="#666c79",
    accent="#97a2ff",
    accent_hover="#adb6ff",
    on_accent="#11131f",
    selected="#2c3157",
    danger="#ff8f86",
    warning="#f2b45c",
    success="#74d3a1",
)

CONTRAST_LIGHT = Theme(
    name="contrast light",
    is_dark=False,
    high_contrast=True,
    background="#ffffff",
    surface="#ffffff",
    raised="#ffffff",
    hover="#e8e8e8",
    sunken="#f0f0f0",
    border="#5c5c5c",
    outline="#000000",
    track="#a8a8a8",
    text="#000000",
    muted="#2e2e2e",
    faint="#707070",
    accent="#1a1fb8",
    accent_hover="#0d117f",
    on_accent="#ffffff",
    selected="#d6d9ff",
    danger="#850b07",
    warning="#5c3500",
    success="#08472a",
)

CONTRAST_DARK = Theme(
    name="contrast dark",
    is_dark=True,
    high_contrast=True,
    background="#000000",
    surface="#000000",
    raised="#000000",
    hover="#262626",
    sunken="#000000",
    border="#9a9a9a",
    outline="#ffffff",
    track="#555555",
    text="#ffffff",
    muted="#dedede",
    faint="#8f8f8f",
    accent="#ffd84d",
    accent_hover="#ffe68a",
    on_accent="#000000",
    selected="#332b00",
    danger="#ffb0aa",
    warning="#ffcf80",
    success="#8df0b8",
)

BASES = {"light": LIGHT, "dark": DARK, "contrast-light": CONTRAST_LIGHT, "contrast-dark": CONTRAST_DARK}
"""By the names that settings and files of the user's own themes give them."""
BUILT_IN = tuple(BASES.values())
