"""The commands of the form and its buttons."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from studio.ui.kit.commands import Command
from studio.words import tr

if TYPE_CHECKING:
    from studio.ui.generate.panel import GeneratePanel


class Making(Protocol):
    """The ways from the form to jobs."""

    def generate(self) -> None: ...
    def queue(self) -> None: ...
    def ask_many(self) -> None: ...
    def ask_batch(self) -> None: ...


def commands_of(flow: Making, panel: GeneratePanel) -> list[Command]:
    seed, presets = panel.seed, panel.presets
    return [
        Command(
            "generate.now",
            tr("&Generate"),
            flow.generate,
            menu="generate",
            keys="Ctrl+Return; Ctrl+Enter",
            needs="writing",
            group="make",
            icon="generate",
            words=tr("make run start create"),
        ),
        Command(
            "generate.queue",
            tr("Add to the &queue"),
            flow.queue,
            menu="generate",
            keys="Ctrl+Shift+Return",
            needs="writing",
            group="make",
            icon="queue",
        ),
        Command(
            "generate.many",
            tr("Queue &many…"),
            flow.ask_many,
            menu="generate",
            keys="Ctrl+Alt+Return",
            needs="writing",
            group="make",
            words=tr("matrix grid combinations batch xyz"),
        ),
        Command(
            "generate.folders",
            tr("Generate from &folders…"),
            flow.ask_batch,
            menu="generate",
            keys="Ctrl+B",
            needs="writing",
            group="make",
            icon="batch",
        ),
        Command(
            "generate.prompt",
            tr("Write the &prompt"),
            panel.go_to_prompt,
            menu="generate",
            keys="Ctrl+L",
            group="form",
            words=tr("focus text"),
        ),
        Command(
            "generate.generator",
            tr("Choose a generator…"),
            panel.chooser.open,
            menu="generate",
            group="form",
        ),
        Command(
            "generate.dice",
            tr("Another &seed"),
            seed.roll,
            menu="generate",
            keys="Ctrl+D",
            group="form",
            icon="dice",
            words=tr("dice random"),
        ),
        Command(
            "generate.lock",
            tr("Keep the seed, or let it go"),
            seed.lock.click,
            menu="generate",
            group="form",
            icon="lock",
        ),
        Command(
            "generate.advanced",
            tr("Show more or fewer settings"),
            panel.toggle_advanced,
            menu="generate",
            group="form",
        ),
        Command(
            "generate.reset",
            tr("&Reset all settings"),
            panel.reset_all,
            menu="generate",
            group="form",
            icon="reset",
        ),
        *(
            Command(f"generate.preset_{verb}", title, act, menu="generate", group="presets/" + tr("Presets"))
            for verb, title, act in (
                ("save", tr("Save the preset"), presets.save_now),
                ("as", tr("Save as a preset…"), presets.save_as),
                ("rename", tr("Rename the preset…"), presets.rename),
                ("delete", tr("Delete the preset…"), presets.remove),
                ("import", tr("Import a preset…"), presets.ask_import),
                ("export", tr("Export the preset…"), presets.ask_export),
            )
        ),
        Command("generate.snippets", tr("Snippets…"), panel.edit_snippets, menu="generate", group="form"),
    ]
