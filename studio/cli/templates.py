"""studio templates: the files that the text generators write from."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from studio.cli import codes
from studio.cli.console import Console
from studio.errors import BadInput
from studio.words import mark, tr

if TYPE_CHECKING:
    from studio.core.template_files import TemplateFile

_EPILOG = mark(
    """\
How templates are written: docs/templates.md

example:
  studio templates check release-note.toml
  studio templates add release-note.toml
  studio run text/release-note --help
"""
)


def add(commands: Any, common: argparse.ArgumentParser, words: Sequence[str]) -> None:
    parser: argparse.ArgumentParser = commands.add_parser(
        "templates",
        parents=[common],
        help=tr("list, check, add and remove templates of texts"),
        description=tr(
            "Templates that texts are written from: the studio's, those of plugins, and your own."
        ),
        epilog=tr(_EPILOG),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.set_defaults(command=list_templates)
    actions = parser.add_subparsers(metavar="ACTION")
    listing = actions.add_parser("list", parents=[common], help=tr("all there are (also without an action)"))
    listing.set_defaults(command=list_templates)
    checking = actions.add_parser("check", parents=[common], help=tr("say whether a file is a template"))
    checking.add_argument("file", type=Path, metavar="FILE")
    checking.set_defaults(command=check_template)
    adding = actions.add_parser("add", parents=[common], help=tr("copy a file to your own templates"))
    adding.add_argument("file", type=Path, metavar="FILE")
    adding.set_defaults(command=add_template)
    removing = actions.add_parser("remove", parents=[common], help=tr("delete one of your own templates"))
    removing.add_argument("name", metavar="NAME")
    removing.set_defaults(command=remove_template)


def list_templates(options: argparse.Namespace, console: Console) -> int:
    from studio.core.template_files import find_templates

    found = find_templates()
    document = {
        "ok": not found.notes,
        "templates": [_described(file) for file in found.files],
        "notes": list(found.notes),
    }
    lines = [_in_words(file) for file in found.files] + [f"! {note}" for note in found.notes]
    console.result(document, "\n".join(lines) or tr("There is no template."))
    return codes.OK


def check_template(options: argparse.Namespace, console: Console) -> int:
    from studio.core.template_files import TemplateFile, read_template

    file = TemplateFile(read_template(options.file), options.file, "")
    console.result(
        {"ok": True, "template": _described(file)}, tr("Good: {template}", template=_in_words(file))
    )
    return codes.OK


def add_template(options: argparse.Namespace, console: Console) -> int:
    """The file is copied under its template's name. One of that name must not be there yet."""
    from studio.core.template_files import (
        TemplateFile,
        find_templates,
        read_template,
        shown,
        user_folder,
    )
    from studio.core.template_parser import MAX_BYTES, SUFFIX
    from studio.user_files import read, write

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
    write(target, read(options.file, MAX_BYTES))
    file = TemplateFile(template, target, "")
    console.result(
        {"ok": True, "template": _described(file)},
        tr(
            "Added {template}. Write with it: studio run text/{name}",
            template=_in_words(file),
            name=template.name,
        ),
    )
    return codes.OK


def remove_template(options: argparse.Namespace, console: Console) -> int:
    from studio.core.template_files import find_templates

    mine = {file.template.name: file for file in find_templates().files if not file.owner}
    if options.name not in mine:
        raise BadInput(
            tr("There is no template “{name}” of your own.", name=options.name),
            tr("You have: {names}.", names=", ".join(mine) or tr("none")),
        )
    mine[options.name].path.unlink(missing_ok=True)
    console.result({"ok": True}, tr("Removed {name}.", name=options.name))
    return codes.OK


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
