"""The family in docs/plugins.md works as it stands there."""

from __future__ import annotations

import re
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from studio_product.core.files.partfile import read_part
from studio_product.generators.families import making

from studio.core.authoring import describe
from studio.testing import RunGenerator

pytest_plugins = ["studio.testing"]

PAGE = (Path(__file__).parents[3] / "docs" / "plugins.md").read_text("utf-8")


@pytest.fixture
def generators() -> list[Any]:
    (source,) = [
        block for block in re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL) if "(Family)" in block
    ]
    names: dict[str, Any] = {"__name__": "pegs"}
    exec(compile(source, "plugins.md", "exec", dont_inherit=True), names)
    found: list[Any] = names["register_generators"]()
    return found


def test_its_form_has_a_range_for_each_measure(generators: list[Any]) -> None:
    (described,) = [describe("pegs", each) for each in generators]
    assert described.id == "pegs/coat-peg"
    assert described.params_schema["properties"]["root"]["default"] == [14, 32]


@pytest.mark.slow
def test_it_makes_parts(
    generators: list[Any], run_generator: RunGenerator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("studio_product.generators.families.trying.SEARCH_CELLS", 4_000)
    monkeypatch.setattr("studio_product.generators.families.surface.SAMPLES", 40_000)
    monkeypatch.setattr(making, "EFFORTS", {"quick": (4, 2)})
    monkeypatch.setattr(making, "FINAL_CELLS", 8_000)
    made = run_generator(generators[0], {"variants": 2, "root": [20, 30]}, seed=1)
    parts = [read_part(artifact.path) for artifact in made.artifacts]
    assert made.artifacts[0].name == "Coat peg 1"
    for part in parts:
        assert 20 <= part.settings["values"]["root"] <= 30
        moved = part.numbers.find("displacement")
        assert moved is not None
        assert 0 < moved.worst.value < 1


def test_what_the_guide_names_for_parts_is_there() -> None:
    rows = re.findall(r"^\| `([a-z_.]+)` \| (`.+?`) \| .+ \|$", PAGE, re.MULTILINE)
    named = {f"{module}.{name}" for module, names in rows for name in re.findall(r"`(\w+)", names)}
    assert {"studies.study.Study", "files.partfile.write_part", "part_numbers.Better"} <= named
    for place in named:
        module, _, name = place.rpartition(".")
        assert hasattr(import_module(f"studio_product.core.{module}"), name), place
