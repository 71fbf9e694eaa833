"""Materials and example studies that come with the plugin."""

from __future__ import annotations

import functools
import tomllib
from pathlib import Path
from typing import TypeVar, cast

import msgspec
from msgspec import Struct, structs

from studio.api.values import tr
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

_SPOKEN = ("name", "notes", "source")

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
    """A study or a material of these, with its names and notes in the language of the window."""
    return cast("T", _spoken(example))


def _spoken(value: object) -> object:
    match value:
        case tuple():
            return tuple(map(_spoken, value))
        case Struct():
            inner = {name: getattr(value, name) for name in value.__struct_fields__}
            return structs.replace(
                value, **{name: tr(it) if name in _SPOKEN else _spoken(it) for name, it in inner.items()}
            )
    return value
