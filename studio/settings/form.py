"""The settings as a form: what preferences show, and in which words."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from typing import Any

import msgspec

from studio.settings.sections import DEFAULTS, THEMES, Section, Settings
from studio.words import mark, tr

Choices = Mapping[str, str]
"""What can be chosen: what is stored, and the words shown ("" where these are the same)."""

NOTES = {
    mark("Network"): mark(
        "The studio works without a network, and nothing of yours ever leaves this computer. Only a model "
        "that you ask for is fetched: Get in the list of models, and studio models install, say what comes "
        "from where and ask first, each time. Nothing else connects to anything."
    ),
    mark("Export"): mark("What the export dialog begins with."),
}
"""What stands above the settings of a group, in English."""


def schema(
    themes: Choices | None = None,
    languages: Choices | None = None,
    devices: Choices | None = None,
    formats: Mapping[str, tuple[str, Choices]] | None = None,
) -> dict[str, Any]:
    """The JSON Schema of all that preferences show, with `x-ui`, in the current language.

    The names of its fields are "section.field", and "section.field.entry" where a field holds one value for
    each of several things. `themes` are the user's own, `languages` those that can be chosen besides the
    system's, `devices` what there is to compute on, and `formats` the kinds that can be exported in another
    format: their words, and the formats.
    """
    properties = {}
    for section in Settings.__struct_fields__:
        kind = type(getattr(DEFAULTS, section))
        if not issubclass(kind, Section):
            continue
        for name, spec in _described(kind).items():
            properties[f"{section}.{name}"] = _shown(spec, tr(kind.page))
    _offer(properties["appearance.theme"], dict.fromkeys(THEMES, "") | dict(themes or {}))
    _offer(properties["appearance.language"], {"": ""} | dict(languages or {}))
    _offer(properties["computer.device"], {"": ""} | dict(devices or {}))
    for of, (words, choices) in (formats or {}).items():
        spec = {"title": words, "description": "", "default": "", "x-ui": {"group": tr("Export")}}
        _offer(spec, {"": tr("As it is")} | dict(choices))
        properties[f"exporting.formats.{of}"] = spec
    return {"type": "object", "properties": properties}


def values(settings: Settings, names: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """The values of the fields with these names, of all fields of `schema()` without them."""
    return {name: _value(settings, name) for name in (_names() if names is None else names)}


def _value(settings: Settings, name: str) -> Any:
    section, field, *entry = name.split(".")
    value = getattr(getattr(settings, section), field)
    return value.get(entry[0], "") if entry else value


@functools.cache
def _names() -> tuple[str, ...]:
    return tuple(schema()["properties"])


@functools.cache
def _described(section: type[Section]) -> dict[str, dict[str, Any]]:
    """The fields of a section that preferences show, in English. Not to be changed: they are kept."""
    fields = msgspec.json.schema(section)["$defs"][section.__name__]["properties"]
    return {name: spec for name, spec in fields.items() if "x-ui" in spec}


def _shown(spec: dict[str, Any], group: str) -> dict[str, Any]:
    ui = dict(spec["x-ui"], group=group)
    if "labels" in ui:
        ui["labels"] = {value: tr(words) for value, words in ui["labels"].items()}
    told = {key: tr(spec[key]) for key in ("title", "description") if key in spec}
    return spec | told | {"x-ui": ui}


def _offer(spec: dict[str, Any], choices: Choices) -> None:
    spec.pop("pattern", None)
    spec.pop("maxLength", None)
    spec["enum"] = list(choices)
    spec["x-ui"]["labels"] = spec["x-ui"].get("labels", {}) | {
        key: text for key, text in choices.items() if text
    }
