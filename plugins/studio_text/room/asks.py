"""Asking a model to rewrite what is selected, or to go on at the cursor: the answer comes as drafts."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from msgspec import Struct
from PySide6.QtGui import QTextCursor

from studio.core.recipe import MAX_SEED, Recipe
from studio.errors import StudioError
from studio.ui.kit.menu_entries import clear, entry
from studio.words import tr

if TYPE_CHECKING:
    from studio.core.generator import GeneratorDescription
    from studio.ui.context import WindowContext
    from studio.ui.generate.flow import GenerateFlow
    from studio.ui.generate.panel import GeneratePanel
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
    def __init__(
        self, context: WindowContext, panel: GeneratePanel, generating: GenerateFlow, page: DocumentPage
    ) -> None:
        self._context, self._panel, self._generating, self._page = context, panel, generating, page
        self.anchor: Anchor | None = None
        """Of the last thing that was asked."""

    def attach(self, pane: DocumentPane) -> None:
        pane.rewrite_menu.aboutToShow.connect(self._fill)
        pane.continue_wanted.connect(self.go_on)

    def _fill(self) -> None:
        menu = self._page.pane.rewrite_menu
        clear(menu)
        generator = self._generator(REWRITE)
        if generator is None:
            entry(menu, tr("No plugin that rewrites is installed"), lambda: None, on=False)
            return
        for value, title, needs in changes(generator):
            words = tr("{change}…", change=title.rstrip(" …")) if needs else title
            entry(menu, words, partial(self.rewrite, value, needs=needs))

    def rewrite(self, change: str, *, needs: bool = False) -> None:
        """Rewrites the selection. What needs to be told more is asked for in the form."""
        cursor = trimmed(self._page.pane.editor.textCursor())
        generator = self._generator(REWRITE)
        if generator is None or not cursor.hasSelection():
            return
        text = cursor.selection().toPlainText()
        self.anchor = Anchor(REWRITE, text, cursor)
        values = {"text": text, _CHANGE: change}
        if needs:
            self._panel.choose(REWRITE)
            self._panel.set_values({**self._panel.values(), **values})
            self._panel.go_to_missing() or self._panel.setFocus()
        else:
            self._submit(generator, values)

    def go_on(self) -> None:
        """Writes what could come at the cursor."""
        generator = self._generator(CONTINUE)
        if generator is None:
            told = tr("No plugin that continues texts is installed.")
            self._context.report(StudioError(told, tr("Help > Plugins says which ones there are.")))
            return
        editor = self._page.pane.editor
        cursor = editor.textCursor()
        cursor.setPosition(cursor.selectionEnd())
        before = editor.until(cursor.position())[-_BEFORE:]
        self.anchor = Anchor(CONTINUE, before, cursor)
        self._submit(generator, {"text": before})

    def _submit(self, generator: GeneratorDescription, values: Mapping[str, Any]) -> None:
        project, models, device = self._context.project, self._context.models, self._panel.foot.device_id()
        title = tr(generator.title)
        if project is None:
            return

        def make(_: object) -> Recipe:
            import secrets

            from studio.backends.device import default_threads
            from studio.jobs.prepare import make_recipe

            return make_recipe(
                project,
                generator,
                values,
                {},
                seed=secrets.randbelow(MAX_SEED + 1),
                device=device,
                threads=default_threads(),
                models=models,
            )

        def start(recipe: Recipe) -> None:
            self._generating.submit([recipe], [title], title, first=True)

        self._context.tasks.start(title, make, start)

    def _generator(self, id: str) -> GeneratorDescription | None:
        catalog = self._context.catalog
        return catalog.generators.get(id) if catalog is not None else None


def changes(generator: GeneratorDescription) -> list[tuple[str, str, bool]]:
    """(value, title, whether it needs to be told more) of each way to rewrite."""
    from studio.ui.kit.form_model import fields_of

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
