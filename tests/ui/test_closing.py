"""A project that is closed while something is still at work on it, or asks about it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication, QDialog

from studio.core.kind import Kind
from studio.errors import ProjectClosed
from studio.jobs.runner import Runner
from studio.project.store import Project
from studio.ui.kit.dialogs import ProgressDialog, QuestionDialog
from studio.ui.shell.studio_window import StudioWindow
from tests.ui.builders import Sample, catalog_of, describe, picture


@pytest.fixture
def make(tmp_path: Path) -> Callable[[str], Path]:
    def build(name: str) -> Path:
        with Project.create(tmp_path / f"{name}.studio") as made:
            made.add_asset(picture(tmp_path / f"{name}.png"), kind=Kind.IMAGE)
        return made.folder

    return build


def shown(kind: type[QDialog]) -> list[QDialog]:
    """Those of windows, whatever other tests have left."""
    dialogs = [one for one in QApplication.topLevelWidgets() if isinstance(one, kind) and one.parentWidget()]
    return [one for one in dialogs if one.isVisible()]


def test_dialogs_about_a_project_close_with_it(studio: StudioWindow, make, until) -> None:
    studio.projects.open(make("Lake"))
    until(lambda: studio.context.project is not None)
    studio.items.export(studio.context.project.items())
    QuestionDialog(studio.gallery, "Sure?", "", []).open()
    assert len(shown(QDialog)) == 2
    studio.projects.open(make("Beach"))
    assert shown(QDialog) == []
    until(lambda: studio.context.project is not None)


def test_what_is_about_no_project_stays(studio: StudioWindow, make, until) -> None:
    studio.projects.open(make("Lake"))
    until(lambda: studio.context.project is not None)
    studio.help.show_log()
    studio.projects.close()
    until(lambda: studio.window.shows_welcome)
    assert len(shown(QDialog)) == 1
    shown(QDialog)[0].close()


def test_dialogs_of_another_window_stay(studio: StudioWindow, make, until) -> None:
    other = studio.session.open_in_window(make("Beach"))
    studio.projects.open(make("Lake"))
    until(lambda: other.context.project is not None and studio.context.project is not None)
    QuestionDialog(other.window, "Sure?", "", []).open()
    studio.projects.close()
    until(lambda: studio.window.shows_welcome)
    assert len(shown(QDialog)) == 1
    other.window.close()
    assert shown(QDialog) == []
    until(lambda: other._ended)


@pytest.fixture
def slow_start(monkeypatch: pytest.MonkeyPatch) -> tuple[threading.Event, threading.Event, list[str]]:
    """Runners that start only when they may: (one is starting, it may, what was done with it)."""
    begun, may, done = threading.Event(), threading.Event(), []
    start, stop = Runner.start, Runner.stop

    def slow(self: Runner) -> int:
        begun.set()
        may.wait(10)
        done.append("started")
        return start(self)

    def noted(self: Runner) -> None:
        done.append("stopped")
        stop(self)

    monkeypatch.setattr(Runner, "start", slow)
    monkeypatch.setattr(Runner, "stop", noted)
    monkeypatch.setattr(Runner, "warm_up", lambda _: None)
    return begun, may, done


def test_a_queue_that_just_starts_ends_before_its_project(
    studio: StudioWindow, make, until, slow_start
) -> None:
    begun, may, done = slow_start
    studio.projects.open(make("Lake"))
    until(lambda: studio.context.project is not None)
    project = studio.context.project
    studio.set_catalog(catalog_of(describe(Sample)))
    until(begun.is_set)
    studio.projects.close()
    assert project.db.read("SELECT 1")  # it is still waited for
    may.set()
    until(lambda: not studio.context.tasks.running)
    assert done == ["started", "stopped"]
    assert studio.context.runner is None
    with pytest.raises(ProjectClosed):
        project.db.read("SELECT 1")


def test_only_one_queue_is_started(studio: StudioWindow, make, until, slow_start) -> None:
    begun, may, done = slow_start
    studio.projects.open(make("Lake"))
    until(lambda: studio.context.project is not None)
    studio.set_catalog(catalog_of(describe(Sample)))
    studio.projects.start_runner()
    until(begun.is_set)
    may.set()
    until(lambda: studio.context.runner is not None and not studio.context.tasks.running)
    assert done == ["started"]


def test_the_end_waits_for_a_queue_that_just_starts(studio: StudioWindow, make, until, slow_start) -> None:
    begun, may, done = slow_start
    folder = make("Lake")
    studio.projects.open(folder)
    until(lambda: studio.context.project is not None)
    studio.set_catalog(catalog_of(describe(Sample)))
    until(begun.is_set)
    threading.Timer(0.2, may.set).start()
    studio.session.quit()
    studio.session.end()
    assert done == ["started", "stopped"]
    with Project.open(folder):
        pass


def test_a_project_that_is_just_being_opened_is_closed_at_the_end(
    studio: StudioWindow, make, monkeypatch
) -> None:
    folder, may = make("Lake"), threading.Event()
    real = Project.open

    def slow(folder: Path, **how: bool) -> Project:
        may.wait(10)
        return real(folder, **how)

    monkeypatch.setattr(Project, "open", slow)
    studio.projects.open(folder)
    threading.Timer(0.2, may.set).start()
    studio.session.quit()
    studio.session.end()
    with real(folder):
        pass


def test_the_end_closes_what_a_closed_window_leaves(studio: StudioWindow, make, until) -> None:
    first, second = make("Lake"), make("Beach")
    studio.projects.open(first)
    other = studio.session.open_in_window(second)
    until(lambda: other.context.project is not None and studio.context.project is not None)
    other.window.close()
    studio.session.quit()
    studio.session.end()
    for folder in (first, second):
        with Project.open(folder):
            pass


def test_photos_that_come_in_while_the_window_is_built_anew(
    studio: StudioWindow, make, until, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    studio.projects.open(make("Lake"))
    until(lambda: studio.context.project is not None)
    may, real = threading.Event(), Project.add_assets

    def slow(self: Project, assets: object) -> object:
        may.wait(10)
        return real(self, assets)

    monkeypatch.setattr(Project, "add_assets", slow)
    files = [picture(tmp_path / f"{n}.png", (n * 20, 90, 90)) for n in range(5)]
    studio.items.bring_in(files)
    until(lambda: len(shown(ProgressDialog)) == 1 and "Bringing" in shown(ProgressDialog)[0].heading.text())
    studio.rebuild()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    may.set()
    until(lambda: studio.workspace.notice.shown is not None)
    assert studio.workspace.notice.shown.text == "5 photos added"
    assert studio.gallery.model.rowCount() == 6


def test_work_on_a_closed_project_is_not_complained_about(studio: StudioWindow, make, until) -> None:
    studio.projects.open(make("Lake"))
    until(lambda: studio.context.project is not None)
    project, may = studio.context.project, threading.Event()

    def work(_: object) -> None:
        may.wait(10)
        project.db.read("SELECT 1")

    studio.context.tasks.start("Reading", work, lambda _: None)
    studio.projects.close()
    until(lambda: len(studio.context.tasks.running) == 1)
    may.set()
    until(lambda: not studio.context.tasks.running)
    assert shown(QDialog) == []
