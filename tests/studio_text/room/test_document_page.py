"""From drafts to a document that is edited, saved, kept through a crash, copied and taken out."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QTextCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from studio_text.core.passages import GENERATOR, Passage, passages_of
from studio_text.room.asks import changes
from studio_text.room.editor import DocumentEditor
from studio_text.room.flow import DocumentFlow
from studio_text.room.pane import READ, WRITE, DocumentPane, ReadView

from studio.core.item import Item
from studio.core.kind import Kind
from studio.core.recipe import Recipe
from studio.ui.export.dialog import ExportDialog
from studio.ui.items.queue_words import state_words
from studio.ui.shell.project_view import BEGIN_MS
from studio.ui.shell.studio_window import StudioWindow
from tests.studio_text.room.writing import FIRST, GENERATORS, SECOND, Desk, desk_of, room_of


@pytest.fixture
def desk(studio: StudioWindow, tmp_path: Path, until) -> Desk:
    studio.window.resize(1500, 900)
    return desk_of(studio, tmp_path / "Test.studio", until)


@pytest.fixture
def drafted(desk: Desk, until) -> tuple[Desk, list[Item]]:
    job = desk.begin()
    items = desk.finish(job, [FIRST, SECOND])
    until(lambda: not desk.drafts.is_live)
    return desk, items


def flow_of(desk: Desk) -> DocumentFlow:
    return desk.room.document


def pane_of(desk: Desk) -> DocumentPane:
    return desk.page.pane


def recipe_of(desk: Desk, item: Item) -> Recipe:
    found = desk.project.recipe_of(item.uid)
    assert found is not None
    return found


def test_a_draft_is_picked_edited_and_saved(drafted, until) -> None:
    desk, items = drafted
    source = recipe_of(desk, items[0]).digest
    desk.drafts.columns[0].use.click()
    pane = pane_of(desk)
    assert desk.text == FIRST
    assert not flow_of(desk).is_changed
    assert not pane.save.isEnabled()
    assert desk.drafts.isHidden()
    pane.editor.moveCursor(QTextCursor.MoveOperation.End)
    QTest.keyClicks(pane.editor, "Mine.")
    assert pane.state.text() == "Not saved yet"
    saved = flow_of(desk).save()
    assert saved is not None
    assert saved.name == "Lumen"
    assert saved.parent == items[0].uid
    assert desk.project.blob_path(saved.digest).read_text("utf-8") == FIRST + "Mine."
    recipe = recipe_of(desk, saved)
    assert recipe.generator == GENERATOR
    assert passages_of(recipe.generator, recipe.params) == [Passage(FIRST, source), Passage("Mine.")]
    assert pane.state.text() == "Saved"
    assert state_words(desk.queue.job(saved.job), None) == "Saved"
    until(lambda: desk.studio.gallery.count.text() == "3 items")
    again = flow_of(desk).save()
    assert again is None
    QTest.keyClicks(pane.editor, "!")
    second = flow_of(desk).save()
    assert second is not None
    assert second.parent == saved.uid


def test_picking_another_draft_can_be_undone(drafted) -> None:
    desk, _ = drafted
    desk.drafts.columns[0].use.click()
    desk.page.show_drafts(True)
    desk.drafts.columns[1].use.click()
    assert desk.text == SECOND
    pane_of(desk).editor.undo()
    assert desk.text == FIRST
    assert {passage.source for passage in pane_of(desk).editor.passages()} != {""}


def test_a_draft_of_another_job_is_another_text(drafted, until) -> None:
    desk, items = drafted
    desk.drafts.columns[0].use.click()
    QTest.keyClicks(pane_of(desk).editor, "Mine.")
    job = desk.begin()
    (other,) = desk.finish(job, ["# Fjord\n\nFolds flat.\n"])
    until(lambda: not desk.drafts.is_live)
    desk.drafts.columns[0].use.click()
    assert desk.text == "# Fjord\n\nFolds flat.\n"
    assert flow_of(desk).working.base == other
    assert not flow_of(desk).is_changed
    (saved,) = (item for item in desk.project.items() if item.parent == items[0].uid)
    assert desk.project.blob_path(saved.digest).read_text("utf-8").endswith("Mine.")


def test_a_passage_is_taken_back_where_it_was_clicked(drafted) -> None:
    desk, _ = drafted
    desk.drafts.columns[0].use.click()
    desk.page.show_drafts(True)
    view = desk.drafts.columns[1].view
    view.setFocus()
    QTest.keyClick(view, Qt.Key.Key_Up)
    QTest.keyClick(view, Qt.Key.Key_Return)
    assert desk.text != FIRST
    desk.studio.undo.undo()
    assert desk.text == FIRST
    desk.studio.undo.redo()
    assert "opened" in desk.text


def test_saving_does_not_wait_for_the_queue(drafted) -> None:
    desk, _ = drafted
    desk.begin()
    desk.page.show_drafts(True)
    flow_of(desk).new()
    pane_of(desk).editor.insertPlainText("Typed.")
    saved = flow_of(desk).save()
    assert saved is not None
    assert saved.parent is None
    assert desk.queue.paused


def stage_of(desk) -> bytes:
    """What is kept of the room's stage."""
    return b"".join(desk.studio.context.edits.kept("text:stage"))


def test_what_is_typed_is_there_again_after_a_crash(drafted, another, until) -> None:
    desk, _ = drafted
    desk.drafts.columns[1].use.click()
    QTest.keyClicks(pane_of(desk).editor, "Not saved")
    until(lambda: b"Not saved" in stage_of(desk))
    text, journal = desk.text, desk.project.folder / "edits"
    kept = journal.read_bytes()
    desk.studio.projects.close()
    until(lambda: desk.studio.context.project is None and not desk.studio.projects._busy)
    assert not desk.page.has_document
    journal.write_bytes(kept)  # as the crash has left it
    desk.studio.projects.open(desk.project.folder)
    until(lambda: desk.page.has_document)
    assert desk.text == text
    assert flow_of(desk).is_changed
    until(lambda: "is back as you left it" in desk.studio.workspace.notice.text.whole_text())
    assert flow_of(desk).save() is not None
    until(lambda: not stage_of(desk))


def test_the_next_window_begins_with_what_was_left(drafted, another, until) -> None:
    desk, _ = drafted
    desk.drafts.columns[1].use.click()
    QTest.keyClicks(pane_of(desk).editor, "Not saved")
    until(lambda: b"Not saved" in stage_of(desk))
    text, count, folder = desk.text, desk.project.count(), desk.project.folder
    desk.studio.projects.close()
    until(lambda: desk.studio.context.project is None and not desk.studio.projects._busy)
    next_one = another()
    next_one.window.show()
    next_one.projects.open(folder)
    until(lambda: "is back as you left it" in next_one.workspace.notice.text.whole_text())
    QTest.qWait(BEGIN_MS + 50)
    assert next_one.context.project is not None
    assert next_one.context.project.count() == count
    assert room_of(next_one).page.pane.editor.text() == text


def test_another_text_saves_the_one_before(drafted) -> None:
    desk, items = drafted
    desk.drafts.columns[0].use.click()
    pane_of(desk).editor.insertPlainText("Changed. ")
    count = desk.project.count()
    flow_of(desk).edit(items[1])
    assert desk.text == SECOND
    assert desk.project.count() == count + 1
    pane_of(desk).editor.undo()
    assert desk.text == SECOND


def test_a_saved_document_opens_with_its_passages(drafted, until) -> None:
    desk, items = drafted
    desk.drafts.columns[0].view.take(1)
    pane_of(desk).editor.insertPlainText(" And I.")
    saved = flow_of(desk).save()
    assert saved is not None
    flow_of(desk).new()
    assert desk.text == ""
    desk.studio.items.look(saved)
    until(lambda: desk.text)
    source = recipe_of(desk, items[0]).digest
    assert [passage.source for passage in pane_of(desk).editor.passages()] == [source, ""]


def test_bytes_that_are_no_text_are_told(desk: Desk, tmp_path: Path, until, monkeypatch) -> None:
    file = tmp_path / "latin.txt"
    file.write_bytes(b"caf\xe9")
    item = desk.project.add_asset(file, kind=Kind.TEXT)
    told: list[BaseException] = []
    monkeypatch.setattr(desk.studio.context, "report", told.append)
    desk.studio.items.look(item)
    until(lambda: told)
    assert "no text in UTF-8" in str(told[0])
    assert not desk.page.has_document


def test_a_text_that_is_too_large_is_told(desk: Desk, tmp_path: Path, until, monkeypatch) -> None:
    file = tmp_path / "long.txt"
    file.write_text("x" * 600_000)
    item = desk.project.add_asset(file, kind=Kind.TEXT)
    told: list[BaseException] = []
    monkeypatch.setattr(desk.studio.context, "report", told.append)
    desk.studio.items.look(item)
    until(lambda: told)
    assert "too large to be shown" in str(told[0])


def test_reading_shows_it_set(drafted) -> None:
    desk, _ = drafted
    desk.drafts.columns[0].use.click()
    pane = pane_of(desk)
    pane.show_view(READ)
    assert pane.reader.toPlainText().startswith("Lumen\nA lamp that follows you.")
    assert not pane.rewrite.isEnabled()
    pane.show_view(WRITE)
    pane.editor.selectAll()
    assert pane.rewrite.isEnabled()


def test_a_click_shows_the_drafts_beside_the_text_and_hides_them(drafted, until) -> None:
    desk, _ = drafted
    desk.drafts.columns[0].use.click()
    pane = pane_of(desk)
    assert desk.drafts.isHidden()
    until(lambda: pane.drafts.width() > 0)
    QTest.mouseClick(pane.drafts, Qt.MouseButton.LeftButton)
    assert desk.drafts.isVisible()
    assert pane.isVisible()
    QTest.mouseClick(pane.drafts, Qt.MouseButton.LeftButton)
    assert desk.drafts.isHidden()


@pytest.mark.parametrize("view", [DocumentEditor, ReadView])
@pytest.mark.parametrize("width", [300, 470, 980])
def test_lines_are_as_wide_as_what_is_seen(qtbot, dressed, view, width: int) -> None:
    made = view()
    qtbot.addWidget(made)
    made.resize(width, 300)
    text = "\n\n".join(["It is built to be opened, and every part of it can be had for years."] * 20)
    made.load([Passage(text)]) if view is DocumentEditor else made.show_text(text)
    made.show()
    assert made.document().textWidth() == made.viewport().width()


def test_a_texts_limits_stay_with_its_versions(drafted) -> None:
    desk, items = drafted
    desk.drafts.columns[0].use.click()
    QTest.keyClicks(pane_of(desk).editor, "Mine.")
    saved = flow_of(desk).save()
    assert saved is not None
    flow_of(desk).edit(items[1])
    flow_of(desk).edit(saved)
    assert "(at most 9)" in pane_of(desk).length.whole_text()
    flow_of(desk).new()
    assert "at most" not in pane_of(desk).length.whole_text()


def test_texts_that_were_there_before_the_plugins_get_their_names_and_limits(drafted) -> None:
    desk, items = drafted
    catalog = desk.studio.context.catalog
    desk.studio.context.catalog = None
    desk.studio.panel.changed.emit()
    flow_of(desk).open(items[0])
    assert desk.drafts.title.whole_text() == desk.studio.workspace.name.whole_text() == "text/page"
    desk.studio.set_catalog(catalog)
    assert desk.studio.workspace.name.whole_text() == "Page"
    desk.studio.context.catalog = None
    desk.studio.panel.changed.emit()
    desk.drafts.columns[0].use.click()
    desk.studio.set_catalog(catalog)
    assert desk.drafts.title.whole_text() == "Page"
    assert "(at most 9)" in desk.drafts.columns[0].length.whole_text()
    assert "(at most 9)" in pane_of(desk).length.whole_text()


def test_over_the_limit_is_said_in_words(drafted, until) -> None:
    desk, _ = drafted
    desk.drafts.columns[0].use.click()
    until(lambda: "1 too many (at most 9)" in pane_of(desk).length.whole_text())
    assert pane_of(desk).length.property("role") == "error"


def test_copy_takes_the_selection_or_everything(drafted) -> None:
    desk, _ = drafted
    desk.drafts.columns[0].use.click()
    pane = pane_of(desk)
    pane.copy()
    assert desk.studio.workspace.notice.text.whole_text() == "Copied with formatting."
    assert "<h1>Lumen</h1>" in QGuiApplication.clipboard().mimeData().html()
    pane.editor.moveCursor(QTextCursor.MoveOperation.Start)
    pane.editor.moveCursor(QTextCursor.MoveOperation.EndOfBlock, QTextCursor.MoveMode.KeepAnchor)
    pane.copy_markdown()
    assert QGuiApplication.clipboard().text() == "# Lumen"


def test_a_rewritten_selection_takes_its_place(drafted, until) -> None:
    desk, items = drafted
    desk.drafts.columns[1].use.click()
    editor = pane_of(desk).editor
    cursor = editor.document().find("Good light is quiet.")
    cursor.setPosition(cursor.selectionStart() - 1)  # with the line end before it, which stays
    cursor.movePosition(QTextCursor.MoveOperation.EndOfBlock, QTextCursor.MoveMode.KeepAnchor)
    cursor.movePosition(QTextCursor.MoveOperation.NextBlock, QTextCursor.MoveMode.KeepAnchor)
    cursor.movePosition(QTextCursor.MoveOperation.EndOfBlock, QTextCursor.MoveMode.KeepAnchor)
    editor.setTextCursor(cursor)
    flow_of(desk).asks.rewrite("shorter")
    until(lambda: len(desk.queue.jobs()) == 2)
    job = next(one for one in desk.queue.jobs() if one.recipe.generator == "text/rewrite")
    assert job.recipe.params["text"] == "Good light is quiet."
    until(lambda: desk.drafts.job_id == job.id)
    assert desk.drafts.columns[0].use.text() == "Replace selection"
    editor.moveCursor(QTextCursor.MoveOperation.Start)
    QTest.keyClicks(editor, "X")  # the place moves along with what is typed before it
    desk.run(job)
    made = desk.finish(job, ["Quiet light.\n", "Calm.\n"])
    until(lambda: not desk.drafts.is_live)
    desk.drafts.columns[0].use.click()
    assert desk.text == "X" + SECOND.replace("Good light is quiet.", "Quiet light.")
    sources = [passage.source for passage in editor.passages()]
    first = recipe_of(desk, items[0]).digest
    assert sources == ["", first, recipe_of(desk, made[0]).digest, first]
    editor.undo()
    assert desk.text == "X" + SECOND


def test_a_text_goes_on_at_the_cursor(drafted, until) -> None:
    desk, _ = drafted
    desk.drafts.columns[1].use.click()
    editor = pane_of(desk).editor
    editor.moveCursor(QTextCursor.MoveOperation.End)
    flow_of(desk).asks.go_on()
    until(lambda: len(desk.queue.jobs()) == 2)
    job = next(one for one in desk.queue.jobs() if one.recipe.generator == "text/continue")
    assert job.recipe.params["text"] == SECOND
    until(lambda: desk.drafts.job_id == job.id)
    desk.run(job)
    desk.finish(job, ["And repaired.\n"])
    until(lambda: not desk.drafts.is_live)
    assert desk.drafts.columns[0].use.text() == "Insert"
    desk.drafts.columns[0].use.click()
    assert desk.text == SECOND + "And repaired."


def test_the_ways_to_rewrite_come_from_the_generator() -> None:
    assert changes(GENERATORS[1]) == [("shorter", "Shorter", False), ("tone", "Another tone", True)]


def test_a_way_that_needs_to_be_told_more_is_asked_for_in_the_form(drafted) -> None:
    desk, _ = drafted
    desk.drafts.columns[1].use.click()
    pane_of(desk).editor.selectAll()
    flow_of(desk).asks.rewrite("tone", needs=True)
    panel = desk.studio.panel
    assert panel.generator is not None
    assert panel.generator.id == "text/rewrite"
    assert panel.values()["change"] == "tone"
    assert panel.values()["text"] == SECOND.strip()


def test_export_takes_the_document_as_it_is_now(drafted) -> None:
    desk, _ = drafted
    desk.drafts.columns[0].use.click()
    pane_of(desk).editor.insertPlainText("New. ")
    desk.studio.workspace.export.click()
    dialog = desk.studio.window.findChild(ExportDialog)
    assert dialog is not None
    assert dialog.facts.text().startswith("1 text")
    assert [*dialog.formats.choices] == ["text"]
    assert not flow_of(desk).is_changed
    dialog.reject()


def test_a_document_outlives_a_window_that_is_built_anew(drafted) -> None:
    desk, items = drafted
    desk.drafts.columns[0].use.click()
    pane_of(desk).editor.insertPlainText("Typed. ")
    text, passages = desk.text, pane_of(desk).editor.passages()
    desk.studio.rebuild()
    assert desk.text == text
    assert pane_of(desk).editor.passages() == passages
    assert flow_of(desk).working.base == items[0]
    assert flow_of(desk).is_changed
    assert desk.studio.workspace.room == "text"


def test_narrow_and_low_shows_one_of_both(drafted, qtbot) -> None:
    desk, _ = drafted
    page = desk.page
    desk.drafts.columns[0].view.take(0)
    assert page.drafts.isVisible()
    assert page.pane.isVisible()
    desk.studio.window.resize(1024, 600)
    qtbot.waitUntil(lambda: not page.pane.isVisible(), timeout=30_000)
    assert page.drafts.isVisible()
    QTest.mouseClick(page.drafts.back, Qt.MouseButton.LeftButton)
    assert page.pane.isVisible()
    assert not page.drafts.isVisible()


@pytest.mark.parametrize("width", [300, 352, 420, 700])
@pytest.mark.parametrize("points", [9, 14])
def test_tools_keep_their_words_whatever_their_room(width: int, points: int, qtbot) -> None:
    room = QWidget()
    qtbot.addWidget(room)
    pane = DocumentPane()
    pane.setParent(room)
    letters = pane.font()
    letters.setPointSize(points)
    pane.setFont(letters)
    for one, words in ((pane.rewrite, "Umschreiben"), (pane.go_on, "Weiterschreiben")):
        one.setText(words)
    pane.resize(width, 500)
    room.show()
    qtbot.waitExposed(room)
    qtbot.wait(1)  # what asked for another layout has it
    parts = (pane.views, pane.rewrite, pane.go_on, pane.copy_button)
    if points == 9 or width >= 420:
        assert all(one.width() >= one.sizeHint().width() for one in parts)
    rows = {one.geometry().center().y() for one in parts}
    assert len(rows) == (2 if pane.width() < pane.tools_width() else 1)
