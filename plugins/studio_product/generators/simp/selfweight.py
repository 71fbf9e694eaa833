"""Self-weight: loads that go with the design.

A cell of density rho pulls with rho times its full weight, a quarter of it (in three dimensions an eighth) at
each of its corners.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

import torch
from torch import Tensor


def weight_loads(density: Tensor, gravity: Tensor) -> Tensor:
    """(*cells) and (cases, d), N of one full cell -> (cases, *nodes, d), N."""
    share = density / 2 ** density.dim()
    nodes = torch.zeros([n + 1 for n in density.shape], dtype=density.dtype, device=density.device)
    for corner in _corners(density.dim()):
        nodes[corner] += share
    cases = gravity.reshape(len(gravity), *[1] * density.dim(), -1)
    return nodes[None, ..., None] * cases


def weight_work(displacements: Tensor, gravity: Tensor) -> Tensor:
    """The work of a full cell's weight: (cases, *nodes, d) -> (cases, *cells), N*mm. It is what
    `displacements` . d `weight_loads` / d density comes to."""
    cases = gravity.reshape(len(gravity), *[1] * (displacements.dim() - 2), -1)
    nodes = (displacements * cases).sum(-1)
    dimensions = nodes.dim() - 1
    corners = [nodes[(slice(None), *corner)] for corner in _corners(dimensions)]
    return torch.stack(corners).mean(0)


def _corners(dimensions: int) -> Iterator[tuple[slice, ...]]:
    """Slices of an array over nodes: the nodes at each corner of all cells."""
    return product((slice(None, -1), slice(1, None)), repeat=dimensions)
