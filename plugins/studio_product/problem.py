"""What is optimized, as tensors: built from a domain and its study."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch
from torch import Tensor

from studio.api import BadInput, Domain, Grid, Making, Material, Method, Study, tr

if TYPE_CHECKING:
    from studio_product.solver.elasticity import Elasticity

STANDARD_GRAVITY = 9.80665
"""m/s^2 (CGPM 1901)."""


@dataclass(frozen=True)
class Problem:
    """Minimize the weighted sum of compliances with a given volume of material.

    All tensors are on one device. Cells that are neither `free` nor `solid` are true voids.
    """

    grid: Grid
    elasticity: Elasticity
    free: Tensor
    """(*cells) bool: may be filled."""
    solid: Tensor
    """(*cells) bool: always full."""
    loads: Tensor
    """(cases, *nodes, d) float64, N; without self-weight."""
    weights: Tensor
    """(cases,) float64, of each case's compliance in the objective."""
    gravity: Tensor
    """(cases, d) float64, N: the weight of one full cell in each case."""
    volume_fraction: float
    """Of the free and solid cells together, 0 to 1."""
    material: Material
    making: Making
    method: Method

    @property
    def allowed(self) -> Tensor:
        """(*cells) bool: free or solid."""
        return self.free | self.solid

    @property
    def volume(self) -> float:
        """How many full cells the target is worth."""
        return self.volume_fraction * int(self.allowed.sum())

    @property
    def has_weight(self) -> bool:
        """Whether any case has gravity."""
        return bool(self.gravity.any())


def problem_of(domain: Domain, study: Study, *, device: str = "cpu") -> Problem:
    """The study's problem on the domain's grid.

    Raises:
        BadInput: the target is more than the space can hold, or less than what must be kept.
    """
    from studio_product.solver.elasticity import Elasticity

    grid, material = domain.grid, study.material
    return Problem(
        grid=grid,
        elasticity=Elasticity(
            grid,
            material.poissons_ratio,
            domain.fixed,
            device=device,
            youngs_modulus=material.youngs_modulus,
        ),
        free=torch.as_tensor(domain.free, device=device),
        solid=torch.as_tensor(domain.solid, device=device),
        loads=torch.as_tensor(domain.loads, dtype=torch.float64, device=device),
        weights=torch.tensor([case.weight for case in study.cases], dtype=torch.float64, device=device),
        gravity=_cell_weights(study, grid).to(device),
        volume_fraction=_volume_fraction(domain, study),
        material=material,
        making=study.making,
        method=study.method,
    )


def cell_mass(grid: Grid, material: Material) -> float:
    """g, of a full cell (1 cm^3 is 1000 mm^3)."""
    return material.density * grid.cell_volume * 1e-3


def _cell_weights(study: Study, grid: Grid) -> Tensor:
    """(cases, d), N."""
    newtons = cell_mass(grid, study.material) * 1e-3 * STANDARD_GRAVITY
    rows = [[newtons * g for g in case.gravity[: grid.dimensions]] for case in study.cases]
    return torch.tensor(rows, dtype=torch.float64)


def _volume_fraction(domain: Domain, study: Study) -> float:
    """The target as a fraction of the cells that may be or must be filled."""
    solid = int(domain.solid.sum())
    allowed = solid + int(domain.free.sum())
    full = cell_mass(domain.grid, study.material)
    if study.target.mass is not None:
        fraction = study.target.mass / (full * allowed)
        if fraction > 1:
            raise BadInput(
                tr(
                    "The target of {mass} g cannot be reached: the whole space weighs {full} g.",
                    mass=f"{study.target.mass:.4g}",
                    full=f"{full * allowed:.4g}",
                ),
                tr("Choose a smaller mass, a larger space or a denser material."),
            )
    else:
        assert study.target.volume is not None  # a study has exactly one of the two
        fraction = study.target.volume
    if fraction * allowed <= solid and domain.free.any():
        raise BadInput(
            tr(
                "The target of {mass} g leaves nothing to design: what must be kept weighs {kept} g.",
                mass=f"{fraction * full * allowed:.4g}",
                kept=f"{full * solid:.4g}",
            ),
            tr("Raise the target, or make the regions that are kept smaller."),
        )
    return fraction
