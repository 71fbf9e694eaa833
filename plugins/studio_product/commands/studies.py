"""studio studies: what a part must do, as files to begin with and to check."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from studio.api.values import mark, tr
from studio.cli import codes
from studio.cli.console import Console

_EPILOG = mark(
    """\
How studies are written: docs/studies.md

example:
  studio studies show shelf-bracket > bracket.json
  studio studies check bracket.json
  studio run product/optimize --study bracket.json --project Bracket.studio
"""
)


def add(commands: Any, common: argparse.ArgumentParser, words: Sequence[str]) -> None:
    from studio_product.core.studies.catalog import PRESETS

    parser: argparse.ArgumentParser = commands.add_parser(
        "studies",
        parents=[common],
        help=tr("list, write and check studies: what a part must do"),
        description=tr("Studies say what a part must do: its space, supports, loads, material and target."),
        epilog=tr(_EPILOG),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.set_defaults(command=list_studies)
    actions = parser.add_subparsers(metavar="ACTION")
    listing = actions.add_parser("list", parents=[common], help=tr("the examples (also without an action)"))
    listing.set_defaults(command=list_studies)
    showing = actions.add_parser("show", parents=[common], help=tr("write an example to standard output"))
    showing.add_argument("name", metavar="NAME", choices=PRESETS)
    showing.set_defaults(command=show_study)
    checking = actions.add_parser(
        "check", parents=[common], help=tr("say what is wrong with a study before it is computed")
    )
    checking.add_argument("file", type=Path, metavar="FILE")
    checking.set_defaults(command=check_study)


def list_studies(options: argparse.Namespace, console: Console) -> int:
    from studio_product.core.studies.catalog import in_words, presets

    found = {key: in_words(study) for key, study in presets().items()}
    document = {
        "ok": True,
        "studies": [
            {"name": key, "title": study.name, "dimensions": study.dimensions, "notes": study.notes}
            for key, study in found.items()
        ],
    }
    lines = [f"{key:<16} {study.dimensions}D  {study.name}" for key, study in found.items()]
    console.result(document, "\n".join(lines))
    return codes.OK


def show_study(options: argparse.Namespace, console: Console) -> int:
    from studio_product.core.studies.catalog import preset
    from studio_product.core.studies.study import to_json

    text = to_json(preset(options.name)).decode()
    console.result({"ok": True, "study": json.loads(text)}, text.rstrip("\n"))
    return codes.OK


def check_study(options: argparse.Namespace, console: Console) -> int:
    """At draft quality, without asking how much memory is free: a finer grid says the same of the study."""
    from studio_product.core.files.mesh_files import read_mesh
    from studio_product.core.studies import check
    from studio_product.core.studies.quality import grid_of
    from studio_product.core.studies.reading import read_study
    from studio_product.core.studies.study_value import files_of
    from studio_product.core.surfaces.mesh_check import require_solid

    slots = [f"shape_{n}" for n in range(1, 100)]
    study, shapes = read_study(options.file, slots)
    meshes = {}
    for slot in files_of(study):
        if slot in shapes:
            meshes[slot] = read_mesh(shapes[slot])
            require_solid(meshes[slot], shapes[slot].name)
    remarks = check.check_study(study, meshes, grid_of(study))
    is_good = all(remark.severity != "error" for remark in remarks)
    document = {
        "ok": is_good,
        "study": study.name,
        "remarks": [
            {"severity": one.severity, "code": one.code, "about": one.about, "message": one.message,
             "hint": one.hint}
            for one in remarks
        ],
    }  # fmt: skip
    severities = {"error": tr("Error"), "warning": tr("Warning"), "note": tr("Remark")}
    lines = [f"{severities[one.severity]}: {one.message} {one.hint}".rstrip() for one in remarks]
    console.result(document, "\n".join(lines) or tr("Good: {study}", study=study.name))
    return codes.OK if is_good else codes.BAD_INPUT
