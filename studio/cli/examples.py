"""The example at the end of a generator's help, made from what the generator takes and makes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from studio.core.generator import GeneratorDescription, Input
from studio.core.kind import Kind
from studio.core.params import hint_of
from studio.plugins.hints import has_reader
from studio.plugins.media import installed_media

_FILES: Mapping[str, str] = {Kind.IMAGE: "photo.jpg", Kind.MASK: "mask.png"}
"""A file of this kind in examples; others are called as the input is."""


def of_run(generator: GeneratorDescription) -> str:
    """A command line that makes one thing: "studio run image/inpaint --input photo.jpg ..."."""
    words = ["studio", "run", generator.id]
    for number, slot in enumerate(generator.inputs):
        if slot.required:
            words += ["--input" if number == 0 else f"--{slot.name}", _file(slot)]
    words += _first_setting(generator)
    words += ["--out", generator.id.partition("/")[2] + _extension(generator.kind)]
    return " ".join(words)


def of_batch(generator: GeneratorDescription, *, has_masks: bool) -> str:
    """A command line that works on a folder; "" for generators that take no file."""
    if not generator.inputs:
        return ""
    words = ["studio", "batch", generator.id, "--inputs", _file(generator.inputs[0]).partition(".")[0] + "s"]
    words += ["--masks", "masks"] if has_masks else []
    for slot in generator.inputs[2 if has_masks else 1 :]:
        words += [f"--{slot.name}", _file(slot)] if slot.required else []
    return " ".join([*words, "--out", "results"])


def _file(slot: Input) -> str:
    return _FILES.get(slot.kind) or slot.name + _extension(slot.kind)


def _first_setting(generator: GeneratorDescription) -> Sequence[str]:
    """What nobody but the user can know: a value from a file, or the words that a text begins from."""
    fields: Mapping[str, Any] = generator.params_schema.get("properties", {})
    for name, spec in list(fields.items())[:1]:
        option = "--" + name.replace("_", "-")
        if has_reader(hint_of(spec)):
            return [option, f"{name}.json"]
        if spec.get("type") == "string" and spec.get("default") == "" and "enum" not in spec:
            return [option, '"..."']
    return []


def _extension(kind: str) -> str:
    """How files of this kind usually end."""
    return next(iter(installed_media().kinds.get(kind).extensions), "")
