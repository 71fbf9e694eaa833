"""studio diagnostics: what to copy into a report of a problem."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import Any

from studio.cli import codes
from studio.cli.console import Console
from studio.words import tr


def add(commands: Any, common: argparse.ArgumentParser, words: Sequence[str]) -> None:
    parser: argparse.ArgumentParser = commands.add_parser(
        "diagnostics",
        parents=[common],
        help=tr("print what helps to find a problem; nothing is sent"),
        description=tr("Prints versions, devices and the end of the log. Nothing is sent anywhere."),
    )
    parser.set_defaults(command=command)


def command(options: argparse.Namespace, console: Console) -> int:
    from studio.log import diagnostics
    from studio.paths import cache_folder
    from studio.plugins.catalog import load_cached

    text = diagnostics(load_cached(cache_folder()))
    console.result({"ok": True, "diagnostics": text}, text)
    return codes.OK
