"""The stiffness of the finest level, applied cell by cell and never assembled.

K x = sum over the cells of G^T (e K0) G x, where G picks the values at the corners of a cell. All cells
share K0, so the middle is one product of matrices for many cells at a time.

Source: Hughes, Levit, Winget, An element-by-element solution algorithm for problems of structural and solid
mechanics, Comput. Methods Appl. Mech. Eng. 36 (1983).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import torch
from torch import Tensor

from studio_product.generators.solver.lattice import Lattice

_BLOCK = 2**19
"""Values at the corners of a block of cells. Two such buffers stay in the processor's cache."""


@dataclass(frozen=True)
class _Block:
    """Views for a run of cells."""

    corners: Tensor
    scale: Tensor
    gathered: Tensor
    """The values at the corners times e, shaped like `corners`; `columns` is the same memory as a matrix."""
    columns: Tensor
    product: Tensor
    """Forces at the corners as a matrix."""
    scatter: list[tuple[Tensor, Tensor]]
    """Per corner: the part of y, and the forces to add to it; (dimensions, cases, cells)."""


class ElementByElement:
    """Adds K(e) x to y. Both are fields whose memory stays the same, so all views are made once."""

    def __init__(self, matrix: Tensor, lattice: Lattice, x: Tensor, y: Tensor) -> None:
        """
        Args:
            matrix: (n, n), K0 of a cell, or its negative to subtract K(e) x.
            x, y: (cases, dimensions, count), of the matrix's dtype.
        """
        cases, dimensions, _ = x.shape
        self.scale = x.new_zeros(lattice.count)
        """(count,), by number of the cell: the relative stiffness e."""
        self._matrix = matrix
        self._blocks = []
        rows = len(matrix)
        starts = range(0, lattice.cells, max(1, _BLOCK // (rows * cases)))
        buffers = x.new_empty(2, rows * cases * min(starts.step, lattice.cells)).unbind()
        for start in starts:
            stop = min(start + starts.step, lattice.cells)
            gathered, product = (buffer[: rows * cases * (stop - start)] for buffer in buffers)
            corners = lattice.at_corners(x, start, stop)
            forces = product.view(-1, dimensions, cases, stop - start)
            targets = [y[..., start + corner : stop + corner].transpose(0, 1) for corner in lattice.corners]
            self._blocks.append(
                _Block(
                    corners=corners,
                    scale=self.scale[start:stop],
                    gathered=gathered.view(corners.shape),
                    columns=gathered.view(rows, -1),
                    product=product.view(rows, -1),
                    scatter=list(zip(targets, forces.unbind(), strict=True)),
                )
            )

    def accumulate(self) -> None:
        for block in self._blocks:
            torch.mul(block.corners, block.scale, out=block.gathered)
            torch.mm(self._matrix, block.columns, out=block.product)
            for target, force in block.scatter:
                target.add_(force)


def map_cells(matrix: Tensor, lattice: Lattice, field: Tensor) -> Tensor:
    """`matrix` times the values at the corners of each cell.

    Args:
        matrix: (m, n)
        field: (cases, dimensions, count), contiguous.

    Returns:
        (cases, m, count), by number of the cell.
    """
    out = field.new_zeros(len(field), len(matrix), lattice.count)
    for start, stop, columns in _columns(lattice, field):
        out[..., start:stop] = torch.mm(matrix, columns).view(-1, len(field), stop - start).transpose(0, 1)
    return out


def sum_squares(matrix: Tensor, lattice: Lattice, field: Tensor) -> Tensor:
    """The sums of the squares over the rows of `map_cells`: (cases, count)."""
    out = field.new_zeros(len(field), lattice.count)
    for start, stop, columns in _columns(lattice, field):
        out[:, start:stop] = torch.mm(matrix, columns).square_().sum(0).view(-1, stop - start)
    return out


def _columns(lattice: Lattice, field: Tensor) -> Iterator[tuple[int, int, Tensor]]:
    """Runs of cells: the first, the one after the last, and their corners' values (n, cases x cells)."""
    cases, dimensions, _ = field.shape
    rows = dimensions * len(lattice.corners)
    step = max(1, _BLOCK // (rows * cases))
    for start in range(0, lattice.cells, step):
        stop = min(start + step, lattice.cells)
        yield start, stop, lattice.at_corners(field, start, stop).reshape(rows, -1)
