"""studio new and check: making a project, and proving one whole."""

from __future__ import annotations

import argparse
import dataclasses
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from studio.cli import codes
from studio.cli.console import Console
from studio.words import mark, tr

_EXPLAINED = mark(
    """\
exit codes:
  0    the project is whole
  1    it is whole, but files are left over that no item names; they do no harm
  3    it is damaged or cannot be opened
"""
)


def add(commands: Any, common: argparse.ArgumentParser, words: Sequence[str]) -> None:
    making: argparse.ArgumentParser = commands.add_parser(
        "new", parents=[common], help=tr("make an empty project")
    )
    making.add_argument("project", type=Path, metavar="PROJECT", help=tr("its folder, such as Trip.studio"))
    making.set_defaults(command=new_project)
    checking: argparse.ArgumentParser = commands.add_parser(
        "check",
        parents=[common],
        help=tr("prove a project whole, and repair what can be repaired"),
        description=tr("Reads every file and row of a project and compares them with their digests."),
        epilog=tr(_EXPLAINED),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    checking.add_argument("project", type=Path, metavar="PROJECT")
    checking.add_argument(
        "--repair", action="store_true", help=tr("mend what can be mended without losing anything")
    )
    checking.set_defaults(command=check_project)


def new_project(options: argparse.Namespace, console: Console) -> int:
    from studio.project.store import Project

    with Project.create(options.project) as project:
        console.result({"ok": True, "project": str(project.folder)}, str(project.folder))
    return codes.OK


def check_project(options: argparse.Namespace, console: Console) -> int:
    from studio.plugins.media import installed_media
    from studio.project.check import check

    report = check(options.project, repair=options.repair, kinds=installed_media().kinds)
    document = {
        "ok": report.ok,
        "whole": report.whole,
        "project": str(options.project),
        **dataclasses.asdict(report),
    }
    lines = [
        tr(
            "{items} items, {files} files, {size:.1f} MB",
            items=report.items,
            files=report.files,
            size=report.size / 1e6,
        )
    ]
    for problem in report.problems:
        lines.append(
            tr("Repaired: {problem}", problem=problem.message)
            if problem.repaired
            else tr("Problem: {problem}", problem=problem.message)
        )
    if report.ok:
        lines.append(tr("The project is whole."))
    elif report.whole:
        lines.append(tr("The project is whole; the files that are left over do no harm."))
    if not report.ok and not options.repair:
        lines.append(tr("Nothing was changed. --repair mends what can be mended without losing anything."))
    console.result(document, "\n".join(lines))
    if not report.whole:
        return codes.PROJECT
    return codes.OK if report.ok else codes.SOME_FAILED
