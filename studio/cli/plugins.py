"""studio plugins: what is installed, and what is wrong with it."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import msgspec

from studio.cli import codes
from studio.cli.console import Console

if TYPE_CHECKING:
    from studio.plugins.catalog import PluginDescription


def add(commands: Any, common: argparse.ArgumentParser, words: Sequence[str]) -> None:
    parser: argparse.ArgumentParser = commands.add_parser(
        "plugins",
        parents=[common],
        help="list plugins with their generators and failures",
        description="Lists plugins with version, hooks, generators, import time and failures.",
    )
    parser.add_argument("--refresh", action="store_true", help="look at every plugin again")
    parser.set_defaults(command=command)


def command(options: argparse.Namespace, console: Console) -> int:
    from studio.cli.session import installed_plugins

    catalog = installed_plugins(refresh=options.refresh)
    failed = [plugin for plugin in catalog.plugins if plugin.failure]
    document = {"ok": not failed, **msgspec.to_builtins(catalog)}
    text = "\n\n".join(_in_words(plugin) for plugin in catalog.plugins)
    console.result(document, text or "No plugin is installed.")
    return codes.PLUGIN if failed else codes.OK


def _in_words(plugin: PluginDescription) -> str:
    state = "failed after" if plugin.failure else "imported in"
    seconds = f"{state} {plugin.import_seconds:.2f} s"
    lines = [f"{plugin.name} {plugin.version}  ({plugin.distribution}, {seconds})"]
    if plugin.failure:
        lines.append(f"  cannot be used: {plugin.failure.reason}")
        lines += [f"    {line}" for line in plugin.failure.traceback.rstrip().splitlines()]
        return "\n".join(lines)
    lines.append(f"  hooks: {', '.join(plugin.hooks) or 'none'}")
    lines += [f"  {generator.id:<24} {generator.summary}" for generator in plugin.generators]
    return "\n".join(lines)
