from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from studio.core.cells import plain_cell
from studio.core.item import Item, Origin
from studio.core.kind import Kind
from studio.core.recipe import ModelUse, Recipe
from studio.export.manifest import ExportedFile, as_csv, as_json

RECIPE = Recipe(
    generator="image/inpaint",
    generator_version="1",
    params={"prompt": "grass"},
    seed=7,
    models={"onnx_model": ModelUse(name="lama", digest="b" * 64, licence="Apache-2.0")},
)


def exported(name: str, recipe: Recipe | None = RECIPE) -> ExportedFile:
    item = Item("u1", name, Kind.IMAGE, Origin.ARTIFACT, "0" * 64, ".png", 10, created=0.0)
    return ExportedFile(Path("/out/a.png"), item, recipe, "c" * 64, 12)


@given(st.text(alphabet=st.characters(codec="utf-8")))
def test_no_cell_is_a_formula_and_the_table_reads_back(name: str) -> None:
    text = as_csv([exported(name), exported("plain", None)])
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    assert [row["name"].removeprefix("'") for row in rows] == [name.removeprefix("'"), "plain"]
    assert not any(
        cell.startswith(("=", "+", "-", "@", "\t", "\r", "\0")) for row in rows for cell in row.values()
    )


def test_a_formula_is_shown_as_text() -> None:
    assert plain_cell('=HYPERLINK("x")') == '\'=HYPERLINK("x")'
    assert plain_cell("beach") == "beach"


def test_the_json_tells_how_each_file_was_made() -> None:
    document = json.loads(
        as_json("Trip", [exported("=1+1"), exported("photo", None)], datetime(2026, 1, 2, tzinfo=UTC))
    )
    made, imported = document["files"]
    assert document["project"] == "Trip" and document["created"] == "2026-01-02T00:00:00Z"
    assert made["name"] == "=1+1" and made["sha256"] == "c" * 64 and made["original_sha256"] == "0" * 64
    assert Recipe.from_json(json.dumps(made["recipe"])) == RECIPE and made["recipe_sha256"] == RECIPE.digest
    assert made["models"] == [{"name": "lama", "digest": "b" * 64, "licence": "Apache-2.0"}]
    assert "recipe" not in imported
