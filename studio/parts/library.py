"""Materials and example studies that come with the studio."""

from __future__ import annotations

import functools
import tomllib

import msgspec

from studio.core.study import Material, Study
from studio.core.study_file import study_from_json
from studio.paths import resource

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
"""Keys of the example studies, files of `resources/studies`, in the order of the menu. A new study begins with
the first."""


@functools.cache
def materials() -> tuple[Material, ...]:
    """In the order of the list that the window shows."""
    read = tomllib.loads(resource("materials.toml").read_text("utf-8"))
    return msgspec.convert(tuple(read["material"]), tuple[Material, ...])


@functools.cache
def preset(key: str) -> Study:
    """The example study of one of `PRESETS`."""
    return study_from_json(resource("studies", f"{key}.json").read_bytes())


def presets() -> dict[str, Study]:
    """All example studies by key, in the order of the menu."""
    return {key: preset(key) for key in PRESETS}
