"""Displacements of a loaded part on a grid of cells."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from studio.api import BadInput, Grid, StudioError, tr
from studio_product.solver.element import make_element
from studio_product.solver.lattice import Lattice
from studio_product.solver.multigrid import Multigrid
from studio_product.solver.operator import ElementByElement, map_cells

_LIMIT = 1000


class Unsupported(BadInput):
    pass


class NotConverged(StudioError):
    code = "not-converged"


@dataclass(frozen=True)
class Solution:
    displacements: Tensor
    """(cases, *nodes, dimensions), mm."""
    iterations: int
    residual: float
    """The largest of the cases' relative residuals |f - K u| / |f|."""


class Elasticity:
    def __init__(
        self,
        grid: Grid,
        poisson: float,
        fixed: NDArray[np.bool_],
        *,
        device: str = "cpu",
        youngs_modulus: float = 1.0,
    ) -> None:
        self.grid = grid
        self._element = make_element(grid.spacing, grid.thickness, poisson)
        self._lattice = Lattice(grid.nodes)
        self._device = device
        self._modulus = youngs_modulus
        self._fixed = fixed
        free = torch.from_numpy(~fixed).to(device)
        self._free = free.movedim(-1, 0).reshape(grid.dimensions, -1).double()
        self._cases = 0

    def _allocate(self, cases: int) -> None:
        self._cases = cases
        lattice = self._lattice
        like = torch.zeros(0, dtype=torch.float64, device=self._device)
        fields = like.new_zeros(4, cases, lattice.dimensions, lattice.count)
        self._r, self._p, self._q, self._z = fields.unbind()
        matrix = torch.from_numpy(self._element.stiffness).to(self._device)
        self._operator = ElementByElement(matrix, lattice, self._p, self._q)
        self._multigrid = Multigrid(self._element, lattice, self._fixed, cases, self._device)

    def solve(
        self, stiffness: Tensor, loads: Tensor, *, start: Tensor | None = None, tolerance: float = 1e-6
    ) -> Solution:
        cases = len(loads)
        if cases != self._cases:
            self._allocate(cases)
        flat = self._lattice.flat(stiffness)
        self._operator.scale.copy_(flat)
        around = torch.zeros_like(flat)
        for c in self._lattice.corners:
            around[c : c + self._lattice.cells] += flat[: self._lattice.cells]
        d = self.grid.dimensions
        entries = torch.from_numpy(np.diag(self._element.stiffness)[:d].copy()).to(self._device)
        diagonal = entries[:, None] * around
        mask = self._free * (diagonal > 0)
        inverse = torch.where(mask > 0, 1 / diagonal, 0)
        self._multigrid.update(stiffness, inverse)
        f = self._field(loads) / self._modulus * mask
        norms = _norm(f)
        r, p, q, z = self._r, self._p, self._q, self._z
        x = torch.zeros_like(f)
        r.copy_(f)
        if start is not None:
            torch.mul(self._field(start), mask, out=p)
            self._apply(mask)
            energy = _dot(p, q)
            s = torch.where(energy > 0, _dot(p, f) / energy, 0)[:, None, None]
            x.addcmul_(p, s)
            r.addcmul_(q, s, value=-1)
        p.zero_()
        pq = torch.ones(cases, dtype=torch.float64, device=self._device)
        iterations = 0
        q.zero_()
        while True:
            left = (_norm(r) / torch.where(norms > 0, norms, 1)).max().item()
            if left <= tolerance:
                break
            if not math.isfinite(left) or iterations == _LIMIT:
                raise NotConverged(
                    tr(
                        "The displacements could not be computed: after {n} steps the forces are still out of balance by {part}.",
                        n=iterations,
                        part=f"{left:.1e}",
                    ),
                    tr("Check that every load is carried to a support by solid material."),
                )
            iterations += 1
            self._multigrid.residual.copy_(r)
            self._multigrid.cycle()
            z.copy_(self._multigrid.solution)
            beta = torch.where(pq > 0, -_dot(z, q) / pq, 0)[:, None, None]
            p.mul_(beta).add_(z)
            self._apply(mask)
            pq = _dot(p, q)
            alpha = torch.where(pq > 0, _dot(p, r) / pq, 0)[:, None, None]
            rq = _dot(p * p, diagonal.expand_as(p).contiguous())
            if ((pq <= 1e-13 * rq) & (rq > 0) & (_norm(r) > tolerance * norms)).any().item():
                raise Unsupported(
                    tr(
                        "The part, or a piece of it, can still move freely: nothing holds it against its loads."
                    ),
                    tr("Add a support, or connect the loaded piece to the rest."),
                )
            x.addcmul_(p, alpha)
            r.addcmul_(q, alpha, value=-1)
        return Solution(x.view(cases, d, *self.grid.nodes).movedim(1, -1).contiguous(), iterations, left)

    def _apply(self, mask: Tensor) -> None:
        self._q.zero_()
        self._operator.accumulate()
        self._q.mul_(mask)

    def _field(self, values: Tensor) -> Tensor:
        return values.movedim(-1, 1).reshape(len(values), self.grid.dimensions, -1).contiguous()

    def energies(self, displacements: Tensor) -> Tensor:
        """(cases, *cells), N mm."""
        return self._cells(self._element.modes * math.sqrt(self._modulus), displacements, squared=True)[:, 0]

    def stress(self, displacements: Tensor) -> Tensor:
        matrix = self._element.elasticity @ self._element.strain * self._modulus
        return self._cells(matrix, displacements).movedim(1, -1)

    def _cells(self, matrix: NDArray[np.float64], displacements: Tensor, *, squared: bool = False) -> Tensor:
        field = self._field(displacements)
        rows = 1 if squared else len(matrix)
        out = field.new_zeros(len(field), rows, self._lattice.count)
        map_cells(torch.from_numpy(matrix).to(field), self._lattice, field, out, squared=squared)
        inside = (slice(0, n) for n in self.grid.cells)
        return out.view(len(field), rows, *self.grid.nodes)[(slice(None), slice(None), *inside)]


def _dot(a: Tensor, b: Tensor) -> Tensor:
    return torch.stack([torch.dot(u, v) for u, v in zip(a.flatten(1), b.flatten(1), strict=True)])


def _norm(a: Tensor) -> Tensor:
    return _dot(a, a).sqrt()
