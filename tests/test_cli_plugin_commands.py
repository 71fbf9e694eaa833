"""Commands that plugins bring: found by their manifests, run in a child process, never in place of ours."""

from __future__ import annotations

import argparse
import json

import pytest

from studio import cli
from studio.cli import codes, plugin_child, plugin_commands
from studio.plugins.media import installed_media


def offered() -> set[str]:
    actions = cli.build_parser([])._actions
    return {name for one in actions if isinstance(one, argparse._SubParsersAction) for name in one.choices}


def test_the_studios_own_commands_are_known() -> None:
    assert offered() - set(installed_media().commands) == plugin_commands.BUILT_IN


@pytest.mark.parametrize(
    ("words", "name"),
    [
        (["studies"], "studies"),
        (["--json", "studies", "list"], "studies"),
        (["run", "studies"], None),
        (["plugins"], None),
        ([], None),
    ],
)
def test_a_command_line_is_about_its_first_word(words: list[str], name: str | None) -> None:
    found = plugin_commands.named(words)
    assert (found.name if found else None) == name


def test_the_child_speaks_in_its_own_name(capfd: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["studies", "show", "tower", "--json"]) == codes.BAD_INPUT
    assert "tower" in json.loads(capfd.readouterr().out)["error"]["message"]
    assert cli.main(["studies", "show", "tower"]) == codes.BAD_INPUT
    told = capfd.readouterr()
    assert told.out == "" and told.err.startswith("studio: ")


def test_a_defect_of_a_plugin_is_told(capfd: pytest.CaptureFixture[str]) -> None:
    assert plugin_child.main("studio.cli.no_such_module:main", ["--json"]) == codes.DEFECT
    assert not json.loads(capfd.readouterr().out)["ok"]
