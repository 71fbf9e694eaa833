"""The stiffness of a coarse level: exactly P^T K P, for any stiffness of the cells and any supports.

The stiffness of a coarse cell is linear in the relative stiffness of the finest cells in it, its children:
the sum of e_i P_i^T K0 P_i. These bases are the same for all coarse cells, so one product of matrices gives
all. A child with a fixed degree of freedom has a basis of its own, P_i^T M K0 M P_i, where M drops what is
fixed. Without it a support smaller than a coarse cell would be lost, and the cycle with it.

That Galerkin products pay in topology optimization: Amir, Aage, Lazarov, On multigrid-CG for efficient
topology optimization, Struct. Multidisc. Optim. 49 (2014).
"""

from __future__ import annotations

from itertools import product

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from studio_product.generators.solver.element import Matrix, corners_of
from studio_product.generators.solver.lattice import Lattice


class FixedCells:
    """The finest cells with fixed degrees of freedom, and which of the element's are fixed in each."""

    def __init__(self, fixed: NDArray[np.bool_]) -> None:
        """`fixed`: (*nodes, dimensions)."""
        cells = [count - 1 for count in fixed.shape[:-1]]
        corners = [
            fixed[tuple(slice(o, o + n) for o, n in zip(corner, cells, strict=True))]
            for corner in corners_of(len(cells))
        ]
        patterns = np.concatenate(corners, axis=-1)
        self.untouched: NDArray[np.bool_] = np.logical_not(patterns.any(axis=-1))
        """(*cells)"""
        # Where all is fixed, nothing is left on any level.
        self.places = np.argwhere(~self.untouched & ~patterns.all(axis=-1))
        """(fixed cells, dimensions)"""
        self.patterns = patterns[tuple(self.places.T)]
        """(fixed cells, n)"""


class CoarseStiffness:
    """K of one level."""

    def __init__(self, matrix: Matrix, fixed: FixedCells, halvings: tuple[int, ...], *, like: Tensor) -> None:
        """
        Args:
            matrix: (n, n), K0 of a finest cell.
            fixed: of the finest level.
            halvings: along each axis, how often pairs of cells were joined.
            like: has the dtype and the device of the stencil.
        """
        self._factors = tuple(2**h for h in halvings)
        cells = [-(-n // f) for n, f in zip(fixed.untouched.shape, self._factors, strict=True)]
        self.lattice = Lattice(tuple(n + 1 for n in cells))
        interpolations = [_interpolation(child, self._factors) for child in np.ndindex(*self._factors)]
        bases = np.stack([p.T @ matrix @ p for p in interpolations])
        rows_per_corner = bases.reshape(len(bases), 2 ** len(cells), -1).transpose(1, 2, 0)
        self._bases = _tensor(rows_per_corner, like)
        """(corners, dimensions x n, children)"""
        self._fixed = _FixedChildren(matrix, fixed, interpolations, self._factors, self.lattice, like)
        dimensions = self.lattice.dimensions
        self.stencil = like.new_zeros(dimensions, *(3,) * dimensions, dimensions, self.lattice.count)
        """(force component, neighbor at -1, 0, 1 along each axis, its displacement component, node)"""

    def update(self, untouched: Tensor, stiffness: Tensor) -> None:
        """
        Args:
            untouched: (*cells), relative stiffness of the finest cells, and 0 in those with anything fixed.
            stiffness: (*cells), of all finest cells.
        """
        lattice, dimensions = self.lattice, self.lattice.dimensions
        children = self._children(untouched)[:, : lattice.cells]
        fixed = self._fixed.matrices(stiffness)
        self.stencil.zero_()
        for corner, offset, basis, rows in zip(
            corners_of(dimensions), lattice.corners, self._bases, fixed, strict=True
        ):
            # The neighbors that share a cell whose `corner` is the node.
            shared = self.stencil[(slice(None), *(slice(1 - o, 3 - o) for o in corner))]
            entries = torch.mm(basis, children).view(*shared.shape[:-1], lattice.cells)
            shared[..., offset : offset + lattice.cells] += entries
            shared.index_add_(-1, self._fixed.cells + offset, rows.view(*shared.shape[:-1], -1))

    def row_sums(self) -> Tensor:
        """Of the absolute values: (dimensions, count)."""
        return torch.stack([row.flatten(0, -2).abs().sum(0) for row in self.stencil])

    def _children(self, values: Tensor) -> Tensor:
        """(*finest cells) as (children, count), by number of the coarse cell."""
        padding: list[int] = []
        split: list[int] = []
        for nodes, factor, finest in zip(self.lattice.nodes, self._factors, values.shape, strict=True):
            padding = [0, nodes * factor - finest, *padding]
            split += [nodes, factor]
        axes = range(len(self._factors))
        order = [2 * axis + 1 for axis in axes] + [2 * axis for axis in axes]
        blocks = torch.nn.functional.pad(values.to(self.stencil.dtype), padding).view(split)
        return blocks.permute(order).reshape(-1, self.lattice.count)


class _FixedChildren:
    """Adds up the stiffness of the finest cells with fixed degrees of freedom, per coarse cell."""

    def __init__(
        self,
        matrix: Matrix,
        fixed: FixedCells,
        interpolations: list[Matrix],
        factors: tuple[int, ...],
        lattice: Lattice,
        like: Tensor,
    ) -> None:
        parents = np.ravel_multi_index(tuple((fixed.places // factors).T), lattice.nodes)
        children = np.ravel_multi_index(tuple((fixed.places % factors).T), factors)
        order = np.argsort(parents, kind="stable")
        # Few pairs of child and pattern differ: a flat support has the same ones all over.
        pairs, kinds = np.unique(
            np.column_stack([children, fixed.patterns])[order], axis=0, return_inverse=True
        )
        bases = np.zeros((len(pairs), matrix.size))
        for basis, (child, *pattern) in zip(bases, pairs, strict=True):
            kept = interpolations[child] * ~np.array(pattern, dtype=bool)[:, None]
            basis[:] = (kept.T @ matrix @ kept).ravel()
        cells, starts = np.unique(parents[order], return_index=True)
        self.cells = _tensor(cells, like)
        """The numbers of the coarse cells with any."""
        self._corners = len(lattice.corners)
        self._places = tuple(_tensor(axis, like) for axis in fixed.places[order].T)
        self._kinds, self._starts = _tensor(kinds.ravel(), like), _tensor(starts, like)
        self._bases = _tensor(bases, like)

    def matrices(self, stiffness: Tensor) -> Tensor:
        """(corners, dimensions x n, cells), from the relative stiffness (*finest cells)."""
        rows = torch.nn.functional.embedding_bag(
            self._kinds,
            self._bases,
            self._starts,
            mode="sum",
            per_sample_weights=stiffness[self._places].to(self._bases.dtype),
        )
        return rows.view(len(self.cells), self._corners, rows.shape[1] // self._corners).permute(1, 2, 0)


def _interpolation(child: tuple[int, ...], factors: tuple[int, ...]) -> Matrix:
    """(n, n): values at a child's corners from those at the coarse cell's, linear between."""
    corners = corners_of(len(factors))
    weights: Matrix = np.ones((len(corners), len(corners)))
    for (row, fine), (column, coarse) in product(enumerate(corners), enumerate(corners)):
        for axis, factor in enumerate(factors):
            t = (child[axis] + fine[axis]) / factor
            weights[row, column] *= t if coarse[axis] else 1 - t
    identity = np.eye(len(factors))
    matrix: Matrix = np.einsum("rc,ij->ricj", weights, identity).reshape(
        2 * [weights.shape[0] * len(factors)]
    )
    return matrix


def _tensor(array: NDArray[np.generic], like: Tensor) -> Tensor:
    """On the device of `like`; numbers that are not whole with its dtype too."""
    tensor = torch.from_numpy(np.ascontiguousarray(array)).to(like.device)
    return tensor.to(like.dtype) if tensor.is_floating_point() else tensor
