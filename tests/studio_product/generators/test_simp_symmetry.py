from __future__ import annotations

import pytest
import torch
from studio_product.core.studies.study import Making
from studio_product.generators.simp.symmetry import Symmetrizer

MAKINGS = [
    Making(symmetry=("x",)),
    Making(symmetry=("x", "y", "z")),
    Making(extrusion="y"),
    Making(symmetry=("x", "z"), extrusion="z"),
]


def fields(domain_share: float = 0.7) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    generator = torch.Generator().manual_seed(3)
    a, b = torch.rand(2, 7, 6, 5, generator=generator, dtype=torch.float64)
    return a, b, torch.rand(7, 6, 5, generator=generator) < domain_share


@pytest.mark.parametrize("making", MAKINGS)
def test_it_is_an_orthogonal_projection_within_the_domain(making: Making) -> None:
    a, b, domain = fields()
    symmetrize = Symmetrizer(making, domain)
    once = symmetrize(a)
    torch.testing.assert_close(symmetrize(once), once)
    torch.testing.assert_close((symmetrize(a) * b).sum(), (a * symmetrize(b)).sum())
    assert torch.equal(once[~domain], a[~domain])


@pytest.mark.parametrize("making", MAKINGS)
def test_what_comes_out_is_symmetric_to_the_last_bit(making: Making) -> None:
    a, _, domain = fields(domain_share=2.0)
    out = Symmetrizer(making, domain)(a)
    for axis in making.symmetry:
        assert torch.equal(out, out.flip("xyz".index(axis)))
    if making.extrusion:
        axis = "xyz".index(making.extrusion)
        assert torch.equal(out, out.narrow(axis, 0, 1).expand_as(out))


def test_without_symmetries_nothing_changes() -> None:
    a, _, domain = fields()
    assert Symmetrizer(Making(), domain)(a) is a


def test_in_a_plate_the_third_axis_changes_nothing() -> None:
    a, _, domain = fields()
    making = Making(symmetry=("z",), extrusion="z")
    assert Symmetrizer(making, domain[0])(a[0]) is a[0] or torch.equal(
        Symmetrizer(making, domain[0])(a[0]), a[0]
    )
