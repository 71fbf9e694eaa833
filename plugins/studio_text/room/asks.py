"""Asking a model to rewrite what is selected, or to go on at the cursor: the answer comes as drafts."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from msgspec import Struct
from PySide6.QtGui import QTextCursor

from studio.api.values import StudioError, tr
from studio.ui.api import GeneratorDescription, Recipe, RoomContext, clear, entry, fields_of
from studio_text.room.read import generator_of

if TYPE_CHECKING:
    from studio_text.room.page import DocumentPage
    from studio_text.room.pane import DocumentPane

REWRITE, CONTINUE = "text/rewrite", "text/continue"
_CHANGE = "change"
_BEFORE = 6000
"""Characters before the cursor that are handed on: more than small models can make use of."""


class Anchor(Struct):
    """Where an answer belongs: a cursor that moves along with the text around it."""

    generator: str
    text: str
    """What was handed on: answers to something else do not belong here."""
    cursor: QTextCursor

    def fits(self, recipe: Recipe) -> bool:
        return recipe.generator == self.generator and recipe.params.get("text") == self.text


class Asks:
    def __init__(self, context: RoomContext, page: DocumentPage) -> None:
        self._context, self._page = context, page
        self.anchor: Anchor | None = None
        """Of the last thing that was asked."""

    def attach(self, pane: DocumentPane) -> None:
        pane.rewrite_menu.aboutToShow.connect(self._fill)
        pane.continue_wanted.connect(self.go_on)

    def _fill(self) -> None:
        menu = self._page.pane.rewrite_menu
        clear(menu)
        generator = generator_of(self._context, REWRITE)
        if generator is None:
            entry(menu, tr("No plugin that rewrites is installed"), lambda: None, on=False)
            return
        for value, title, needs in changes(generator):
            words = tr("{change}…", change=title.rstrip(" …")) if needs else title
            entry(menu, words, partial(self.rewrite, value, needs=needs))

    def rewrite(self, change: str, *, needs: bool = False) -> None:
        """Rewrites the selection. What needs to be told more is asked for in the form."""
        cursor = trimmed(self._page.pane.editor.textCursor())
        if generator_of(self._context, REWRITE) is None or not cursor.hasSelection():
            return
        text = cursor.selection().toPlainText()
        self.anchor = Anchor(REWRITE, text, cursor)
        values = {"text": text, _CHANGE: change}
        if needs:
            form = self._context.form
            form.choose(REWRITE)
            form.patch(values)
            form.go_to_missing()
        else:
            self._context.jobs.submit(REWRITE, values, {})

    def go_on(self) -> None:
        """Writes what could come at the cursor."""
        if generator_of(self._context, CONTINUE) is None:
            told = tr("No plugin that continues texts is installed.")
            self._context.report(StudioError(told, tr("Help > Plugins says which ones there are.")))
            return
        editor = self._page.pane.editor
        cursor = editor.textCursor()
        cursor.setPosition(cursor.selectionEnd())
        before = editor.until(cursor.position())[-_BEFORE:]
        self.anchor = Anchor(CONTINUE, before, cursor)
        self._context.jobs.submit(CONTINUE, {"text": before}, {})


def changes(generator: GeneratorDescription) -> list[tuple[str, str, bool]]:
    """(value, title, whether it needs to be told more) of each way to rewrite."""

    schema = generator.params_schema
    field = next((one for one in fields_of(schema) if one.name == _CHANGE), None)
    if field is None:
        return []
    asked = {
        value
        for spec in schema["properties"].values()
        if (when := spec.get("x-ui", {}).get("when")) and when["field"] == _CHANGE
        for value in when["values"]
    }
    return [(choice.value, choice.label, choice.value in asked) for choice in field.choices]


def trimmed(cursor: QTextCursor) -> QTextCursor:
    """The selection without the space at its ends, which stays where it is."""
    text = cursor.selection().toPlainText()
    start = cursor.selectionStart() + len(text) - len(text.lstrip())
    end = max(start, cursor.selectionEnd() - (len(text) - len(text.rstrip())))
    made = QTextCursor(cursor)
    made.setPosition(start)
    made.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
    return made
