"""Stiffness of a coarse level, exactly P^T K P, as one matrix per pair of neighboring nodes.

The stiffness of a coarse cell is linear in the stiffness of the fine cells in it (its children), with the same
bases P_i^T K0 P_i for all coarse cells: one product of matrices gives all of them. A child with fixed degrees
of freedom has a basis of its own, P_i^T M K0 M P_i, where M drops what is fixed; without that, a support
smaller than a coarse cell would be lost or smeared (compare Amir, Aage, Lazarov, On multigrid-CG for efficient
topology optimization, Struct. Multidisc. Optim. 49 (2014), section 3, which assembles these products).
"""

from __future__ import annotations

from itertools import product

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from studio_product.solver.element import Matrix, corners_of
from studio_product.solver.lattice import Lattice


class FixedCells:
    """The fine cells with a fixed degree of freedom at a corner, and what is fixed there."""

    def __init__(self, fixed: NDArray[np.bool_]) -> None:
        """`fixed`: (*nodes, dimensions)."""
        dimensions = fixed.ndim - 1
        cells = tuple(count - 1 for count in fixed.shape[:-1])
        at_corners = [
            fixed[tuple(slice(o, o + n) for o, n in zip(corner, cells, strict=True))]
            for corner in corners_of(dimensions)
        ]
        patterns = np.concatenate(at_corners, axis=-1)
        self.touched: NDArray[np.bool_] = patterns.any(axis=-1)
        """(*cells)"""
        # Of a cell with everything fixed, nothing is left on any level.
        self.places = np.argwhere(self.touched & ~patterns.all(axis=-1))
        """(fixed cells, dimensions)"""
        self.patterns = patterns[tuple(self.places.T)]
        """(fixed cells, n): which degrees of freedom of the element are fixed."""


class CoarseStiffness:
    """K of one level, updated from the relative stiffness of the finest cells."""

    def __init__(self, matrix: Matrix, fixed: FixedCells, halvings: tuple[int, ...], *, like: Tensor) -> None:
        """
        Args:
            matrix: (n, n), stiffness of a finest cell.
            fixed: of the finest level.
            halvings: along each axis, how often the finest cells were joined in pairs.
            like: has the dtype and the device of the result.
        """
        cells = fixed.touched.shape
        self._factors = tuple(2**h for h in halvings)
        self.cells = tuple(-(-n // f) for n, f in zip(cells, self._factors, strict=True))
        self.lattice = Lattice(tuple(n + 1 for n in self.cells))
        dimensions = len(cells)
        free = np.zeros((1, len(matrix)), dtype=bool)
        interpolations = [_interpolation(child, self._factors) for child in np.ndindex(*self._factors)]
        bases = np.stack([_basis(matrix, p, free[0]) for p in interpolations])
        # (corner, its component x other corner x component, children): a product per corner keeps it small.
        corners = 2**dimensions
        self._bases = _to(bases.reshape(len(bases), corners, -1).transpose(1, 2, 0), like)
        self.stencil = like.new_zeros(dimensions, *(3,) * dimensions, dimensions, self.lattice.count)
        """(row component, neighbor -1 0 1 along each axis, column component, node)"""
        self.bound = max((_bound(b) for b in bases), default=1.0)
        self._place_fixed(matrix, fixed, interpolations, like)

    def _place_fixed(
        self, matrix: Matrix, fixed: FixedCells, interpolations: list[Matrix], like: Tensor
    ) -> None:
        """Bases of the fixed cells, each once, and the runs of fixed cells in the same coarse cell."""
        children = np.ravel_multi_index(tuple((fixed.places % self._factors).T), self._factors)
        parents = np.ravel_multi_index(tuple((fixed.places // self._factors).T), self.lattice.nodes)
        keys = np.column_stack([children, fixed.patterns])
        distinct, kinds = np.unique(keys, axis=0, return_inverse=True)
        order = np.argsort(parents, kind="stable")
        cells, starts = np.unique(parents[order], return_index=True)
        bases = np.array([_basis(matrix, interpolations[key[0]], key[1:].astype(bool)) for key in distinct])
        self.bound = max([self.bound, *(_bound(b) for b in bases)])
        device = like.device
        self._fixed_bases = _to(bases.reshape(len(bases), matrix.size), like)
        self._fixed_kinds = torch.from_numpy(kinds.reshape(-1)[order]).to(device)
        self._fixed_starts = torch.from_numpy(starts).to(device)
        self._fixed_cells = torch.from_numpy(cells).to(device)
        self._fixed_places = tuple(torch.from_numpy(axis[order]).to(device) for axis in fixed.places.T)

    def update(self, free: Tensor, stiffness: Tensor) -> None:
        """
        Args:
            free: (*cells), relative stiffness of the finest cells, and 0 in those of `FixedCells.touched`.
            stiffness: (*cells), of all of them.
        """
        self.stencil.zero_()
        children = self._children(free)
        dimensions = len(self.cells)
        reach = self.lattice.cells
        shape = (dimensions, *(2,) * dimensions, dimensions, reach)
        for corner, offset, bases in zip(
            corners_of(dimensions), self.lattice.corners, self._bases, strict=True
        ):
            box = self._seen_from(corner)[..., offset : offset + reach]
            box.add_(torch.mm(bases, children[:, :reach]).view(shape))
        if len(self._fixed_cells):
            self._add_fixed(stiffness)

    def _add_fixed(self, stiffness: Tensor) -> None:
        dimensions = len(self.cells)
        matrices = torch.nn.functional.embedding_bag(
            self._fixed_kinds,
            self._fixed_bases,
            self._fixed_starts,
            mode="sum",
            per_sample_weights=stiffness[self._fixed_places].to(self.stencil.dtype),
        )
        corners = corners_of(dimensions)
        rows = matrices.T.reshape(len(corners), dimensions, *(2,) * dimensions, dimensions, -1)
        for corner, offset, row in zip(corners, self.lattice.corners, rows, strict=True):
            self._seen_from(corner).index_add_(-1, self._fixed_cells + offset, row)

    def _seen_from(self, corner: tuple[int, ...]) -> Tensor:
        """The neighbors that share a cell whose `corner` the node is."""
        return self.stencil[(slice(None), *(slice(1 - o, 3 - o) for o in corner))]

    def _children(self, values: Tensor) -> Tensor:
        """(*finest cells) as (children, coarse cells), the cells numbered like nodes."""
        nodes, factors = self.lattice.nodes, self._factors
        padding: list[int] = []
        for n, f, have in zip(nodes, factors, values.shape, strict=True):
            padding = [0, n * f - have, *padding]
        split = torch.nn.functional.pad(values, padding).view(
            [size for pair in zip(nodes, factors, strict=True) for size in pair]
        )
        axes = len(nodes)
        order = [2 * a + 1 for a in range(axes)] + [2 * a for a in range(axes)]
        return split.permute(order).reshape(-1, self.lattice.count).to(self.stencil.dtype)

    def diagonal(self) -> Tensor:
        """(dimensions, count): a copy."""
        center = self.stencil[(slice(None), *(1,) * len(self.cells))]
        return torch.stack([center[i, i] for i in range(len(self.cells))])


def _interpolation(child: tuple[int, ...], factors: tuple[int, ...]) -> Matrix:
    """(n, n): the values at a child's corners from those at the corners of the coarse cell, linear between."""
    dimensions = len(factors)
    corners = corners_of(dimensions)
    weights = np.ones((len(corners), len(corners)))
    for (row, fine), (column, coarse) in product(enumerate(corners), enumerate(corners)):
        for axis in range(dimensions):
            t = (child[axis] + fine[axis]) / factors[axis]
            weights[row, column] *= t if coarse[axis] else 1 - t
    return np.kron(weights, np.eye(dimensions))


def _basis(matrix: Matrix, interpolation: Matrix, fixed: NDArray[np.bool_]) -> Matrix:
    kept = interpolation * ~fixed[:, None]
    basis: Matrix = kept.T @ matrix @ kept
    return basis


def _bound(basis: Matrix) -> float:
    diagonal = np.diag(basis)
    kept = diagonal > 1e-12 * diagonal.max()
    scale = 1 / np.sqrt(diagonal[kept])
    return float(np.linalg.eigvalsh(scale[:, None] * basis[np.ix_(kept, kept)] * scale).max())


def _to(array: NDArray[np.float64], like: Tensor) -> Tensor:
    return torch.from_numpy(np.ascontiguousarray(array)).to(like)
