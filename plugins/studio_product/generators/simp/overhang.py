"""Parts that can be printed without supports: the filter of Langelaar 2017.

("An additive manufacturing filter for topology optimization of print-ready designs", Structural and
Multidisciplinary Optimization 55.) Layer by layer from the build plate, a cell is printed as far as the
blueprint b asks for and the printed cells below it (the one underneath, its neighbors along each axis) carry:

    printed = smin(b, s),                          s = smax(printed cells below)
    smin(b, s) = (b + s - sqrt((b - s)^2 + eps) + sqrt(eps)) / 2            equation 4
    smax(p_1..p_n) = (sum p_k^P)^(1/Q),  Q = P + log(n) / log(1/2)          equations 5 and 6

With cubic cells that allows overhangs of up to 45 degrees.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor

from studio_product.core.studies.study import Side

_EPSILON = 1e-4
_P = 40.0
_TRACE = 1e-6
"""Densities below it count as this much, so that their powers do not vanish."""
_SIDES: tuple[Side, ...] = ("x-", "x+", "y-", "y+", "z-", "z+")


class OverhangFilter:
    """Blueprint -> what is printed, and its adjoint."""

    def __init__(self, build: Side, solid: Tensor) -> None:
        """
        Args:
            build: Where up is.
            solid: (*cells) bool, printed full in any case (on supports where it must be).
        """
        axis, upwards = divmod(_SIDES.index(build), 2)
        if axis >= solid.dim():
            raise ValueError(f"{build} is no side in {solid.dim()} dimensions")
        self._axis, self._downwards = axis, not upwards
        self._solid = self._layers(solid)
        supports = 2 * solid.dim() - 1
        self._q = _P + math.log(supports) / math.log(0.5)
        self._blueprint = self._printed = self._support = torch.empty(0)

    def __call__(self, blueprint: Tensor) -> Tensor:
        """(*cells) -> (*cells), densities in [0, 1]; kept for `adjoint`."""
        b = self._layers(blueprint)
        printed, support = torch.empty_like(b), torch.ones_like(b)
        printed[0] = b[0]
        for i in range(1, len(b)):
            support[i] = self._greatest(printed[i - 1])
            printed[i] = _least(b[i], support[i]).masked_fill_(self._solid[i], 1)
        self._blueprint, self._printed, self._support = b, printed, support
        return self._unlayered(printed)

    def adjoint(self, gradient: Tensor) -> Tensor:
        """Of a function of what is printed -> of the same function of the last blueprint."""
        g = self._layers(gradient).clone()
        b, support = self._blueprint, self._support
        for i in range(len(g) - 1, 0, -1):
            g[i].masked_fill_(self._solid[i], 0)
            # smin's slopes along b and along s are (1 -+ t) / 2.
            t = b[i] - support[i]
            t /= (t.square() + _EPSILON).sqrt_()
            carried = g[i] * (1 + t) / 2
            g[i] *= (1 - t) / 2
            g[i - 1] += self._greatest_adjoint(self._printed[i - 1], carried)
        return self._unlayered(g)

    def _greatest(self, below: Tensor) -> Tensor:
        """smax, at most 1: n full cells would count for more."""
        return _around(below.clamp_min(_TRACE).pow_(_P)).pow_(1 / self._q).clamp_max_(1)

    def _greatest_adjoint(self, below: Tensor, gradient: Tensor) -> Tensor:
        """d smax / d p_k = (P / Q) p_k^(P-1) (sum p_j^P)^(1/Q-1)"""
        below = below.clamp_min(_TRACE)
        total = _around(below.pow(_P))
        outer = total.pow(1 / self._q - 1).mul_(gradient).mul_(_P / self._q)
        return _around(outer.masked_fill_(total >= 1, 0)).mul_(below.pow_(_P - 1))

    def _layers(self, field: Tensor) -> Tensor:
        """The build axis first, from the plate up."""
        layers = field.movedim(self._axis, 0)
        return layers.flip(0) if self._downwards else layers

    def _unlayered(self, layers: Tensor) -> Tensor:
        return (layers.flip(0) if self._downwards else layers).movedim(0, self._axis).contiguous()


def _around(layer: Tensor) -> Tensor:
    """For each cell the sum over those that support it, straight below and beside that. Its own adjoint."""
    total = layer.clone()
    everything = (slice(None),) * layer.dim()
    for axis in range(layer.dim()):
        before, after = everything[:axis], everything[axis + 1 :]
        low, high = (*before, slice(None, -1), *after), (*before, slice(1, None), *after)
        total[low] += layer[high]
        total[high] += layer[low]
    return total


def _least(b: Tensor, s: Tensor) -> Tensor:
    """smin"""
    return (b + s - ((b - s).square() + _EPSILON).sqrt_() + math.sqrt(_EPSILON)) / 2
