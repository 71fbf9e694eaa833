"""Commands that plugins bring: each runs in a child process that has the terminal."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from typing import Any

from studio.plugins.manifest_rows import CommandRow
from studio.plugins.media import installed_media
from studio.words import tr

BUILT_IN = frozenset(
    {
        "batch", "cancel", "check", "demo", "diagnostics", "doctor", "export", "gui", "models", "new", "pack",
        "plugins", "resume", "run", "unpack",
    }
)  # fmt: skip
"""The studio's own commands."""


def add(commands: Any) -> None:
    """Names them in the help, after the studio's own, whose names they cannot have."""
    for command in installed_media().commands.values():
        if command.name not in commands.choices:
            commands.add_parser(command.name, help=tr(command.help), add_help=False)


def named(words: Sequence[str]) -> CommandRow | None:
    """The command that a command line is about; None where it is the studio's own or none."""
    first = next((word for word in words if word != "--json"), "")
    return installed_media().commands.get(first) if first not in BUILT_IN else None


def run(command: CommandRow, words: Sequence[str]) -> int:
    """The child's exit code. `words` are all of the command line."""
    rest = list(words)
    rest.remove(command.name)
    return subprocess.call([sys.executable, "-m", "studio.cli.plugin_child", command.main, *rest])
