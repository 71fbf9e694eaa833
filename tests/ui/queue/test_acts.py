"""What is done in the queue by buttons, keys, menu and dragging."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPoint, QPointF, Qt
from PySide6.QtGui import QDropEvent, QGuiApplication

from studio.core.item import JobState
from studio.errors import BadInput
from studio.ui.queue.delegate import buttons_of
from studio.ui.queue.panel import QueuePanel
from tests.ui.queue.driving import FakeRunner, choose, opened, press, rows, states, submit


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
    from studio.core.kind import Kind
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
