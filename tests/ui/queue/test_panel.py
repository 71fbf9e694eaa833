"""What the queue shows."""

from __future__ import annotations

import time

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QWidget

from studio.core.item import JobState
from studio.errors import BadInput
from studio.jobs.events import JobChanged, JobProgress, QueueChanged
from studio.jobs.overview import overview, seconds_left
from studio.jobs.time_left import Left
from studio.ui.items.queue_words import end_words, left_words, state_words, summary_words, took
from studio.ui.queue.header import QueueHeader
from studio.ui.queue.model import QueueModel, QueueRole
from studio.ui.queue.panel import QueuePanel
from tests.ui.queue.driving import FakeRunner, choose, opened, press, rows, submit


@pytest.mark.parametrize(
    ("seconds", "words"), [(0.04, "0.0 s"), (9.94, "9.9 s"), (12.3, "12 s"), (200, "3 min")]
)
def test_measured_times_in_words(seconds: float, words: str) -> None:
    assert took(seconds) == words


@pytest.mark.parametrize(
    ("least", "most", "words"),
    [
        (0.0, 2.0, "a few seconds left"),
        (3.2, 5.1, "about 3 to 5 s left"),
        (38.0, 71.0, "about 40 to 70 s left"),
        (58.0, 61.0, "about 60 s left"),
        (70.0, 130.0, "about 1 to 2 min left"),
        (165.0, 195.0, "about 3 min left"),
        (620.0, 1230.0, "about 10 to 20 min left"),
        (3600.0, 5500.0, "about 1 to 1.5 h left"),
        (7000.0, 7300.0, "about 2 h left"),
    ],
)
def test_the_time_left_in_words(least: float, most: float, words: str) -> None:
    assert left_words(Left(least, most)) == words


def test_nothing_is_said_of_a_time_that_nobody_knows() -> None:
    assert left_words(None) == ""


def test_the_model_keeps_qts_rules(qapp, runner: FakeRunner) -> None:
    model = QueueModel()
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    model.set_queue(runner.queue, runner.move_many)
    jobs = submit(runner, 5)
    model.reload()
    assert model.rowCount() == 1
    model.set_open(jobs[0].batch, True)
    assert model.rowCount() == 6
    submit(runner, 1, "Alone")
    model.reload()
    assert model.rowCount() == 7
    model.set_open(jobs[0].batch, False)
    assert model.rowCount() == 2
    model.set_queue(None, None)
    assert model.rowCount() == 0
    tester.deleteLater()


def test_an_empty_queue_says_what_it_is_for(panel: QueuePanel) -> None:
    assert panel.empty.isVisible()
    assert not panel.pause.isVisibleTo(panel.header)
    assert not panel.filter.isVisibleTo(panel.header)


def test_a_batch_is_one_row_that_opens(panel: QueuePanel, runner: FakeRunner, qtbot) -> None:
    submit(runner, 500)
    submit(runner, 1, "Alone")
    panel.refresh()
    assert rows(panel) == ["Batch", "Job 0"]
    assert panel.model.words(panel.model.row(0)) == "0 of 500"
    panel.view.setCurrentIndex(panel.model.index(0))
    press(panel, qtbot, Qt.Key.Key_Right)
    assert panel.model.rowCount() == 502
    assert panel.model.row(300).title == "Job 299"
    panel.view.setCurrentIndex(panel.model.index(300))
    press(panel, qtbot, Qt.Key.Key_Left)
    assert panel.view.currentIndex().row() == 0, "left goes to the batch"
    press(panel, qtbot, Qt.Key.Key_Left)
    assert panel.model.rowCount() == 2
    press(panel, qtbot, Qt.Key.Key_Return)
    assert panel.model.rowCount() == 502
    place = panel.delegate.fold(panel.view.visualRect(panel.model.index(0)), panel.layoutDirection())
    qtbot.mouseClick(panel.view.viewport(), Qt.MouseButton.LeftButton, pos=place.center())
    assert panel.model.rowCount() == 2


def test_states_and_numbers(panel: QueuePanel, runner: FakeRunner) -> None:
    jobs = opened(panel, runner, 4)
    failed = runner.queue.claim()
    runner.queue.fail(failed.id, BadInput("The mask is empty.", "Paint one."), seconds=0.1, peak_memory=1)
    runner.queue.claim()
    runner.queue.cancel(jobs[2].id)
    panel.refresh()
    assert panel.summary.whole_text() == "1 running · 1 waiting · 1 failed"
    assert panel.model.words(panel.model.row(0)) == "2 of 4  ·  1 running  ·  1 failed  ·  1 cancelled"
    words = {row.title: state_words(row.job, None) for n in range(1, 5) if (row := panel.model.row(n))}
    assert words == {
        "Job 0": "The mask is empty.",
        "Job 1": "Starting…",
        "Job 2": "Cancelled",
        "Job 3": "Waiting",
    }
    assert summary_words({JobState.DONE: 345}) == "345 done"


def test_only_some_states_are_shown(panel: QueuePanel, runner: FakeRunner) -> None:
    opened(panel, runner, 3)
    failed = runner.queue.claim()
    runner.queue.fail(failed.id, BadInput("No."), seconds=0.1, peak_memory=1)
    panel.refresh()
    failed_place = next(n for n in range(panel.filter.count()) if panel.filter.itemText(n) == "Failed")
    panel.filter.setCurrentIndex(failed_place)
    panel.filter.activated.emit(failed_place)
    assert rows(panel) == ["Batch", "Job 0"]
    runner.queue.retry(failed.id)
    panel.refresh()
    assert panel.model.rowCount() == 0
    assert panel.empty.isVisible()
    assert "All" in panel.empty.text.text()


def test_progress_is_shown_with_the_time_left(panel: QueuePanel, runner: FakeRunner) -> None:
    submit(runner, 1)
    job = runner.queue.claim()
    panel.refresh()
    progress = JobProgress(job.id, 0.5, "Filling", Left(1000.0, 1440.0))
    panel.on_event(progress)
    assert panel.model.index(0).data(QueueRole.PROGRESS).fraction == 0.5
    assert state_words(job, progress) == "Filling  ·  about 15 to 25 min left"
    assert panel.model.fraction() == 0.5
    panel.refresh()
    assert panel.seconds_left == pytest.approx(1200, rel=0.1), "what has passed since is gone"
    assert "in 20 min" in panel.end.whole_text() or "in 19 min" in panel.end.whole_text()
    assert not panel.grab().isNull()


def test_the_header_says_less_where_there_is_less_room(qtbot, dressed) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    header = QueueHeader()
    header.setParent(window)
    window.show()
    header.resize(900, 32)
    counts = {JobState.RUNNING: 1, JobState.QUEUED: 11, JobState.FAILED: 1, JobState.DONE: 15}
    header.tell(counts, 150.0, is_paused=False)

    def seen() -> tuple[str, str, str]:
        end = header.end.whole_text() if header.end.isVisible() else ""
        return header.summary.whole_text(), end, header.pause.text()

    whole = ("1 running · 11 waiting · 1 failed · 15 done", header.end.whole_text(), "Pause all")
    assert seen() == whole and whole[1].startswith("Ends ")
    brief = "1 running · 11 waiting · 1 failed"
    told = [whole, (brief, whole[1], whole[2]), (brief, "2 min left", "Pause all"), (brief, "", "Pause all")]
    told += [(brief, "", ""), ("1 running", "", "")]
    found = []
    for width in range(900, header.minimumSizeHint().width() + 70, -4):
        header.resize(width, 32)
        if seen() not in found:
            found.append(seen())
        header.layout().activate()
        for label in (header.summary, header.end):
            assert "…" not in label.text(), (width, label.text())
    assert found == told
    assert header.summary.toolTip() == header.summary.accessibleName() == whole[0]
    assert header.pause.toolTip() == header.pause.accessibleName() == "Pause all"
    header.resize(900, 32)
    assert seen() == whole and not header.summary.toolTip()


def test_the_end_is_told_from_what_the_batch_took(runner: FakeRunner) -> None:
    jobs = submit(runner, 4)
    with runner.queue.database.transaction() as connection:
        connection.execute(
            "UPDATE job SET state = 'done', started = 100, finished = 110 WHERE id = ?", (jobs[0].id,)
        )
    found = overview(runner.queue)
    assert seconds_left(found, lambda _: None, None) == 30
    assert seconds_left(found, lambda _: None, None, is_paused=True) is None
    runner.queue.claim()
    assert seconds_left(overview(runner.queue), lambda _: None, 4.0) == 24
    runner.queue.pause_batch(jobs[0].batch)
    assert seconds_left(overview(runner.queue), lambda _: None, 4.0) == 4
    submit(runner, 2, "Unknown")
    assert seconds_left(overview(runner.queue), lambda _: None, 4.0) is None
    assert seconds_left(overview(runner.queue), lambda _: 5.0, 4.0) == 14
    assert end_words(None) == ""


def test_a_new_batch_is_expected_to_take_what_such_jobs_took(panel: QueuePanel, runner: FakeRunner) -> None:
    jobs = submit(runner, 1)
    with runner.queue.database.transaction() as connection:
        connection.execute(
            "UPDATE job SET state = 'done', started = 100, finished = 107 WHERE id = ?", (jobs[0].id,)
        )
    submit(runner, 3, "Next")
    panel.refresh()
    assert panel.seconds_left == 21
    with runner.queue.database.transaction() as connection:
        connection.execute("UPDATE job SET batch = (SELECT batch FROM job WHERE state = 'queued')")
    runner.queue.claim()
    panel.refresh()
    assert panel.model.words(panel.model.row(0)) == "1 of 4  ·  1 running  ·  about 15 to 25 s left"
    assert panel.end.isVisibleTo(panel.header)


def test_a_flood_of_events_is_one_reading(panel: QueuePanel, runner: FakeRunner, until, monkeypatch) -> None:
    jobs = submit(runner, 30)
    readings: list[int] = []
    reload = panel.model.reload
    monkeypatch.setattr(panel.model, "reload", lambda: (readings.append(1), reload()))
    for job in jobs:
        panel.on_event(JobChanged(job))
    panel.on_event(QueueChanged())
    until(lambda: panel.model.rowCount() == 1)
    assert len(readings) == 1


def test_the_menu_offers_what_makes_sense(panel: QueuePanel, runner: FakeRunner) -> None:
    opened(panel, runner, 3)
    choose(panel, 1)
    menu = panel.menu_for(panel.selected())
    texts = [action.text() for action in menu.actions() if not action.isSeparator()]
    assert "Pause or &go on" in texts
    assert "To t&he top" in texts
    assert "Cancel what is left of b&atch" in texts
    assert "&Try again" not in texts
    assert not panel.actions_by_id["queue.retry"].isEnabled()
    assert panel.actions_by_id["queue.cancel_waiting"].isEnabled()
    panel.actions_by_id["queue.cancel_waiting"].trigger()
    assert runner.queue.counts()[JobState.CANCELLED] == 3


def test_every_row_speaks(panel: QueuePanel, runner: FakeRunner) -> None:
    opened(panel, runner, 2)
    told = panel.model.index(0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert told == "Batch, 0 of 2"
    assert panel.model.index(1).data(Qt.ItemDataRole.AccessibleTextRole) == "Job 0, Waiting"
    assert panel.view.accessibleName()
    assert panel.filter.accessibleName()


def test_a_selection_keeps_to_its_jobs_when_rows_move(panel: QueuePanel, runner: FakeRunner) -> None:
    opened(panel, runner, 4)
    choose(panel, 3)
    job = runner.queue.claim()
    runner.queue.fail(job.id, BadInput("No."), seconds=0.1, peak_memory=1)
    panel.refresh()
    assert [row.title for row in panel.selected()] == ["Job 2"]


def test_what_is_seen_is_handed_to_a_window_built_anew(panel: QueuePanel, runner, qtbot, dressed) -> None:
    opened(panel, runner, 3)
    choose(panel, 2)
    other = QueuePanel(dressed)
    qtbot.addWidget(other)
    other.set_runner(runner)
    other.restore(panel.state())
    assert other.model.rowCount() == 4
    assert [row.title for row in other.selected()] == ["Job 1"]
    other.restore("nonsense")


@pytest.mark.slow
def test_ten_thousand_jobs_cost_in_proportion(panel: QueuePanel, runner: FakeRunner) -> None:
    """To what a thousand cost, to read and to draw while scrolling."""

    def cost(count: int) -> tuple[float, float]:
        opened(panel, runner, count)
        panel.grab()
        began = time.thread_time()
        panel.refresh()
        reading = time.thread_time() - began
        bar = panel.view.verticalScrollBar()
        began = time.thread_time()
        for part in range(20):
            bar.setValue(bar.maximum() * part // 20)
            panel.view.viewport().repaint()
        return reading, time.thread_time() - began

    few, many = cost(1_000), cost(10_000)
    assert "Job 9998" in {panel.model.row(row).title for row in range(panel.model.rowCount())}
    print(f"reading {few[0]:.4f} and {many[0]:.4f} s, drawing {few[1]:.3f} and {many[1]:.3f} s")
    assert panel.view.indexAt(QPoint(50, 50)).isValid()
    assert many[0] < 20 * few[0]
    assert many[1] < 10 * few[1]
