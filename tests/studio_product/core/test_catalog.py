"""What comes with the studio: plausible materials with sources, examples that teach."""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path

import pytest
from studio_product.core.studies.catalog import EXAMPLES, PRESETS, in_words, materials, preset, presets
from studio_product.core.studies.estimate import estimate
from studio_product.core.studies.quality import CELLS
from studio_product.core.studies.study import to_json
from studio_product.core.studies.study_file import study_from_json

from studio import words
from studio.plugins.speech import speak


def test_materials_are_plausible_and_say_where_they_are_from() -> None:
    names = [material.name for material in materials()]
    assert len(set(names)) == len(names) >= 8
    for material in materials():
        assert material.source
        assert 0.2 < material.density < 20
        assert 500 < material.youngs_modulus < 500_000
        # Waves travel through engineering materials at 1 to 6 km/s.
        assert 1 < math.sqrt(material.youngs_modulus / material.density / 1000) < 6
        assert 1e-3 < material.yield_strength / material.youngs_modulus < 0.05


def test_examples_are_as_the_program_writes_them() -> None:
    for key in PRESETS:
        data = (EXAMPLES / f"{key}.json").read_bytes()
        assert to_json(study_from_json(data)) == data


def test_every_file_is_in_the_menu() -> None:
    assert {path.stem for path in EXAMPLES.glob("*.json")} == set(PRESETS)


def test_examples_teach() -> None:
    assert next(iter(presets())) == "shelf-bracket"
    for study in presets().values():
        assert "Try:" in study.notes
        assert study.material in materials()
        assert study.space.cells is None
        assert study.making.minimum_member > 0


def test_finer_costs_more() -> None:
    for study in presets().values():
        costs = [estimate(study, quality, 6, 10**12) for quality in CELLS]
        assert [cost.cells for cost in costs] == sorted({cost.cells for cost in costs})
        assert costs[0].seconds < costs[1].seconds < costs[2].seconds
        assert costs[0].bytes < costs[1].bytes < costs[2].bytes
        assert all(cost.fits for cost in costs)
    assert not estimate(preset("shelf-bracket"), "fine", 6, 10**9).fits


@pytest.fixture
def german(tmp_path: Path) -> Iterator[None]:
    assert speak("de") == ""
    yield
    words.use("en", (), tmp_path)


def test_english_examples_are_as_they_are() -> None:
    assert [in_words(study) for study in presets().values()] == [*presets().values()]


def test_examples_speak_the_language_of_the_window(german: None) -> None:
    for study in presets().values():
        told = in_words(study)
        assert told.name != study.name and "Zum Probieren:" in told.notes
        assert told.material in map(in_words, materials())
        assert (told.space, told.target, told.making) == (study.space, study.target, study.making)
        assert [case.loads for case in told.cases] != [case.loads for case in study.cases]
        assert study_from_json(to_json(told)) == told, "no name is there twice"
        assert in_words(told) == told
    names = {in_words(material).name for material in materials()}
    assert len(names) == len(materials()) and "Stahl S235" in names
