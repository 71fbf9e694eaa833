"""studio models: the model files that generators may use."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from studio.cli import codes
from studio.cli.console import Console
from studio.errors import BadInput
from studio.words import tr

if TYPE_CHECKING:
    from studio.models.store import Model


def add(commands: Any, common: argparse.ArgumentParser, words: Sequence[str]) -> None:
    parser: argparse.ArgumentParser = commands.add_parser(
        "models",
        parents=[common],
        help=tr("list, add and remove models"),
        description=tr("Models that generators may use."),
    )
    parser.set_defaults(command=list_models)
    actions = parser.add_subparsers(metavar="ACTION")
    listing = actions.add_parser("list", parents=[common], help=tr("what was added (also without an action)"))
    listing.set_defaults(command=list_models)
    adding = actions.add_parser(
        "add",
        parents=[common],
        help=tr("add a file or folder"),
        description=tr("Adds a model where it lies; no copy is made."),
    )
    adding.add_argument("path", type=Path, metavar="FILE|FOLDER")
    adding.add_argument("--name", default="", help=tr("what to call it (default: after the file)"))
    adding.add_argument("--licence", default="", metavar="SPDX", help=tr("its licence, such as Apache-2.0"))
    adding.set_defaults(command=add_model)
    removing = actions.add_parser("remove", parents=[common], help=tr("forget a model; its files stay"))
    removing.add_argument("name", metavar="NAME")
    removing.set_defaults(command=remove_model)


def list_models(options: argparse.Namespace, console: Console) -> int:
    from studio.cli.session import model_store

    found = model_store().models()
    text = "\n".join(_in_words(model) for model in found)
    console.result(
        {"ok": True, "models": [_describe(model) for model in found]}, text or tr("No model was added yet.")
    )
    return codes.OK


def add_model(options: argparse.Namespace, console: Console) -> int:
    from studio.cli.session import model_store

    model = model_store().add(options.path, name=options.name, licence=options.licence)
    console.result({"ok": True, "model": _describe(model)}, tr("Added {model}", model=_in_words(model)))
    return codes.OK


def remove_model(options: argparse.Namespace, console: Console) -> int:
    from studio.cli.session import model_store

    store = model_store()
    if options.name not in [model.name for model in store.models()]:
        raise BadInput(
            tr("There is no model “{name}”.", name=options.name),
            tr("studio models lists those that were added."),
        )
    store.remove(options.name)
    console.result({"ok": True}, tr("Removed {name}. Its files are untouched.", name=options.name))
    return codes.OK


def _describe(model: Model) -> dict[str, Any]:
    return {
        "name": model.name,
        "sha256": model.digest,
        "format": model.format,
        "path": str(model.path),
        "bytes": model.size,
        "licence": model.licence,
    }


def _in_words(model: Model) -> str:
    licence = model.licence or tr("licence not stated")
    return f"{model.name}  {model.format}, {model.size / 1e6:.1f} MB, {licence}  {model.path}"
