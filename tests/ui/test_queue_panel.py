from __future__ import annotations

import time

import pytest
from PySide6.QtCore import QModelIndex, QPoint, QPointF, Qt
from PySide6.QtGui import QAction, QDropEvent, QGuiApplication, QKeySequence
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QWidget

from studio.core.item import JobState
from studio.errors import BadInput
from studio.jobs.events import JobChanged, JobProgress, QueueChanged
from studio.jobs.overview import overview, seconds_left
from studio.jobs.queue import Job, Queue
from studio.project.store import Project
from studio.ui.queue_delegate import buttons_of
from studio.ui.queue_header import QueueHeader
from studio.ui.queue_model import QueueModel, QueueRole
from studio.ui.queue_panel import QueuePanel
from studio.ui.queue_words import end_words, state_words, summary_words, took
from tests.ui.builders import recipe


class FakeRunner:
    """The queue is real; what a runner does with it is not needed here."""

    def __init__(self, project: Project) -> None:
        self.queue = Queue(project)
        self.asked: list[tuple[object, ...]] = []

    def expected(self, generator: str) -> float | None:
        return None

    def __getattr__(self, name: str):
        def act(*values: object) -> None:
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
    actions = {}
    for command in made.commands():
        action = actions[command.id] = QAction(command.title, made)
        action.setShortcuts([QKeySequence(keys) for keys in command.keys.split("; ") if keys])
        action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        action.triggered.connect(lambda _=False, act=command.act: act())
        made.addAction(action)
    made.attach_actions(actions)
    made.set_runner(runner)  # type: ignore[arg-type]
    made.resize(700, 300)
    made.show()
    qtbot.waitExposed(made)
    made.activateWindow()
    made.view.setFocus()
    return made


def submit(runner: FakeRunner, count: int, title: str = "Batch") -> list[Job]:
    recipes = [recipe(seed) for seed in range(count)]
    return runner.queue.submit(recipes, title=title, titles=[f"Job {n}" for n in range(count)])


def opened(panel: QueuePanel, runner: FakeRunner, count: int) -> list[Job]:
    """A batch whose jobs are seen."""
    jobs = submit(runner, count)
    panel.refresh()
    panel.model.set_open(jobs[0].batch, True)
    return jobs


def rows(panel: QueuePanel) -> list[str]:
    return [panel.model.row(number).title for number in range(panel.model.rowCount())]


def states(runner: FakeRunner, jobs: list[Job]) -> set[JobState]:
    return {runner.queue.job(job.id).state for job in jobs}


def choose(panel: QueuePanel, *numbers: int) -> None:
    panel.view.clearSelection()
    for number in numbers:
        panel.view.setCurrentIndex(panel.model.index(number))
    panel.view.clearSelection()
    for number in numbers:
        panel.view.selectionModel().select(
            panel.model.index(number), panel.view.selectionModel().SelectionFlag.Select
        )


def press(panel: QueuePanel, qtbot, key: Qt.Key, modifier=Qt.KeyboardModifier.NoModifier) -> None:
    panel.view.setFocus()
    qtbot.keyClick(panel.view, key, modifier)


@pytest.mark.parametrize(
    ("seconds", "words"), [(0.04, "0.0 s"), (9.94, "9.9 s"), (12.3, "12 s"), (200, "3 min")]
)
def test_measured_times_in_words(seconds: float, words: str) -> None:
    assert took(seconds) == words


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
    progress = JobProgress(job.id, 0.5, "Filling", 12.0)
    panel.on_event(progress)
    assert panel.model.index(0).data(QueueRole.PROGRESS) == progress
    assert state_words(job, progress) == "Filling  ·  12 s left"
    assert panel.model.fraction() == 0.5
    panel.refresh()
    assert panel.seconds_left == 12.0
    assert "in 12 s" in panel.end.whole_text()
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
    assert panel.model.words(panel.model.row(0)) == "1 of 4  ·  1 running  ·  21 s left"
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


def test_the_buttons_of_a_row(panel: QueuePanel, runner: FakeRunner, qtbot) -> None:
    job = submit(runner, 1)[0]
    panel.refresh()

    def click(name: str) -> None:
        rect = panel.view.visualRect(panel.model.index(0))
        spots = dict(panel.delegate.buttons(rect, panel.model.row(0), panel.layoutDirection()))
        qtbot.mouseClick(panel.view.viewport(), Qt.MouseButton.LeftButton, pos=spots[name].center())
        panel.refresh()

    click("pause")
    assert runner.queue.job(job.id).state is JobState.PAUSED
    click("resume")
    assert runner.queue.job(job.id).state is JobState.QUEUED
    with qtbot.waitSignal(panel.undo_offered) as offered:
        click("cancel")
    assert offered.args == ["1 job was cancelled."]
    assert runner.queue.job(job.id).state is JobState.CANCELLED
    click("retry")
    assert runner.queue.job(job.id).state is JobState.QUEUED


def test_the_buttons_of_a_batch(panel: QueuePanel, runner: FakeRunner) -> None:
    jobs = submit(runner, 3)
    failed = runner.queue.claim()
    runner.queue.fail(failed.id, BadInput("No."), seconds=0.1, peak_memory=1)
    panel.refresh()
    assert buttons_of(panel.model.row(0)) == ("retry", "pause", "cancel")
    panel.acts.act("pause", panel.model.row(0))
    assert runner.queue.batch_paused(jobs[0].batch)
    panel.refresh()
    assert buttons_of(panel.model.row(0)) == ("retry", "resume", "cancel")
    panel.acts.act("resume", panel.model.row(0))
    assert not runner.queue.batch_paused(jobs[0].batch)
    panel.acts.act("retry", panel.model.row(0))
    assert states(runner, jobs) == {JobState.QUEUED}
    panel.acts.act("cancel", panel.model.row(0))
    assert states(runner, jobs) == {JobState.CANCELLED}


def test_buttons_stand_at_the_other_end_where_one_reads_from_the_right(panel: QueuePanel, runner) -> None:
    submit(runner, 1)
    panel.refresh()
    panel.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    rect = panel.view.visualRect(panel.model.index(0))
    spots = panel.delegate.buttons(rect, panel.model.row(0), Qt.LayoutDirection.RightToLeft)
    assert all(place.right() < rect.center().x() for _, place in spots)
    assert spots[0][1].left() > spots[1][1].left(), "the first one stands first in reading order"
    assert not panel.grab().isNull()


def test_keys_act_on_the_selection(panel: QueuePanel, runner: FakeRunner, qtbot) -> None:
    jobs = opened(panel, runner, 3)
    choose(panel, 1, 2, 3)
    press(panel, qtbot, Qt.Key.Key_Space)
    assert states(runner, jobs) == {JobState.PAUSED}
    panel.refresh()
    press(panel, qtbot, Qt.Key.Key_Space)
    assert states(runner, jobs) == {JobState.QUEUED}
    panel.refresh()
    press(panel, qtbot, Qt.Key.Key_Delete)
    assert states(runner, jobs) == {JobState.CANCELLED}
    panel.refresh()
    press(panel, qtbot, Qt.Key.Key_R)
    assert states(runner, jobs) == {JobState.QUEUED}


def test_jobs_are_moved_by_keys(panel: QueuePanel, runner: FakeRunner, qtbot) -> None:
    opened(panel, runner, 4)
    choose(panel, 3)
    press(panel, qtbot, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    panel.refresh()
    assert rows(panel)[1:] == ["Job 0", "Job 2", "Job 1", "Job 3"]
    assert [row.title for row in panel.selected()] == ["Job 2"], "the selection goes along"
    press(panel, qtbot, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    panel.refresh()
    assert rows(panel)[1:] == ["Job 0", "Job 1", "Job 2", "Job 3"]
    press(panel, qtbot, Qt.Key.Key_Home, Qt.KeyboardModifier.AltModifier)
    panel.refresh()
    assert rows(panel)[1:] == ["Job 2", "Job 0", "Job 1", "Job 3"]
    choose(panel, 1, 2)
    press(panel, qtbot, Qt.Key.Key_End, Qt.KeyboardModifier.AltModifier)
    panel.refresh()
    assert rows(panel)[1:] == ["Job 1", "Job 3", "Job 2", "Job 0"]


def test_a_job_that_began_meanwhile_is_not_moved(panel: QueuePanel, runner: FakeRunner, qtbot) -> None:
    opened(panel, runner, 4)
    choose(panel, 1, 3)
    assert runner.queue.claim().title == "Job 0"  # the panel has not heard of it yet
    press(panel, qtbot, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    panel.refresh()
    assert rows(panel)[1:] == ["Job 0", "Job 2", "Job 1", "Job 3"]
    choose(panel, 1)
    press(panel, qtbot, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    assert rows(panel)[1:] == ["Job 0", "Job 2", "Job 1", "Job 3"]


def test_a_batch_moves_past_a_batch(panel: QueuePanel, runner: FakeRunner) -> None:
    for title in ("First", "Second", "Third"):
        submit(runner, 3, title)
    panel.refresh()
    choose(panel, 2)
    panel.acts.move_selected("up")
    panel.refresh()
    assert rows(panel) == ["First", "Third", "Second"]
    panel.acts.move_selected("up")
    panel.acts.move_selected("up")
    panel.refresh()
    assert rows(panel) == ["Third", "First", "Second"]
    panel.acts.move_selected("down")
    panel.refresh()
    assert rows(panel) == ["First", "Third", "Second"]


def test_details_of_a_failed_job(panel: QueuePanel, runner: FakeRunner, qtbot) -> None:
    submit(runner, 1)
    job = runner.queue.claim()
    runner.queue.fail(job.id, BadInput("No.", "Do this."), seconds=0.1, peak_memory=1)
    panel.refresh()
    panel.view.setCurrentIndex(panel.model.index(0))
    with qtbot.waitSignal(panel.details_wanted) as wanted:
        press(panel, qtbot, Qt.Key.Key_Return)
    assert wanted.args[0].id == job.id
    panel.acts.copy_error()
    assert QGuiApplication.clipboard().text() == "Job 0\n\nNo. Do this."


def test_the_result_of_a_job_is_shown(
    panel: QueuePanel, runner: FakeRunner, project, tmp_path, qtbot
) -> None:
    from studio.core.generator import NewArtifact
    from studio.core.item import Kind
    from tests.ui.builders import picture

    submit(runner, 1)
    job = runner.queue.claim()
    made = NewArtifact(picture(tmp_path / "made.png"), Kind.IMAGE)
    items = runner.queue.complete(job.id, [made], env={}, seconds=1.0, peak_memory=1)
    panel.refresh()
    choose(panel, 0)
    with qtbot.waitSignal(panel.result_wanted) as wanted:
        press(panel, qtbot, Qt.Key.Key_Return)
    assert wanted.args == [items[0].uid]


def drop(panel: QueuePanel, dragged: list[int], before: int) -> None:
    model = panel.model
    data = model.mimeData([model.index(number) for number in dragged])
    assert not model.dropMimeData(data, Qt.DropAction.MoveAction, before, 0, QModelIndex())
    panel.refresh()


def test_a_job_is_dragged_before_another(panel: QueuePanel, runner: FakeRunner) -> None:
    opened(panel, runner, 4)
    drop(panel, [4], 2)
    assert rows(panel)[1:] == ["Job 0", "Job 3", "Job 1", "Job 2"]
    drop(panel, [1], -1)
    assert rows(panel)[1:] == ["Job 3", "Job 1", "Job 2", "Job 0"]
    drop(panel, [1, 2], 4)
    assert rows(panel)[1:] == ["Job 2", "Job 3", "Job 1", "Job 0"]


def test_a_batch_is_dragged_before_another(panel: QueuePanel, runner: FakeRunner) -> None:
    submit(runner, 3, "First")
    submit(runner, 2, "Second")
    panel.refresh()
    drop(panel, [1], 0)
    assert rows(panel) == ["Second", "First"]


def test_a_drop_on_the_list_moves_jobs_and_no_rows(panel: QueuePanel, runner: FakeRunner) -> None:
    submit(runner, 2, "First")
    submit(runner, 2, "Second")
    panel.refresh()
    data = panel.model.mimeData([panel.model.index(1)])
    top = panel.view.visualRect(panel.model.index(0)).topLeft() + QPoint(60, 4)
    move, left = Qt.DropAction.MoveAction, Qt.MouseButton.LeftButton
    event = QDropEvent(QPointF(top), move, data, left, Qt.KeyboardModifier.NoModifier)
    panel.view.dropEvent(event)
    assert event.dropAction() is Qt.DropAction.IgnoreAction
    panel.refresh()
    assert rows(panel) == ["Second", "First"]


def test_nothing_is_put_before_what_runs(panel: QueuePanel, runner: FakeRunner) -> None:
    opened(panel, runner, 3)
    runner.queue.claim()
    panel.refresh()
    assert not panel.model.flags(panel.model.index(1)) & Qt.ItemFlag.ItemIsDragEnabled
    drop(panel, [3], 0)
    assert rows(panel)[1:] == ["Job 0", "Job 2", "Job 1"]


def test_all_can_be_paused(panel: QueuePanel, runner: FakeRunner) -> None:
    submit(runner, 2)
    panel.refresh()
    panel.pause.click()
    assert runner.queue.paused
    panel.refresh()
    assert panel.pause.text() == "Go on with all"
    assert panel.summary.whole_text().startswith("Paused")
    panel.pause.click()
    assert not runner.queue.paused


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


def test_many_jobs_are_changed_off_the_windows_thread(panel: QueuePanel, runner: FakeRunner) -> None:
    jobs = opened(panel, runner, 40)
    waiting: list[object] = []
    panel.acts.background = lambda title, work: waiting.append(work)
    panel.view.selectAll()
    panel.acts.cancel_selected()
    assert states(runner, jobs) == {JobState.QUEUED}, "not yet"
    waiting.pop()()  # type: ignore[operator]
    assert states(runner, jobs) == {JobState.CANCELLED}
    panel.refresh()
    panel.acts.retry_selected()
    waiting.pop()()  # type: ignore[operator]
    panel.refresh()
    panel.view.selectAll()
    panel.acts.toggle_selected()
    waiting.pop()()  # type: ignore[operator]
    assert runner.queue.batch_paused(jobs[0].batch) or states(runner, jobs) == {JobState.PAUSED}


@pytest.mark.slow
def test_ten_thousand_jobs_stay_fast(panel: QueuePanel, runner: FakeRunner) -> None:
    jobs = submit(runner, 10_000)
    panel.refresh()
    panel.model.set_open(jobs[0].batch, True)
    panel.grab()
    began = time.perf_counter()
    panel.refresh()
    reading = time.perf_counter() - began
    began = time.perf_counter()
    for value in range(0, panel.view.verticalScrollBar().maximum(), 20_000):
        panel.view.verticalScrollBar().setValue(value)
        panel.view.viewport().repaint()
    assert panel.model.row(9_999).title == "Job 9998"
    assert reading < 0.1
    assert panel.view.indexAt(QPoint(50, 50)).isValid()
    assert time.perf_counter() - began < 1.0
    print(f"reading {reading * 1000:.0f} ms")
