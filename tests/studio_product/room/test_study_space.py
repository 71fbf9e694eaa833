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
    [((1440, 900), 0.75, 0.75), ((1600, 1000), 0.75, 0.75), ((1024, 640), 0.65, 0.68)],
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


def begins(studio: StudioWindow) -> list[QAbstractButton]:
    """All that is seen and says what the form's button says."""
    buttons = [one for one in studio.window.findChildren(QAbstractButton) if one.isVisible()]
    return [one for one in buttons if one.text() == studio.panel.button.text()]


def test_there_is_one_generate_and_one_quality(studio: StudioWindow, tmp_path: Path, until) -> None:
    studio.window.resize(1440, 900)
    studying(studio, tmp_path / "Parts.studio", until)
    above = studio.workspace.head.generate
    assert begins(studio) == [above]
    until(above.isEnabled)
    studio.window.panels["generate"].unfold_button.click()
    until(lambda: begins(studio) == [studio.panel.button])
    labels = [one.text() for one in studio.window.findChildren(QLabel) if one.isVisible()]
    assert labels.count(tr("Quality")) == 1
    texts = [one.text() for one in studio.window.findChildren(QAbstractButton) if one.isVisible()]
    assert tr("Set up…") not in texts, "it is seen already"


def test_the_button_above_the_stage_generates(studio: StudioWindow, tmp_path: Path, until) -> None:
    studying(studio, tmp_path / "Parts.studio", until)
    pressed: list[bool] = []
    studio.panel.generate.connect(lambda: pressed.append(True))
    until(studio.workspace.head.generate.isEnabled)
    studio.workspace.head.generate.click()
    assert pressed == [True]


def test_the_form_is_seen_where_the_user_shall_write(studio: StudioWindow, tmp_path: Path, until) -> None:
    studying(studio, tmp_path / "Parts.studio", until)
    assert studio.window.panels["generate"].is_folded
    studio.panel.go_to_prompt()
    assert not studio.window.panels["generate"].is_folded
    until(lambda: studio.workspace.head.generate.isHidden())


def test_panels_come_back_where_parts_are_looked_at(studio: StudioWindow, tmp_path: Path, until) -> None:
    studio.window.resize(1440, 900)
    studying(studio, tmp_path / "Parts.studio", until)
    panels, page = studio.window.panels, room_of(studio).page
    beside = [panels[name] for name in ("generate", "gallery", "recipe", "queue")]
    assert all(panel.is_folded for panel in beside)
    assert panels["queue"].isHidden(), "the foot of the window opens it"
    page.show_tab(PART)
    assert not any(panel.is_folded or panel.isHidden() for panel in beside)
    page.show_tab(SET_UP)
    assert all(panel.is_folded for panel in beside)
    studio.items.show_room("image")
    assert not any(panel.is_folded for panel in beside)
    show(studio)
    QApplication.processEvents()
    assert all(panel.is_folded for panel in beside)
