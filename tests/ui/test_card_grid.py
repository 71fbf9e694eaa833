"""Cards in columns: as many as there is room for, and at rest at every size."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QScrollArea

from studio.ui.kit.card_grid import CardGrid
from studio.ui.kit.picture_card import PictureCard
from studio.ui.kit.theme import LIGHT


@pytest.fixture
def area(qtbot, dressed) -> QScrollArea:
    grid = CardGrid(LIGHT, 160, 4, 0.56)
    grid.set_cards([PictureCard(LIGHT, f"Card {number}", "What it is for") for number in range(10)])
    made = QScrollArea()
    made.setWidgetResizable(True)
    made.setWidget(grid)
    qtbot.addWidget(made)
    made.resize(800, 600)
    made.show()
    return made


def test_it_rests_at_every_height_with_and_without_a_scroll_bar(area: QScrollArea) -> None:
    grid = area.widget()
    with_bar = set()
    for height in range(400, 900, 3):
        area.resize(800, height)
        for _ in range(3):
            QApplication.processEvents()
        place = [card.geometry() for card in grid.cards]
        QApplication.processEvents()
        assert [card.geometry() for card in grid.cards] == place
        with_bar.add(area.verticalScrollBar().isVisible())
        assert max(card.geometry().right() for card in grid.cards) < area.viewport().width()
    assert with_bar == {True, False}


def test_columns_follow_the_width_and_the_direction_of_reading(area: QScrollArea) -> None:
    grid = area.widget()
    assert len({card.y() for card in grid.cards[:4]}) == 1
    area.resize(400, 600)
    for _ in range(3):
        QApplication.processEvents()
    assert len({card.y() for card in grid.cards[:2]}) == 1
    assert grid.cards[2].y() > grid.cards[0].y()
    grid.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    area.resize(402, 600)
    for _ in range(3):
        QApplication.processEvents()
    assert grid.cards[0].x() > grid.cards[1].x()
