"""Families as generators: forms, searches, parts; and a family of one's own."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from studio_product.core.files.partfile import read_part
from studio_product.core.studies.study import Box, Load, LoadCase, Material, Space, Study, Support
from studio_product.generators.families import making
from studio_product.generators.families.family import Family, Parameter, Values
from studio_product.generators.families.generating import generator_of
from studio_product.generators.families.sdf import box
from studio_product.hooks import register_generators

from studio.api import BadInput, Cancelled
from studio.core.authoring import describe
from studio.testing import RunGenerator

pytest_plugins = ["studio.testing"]


class Beam(Family):
    """A beam on a wall, with a load at its end."""

    name = "beam"
    title = "Beam"
    material = "Steel S235"
    parameters = (
        Parameter("width", "Width", 2, 12, low=4, high=12),
        Parameter("height", "Height", 0, 20, low=0, high=20),
    )

    def distance(self, points: Any, values: Values) -> Any:
        return box(points, (6, 30, 10), (values["width"], 60, values["height"]))

    def study(self, values: Values, material: Material, load: float) -> Study:
        tip = Box(corner=(6 - values["width"] / 2, 60, 10 - values["height"] / 2),
                  size=(values["width"], 0, values["height"]))  # fmt: skip
        return Study(
            name="Beam",
            space=Space(size=(12, 60, 20)),
            material=material,
            supports=(Support(name="Wall", shape=Box(corner=(0, 0, 0), size=(12, 0, 20))),),
            cases=(LoadCase(name="Tip", loads=(Load(name="Tip", shape=tip, force=(0, 0, -100 * load)),)),),
        )


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("studio_product.generators.families.trying.SEARCH_CELLS", 2_500)
    monkeypatch.setattr("studio_product.generators.families.surface.SAMPLES", 40_000)
    monkeypatch.setattr(making, "EFFORTS", {"quick": (8, 3), "thorough": (8, 4)})
    monkeypatch.setattr(making, "FINAL_CELLS", 1_500)


def test_every_family_has_a_form_with_a_range_for_each_parameter() -> None:
    found = {each.name: describe("product", each) for each in register_generators()}
    assert {"optimize", "bracket", "hook", "chair", "phone-stand"} <= set(found)
    seat = found["chair"].params_schema["properties"]["seat_height"]
    assert seat["default"] == [430, 460]
    assert seat["x-ui"]["hint"] == "range"
    assert seat["prefixItems"][0] == {"maximum": 500.0, "minimum": 350.0, "type": "number"}
    assert "White oak, along the grain" in found["chair"].params_schema["properties"]["material"]["enum"]


@pytest.mark.slow
def test_a_family_of_ones_own_gives_parts_none_of_which_beats_another(run_generator: RunGenerator) -> None:
    made = run_generator(generator_of(Beam), {"variants": 4}, seed=3, threads=2)
    parts = [read_part(artifact.path) for artifact in made.artifacts]
    assert [artifact.name for artifact in made.artifacts] == [f"Beam {n}" for n in range(1, len(parts) + 1)]
    assert 2 <= len(parts) <= 4
    rows = []
    for part in parts:
        mass, sag = part.numbers.find("mass"), part.numbers.find("displacement")
        assert mass is not None
        assert sag is not None
        values = part.settings["values"]
        assert mass.worst.value == pytest.approx(
            values["width"] * values["height"] * 60 * part.study.material.density * 1e-3, rel=0.03
        )
        rows.append((mass.worst.value, sag.worst.value))
    assert rows == sorted(rows)
    assert [sag for _, sag in rows] == sorted((sag for _, sag in rows), reverse=True)
    stiffest = parts[-1].settings["values"]
    inertia = stiffest["width"] * stiffest["height"] ** 3 / 12
    bending = 100 * 60**3 / (3 * parts[-1].study.material.youngs_modulus * inertia)
    assert rows[-1][1] == pytest.approx(bending, rel=0.3)  # with shear, and with few cells
    assert made.numbers["tried"] == 24
    assert made.previews


@pytest.mark.slow
def test_a_search_that_was_cancelled_goes_on_and_ends_the_same(
    run_generator: RunGenerator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(making, "EFFORTS", {"quick": (4, 3), "thorough": (4, 3)})
    whole = run_generator(generator_of(Beam), {"variants": 2}, seed=3, threads=2)
    with pytest.raises(Cancelled):
        run_generator(generator_of(Beam), {"variants": 2}, seed=3, threads=2, cancel_after=15, kept=tmp_path)
    lines = (tmp_path / "trials.jsonl").read_text().splitlines()
    assert 0 < len(lines) < 12
    again = run_generator(generator_of(Beam), {"variants": 2}, seed=3, threads=2, kept=tmp_path)
    assert (tmp_path / "trials.jsonl").read_text().splitlines()[: len(lines)] == lines
    assert [a.path.read_bytes() for a in again.artifacts] == [a.path.read_bytes() for a in whole.artifacts]


def test_ranges_that_are_upside_down_or_hold_no_part_are_told_in_words(run_generator: RunGenerator) -> None:
    with pytest.raises(BadInput, match=r"“Width” goes from 8 to 4"):
        run_generator(generator_of(Beam), {"width": [8, 4]})
    with pytest.raises(BadInput, match="None of the 1 shapes"):
        run_generator(generator_of(Beam), {"width": [8, 8], "height": [0, 0]})


def test_trials_are_written_as_json(tmp_path: Path) -> None:
    remembered = making.Remembered(lambda values: {"mass": values["x"]}, tmp_path / "t.jsonl")
    assert remembered({"x": 2.0}) == {"mass": 2.0}
    assert json.loads((tmp_path / "t.jsonl").read_text()) == [{"x": 2.0}, {"mass": 2.0}]
    assert np.isfinite(remembered({"x": 2.0})["mass"])  # type: ignore[index]
