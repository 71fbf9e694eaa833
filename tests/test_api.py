"""What plugins may import is there, and costs only those who use it."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

from studio import api
from studio.api import values


def test_every_name_is_there() -> None:
    assert all(getattr(api, name) is not None for name in api.__all__)
    assert all(getattr(values, name) is not None for name in values.__all__)


def test_a_name_means_the_same_in_both() -> None:
    both = set(api.__all__) & set(values.__all__)
    assert {"BadInput", "NewArtifact", "tr"} <= both
    assert all(getattr(api, name) is getattr(values, name) for name in both)


def test_what_type_checkers_see_is_what_is_imported_later() -> None:
    tree = ast.parse(Path(api.__file__).read_text("utf-8"))
    block = next(node for node in tree.body if isinstance(node, ast.If))
    seen = {
        name.name: part.module
        for part in block.body
        if isinstance(part, ast.ImportFrom)
        for name in part.names
    }
    assert vars(api)["_HOMES"] == seen and set(seen) == set(api.__all__)


def test_values_are_light() -> None:
    code = """
import sys
import studio.api.values
print(",".join(sorted({"pydantic", "numpy", "PySide6", "torch", "pluggy", "PIL"} & set(sys.modules))))
"""
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == ""
