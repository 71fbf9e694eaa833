from __future__ import annotations

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester

from studio.core.item import JobState
from studio.errors import BadInput
from studio.jobs.events import JobChanged, JobProgress, QueueChanged
from studio.jobs.queue import Job, Queue
from studio.project.store import Project
from studio.ui.queue_model import QueueModel, QueueRole, duration, state_words
from studio.ui.queue_panel import QueuePanel
from tests.ui.builders import recipe


class FakeRunner:
    """The queue is real; what a runner does with it is not needed here."""

    def __init__(self, project: Project) -> None:
        self.queue = Queue(project)
        self.asked: list[tuple[str, ...]] = []

    def __getattr__(self, name: str):
        def act(*values: str) -> None:
            self.asked.append((name, *values))
            getattr(self.queue, name)(*values)

        return act


@pytest.fixture
def runner(project: Project) -> FakeRunner:
    return FakeRunner(project)


@pytest.fixture
def panel(qtbot, dressed, runner: FakeRunner) -> QueuePanel:
    made = QueuePanel(dressed)
    qtbot.addWidget(made)
    made.set_runner(runner)  # type: ignore[arg-type]
    made.resize(700, 300)
    made.show()
    return made


def submit(runner: FakeRunner, count: int) -> list[Job]:
    recipes = [recipe(seed) for seed in range(count)]
    return runner.queue.submit(recipes, title="Batch", titles=[f"Job {n}" for n in range(count)])


def titles(panel: QueuePanel) -> list[str]:
    return [panel.model.job(row).title for row in range(panel.model.rowCount())]


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.04, "0.0 s"), (9.94, "9.9 s"), (12.3, "12 s"), (200, "3 min 20 s"), (7500, "2 h 5 min")],
)
def test_durations_in_words(seconds: float, words: str) -> None:
    assert duration(seconds) == words


def test_the_model_keeps_qts_rules(qapp, runner: FakeRunner) -> None:
    model = QueueModel()
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    model.set_queue(runner.queue, runner.move)
    submit(runner, 5)
    model.reload()
    assert model.rowCount() == 5
    model.set_queue(None, None)
    assert model.rowCount() == 0


def test_an_empty_queue_says_what_it_is_for(panel: QueuePanel) -> None:
    assert panel.empty.isVisible()
    assert not panel.pause.isVisibleTo(panel.header)


def test_states_and_numbers(panel: QueuePanel, runner: FakeRunner) -> None:
    jobs = submit(runner, 4)
    failed = runner.queue.claim()
    runner.queue.fail(failed.id, BadInput("The mask is empty.", "Paint one."), seconds=0.1, peak_memory=1)
    runner.queue.claim()
    runner.queue.cancel(jobs[2].id)
    panel.refresh()
    assert panel.summary.text() == "1 running  ·  1 waiting  ·  1 failed"
    words = {panel.model.job(row).title: state_words(panel.model.job(row), None) for row in range(4)}
    assert words == {
        "Job 0": "The mask is empty.",
        "Job 1": "Starting…",
        "Job 2": "Cancelled",
        "Job 3": "Waiting",
    }


def test_progress_is_shown_with_the_time_left(panel: QueuePanel, runner: FakeRunner) -> None:
    submit(runner, 1)
    job = runner.queue.claim()
    panel.refresh()
    progress = JobProgress(job.id, 0.5, "Filling", 12.0)
    panel.on_event(progress)
    assert panel.model.index(0).data(QueueRole.PROGRESS) == progress
    assert state_words(job, progress) == "Filling  ·  12 s left"
    panel.grab()


def test_a_flood_of_events_is_one_reading(panel: QueuePanel, runner: FakeRunner, until, monkeypatch) -> None:
    jobs = submit(runner, 30)
    readings: list[int] = []
    reload = panel.model.reload
    monkeypatch.setattr(panel.model, "reload", lambda: (readings.append(1), reload()))
    for job in jobs:
        panel.on_event(JobChanged(job))
    panel.on_event(QueueChanged())
    until(lambda: panel.model.rowCount() == 30)
    assert len(readings) == 1


def test_the_buttons_of_a_row(panel: QueuePanel, runner: FakeRunner, qtbot) -> None:
    job = submit(runner, 1)[0]
    panel.refresh()
    rect = panel.view.visualRect(panel.model.index(0))
    spots = dict(panel.view.itemDelegate().buttons(rect, job))
    assert list(spots) == ["pause", "cancel"]
    qtbot.mouseClick(panel.view.viewport(), Qt.MouseButton.LeftButton, pos=spots["pause"].center())
    assert runner.queue.job(job.id).state is JobState.PAUSED
    panel.refresh()
    qtbot.mouseClick(panel.view.viewport(), Qt.MouseButton.LeftButton, pos=spots["pause"].center())
    assert runner.queue.job(job.id).state is JobState.QUEUED
    qtbot.mouseClick(panel.view.viewport(), Qt.MouseButton.LeftButton, pos=spots["cancel"].center())
    assert runner.queue.job(job.id).state is JobState.CANCELLED
    assert [name for name, *_ in runner.asked] == ["pause", "resume", "cancel"]


def test_keys_act_on_the_selection(panel: QueuePanel, runner: FakeRunner, qtbot) -> None:
    jobs = submit(runner, 3)
    panel.refresh()
    panel.view.selectAll()
    qtbot.keyClick(panel.view, Qt.Key.Key_Space)
    assert {runner.queue.job(job.id).state for job in jobs} == {JobState.PAUSED}
    panel.refresh()
    qtbot.keyClick(panel.view, Qt.Key.Key_Delete)
    assert {runner.queue.job(job.id).state for job in jobs} == {JobState.CANCELLED}
    panel.refresh()
    qtbot.keyClick(panel.view, Qt.Key.Key_R)
    assert {runner.queue.job(job.id).state for job in jobs} == {JobState.QUEUED}


def test_details_of_a_failed_job(panel: QueuePanel, runner: FakeRunner, qtbot) -> None:
    submit(runner, 1)
    job = runner.queue.claim()
    runner.queue.fail(job.id, BadInput("No."), seconds=0.1, peak_memory=1)
    panel.refresh()
    panel.view.setCurrentIndex(panel.model.index(0))
    with qtbot.waitSignal(panel.details_wanted) as wanted:
        qtbot.keyClick(panel.view, Qt.Key.Key_Return)
    assert wanted.args[0].id == job.id


def test_a_job_is_dragged_before_another(panel: QueuePanel, runner: FakeRunner) -> None:
    submit(runner, 4)
    panel.refresh()
    model = panel.model
    data = model.mimeData([model.index(3)])
    move = Qt.DropAction.MoveAction
    assert not model.dropMimeData(data, move, 1, 0, QModelIndex())
    panel.refresh()
    assert titles(panel) == ["Job 0", "Job 3", "Job 1", "Job 2"]
    data = model.mimeData([model.index(0)])
    model.dropMimeData(data, move, -1, -1, QModelIndex())
    panel.refresh()
    assert titles(panel) == ["Job 3", "Job 1", "Job 2", "Job 0"]


def test_nothing_is_put_before_what_runs(panel: QueuePanel, runner: FakeRunner) -> None:
    submit(runner, 3)
    runner.queue.claim()
    panel.refresh()
    model = panel.model
    assert not model.flags(model.index(0)) & Qt.ItemFlag.ItemIsDragEnabled
    model.dropMimeData(model.mimeData([model.index(2)]), Qt.DropAction.MoveAction, 0, 0, QModelIndex())
    panel.refresh()
    assert titles(panel) == ["Job 0", "Job 2", "Job 1"]


def test_all_can_be_paused_and_one_batch(panel: QueuePanel, runner: FakeRunner) -> None:
    jobs = submit(runner, 2)
    panel.refresh()
    panel.pause.click()
    assert runner.queue.paused
    panel.refresh()
    assert panel.pause.text() == "Go on with all"
    panel.pause.click()
    assert not runner.queue.paused
    menu = {action.text(): action for action in panel.menu_for([jobs[0]]).actions()}
    menu["Pause this batch"].trigger()
    assert runner.queue.batches()[0].paused
    menu = {action.text(): action for action in panel.menu_for([jobs[0]]).actions()}
    menu["Go on with this batch"].trigger()
    menu["Cancel this batch"].trigger()
    assert runner.queue.counts()[JobState.CANCELLED] == 2
