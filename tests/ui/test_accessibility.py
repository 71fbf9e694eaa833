"""The whole window by keyboard and screen reader alone."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QAbstractButton, QApplication, QPlainTextEdit, QTextEdit

from studio.ui.kit import accessible
from studio.ui.kit.controls import ElidedLabel, Segments, Switch
from studio.ui.shell.studio_window import StudioWindow
from tests.studio_image.room.canvas_driving import write_photo
from tests.ui.builders import Sample, catalog_of, describe
from tests.ui.pictures import canvas_of, photo_of
from tests.ui.reach import by_tab, called, nameless, stops, told, unexplained, without_role


@pytest.fixture(autouse=True)
def _roles(qapp: QApplication) -> None:
    accessible.install()


@pytest.fixture
def working(studio: StudioWindow, until, tmp_path: Path) -> StudioWindow:
    """A window with a project, a generator and a photo on the canvas."""
    studio.projects.create(tmp_path / "Test.studio")
    until(lambda: studio.context.project is not None)
    studio.set_catalog(catalog_of(describe(Sample)))
    studio.items.bring_in([write_photo(tmp_path / "photo.png")])
    # The photo comes to the canvas by itself once it has been decoded; until then the stage is another.
    until(lambda: not studio.context.tasks.running and photo_of(studio) is not None)
    until(lambda: canvas_of(studio).mask_model is not None and canvas_of(studio).isVisible())
    studio.window.resize(1440, 900)
    QApplication.processEvents()
    studio.order_tabs()  # as it does once it has been drawn
    return studio


def test_everything_has_a_name(working: StudioWindow) -> None:
    assert nameless(working.window) == []


def test_everything_has_a_role(working: StudioWindow) -> None:
    assert without_role(working.window) == []


def test_icons_alone_are_explained(working: StudioWindow) -> None:
    assert unexplained(working.window) == []


@pytest.mark.parametrize("backwards", [False, True], ids=["forwards", "backwards"])
def test_tab_reaches_everything_and_is_caught_nowhere(working: StudioWindow, qtbot, backwards: bool) -> None:
    window = working.window
    with qtbot.waitActive(window):
        window.activateWindow()
    canvas_of(working).setFocus()
    visited = list(by_tab(window, backwards=backwards))
    # Of segments that exclude each other the chosen one is reached, the others by arrow keys.
    missed = [
        called(widget)
        for widget in stops(window)
        if widget not in visited and not (isinstance(widget, QAbstractButton) and widget.group())
    ]
    assert missed == []


def test_tab_goes_through_one_panel_after_the_other(working: StudioWindow, qtbot) -> None:
    window = working.window
    with qtbot.waitActive(window):
        window.activateWindow()
    canvas_of(working).setFocus()
    panels = [working.panel, working.workspace, working.gallery, working.recipe, working.queue]
    way = [
        next((number for number, panel in enumerate(panels) if panel.isAncestorOf(widget)), None)
        for widget in by_tab(window)
    ]
    way = [number for number in way if number is not None]
    changes = [one for one, before in zip(way, [None, *way], strict=False) if one != before]
    assert len(changes) <= len(set(changes)) + 1  # the one it began in is come back to


def test_text_lets_tab_go_on(working: StudioWindow) -> None:
    editors = [*working.window.findChildren(QPlainTextEdit), *working.window.findChildren(QTextEdit)]
    assert [called(one) for one in editors if not one.tabChangesFocus()] == []


# The parts by themselves -----------------------------------------------------------------------------------


def test_a_switch_is_a_check_box_that_tells_its_state(qtbot) -> None:
    switch = Switch()
    qtbot.addWidget(switch)
    interface = QAccessible.queryAccessibleInterface(switch)
    assert interface.role() is QAccessible.Role.CheckBox
    assert not interface.state().checked
    switch.setChecked(True)
    assert interface.state().checked


def test_segments_are_choices_of_which_one_is_on(qtbot) -> None:
    segments = Segments(["Canvas", "Compare"])
    qtbot.addWidget(segments)
    segments.choose(1)
    parts = [QAccessible.queryAccessibleInterface(segments.part(number)) for number in (0, 1)]
    assert [part.role() for part in parts] == [QAccessible.Role.RadioButton] * 2
    assert [bool(part.state().checked) for part in parts] == [False, True]
    assert [part.text(QAccessible.Text.Name) for part in parts] == ["Canvas", "Compare"]


def test_an_elided_text_is_read_whole(qtbot) -> None:
    label = ElidedLabel("A rather long text that finds no room")
    qtbot.addWidget(label)
    label.resize(60, 20)
    label.show()
    assert label.text() != label.whole_text()
    assert told(label) == label.whole_text()
