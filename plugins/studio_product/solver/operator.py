"""The stiffness of the whole grid, applied cell by cell and never assembled.

Hughes, Levit, Winget, An element-by-element solution algorithm for problems of structural and solid mechanics,
Comput. Methods Appl. Mech. Eng. 36 (1983): K x = sum over cells of G^T (e K0) G x, where G picks the values at
the corners. All cells have the same K0, so the middle is one product of matrices.
"""

from __future__ import annotations

import torch
from torch import Tensor

from studio_product.solver.lattice import Lattice

_BLOCK = 2**19
"""Values of a block of cells: its two buffers stay in the processor's cache."""


class ElementByElement:
    """Adds K(e) x to y; x and y are fields whose memory stays the same over the life of the operator."""

    def __init__(self, matrix: Tensor, lattice: Lattice, x: Tensor, y: Tensor) -> None:
        """`matrix`: (n, n), of a cell; minus the stiffness subtracts. x, y: (cases, dimensions, count)."""
        cases, dimensions, _ = x.shape
        size = len(matrix)
        self.scale = x.new_zeros(lattice.count)
        """(count,): relative stiffness e of each cell."""
        self._matrix = matrix
        block = min(lattice.cells, max(1, _BLOCK // (size * cases)))
        gathered, product = x.new_empty(2, size * cases * block).unbind()
        self._blocks = []
        for start in range(0, lattice.cells, block):
            stop = min(start + block, lattice.cells)
            values = size * cases * (stop - start)
            corners = lattice.at_corners(x, start, stop)
            forces = product[:values].view(-1, dimensions, cases, stop - start)
            targets = [y[..., start + c : stop + c].transpose(0, 1) for c in lattice.corners]
            self._blocks.append(
                (
                    corners,
                    self.scale[start:stop],
                    gathered[:values].view(corners.shape),
                    gathered[:values].view(size, -1),
                    product[:values].view(size, -1),
                    list(zip(targets, forces.unbind(), strict=True)),
                )
            )

    def accumulate(self) -> None:
        for corners, scale, gathered, columns, product, scatter in self._blocks:
            torch.mul(corners, scale, out=gathered)
            torch.mm(self._matrix, columns, out=product)
            for target, force in scatter:
                target.add_(force)


def map_cells(matrix: Tensor, lattice: Lattice, field: Tensor, out: Tensor, *, squared: bool = False) -> None:
    """Writes `matrix` times the corners' values of each cell to `out`, or the sum of the squares of that.

    Args:
        matrix: (m, n).
        field: (cases, dimensions, count).
        out: (cases, m, count); with `squared` (cases, 1, count).
    """
    cases, _, _ = field.shape
    block = max(1, _BLOCK // (matrix.shape[1] * cases))
    for start in range(0, lattice.cells, block):
        stop = min(start + block, lattice.cells)
        columns = lattice.at_corners(field, start, stop).reshape(matrix.shape[1], -1)
        values = torch.mm(matrix, columns)
        if squared:
            values = values.square_().sum(0, keepdim=True)
        out[..., start:stop] = values.view(-1, cases, stop - start).transpose(0, 1)
