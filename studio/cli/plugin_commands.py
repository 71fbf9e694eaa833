"""Commands that plugins bring: each runs in a child process that has the terminal."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from typing import Any, NamedTuple

from studio.words import mark, tr


class PluginCommand(NamedTuple):
    name: str
    help: str
    main: str
    """Where its function is: "module:function"."""


COMMANDS = (
    PluginCommand(
        "studies",
        mark("list, write and check studies: what a part must do"),
        "studio_product.commands.studies:main",
    ),
    PluginCommand(
        "templates",
        mark("list, check, add and remove templates of texts"),
        "studio_text.commands.templates:main",
    ),
)


def add(commands: Any) -> None:
    """Names them in the help, after the studio's own."""
    for command in COMMANDS:
        commands.add_parser(command.name, help=tr(command.help), add_help=False)


def named(words: Sequence[str]) -> PluginCommand | None:
    """The command that a command line is about; None where it is the studio's own or none."""
    first = next((word for word in words if word != "--json"), "")
    return next((command for command in COMMANDS if command.name == first), None)


def run(command: PluginCommand, words: Sequence[str]) -> int:
    """The child's exit code. `words` are all of the command line."""
    rest = list(words)
    rest.remove(command.name)
    return subprocess.call([sys.executable, "-m", "studio.cli.plugin_child", command.main, *rest])
