"""The room of texts, alone with its context: what it shows, selects, keeps and hands over."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QStackedWidget
from studio_text.core.passages import GENERATOR, Passage, passages_of
from studio_text.room.room import TextRoom

from studio.core.generator import Action
from studio.core.kind import Kind
from studio.errors import ProjectError
from tests.studio_text.room.fake_context import FakeContext
from tests.studio_text.room.writing import FIRST, SECOND


@pytest.fixture
def context(tmp_path: Path) -> FakeContext:
    return FakeContext(tmp_path)


@pytest.fixture
def room(context: FakeContext, qtbot) -> TextRoom:
    made = TextRoom(context)  # type: ignore[arg-type]
    qtbot.addWidget(made.stage())
    made.stage().resize(1200, 800)
    return made


def text_of(room: TextRoom) -> str:
    return room.page.pane.editor.text()


def bytes_of(room: TextRoom) -> bytes:
    """What the window keeps of the room."""
    state = room.save()
    return state if isinstance(state, bytes) else state()


def test_the_empty_page_names_the_button_that_leads_on(room: TextRoom, context: FakeContext) -> None:
    form = context.form
    writes = Action(words="Write {count} drafts", one="Write a draft", count="drafts")
    form.known[0] = replace(form.known[0], actions=(writes,))
    form.choose(form.known[0].id)
    form.patch({"drafts": 3})
    form.changed.emit()
    assert "press “Write 3 drafts”" in room.page.empty.text.text()
    form.patch({"drafts": 1})
    form.changed.emit()
    assert "press “Write a draft”" in room.page.empty.text.text()


def test_the_empty_page_has_one_action_which_leads_into_the_form(
    room: TextRoom, context: FakeContext
) -> None:
    room.page.brief.click()
    assert context.is_shown
    assert context.form.at_missing


def test_a_job_is_followed_from_its_first_word(room: TextRoom, context: FakeContext, qtbot) -> None:
    job = context.job()
    room.follow(job)
    assert context.is_shown
    assert context.title == "Page"
    context.write(job, 0, "Half a sent")
    qtbot.waitUntil(lambda: room.page.drafts.columns[0].view.text == "Half a sent")
    items = context.finish(job, [FIRST, SECOND])
    assert not room.page.drafts.is_live
    assert [column.item for column in room.page.drafts.columns] == items
    assert room.shown() == items == room.to_export()


def test_a_job_that_was_cancelled_has_written_nothing(room: TextRoom, context: FakeContext) -> None:
    job = context.job()
    room.follow(job)
    context.cancel(job)
    assert room.page.drafts.message.whole_text() == "Stopped before a word was written."


def test_the_chosen_draft_is_selected_and_on_the_stage(room: TextRoom, context: FakeContext) -> None:
    job = context.job()
    room.follow(job)
    first, second = context.finish(job, [FIRST, SECOND])
    room.page.drafts.columns[1].use.click()
    assert text_of(room) == SECOND
    assert context.selected == [second]
    assert room.shown() == [second]
    room.page.show_drafts(True)
    room.page.drafts.columns[0].use.click()
    assert text_of(room) == FIRST
    assert context.selected == [first]


def test_a_draft_is_opened_beside_its_siblings_and_another_text_alone(
    room: TextRoom, context: FakeContext
) -> None:
    job = context.job()
    _, second = (context.items.make(text, job.id, job.recipe) for text in (FIRST, SECOND))
    room.open([second])
    assert [column.view.text for column in room.page.drafts.columns] == [FIRST, SECOND]
    assert [bool(column.property("chosen")) for column in room.page.drafts.columns] == [False, True]
    own = context.items.make("Mine.", name="Own")
    room.open([own])
    assert text_of(room) == "Mine."
    assert context.title == "Own"


def test_a_saved_version_is_recorded_with_where_its_passages_came_from(
    room: TextRoom, context: FakeContext
) -> None:
    job = context.job()
    room.follow(job)
    first, _ = context.finish(job, [FIRST, SECOND])
    room.page.drafts.columns[0].use.click()
    editor = room.page.pane.editor
    editor.moveCursor(QTextCursor.MoveOperation.End)
    editor.insertPlainText("Mine.")
    saved = room.document.save()
    assert saved is not None
    assert (saved.name, saved.kind, saved.parent) == ("Lumen", Kind.TEXT, first.uid)
    assert context.selected == [saved]
    recipe = context.items.recipes[saved.uid]
    assert recipe.generator == GENERATOR
    assert recipe.inputs == {"before": first.digest}
    source = job.recipe.digest
    assert passages_of(recipe.generator, recipe.params) == [Passage(FIRST, source), Passage("Mine.")]
    assert room.save() == b""


def test_what_could_not_be_saved_is_told_and_kept(room: TextRoom, context: FakeContext) -> None:
    room.document.new()
    room.page.pane.editor.insertPlainText("Mine.")
    context.items.refusal = ProjectError("The disk is full.")
    assert room.document.save() is None
    assert context.reported == [context.items.refusal]
    assert room.save() != b""
    assert not room.to_export()


def test_export_saves_first(room: TextRoom, context: FakeContext) -> None:
    room.document.new()
    room.page.pane.editor.insertPlainText("Mine.")
    (item,) = room.to_export()
    assert context.items.text(item) == "Mine."
    assert context.selected == [item]


def test_another_text_saves_the_one_before(room: TextRoom, context: FakeContext) -> None:
    room.document.new()
    room.page.pane.editor.insertPlainText("Mine.")
    other = context.items.make("Other.")
    room.open([other])
    assert text_of(room) == "Other."
    assert sorted(map(context.items.text, context.items.all.values())) == ["Mine.", "Other."]


def test_the_working_copy_comes_back_in_another_room(room: TextRoom, context: FakeContext, qtbot) -> None:
    job = context.job()
    room.follow(job)
    first, _ = context.finish(job, [FIRST, SECOND])
    room.page.drafts.columns[0].use.click()
    changes = context.changes
    room.page.pane.editor.insertPlainText("Typed. ")
    qtbot.waitUntil(lambda: context.changes > changes)
    state, text = bytes_of(room), text_of(room)
    other = TextRoom(context)  # type: ignore[arg-type]
    qtbot.addWidget(other.stage())
    other.restore(state, TextRoom.FORMAT)
    assert text_of(other) == text != FIRST
    assert other.document.working.base == first
    assert other.document.is_changed
    assert bytes_of(other) == state
    qtbot.waitUntil(lambda: bool(context.said))
    assert "is back as you left it" in context.said[-1]


def test_a_window_that_is_built_anew_does_not_tell_of_what_it_had(
    room: TextRoom, context: FakeContext, qtbot
) -> None:
    room.document.new()
    room.page.pane.editor.insertPlainText("Typed.")
    other = TextRoom(context)  # type: ignore[arg-type]
    qtbot.addWidget(other.stage())
    other.restore(bytes_of(room), TextRoom.FORMAT)
    other.take_over(room.hand_over())
    qtbot.wait(1)
    assert text_of(other) == "Typed."
    assert not context.said


@pytest.mark.parametrize("state", [b"{", b"\xff", b"[]", b'{"name": 1}'])
def test_what_cannot_be_read_of_a_working_copy_is_left(room: TextRoom, state: bytes) -> None:
    room.restore(state, TextRoom.FORMAT)
    room.restore(b'{"name": "x", "passages": [{"text": "y"}]}', TextRoom.FORMAT + 1)
    assert not room.page.has_document


def test_the_next_room_takes_all_over(room: TextRoom, context: FakeContext, qtbot) -> None:
    window = QStackedWidget()  # a stage that nobody shows goes with its room
    window.addWidget(room.stage())
    job = context.job()
    room.follow(job)
    context.write(job, 0, "Before. ")
    qtbot.waitUntil(lambda: room.page.drafts.columns[0].view.text == "Before. ")
    room.document.new()
    room.page.pane.editor.insertPlainText("Typed.")
    other = TextRoom(context)  # type: ignore[arg-type]
    qtbot.addWidget(other.stage())
    other.take_over(room.hand_over())
    room.close()
    assert text_of(other) == "Typed."
    context.write(job, 0, "After.")
    qtbot.waitUntil(lambda: other.page.drafts.columns[0].view.text == "Before. After.")
    assert room.page.drafts.columns[0].view.text == "Before. "
    room.stage().setParent(None)


def test_another_project_has_other_texts(room: TextRoom, context: FakeContext) -> None:
    room.open([context.items.make("Mine.")])
    context.set_project("one")
    assert room.page.has_document
    context.set_project("")
    assert not room.page.has_document
    assert context.title == ""


def test_a_rewritten_selection_is_asked_for_and_takes_its_place(room: TextRoom, context: FakeContext) -> None:
    room.open([context.items.make(SECOND)])
    editor = room.page.pane.editor
    editor.setTextCursor(editor.document().find("Good light is quiet."))
    room.document.asks.rewrite("shorter")
    asked = {"text": "Good light is quiet.", "change": "shorter"}
    assert context.jobs.submitted == [("text/rewrite", asked)]
    job = context.job("text/rewrite", **asked)
    room.follow(job)
    context.finish(job, ["Quiet light.\n", "Calm.\n"])
    room.page.drafts.columns[0].use.click()
    assert text_of(room) == SECOND.replace("Good light is quiet.", "Quiet light.")


def test_a_way_that_needs_more_is_asked_for_in_the_form(room: TextRoom, context: FakeContext) -> None:
    room.open([context.items.make(SECOND)])
    room.page.pane.editor.selectAll()
    room.document.asks.rewrite("tone", needs=True)
    assert context.form.chosen == "text/rewrite"
    assert context.form.patched == {"text": SECOND.strip(), "change": "tone"}
    assert context.form.at_missing


def test_names_and_limits_come_with_the_generators(room: TextRoom, context: FakeContext) -> None:
    known, context.form.known = context.form.known, []
    job = context.job()
    items = [context.items.make(text, job.id, job.recipe) for text in (FIRST, SECOND)]
    room.open(items[:1])
    assert context.title == "text/page"
    context.form.known = known
    context.form.changed.emit()
    assert context.title == "Page"
    assert "(at most 9)" in room.page.drafts.columns[0].length.whole_text()


def ask(room: TextRoom, words: str) -> None:
    room.document.new()
    room.page.pane.show_chat(True)
    room.chat.ask(words)


def test_an_answer_is_read_in_the_conversation_and_opens_nothing(
    room: TextRoom, context: FakeContext
) -> None:
    ask(room, "Is it clear?")
    (asked,) = context.jobs.submitted
    assert asked[0] == "text/chat"
    job = context.job("text/chat", **asked[1])
    room.follow(job)
    assert not room.page.drafts.columns
    items = context.finish(job, ["Yes."])
    room.open(items)  # the window shows what the user has waited for
    assert "Yes." in room.chat.view.log.toPlainText()
    assert text_of(room) == ""
    room.open(items)  # and now somebody has chosen it
    assert text_of(room) == "Yes."


def test_an_answer_that_was_there_before_anyone_looked(room: TextRoom, context: FakeContext) -> None:
    ask(room, "Is it clear?")
    job = context.job("text/chat", **context.jobs.submitted[0][1])
    items = context.finish(job, ["Yes."])
    room.open(items)
    assert "Yes." in room.chat.view.log.toPlainText()
    assert text_of(room) == ""


def test_a_question_that_never_became_a_job_can_be_asked_again(room: TextRoom, context: FakeContext) -> None:
    ask(room, "Well?")
    assert context.jobs.failed is not None
    context.jobs.failed()
    assert room.chat.view.line.isEnabled()
    room.chat.ask("Once more")
    assert context.jobs.submitted[1][1]["conversation"] == "[]"


def test_steps_of_the_text_are_taken_back_from_the_drafts_too(room: TextRoom, context: FakeContext) -> None:
    assert room.history() is None
    job = context.job()
    room.follow(job)
    context.finish(job, [FIRST, SECOND])
    room.page.drafts.columns[0].use.click()
    steps = room.history()
    assert steps is not None and steps.undo_title is None
    told = context.steps
    room.page.drafts.columns[1].view.take(1)
    assert context.steps > told
    assert steps.undo_title == "typing"
    steps.undo()
    assert text_of(room) == FIRST
    steps.redo()
    assert text_of(room) != FIRST
