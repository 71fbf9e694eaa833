"""Fields over nodes in flat memory, where every neighbor of a node is a constant distance away.

A cell bears the number of its lowest corner. The nodes at the far ends of the axes then number cells that
do not exist. They have no stiffness, so they may be computed along with the others, and the values at the
corners of all cells are one strided view: no tables of indices, and no copies.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

import torch
from torch import Tensor

from studio_product.generators.solver.element import corners_of


@dataclass(frozen=True)
class Lattice:
    """The nodes of a grid in C order. A field over them is a tensor (cases, dimensions, count)."""

    nodes: tuple[int, ...]
    """Along each axis."""

    @property
    def dimensions(self) -> int:
        return len(self.nodes)

    @cached_property
    def count(self) -> int:
        return math.prod(self.nodes)

    @cached_property
    def strides(self) -> tuple[int, ...]:
        """The distance to the next node along each axis."""
        return tuple(math.prod(self.nodes[axis + 1 :]) for axis in range(self.dimensions))

    @cached_property
    def corners(self) -> list[int]:
        """The distances from a cell's lowest corner to all of its corners."""
        return [
            sum(offset * stride for offset, stride in zip(corner, self.strides, strict=True))
            for corner in corners_of(self.dimensions)
        ]

    @property
    def reach(self) -> int:
        """The distance from a cell's lowest corner to its highest one."""
        return self.corners[-1]

    @property
    def cells(self) -> int:
        """All cells that exist have lower numbers."""
        return self.count - self.reach

    def grid(self, field: Tensor) -> Tensor:
        """The same memory as (cases, dimensions, *nodes)."""
        return field.view(*field.shape[:-1], *self.nodes)

    def over_cells(self, values: Tensor) -> Tensor:
        """Values (*cells) by number (count,), and zero where there is no cell."""
        return torch.nn.functional.pad(values, (0, 1) * self.dimensions).view(-1)

    def at_corners(self, field: Tensor, start: int, stop: int) -> Tensor:
        """Of the cells from `start` to `stop`: a view (2, 2[, 2], dimensions, cases, cells)."""
        cases, dimensions, _ = field.shape
        return field.as_strided(
            (*(2,) * self.dimensions, dimensions, cases, stop - start),
            (*self.strides, field.stride(1), field.stride(0), 1),
            field.storage_offset() + start,
        )

    def sum_at_nodes(self, values: Tensor) -> Tensor:
        """Of the cells around each node; from (count,) to (count,)."""
        sums = torch.zeros_like(values)
        for corner in self.corners:
            sums[corner : corner + self.cells] += values[: self.cells]
        return sums

    def with_halo(self, cases: int, like: Tensor) -> Tensor:
        """A field of zeros in memory that goes on with zeros for `reach` on both sides, as `around` needs."""
        memory = like.new_zeros(cases, self.dimensions, self.count + 2 * self.reach)
        return memory[..., self.reach : self.reach + self.count]

    def around(self, field: Tensor) -> Tensor:
        """Each node's neighbors: a view (cases, 3, 3[, 3], dimensions, count) of a field with a halo.

        Beyond an end of the grid it shows the halo or nodes of another row: what multiplies them must be
        zero.
        """
        cases, dimensions, _ = field.shape
        return field.as_strided(
            (cases, *(3,) * self.dimensions, dimensions, self.count),
            (field.stride(0), *self.strides, field.stride(1), 1),
            field.storage_offset() - self.reach,
        )
