"""What takes long happens behind the window: it tells how far it is, can be stopped, the window answers."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from studio.core.item import Label
from studio.project import watch
from studio.project.store import Project
from studio.ui.kit.dialogs import ProgressDialog
from studio.ui.kit.tasks import Task
from studio.ui.shell.studio_window import StudioWindow
from tests.ui.builders import picture
from tests.ui.gallery.driving import fill

COUNT = 3000


@pytest.fixture
def opened(studio: StudioWindow, tmp_path: Path, until) -> StudioWindow:
    with Project.create(tmp_path / "Many.studio") as made:
        fill(made, COUNT, *made.store_blob(picture(tmp_path / "one.png"), extension=".png"))
    studio.projects.open(made.folder)
    until(lambda: studio.gallery.model.rowCount() == COUNT)
    studio.gallery.view.select_all()
    return studio


class Held:
    """Lets tasks go on as far as a test wants: it waits between two parts."""

    def __init__(self) -> None:
        self.reached, self.go = threading.Event(), threading.Event()


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> Iterator[Held]:
    made, progress = Held(), Task.progress

    def slow(task: Task, done: float, total: float, message: str = "") -> None:
        progress(task, done, total, message)
        if done / total > 0.5:
            made.reached.set()
            made.go.wait(60)

    monkeypatch.setattr(Task, "progress", slow)
    monkeypatch.setattr(watch, "CHUNK", 100)
    yield made
    made.go.set()


def dialog() -> ProgressDialog:
    return next(
        one for one in QApplication.topLevelWidgets() if isinstance(one, ProgressDialog) and one.isVisible()
    )


Deed = Callable[[StudioWindow], object]
DEEDS: dict[str, Deed] = {
    "rate": lambda studio: studio.gallery.organizer.rate(4),
    "label": lambda studio: studio.gallery.organizer.put_label(Label.BLUE),
    "reject": lambda studio: studio.gallery.organizer.reject(),
    "trash": lambda studio: studio.gallery.organizer.trash(),
}


def state(studio: StudioWindow) -> list[object]:
    every = studio.context.project.items(limit=COUNT)
    return [(item.stars, item.label, item.rejected) for item in every]


@pytest.mark.slow
@pytest.mark.parametrize("name", DEEDS)
def test_a_change_of_many_items_is_stopped_and_nothing_was_changed(
    opened: StudioWindow, held: Held, until, name: str
) -> None:
    before = state(opened)
    DEEDS[name](opened)
    until(held.reached.is_set)
    shown = dialog()
    until(lambda: shown.bar.value() > 400)
    shown.stop.click()
    assert shown.isVisible() and not shown.stop.isEnabled(), "it waits until all is as it was"
    held.go.set()
    until(lambda: not opened.context.tasks.running)
    assert not shown.isVisible()
    assert state(opened) == before
    assert opened.context.project.history.undo_title is None
    assert opened.workspace.notice.text.whole_text() == "Stopped. Nothing was changed."


@pytest.mark.slow
def test_a_change_of_many_items_and_its_undo_end_by_themselves(opened: StudioWindow, until) -> None:
    DEEDS["rate"](opened)
    until(lambda: not opened.context.tasks.running)
    assert {stars for stars, *_ in state(opened)} == {4}
    opened.undo.undo_project()
    until(lambda: not opened.context.tasks.running)
    assert {stars for stars, *_ in state(opened)} == {0}


@pytest.mark.slow
def test_the_window_answers_while_many_items_are_changed(opened: StudioWindow, until) -> None:
    """It gets its turn often: as a share of the work's time, since another computer may be much slower."""
    gaps, last = [], time.perf_counter()

    def beat() -> None:
        nonlocal last
        now = time.perf_counter()
        gaps.append(now - last)
        last = now

    timer = QTimer()
    timer.timeout.connect(beat)
    timer.start(2)
    for name in ("label", "reject", "trash"):
        DEEDS[name](opened)
        until(lambda: not opened.context.tasks.running)
    timer.stop()
    assert len(gaps) > 30
    assert max(gaps) < 0.1 + sum(gaps) / 4


@pytest.mark.slow
def test_a_check_of_the_project_can_be_stopped(opened: StudioWindow, held: Held, until) -> None:
    opened.parts.exchange.check()
    until(held.reached.is_set)
    dialog().stop.click()
    held.go.set()
    until(lambda: not opened.context.tasks.running)
    assert opened.context.project is not None
