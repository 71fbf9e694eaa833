"""Where prompts are written: with the prompts of before, snippets, spelling and a count of characters."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct
from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QFocusEvent, QKeyEvent, QTextCursor
from PySide6.QtWidgets import QMenu, QPlainTextEdit

from studio.ui.generate.prompt_store import PromptHistory, Snippets, walk
from studio.ui.kit.menu_entries import entry, plain_text, submenu
from studio.ui.kit.menu_keys import KeyMenu
from studio.ui.kit.theme import UNIT
from studio.words import tr

if TYPE_CHECKING:
    from studio.ui.generate.prompt_highlight import SpellHighlighter
    from studio.ui.kit.spelling import Speller

LINES = 4

Start = Callable[[Callable[[], object], Callable[[object], object]], object]
"""Runs `work()` beside the window's thread, then `done(result)` in it."""


class Spelling(QObject):
    """The speller of all prompt fields: loaded when one of them has the focus for the first time."""

    ready = Signal()

    def __init__(self, start: Start, languages: Sequence[str], own: Path) -> None:
        super().__init__()
        self.speller: Speller | None = None
        self._start, self._languages, self._own = start, tuple(languages), own
        self._asked = False

    def want(self) -> None:
        if self._asked:
            return
        self._asked = True
        languages, own = self._languages, self._own

        def work() -> object:
            from studio.ui.kit.spelling import load

            return load(languages, own)

        self._start(work, self._take)

    def _take(self, speller: object) -> None:
        self.speller = speller  # type: ignore[assignment]
        if speller is not None:
            self.ready.emit()


class PromptHelp(Struct, frozen=True):
    """What helps to write the prompts of one generator."""

    generator: str
    history: PromptHistory
    snippets: Snippets
    spelling: Spelling
    edit_snippets: Callable[[str], object]
    """Opens the snippets to change them; the text becomes a new one, if there is any."""


class PromptEdit(QPlainTextEdit):
    """Several lines of words. Tab leaves it, but for a snippet's name after a slash: words have no use for a
    tab. Ctrl+Up and Ctrl+Down walk through the prompts of before."""

    def __init__(self, field: str, help: PromptHelp | None) -> None:
        super().__init__()
        self._field, self._help = field, help
        self._walked: list[str] | None = None
        self._place = -1
        self._draft = ""
        self._highlighter: SpellHighlighter | None = None
        self.setTabChangesFocus(True)
        self.setAcceptDrops(False)  # a photo dropped here is meant for the window
        self.textChanged.connect(self._on_text)
        if help is not None:
            help.spelling.ready.connect(self._on_speller)

    def showEvent(self, event: object) -> None:
        super().showEvent(event)  # type: ignore[arg-type]
        self.setFixedHeight(self.fontMetrics().lineSpacing() * LINES + 2 * UNIT + 2)

    def put(self, text: str) -> None:
        """Replaces all of it, as one step that Ctrl+Z takes back."""
        cursor = self.textCursor()
        cursor.select(QTextCursor.SelectionType.Document)
        cursor.insertText(text)
        self.setTextCursor(cursor)
        self.ensureCursorVisible()

    def insert(self, text: str) -> None:
        self.textCursor().insertText(text)
        self.setFocus()

    def walk(self, step: int) -> None:
        """To an older prompt (1) or a newer one (-1); what was being typed waits at the near end."""
        if self._help is None:
            return
        if self._walked is None:
            self._draft = self.toPlainText()
            known = self._help.history.prompts(self._help.generator, self._field)
            self._walked = [text for text in known if text != self._draft]
        place = walk(self._walked, self._place, step)
        if place != self._place:
            walked = self._walked
            self._place = place
            self.put(self._draft if place < 0 else walked[place])
            self._walked, self._place = walked, place

    def keyPressEvent(self, event: QKeyEvent) -> None:
        control = event.modifiers() == Qt.KeyboardModifier.ControlModifier
        if control and event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.walk(1 if event.key() == Qt.Key.Key_Up else -1)
        elif event.key() == Qt.Key.Key_Tab and self._expand():
            event.accept()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if self._help is not None:
            self._help.spelling.want()
            if self._help.spelling.speller is not None:
                self._on_speller()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        menu = self.menu_at(self.cursorForPosition(event.pos()))
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(event.globalPos())

    def menu_at(self, cursor: QTextCursor) -> QMenu:
        """The usual entries, with what the word there might be, and with the snippets."""
        usual = self.createStandardContextMenu()
        menu = KeyMenu(self)
        usual.setParent(menu)  # it owns the usual entries
        menu.addActions(usual.actions())
        first = menu.actions()[0] if menu.actions() else None
        for text, act in self._corrections(cursor):
            menu.insertAction(first, entry(menu, text, act))  # type: ignore[arg-type]
        if first is not None and menu.actions()[0] is not first:
            menu.insertSeparator(first)
        if self._help is not None:
            menu.addSeparator()
            entry(menu, tr("Keep as a snippet…"), self._keep_as_snippet, on=bool(self._chosen_text()))
            texts = self._help.snippets.all()
            if texts:
                inner = submenu(menu, tr("Insert a snippet"))
                for name, text in texts.items():
                    entry(inner, plain_text(name), partial(self.insert, text))
        return menu

    def _corrections(self, cursor: QTextCursor) -> list[tuple[str, Callable[[], object]]]:
        speller = self._help.spelling.speller if self._help is not None else None
        if speller is None:
            return []
        from studio.ui.kit.spelling import word_at

        block = cursor.block()
        start, word = word_at(block.text(), cursor.positionInBlock())
        if not word or not any(at == start for at, _ in speller.mistakes(block.text())):
            return []
        place = block.position() + start

        def replace(better: str) -> Callable[[], object]:
            return lambda: self._replace(place, len(word), better)

        found = [(better, replace(better)) for better in speller.suggest(word)]
        return [*found, (tr("Add “{word}” to the dictionary", word=word), lambda: self._learn(word))]

    def _replace(self, start: int, length: int, text: str) -> None:
        cursor = self.textCursor()
        cursor.setPosition(start)
        cursor.setPosition(start + length, QTextCursor.MoveMode.KeepAnchor)
        cursor.insertText(text)

    def _learn(self, word: str) -> None:
        if self._help is not None and self._help.spelling.speller is not None:
            self._help.spelling.speller.add(word)
            self._help.spelling.ready.emit()

    def _expand(self) -> bool:
        """Puts a snippet in place of its name after a slash, right before the cursor."""
        if self._help is None:
            return False
        cursor = self.textCursor()
        asked = self._help.snippets.asked_for(cursor.block().text()[: cursor.positionInBlock()])
        if asked is None:
            return False
        typed, text = asked
        end = cursor.position()
        self._replace(end - len(typed), len(typed), text)
        return True

    def _chosen_text(self) -> str:
        return self.textCursor().selectedText().replace("\u2029", "\n") or self.toPlainText().strip()

    def _keep_as_snippet(self) -> None:
        if self._help is not None:
            self._help.edit_snippets(self._chosen_text())

    def _on_text(self) -> None:
        if self._walked is not None and (self._place < 0 or self.toPlainText() != self._walked[self._place]):
            self._walked, self._place = None, -1

    def _on_speller(self) -> None:
        assert self._help is not None
        speller = self._help.spelling.speller
        if speller is None or not (self.hasFocus() or self._highlighter is not None):
            return
        if self._highlighter is None:
            from studio.ui.generate.prompt_highlight import SpellHighlighter

            self._highlighter = SpellHighlighter(self, speller)
        self._highlighter.rehighlight()
