"""studio gui: the window."""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from studio.cli import display
from studio.cli.console import Console
from studio.cli.guard import speak
from studio.paths import prove_usable
from studio.words import tr


def add(commands: Any, common: argparse.ArgumentParser, words: Sequence[str]) -> None:
    parser: argparse.ArgumentParser = commands.add_parser(
        "gui",
        parents=[common],
        help=tr("open the window (also without any command)"),
        description=tr("Opens the window."),
    )
    what = parser.add_mutually_exclusive_group()
    what.add_argument("project", type=Path, nargs="?", metavar="PROJECT")
    what.add_argument(
        "--sample", action="store_true", help=tr("open the sample project, making it where needed")
    )
    parser.set_defaults(command=command)


def command(options: argparse.Namespace, console: Console) -> int:
    prove_usable()
    if not display.is_chosen():
        platforms = display.answering()
        if not platforms:
            speak(console)
            raise display.absent()
        os.environ["QT_QPA_PLATFORM"] = ";".join(platforms)
    from studio.ui.shell.app import main

    project: Path | None = options.project
    if options.sample:
        from studio.cli.demo import sample_folder
        from studio.project.sample import create_sample

        project = sample_folder()
        if not project.exists():
            create_sample(project).close()
            console.note(tr("The sample project is {project}.", project=project))
    return main(project)
