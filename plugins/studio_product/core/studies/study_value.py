"""A study as the value of a generator's setting, and the shapes from files that it names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from studio_product.core.studies.study import Shape, Solid, Study, to_json
from studio_product.core.studies.study_file import study_from_json

HINT = "study"
"""Of a field that takes one."""


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
