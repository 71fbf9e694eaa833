"""What the forms of a window share: presets, the prompts of before, snippets, spelling."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from msgspec import Struct
from PySide6.QtCore import QLocale

from studio import paths, words
from studio.ui.context import WindowContext
from studio.ui.generate.presets import PresetStore
from studio.ui.generate.prompt_edit import PromptHelp, Spelling
from studio.ui.generate.prompt_store import PromptHistory, Snippets
from studio.words import tr


class FormTools(Struct, frozen=True):
    presets: PresetStore
    history: PromptHistory
    snippets: Snippets
    spelling: Spelling
    edit_snippets: Callable[[str], object]

    def for_prompts_of(self, generator: str) -> PromptHelp:
        return PromptHelp(generator, self.history, self.snippets, self.spelling, self.edit_snippets)


def form_tools(context: WindowContext) -> FormTools:
    config = paths.config_folder()
    snippets = Snippets(config / "snippets.json")

    def start(work: Callable[[], object], done: Callable[[object], object]) -> None:
        context.tasks.start(tr("Loading the dictionaries"), lambda _: work(), done)

    return FormTools(
        PresetStore(config / "presets"),
        PromptHistory(paths.data_folder() / "prompts"),
        snippets,
        Spelling(start, (words.language(), QLocale().name()), config / "words.txt"),
        partial(_edit_snippets, context, snippets),
    )


def _edit_snippets(context: WindowContext, snippets: Snippets, text: str) -> None:
    from studio.ui.generate.snippet_dialog import SnippetDialog

    SnippetDialog(context.window, snippets, text, context.report).open()
