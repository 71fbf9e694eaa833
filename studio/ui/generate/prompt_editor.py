"""The editor of a prompt field: where it is written, and what stands around that."""

from __future__ import annotations

from typing import Any

from studio.ui.generate.prompt_edit import PromptEdit, PromptHelp
from studio.ui.kit.controls import label
from studio.ui.kit.editor import Editor
from studio.ui.kit.form_model import FormField
from studio.ui.kit.form_parts import IconButton
from studio.ui.kit.locales import number
from studio.words import tr


class PromptEditor(Editor):
    """Several lines of words, with the prompts of before and snippets at hand."""

    def __init__(self, field: FormField, help: PromptHelp | None) -> None:
        self._text = PromptEdit(field.name, help)
        self._field, self._help = field, help
        self._told = ""
        self._text.setPlaceholderText(tr("What should be there?") if field.name == "prompt" else "")
        self._count = label("", "small") if field.max_length is not None else None
        tools = []
        if help is not None:
            self._before = IconButton("history", tr("Prompts of before (Ctrl+Up walks through them)"))
            self._before.clicked.connect(self._show_history)
            self._pieces = IconButton("snippet", tr("Snippets: pieces of text to insert (/name, then Tab)"))
            self._pieces.clicked.connect(self._show_snippets)
            tools = [self._before, self._pieces]
        super().__init__(self._text, below=self._text, tools=tools, foot=self._count)
        self._text.textChanged.connect(self._on_text)
        self._tell_count()

    def show(self, value: Any) -> None:
        if self._text.toPlainText() != value:
            self._told = str(value)
            self._text.blockSignals(True)
            self._text.setPlainText(str(value))
            self._text.blockSignals(False)
            self._tell_count()

    def _on_text(self) -> None:
        text = self._text.toPlainText()
        if text != self._told:  # underlining a word is told as a change too
            self._told = text
            self._tell_count()
            self.changed(text)

    def _tell_count(self) -> None:
        if self._count is not None and self._field.max_length is not None:
            used, most = number(len(self._text.toPlainText())), number(self._field.max_length)
            self._count.setText(tr("{used} / {most}", used=used, most=most))
            self._count.setAccessibleName(tr("{used} of {most} characters", used=used, most=most))

    def _show_history(self) -> None:
        from studio.ui.kit.pick_popup import Pick, PickPopup

        assert self._help is not None
        history, generator, field = self._help.history, self._help.generator, self._field.name
        prompts = history.prompts(generator, field)
        popup = PickPopup(
            self._text,
            [Pick(prompt) for prompt in prompts],
            name=tr("Prompts of before"),
            search=tr("Search") if prompts else "",
            empty=tr("The prompts that you generate with are kept here."),
            actions=[(tr("Forget these prompts"), lambda: history.forget(generator, field))]
            if prompts
            else (),
        )
        popup.chosen.connect(lambda number: (self._text.put(prompts[number]), self._text.setFocus()))
        popup.show_below(self._text)

    def _show_snippets(self) -> None:
        from studio.ui.kit.pick_popup import Pick, PickPopup

        assert self._help is not None
        edit, texts = self._help.edit_snippets, list(self._help.snippets.all().items())
        popup = PickPopup(
            self._text,
            [Pick(f"/{name}", text) for name, text in texts],
            name=tr("Snippets"),
            search=tr("Search") if texts else "",
            empty=tr("Pieces of text that you use often can be kept here under a name."),
            actions=[(tr("Edit the snippets…"), lambda: edit(""))],
        )
        popup.chosen.connect(lambda number: self._text.insert(texts[number][1]))
        popup.show_below(self._text)
