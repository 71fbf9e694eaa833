"""Panels step back for a room that asks for it, and the user's own choice wins."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from studio.core.kind import Kind
from studio.project.store import Project
from studio.ui.shell.room_host import LIBRARY
from studio.ui.shell.studio_window import StudioWindow
from tests.ui.builders import picture

WISH = ("gallery", "recipe", "queue")


@pytest.fixture
def opened(studio: StudioWindow, tmp_path: Path, until) -> StudioWindow:
    """Its room of texts wants the panels to step back; the room of pictures is in front."""
    with Project.create(tmp_path / "Beach.studio") as made:
        made.add_asset(picture(tmp_path / "beach.png"), kind=Kind.IMAGE)
    studio.window.resize(1440, 900)
    studio.projects.open(made.folder)
    until(lambda: studio.context.project is not None)
    until(lambda: studio.workspace.is_begun)
    studio.window.stepping_back.wish("text", WISH)
    return studio


def folded(studio: StudioWindow) -> set[str]:
    return {name for name, panel in studio.window.panels.items() if panel.is_folded}


def test_they_fold_in_that_room_alone_and_come_back_as_large_as_they_were(
    opened: StudioWindow, until
) -> None:
    panels = opened.window.panels
    before, room = {name: panels[name].size() for name in WISH}, opened.workspace.width()
    assert folded(opened) == set()
    opened.items.show_room("text")
    assert folded(opened) == set(WISH)
    until(lambda: panels["gallery"].width() < 50 and panels["recipe"].width() < 50)
    until(lambda: opened.workspace.width() > room + 250)
    opened.items.show_room("image")
    assert folded(opened) == set()
    until(lambda: {name: panels[name].size() for name in WISH} == before)


def test_what_the_user_unfolds_stays_open_in_that_room_in_every_window(
    opened: StudioWindow, another, until
) -> None:
    opened.items.show_room("text")
    opened.window.panels["gallery"].unfold_button.click()
    assert folded(opened) == {"recipe", "queue"}
    until(lambda: opened.window.panels["gallery"].width() > 200)
    opened.items.show_room("image")
    opened.items.show_room("text")
    assert folded(opened) == {"recipe", "queue"}
    opened.window.close()
    opened.end()
    again = another()
    again.show(None)
    until(lambda: again.context.project is not None)
    until(lambda: again.workspace.is_begun)
    again.window.stepping_back.wish("text", WISH)
    again.items.show_room("text")
    until(lambda: folded(again) == {"recipe", "queue"})
    again.window.panels["gallery"].fold_button.click()
    again.items.show_room("image")
    again.items.show_room("text")
    assert folded(again) == set(WISH)


def test_what_was_folded_or_hidden_before_stays_so(opened: StudioWindow) -> None:
    opened.window.panels["queue"].set_folded(True)
    opened.window.panels["recipe"].close()
    opened.items.show_room("text")
    opened.items.show_room("image")
    assert folded(opened) == {"queue"}
    assert opened.window.panels["recipe"].isHidden()


def test_a_window_is_remembered_with_the_panels_that_had_stepped_back(
    opened: StudioWindow, another, until
) -> None:
    opened.items.show_room("text")
    opened.window.close()
    opened.end()
    again = another()
    again.show(None)
    again.window.resize(1440, 900)
    until(lambda: again.workspace.is_begun)
    until(lambda: folded(again) == set())
    until(lambda: again.window.panels["gallery"].width() > 200)


def test_the_library_has_its_gallery(opened: StudioWindow) -> None:
    opened.items.show_room("text")
    opened.items.go_to(LIBRARY)
    assert opened.gallery.isVisible()
    assert opened.gallery.width() > 1000
    opened.items.show_room("text")
    assert folded(opened) == set(WISH)


def test_a_window_that_is_built_anew_has_them_back_at_once(opened: StudioWindow) -> None:
    opened.items.show_room("text")
    opened.rebuild()
    opened.window.resize(1440, 900)  # more than the screen of the tests
    opened.window.stepping_back.wish("text", WISH)
    QApplication.processEvents()
    assert folded(opened) == set(WISH)
    opened.items.show_room("image")
    assert folded(opened) == set()


def test_the_layout_of_the_start_forgets_what_the_user_wanted(opened: StudioWindow) -> None:
    opened.items.show_room("text")
    opened.window.panels["gallery"].unfold_button.click()
    opened.window.reset_layout()
    assert folded(opened) == set(WISH)


def test_in_a_small_window_they_fold_by_themselves_and_come_back(opened: StudioWindow, until) -> None:
    opened.window.resize(1024, 640)
    until(lambda: folded(opened) == set(WISH))
    until(lambda: opened.workspace.width() > 640)
    opened.items.go_to(LIBRARY)
    assert opened.gallery.isVisible()
    assert folded(opened) == {"queue"}, "more than one row of pictures is seen"
    opened.items.show_room("image")
    assert folded(opened) == set(WISH)
    opened.window.resize(1440, 640)
    until(lambda: folded(opened) == {"queue"})
    opened.window.resize(1440, 900)
    until(lambda: folded(opened) == set())


def test_what_the_user_unfolds_in_a_small_window_stays_open(opened: StudioWindow, until) -> None:
    opened.window.resize(1024, 640)
    until(lambda: folded(opened) == set(WISH))
    opened.window.panels["gallery"].unfold_button.click()
    opened.window.resize(1440, 900)
    until(lambda: folded(opened) == set())
    opened.window.resize(1024, 640)
    until(lambda: folded(opened) == {"recipe", "queue"})
    opened.items.show_room("text")
    until(lambda: folded(opened) == set(WISH))


def test_larger_text_needs_a_larger_window(opened: StudioWindow, until) -> None:
    opened.window.set_theme(opened.theme.changed(font_scale=150))
    opened.window.resize(1441, 901)
    until(lambda: folded(opened) == set(WISH))
