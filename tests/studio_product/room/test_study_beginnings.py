"""A study begins with a card that shows what it is."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from studio_product.core.studies.catalog import PRESETS, preset
from studio_product.room.study.beginnings import PICTURES, Beginnings

from studio.ui.kit.theme import DARK
from studio.ui.shell.studio_window import StudioWindow
from tests.studio_product.room.studying import Studying, studying


@pytest.fixture
def desk(studio: StudioWindow, tmp_path: Path, until) -> Studying:
    studio.window.resize(1440, 900)
    return studying(studio, tmp_path / "Parts.studio", until)


def cards(desk: Studying) -> Beginnings:
    found = desk.pane.beginnings
    assert found is not None
    return found


def test_who_has_no_study_yet_finds_them(studio: StudioWindow, tmp_path: Path, until) -> None:
    made = studying(studio, tmp_path / "Parts.studio", until)
    assert cards(made).back.text() == "Keep “Shelf bracket”"


def test_the_first_page_leads_to_them_and_one_is_set_up(desk: Studying) -> None:
    studio = desk.studio
    studio.show_home()
    studio.window.welcome.rooms["product"].click()
    assert studio.workspace.room == "product"
    assert cards(desk).isVisible()
    first, second, *_ = cards(desk).grid.cards
    assert QApplication.focusWidget() is first
    QTest.keyClick(first, Qt.Key.Key_Right)
    QTest.keyClick(second, Qt.Key.Key_Return)
    assert not cards(desk).isVisible()
    assert desk.pane.view.isVisible()
    assert desk.value["name"] == preset("cantilever").name
    desk.pane.undo()
    assert desk.value["name"] == preset("shelf-bracket").name


def test_all_examples_have_their_pictures_in_both_themes(desk: Studying) -> None:
    desk.flow.begin()
    shown = cards(desk)
    for key in PRESETS:
        for theme in ("", "-dark"):
            assert (PICTURES / f"{key}{theme}.webp").is_file()
    assert len(shown.grid.cards) == len(PRESETS) + 2
    light = [card._image for card in shown.grid.cards[: len(PRESETS)]]
    assert all(not image.isNull() for image in light)
    shown.set_theme(DARK)
    dark = [card._image for card in shown.grid.cards[: len(PRESETS)]]
    assert all(one != other for one, other in zip(light, dark, strict=True))
    assert all(card.accessibleName() and card.accessibleDescription() for card in shown.grid.cards)


def test_escape_keeps_the_study(desk: Studying) -> None:
    before = desk.value
    desk.flow.begin()
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Escape)
    assert not cards(desk).isVisible()
    assert desk.value == before
