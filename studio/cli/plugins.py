"""studio plugins: what is installed, and what is wrong with it."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import msgspec

from studio.cli import codes
from studio.cli.console import Console
from studio.words import tr

if TYPE_CHECKING:
    from studio.plugins.catalog import PluginDescription


def add(commands: Any, common: argparse.ArgumentParser, words: Sequence[str]) -> None:
    parser: argparse.ArgumentParser = commands.add_parser(
        "plugins",
        parents=[common],
        help=tr("list plugins with their generators and failures"),
        description=tr("Lists plugins with version, hooks, generators, import time and failures."),
    )
    parser.add_argument("--refresh", action="store_true", help=tr("look at every plugin again"))
    parser.set_defaults(command=command)


def command(options: argparse.Namespace, console: Console) -> int:
    from studio.cli.session import installed_plugins

    catalog = installed_plugins(refresh=options.refresh)
    failed = [plugin for plugin in catalog.plugins if plugin.failure]
    document = {"ok": not failed, **msgspec.to_builtins(catalog)}
    text = "\n\n".join(_in_words(plugin) for plugin in catalog.plugins)
    console.result(document, text or tr("No plugin is installed."))
    return codes.PLUGIN if failed else codes.OK


def _in_words(plugin: PluginDescription) -> str:
    seconds = (
        tr("failed after {seconds:.2f} s", seconds=plugin.import_seconds)
        if plugin.failure
        else tr("imported in {seconds:.2f} s", seconds=plugin.import_seconds)
    )
    lines = [f"{plugin.name} {plugin.version}  ({plugin.distribution}, {seconds})"]
    if plugin.failure:
        lines.append("  " + tr("cannot be used: {reason}", reason=plugin.failure.reason))
        lines += [f"    {line}" for line in plugin.failure.traceback.rstrip().splitlines()]
        lines += [f"  ! {note}" for note in plugin.notes]
        return "\n".join(lines)
    lines.append("  " + tr("hooks: {hooks}", hooks=", ".join(plugin.hooks) or tr("none")))
    lines += [f"  {generator.id:<24} {tr(generator.summary)}" for generator in plugin.generators]
    lines += [f"  ! {note}" for note in plugin.notes]
    return "\n".join(lines)
