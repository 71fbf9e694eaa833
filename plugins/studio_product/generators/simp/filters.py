"""Filters against checkerboards and mesh dependence: each cell takes a weighted mean of those around it.

The weights are a cone, w(d) = max(0, R - d) for two cells whose centers are d apart.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor

from studio_product.core.grid import Grid

_LEAST_DENSITY = 1e-3
"""What sensitivities are divided by at least (Andreassen et al. 2011, equation 12)."""


class ConeSum:
    """Sums with the cone's weights over all cells of a grid, by fast Fourier transform.

    Beyond the grid there is nothing. The sum is its own adjoint, as the weights are symmetric.
    """

    def __init__(self, grid: Grid, radius: float, device: torch.device) -> None:
        """`radius`: R in mm."""
        from scipy.fft import next_fast_len

        sides = list(zip(grid.cells, grid.spacing, strict=True))
        reach = [min(n - 1, max(0, math.ceil(radius / h) - 1)) for n, h in sides]
        self._shape = [next_fast_len(n + r, real=True) for n, r in zip(grid.cells, reach, strict=True)]
        self._cells = tuple(slice(0, n) for n in grid.cells)
        axes = [
            h * torch.arange(-r, r + 1, dtype=torch.float64) for (_, h), r in zip(sides, reach, strict=True)
        ]
        distance = torch.stack(torch.meshgrid(*axes, indexing="ij")).square().sum(0).sqrt()
        kernel = torch.zeros(self._shape, dtype=torch.float64)
        kernel[tuple(slice(0, 2 * r + 1) for r in reach)] = (radius - distance).clamp_min(0)
        kernel = kernel.roll([-r for r in reach], dims=list(range(grid.dimensions)))
        # The transform of an even kernel is real.
        self._spectrum = torch.fft.rfftn(kernel).real.to(device)

    def __call__(self, field: Tensor) -> Tensor:
        """(*cells) -> (*cells)"""
        spectrum = torch.fft.rfftn(field, s=self._shape).mul_(self._spectrum)
        return torch.fft.irfftn(spectrum, s=self._shape)[self._cells]


class DensityFilter:
    """Weighted mean of the densities in a domain; the rest of the grid does not count.

    Bruns and Tortorelli 2001; Bourdin 2001.
    """

    def __init__(self, cone: ConeSum, domain: Tensor) -> None:
        """`domain`: (*cells) bool."""
        self._cone = cone
        self._domain = domain.to(torch.float64)
        self._scale = self._domain / cone(self._domain).where(domain, torch.ones_like(self._domain))

    def __call__(self, x: Tensor) -> Tensor:
        """(*cells) -> (*cells), 0 outside of the domain."""
        return self._cone(x * self._domain).mul_(self._scale)

    def adjoint(self, gradient: Tensor) -> Tensor:
        """Of a function of the filtered densities -> of the same function of the unfiltered."""
        return self._cone(gradient * self._scale).mul_(self._domain)


class SensitivityFilter:
    """Weighted mean of the sensitivities, in place of the exact gradient (Sigmund 1997; 2001, equation 5)."""

    def __init__(self, cone: ConeSum, like: Tensor) -> None:
        self._cone = cone
        self._weights = cone(torch.ones_like(like))

    def __call__(self, x: Tensor, gradient: Tensor) -> Tensor:
        """sum_j w_ij x_j g_j / (max(x_i, 1e-3) sum_j w_ij), over all cells of the grid."""
        return self._cone(x * gradient) / (self._weights * x.clamp_min(_LEAST_DENSITY))
