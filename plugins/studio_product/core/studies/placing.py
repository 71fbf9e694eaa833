"""The things of a study on a grid, one by one: what `domain_of` puts together and `check_study` looks at."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from studio.api.values import BadInput, tr
from studio_product.core.grid import Grid
from studio_product.core.mesh import Mesh
from studio_product.core.studies.catalog import said
from studio_product.core.studies.patches import HALF, Hold, hold_of, nodes_of
from studio_product.core.studies.study import Load, Region, Shape, Study, Support
from studio_product.core.studies.voxels import shape_coverage

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Placed:
    """A support or a load with its hold on the grid."""

    thing: Support | Load
    case: int | None
    """Of a load."""
    hold: Hold

    @property
    def found(self) -> bool:
        return bool(self.hold.nodes.any())

    @property
    def shares(self) -> Floats:
        """(*nodes): of a load, the part of its force that each node bears; they sum up to 1."""
        if isinstance(self.thing, Load) and self.thing.spread == "nodes" and self.found:
            equal: Floats = self.hold.nodes / self.hold.nodes.sum()
            return equal
        return self.hold.shares

    @property
    def nodes(self) -> Mask:
        """(*nodes): that a support holds, or that bear something of a load."""
        return self.hold.nodes if isinstance(self.thing, Support) else self.shares > 0

    @property
    def kept(self) -> Mask:
        """(*cells): what it keeps full."""
        by_nodes = isinstance(self.thing, Load) and self.thing.spread == "nodes"
        return self.hold.under & (self.thing.keep and not by_nodes)


@dataclass(frozen=True)
class Scene:
    """A study on a grid, before anything is asked of it."""

    grid: Grid
    space: Mask
    """(*cells): where material may be."""
    kept: list[tuple[Region, Mask]]
    """Every keep-in with its cells (*cells), whether material may be there or not."""
    placed: list[Placed]
    """Supports, then loads, in the study's order."""
    labels: NDArray[np.int32]
    """(*cells): the number of the piece of the space that a cell belongs to, from 1; 0 outside. Cells that
    share only an edge or a corner make a hinge, which bears nothing: they belong to different pieces."""
    pieces: int
    bearing: set[int]
    """The pieces that are held and loaded; if the study has no load but weight, those that are held."""

    @functools.cached_property
    def reached(self) -> Mask:
        """(*cells): the space without the pieces that bear nothing."""
        bears = np.zeros(self.pieces + 1, bool)
        bears[list(self.bearing)] = True
        return np.asarray(bears[self.labels])

    @property
    def solid(self) -> Mask:
        """(*cells): kept full."""
        solid = _united(self.kept, self.grid)
        for each in self.placed:
            solid |= each.kept
        return solid & self.reached

    @functools.cached_property
    def fixed(self) -> Mask:
        """(*nodes, dimensions): held."""
        fixed = np.zeros((*self.grid.nodes, self.grid.dimensions), bool)
        for each in self.placed:
            if isinstance(each.thing, Support):
                for axis in {"xyz".index(name) for name in each.thing.fixed}:
                    if axis < self.grid.dimensions:
                        fixed[..., axis] |= each.nodes
        return fixed


def scene_of(study: Study, grid: Grid, meshes: Mapping[str, Mesh]) -> Scene:
    """Place everything. What selects nothing is in the scene all the same.

    Raises:
        BadInput: A mesh is missing.
    """
    from scipy import ndimage

    space = space_of(study, grid, meshes)
    kept = [
        (region, shape_coverage(region.shape, grid, meshes) >= HALF)
        for region in _with_role(study, "keep-in")
    ]
    placed = place(study, grid, space, kept, meshes)
    labels, pieces = ndimage.label(space)
    return Scene(grid, space, kept, placed, labels, pieces, _bearing(placed, labels))


def space_of(study: Study, grid: Grid, meshes: Mapping[str, Mesh]) -> Mask:
    """(*cells): where material may be. A cell belongs to a shape that covers at least half of it.

    Raises:
        BadInput: A mesh is missing.
    """
    space = np.ones(grid.cells, bool)
    if study.space.shape is not None:
        space &= shape_coverage(study.space.shape, grid, meshes) >= HALF
    for region in _with_role(study, "keep-out"):
        space &= shape_coverage(region.shape, grid, meshes) < HALF
    return space


def place(
    study: Study,
    grid: Grid,
    space: Mask,
    kept: list[tuple[Region, Mask]],
    meshes: Mapping[str, Mesh],
) -> list[Placed]:
    """Supports, then loads, in the study's order.

    What lies on keep-ins alone takes hold of them alone: where the grid ends a keep-in below its surface, a
    load on that surface would else act, in part, on the empty cells above.

    Raises:
        BadInput: A mesh is missing.
    """
    things: list[tuple[Support | Load, int | None]] = [(support, None) for support in study.supports]
    things += [(load, index) for index, case in enumerate(study.cases) for load in case.loads]
    # The same patch often serves several cases.
    solid = _united(kept, grid) & space
    holds = {thing.shape: _hold(thing.shape, grid, space, solid, meshes) for thing, _ in things}
    return [Placed(thing, case, holds[thing.shape]) for thing, case in things]


def _united(kept: list[tuple[Region, Mask]], grid: Grid) -> Mask:
    """(*cells): all keep-ins."""
    solid = np.zeros(grid.cells, bool)
    for _, cells in kept:
        solid |= cells
    return solid


def _hold(shape: Shape, grid: Grid, space: Mask, solid: Mask, meshes: Mapping[str, Mesh]) -> Hold:
    hold = hold_of(shape, grid, space, meshes)
    if not solid.any() or (hold.nodes & ~nodes_of(solid)).any():
        return hold
    return hold_of(shape, grid, solid, meshes)


def pieces_at(nodes: Mask, labels: NDArray[np.int32]) -> set[int]:
    """The numbers of the pieces that have one of these nodes (*nodes)."""
    found: set[int] = set()
    for corner in np.ndindex(*(2,) * labels.ndim):
        at = tuple(slice(first, first + count) for first, count in zip(corner, labels.shape, strict=True))
        found |= set(np.unique(labels[nodes[at]]).tolist())
    return found - {0}


def _bearing(placed: list[Placed], labels: NDArray[np.int32]) -> set[int]:
    held: set[int] = set()
    loaded: set[int] = set()
    for each in placed:
        (loaded if isinstance(each.thing, Load) else held).update(pieces_at(each.nodes, labels))
    return held & loaded if any(isinstance(each.thing, Load) for each in placed) else held


def nodal_forces(placed: Placed, grid: Grid) -> tuple[NDArray[np.int64], Floats]:
    """A load on its nodes: their flat indices (n,), and (n, dimensions) N for each.

    The moment, about the center of the loaded nodes, turns the patch as a rigid body would: forces across the
    lever, in proportion to its length and to each node's share. Force and moment are met exactly.

    Raises:
        BadInput: The patch has no lever for the moment, as a single point or a line along its axis.
    """
    load = placed.thing
    assert isinstance(load, Load)
    shares = placed.shares.ravel()
    at = np.flatnonzero(shares)
    share = shares[at, None]
    places = np.column_stack(np.unravel_index(at, grid.nodes)) * np.array(grid.spacing)
    forces: Floats = share * np.array(load.force[: grid.dimensions])
    if any(load.moment):
        lever = places - (share * places).sum(axis=0)
        forces += share * _turning(np.array(load.moment), lever, share, said(load.name))
    return at, forces


def _turning(moment: Floats, lever: Floats, share: Floats, name: str) -> Floats:
    """(n, dimensions): a x r, with a such that the sum of r x (share a x r) is the moment."""
    dimensions = lever.shape[1]
    r = lever if dimensions == 3 else np.pad(lever, ((0, 0), (0, 1)))
    inertia = (share * r**2).sum() * np.eye(3) - (share * r).T @ r
    if dimensions == 2:
        inertia = np.diag([0.0, 0.0, inertia[2, 2]])
    turn = np.linalg.pinv(inertia, rcond=1e-9, hermitian=True) @ moment
    if np.abs(inertia @ turn - moment).max() > 1e-6 * np.abs(moment).max():
        raise BadInput(
            tr("The moment of the load “{name}” has no lever: it acts on a point or a line.", name=name),
            tr("Let the load act on a larger patch, or give a pair of forces."),
        )
    return np.cross(turn, r)[:, :dimensions]


def nothing_held(placed: Placed) -> BadInput:
    """That it selects nothing, in words."""
    name = said(placed.thing.name)
    if isinstance(placed.thing, Support):
        message = tr("The support “{name}” holds nothing: there can be no material at it.", name=name)
    else:
        message = tr("The load “{name}” acts on nothing: there can be no material at it.", name=name)
    return BadInput(message, tr("Move it onto the space, or take away what is kept out there."))


def _with_role(study: Study, role: Literal["keep-in", "keep-out"]) -> list[Region]:
    return [region for region in study.regions if region.role == role]
