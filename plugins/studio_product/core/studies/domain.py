"""A study on a grid: which cells may be filled, which nodes are held, and what pulls at them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from studio_product.core.grid import Grid
from studio_product.core.mesh import Mesh
from studio_product.core.studies.placing import Placed, nodal_forces, nothing_held, place, scene_of
from studio_product.core.studies.study import Material, Study
from studio_product.core.studies.target import material_fraction

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


def domain_of(study: Study, grid: Grid, meshes: Mapping[str, Mesh]) -> Domain:
    """Place a study on a grid. A cell belongs to a shape of which at least half of it is covered.

    Loads on faces, boxes and bodies keep the cells under them full (`Load.keep`), so that they never act on
    nothing; points, lines and loads that are spread over nodes keep none, so that published problems come
    out as they were published. Cells that no path through the space joins to a support and a load become
    void: material there could not carry anything, and would float.

    Args:
        meshes: The closed meshes that the study's `Solid`s name, by `file`.

    Raises:
        BadInput: A support or a load selects nothing, a moment has no lever to act on, a mesh is missing.
    """
    scene = scene_of(study, grid, meshes)
    _require_found(scene.placed)
    space = scene.reached
    if not np.array_equal(space, scene.space):
        scene = replace(scene, placed=place(study, grid, space, scene.kept, meshes))
        _require_found(scene.placed)
    solid = scene.solid
    return Domain(
        grid=grid,
        free=space & ~solid,
        solid=solid,
        void=~space,
        fixed=scene.fixed,
        loads=_loads(scene.placed, grid, len(study.cases)),
        weights=np.array([case.weight for case in study.cases]),
        gravity=np.array([case.gravity[: grid.dimensions] for case in study.cases], float),
        patches=tuple(_patch(each) for each in scene.placed),
    )


def target_fraction(study: Study, domain: Domain) -> float:
    """The share of material in the cells that are not void, kept ones included: what the optimizer holds.

    Raises:
        BadInput: The space cannot hold the mass, or more is kept than the target allows.
    """
    return material_fraction(study, domain.grid, int((~domain.void).sum()), int(domain.solid.sum()))


def _require_found(placed: list[Placed]) -> None:
    for each in placed:
        if not each.found:
            raise nothing_held(each)


def _loads(placed: list[Placed], grid: Grid, cases: int) -> NDArray[np.float64]:
    loads = np.zeros((cases, *grid.nodes, grid.dimensions))
    for each in placed:
        if each.case is not None:
            at, forces = nodal_forces(each, grid)
            loads[each.case].reshape(-1, grid.dimensions)[at] += forces
    return loads


def _patch(placed: Placed) -> Patch:
    return Patch(
        name=placed.thing.name,
        role="support" if placed.case is None else "load",
        case=placed.case,
        nodes=np.flatnonzero(placed.nodes),
        kept=np.flatnonzero(placed.kept),
    )
