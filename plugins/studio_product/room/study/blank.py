"""The study that one begins with from nothing."""

from __future__ import annotations

from typing import Literal

from studio_product.core.studies.catalog import NEW_PART, NEW_PLATE
from studio_product.core.studies.study import Material, Space, Study


def blank(dimensions: Literal[2, 3], material: Material) -> Study:
    """A space, without supports and loads."""
    if dimensions == 2:
        return Study(name=NEW_PLATE, dimensions=2, space=Space(size=(120.0, 60.0, 6.0)), material=material)
    return Study(name=NEW_PART, space=Space(size=(120.0, 60.0, 60.0)), material=material)
