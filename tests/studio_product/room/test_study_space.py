"""Setting a study up has the space that it needs, and nothing stands twice in the window."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel
from studio_product.room.part.page import PART, SET_UP

from studio.ui.shell.studio_window import StudioWindow
from studio.words import tr
from tests.studio_product.room.rooms import room_of, show
from tests.studio_product.room.studying import studying


@pytest.mark.parametrize(
    ("size", "share", "height"),
    [((1440, 900), 0.55, 0.7), ((1600, 1000), 0.55, 0.7), ((1024, 640), 0.4, 0.6)],
)
def test_the_view_has_most_of_the_window(
    studio: StudioWindow,
    tmp_path: Path,
    until,
    size: tuple[int, int],
    share: float,
    height: float,
) -> None:
    studio.window.resize(*size)
    view = studying(studio, tmp_path / "Parts.studio", until).pane.view
    window = studio.window
    until(lambda: view.width() >= share * window.width() and view.height() >= height * window.height())


def test_there_is_one_generate_and_one_quality(studio: StudioWindow, tmp_path: Path, until) -> None:
    studio.window.resize(1440, 900)
    studying(studio, tmp_path / "Parts.studio", until)
    buttons = [one for one in studio.window.findChildren(QAbstractButton) if one.isVisible()]
    begins = [one for one in buttons if one.text() == studio.panel.button.text()]
    assert begins == [studio.panel.button]
    labels = [one.text() for one in studio.window.findChildren(QLabel) if one.isVisible()]
    assert labels.count(tr("Quality")) == 1


def test_panels_come_back_where_parts_are_looked_at(studio: StudioWindow, tmp_path: Path, until) -> None:
    studio.window.resize(1440, 900)
    studying(studio, tmp_path / "Parts.studio", until)
    panels, page = studio.window.panels, room_of(studio).page
    beside = [panels[name] for name in ("gallery", "recipe", "queue")]
    assert all(panel.is_folded for panel in beside)
    assert not panels["generate"].is_folded
    page.show_tab(PART)
    assert not any(panel.is_folded for panel in beside)
    page.show_tab(SET_UP)
    assert all(panel.is_folded for panel in beside)
    studio.items.show_room("image")
    assert not any(panel.is_folded for panel in beside)
    show(studio)
    QApplication.processEvents()
    assert all(panel.is_folded for panel in beside)
