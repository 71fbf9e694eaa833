"""What plugins may import is there, and costs only those who use it."""

from __future__ import annotations

import ast
from pathlib import Path

from studio import api


def test_every_name_is_there() -> None:
    assert all(getattr(api, name) is not None for name in [*api.__all__, *vars(api)["_PARTS"]])


def test_a_star_brings_nothing_that_needs_numpy() -> None:
    assert "Generator" in api.__all__
    assert not set(api.__all__) & set(vars(api)["_PARTS"])


def test_what_type_checkers_see_is_what_is_imported_later() -> None:
    tree = ast.parse(Path(api.__file__).read_text("utf-8"))
    block, _ = (node for node in tree.body if isinstance(node, ast.If))
    seen = {
        name.name: (part.module or "").removeprefix("studio_product.core.")
        for part in block.body
        if isinstance(part, ast.ImportFrom)
        for name in part.names
    }
    assert vars(api)["_PARTS"] == seen
