from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtGui import QFontInfo, QImage, QPalette
from PySide6.QtWidgets import QApplication, QSlider

from studio.ui.kit import theme
from studio.ui.kit.controls import BusyBar
from studio.ui.kit.theme import (
    BUILT_IN,
    CONTRAST_DARK,
    CONTRAST_LIGHT,
    DARK,
    LIGHT,
    Theme,
    contrast,
    dress,
    tokens,
)
from studio.ui.kit.theme.pairs import HIGH_PARTS, HIGH_TEXT, PARTS, READ, SEEN, TEXT, unreadable


@pytest.mark.parametrize("chosen", BUILT_IN, ids=lambda one: one.name)
@pytest.mark.parametrize(("front", "back"), READ)
def test_text_has_contrast(chosen: Theme, front: str, back: str) -> None:
    least = HIGH_TEXT if chosen.high_contrast else TEXT
    assert contrast(getattr(chosen, front), getattr(chosen, back)) >= least


@pytest.mark.parametrize("chosen", BUILT_IN, ids=lambda one: one.name)
@pytest.mark.parametrize(("front", "back"), SEEN)
def test_focus_rings_and_outlines_have_contrast(chosen: Theme, front: str, back: str) -> None:
    least = HIGH_PARTS if chosen.high_contrast else PARTS
    assert contrast(getattr(chosen, front), getattr(chosen, back)) >= least


def test_what_is_unreadable_is_told() -> None:
    assert unreadable(LIGHT) == []
    told = unreadable(LIGHT.changed(muted="#cccccc"))
    assert ("muted", "surface") in [(front, back) for front, back, _, _ in told]
    assert all(reached < least for _, _, reached, least in told)


def test_contrast_knows_the_ends_of_the_scale() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#777777") == pytest.approx(1)


def test_every_role_is_a_color() -> None:
    for chosen in BUILT_IN:
        for role in tokens.ROLES:
            assert chosen.color(role).name() == getattr(chosen, role)
    with pytest.raises(AttributeError):
        LIGHT.color("nothing")


@pytest.mark.parametrize("scale", [80, 100, 125, 200])
def test_type_and_rows_grow_together(qapp: QApplication, scale: int) -> None:
    chosen, _ = theme.choose("light", qapp, font_scale=scale)
    assert chosen.text_px == round(theme.TEXT_PX * scale / 100)
    assert chosen.small_px <= chosen.text_px < chosen.heading_px < chosen.title_px
    assert chosen.px(48) == round(48 * scale / 100)


def test_a_size_beyond_reason_is_cut(qapp: QApplication) -> None:
    assert theme.choose("light", qapp, font_scale=9000)[0].font_scale == 200
    assert theme.choose("light", qapp, font_scale=1)[0].font_scale == 80


def test_a_bar_without_an_end_stands_still_where_motion_is_reduced(qapp: QApplication, qtbot) -> None:
    def moves(reduced_motion: bool) -> bool:
        theme.apply(theme.choose("dark", qapp, reduced_motion=reduced_motion)[0], qapp)
        bar = BusyBar()
        qtbot.addWidget(bar)
        bar.resize(300, 8)
        bar.show()
        qtbot.waitExposed(bar)
        looks = []
        for _ in range(12):
            qtbot.wait(40)
            image = bar.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
            looks.append(bytes(image.constBits()))
        return len(set(looks[-6:])) > 1  # a busy machine shows and dresses it late

    try:
        assert moves(False)
        assert not moves(True)
    finally:
        theme.apply(theme.LIGHT, qapp)
        qapp.setStyleSheet("")


def test_applying_sets_colors_and_font(qapp: QApplication) -> None:
    large, _ = theme.choose("dark", qapp, font_scale=150)
    theme.apply(large, qapp)
    try:
        assert qapp.palette().color(QPalette.ColorRole.Window).name() == DARK.background
        assert QFontInfo(qapp.font()).family() == theme.FAMILY
        assert qapp.font().pixelSize() == large.text_px
    finally:
        theme.apply(LIGHT, qapp)
        qapp.setStyleSheet("")


def test_the_choice_wins_over_the_system(qapp: QApplication) -> None:
    assert theme.resolve("dark", qapp) is DARK
    assert theme.resolve("light", qapp) is LIGHT
    assert theme.resolve("system", qapp) in (LIGHT, DARK)


class Wishes:
    """What a system wants, in the place of Qt's own hints."""

    def __init__(self, scheme: Qt.ColorScheme, contrast: bool = False, still: bool = False) -> None:
        self._scheme, self._contrast, self._still = scheme, contrast, still

    def styleHints(self) -> Wishes:
        return self

    def accessibility(self) -> Wishes:
        return self

    def colorScheme(self) -> Qt.ColorScheme:
        return self._scheme

    def contrastPreference(self) -> Qt.ContrastPreference:
        preference = Qt.ContrastPreference
        return preference.HighContrast if self._contrast else preference.NoPreference

    def motionPreference(self) -> Qt.MotionPreference:
        preference = Qt.MotionPreference
        return preference.ReducedMotion if self._still else preference.NoPreference


@pytest.mark.parametrize(
    ("choice", "scheme", "wants_contrast", "expected"),
    [
        ("system", Qt.ColorScheme.Dark, False, DARK),
        ("system", Qt.ColorScheme.Light, False, LIGHT),
        ("system", Qt.ColorScheme.Unknown, False, LIGHT),
        ("system", Qt.ColorScheme.Dark, True, CONTRAST_DARK),
        ("system", Qt.ColorScheme.Light, True, CONTRAST_LIGHT),
        ("contrast", Qt.ColorScheme.Dark, False, CONTRAST_DARK),
        ("contrast", Qt.ColorScheme.Light, False, CONTRAST_LIGHT),
        ("light", Qt.ColorScheme.Dark, True, LIGHT),
        ("contrast-light", Qt.ColorScheme.Dark, False, CONTRAST_LIGHT),
        ("contrast-dark", Qt.ColorScheme.Light, False, CONTRAST_DARK),
    ],
)
def test_the_system_is_followed(choice, scheme, wants_contrast, expected) -> None:
    assert dress.resolve(choice, Wishes(scheme, wants_contrast)) is expected


def test_the_systems_wish_for_stillness_counts() -> None:
    chosen, _ = dress.choose("light", Wishes(Qt.ColorScheme.Light, still=True))
    assert chosen.reduced_motion


class _Ear(QObject):
    heard = 0

    @Slot()
    def hear(self) -> None:
        self.heard += 1


def test_a_change_of_the_system_is_heard(qapp: QApplication) -> None:
    ear = _Ear()
    theme.follow_system(qapp, ear.hear)
    hints = qapp.styleHints()
    hints.colorSchemeChanged.emit(Qt.ColorScheme.Dark)
    hints.accessibility().contrastPreferenceChanged.emit(Qt.ContrastPreference.HighContrast)
    hints.accessibility().motionPreferenceChanged.emit(Qt.MotionPreference.ReducedMotion)
    assert ear.heard == 3


def test_an_unknown_theme_falls_back_with_a_notice(qapp: QApplication, tmp_path: Path) -> None:
    chosen, notice = theme.choose("night", qapp, tmp_path)
    assert chosen.name in ("light", "dark")
    assert "night" in notice


def test_a_slider_is_filled_from_the_side_where_it_begins(qtbot, qapp: QApplication) -> None:
    def filled() -> list[bool]:
        theme.apply(LIGHT, qapp)
        slider = QSlider(Qt.Orientation.Horizontal)
        qtbot.addWidget(slider)
        slider.resize(200, 24)
        slider.setValue(25)
        slider.show()
        image = slider.grab().toImage()
        return [image.pixelColor(x, 12).name() == LIGHT.accent for x in (20, 180)]

    try:
        assert filled() == [True, False]
        qapp.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
        assert filled() == [False, True]
    finally:
        qapp.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        qapp.setStyleSheet("")
