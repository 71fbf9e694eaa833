"""What rooms may import: few names, each with a docstring and in the plugin author's guide."""

from __future__ import annotations

import inspect
from pathlib import Path
from typing import get_origin

import pytest

from studio.plugins import manifest_rows
from studio.plugins.manifest_rows import Row
from studio.ui import api
from studio.ui.kit.room import Room, RoomContext

GUIDE = (Path(__file__).parents[2] / "docs" / "plugins.md").read_text("utf-8")
MOST = 80


def section(title: str) -> str:
    return GUIDE.partition(f"## {title}\n")[2].partition("\n## ")[0]


def test_they_are_few_and_there() -> None:
    assert len(api.__all__) <= MOST
    assert len(set(api.__all__)) == len(api.__all__)
    assert all(hasattr(api, name) for name in api.__all__)


@pytest.mark.parametrize("name", api.__all__)
def test_each_says_what_it_is(name: str) -> None:
    found = getattr(api, name)
    if isinstance(found, int | float) or get_origin(found) is not None:
        return  # a number or a choice of words: the guide says what it means
    doc = vars(found).get("__doc__") if inspect.isclass(found) else found.__doc__
    assert doc and not doc.startswith(f"{name}(")


@pytest.mark.parametrize("name", api.__all__)
def test_each_is_in_the_guide(name: str) -> None:
    assert f"`{name}`" in GUIDE or f"`{name}(" in GUIDE


@pytest.mark.parametrize("one", (Room, RoomContext), ids=lambda one: one.__name__)
def test_all_of_a_room_and_its_context_is_in_the_guide(one: type) -> None:
    names = {*vars(one), *vars(one).get("__annotations__", {})}
    text = section("A medium: manifest, room, formats, commands")
    assert {name for name in names if not name.startswith("_") and f"`{name}" not in text} == set()


def test_all_of_a_manifest_is_in_the_guide() -> None:
    text = section("A medium: manifest, room, formats, commands")
    rows = [one for one in vars(manifest_rows).values() if inspect.isclass(one) and issubclass(one, Row)]
    fields = {name for row in rows for name in row.__struct_fields__} - set(Row.__struct_fields__)
    assert {name for name in fields if f"`{name}`" not in text} == set()
