"""Tags are edited where they are shown: chips, and a field that completes what is typed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QWidget

from studio.core.kind import Kind
from studio.project.store import Project
from studio.ui.items.tags import TagEditor
from studio.ui.kit.flow_layout import FlowLayout
from studio.ui.shell.studio_window import StudioWindow
from tests.ui.builders import picture

Until = Callable[..., None]


@pytest.fixture
def opened(studio: StudioWindow, tmp_path: Path, until: Until) -> StudioWindow:
    """Two photos, of which the first is selected and one has a tag."""
    with Project.create(tmp_path / "Beach.studio") as made:
        for name in ("beach", "lake"):
            made.add_asset(picture(tmp_path / f"{name}.png"), kind=Kind.IMAGE)
        made.add_tags([made.items()[0].uid], ["Water"])
    studio.projects.open(made.folder)
    until(lambda: studio.context.project is not None and studio.gallery.model.rowCount() == 2)
    until(lambda: studio.workspace.is_begun)
    studio.gallery.view.setFocus()
    studio.gallery.view.choose(0)
    until(lambda: len(studio.gallery.selected()) == 1)
    return studio


def tags_of(studio: StudioWindow) -> list[set[str]]:
    return [set(item.tags) for item in studio.gallery.selected()]


def editor(studio: StudioWindow) -> TagEditor:
    return studio.recipe.tags


def test_a_key_leads_to_the_field_and_typing_adds(opened: StudioWindow, until: Until) -> None:
    opened.window.panels["recipe"].set_folded(True)
    opened.actions["gallery.tags"].trigger()
    tags = editor(opened)
    assert tags.field.isVisible() and opened.window.focusWidget() is tags.field
    QTest.keyClicks(tags.field, "night, water,")
    until(lambda: {"night", "Water"} <= tags_of(opened)[0])
    assert tags.field.text() == ""
    assert not QApplication.activeModalWidget()
    until(lambda: [*tags.chips] == ["night", "Water"])
    QTest.keyClicks(tags.field, "dawn")
    QTest.keyClick(tags.field, Qt.Key.Key_Return)
    until(lambda: "dawn" in tags.chips)
    assert opened.window.focusWidget() is tags.field, "one after the other"
    opened.undo.undo()
    until(lambda: "dawn" not in tags.chips)


def test_a_chip_takes_its_tag_off(opened: StudioWindow, until: Until) -> None:
    opened.gallery.organizer.add_tags(["Water"])
    tags = editor(opened)
    until(lambda: "Water" in tags.chips)
    assert tags.chips["Water"].text().endswith("×")
    tags.chips["Water"].setFocus()
    QTest.keyClick(tags.chips["Water"], Qt.Key.Key_Space)
    until(lambda: not tags.chips)
    assert tags_of(opened) == [set()]
    assert opened.window.focusWidget() is tags.field


def test_a_tag_of_some_is_given_to_all(opened: StudioWindow, until: Until) -> None:
    opened.gallery.view.choose(1, extend=True)
    until(lambda: len(opened.gallery.selected()) == 2)
    tags = editor(opened)
    until(lambda: "Water" in tags.chips)
    assert tags.chips["Water"].text().endswith("+")
    tags.chips["Water"].click()
    until(lambda: tags_of(opened) == [{"Water"}, {"Water"}])
    until(lambda: tags.chips["Water"].text().endswith("×"))


def test_the_field_offers_the_tags_of_the_project(opened: StudioWindow) -> None:
    tags = editor(opened)
    tags.edit()
    assert tags.field.words.stringList() == ["Water"]
    QTest.keyClicks(tags.field, "at")
    assert tags.field.completer().currentCompletion() == "Water"


def test_nothing_selected_has_no_tags(opened: StudioWindow, until: Until) -> None:
    opened.gallery.view.clearSelection()
    opened.items.show_selection([])
    assert not editor(opened).isVisible()


@pytest.mark.parametrize("width", [120, 200, 500])
def test_chips_flow_into_as_many_lines_as_they_need(qtbot, width: int) -> None:
    home = QWidget()
    qtbot.addWidget(home)
    flow = FlowLayout(home, 4)
    parts = [QPushButton("word " * (1 + number % 3)) for number in range(9)]
    for part in parts:
        flow.addWidget(part)
    home.resize(QSize(width, flow.heightForWidth(width)))
    home.show()
    boxes = [part.geometry() for part in parts]
    assert all(home.rect().contains(box) for box in boxes)
    assert not any(one.intersects(other) for n, one in enumerate(boxes) for other in boxes[:n])
    assert boxes[-1].right() == width - 1
