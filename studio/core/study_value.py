"""A study as the value of a generator's setting, and the shapes from files that it names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from studio.core.generator import GeneratorDescription
from studio.core.study import Shape, Solid, Study, to_json
from studio.core.study_file import study_from_json

HINT = "study"
"""Of a field that takes one."""
_SOLID = "part"
"""The kind of the inputs that take shapes."""


def study_field(generator: GeneratorDescription) -> str:
    """The name of its field that takes a study; "" if it has none."""
    fields = generator.params_schema.get("properties", {})
    return next((name for name, spec in fields.items() if spec.get("x-ui", {}).get("hint") == HINT), "")


def shape_slots(generator: GeneratorDescription) -> tuple[str, ...]:
    """The inputs that take the shapes which a study names, not the user."""
    if not study_field(generator):
        return ()
    return tuple(slot.name for slot in generator.inputs if slot.kind == _SOLID and not slot.required)


def study_of(value: Mapping[str, Any]) -> Study:
    """The study in a setting's value. Raises BadInput."""
    return study_from_json(msgspec.json.encode(value))


def value_of(study: Study) -> dict[str, Any]:
    """As JSON has it: the same study always gives the same value."""
    plain: dict[str, Any] = msgspec.json.decode(to_json(study))
    return plain


def files_of(study: Study) -> list[str]:
    """What its shapes from files are called, each once, in the order of the study."""
    shapes: list[Shape | None] = [study.space.shape]
    shapes += [support.shape for support in study.supports]
    shapes += [load.shape for case in study.cases for load in case.loads]
    shapes += [region.shape for region in study.regions]
    return list(dict.fromkeys(shape.file for shape in shapes if isinstance(shape, Solid)))


def with_files(study: Study, names: Mapping[str, str]) -> Study:
    """With shapes called otherwise; what `names` does not know keeps its name."""

    def renamed(thing: Any) -> Any:
        if isinstance(thing, Solid):
            return msgspec.structs.replace(thing, file=names.get(thing.file, thing.file))
        if isinstance(thing, tuple):
            return tuple(map(renamed, thing))
        if isinstance(thing, msgspec.Struct):
            own = {name: renamed(getattr(thing, name)) for name in thing.__struct_fields__}
            return msgspec.structs.replace(thing, **own)
        return thing

    made: Study = renamed(study)
    return made
