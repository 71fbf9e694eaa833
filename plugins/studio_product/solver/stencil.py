"""The stiffness of a coarse level, applied as one matrix per pair of neighboring nodes."""

from __future__ import annotations

import math

import torch
from torch import Tensor

from studio_product.solver.lattice import Lattice

_AT_ONCE = 2**20
"""Products that are formed before they are added up; more would leave the processor's cache."""


class StencilProduct:
    """Subtracts K x from y; both keep their memory over the life of the operator."""

    def __init__(self, stencil: Tensor, lattice: Lattice, x: Tensor, y: Tensor) -> None:
        """
        Args:
            stencil: (dimensions, 3, 3[, 3], dimensions, count) of `CoarseStiffness`.
            x: (cases, dimensions, count), made by `Lattice.with_halo`.
            y: (cases, dimensions, count)
        """
        cases, dimensions, count = y.shape
        around = lattice.around(x).unsqueeze(1)
        self._y = y
        self._small = math.prod(around.shape) * dimensions <= _AT_ONCE
        if self._small:
            self._around, self._stencil = around, stencil
            self._products = y.new_empty(cases, *stencil.shape)
            self._rows = self._products.view(cases, dimensions, -1, count)
            self._sums = torch.empty_like(y)
        else:
            terms = stencil.view(dimensions, -1, count).unbind(1)
            self._terms = list(zip(terms, _unbind(around), strict=True))

    def accumulate(self) -> None:
        if self._small:
            torch.mul(self._around, self._stencil, out=self._products)
            torch.sum(self._rows, 2, out=self._sums)
            self._y.sub_(self._sums)
            return
        for term, column in self._terms:
            self._y.addcmul_(term, column, value=-1)


def _unbind(around: Tensor) -> list[Tensor]:
    """Views (cases, 1, count) per neighbor and column, in the stencil's order; reshape would copy them."""
    views = [around]
    while views[0].ndim > 3:
        views = [part for view in views for part in view.unbind(2)]
    return views
