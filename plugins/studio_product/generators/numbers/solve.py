"""Linear elasticity of a finished shape: what its numbers are read from."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from studio_product.core.grid import Grid
from studio_product.core.studies.domain import Domain, specific_weight
from studio_product.core.studies.study import Study
from studio_product.generators.numbers.fields import FILLED, nodes_of, onto_material
from studio_product.generators.numbers.stress import von_mises
from studio_product.generators.simp.selfweight import weight_loads
from studio_product.generators.solver.elasticity import Elasticity

VOID = 1e-6
"""Relative stiffness of what is empty: too soft to carry, stiff enough that crumbs beside the part cannot fly
off and make the equations singular."""
_TOLERANCE = 1e-5
"""Of the equations' residuals, relative to the loads: far less than what any grid is off by."""


@dataclass(frozen=True)
class Solved:
    """A shape under its load cases, on one grid."""

    grid: Grid
    shares: NDArray[np.float64]
    """(*cells): how much of each cell is material, 0 to 1."""
    compliances: NDArray[np.float64]
    """(cases,), N*mm: forces times displacements."""
    displacements: NDArray[np.float64]
    """(cases, *nodes, d), mm."""
    stresses: NDArray[np.float64]
    """(cases, *cells), MPa: von Mises stress of the material at the cell's center, 0 where there is none."""

    @property
    def filled(self) -> NDArray[np.bool_]:
        """(*cells): what counts as material."""
        return self.shares >= FILLED


def elasticity_of(study: Study, domain: Domain, device: str) -> Elasticity:
    """The study's equations on a domain's grid."""
    material = study.material
    return Elasticity(
        domain.grid,
        material.poissons_ratio,
        domain.fixed,
        device=device,
        youngs_modulus=material.youngs_modulus,
    )


def solve_shape(
    shares: NDArray[np.float64],
    study: Study,
    domain: Domain,
    device: str,
    elasticity: Elasticity | None = None,
) -> Solved:
    """Solve with each cell as stiff as its share of material, which lets the true surface pass between nodes.

    Args:
        elasticity: of this study, domain and device, where there is one already: it holds much memory.

    Raises:
        StudioError: The shape cannot be held, or the solver does not converge.
    """
    grid, elasticity = domain.grid, elasticity or elasticity_of(study, domain, device)
    filled = shares >= FILLED
    stiffness = torch.as_tensor(VOID + (1 - VOID) * shares, device=device)
    forces = onto_material(domain.loads, nodes_of(filled), grid)
    weight = torch.as_tensor(
        domain.gravity * specific_weight(study.material) * grid.cell_volume, device=device
    )
    loads = torch.as_tensor(forces, device=device) + weight_loads(
        torch.as_tensor(shares, device=device), weight
    )
    displacements = elasticity.solve(stiffness, loads, tolerance=_TOLERANCE).displacements
    compliances = (loads * displacements).flatten(1).sum(1)
    stresses = von_mises(elasticity.stress(displacements).cpu().numpy())
    return Solved(
        grid,
        shares,
        compliances.cpu().numpy(),
        displacements.cpu().numpy(),
        np.where(filled, stresses, 0.0),
    )
