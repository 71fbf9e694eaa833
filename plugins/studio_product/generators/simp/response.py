"""What a density does: compliances and how they change with it."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from studio_product.generators.problem import Problem
from studio_product.generators.simp.interpolation import Interpolation
from studio_product.generators.simp.selfweight import weight_loads, weight_work

TOLERANCE = 1e-5
"""Of the equations' residuals, relative to the loads."""


@dataclass(frozen=True)
class Response:
    compliances: Tensor
    """(cases,), N*mm: u . f = u . K u."""
    gradient: Tensor
    """(*cells), of their weighted sum with respect to the density; 0 in voids."""
    displacements: Tensor
    """(cases, *nodes, d), mm."""


def respond(
    problem: Problem, density: Tensor, start: Tensor | None = None, *, tolerance: float = TOLERANCE
) -> Response:
    """Solve K(density) u = f(density) for all cases.

    With K u = f the gradient of c = u . f is 2 u . df/drho - u . dK/drho u (Bruyneel and Duysinx 2005,
    equation 10): the first term is there only under self-weight.

    Args:
        density: (*cells), physical.
        start: (cases, *nodes, d), displacements to start from.
    """
    law = Interpolation(problem.method.penalty, problem.method.void_stiffness, problem.has_weight)
    nothing = torch.zeros_like(density)
    stiffness = law.stiffness(density).where(problem.allowed, nothing)
    loads = problem.loads
    if problem.has_weight:
        loads = loads + weight_loads(density, problem.gravity)
    displacements = problem.elasticity.solve(stiffness, loads, start=start, tolerance=tolerance).displacements
    energies = problem.elasticity.energies(displacements)
    gradient = torch.tensordot(problem.weights, energies, 1).mul_(law.slope(density)).neg_()
    if problem.has_weight:
        work = weight_work(displacements, problem.gravity)
        gradient += 2 * torch.tensordot(problem.weights, work, 1)
    return Response(
        compliances=(energies * stiffness).flatten(1).sum(1),
        gradient=gradient.where(problem.allowed, nothing),
        displacements=displacements,
    )
