"""Materials and example studies that come with the plugin."""

from __future__ import annotations

import functools
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar, cast

import msgspec
from msgspec import Struct, structs

from studio.api.values import mark, tr
from studio_product.core.studies.study import Material, Study
from studio_product.core.studies.study_file import study_from_json

_HERE = Path(__file__).resolve().parent
EXAMPLES = _HERE / "examples"

PRESETS = (
    "shelf-bracket",
    "cantilever",
    "mbb-beam",
    "bridge",
    "l-bracket",
    "wall-hook",
    "chair",
    "engine-bracket",
)
"""Keys of the example studies, files of the folder `examples`, in the order of the menu. A new study begins
with the first."""

SUPPORT, LOAD, LOAD_CASE = mark("Support"), mark("Load"), mark("Load case")
KEEP_IN, KEEP_OUT = mark("Keep in"), mark("Keep out")
OWN_MATERIAL, NEW_PART, NEW_PLATE = mark("Own material"), mark("New part"), mark("New plate")
SIDES = mark("Left"), mark("Right"), mark("Front"), mark("Back"), mark("Bottom"), mark("Top")
"""What the window calls a thing that it makes. Studies have these names, and those of the examples, in
English; whoever shows one asks `said`."""

_SPOKEN = ("name", "notes", "source")
_NUMBERED = re.compile(r"(.*?)( \d+)?", re.DOTALL)

T = TypeVar("T", Study, Material)


@functools.cache
def materials() -> tuple[Material, ...]:
    """In the order of the list that the window shows."""
    read = tomllib.loads((_HERE / "materials.toml").read_text("utf-8"))
    return msgspec.convert(tuple(read["material"]), tuple[Material, ...])


@functools.cache
def preset(key: str) -> Study:
    """The example study of one of `PRESETS`."""
    return study_from_json((EXAMPLES / f"{key}.json").read_bytes())


def presets() -> dict[str, Study]:
    """All example studies by key, in the order of the menu."""
    return {key: preset(key) for key in PRESETS}


def in_words(example: T) -> T:
    """A study or a material with its names and notes as `said` tells them."""
    return cast("T", _spoken(example))


def said(text: str) -> str:
    """A name or notes in the language of the window, where they are an example's or the window's own, with or
    without a number at the end. What somebody wrote is given back."""
    if text in _own_words():
        return tr(text)
    parts = _NUMBERED.fullmatch(text)
    if parts is None or parts[2] is None or parts[1] not in _own_words():
        return text
    return tr(parts[1]) + parts[2]


@functools.cache
def _own_words() -> frozenset[str]:
    made = {SUPPORT, LOAD, LOAD_CASE, KEEP_IN, KEEP_OUT, OWN_MATERIAL, NEW_PART, NEW_PLATE, *SIDES}
    shown = (*materials(), *presets().values())
    return frozenset(made.union(*map(_texts, shown)) - {""})


def _texts(value: object) -> Iterator[str]:
    match value:
        case tuple():
            for inner in value:
                yield from _texts(inner)
        case Struct():
            for name in value.__struct_fields__:
                inner = getattr(value, name)
                if name in _SPOKEN:
                    yield inner
                else:
                    yield from _texts(inner)


def _spoken(value: object) -> object:
    match value:
        case tuple():
            return tuple(map(_spoken, value))
        case Struct():
            inner = {name: getattr(value, name) for name in value.__struct_fields__}
            return structs.replace(
                value, **{name: said(it) if name in _SPOKEN else _spoken(it) for name, it in inner.items()}
            )
    return value
