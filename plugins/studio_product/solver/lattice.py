"""Fields over nodes as flat memory, in which each neighbor of a node is a constant distance away.

A cell has the number of its lowest corner. Numbers of nodes at the far ends of the axes then name cells that
do not exist: they have no stiffness, so they may be computed along with the others, and every gather from nodes
to cells is one strided view without a copy of indices.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

import torch
from torch import Tensor

from studio_product.solver.element import corners_of


@dataclass(frozen=True)
class Lattice:
    """Nodes of a grid in C order. A field is a tensor (cases, dimensions, count)."""

    nodes: tuple[int, ...]

    @property
    def dimensions(self) -> int:
        return len(self.nodes)

    @cached_property
    def strides(self) -> tuple[int, ...]:
        return tuple(math.prod(self.nodes[axis + 1 :]) for axis in range(self.dimensions))

    @cached_property
    def count(self) -> int:
        return math.prod(self.nodes)

    @cached_property
    def reach(self) -> int:
        """From a cell's lowest corner to its highest one."""
        return sum(self.strides)

    @property
    def cells(self) -> int:
        """Numbers below this hold all cells that exist."""
        return self.count - self.reach

    @cached_property
    def corners(self) -> list[int]:
        """From a cell's lowest corner to each of its corners."""
        return [
            sum(offset * stride for offset, stride in zip(corner, self.strides, strict=True))
            for corner in corners_of(self.dimensions)
        ]

    def at_corners(self, field: Tensor, start: int, stop: int) -> Tensor:
        """The corners' values of the cells from `start` to `stop`: a view (2, 2[, 2], dimensions, cases, cells)."""
        cases, dimensions, _ = field.shape
        return field.as_strided(
            (2,) * self.dimensions + (dimensions, cases, stop - start),
            (*self.strides, field.stride(1), field.stride(0), 1),
            field.storage_offset() + start,
        )

    def around(self, field: Tensor) -> Tensor:
        """Each node's neighbors and itself: a view (cases, 3, 3[, 3], dimensions, count).

        The field must be one of `with_halo`. Neighbors beyond an edge of the grid are nodes of another row:
        nothing that is multiplied by them may differ from zero.
        """
        cases, dimensions, _ = field.shape
        return field.as_strided(
            (cases, *(3,) * self.dimensions, dimensions, self.count),
            (field.stride(0), *self.strides, field.stride(1), 1),
            field.storage_offset() - self.reach,
        )

    def with_halo(self, cases: int, like: Tensor) -> Tensor:
        """A field of zeros in memory that goes on, with zeros, for `reach` before and after."""
        buffer = like.new_zeros(cases, self.dimensions, self.count + 2 * self.reach)
        return buffer[..., self.reach : self.reach + self.count]

    def flat(self, values: Tensor) -> Tensor:
        """Values over cells (*cells) as (count,), zero where no cell is."""
        padded = torch.nn.functional.pad(values, (0, 1) * self.dimensions)
        return padded.reshape(-1)
