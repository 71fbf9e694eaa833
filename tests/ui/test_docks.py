"""Panels: folded, floated, hidden, remembered; the window on screens that are gone."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QByteArray, QRect, QSettings, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from studio.core.kind import Kind
from studio.project.store import Project
from studio.ui.kit.geometry import setup_key
from studio.ui.shell.studio_window import StudioWindow
from studio.ui.shell.window import _screens
from tests.ui.builders import picture


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    with Project.create(tmp_path / "Beach.studio") as made:
        made.add_asset(picture(tmp_path / "beach.png"), kind=Kind.IMAGE)
    return made.folder


@pytest.fixture
def opened(studio: StudioWindow, folder: Path, until) -> StudioWindow:
    studio.window.resize(1200, 760)
    studio.projects.open(folder)
    until(lambda: studio.context.project is not None)
    QApplication.processEvents()
    return studio


def test_a_double_click_folds_a_panel_to_its_title(opened: StudioWindow, until) -> None:
    gallery = opened.window.panels["gallery"]
    before = gallery.height()
    QTest.mouseDClick(gallery._bar, Qt.MouseButton.LeftButton)
    until(lambda: gallery.height() < 60)
    assert gallery.is_folded and not gallery._content.isVisible()
    QTest.mouseDClick(gallery._bar, Qt.MouseButton.LeftButton)
    until(lambda: gallery.height() > 100)
    assert gallery._content.isVisible()
    assert before > 100


def test_a_panel_that_is_alone_at_its_side_becomes_a_slim_bar(opened: StudioWindow, until) -> None:
    panel = opened.window.panels["generate"]
    room = opened.workspace.width()
    panel.fold_button.click()
    until(lambda: panel.width() < 50)
    assert panel.height() > 300
    until(lambda: opened.workspace.width() > room)
    panel.unfold_button.click()
    until(lambda: panel.width() > 200)


def test_folded_panels_are_remembered(opened: StudioWindow, another, until) -> None:
    opened.window.panels["generate"].set_folded(True)
    opened.window.panels["queue"].set_folded(True)
    opened.window.close()
    opened.end()
    again = another()
    again.show(None)
    again.window.resize(1200, 760)
    until(lambda: again.context.project is not None)
    until(lambda: again.window.panels["generate"].is_folded)
    assert again.window.panels["queue"].is_folded
    until(lambda: not again.window.panels["gallery"].is_folded)
    assert not again.window.panels["gallery"].is_folded
    again.window.reset_layout()
    assert not again.window.panels["queue"].is_folded


def test_a_floating_panel_is_whole_and_comes_back(opened: StudioWindow) -> None:
    panel = opened.window.panels["recipe"]
    panel.set_folded(True)
    panel._on_float()
    assert panel.isFloating() and not panel.is_folded
    panel.set_folded(True)
    assert not panel.is_folded
    opened.window.reset_layout()
    assert not panel.isFloating()


def test_panels_may_lie_under_tabs(opened: StudioWindow) -> None:
    panels, inner = opened.window.panels, opened.window.inner
    inner.tabifyDockWidget(panels["gallery"], panels["recipe"])
    QApplication.processEvents()
    panels["gallery"].set_folded(True)
    assert not panels["gallery"].is_folded


def test_a_folded_window_is_built_anew_as_it_was(opened: StudioWindow) -> None:
    opened.window.panels["generate"].set_folded(True)
    opened.rebuild()
    QApplication.processEvents()
    assert opened.window.panels["generate"].is_folded


def remembered(home: Path, *, here: bool, geometry: object, layout: object = None) -> None:
    memory = QSettings(str(home / "config" / "window.ini"), QSettings.Format.IniFormat)
    group = setup_key(_screens()) if here else "last"
    memory.setValue(f"{group}/geometry", geometry)
    if layout is not None:
        memory.setValue(f"{group}/layout", layout)
    memory.sync()


@pytest.mark.parametrize("here", [True, False])
@pytest.mark.parametrize(
    "place",
    [
        QRect(9000, 4000, 1200, 800),
        QRect(-5000, 0, 1000, 700),
        QRect(0, 0, 7000, 5000),
        QRect(10, -900, 1000, 700),
    ],
)
def test_a_window_comes_back_on_a_screen_that_is_there(another, home: Path, place: QRect, here: bool) -> None:
    first = another()
    first.window.setGeometry(place)
    saved = first.window.saveGeometry()
    first.window.hide()
    (home / "config").mkdir(exist_ok=True)
    remembered(home, here=here, geometry=saved)
    window = another().window
    screen = QGuiApplication.primaryScreen().availableGeometry()
    found = window.geometry()
    assert found.intersected(screen).width() >= min(120, found.width())
    assert screen.top() <= found.top() <= screen.bottom()
    assert found.size() == found.size().boundedTo(screen.size().expandedTo(window.minimumSize()))


@pytest.mark.parametrize("broken", [QByteArray(b"nonsense"), QByteArray(), "text", 17])
def test_broken_geometry_falls_back(another, home: Path, broken: object) -> None:
    (home / "config").mkdir(exist_ok=True)
    remembered(home, here=True, geometry=broken, layout=broken)
    window = another().window
    assert window.width() >= window.minimumWidth()
    window.show_welcome(False)
    window.show()
    assert not window.panels["queue"].isHidden()


def test_a_broken_file_falls_back(another, home: Path) -> None:
    (home / "config").mkdir(exist_ok=True)
    (home / "config" / "window.ini").write_bytes(b"\x00\xff[last\ngeometry=@ByteArray(\\x1")
    window = another().window
    window.show()
    assert window.isVisible()


def test_its_entry_in_the_menu_shows_and_hides_a_panel_and_says_which(opened: StudioWindow) -> None:
    queue, entry = opened.window.panels["queue"], opened.actions["window.panel_queue"]
    assert entry.isChecked() and not queue.isHidden()
    entry.trigger()
    assert not entry.isChecked() and queue.isHidden()
    entry.trigger()
    assert entry.isChecked() and not queue.isHidden()
    queue.close()
    assert not entry.isChecked()
    opened.window.hide()
    assert opened.actions["window.panel_gallery"].isChecked(), "the panel is there when the window is again"
