"""What a family's values are worth: a shape on a grid, solved."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from studio.api import StudioError
from studio_product.core.grid import Grid
from studio_product.core.studies.domain import domain_of
from studio_product.core.studies.quality import grid_of
from studio_product.core.studies.study import Material, Study
from studio_product.generators.families.family import Family, Values
from studio_product.generators.families.sdf import coverage
from studio_product.generators.families.tipping import center_of_gravity, tipping_angle
from studio_product.generators.numbers.fields import FILLED, nodes_of
from studio_product.generators.numbers.solve import solve_shape
from studio_product.generators.variants.topology import main_piece, touching

SEARCH_CELLS = 50_000
"""Of the grid on which values are compared; what is chosen is measured on a finer one."""


@dataclass(frozen=True)
class Bench:
    """A family with everything that a search holds fixed."""

    family: Family
    material: Material
    load: float
    """Times the usual forces."""
    device: str

    def study(self, values: Values) -> Study:
        return self.family.study(values, self.material, self.load)

    def grid(self, values: Values) -> Grid:
        return grid_of(self.study(values), max_cells=SEARCH_CELLS)

    def shares(self, values: Values, grid: Grid) -> NDArray[np.float64]:
        """How much of each cell is material: (*cells), 0 to 1; at the surface it is looked at in octants."""
        centers, spacing = grid.centers(), np.array(grid.spacing)
        distance = self.family.distance(centers, values)
        near = np.abs(distance) < np.linalg.norm(spacing)
        octants = np.array(list(itertools.product((-0.25, 0.25), repeat=3))) * spacing
        finer = self.family.distance(centers[near][:, None] + octants, values)
        shares = (distance < 0).astype(float)
        shares[near] = coverage(finer, float(spacing.mean()) / 2).mean(axis=-1)
        return shares

    def goals(self, values: Values) -> Mapping[str, float] | None:
        """Each to be minimized: "mass" in g, "displacement" in mm and, of what stands, "tipping": 90 degrees
        less the tipping angle. None where the values make no single piece that its supports hold.
        """
        study, grid = self.study(values), self.grid(values)
        shares = self.shares(values, grid)
        domain = domain_of(study, grid, {})
        anchors = [domain.fixed.any(axis=-1), *(load.any(axis=-1) for load in domain.loads)]
        if not _is_whole(shares, [touching(np.asarray(nodes)) for nodes in anchors]):
            return None
        try:
            solved = solve_shape(shares, study, domain, self.device)
        except StudioError:
            return None  # too loosely held to be solved is no part either
        mass = float(shares.sum()) * grid.cell_volume * self.material.density * 1e-3
        moved = np.linalg.norm(solved.displacements, axis=-1)[:, nodes_of(solved.filled)]
        goals = {"mass": mass, "displacement": float(moved.max())}
        standing = self.family.standing(values)
        if standing is not None:
            center = center_of_gravity(shares, grid.centers())
            goals["tipping"] = 90 - tipping_angle(mass, center, standing)
        return goals


def _is_whole(shares: NDArray[np.float64], anchors: list[NDArray[np.bool_]]) -> bool:
    """Whether one piece joins every anchor and there is no other."""
    filled = shares >= FILLED
    piece = main_piece(filled, anchors) if filled.any() else None
    return piece is not None and bool((piece == filled).all())
