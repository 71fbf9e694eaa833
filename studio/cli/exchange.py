"""studio pack and unpack: a project as one file, to hand on."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from studio.cli import codes
from studio.cli.console import Console
from studio.words import tr, trn


def add(commands: Any, common: argparse.ArgumentParser, words: Sequence[str]) -> None:
    packing: argparse.ArgumentParser = commands.add_parser(
        "pack", parents=[common], help=tr("make one zip file of a project")
    )
    packing.add_argument("project", type=Path, metavar="PROJECT")
    packing.add_argument("zip", type=Path, metavar="ZIP")
    packing.set_defaults(command=pack_project)
    unpacking: argparse.ArgumentParser = commands.add_parser(
        "unpack", parents=[common], help=tr("make a project of such a zip file")
    )
    unpacking.add_argument("zip", type=Path, metavar="ZIP")
    unpacking.add_argument(
        "folder", type=Path, metavar="FOLDER", help=tr("the project's folder goes in here")
    )
    unpacking.set_defaults(command=unpack_project)


def pack_project(options: argparse.Namespace, console: Console) -> int:
    from studio.project.exchange import pack
    from studio.project.store import Project

    with Project.open(options.project, read_only=True) as project:  # the window may have it open
        missing = pack(project, options.zip)
    size = options.zip.stat().st_size
    lines = [f"{options.zip}  ({size / 1e6:.1f} MB)"]
    if missing:
        lines.append(
            trn(
                "{count} file is missing in the project, and so in there: see studio check.",
                "{count} files are missing in the project, and so in there: see studio check.",
                len(missing),
            )
        )
    document = {"ok": not missing, "zip": str(options.zip), "bytes": size, "missing": missing}
    console.result(document, "\n".join(lines))
    return codes.SOME_FAILED if missing else codes.OK


def unpack_project(options: argparse.Namespace, console: Console) -> int:
    from studio.project.exchange import unpack

    folder = unpack(options.zip, options.folder)
    console.result({"ok": True, "project": str(folder)}, str(folder))
    return codes.OK
