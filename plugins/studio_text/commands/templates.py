"""studio templates: the files that the text generators write from."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NoReturn

from studio.api.values import BadInput, mark, printable, read_at_most, tr, write_whole
from studio_text.core.template_files import (
    TemplateFile,
    find_templates,
    read_template,
    shown,
    user_folder,
)
from studio_text.core.template_parser import MAX_BYTES, SUFFIX

_EPILOG = mark(
    """\
How templates are written: docs/templates.md

example:
  studio templates check release-note.toml
  studio templates add release-note.toml
  studio run text/release-note --help
"""
)

Answer = tuple[dict[str, Any], str]
"""What is told: for programs and for people."""


def main(argv: Sequence[str]) -> int:
    """Raises StudioError, which the command line tells."""
    options = _parser().parse_args(argv)
    action: Callable[[argparse.Namespace], Answer] = options.action
    document, text = action(options)
    print(json.dumps(document, allow_nan=False) if options.json else printable(text), flush=True)
    return 0


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
        prog="studio templates",
        parents=[common],
        description=tr(
            "Templates that texts are written from: the studio's, those of plugins, and your own."
        ),
        epilog=tr(_EPILOG),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.set_defaults(action=_list, json=False)
    actions = parser.add_subparsers(metavar="ACTION")
    listing = actions.add_parser("list", parents=[common], help=tr("all there are (also without an action)"))
    listing.set_defaults(action=_list)
    checking = actions.add_parser("check", parents=[common], help=tr("say whether a file is a template"))
    checking.add_argument("file", type=Path, metavar="FILE")
    checking.set_defaults(action=_check)
    adding = actions.add_parser("add", parents=[common], help=tr("copy a file to your own templates"))
    adding.add_argument("file", type=Path, metavar="FILE")
    adding.set_defaults(action=_add)
    removing = actions.add_parser("remove", parents=[common], help=tr("delete one of your own templates"))
    removing.add_argument("name", metavar="NAME")
    removing.set_defaults(action=_remove)
    return parser


def _list(_options: argparse.Namespace) -> Answer:
    found = find_templates()
    document = {
        "ok": not found.notes,
        "templates": [_described(file) for file in found.files],
        "notes": list(found.notes),
    }
    lines = [_in_words(file) for file in found.files] + [f"! {note}" for note in found.notes]
    return document, "\n".join(lines) or tr("There is no template.")


def _check(options: argparse.Namespace) -> Answer:
    file = TemplateFile(read_template(options.file), options.file, "")
    return {"ok": True, "template": _described(file)}, tr("Good: {template}", template=_in_words(file))


def _add(options: argparse.Namespace) -> Answer:
    """The file is copied under its template's name. One of that name must not be there yet."""

    template = read_template(options.file)
    for other in find_templates().files:
        if other.template.name == template.name:
            raise BadInput(
                tr(
                    "There is a template “{name}” already: {place}.",
                    name=template.name,
                    place=shown(other),
                ),
                tr("Give yours another name in its first lines, or remove the other one first."),
            )
    target = user_folder() / f"{template.name}{SUFFIX}"
    if target.exists():
        raise BadInput(
            tr("The file “{file}” is there already, and is no template that can be used.", file=target),
            tr("Correct or delete it, then add yours."),
        )
    write_whole(target, read_at_most(options.file, MAX_BYTES))
    file = TemplateFile(template, target, "")
    told = tr(
        "Added {template}. Write with it: studio run text/{name}",
        template=_in_words(file),
        name=template.name,
    )
    return {"ok": True, "template": _described(file)}, told


def _remove(options: argparse.Namespace) -> Answer:
    mine = {file.template.name: file for file in find_templates().files if not file.owner}
    if options.name not in mine:
        raise BadInput(
            tr("There is no template “{name}” of your own.", name=options.name),
            tr("You have: {names}.", names=", ".join(mine) or tr("none")),
        )
    mine[options.name].path.unlink(missing_ok=True)
    return {"ok": True}, tr("Removed {name}.", name=options.name)


def _described(file: TemplateFile) -> dict[str, Any]:
    template = file.template
    return {
        "name": template.name,
        "title": template.title,
        "summary": template.summary,
        "from": file.owner,
        "path": str(file.path),
        "sha256": template.digest,
        "fields": [field.name for field in template.fields],
        "output": template.output.kind,
    }


def _in_words(file: TemplateFile) -> str:
    owner = file.owner or tr("your own")
    return f"{file.template.name:<16} {tr(file.template.summary or file.template.title)}  ({owner})"
