"""docs/studies.md names every key, choice, remark and example, and its examples work."""

from __future__ import annotations

import re
from pathlib import Path

import msgspec
import pytest
from studio_product.core.studies import check_bearing, check_space, check_values
from studio_product.core.studies import study as studies
from studio_product.core.studies.catalog import PRESETS
from studio_product.core.studies.check import check_study
from studio_product.core.studies.quality import grid_of
from studio_product.core.studies.study_file import _CHOICES, study_from_json

ROOT = Path(__file__).parents[3]
TEXT = (ROOT / "docs" / "studies.md").read_text("utf-8")
NAMED = set(re.findall(r"`([^`\n]+)`", TEXT))
EXAMPLES = re.findall(r"```json\n(.*?)```", TEXT, re.DOTALL)


def test_every_key_is_described() -> None:
    kinds = [
        kind for kind in vars(studies).values() if isinstance(kind, type) and issubclass(kind, studies.Value)
    ]
    keys = {field for kind in kinds for field in kind.__struct_fields__}
    assert keys - NAMED == set()


def test_every_choice_is_named() -> None:
    choices = {str(choice) for choices in _CHOICES.values() for choice in choices} - {"2", "3", "x", "y", "z"}
    assert choices - NAMED == set()


def test_every_remark_is_in_the_table() -> None:
    codes = set()
    for module in (check_bearing, check_space, check_values):
        source = Path(str(module.__file__)).read_text("utf-8")
        codes |= set(re.findall(r'(?:error|warning|notice)\(\s*"([a-z-]+)"', source))
        codes |= set(re.findall(r'"((?:support|load)-on-nothing)"', source))
    assert len(codes) > 30
    assert codes - NAMED == set()


def test_every_example_is_named() -> None:
    assert set(PRESETS) - NAMED == set()


@pytest.mark.parametrize("text", EXAMPLES)
def test_its_studies_work(text: str) -> None:
    study = study_from_json(text.encode())
    assert check_study(study, {}, grid_of(study)) == []


def test_defaults_in_the_tables_are_right() -> None:
    rows = re.findall(r"^\| `(\w+)` \|.*\| (\S+) \|$", TEXT, re.MULTILINE)
    stated = {key: value for key, value in rows if re.fullmatch(r"[\d.e-]+|true|false|`\w+`", value)}
    for kind in (studies.Method, studies.Making, studies.Load, studies.LoadCase):
        for field in msgspec.structs.fields(kind):
            if field.name in stated and field.name != "keep":
                expected = (
                    field.default
                    if isinstance(field.default, str)
                    else msgspec.json.encode(field.default).decode()
                )
                assert stated[field.name].strip("`") in {expected, expected.removesuffix(".0")}
