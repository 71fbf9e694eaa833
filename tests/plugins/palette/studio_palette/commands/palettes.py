"""studio palettes: what colors a palette has."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from studio.api.values import BadInput, printable, tr
from studio_palette.core.palette import read


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise BadInput(f"{message[:1].upper()}{message[1:]}.", tr("See {prog} --help.", prog=self.prog))


def main(argv: Sequence[str]) -> int:
    """Raises StudioError, which the command line tells."""
    parser = _Parser(prog="studio palettes", description=tr("Shows what colors a palette has."))
    parser.add_argument("--json", action="store_true", help=tr("one JSON document on stdout, for scripts"))
    actions = parser.add_subparsers(metavar="ACTION", required=True)
    showing = actions.add_parser("show", help=tr("show the colors of a palette"))
    showing.add_argument("file", type=Path, metavar="FILE")
    showing.add_argument("--json", action="store_true", default=argparse.SUPPRESS, help=argparse.SUPPRESS)
    options = parser.parse_args(argv)
    palette = read(options.file)
    if options.json:
        print(json.dumps({"ok": True, "name": palette.name, "colors": palette.colors}))
    else:
        print(printable("\n".join([tr("Palette: {name}", name=palette.name), *palette.colors])))
    return 0
