"""Talking about the text on the page."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from studio_text.room.chat_flow import ChatFlow
from studio_text.room.turn import Turn

from studio.jobs.queue import Job
from studio.ui.shell.studio_window import StudioWindow
from tests.studio_text.room.writing import FIRST, Desk, desk_of


@pytest.fixture
def desk(studio: StudioWindow, tmp_path: Path, until) -> Desk:
    studio.window.resize(1500, 900)
    made = desk_of(studio, tmp_path / "Test.studio", until)
    made.room.document.new()
    made.page.pane.editor.insertPlainText(FIRST)
    made.page.pane.talk.click()
    return made


def flow_of(desk: Desk) -> ChatFlow:
    return desk.room.chat


def ask(desk: Desk, words: str, until) -> Job:
    flow = flow_of(desk)
    QTest.keyClicks(flow.view.line, words)
    QTest.keyClick(flow.view.line, Qt.Key.Key_Return)
    assert flow.view.stop.isVisible()
    until(lambda: flow._job)
    return desk.queue.job(flow._job)


def test_an_answer_comes_word_by_word_and_is_remembered(desk: Desk, until) -> None:
    flow = flow_of(desk)
    job = ask(desk, "Is it clear?", until)
    assert job.recipe.params["message"] == "Is it clear?"
    assert job.recipe.params["draft"] == FIRST
    assert job.recipe.params["conversation"] == "[]"
    desk.say(job, 0, "Yes, **ver")
    until(lambda: "Yes, **ver" in flow.view.log.toPlainText())
    desk.say(job, 0, "y**.")
    desk.finish(job, ["Yes, **very**.\n"])
    until(lambda: not flow._job)
    assert flow.view.log.toPlainText() == "You\nIs it clear?\nThe model\nYes, very."
    assert not flow.view.use.isVisible()
    again = ask(desk, "Why?", until)
    assert json.loads(again.recipe.params["conversation"]) == [
        {"role": "user", "content": "Is it clear?"},
        {"role": "assistant", "content": "Yes, **very**."},
    ]
    assert desk.page.drafts.is_empty


def test_a_new_version_is_offered_and_can_be_undone(desk: Desk, until) -> None:
    flow = flow_of(desk)
    job = ask(desk, "Shorten it", until)
    desk.say(job, 0, "I cut the list.\n<dra")
    until(lambda: "I cut the list." in flow.view.log.toPlainText())
    assert "<" not in flow.view.log.toPlainText()
    desk.say(job, 0, "ft>\n# Lu")
    until(lambda: "Writing a new version" in flow.view.state.whole_text())
    assert "<draft>" not in flow.view.log.toPlainText()
    desk.finish(job, ["I cut the list.\n", "# Lumen\n\nA lamp.\n"])
    until(lambda: flow.view.use.isVisible())
    flow.view.use.click()
    editor = desk.page.pane.editor
    assert desk.text == "# Lumen\n\nA lamp.\n"
    assert [draft.name for draft in desk.room.document.working.drafts] == ["Draft 1"]
    assert editor.origins.sources() == {job.recipe.digest}
    assert not flow.view.use.isVisible()
    editor.undo()
    assert desk.text == FIRST


def test_a_question_that_was_stopped_does_not_count(desk: Desk, until) -> None:
    flow = flow_of(desk)
    job = ask(desk, "Well?", until)
    desk.run_quietly(job)
    desk.cancel(job)
    until(lambda: not flow._job)
    assert flow.view.state.whole_text() == "Stopped."
    assert flow.view.line.isEnabled()
    again = ask(desk, "Once more", until)
    assert again.recipe.params["conversation"] == "[]"


def test_the_conversation_outlives_a_window_and_ends_with_its_text(desk: Desk, until) -> None:
    job = ask(desk, "Is it clear?", until)
    desk.run_quietly(job)
    desk.studio.rebuild()
    flow = flow_of(desk)
    desk.finish(job, ["Yes.\n"])
    until(lambda: not flow._job)
    assert flow.turns == [Turn("user", "Is it clear?"), Turn("assistant", "Yes.")]
    assert "Yes." in flow.view.log.toPlainText()
    desk.room.document.new()
    assert flow.turns == []
    assert flow.view.log.toPlainText() == ""
