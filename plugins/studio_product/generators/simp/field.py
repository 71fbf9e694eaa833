"""From design variables to physical densities, and gradients back.

In this order: symmetry and extrusion, density filter, the same symmetries again (the filter breaks them at
the ends of an extrusion, and in the last bit), Heaviside projection, overhang filter, symmetries. Steps that
a problem does not ask for are left out.
"""

from __future__ import annotations

import torch
from torch import Tensor

from studio_product.generators.problem import Problem
from studio_product.generators.simp.filters import ConeSum, DensityFilter, SensitivityFilter
from studio_product.generators.simp.overhang import OverhangFilter
from studio_product.generators.simp.projection import project, slope
from studio_product.generators.simp.symmetry import Symmetrizer

_LEAST_RADIUS = 1.5
"""Of the filter, in cells, where the study names neither it nor a minimum member."""


class DesignField:
    """Design variables x, in [0, 1] over the whole grid, of which only those of free cells can change."""

    def __init__(self, problem: Problem) -> None:
        self._free, self._solid = problem.free, problem.solid
        self._allowed = problem.allowed
        self._symmetrize = Symmetrizer(problem.making, problem.free)
        cone = ConeSum(problem.grid, filter_radius(problem), problem.free.device)
        self._density_filter: DensityFilter | None = None
        self._sensitivity_filter: SensitivityFilter | None = None
        if problem.method.filter == "density":
            self._density_filter = DensityFilter(cone, self._allowed)
        else:
            self._sensitivity_filter = SensitivityFilter(cone, self._solid.to(torch.float64))
        self._overhang = OverhangFilter(problem.making.build, problem.solid) if problem.making.build else None
        self.sharpness = 0.0
        """Of the projection; 0 is none."""
        self._filtered = torch.empty(0)

    def start(self, values: Tensor) -> Tensor:
        """(*cells) -> design variables: within bounds and symmetric, 1 in solid and 0 in void cells."""
        return self._masked(self._symmetrize(values.clamp(0, 1)))

    def density(self, x: Tensor) -> Tensor:
        """(*cells), physical. Remembered for `gradient`."""
        filtered = self._symmetrize(x)
        if self._density_filter:
            filtered = self._density_filter(filtered).clamp_(0, 1)
        self._filtered = self._symmetrize(self._masked(filtered))
        density = self._masked(project(self._filtered, self.sharpness))
        if self._overhang:
            density = self._masked(self._symmetrize(self._overhang(density)))
        return density

    def gradient(self, gradient: Tensor) -> Tensor:
        """Of a function of the last `density` -> of the same function of x; both (*cells)."""
        gradient = self._freed(gradient)
        if self._overhang:
            gradient = self._freed(self._overhang.adjoint(self._symmetrize(gradient)))
        gradient = self._symmetrize(gradient * slope(self._filtered, self.sharpness))
        if self._density_filter:
            gradient = self._freed(self._density_filter.adjoint(gradient))
        return self._symmetrize(gradient)

    def filtered_sensitivity(self, x: Tensor, gradient: Tensor) -> Tensor:
        """What the update works with in place of an objective's `gradient` with respect to x."""
        if self._sensitivity_filter is None:
            return gradient
        return self._symmetrize(self._freed(self._sensitivity_filter(x, gradient)))

    @property
    def is_linear(self) -> bool:
        """Whether `density` is affine in x."""
        return self.sharpness == 0 and self._overhang is None

    def _freed(self, gradient: Tensor) -> Tensor:
        return gradient.where(self._free, torch.zeros_like(gradient))

    def _masked(self, field: Tensor) -> Tensor:
        return field.where(self._free, self._solid.to(field.dtype))


def filter_radius(problem: Problem) -> float:
    """mm"""
    if problem.method.radius is not None:
        return problem.method.radius
    return max(problem.making.minimum_member, _LEAST_RADIUS * max(problem.grid.spacing))
