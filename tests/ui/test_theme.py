from __future__ import annotations

import pytest
from PySide6.QtGui import QFontInfo, QPalette

from studio.ui import theme
from studio.ui.theme import DARK, LIGHT, Theme, contrast

TEXT = 4.5
"""WCAG 2.2 AA, text."""
PARTS = 3.0
"""WCAG 2.2 AA, what has to be told apart but is not text."""

PAIRS = [
    ("text", "background"),
    ("text", "surface"),
    ("text", "raised"),
    ("text", "hover"),
    ("text", "selected"),
    ("muted", "background"),
    ("muted", "surface"),
    ("muted", "raised"),
    ("muted", "hover"),
    ("muted", "selected"),
    ("on_accent", "accent"),
    ("on_accent", "accent_hover"),
    ("danger", "surface"),
    ("danger", "raised"),
    ("danger", "selected"),
    ("warning", "surface"),
    ("success", "surface"),
    ("success", "raised"),
]


@pytest.mark.parametrize("chosen", [LIGHT, DARK], ids=lambda one: one.name)
@pytest.mark.parametrize(("front", "back"), PAIRS)
def test_text_has_contrast(chosen: Theme, front: str, back: str) -> None:
    assert contrast(getattr(chosen, front), getattr(chosen, back)) >= TEXT


@pytest.mark.parametrize("chosen", [LIGHT, DARK], ids=lambda one: one.name)
@pytest.mark.parametrize("back", ["background", "surface", "raised", "hover", "selected"])
def test_the_focus_ring_has_contrast(chosen: Theme, back: str) -> None:
    assert contrast(chosen.accent, getattr(chosen, back)) >= PARTS


def test_contrast_knows_the_ends_of_the_scale() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#777777") == pytest.approx(1)


def test_applying_sets_colors_and_font(qapp) -> None:
    theme.apply(DARK, qapp)
    try:
        assert qapp.palette().color(QPalette.ColorRole.Window).name() == DARK.background
        assert QFontInfo(qapp.font()).family() == theme.FAMILY
    finally:
        theme.apply(LIGHT, qapp)
        qapp.setStyleSheet("")


def test_the_choice_wins_over_the_system(qapp) -> None:
    assert theme.resolve("dark", qapp) is DARK
    assert theme.resolve("light", qapp) is LIGHT
    assert theme.resolve("system", qapp) in (LIGHT, DARK)
