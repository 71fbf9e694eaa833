"""A study on a grid: which cells may be filled, which nodes are held, and what pulls at them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from studio.core.study import Material, Study
from studio.parts.grid import Grid
from studio.parts.mesh import Mesh

Quality = Literal["draft", "normal", "fine"]

STANDARD_GRAVITY = 9.80665
"""m/s^2"""


@dataclass(frozen=True)
class Patch:
    """Where a support or a load of the study meets the grid."""

    name: str
    role: Literal["support", "load"]
    case: int | None
    """Of a load: which of the study's cases."""
    nodes: NDArray[np.int64]
    """Flat (C order) indices of its nodes, ascending."""
    kept: NDArray[np.int64]
    """Flat indices of the cells that are kept full because of it."""


@dataclass(frozen=True)
class Domain:
    """`free`, `solid` and `void` share out all cells: each cell is in exactly one of them."""

    grid: Grid
    free: NDArray[np.bool_]
    """(*cells): the optimizer chooses."""
    solid: NDArray[np.bool_]
    """(*cells): always full."""
    void: NDArray[np.bool_]
    """(*cells): always empty; there is nothing, not even weak material."""
    fixed: NDArray[np.bool_]
    """(*nodes, dimensions): held at zero displacement, in all cases."""
    loads: NDArray[np.float64]
    """(cases, *nodes, dimensions), N."""
    weights: NDArray[np.float64]
    """(cases,): of their compliances in what is minimized; as the study gives them."""
    gravity: NDArray[np.float64]
    """(cases, dimensions), in units of g; see `specific_weight`."""
    patches: tuple[Patch, ...]
    """Supports, then loads, in the study's order."""


def specific_weight(material: Material) -> float:
    """N/mm^3 of the full material at 1 g."""
    return material.density * 1e-6 * STANDARD_GRAVITY


def grid_of(study: Study, quality: Quality = "draft", *, max_cells: int | None = None) -> Grid:
    """The study's own grid if it names one, else nearly cubic cells, about as many as the quality allows.

    Draft, normal and fine have up to 28 000, 221 000 and 1 800 000 cells in three dimensions, 10 000, 30 000
    and 120 000 in two. `max_cells` overrides the quality. Counts along an axis are even where there are many.
    """
    raise NotImplementedError


def domain_of(study: Study, grid: Grid, meshes: Mapping[str, Mesh]) -> Domain:
    """Place a study on a grid.

    Args:
        meshes: The closed meshes that the study's `Solid`s name, by `file`.

    Raises:
        BadInput: A support or a load selects nothing, a moment has no lever to act on, a mesh is missing.
    """
    raise NotImplementedError


def target_fraction(study: Study, domain: Domain) -> float:
    """The share of material in the cells that are not void, kept ones included: what the optimizer holds.

    Raises:
        BadInput: The mass does not fit the space, or is less than what is kept.
    """
    raise NotImplementedError
