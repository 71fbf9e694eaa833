"""No file imports, over however many others, a file that imports it. Imports for types count too."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path

ROOT = Path(__file__).parents[1]

Imports = Mapping[str, set[str]]
"""For each module those that it names in an import, wherever in the file that stands."""


def test_no_circle_of_imports() -> None:
    modules = {name: file for top in (ROOT, ROOT / "plugins") for name, file in modules_in(top)}
    assert {"studio.words", "studio.api", "studio_text.room.chat"} <= modules.keys()
    imports = {name: set(imported(name, file, modules)) for name, file in modules.items()}
    assert "studio.words" in imports["studio.api"]
    assert "studio.ui.context" in imports["studio.ui.shell.faces"]
    assert circles(imports) == []


def test_a_circle_is_found(tmp_path: Path) -> None:
    package = tmp_path / "studio"
    (package / "inner").mkdir(parents=True)
    texts = {
        "__init__.py": "",
        "one.py": "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from studio.inner import two\n",
        "inner/__init__.py": "",
        "inner/two.py": "def late() -> None:\n    import studio.inner.three\n",
        "inner/three.py": "from ..one import anything\nfrom ..apart import something\n",
        "apart.py": "import json\n",
    }
    for name, text in texts.items():
        (package / name).write_text(text)
    modules = dict(modules_in(tmp_path))
    imports = {name: set(imported(name, file, modules)) for name, file in modules.items()}
    assert circles(imports) == [["studio.inner.three", "studio.inner.two", "studio.one"]]


def modules_in(top: Path) -> Iterator[tuple[str, Path]]:
    """The modules of the packages in a folder, by their names."""
    for package in sorted(top.glob("studio*/__init__.py")):
        for file in sorted(package.parent.rglob("*.py")):
            parts = file.relative_to(top).with_suffix("").parts
            yield ".".join(parts[:-1] if file.name == "__init__.py" else parts), file


def imported(name: str, file: Path, modules: Mapping[str, Path]) -> Iterator[str]:
    """Those of `modules` that a file names in its imports."""
    package = name.split(".") if file.name == "__init__.py" else name.split(".")[:-1]
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (one.name for one in node.names if one.name in modules)
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else []
            base = ".".join([*above, *filter(None, [node.module])])
            for one in node.names:
                found = f"{base}.{one.name}" if f"{base}.{one.name}" in modules else base
                if found in modules and found != name:
                    yield found


def circles(imports: Imports) -> list[list[str]]:
    """The modules of each circle: all that can be reached from one of them, and reach it."""
    reached = {name: _reached(name, imports) for name in imports}
    found = {tuple(sorted(other for other in reached[one] if one in reached[other])) for one in imports}
    return [list(circle) for circle in sorted(found - {()})]


def _reached(name: str, imports: Imports) -> set[str]:
    seen: set[str] = set()
    waiting = [name]
    while waiting:
        fresh = imports[waiting.pop()] - seen
        seen |= fresh
        waiting += fresh
    return seen
