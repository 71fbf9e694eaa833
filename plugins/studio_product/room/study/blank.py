"""The study that one begins with from nothing."""

from __future__ import annotations

from typing import Literal

from studio.api.values import tr
from studio_product.core.studies.study import Material, Space, Study


def blank(dimensions: Literal[2, 3], material: Material) -> Study:
    """A space, without supports and loads."""
    if dimensions == 2:
        return Study(
            name=tr("New plate"), dimensions=2, space=Space(size=(120.0, 60.0, 6.0)), material=material
        )
    return Study(name=tr("New part"), space=Space(size=(120.0, 60.0, 60.0)), material=material)
