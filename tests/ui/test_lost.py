"""A project on a drive that is pulled while it is open."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from PySide6.QtCore import QRect
from PySide6.QtWidgets import QApplication, QDialog

from studio.core.kind import Kind
from studio.errors import BadInput, ProjectError
from studio.project.store import Project
from studio.ui.kit.dialogs import ErrorDialog
from studio.ui.project import lost
from studio.ui.project.lost import is_about_files
from studio.ui.shell.studio_window import StudioWindow
from tests.ui.builders import Sample, catalog_of, describe, picture
from tests.ui.pictures import canvas_of


@pytest.fixture
def opened(studio: StudioWindow, tmp_path: Path, until, monkeypatch) -> StudioWindow:
    monkeypatch.setattr(lost, "LOOK_MS", 20)
    studio._lost.watch._timer.setInterval(20)
    with Project.create(tmp_path / "stick" / "Beach.studio") as made:
        made.add_asset(picture(tmp_path / "beach.png"), kind=Kind.IMAGE)
    studio.set_catalog(catalog_of(describe(Sample)))
    studio.projects.open(made.folder)
    until(lambda: studio.context.project is not None and canvas_of(studio).mask_model is not None)
    until(lambda: studio.context.runner is not None)
    return studio


def dialogs(studio: StudioWindow) -> list[QDialog]:
    return [one for one in studio.window.findChildren(QDialog) if one.isVisible()]


def test_it_is_told_once_and_everything_comes_back(opened: StudioWindow, tmp_path: Path, until) -> None:
    canvas_of(opened).invert()
    opened.panel.set_values({"steps": 9, "prompt": "a lake"})
    (tmp_path / "stick").rename(tmp_path / "pulled")
    bar = opened.window.lost_bar
    until(bar.isVisible)
    assert "Beach" in bar.text.text()
    until(lambda: not opened.context.tasks.running)
    assert opened.context.project is None and opened.context.runner is None
    assert not opened.window.shows_welcome
    assert not dialogs(opened)
    assert canvas_of(opened).mask_model.coverage == 1
    assert not opened.actions["file.export"].isEnabled()
    opened.actions["file.import"].isEnabled()
    bar.again.click()
    until(lambda: dialogs(opened))
    dialogs(opened)[0].close()
    assert bar.isVisible()
    (tmp_path / "pulled").rename(tmp_path / "stick")
    until(lambda: opened.context.project is not None)
    assert not bar.isVisible()
    assert opened.gallery.model.rowCount() == 1
    assert canvas_of(opened).mask_model.coverage == 1
    assert opened.panel.form.model.value("steps") == 9
    assert opened.panel.form.model.value("prompt") == "a lake"
    until(lambda: opened.context.runner is not None)


def test_it_can_be_closed_instead(opened: StudioWindow, tmp_path: Path, until) -> None:
    (tmp_path / "stick").rename(tmp_path / "pulled")
    until(opened.window.lost_bar.isVisible)
    until(lambda: not opened.context.tasks.running)
    opened.window.lost_bar.close_project.click()
    until(lambda: opened.window.shows_welcome)
    assert not opened.window.lost_bar.isVisible()
    (tmp_path / "pulled").rename(tmp_path / "stick")
    for _ in range(20):
        QApplication.processEvents()
    assert opened.context.project is None


def test_what_is_still_shown_of_it_does_nothing_meanwhile(
    opened: StudioWindow, tmp_path: Path, until
) -> None:
    (item,) = opened.context.project.items()
    (tmp_path / "stick").rename(tmp_path / "pulled")
    until(opened.window.lost_bar.isVisible)
    until(lambda: not opened.context.tasks.running)
    photo = canvas_of(opened).photo
    for use in (opened.items.go_on_with, opened.items.show_file, opened.items.look):
        use(item)
    opened.items.compare([item])
    assert canvas_of(opened).photo is photo
    assert not dialogs(opened)


def test_another_project_may_be_opened_meanwhile(opened: StudioWindow, tmp_path: Path, until) -> None:
    with Project.create(tmp_path / "Lake.studio") as other:
        pass
    (tmp_path / "stick").rename(tmp_path / "pulled")
    until(opened.window.lost_bar.isVisible)
    until(lambda: not opened.context.tasks.running)
    opened.projects.open(other.folder)
    until(lambda: opened.context.project is not None)
    assert opened.context.project.name == "Lake"
    assert not opened.window.lost_bar.isVisible()
    assert canvas_of(opened).mask_model is None


def test_errors_that_a_pulled_drive_causes_are_not_told_one_by_one(
    opened: StudioWindow, tmp_path: Path, until
) -> None:
    opened._lost.watch._timer.stop()
    (tmp_path / "stick").rename(tmp_path / "pulled")
    for _ in range(5):
        opened.context.report(OSError(5, "Input/output error"))
    until(opened.window.lost_bar.isVisible)
    assert not dialogs(opened)
    opened.context.report(OSError(5, "Input/output error"))
    assert not dialogs(opened)
    opened.context.report(BadInput("This is no picture."))
    assert dialogs(opened)


def test_an_error_of_a_drive_that_is_there_is_told(opened: StudioWindow, until) -> None:
    opened.context.report(OSError(5, "Input/output error"))
    until(lambda: dialogs(opened))
    assert isinstance(dialogs(opened)[0], ErrorDialog)
    assert opened.context.project is not None


def test_a_database_that_fails_on_reading_is_a_pulled_drive_too(
    opened: StudioWindow, until, monkeypatch
) -> None:
    def broken(self: Path, *_: object, **__: object) -> object:
        raise OSError(5, "Input/output error", str(self))

    with monkeypatch.context() as patch:
        patch.setattr(lost, "read_some", broken)
        until(opened.window.lost_bar.isVisible)
    until(lambda: opened.context.project is not None)


def test_the_program_can_end_meanwhile(opened: StudioWindow, tmp_path: Path, until) -> None:
    (tmp_path / "stick").rename(tmp_path / "pulled")
    opened.window.close()
    opened.end()
    assert opened.context.settings.projects.open == (str(tmp_path / "stick" / "Beach.studio"),)


def test_which_errors_are_about_files() -> None:
    assert is_about_files(OSError(5, "x"))
    assert is_about_files(ProjectError("x"))
    caused = BadInput("x")
    caused.__cause__ = sqlite3.OperationalError("disk I/O error")
    assert is_about_files(caused)
    assert not is_about_files(ValueError("x"))
    assert not is_about_files(None)


def test_the_bar_has_room_for_its_words(opened: StudioWindow, tmp_path: Path, until) -> None:
    opened.window.setGeometry(QRect(0, 0, 960, 600))
    (tmp_path / "stick").rename(tmp_path / "pulled")
    bar = opened.window.lost_bar
    until(bar.isVisible)
    QApplication.processEvents()
    assert bar.text.height() >= bar.text.heightForWidth(bar.text.width())
