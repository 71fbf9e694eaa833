"""What a crisp design does under its loads."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from studio_product.generators.numbers.fields import FILLED, nodes_of, onto_material
from studio_product.generators.numbers.solve import VOID
from studio_product.generators.problem import Problem
from studio_product.generators.simp.selfweight import weight_loads


@dataclass(frozen=True)
class Judged:
    """Weighted over the cases as the study says."""

    compliance: float
    """N*mm."""
    energies: NDArray[np.float64]
    """(*cells), N*mm: twice the strain energy. They add up to the compliance."""


def judge(problem: Problem, shares: NDArray[np.float64]) -> Judged:
    """Solve with each cell as stiff as its share of material, (*cells), as `solve_shape` does. What lies
    loose may stay."""
    device = problem.free.device
    filled = torch.as_tensor(shares, device=device)
    stiffness = torch.where(problem.allowed, VOID + (1 - VOID) * filled, 0.0)
    forces = onto_material(problem.loads.cpu().numpy(), nodes_of(shares >= FILLED), problem.grid)
    loads = torch.as_tensor(forces, device=device) + weight_loads(filled, problem.gravity)
    displacements = problem.elasticity.solve(stiffness, loads).displacements
    energies = torch.tensordot(problem.weights, problem.elasticity.energies(displacements), 1) * stiffness
    return Judged(float(energies.sum()), np.asarray(energies.cpu().numpy()))
