"""The line at the foot of the window that tells what runs."""

from __future__ import annotations

import itertools
import json
import re
from io import BytesIO

import pytest
from PIL import Image
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication

from studio.jobs.events import JobPreview, JobProgress
from studio.jobs.queue import Job
from studio.jobs.time_left import Left, TimeLeft
from studio.project.store import Project
from studio.ui.queue.panel import QueuePanel
from studio.ui.queue.strip import Strip
from studio.ui.shell.studio_window import StudioWindow
from tests.benchmarks.time_left_traces import FILE
from tests.ui.builders import recipe
from tests.ui.queue.driving import FakeRunner, submit


@pytest.fixture
def strip(panel: QueuePanel, qtbot) -> Strip:
    made = panel.strip
    qtbot.addWidget(made)
    made.resize(900, 40)
    made.show()
    return made


def run_next(panel: QueuePanel, runner: FakeRunner) -> Job:
    job = runner.queue.claim()
    panel.refresh()
    return job


def test_where_nothing_runs_it_only_opens_the_queue(strip: Strip) -> None:
    assert strip.current is None
    assert not strip.title.isVisible() and not strip.bar.isVisible() and not strip.cancel.isVisible()
    assert strip.rest.isVisible() and strip.rest.text() == "Queue"


def test_it_tells_what_runs_how_far_it_is_and_what_waits(
    panel: QueuePanel, runner: FakeRunner, strip: Strip
) -> None:
    runner.queue.submit([recipe(1)], title="Remove: beach")
    submit(runner, 3)
    panel.refresh()
    assert strip.words.whole_text() == "Waiting"
    job = run_next(panel, runner)
    assert strip.title.whole_text() == "Remove: beach"
    assert (strip.words.whole_text(), strip.bar.maximum()) == ("Starting…", 0)
    assert strip.rest.text() == "3 waiting"
    panel.on_event(JobProgress(job.id, 0.0, "Loading the model", None))
    assert strip.words.whole_text() == "Loading the model"
    panel.on_event(JobProgress(job.id, 0.25, "Filling", Left(25, 40)))
    assert (strip.bar.value(), strip.bar.maximum()) == (250, 1000)
    assert strip.words.whole_text() == "about 25 to 40 s left"


def test_a_batch_is_told_as_one(panel: QueuePanel, runner: FakeRunner, strip: Strip) -> None:
    submit(runner, 4, "Four seeds")
    first = run_next(panel, runner)
    assert strip.title.whole_text() == "Four seeds"
    assert strip.words.whole_text() == "0 of 4"
    runner.queue.complete(first.id, [], env={}, seconds=2.0, peak_memory=1)
    second = run_next(panel, runner)
    panel.on_event(JobProgress(second.id, 0.5, "", Left(0.8, 1.2)))
    assert strip.words.whole_text().startswith("1 of 4")
    assert strip.bar.value() == 375
    assert strip.rest.text() == "Queue", "what waits is of the same batch"
    strip.cancel.click()
    assert runner.asked[-1][0] == "cancel_many"
    assert len(runner.asked[-1][1]) == 3


def test_of_two_that_run_the_later_one_is_shown(panel: QueuePanel, runner: FakeRunner, strip: Strip) -> None:
    for title in ("Long", "Short"):
        runner.queue.submit([recipe(1)], title=title)
        run_next(panel, runner)
    assert strip.title.whole_text() == "Short"
    assert strip.rest.text() == "1 running"


def test_a_paused_queue_says_so_and_goes_on(panel: QueuePanel, runner: FakeRunner, strip: Strip) -> None:
    submit(runner, 1)
    runner.queue.pause_all()
    panel.refresh()
    assert strip.words.whole_text() == "The queue is paused"
    strip.go_on.click()
    assert not runner.queue.paused


def test_a_preview_is_seen_until_another_job_is(panel: QueuePanel, runner: FakeRunner, strip: Strip) -> None:
    submit(runner, 1)
    job = run_next(panel, runner)
    file = BytesIO()
    Image.new("RGB", (64, 32), (200, 20, 20)).save(file, "PNG")
    panel.on_event(JobPreview("other", file.getvalue()))
    assert not strip.preview.isVisible()
    panel.on_event(JobPreview(job.id, file.getvalue()))
    assert strip.preview.isVisible()
    assert strip.preview.pixmap().deviceIndependentSize().width() == strip.preview.width()
    runner.queue.complete(job.id, [], env={}, seconds=2.0, peak_memory=1)
    panel.refresh()
    assert not strip.preview.isVisible()


def test_it_covers_nothing_and_nothing_moves_when_work_begins(
    studio: StudioWindow, project: Project, until
) -> None:
    window, strip = studio.window, studio.queue.strip
    window.show_welcome(False)
    window.resize(1024, 640)
    runner = FakeRunner(project)
    studio.queue.set_runner(runner)  # type: ignore[arg-type]
    until(lambda: window.panels["queue"].is_folded)  # so low a window has no room for it
    QApplication.processEvents()
    before = [studio.workspace.geometry(), window.stack.geometry(), window.statusBar().geometry()]
    runner.queue.submit([recipe(1)], title="Remove or replace: a photo with quite a long name of a camera")
    submit(runner, 3)
    run_next(studio.queue, runner)
    QApplication.processEvents()
    assert strip.bar.isVisible()
    assert [studio.workspace.geometry(), window.stack.geometry(), window.statusBar().geometry()] == before
    assert window.rect().contains(strip.rect().translated(strip.mapTo(window, QPoint())))
    assert strip.rest.width() >= strip.rest.sizeHint().width()
    studio.queue.set_runner(None)


def test_a_click_opens_the_queue_and_closes_it(studio: StudioWindow, qtbot, until) -> None:
    studio.window.resize(1400, 900)
    studio.window.show_welcome(False)
    queue, strip = studio.window.panels["queue"], studio.queue.strip
    queue.close()
    QApplication.processEvents()
    assert not strip.rest.isChecked()
    qtbot.mouseClick(strip, Qt.MouseButton.LeftButton, pos=QPoint(2, 2))
    assert queue.isVisible() and strip.rest.isChecked()
    until(lambda: studio.queue.height() >= studio.queue.looked_at)
    strip.rest.click()
    assert not queue.isVisible() and not strip.rest.isChecked()
    queue.show()
    queue.set_folded(True)
    assert not strip.rest.isChecked()
    strip.rest.click()
    assert queue.isVisible() and not queue.is_folded


@pytest.mark.parametrize("size", [(1024, 640), (1600, 1000)])
def test_five_rows_are_seen_when_it_is_opened_and_the_stage_has_their_height_afterwards(
    studio: StudioWindow, until, size: tuple[int, int]
) -> None:
    window, strip = studio.window, studio.queue.strip
    window.resize(*size)
    window.show_welcome(False)
    window.panels["queue"].close()
    QApplication.processEvents()
    before = studio.workspace.height()
    strip.rest.click()
    rows = 5 * studio.queue.delegate.height()
    until(lambda: studio.queue.height() >= rows)
    assert studio.workspace.height() < before
    strip.rest.click()
    until(lambda: studio.workspace.height() == before)


def test_a_queue_of_which_little_is_seen_grows_before_it_closes(studio: StudioWindow, until) -> None:
    window, strip = studio.window, studio.queue.strip
    window.resize(1400, 900)
    window.show_welcome(False)
    queue = window.panels["queue"]
    queue.show()
    window.inner.resizeDocks([queue], [140], Qt.Orientation.Vertical)
    until(lambda: studio.queue.height() < 200)
    strip.rest.click()
    until(lambda: studio.queue.height() >= studio.queue.looked_at)
    strip.rest.click()
    assert not queue.isVisible()


def test_what_is_said_of_a_job_counts_down_and_does_not_jump(
    panel: QueuePanel, runner: FakeRunner, strip: Strip
) -> None:
    """A recorded part after five others: no number that is said is twice or half the one before it."""
    jobs = json.loads(FILE.read_text())["part 3"]
    paces = []
    for job in jobs[1:]:
        earlier = TimeLeft()
        for now, part in job["told"]:
            earlier.tell(part, now)
        paces.append(earlier.pace(job["seconds"]))
    time_left = TimeLeft([job["seconds"] for job in jobs[1:]], [pace for pace in paces if pace is not None])
    runner.queue.submit([recipe(1)], title="Part")
    running = run_next(panel, runner)
    said: list[str] = []
    for now, part in jobs[0]["told"]:
        panel.on_event(JobProgress(running.id, part, "", time_left.tell(part, now)))
        words = strip.words.whole_text()
        if not said or said[-1] != words:
            said.append(words)
    spans = [[int(number) for number in re.findall(r"\d+", words)] for words in said]
    numbers = [span for span in spans if len(span) == 2]
    assert len(numbers) >= 5
    for (least, most), (next_least, next_most) in itertools.pairwise(numbers):
        assert least / 2 <= next_least <= 1.5 * least and most / 2 <= next_most <= 1.5 * most, said
    assert len(numbers) <= 2 * numbers[0][1], "it does not flicker"
