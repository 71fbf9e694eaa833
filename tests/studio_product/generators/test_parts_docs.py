"""docs/parts.md names every number, quality, format and family as they are."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from studio_product.core.part_numbers import CONCEPT
from studio_product.core.studies.quality import CELLS
from studio_product.formats.convert import EXTENSIONS
from studio_product.generators.families.chair import Chair
from studio_product.generators.families.family import Family
from studio_product.generators.families.hook import WallHook
from studio_product.generators.families.phone_stand import PhoneStand
from studio_product.generators.families.shelf_bracket import ShelfBracket
from studio_product.generators.numbers import catalog

TEXT = (Path(__file__).parents[3] / "docs" / "parts.md").read_text("utf-8")


def test_it_says_what_the_numbers_are_not() -> None:
    assert CONCEPT[0].lower() + CONCEPT[1:] in TEXT


def test_every_number_is_defined() -> None:
    source = Path(str(catalog.__file__)).read_text("utf-8")
    titles = re.findall(r'"[a-z_0-9]+",\s+(?:title=)?mark\("([^"]+[^".])"\)', source)
    assert {"Mass", "Compliance", "Holes"} <= set(titles)
    assert [title for title in titles if f"\n| {title} | " not in TEXT] == []


def test_every_format_is_there() -> None:
    assert [format for format in EXTENSIONS if f"`{format}`" not in TEXT] == []


@pytest.mark.parametrize("quality", CELLS)
def test_cells_of_the_qualities(quality: str) -> None:
    plane, space = (f"{count:,}".replace(",", " ") for count in CELLS[quality])  # type: ignore[index]
    assert f"\n| {quality} | {space} | {plane} |" in TEXT


@pytest.mark.parametrize("family", [ShelfBracket, WallHook, Chair, PhoneStand])
def test_measures_of_the_families(family: type[Family]) -> None:
    _, _, section = TEXT.partition(f"**{family.title}**, `product/{family.name}`")
    rows = re.findall(r"^\| (`\w+` .*) \|$", section.partition("\n**")[0], re.MULTILINE)
    assert rows == [
        f"`{each.name}` | {each.title} | {f'{each.least:g} to {each.most:g} {each.unit}'.rstrip()} | "
        f"{each.usual[0]:g} to {each.usual[1]:g}"
        for each in family.parameters
    ]
