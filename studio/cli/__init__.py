"""The command line: everything that the window does, through the same functions.

Each command is a module with `add(subparsers, ...)`; it imports what it works with when it runs, so that
`studio plugins` does not wait for a library that only `studio run` needs.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from typing import NoReturn

import studio
from studio.cli import (
    batch,
    cancel,
    codes,
    demo,
    doctor,
    exchange,
    export,
    gui,
    models,
    plugin_commands,
    plugins,
    projects,
    resume,
    run,
    support,
)
from studio.cli.console import Console
from studio.cli.guard import PROGRAM, guarded, speak
from studio.errors import BadInput
from studio.words import tr


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command; returns its exit code."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    if not words:
        words = ["gui"]
    as_json = "--json" in words  # also for what goes wrong before the words are understood
    console = Console(as_json=as_json)
    return guarded(console, lambda: _run(words, console))


def _run(words: list[str], console: Console) -> int:
    if words[0] != "gui":  # the window speaks for itself
        speak(console)
    command = plugin_commands.named(words)
    if command is not None:
        return plugin_commands.run(command, words)
    parser = build_parser(words)
    options = parser.parse_args(words)
    code: int = options.command(options, console)
    return code


class _Parser(argparse.ArgumentParser):
    """Says what is wrong with a command as everything else is said: in words, or as JSON."""

    def error(self, message: str) -> NoReturn:
        raise BadInput(
            f"{message[:1].upper()}{message[1:]}.",
            tr("See {prog} --help.", prog=self.prog),
        )


def build_parser(words: Sequence[str]) -> argparse.ArgumentParser:
    """The parser of every command. `words` is looked at because a generator's settings are options too."""
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--json", action="store_true", help=tr("one JSON document on stdout, for scripts"))
    parser = _Parser(
        prog=PROGRAM,
        description=tr("A creative studio that runs entirely on your own machine."),
        epilog=tr(codes.EXPLAINED),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"studio {studio.__version__}")
    parser.add_argument("--json", action="store_true", help=argparse.SUPPRESS)
    commands = parser.add_subparsers(title=tr("commands"), metavar="COMMAND", required=True)
    for module in (
        gui,
        run,
        batch,
        resume,
        cancel,
        export,
        plugins,
        models,
        doctor,
        projects,
        exchange,
        demo,
        support,
    ):
        module.add(commands, common, words)
    plugin_commands.add(commands)
    return parser
