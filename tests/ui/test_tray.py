from __future__ import annotations

import pytest
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication, QSystemTrayIcon, QWidget

from studio.core.item import JobState
from studio.errors import BadInput
from studio.jobs.overview import overview
from studio.jobs.queue import Queue
from studio.project.store import Project
from studio.ui.kit.theme import DARK, LIGHT
from studio.ui.queue.panel import QueuePanel
from studio.ui.shell.tray import LONG_SECONDS, BatchWatch, Ended, Outside, drawn, ended_of
from tests.ui.builders import recipe
from tests.ui.queue.driving import FakeRunner


@pytest.fixture
def queue(project: Project) -> Queue:
    return Queue(project)


def submit(queue: Queue, count: int) -> str:
    return queue.submit([recipe(n) for n in range(count)], title="Birds")[0].batch


def finish(queue: Queue) -> None:
    job = queue.claim()
    queue.fail(job.id, BadInput("The mask is empty."), seconds=1.0, peak_memory=1)


def test_a_long_batch_is_told_of_when_it_is_over(queue: Queue) -> None:
    now = [0.0]
    watch = BatchWatch(lambda: now[0])
    batch = submit(queue, 2)
    assert not watch.look(overview(queue).open_groups()), "nothing of it has run"
    queue.claim()
    watch.look(overview(queue).open_groups())
    now[0] = LONG_SECONDS + 1
    queue.cancel_batch(batch)
    assert watch.look(overview(queue).open_groups()) == [batch]
    assert not watch.look(overview(queue).open_groups()), "once"


def test_a_short_one_is_not_but_one_of_many_jobs_is(queue: Queue) -> None:
    watch = BatchWatch(lambda: 0.0)
    for count, told in ((2, 0), (4, 1)):
        submit(queue, count)
        queue.claim()
        watch.look(overview(queue).open_groups())
        for job in queue.jobs([JobState.QUEUED, JobState.RUNNING]):
            queue.cancel(job.id)
        assert len(watch.look(overview(queue).open_groups())) == told


def test_the_end_in_words(queue: Queue) -> None:
    batch = submit(queue, 1)
    finish(queue)
    ended = ended_of(queue, batch)
    assert ended == Ended("Birds", 0, 1, "The mask is empty.")
    assert ended.words() == "1 of 1 failed. The mask is empty."
    assert Ended("Birds", 3, 0, "").words() == "3 results are ready."
    assert ended_of(queue, "of a project that was closed") is None


@pytest.mark.parametrize("theme", [LIGHT, DARK])
@pytest.mark.parametrize("is_paused", [False, True])
def test_progress_is_drawn_on_the_icon(qapp, theme, is_paused: bool) -> None:
    def accents(percent: int) -> int:
        image = drawn(percent, is_paused, theme).pixmap(64, 64).toImage()
        color = theme.color("warning" if is_paused else "accent").rgb()
        return sum(image.pixel(x, y) == color for x in range(64) for y in range(64))

    assert accents(5) < accents(40) < accents(90)


@pytest.fixture
def outside(qtbot, dressed, desk, project: Project, monkeypatch):
    monkeypatch.setattr(QSystemTrayIcon, "isSystemTrayAvailable", staticmethod(lambda: True))
    monkeypatch.setattr(QSystemTrayIcon, "supportsMessages", staticmethod(lambda: True))
    monkeypatch.setattr(QApplication, "activeWindow", staticmethod(lambda: None))
    told: list[tuple[str, str]] = []
    monkeypatch.setattr(
        QSystemTrayIcon, "showMessage", lambda self, title, words, *rest: told.append((title, words))
    )
    window = QWidget()
    qtbot.addWidget(window)
    window.setWindowTitle("Trip")
    panel = QueuePanel(dressed)
    qtbot.addWidget(panel)
    runner = FakeRunner(project)
    desk.runner = runner
    panel.set_runner(runner)  # type: ignore[arg-type]
    made = Outside(desk, panel, window, dressed)
    made.told, made.panel, made.window, made.queue = told, panel, window, runner.queue  # type: ignore[attr-defined]
    yield made
    made.close()
    desk.runner = None


def look(outside: Outside) -> None:
    outside.panel.refresh()
    outside.refresh()


def test_title_and_tray_follow_the_queue(outside: Outside, desk) -> None:
    look(outside)
    assert outside.tray is None
    submit(outside.queue, 4)
    finish(outside.queue)
    outside.queue.claim()
    look(outside)
    assert outside.window.windowTitle() == "25 % – Trip"
    assert outside.tray is not None
    assert isinstance(outside.tray.icon(), QIcon)
    assert "25 %" in outside.tray.toolTip()
    texts = [action.text() for action in outside.tray.contextMenu().actions() if not action.isSeparator()]
    assert texts == ["Show Studio", "Pause all", "Quit"]
    outside.window.setWindowTitle("Other")
    look(outside)
    assert outside.window.windowTitle() == "25 % – Other"
    desk.change_settings("notices", tray=False)
    look(outside)
    assert outside.tray is None


def test_a_notification_tells_of_the_end(outside: Outside, desk) -> None:
    batch = submit(outside.queue, 5)
    finish(outside.queue)
    outside.queue.claim()
    look(outside)
    outside.queue.cancel_batch(batch)
    look(outside)
    assert outside.told == [("Birds", "1 of 1 failed. The mask is empty.")]
    assert outside.window.windowTitle() == "Trip"
    desk.change_settings("notices", notify=False)
    batch = submit(outside.queue, 5)
    outside.queue.claim()
    look(outside)
    outside.queue.cancel_batch(batch)
    look(outside)
    assert len(outside.told) == 1
