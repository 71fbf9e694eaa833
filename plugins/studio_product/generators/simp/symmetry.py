"""Mirror planes and an extrusion axis, held exactly: cells that must be equal take their mean."""

from __future__ import annotations

import torch
from torch import Tensor

from studio_product.core.studies.study import Axis, Making

_AXES: tuple[Axis, ...] = ("x", "y", "z")


class Symmetrizer:
    """The orthogonal projection onto fields that obey the symmetries; hence its own adjoint.

    Only cells of the domain take part: one whose mirror image is outside of it keeps its value.
    """

    def __init__(self, making: Making, domain: Tensor) -> None:
        """`domain`: (*cells) bool."""
        axes = _AXES[: domain.dim()]  # a plate is symmetric, and extruded, along z anyway
        self._mirrors = [axes.index(axis) for axis in making.symmetry if axis in axes]
        self._extrusion = axes.index(making.extrusion) if making.extrusion in axes else None
        self._domain = domain
        self._count = self._sums(domain.to(torch.float64)).clamp_min_(1)

    @property
    def is_identity(self) -> bool:
        return not self._mirrors and self._extrusion is None

    def __call__(self, field: Tensor) -> Tensor:
        """(*cells) -> (*cells); what is outside of the domain is left alone."""
        if self.is_identity:
            return field
        mean = self._sums(field.where(self._domain, torch.zeros_like(field))).div_(self._count)
        return torch.where(self._domain, mean, field)

    def _sums(self, field: Tensor) -> Tensor:
        """Over the cells that must be equal to each cell. A sum of two does not depend on their order, so
        mirror images come out equal to the last bit."""
        if self._extrusion is not None:
            field = field.sum(self._extrusion, keepdim=True).expand_as(field).contiguous()
        for axis in self._mirrors:
            field = field + field.flip(axis)
        return field
