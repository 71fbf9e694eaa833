"""Studies in the form and in the recipe panel: which generator works from one, and one in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from studio.core.generator import GeneratorDescription
from studio.errors import BadInput
from studio.plugins.catalog import Catalog
from studio_product.core.studies.study_value import HINT, study_of
from studio_product.room.study.words import summary


def study_generator(catalog: Catalog | None) -> GeneratorDescription | None:
    """The first one that works from a study."""
    known = catalog.generators.values() if catalog is not None else ()
    return next((one for one in known if one.listed and one.hinted(HINT)), None)


def study_words(value: Mapping[str, Any]) -> str:
    """A study's name and what is in it, in two lines; "" for none."""
    if not value:
        return ""
    try:
        study = study_of(value)
    except BadInput as error:
        return error.message
    return f"{study.name}\n{summary(study)}"
