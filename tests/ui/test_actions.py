"""Every command of the real window: menus, shortcuts, what turns them off, the palette."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QWidget
from shiboken6 import isValid

from studio.core.kind import Kind
from studio.project.store import Project
from studio.ui.kit import shortcuts
from studio.ui.kit.actions import Actions, Facts, plain
from studio.ui.kit.commands import Command
from studio.ui.kit.theme import LIGHT
from studio.ui.shell.palette import Palette, show_palette
from studio.ui.shell.shortcuts_page import may_share
from studio.ui.shell.studio_window import StudioWindow
from tests.pace import cost
from tests.ui.builders import Sample, catalog_of, describe, picture

PALETTE_TURNS = 50
"""A quarter of a second on the computers of 2020; see the benchmark for the goal itself."""


@pytest.fixture
def home_widget(qtbot) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    return made


def some(home: QWidget, **own: str) -> tuple[Actions, list[str]]:
    used: list[str] = []
    return Actions(home, LIGHT, own, used.append), used


def nothing() -> None:
    return None


# The registry ---------------------------------------------------------------------------------------------


def test_a_command_becomes_an_action(home_widget: QWidget) -> None:
    done: list[int] = []
    actions, used = some(home_widget)
    actions.add([Command("a.b", "&Do it…", lambda: done.append(1), keys="Ctrl+J", icon="search")])
    action = actions["a.b"]
    assert action.shortcut() == QKeySequence("Ctrl+J")
    assert action.toolTip() == "Do it (Ctrl+J)"
    action.trigger()
    assert done == [1] and used == ["a.b"]


def test_what_a_command_needs_and_what_its_panel_says_both_count(home_widget: QWidget) -> None:
    actions, _ = some(home_widget)
    actions.add([Command("a.b", "Do", nothing, needs="writing selection")])
    assert actions.why_off("a.b") == "Open or make a project first."
    actions.set_facts(Facts(project=True))
    assert actions.why_off("a.b") == "This project is open read-only."
    actions.set_facts(Facts(project=True, writing=True))
    assert actions.why_off("a.b") == "Select something in the gallery first."
    actions["a.b"].setEnabled(False)
    actions.set_facts(Facts(project=True, writing=True, selection=True))
    assert not actions["a.b"].isEnabled()
    assert actions.why_off("a.b") == "This is not possible right now."
    actions["a.b"].setProperty("why", "It sleeps.")
    assert actions.why_off("a.b") == "It sleeps."
    actions["a.b"].setEnabled(True)
    assert actions["a.b"].isEnabled() and actions.why_off("a.b") == ""


def test_shortcuts_of_the_user_hold_and_broken_ones_fall_back(home_widget: QWidget) -> None:
    actions, _ = some(home_widget, **{"a.b": "Ctrl+L", "a.c": "rubbish", "gone": "Ctrl+M"})
    actions.add([Command("a.b", "Do", nothing, keys="Ctrl+J"), Command("a.c", "Other", nothing, keys="F7")])
    assert actions["a.b"].toolTip() == "Do (Ctrl+L)"
    assert actions["a.c"].shortcut() == QKeySequence("F7")
    assert actions.broken == ["a.c"]
    assert actions.is_changed("a.b") and not actions.is_changed("a.c")
    actions.set_own({})
    assert actions["a.b"].shortcut() == QKeySequence("Ctrl+J")


def test_the_shortcut_of_a_panel_works_in_it_only(home_widget: QWidget, qtbot) -> None:
    done: list[int] = []
    panel, other = QWidget(home_widget), QWidget(home_widget)
    for one in (panel, other):
        one.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    actions, _ = some(home_widget)
    actions.add([Command("a.b", "Do", lambda: done.append(1), keys="X", scope="panel")], panel)
    home_widget.show()
    home_widget.activateWindow()
    qtbot.waitUntil(home_widget.isActiveWindow)
    window = home_widget.windowHandle()
    other.setFocus()
    QTest.keyClick(window, Qt.Key.Key_X)
    assert done == []
    panel.setFocus()
    QTest.keyClick(window, Qt.Key.Key_X)
    assert done == [1]


def test_a_title_follows_into_the_tool_tip(home_widget: QWidget) -> None:
    actions, _ = some(home_widget)
    actions.add([Command("edit.undo", "&Undo", nothing, keys="Ctrl+Z")])
    actions["edit.undo"].setText("&Undo Rename")
    assert actions["edit.undo"].toolTip() == "Undo Rename (Ctrl+Z)"


@pytest.mark.parametrize(("title", "said"), [("&Open…", "Open"), ("A && B", "A & B"), ("Plain", "Plain")])
def test_a_title_without_its_marks(title: str, said: str) -> None:
    assert plain(title) == said


# The real window ------------------------------------------------------------------------------------------


def test_no_two_commands_have_the_same_shortcut(studio: StudioWindow) -> None:
    assert shortcuts.conflicts(studio.actions.holders(), may_share) == {}


def test_every_command_has_words_and_keys_that_make_sense(studio: StudioWindow) -> None:
    for entry in studio.actions.entries():
        assert plain(entry.action.text()), entry.command.id
        assert shortcuts.parse(entry.command.keys) is not None, entry.command.id
        assert "." in entry.command.id


def test_every_menu_is_there_and_no_mark_is_used_twice(studio: StudioWindow) -> None:
    titles = [plain(action.text()) for action in studio.window.menuBar().actions() if action.isVisible()]
    assert titles == ["File", "Edit", "Item", "View", "Generate", "Queue", "Window", "Help"]
    marks = [
        action.text()[action.text().index("&") + 1].lower()
        for action in studio.window.menuBar().actions()
        if action.isVisible()
    ]
    assert len(set(marks)) == len(marks)


def test_every_command_that_has_a_menu_is_in_it(studio: StudioWindow) -> None:
    shown = {id(action) for menu in studio.window.menuBar().findChildren(QMenu) for action in menu.actions()}
    for entry in studio.actions.entries():
        if entry.command.menu:
            assert id(entry.action) in shown, entry.command.id


def test_the_roles_of_the_platform(studio: StudioWindow) -> None:
    roles = QAction.MenuRole
    assert studio.actions["help.about"].menuRole() is roles.AboutRole
    assert studio.actions["edit.preferences"].menuRole() is roles.PreferencesRole
    assert studio.actions["file.quit"].menuRole() is roles.QuitRole


# The palette ----------------------------------------------------------------------------------------------


def rows(palette: Palette) -> list[str]:
    return [palette.model.offer(row).title for row in range(palette.model.rowCount())]


def test_what_is_picked_may_take_the_palette_away(studio: StudioWindow, until) -> None:
    """As building the window anew does: the click that picked it must be over by then."""
    palette = show_palette(studio)
    palette.search.setText("reset layout")
    taken: list[bool] = []

    def take_away() -> None:
        palette.deleteLater()
        QApplication.sendPostedEvents(palette, 52)
        taken.append(True)

    studio.actions["window.reset"].triggered.connect(take_away)
    place = palette.view.visualRect(palette.model.index(0)).center()
    QTest.mouseClick(palette.view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert not taken
    until(lambda: taken)


def test_the_palette_opens_at_once_and_runs_what_is_chosen(studio: StudioWindow, until) -> None:
    studio.window.activateWindow()
    show_palette(studio).close()
    shown: list[Palette] = []
    assert cost(lambda: shown.append(show_palette(studio))) < PALETTE_TURNS
    (palette,) = shown
    assert palette.isVisible() and palette.search.hasFocus()
    QTest.keyClicks(palette.search, "reset lay")
    assert rows(palette)[0] == "Reset layout"
    studio.window.panels["queue"].hide()
    QTest.keyClick(palette.search, Qt.Key.Key_Return)
    until(lambda: studio.session.used[:1] == ["window.reset"])
    assert not isValid(palette) or not palette.isVisible()
    assert not studio.window.panels["queue"].isHidden()


def test_the_palette_is_used_with_keys_alone(studio: StudioWindow) -> None:
    palette = show_palette(studio)
    palette.search.setText("theme")
    first = palette.view.currentIndex().row()
    QTest.keyClick(palette.search, Qt.Key.Key_Down)
    assert palette.view.currentIndex().row() == first + 1
    QTest.keyClick(palette.search, Qt.Key.Key_Up)
    QTest.keyClick(palette.search, Qt.Key.Key_Up)
    assert palette.view.currentIndex().row() == palette.model.rowCount() - 1
    QTest.keyClick(palette.search, Qt.Key.Key_Escape)
    assert not palette.isVisible()


def test_the_palette_says_why_something_is_off_and_does_not_do_it(studio: StudioWindow) -> None:
    palette = show_palette(studio)
    palette.search.setText("close project")
    offer = palette.model.offer(0)
    assert offer.id == "file.close"
    assert offer.why_off == "Open or make a project first."
    assert offer.keys == "Ctrl+W"
    assert offer.place == "File"
    QTest.keyClick(palette.search, Qt.Key.Key_Return)
    assert palette.isVisible()


def test_the_palette_knows_projects_generators_and_settings(
    studio: StudioWindow, tmp_path: Path, until
) -> None:
    with Project.create(tmp_path / "Beach.studio") as made:
        made.add_asset(picture(tmp_path / "beach.png"), kind=Kind.IMAGE)
    studio.context.change_settings("projects", recent=(str(made.folder),))
    studio.set_catalog(catalog_of(describe(Sample), describe(Sample, "test/two", "Second")))
    palette = show_palette(studio)
    palette.search.setText("second")
    assert rows(palette)[0] == "Generator: Second"
    QTest.keyClick(palette.search, Qt.Key.Key_Return)
    until(lambda: studio.panel.generator.id == "test/two")
    palette = show_palette(studio)
    palette.search.setText("reduce motion")
    assert rows(palette)[0] == "Reduce motion: turn on"
    QTest.keyClick(palette.search, Qt.Key.Key_Return)
    until(lambda: studio.context.settings.appearance.reduced_motion)
    palette = show_palette(studio)
    palette.search.setText("theme dark")
    QTest.keyClick(palette.search, Qt.Key.Key_Return)
    until(lambda: studio.theme.is_dark)
    palette = show_palette(studio)
    palette.search.setText("beach")
    QTest.keyClick(palette.search, Qt.Key.Key_Return)
    until(lambda: studio.context.project is not None)
    assert studio.context.project.name == "Beach"


def test_what_was_used_last_is_at_the_top(studio: StudioWindow) -> None:
    studio.actions["view.theme_light"].trigger()
    palette = show_palette(studio)
    assert palette.model.offer(0).id == "view.theme_light"
    assert palette.model.offer(0).is_on


def test_nothing_fits(studio: StudioWindow) -> None:
    palette = show_palette(studio)
    palette.search.setText("zzzzqqq")
    assert palette.nothing.isVisible() and not palette.view.isVisible()
    QTest.keyClick(palette.search, Qt.Key.Key_Return)
    assert palette.isVisible()


def test_there_is_one_palette_and_it_leaves_nothing_behind(studio: StudioWindow) -> None:
    first = show_palette(studio)
    assert show_palette(studio) is first
    first.close()
    QApplication.sendPostedEvents(None, 52)
    QApplication.processEvents()
    assert studio.window.findChildren(Palette) == []
