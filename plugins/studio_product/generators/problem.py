"""What is optimized, as tensors: built from a domain and its study."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import torch
from numpy.typing import NDArray
from torch import Tensor

from studio_product.core.grid import Grid
from studio_product.core.studies.domain import Domain, specific_weight, target_fraction
from studio_product.core.studies.study import Making, Material, Method, Study

if TYPE_CHECKING:
    from studio_product.generators.solver.elasticity import Elasticity


@dataclass(frozen=True)
class Problem:
    """Minimize the weighted sum of compliances with a given volume of material.

    All tensors are on one device. Cells that are neither `free` nor `solid` are true voids.
    """

    grid: Grid
    elasticity: Elasticity
    fixed: Tensor
    """(*nodes, d) bool: held in place; `elasticity` has them too."""
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
        BadInput: The target is more than the space can hold, or less than what must be kept.
    """
    from studio_product.generators.solver.elasticity import Elasticity

    grid, material = domain.grid, study.material
    full_cell = specific_weight(material) * grid.cell_volume

    def on_device(array: NDArray[Any]) -> Tensor:
        return torch.as_tensor(array, device=device)

    return Problem(
        grid=grid,
        elasticity=Elasticity(
            grid,
            material.poissons_ratio,
            domain.fixed,
            device=device,
            youngs_modulus=material.youngs_modulus,
        ),
        fixed=on_device(domain.fixed),
        free=on_device(domain.free),
        solid=on_device(domain.solid),
        loads=on_device(domain.loads),
        weights=on_device(domain.weights),
        gravity=on_device(domain.gravity * full_cell),
        volume_fraction=target_fraction(study, domain),
        material=material,
        making=study.making,
        method=study.method,
    )
