"""Writing prompts: the prompts of before, snippets, spelling."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QTextCharFormat
from PySide6.QtWidgets import QLineEdit, QWidget

from studio.ui.generate.prompt_edit import PromptEdit, PromptHelp, Spelling
from studio.ui.generate.prompt_store import PromptHistory, Snippets
from studio.ui.generate.snippet_dialog import SnippetDialog
from studio.ui.kit.pick_popup import Pick, PickPopup
from studio.ui.kit.spelling import Speller
from tests.ui.test_spelling import Few


@pytest.fixture
def asked() -> list[str]:
    return []


@pytest.fixture
def help(tmp_path: Path, asked: list[str]) -> PromptHelp:
    def start(work: Callable[[], object], done: Callable[[object], object]) -> None:
        done(Speller([Few("a", "lake", "and", "hill")], tmp_path / "words.txt"))

    made = PromptHelp(
        "test/one",
        PromptHistory(tmp_path / "prompts"),
        Snippets(tmp_path / "snippets.json"),
        Spelling(start, ("en",), tmp_path / "words.txt"),
        asked.append,
    )
    for text in ("the oldest", "a hill", "a lake"):
        made.history.add("test/one", {"prompt": text})
    made.snippets.save({"sky": "a wide evening sky"})
    return made


@pytest.fixture
def edit(qtbot, dressed, help: PromptHelp) -> PromptEdit:
    made = PromptEdit("prompt", help)
    qtbot.addWidget(made)
    made.show()
    with qtbot.waitActive(made):
        made.activateWindow()
    return made


def press(edit: PromptEdit, qtbot, key: Qt.Key) -> str:
    qtbot.keyClick(edit, key, Qt.KeyboardModifier.ControlModifier)
    return edit.toPlainText()


def test_the_prompts_of_before_are_walked_through(edit: PromptEdit, qtbot) -> None:
    qtbot.keyClicks(edit, "a new one")
    up, down = Qt.Key.Key_Up, Qt.Key.Key_Down
    assert [press(edit, qtbot, up) for _ in range(4)] == ["a lake", "a hill", "the oldest", "the oldest"]
    assert [press(edit, qtbot, down) for _ in range(4)] == ["a hill", "a lake", "a new one", "a new one"]


def test_who_types_begins_to_walk_afresh(edit: PromptEdit, qtbot) -> None:
    assert press(edit, qtbot, Qt.Key.Key_Up) == "a lake"
    assert press(edit, qtbot, Qt.Key.Key_Up) == "a hill"
    qtbot.keyClicks(edit, "!")
    draft = edit.toPlainText()
    assert press(edit, qtbot, Qt.Key.Key_Up) == "a lake"
    assert press(edit, qtbot, Qt.Key.Key_Down) == draft


def test_walking_can_be_undone(edit: PromptEdit, qtbot) -> None:
    qtbot.keyClicks(edit, "mine")
    press(edit, qtbot, Qt.Key.Key_Up)
    edit.undo()
    assert edit.toPlainText() == "mine"


def test_a_snippet_is_put_in_by_its_name_and_tab(edit: PromptEdit, qtbot) -> None:
    qtbot.keyClicks(edit, "over it /sky")
    qtbot.keyClick(edit, Qt.Key.Key_Tab)
    assert edit.toPlainText() == "over it a wide evening sky"
    assert edit.hasFocus()
    edit.undo()
    assert edit.toPlainText() == "over it /sky"


def test_tab_leaves_the_field_otherwise(qtbot, dressed, help: PromptHelp) -> None:
    from PySide6.QtWidgets import QVBoxLayout

    both = QWidget()
    edit, line = PromptEdit("prompt", help), QLineEdit()
    column = QVBoxLayout(both)
    column.addWidget(edit)
    column.addWidget(line)
    qtbot.addWidget(both)
    both.show()
    with qtbot.waitActive(both):
        both.activateWindow()
    edit.setFocus()
    qtbot.keyClicks(edit, "nothing /unknown")
    qtbot.keyClick(edit, Qt.Key.Key_Tab)
    assert line.hasFocus()
    assert edit.toPlainText() == "nothing /unknown"


def waves(edit: PromptEdit) -> list[str]:
    block = edit.document().firstBlock()
    style = QTextCharFormat.UnderlineStyle.SpellCheckUnderline
    return [
        block.text()[one.start : one.start + one.length]
        for one in block.layout().formats()
        if one.format.underlineStyle() == style
    ]


def test_unknown_words_are_underlined_once_they_are_written(edit: PromptEdit, qtbot) -> None:
    qtbot.keyClicks(edit, "a lakke")
    assert waves(edit) == []
    qtbot.keyClicks(edit, " and")
    assert waves(edit) == ["lakke"]


def test_the_menu_corrects_and_learns(edit: PromptEdit, qtbot) -> None:
    edit.put("lakke and hiil")
    cursor = edit.textCursor()
    cursor.setPosition(2)
    texts = [action.text() for action in edit.menu_at(cursor).actions()]
    assert texts[:2] == ["lake", "Add “lakke” to the dictionary"]
    edit.menu_at(cursor).actions()[0].trigger()
    assert edit.toPlainText() == "lake and hiil"
    cursor.setPosition(12)
    learn = next(a for a in edit.menu_at(cursor).actions() if a.text().startswith("Add"))
    learn.trigger()
    assert waves(edit) == []


def test_the_menu_gives_and_keeps_snippets(edit: PromptEdit, asked: list[str]) -> None:
    edit.put("soft light")
    menu = edit.menu_at(edit.textCursor())
    inner = next(action.menu() for action in menu.actions() if action.menu() is not None)
    inner.actions()[0].trigger()
    assert edit.toPlainText() == "soft lighta wide evening sky"
    next(a for a in edit.menu_at(edit.textCursor()).actions() if a.text() == "Keep as a snippet…").trigger()
    assert asked == ["soft lighta wide evening sky"]


def test_without_help_it_is_a_plain_field(qtbot, dressed) -> None:
    edit = PromptEdit("prompt", None)
    qtbot.addWidget(edit)
    qtbot.keyClicks(edit, "a lakke")
    press(edit, qtbot, Qt.Key.Key_Up)
    assert edit.toPlainText() == "a lakke"
    assert edit.menu_at(edit.textCursor()).actions()


def test_the_dictionaries_are_asked_for_with_the_first_focus(qtbot, tmp_path: Path) -> None:
    started: list[object] = []
    spelling = Spelling(lambda work, done: started.append(work), ("en",), tmp_path / "words.txt")
    for _ in range(2):
        spelling.want()
    assert len(started) == 1


# The list that pops up -------------------------------------------------------------------------------------


@pytest.fixture
def popup(qtbot, dressed) -> Iterator[PickPopup]:
    parent = QLineEdit()
    qtbot.addWidget(parent)
    picks = [Pick("Lake"), Pick("Hill", "behind the lake"), Pick("Road")]
    yield PickPopup(parent, picks, name="Prompts", search="Search")


def test_what_is_sought_is_found_in_both_lines(popup: PickPopup, qtbot) -> None:
    popup.search.setText("LAKE")
    assert popup.list.model().rowCount() == 2
    with qtbot.waitSignal(popup.chosen) as chosen:
        qtbot.keyClick(popup.search, Qt.Key.Key_Down)
        qtbot.keyClick(popup.search, Qt.Key.Key_Return)
    assert chosen.args == [1]


def test_a_title_comes_before_a_detail_that_has_the_words_too(qtbot, dressed) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    picks = [Pick("Names", "For a product"), Pick("New product"), Pick("Product page"), Pick("Code")]
    popup = PickPopup(parent, picks, name="Generators", search="Search")

    def shown() -> list[str]:
        model = popup.list.model()
        return [model.index(row, 0).data() for row in range(model.rowCount())]

    assert shown() == ["Names", "New product", "Product page", "Code"]
    popup.search.setText("prod")
    assert shown() == ["Product page", "New product", "Names"]
    assert popup.list.currentIndex().data() == "Product page"
    popup.search.clear()
    assert shown() == ["Names", "New product", "Product page", "Code"]


def test_return_without_a_find_picks_nothing(popup: PickPopup, qtbot) -> None:
    popup.search.setText("nowhere")
    with qtbot.assertNotEmitted(popup.chosen):
        qtbot.keyClick(popup.search, Qt.Key.Key_Return)


def test_a_click_picks(popup: PickPopup, qtbot) -> None:
    with qtbot.waitSignal(popup.chosen) as chosen:
        popup.list.clicked.emit(popup.list.model().index(2, 0))
    assert chosen.args == [2]


# The snippets' dialog --------------------------------------------------------------------------------------


def test_snippets_are_made_changed_and_removed(qtbot, dressed, help: PromptHelp) -> None:
    dialog = SnippetDialog(None, help.snippets, "natural skin", lambda error: None)
    qtbot.addWidget(dialog)
    assert not dialog.go.isEnabled()
    assert "A name is made of" in dialog.wrong.text()
    qtbot.keyClicks(dialog.name, "sky")
    assert dialog.problem() == "“sky” is there twice."
    dialog.name.clear()
    qtbot.keyClicks(dialog.name, "/skin")
    assert dialog.go.isEnabled()
    dialog.go.click()
    assert help.snippets.all() == {"skin": "natural skin", "sky": "a wide evening sky"}
    again = SnippetDialog(None, help.snippets, "", lambda error: None)
    qtbot.addWidget(again)
    again.list.setCurrentRow(1)
    again.text.setPlainText("a gray sky")
    again.list.setCurrentRow(0)
    again.remove.click()
    again.go.click()
    assert help.snippets.all() == {"sky": "a gray sky"}


def test_snippets_that_cannot_be_written_are_not_lost(qtbot, dressed, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    errors: list[BaseException] = []
    dialog = SnippetDialog(None, Snippets(tmp_path / "file" / "snippets.json"), "a text", errors.append)
    qtbot.addWidget(dialog)
    qtbot.keyClicks(dialog.name, "one")
    dialog.show()
    dialog.go.click()
    assert "could not be saved" in str(errors[0])
    assert dialog.isVisible()
