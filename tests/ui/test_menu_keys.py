"""A letter belongs to the menu that is open, even where it is the key of a panel's command."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QHBoxLayout, QListWidget, QMainWindow, QMenu, QWidget

from studio.ui.generate.prompt_edit import PromptEdit
from studio.ui.kit.menu_keys import BarKeys, KeyMenu
from studio.ui.shell.studio_window import StudioWindow


class Desk:
    """Two panels, each with commands that have a letter; all of them are in one menu."""

    def __init__(self, qtbot) -> None:
        self.ran: list[str] = []
        self.window = QMainWindow()
        qtbot.addWidget(self.window)
        self.bar = self.window.menuBar()
        BarKeys(self.bar)
        self.left, self.right = QListWidget(), QListWidget()
        whole = QWidget()
        row = QHBoxLayout(whole)
        row.addWidget(self.left)
        row.addWidget(self.right)
        self.window.setCentralWidget(whole)
        self.menu = KeyMenu("&Item", self.bar)
        self.bar.addMenu(self.menu)
        for panel, text, keys in (
            (self.left, "&Restore", "Q"),
            (self.right, "Reference", "R"),
            (self.left, "Swap", "X"),
            (self.right, "Reject", "X"),
        ):
            action = QAction(text, self.window)
            action.setShortcut(keys)
            action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            action.triggered.connect(partial(self.ran.append, text))
            panel.addAction(action)
            self.menu.addAction(action)
        self.window.show()
        self.window.activateWindow()
        self.right.setFocus()


@pytest.fixture
def desk_of_two(qtbot, until: Callable) -> Desk:
    made = Desk(qtbot)
    until(made.right.hasFocus)
    return made


def test_a_panel_has_its_letters(desk_of_two: Desk) -> None:
    QTest.keyClick(desk_of_two.right, Qt.Key.Key_R)
    QTest.keyClick(desk_of_two.right, Qt.Key.Key_X)
    assert desk_of_two.ran == ["Reference", "Reject"]


def test_an_open_menu_runs_the_entry_with_that_letter(desk_of_two: Desk) -> None:
    menu = desk_of_two.menu
    menu.popup(desk_of_two.window.pos())
    QTest.keyClick(menu, Qt.Key.Key_X)  # ambiguous for Qt, which would write so
    assert menu.isVisible()
    assert not desk_of_two.ran
    QTest.keyClick(menu, Qt.Key.Key_R)
    assert desk_of_two.ran == ["&Restore"]


def test_a_letter_for_the_bar_is_no_command_of_a_panel(desk_of_two: Desk) -> None:
    desk_of_two.bar.setFocus(Qt.FocusReason.MenuBarFocusReason)
    QTest.keyClick(desk_of_two.bar, Qt.Key.Key_R)
    assert not desk_of_two.ran


def test_chords_stay_what_they_are(desk_of_two: Desk) -> None:
    action = QAction("All", desk_of_two.window)
    action.setShortcut("Ctrl+R")
    action.setShortcutContext(Qt.ShortcutContext.ApplicationShortcut)
    action.triggered.connect(partial(desk_of_two.ran.append, "All"))
    desk_of_two.window.addAction(action)
    desk_of_two.menu.popup(desk_of_two.window.pos())
    QTest.keyClick(desk_of_two.menu, Qt.Key.Key_R, Qt.KeyboardModifier.ControlModifier)
    assert desk_of_two.ran == ["All"]


def test_all_menus_of_the_window_keep_their_keys(studio: StudioWindow) -> None:
    bar = studio.window.menuBar()
    menus = studio.window.findChildren(QMenu)
    assert len(menus) > 20
    of_qt = {menu.parent() for menu in menus if not isinstance(menu, KeyMenu)}
    assert of_qt <= {bar}, "one there holds what a narrow window has no room for"
    assert bar.findChild(BarKeys) is not None


def test_the_usual_entries_of_a_text_are_in_a_menu_of_ours(qtbot) -> None:
    edit = PromptEdit("prompt", None)
    qtbot.addWidget(edit)
    edit.insertPlainText("lake")
    menu = edit.menu_at(edit.textCursor())
    assert isinstance(menu, KeyMenu)
    assert any(action.isEnabled() and "All" in action.text() for action in menu.actions())
    menu.close()
