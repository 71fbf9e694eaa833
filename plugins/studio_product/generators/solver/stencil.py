"""The stiffness of a coarse level, applied as one small matrix per pair of neighboring nodes."""

from __future__ import annotations

import torch
from torch import Tensor

from studio_product.generators.solver.lattice import Lattice

_AT_ONCE = 2**20
"""Products that are formed before they are summed. More would leave the processor's cache."""


class StencilProduct:
    """Subtracts K x from y; both are fields whose memory stays the same."""

    def __init__(self, stencil: Tensor, lattice: Lattice, x: Tensor, y: Tensor) -> None:
        """
        Args:
            stencil: (dimensions, 3, 3[, 3], dimensions, count), as in `CoarseStiffness`.
            x: (cases, dimensions, count) with a halo.
            y: (cases, dimensions, count)
        """
        self._y = y
        columns = lattice.around(x).unsqueeze(1)
        if stencil.numel() * len(y) <= _AT_ONCE:
            products = y.new_empty(len(y), *stencil.shape)
            self._at_once = (columns, stencil, products, products.flatten(2, -2), torch.empty_like(y))
            self.subtract = self._subtract_at_once
        else:
            terms = stencil.flatten(1, -2).unbind(1)
            self._terms = list(zip(terms, _split(columns, keep=3), strict=True))
            self.subtract = self._subtract_terms

    def _subtract_at_once(self) -> None:
        columns, stencil, products, rows, sums = self._at_once
        torch.mul(columns, stencil, out=products)
        torch.sum(rows, 2, out=sums)
        self._y.sub_(sums)

    def _subtract_terms(self) -> None:
        for term, column in self._terms:
            self._y.addcmul_(term, column, value=-1)


def _split(columns: Tensor, keep: int) -> list[Tensor]:
    """Views along the axes from 2 on, in C order, until `keep` axes are left."""
    views = [columns]
    while views[0].ndim > keep:
        views = [part for view in views for part in view.unbind(2)]
    return views
