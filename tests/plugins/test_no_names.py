"""The shell knows no plugin by name: no kind, hint, command, generator or package of one is in its code."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

from tests.plugins.house import ROOT

REMAINS = {("studio/models/fetch/partial.py", "part")}  # the end of a file name
"""Shrinks only."""


def manifests() -> Iterator[dict]:  # type: ignore[type-arg]
    for file in (ROOT / "plugins").glob("*/medium.toml"):
        yield tomllib.loads(file.read_text("utf-8"))


def names() -> set[str]:
    """What the bundled plugins' manifests call their own."""
    found: set[str] = set()
    for manifest in manifests():
        found |= {row["id"] for row in manifest.get("kinds", ())}
        found |= {row["name"] for row in manifest.get("commands", ())}
        found |= {row["hint"] for row in manifest.get("readers", ())}
        found |= {hint for row in manifest.get("rooms", ()) for hint in row.get("hints", ())}
    return found


def generators() -> set[str]:
    """Ids of the bundled plugins' generators, as far as they stand in their code."""
    name = re.compile(r'^    name(?:, \w+)* = "([a-z][a-z0-9-]*)"', re.MULTILINE)
    found = set()
    for plugin in ("image", "music", "product", "text"):
        for file in (ROOT / "plugins" / f"studio_{plugin}" / "generators").rglob("*.py"):
            found |= {f"{plugin}/{one}" for one in name.findall(file.read_text("utf-8"))}
    return found


def literals(file: Path) -> Iterator[str]:
    """The texts in a module, without its docstrings."""
    tree = ast.parse(file.read_text("utf-8"))
    said = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in said:
            yield node.value


def test_no_name_of_a_plugin_stands_in_the_shell() -> None:
    words, ids = names(), generators()
    assert {"part", "study", "studies"} <= words and "image/inpaint" in ids
    inside = re.compile(
        "|".join([*(rf"\b{re.escape(one)}\b" for one in ids), r"\bstudio_(image|music|product|text)\b"])
    )
    found = set()
    for file in (ROOT / "studio").rglob("*.py"):
        place = file.relative_to(ROOT).as_posix()
        for text in literals(file):
            found |= {(place, text)} if text in words else set()
            found |= {(place, one.group()) for one in inside.finditer(text)}
    assert found == REMAINS
