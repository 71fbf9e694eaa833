"""Drafts while they are written, and what can be done with them."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from studio_text.room.drafts_column import NARROWEST
from studio_text.room.drafts_view import DraftsView, numbers_words
from studio_text.room.words import Limits

from studio.core.model import Number
from studio.jobs.events import JobNumbers, JobProgress
from studio.ui.shell.studio_window import StudioWindow
from tests.studio_text.room.writing import FIRST, SECOND, Desk, desk_of


@pytest.fixture
def desk(studio: StudioWindow, tmp_path: Path, until) -> Desk:
    studio.window.resize(1500, 900)
    return desk_of(studio, tmp_path / "Test.studio", until)


def test_drafts_grow_beside_each_other_and_are_set_when_done(desk: Desk, until) -> None:
    job = desk.begin()
    assert desk.studio.workspace.room == "text"
    assert len(desk.drafts.columns) == 2
    desk.plan(job)
    for word in FIRST.split(" "):
        desk.say(job, 0, word + " ")
    desk.say(job, 1, SECOND)
    numbers = (Number("tokens_per_second", "Speed", 31.24), Number("prompt_tokens", "Prompt", 213))
    desk.studio.context.bridge.post(JobNumbers(job.id, numbers))
    until(lambda: desk.drafts.columns[1].view.text == SECOND)
    assert desk.drafts.columns[0].view.text == FIRST + " "
    assert desk.drafts.message.whole_text() == "31.2 tokens per second · 213 prompt tokens"
    assert not desk.drafts.columns[0].use.isEnabled()
    desk.finish(job, [FIRST, SECOND])
    until(lambda: not desk.drafts.is_live)
    first = desk.drafts.columns[0]
    assert first.view.document().firstBlock().text() == "Lumen"
    assert "follows you" in first.view.toPlainText()
    assert first.length.whole_text().startswith("10 words, 1 too many (at most 9)")
    assert first.use.isEnabled()


def test_a_smaller_plan_begins_anew(desk: Desk, until) -> None:
    job = desk.begin()
    desk.say(job, 0, "lost")
    until(lambda: desk.drafts.columns[0].view.text == "lost")
    desk.plan(job)
    desk.say(job, 0, "kept")
    until(lambda: desk.drafts.columns[0].view.text == "kept")
    assert desk.drafts.columns[0].view.toPlainText() == "kept"


def test_what_was_written_before_a_stop_can_be_used(desk: Desk, until) -> None:
    job = desk.begin()
    desk.say(job, 0, "Half a sent")
    until(lambda: desk.drafts.columns[0].view.text == "Half a sent")
    desk.cancel(job)
    until(lambda: not desk.drafts.is_live)
    assert "Stopped" in desk.drafts.message.whole_text()
    assert desk.drafts.columns[0].use.isEnabled()
    assert not desk.drafts.columns[1].use.isEnabled()
    QTest.mouseClick(desk.drafts.columns[0].use, Qt.MouseButton.LeftButton)
    assert desk.text == "Half a sent"
    assert desk.room.document.is_changed


def test_stopped_before_the_first_word_there_is_nothing_to_pick(desk: Desk, until) -> None:
    job = desk.begin()
    desk.cancel(job)
    until(lambda: not desk.drafts.is_live)
    assert desk.drafts.message.whole_text() == "Stopped before a word was written."
    assert desk.drafts.columns[0].length.whole_text() == ""


def test_words_of_other_jobs_are_not_shown(desk: Desk, until) -> None:
    job = desk.begin()
    (other,) = desk.queue.submit([job.recipe], title="Other")
    desk.say(other, 0, "no")
    desk.say(job, 9, "no such draft")
    desk.studio.context.bridge.post(JobProgress(job.id, 0.1, "Loading the model", None))
    desk.say(job, 0, "yes")
    until(lambda: desk.drafts.columns[0].view.text == "yes")
    assert desk.drafts.message.whole_text() == "Loading the model"
    assert len(desk.drafts.columns) == 2


def test_the_reader_is_left_where_they_read(desk: Desk, until) -> None:
    job = desk.begin()
    view = desk.drafts.columns[0].view
    desk.say(job, 0, "\n\n".join(f"Line {n}" for n in range(60)))
    until(lambda: view.verticalScrollBar().maximum() > 0)
    assert view.verticalScrollBar().value() == view.verticalScrollBar().maximum()
    view.verticalScrollBar().setValue(5)
    desk.say(job, 0, "\n\nMore")
    until(lambda: view.text.endswith("More"))
    assert view.verticalScrollBar().value() == 5


def test_a_passage_is_taken_by_a_click_and_by_keys(desk: Desk, until) -> None:
    job = desk.begin()
    items = desk.finish(job, [FIRST, SECOND])
    until(lambda: not desk.drafts.is_live)
    first, second = (column.view for column in desk.drafts.columns)
    place = first.rect_of(2).center().toPoint()
    QTest.mouseClick(first.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(40, place.y()))
    assert desk.text == "- Cast aluminium"
    QTest.keyClick(second, Qt.Key.Key_Up)
    QTest.keyClick(second, Qt.Key.Key_Return)
    assert desk.text == "- Cast aluminium\n\nIt is built to be opened."
    QTest.keyClick(first, Qt.Key.Key_Up)
    QTest.keyClick(first, Qt.Key.Key_Space)
    assert desk.text.endswith("opened.\n\n- Spare parts")
    until(lambda: first._used == {2, 3})
    flow = desk.room.document
    assert flow.working.drafts == tuple(items)
    assert flow.page.pane.editor.origins.sources() == {job.recipe.digest}


def test_words_that_are_copied_keep_where_they_came_from(desk: Desk, until) -> None:
    job = desk.begin()
    desk.finish(job, [FIRST, SECOND])
    until(lambda: not desk.drafts.is_live)
    view = desk.drafts.columns[1].view
    view.selectAll()
    data = view.createMimeDataFromSelection()
    desk.room.document.new()
    editor = desk.page.pane.editor
    editor.insertFromMimeData(data)
    assert editor.origins.sources() == {job.recipe.digest}
    plain = QMimeData()
    plain.setText(" typed")
    editor.insertFromMimeData(plain)
    assert [passage.source for passage in editor.passages()] == [job.recipe.digest, ""]


def test_a_draft_is_copied_with_formatting(desk: Desk, until) -> None:
    job = desk.begin()
    desk.finish(job, [FIRST, SECOND])
    until(lambda: not desk.drafts.is_live)
    desk.drafts.columns[0].copy.click()
    data = QGuiApplication.clipboard().mimeData()
    assert "<strong>follows</strong>" in data.html()
    assert data.text().startswith("Lumen\n=====")
    assert bytes(data.data("text/markdown").data()).decode() == FIRST


def test_drafts_of_before_are_opened_from_the_gallery(desk: Desk, until) -> None:
    job = desk.begin()
    items = desk.finish(job, [FIRST, SECOND])
    until(lambda: not desk.drafts.is_live)
    desk.drafts.clear()
    desk.studio.items.look(items[1])
    assert [column.view.text for column in desk.drafts.columns] == [FIRST, SECOND]
    assert [bool(column.property("chosen")) for column in desk.drafts.columns] == [False, True]
    assert desk.studio.workspace.room == "text"


def test_drafts_outlive_a_window_that_is_built_anew(desk: Desk, until) -> None:
    job = desk.begin()
    desk.say(job, 0, "Before. ")
    until(lambda: desk.drafts.columns[0].view.text == "Before. ")
    desk.studio.rebuild()
    assert desk.drafts.is_live
    assert desk.drafts.columns[0].view.text == "Before. "
    desk.say(job, 0, "After.")
    until(lambda: desk.drafts.columns[0].view.text == "Before. After.")


def test_finished_drafts_speak_the_language_of_the_window(desk: Desk, until) -> None:
    job = desk.begin()
    desk.studio.context.bridge.post(JobNumbers(job.id, (Number("tokens_per_second", "Speed", 31.24),)))
    desk.finish(job, [FIRST, SECOND])
    until(lambda: not desk.drafts.is_live)
    desk.drafts.title.setText("In the language of before")
    desk.drafts.message.setText("31,2 Token pro Sekunde")
    desk.studio.rebuild()
    assert desk.drafts.title.whole_text() == "Page"
    assert desk.drafts.message.whole_text() == "31.2 tokens per second"


@pytest.mark.parametrize("width", [260, 400, 700, 1200, 1800])
@pytest.mark.parametrize("count", [1, 2, 4, 6])
def test_no_column_is_cut_or_too_narrow(qtbot, dressed, width: int, count: int) -> None:
    view = DraftsView()
    qtbot.addWidget(view)
    view.resize(width, 500)
    view.follow("job", "Page", count, "", Limits())
    view.show()
    widths = {column.width() for column in view.columns}
    assert len(widths) == 1
    assert widths.pop() >= NARROWEST
    seen = [column for column in view.columns if column.x() + column.width() <= view.width()]
    assert seen


def test_the_buttons_of_a_draft_are_seen_whole(qtbot, dressed) -> None:
    view = DraftsView()
    qtbot.addWidget(view)
    view.resize(700, 500)
    view.show()
    view.follow("job", "Page", 3, "", Limits())
    view.set_use("Put it in the very place of what was selected")
    first = view.columns[0]
    assert first.width() > NARROWEST
    qtbot.waitUntil(lambda: first.copy.geometry().right() <= first.width())
    assert first.use.width() >= first.use.sizeHint().width()
    assert len({column.width() for column in view.columns}) == 1


def test_another_job_is_shown_from_its_first_draft(qtbot, dressed) -> None:
    view = DraftsView()
    qtbot.addWidget(view)
    view.resize(400, 500)
    view.show()
    view.follow("one", "Page", 6, "", Limits())
    bar = view._scroll.horizontalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() > 0)
    bar.setValue(bar.maximum())
    view.follow("two", "Page", 6, "", Limits())
    assert bar.value() == 0


def test_numbers_are_said_in_their_order() -> None:
    numbers = [
        Number("extra", "Peak", 3.0, "GB"),
        Number("context_left", "Left", 31822.0),
        Number("first_token", "First", 0.412),
        Number("tokens_per_second", "Speed", 130.7),
    ]
    assert numbers_words(numbers) == (
        "130 tokens per second  ·  first word after 0.4 s  ·  31,822 tokens left  ·  Peak: 3 GB"
    )
