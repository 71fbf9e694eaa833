"""studio studies: what a part must do, as files to begin with and to check."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NoReturn

from studio.api.values import BadInput, mark, printable, tr
from studio_product.core.studies.catalog import PRESETS, in_words, preset, presets
from studio_product.core.studies.study import to_json

_OK, _BAD_INPUT = 0, 2
_EPILOG = mark(
    """\
How studies are written: docs/studies.md

example:
  studio studies show shelf-bracket > bracket.json
  studio studies check bracket.json
  studio run product/optimize --study bracket.json --project Bracket.studio
"""
)

Answer = tuple[int, dict[str, Any], str]
"""The exit code, and what is told: for programs and for people."""


def main(argv: Sequence[str]) -> int:
    """Raises StudioError, which the command line tells."""
    options = _parser().parse_args(argv)
    action: Callable[[argparse.Namespace], Answer] = options.action
    code, document, text = action(options)
    print(json.dumps(document, allow_nan=False) if options.json else printable(text), flush=True)
    return code


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise BadInput(f"{message[:1].upper()}{message[1:]}.", tr("See {prog} --help.", prog=self.prog))


def _parser() -> argparse.ArgumentParser:
    common = _Parser(add_help=False)
    common.add_argument(
        "--json",
        action="store_true",
        default=argparse.SUPPRESS,
        help=tr("one JSON document on stdout, for scripts"),
    )
    parser = _Parser(
        prog="studio studies",
        parents=[common],
        description=tr("Studies say what a part must do: its space, supports, loads, material and target."),
        epilog=tr(_EPILOG),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.set_defaults(action=_list, json=False)
    actions = parser.add_subparsers(metavar="ACTION")
    listing = actions.add_parser("list", parents=[common], help=tr("the examples (also without an action)"))
    listing.set_defaults(action=_list)
    showing = actions.add_parser("show", parents=[common], help=tr("write an example to standard output"))
    showing.add_argument("name", metavar="NAME", choices=PRESETS)
    showing.set_defaults(action=_show)
    checking = actions.add_parser(
        "check", parents=[common], help=tr("say what is wrong with a study before it is computed")
    )
    checking.add_argument("file", type=Path, metavar="FILE")
    checking.set_defaults(action=_check)
    return parser


def _list(_options: argparse.Namespace) -> Answer:
    found = {key: in_words(study) for key, study in presets().items()}
    document = {
        "ok": True,
        "studies": [
            {"name": key, "title": study.name, "dimensions": study.dimensions, "notes": study.notes}
            for key, study in found.items()
        ],
    }
    lines = [f"{key:<16} {study.dimensions}D  {study.name}" for key, study in found.items()]
    return _OK, document, "\n".join(lines)


def _show(options: argparse.Namespace) -> Answer:
    text = to_json(preset(options.name)).decode()
    return _OK, {"ok": True, "study": json.loads(text)}, text.rstrip("\n")


def _check(options: argparse.Namespace) -> Answer:
    """At draft quality, without asking how much memory is free: a finer grid says the same of the study."""
    # numpy, which the other actions do not wait for.
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
    text = "\n".join(lines) or tr("Good: {study}", study=study.name)
    return _OK if is_good else _BAD_INPUT, document, text
