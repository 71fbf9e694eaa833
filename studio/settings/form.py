"""The settings as a form: what preferences show, and in which words."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from typing import Any

import msgspec

from studio.settings.sections import DEFAULTS, THEMES, Section, Settings
from studio.words import tr


def schema(
    themes: Mapping[str, str] | None = None, languages: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """The JSON Schema of all that preferences show, with `x-ui`, in the current language.

    The names of its fields are "section.field". `themes` are the user's own and `languages` those that can be
    chosen, besides the system's: what is stored, and the words shown.
    """
    properties = {}
    for section in Settings.__struct_fields__:
        kind = type(getattr(DEFAULTS, section))
        if not issubclass(kind, Section):
            continue
        for name, spec in _described(kind).items():
            properties[f"{section}.{name}"] = _shown(spec)
    _offer(properties["appearance.theme"], dict.fromkeys(THEMES, "") | dict(themes or {}))
    _offer(properties["appearance.language"], {"": ""} | dict(languages or {}))
    return {"type": "object", "properties": properties}


def values(settings: Settings) -> dict[str, Any]:
    """The values of the fields of `schema`, by "section.field"."""
    return {name: getattr(getattr(settings, name.split(".")[0]), name.split(".")[1]) for name in _names()}


@functools.cache
def _names() -> tuple[str, ...]:
    return tuple(schema()["properties"])


@functools.cache
def _described(section: type[Section]) -> dict[str, dict[str, Any]]:
    """The fields of a section that preferences show, in English. Not to be changed: they are kept."""
    fields = msgspec.json.schema(section)["$defs"][section.__name__]["properties"]
    return {name: spec for name, spec in fields.items() if "x-ui" in spec}


def _shown(spec: dict[str, Any]) -> dict[str, Any]:
    ui = dict(spec["x-ui"], group=tr(spec["x-ui"]["group"]))
    if "labels" in ui:
        ui["labels"] = {value: tr(words) for value, words in ui["labels"].items()}
    told = {key: tr(spec[key]) for key in ("title", "description") if key in spec}
    return spec | told | {"x-ui": ui}


def _offer(spec: dict[str, Any], choices: Mapping[str, str]) -> None:
    del spec["pattern"]
    spec["enum"] = list(choices)
    spec["x-ui"]["labels"] = spec["x-ui"].get("labels", {}) | {
        key: text for key, text in choices.items() if text
    }
