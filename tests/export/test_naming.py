from __future__ import annotations

import re
import unicodedata
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from studio.core.file_names import MAX_BYTES, safe_name
from studio.core.item import Item, Origin
from studio.core.kind import Kind
from studio.core.recipe import Recipe
from studio.errors import BadInput
from studio.export.naming import FIELDS, render

RECIPE = Recipe(generator="image/inpaint", generator_version="1", params={}, seed=7)
odd = st.text(alphabet=st.characters(), max_size=200)


def item(name: str = "Beach", extension: str = ".png") -> Item:
    return Item("u1", name, Kind.IMAGE, Origin.ARTIFACT, "0" * 64, extension, 10, created=1_700_000_000.0)


@given(odd, st.sampled_from(["", ".png", ".jpg"]), st.sampled_from(["", " 2", " 10000"]))
@example("../../etc/passwd", ".png", "")
@example("CON", "", "")
@example("lpt¹.tar", ".png", "")
@example("aux .", ".png", "")
@example("a\u202egnp.exe", ".png", "")
@example("é" * 200, ".png", " 2")
@example("\ud800", "", "")
@example(". . .", "", "")
@example("👩\u200d👩\u200d👧" * 30, ".png", "")
def test_any_name_becomes_one_that_every_system_takes(stem: str, extension: str, suffix: str) -> None:
    name = safe_name(stem, extension, suffix)
    assert name.endswith(suffix + extension)
    assert 0 < len(name.encode()) <= MAX_BYTES
    assert not re.search(r'[<>:"/\\|?*]', name)
    assert not any(unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp") for c in name)
    assert not any(
        unicodedata.bidirectional(c) in ("LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI") for c in name
    )
    assert unicodedata.is_normalized("NFC", name)
    assert name == name.rstrip(" .") and not name.startswith((".", " "))
    device = re.split(r"[ ]*\.", name, maxsplit=1)[0].rstrip(" ").upper()
    assert device not in {"CON", "PRN", "AUX", "NUL", "COM1", "LPT9", "LPT¹", "COM³"}
    folder = Path("/root of exports")
    assert (folder / name).resolve().parent == folder


@given(odd, odd)
def test_a_rendered_name_keeps_its_extension_whatever_the_names_are(name: str, project: str) -> None:
    rendered = render("{project}-{name}-{n}", item(name), RECIPE, 3, project=project)
    assert rendered.endswith(".png")
    assert len(rendered.encode()) <= MAX_BYTES


@given(st.text(alphabet="{}nameseed-", max_size=20))
def test_a_template_renders_or_is_refused_in_words(template: str) -> None:
    try:
        assert render(template, item(), RECIPE, 1)
    except BadInput as error:
        assert error.message and error.hint


def test_every_field_has_its_value() -> None:
    template = "_".join(f"{{{field}}}" for field in FIELDS)
    rendered = render(template, item(), RECIPE, 12, project="Trip")
    assert re.fullmatch(r"Beach_Trip_image-inpaint_2023-11-1[45]_7_012\.png", rendered)


def test_an_asset_has_no_seed_and_its_extension_is_not_doubled() -> None:
    assert render("{name}{seed}", item("beach.JPG", ".jpg"), None, 1) == "beach.jpg"


def test_emoji_families_and_accents_survive() -> None:
    assert safe_name("Famille 👩\u200d👧 e\u0301te\u0301") == "Famille 👩\u200d👧 été"


@pytest.mark.parametrize("template", ["{nmae}", "{name", "name}", "{}", "{name!r}", "{name.__class__}"])
def test_a_wrong_template_is_refused_with_the_fields(template: str) -> None:
    with pytest.raises(BadInput) as caught:
        render(template, item(), RECIPE, 1)
    assert "{name}" in caught.value.hint
