"""Linear interpolation between a grid and one with every second node, axis by axis.

An odd number of cells is covered by a coarse cell that reaches beyond the end, where there is nothing.

Source: Briggs, Henson, McCormick, A Multigrid Tutorial, 2nd ed. (2000), chapter 3.
"""

from __future__ import annotations

import torch
from torch import Tensor


class Interpolation:
    """P between two fields (cases, dimensions, *nodes) whose memory stays the same.

    Along each axis the coarse field has as many nodes as the fine one, or every second of them and, where the
    fine one ends between two, one more.
    """

    def __init__(self, fine: Tensor, coarse: Tensor) -> None:
        self._fine, self._coarse = fine, coarse
        self._steps: list[_AlongAxis] = []
        axes = [axis for axis in range(2, fine.ndim) if fine.shape[axis] != coarse.shape[axis]]
        for axis in axes:
            shape = (*fine.shape[:axis], coarse.shape[axis], *fine.shape[axis + 1 :])
            target = coarse if axis == axes[-1] else fine.new_empty(shape)
            self._steps.append(_AlongAxis(fine.movedim(axis, 0), target.movedim(axis, 0)))
            fine = target

    def restrict(self) -> None:
        """coarse = P^T fine"""
        if not self._steps:
            self._coarse.copy_(self._fine)
        for step in self._steps:
            step.restrict()

    def prolong(self) -> None:
        """fine = P coarse"""
        if not self._steps:
            self._fine.copy_(self._coarse)
        for step in reversed(self._steps):
            step.prolong()


class _AlongAxis:
    """Along the first axis of both fields."""

    def __init__(self, fine: Tensor, coarse: Tensor) -> None:
        self._even, self._odd = fine[0::2], fine[1::2]
        even, odd = len(self._even), len(self._odd)
        self._same, self._before, self._after = coarse[:even], coarse[:odd], coarse[1 : odd + 1]
        self._beyond = coarse[even:]

    def restrict(self) -> None:
        self._same.copy_(self._even)
        self._beyond.zero_()
        self._before.add_(self._odd, alpha=0.5)
        self._after.add_(self._odd, alpha=0.5)

    def prolong(self) -> None:
        self._even.copy_(self._same)
        torch.lerp(self._before, self._after, 0.5, out=self._odd)
