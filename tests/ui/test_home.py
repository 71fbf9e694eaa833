"""The first page of an open project: reached at any time, left by what one begins or goes on with."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from studio.core.item import Item, Origin
from studio.core.kind import Kind
from studio.project.store import Project
from studio.ui.shell.room_host import LIBRARY
from studio.ui.shell.studio_window import StudioWindow
from tests.project.builders import recipe
from tests.ui.builders import picture


@pytest.fixture
def opened(studio: StudioWindow, tmp_path: Path, until) -> StudioWindow:
    """With two photos, of which the newer one is on the stage."""
    with Project.create(tmp_path / "Beach.studio") as made:
        for name, color in (("beach", (200, 120, 60)), ("sea", (10, 60, 200))):
            made.add_asset(picture(tmp_path / f"{name}.png", color=color), kind=Kind.IMAGE)
        made.add_asset(picture(tmp_path / "mask.png"), kind=Kind.MASK)
    studio.projects.open(made.folder)
    until(lambda: studio.workspace.is_begun)
    return studio


def test_a_project_with_work_in_it_opens_where_one_left_off(opened: StudioWindow) -> None:
    assert not opened.window.shows_welcome


def test_an_empty_project_opens_with_what_one_may_begin(studio: StudioWindow, tmp_path: Path, until) -> None:
    studio.projects.create(tmp_path / "New.studio")
    until(lambda: studio.context.project is not None)
    welcome = studio.window.welcome
    assert studio.window.shows_welcome
    assert welcome.title.whole_text() == "New"
    assert (welcome.go_on.isHidden() and welcome.items.isHidden()) or not welcome.items.cards
    assert QApplication.focusWidget() is next(iter(welcome.rooms.values()))
    welcome.rooms["text"].click()
    assert not studio.window.shows_welcome
    assert studio.workspace.room == "text"


def test_it_opens_so_until_a_room_was_chosen_in_it(studio: StudioWindow, tmp_path: Path, until) -> None:
    studio.projects.create(tmp_path / "New.studio")
    until(lambda: studio.context.project is not None)
    for room in ("", "text"):
        if room:
            studio.window.welcome.rooms[room].click()
        studio.kept.follow()
        studio.projects.close()
        until(lambda: studio.context.project is None and not studio.context.tasks.running)
        studio.projects.open(tmp_path / "New.studio")
        until(lambda: studio.context.project is not None)
        assert studio.window.shows_welcome is (room == "")
    assert studio.workspace.room == "text"


def test_home_shows_recent_work_and_leads_back(opened: StudioWindow, until) -> None:
    welcome = opened.window.welcome
    opened.workspace.head.home.click()
    assert opened.window.shows_welcome
    assert welcome.go_on.text() == "Continue with “sea”"
    assert [card.accessibleName() for card in welcome.items.cards] == ["sea", "beach"], "masks are no work"
    until(lambda: all(not card._image.isNull() for card in welcome.items.cards))
    assert welcome.cards == [], "the open project is no other one"
    assert welcome.empty.text().startswith("This one is the first.")
    welcome.go_on.click()
    assert not opened.window.shows_welcome
    assert opened.workspace.room == "image"


@pytest.mark.parametrize("room", [LIBRARY, "text"])
def test_from_a_room_that_shows_nothing_the_newest_work_leads_on(
    opened: StudioWindow, room: str, until
) -> None:
    opened.items.go_to(room)
    opened.workspace.head.home.click()
    welcome = opened.window.welcome
    assert welcome.go_on.text() == "Continue with “sea”"
    welcome.go_on.click()
    until(lambda: opened.workspace.room == "image" and opened.workspace.name.whole_text() == "sea")
    assert not opened.window.shows_welcome
    opened.items.go_to(room)
    opened.show_home()
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Escape)
    assert not opened.window.shows_welcome
    assert opened.workspace.room == room


def test_a_large_window_is_used(opened: StudioWindow, until) -> None:
    welcome = opened.window.welcome
    opened.show_home()
    opened.window.resize(1440, 900)
    until(lambda: welcome.begin.width() == 1184 - 64)
    opened.window.resize(3840, 2160)
    until(lambda: welcome.begin.width() > 0.7 * 3840)


def test_results_of_a_batch_are_one_card(opened: StudioWindow, tmp_path: Path) -> None:
    project = opened.context.project
    assert project is not None
    digest, size = project.store_blob(picture(tmp_path / "made.png", color=(5, 90, 5)), extension=".png")
    source = project.items()[-1].uid
    with project.db.transaction() as connection:
        connection.execute("INSERT INTO batch(id, title, created) VALUES ('four', 'four', 1)")
        for seed in range(4):
            connection.execute(
                "INSERT INTO job(id, batch, position, state, title, recipe, created)"
                " VALUES (?, 'four', ?, 'done', 'j', ?, 1)",
                (f"job {seed}", seed, recipe("a lake", seed=seed).to_json()),
            )
            item = Item(
                f"{seed:032x}", "lake", Kind.IMAGE, Origin.ARTIFACT, digest, ".png", size, 1.7e9,
                job=f"job {seed}", parent=source,
            )  # fmt: skip
            project.insert_items(connection, [item])
    opened.show_home()
    cards = opened.window.welcome.items.cards
    assert [card.accessibleName() for card in cards] == ["lake", "sea", "beach"]
    assert [words for _, words in opened.window.welcome._work.items] == ["4 results", "Photo", "Photo"]


def test_home_by_keys(opened: StudioWindow) -> None:
    opened.actions["view.home"].trigger()
    assert opened.window.shows_welcome
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Escape)
    assert not opened.window.shows_welcome


def test_an_item_of_it_comes_onto_its_stage(opened: StudioWindow, until) -> None:
    opened.show_home()
    opened.window.welcome.items.cards[1].click()
    until(lambda: opened.workspace.name.whole_text() == "beach")
    assert not opened.window.shows_welcome
    until(lambda: [item.name for item in opened.gallery.selected()] == ["beach"])


@pytest.mark.parametrize("room", ["music", "product", "text", LIBRARY])
def test_a_room_leaves_it(opened: StudioWindow, room: str) -> None:
    opened.show_home()
    opened.actions[f"view.room_{room}"].trigger()
    assert not opened.window.shows_welcome
    assert opened.workspace.room == room


def test_the_card_for_photos_asks_for_one(
    studio: StudioWindow, tmp_path: Path, until, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []
    monkeypatch.setattr("studio.ui.shell.items.choose_files", lambda *given: asked.append(given[-1]))
    studio.window.welcome.rooms["image"].click()
    assert len(asked) == 1
    assert studio.context.project is None, "nobody has chosen anything yet"
    asked[0]([picture(tmp_path / "beach.png")])
    until(lambda: studio.workspace.is_begun)
    assert not studio.window.shows_welcome
    assert studio.workspace.room == "image"


def test_it_stays_while_the_window_is_built_anew_and_plugins_come(opened: StudioWindow) -> None:
    opened.show_home()
    opened.rebuild()
    assert opened.window.shows_welcome
    assert opened.window.welcome.title.whole_text() == "Beach"
    opened.set_catalog(opened.context.catalog or _no_plugins())
    assert opened.window.shows_welcome


def test_it_is_of_no_project_any_more_once_that_is_closed(opened: StudioWindow, until) -> None:
    opened.show_home()
    opened.projects.close()
    until(lambda: opened.context.project is None)
    assert opened.window.welcome.title.whole_text() == "Welcome to Studio"
    assert opened.window.welcome.go_on.text() == "Continue with “Beach”"


def _no_plugins():
    from tests.ui.builders import catalog_of

    return catalog_of()
