"""A part: a shape, what it must do, and what was measured on it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from studio_product.core.mesh import Mesh
from studio_product.core.part_numbers import PartNumbers
from studio_product.core.studies.study import Study


def _no_stresses() -> NDArray[np.float32]:
    return np.zeros((0, 0), np.float32)


def _no_displacements() -> NDArray[np.float32]:
    return np.zeros((0, 0, 3), np.float32)


@dataclass(frozen=True)
class Part:
    """One variant. Everything that comes after it was made works from this alone."""

    mesh: Mesh
    """Closed, mm, in the study's axes; a plate is as thick as the study says, from z = 0."""
    study: Study
    numbers: PartNumbers = field(default_factory=PartNumbers)
    stresses: NDArray[np.float32] = field(default_factory=_no_stresses)
    """(cases, vertices), MPa: von Mises, of all of the study's cases in turn, or of none."""
    displacements: NDArray[np.float32] = field(default_factory=_no_displacements)
    """(cases, vertices, 3), mm, in the study's axes; of all of the study's cases, or of none."""
    contours: tuple[NDArray[np.float64], ...] = ()
    """Of a plate: loops of points (n, 2), mm, the last one joined to the first; outer ones run
    counterclockwise, holes clockwise."""
    seed: int = 0
    settings: dict[str, Any] = field(default_factory=dict)
    """Of the generator that made it: JSON values."""
    note: str = ""


@dataclass(frozen=True)
class PartFacts:
    """What can be said of a part without its mesh."""

    study: Study
    numbers: PartNumbers
    seed: int
    settings: dict[str, Any]
    note: str
    vertices: int
    faces: int
    bounds: tuple[tuple[float, float, float], tuple[float, float, float]]
    """Least and greatest corner, mm, in the study's axes."""
