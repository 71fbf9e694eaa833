"""The commands for studies."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from studio.api.values import tr
from studio.ui.api import Command, Needs

if TYPE_CHECKING:
    from studio_product.room.study.filing import StudyFiling
    from studio_product.room.study.flow import StudyFlow

Act = Callable[[], object]


def study_commands(flow: StudyFlow, filing: StudyFiling) -> list[Command]:
    group = "study/" + tr("&Study")

    def add(kind: str) -> None:
        flow.show()
        flow.pane.add(kind)

    def command(id: str, title: str, act: Act, needs: Needs = "project", words: str = "") -> Command:
        return Command(f"study.{id}", title, act, "room", needs=needs, group=group, words=words)

    return [
        command("set_up", tr("&Set up a study"), flow.show, words=tr("part load support")),
        command(
            "presets", tr("&Begin with an example…"), flow.begin, words=tr("preset bracket chair bridge")
        ),
        command("open", tr("&Open study…"), filing.ask_open, "writing", tr("json file")),
        command("save", tr("Save study &as…"), filing.ask_save, words=tr("json file")),
        command("support", tr("Add a support"), partial(add, "support")),
        command("load", tr("Add a load"), partial(add, "load")),
        command("case", tr("Add a load case"), partial(add, "case")),
        command("keep-in", tr("Add a place to keep in"), partial(add, "keep-in")),
        command("keep-out", tr("Add a place to keep out"), partial(add, "keep-out")),
    ]
