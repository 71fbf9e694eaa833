"""Recent projects: in the menu and in their dialog."""

from __future__ import annotations

from pathlib import Path

import pytest

from studio.core.kind import Kind
from studio.project.store import Project
from studio.ui.shell.recent import RecentDialog
from studio.ui.shell.studio_window import StudioWindow
from tests.ui.builders import picture


@pytest.fixture
def folders(tmp_path: Path) -> list[Path]:
    found = []
    for name in ("Lake", "Beach"):
        with Project.create(tmp_path / f"{name}.studio") as made:
            made.add_asset(picture(tmp_path / f"{name}.png"), kind=Kind.IMAGE)
        found.append(made.folder)
    return found


@pytest.fixture
def dialog(studio: StudioWindow, folders: list[Path], tmp_path: Path, until) -> RecentDialog:
    gone = str(tmp_path / "Gone.studio")
    recent = (*(str(folder) for folder in folders), gone)
    studio.context.change_settings("projects", recent=recent, times={recent[0]: 1_700_000_000.0})
    studio.manage_recent()
    (made,) = studio.window.findChildren(RecentDialog)
    until(lambda: "missing" in made.tree.topLevelItem(2).text(0))
    return made


def names(dialog: RecentDialog) -> list[str]:
    return [dialog.tree.topLevelItem(row).text(0) for row in range(dialog.tree.topLevelItemCount())]


def choose(dialog: RecentDialog, row: int) -> None:
    dialog.tree.setCurrentIndex(dialog.tree.model().index(row, 0))


def test_what_is_gone_is_marked_and_not_opened(dialog: RecentDialog) -> None:
    assert names(dialog) == ["Lake", "Beach", "Gone (missing)"]
    assert dialog.tree.topLevelItem(0).text(1)
    choose(dialog, 2)
    assert not dialog.open_button.isEnabled() and dialog.remove.isEnabled()


def test_pinned_ones_come_first_and_stay(studio: StudioWindow, dialog: RecentDialog) -> None:
    choose(dialog, 1)
    dialog.pin.click()
    assert names(dialog) == ["Beach", "Lake", "Gone (missing)"]
    assert dialog.pin.text() == "Unpin"
    dialog.clear.click()
    assert names(dialog) == ["Beach"]
    assert not dialog.clear.isEnabled()
    assert [action.text() for action in studio.menus.recent.actions()] == ["Beach"]
    dialog.remove.click()
    assert names(dialog) == [] and not dialog.tree.isVisible()
    assert studio.context.settings.projects.pinned == ()
    assert not studio.menus.recent.isEnabled()


def test_one_is_opened_here_or_beside(
    studio: StudioWindow, dialog: RecentDialog, folders: list[Path], until
) -> None:
    choose(dialog, 0)
    dialog.open_button.click()
    until(lambda: studio.context.project is not None)
    assert studio.context.project.folder == folders[0]
    studio.manage_recent()
    second = next(one for one in studio.window.findChildren(RecentDialog) if one.isVisible())
    choose(second, 1)
    second.beside.click()
    until(lambda: len(studio.session.windows) == 2 and studio.session.windows[1].context.project is not None)
    assert studio.session.windows[1].context.project.folder == folders[1]


def test_the_menu_opens_them(studio: StudioWindow, dialog: RecentDialog, folders: list[Path], until) -> None:
    dialog.close()
    studio.menus.recent.actions()[1].trigger()
    until(lambda: studio.context.project is not None)
    assert studio.context.project.folder == folders[1]
