"""What Langelaar's filter lets be printed."""

from __future__ import annotations

import pytest
import torch
from studio_product.core.studies.study import Side
from studio_product.generators.simp.overhang import OverhangFilter
from torch import Tensor

SIDES: tuple[Side, ...] = ("x-", "x+", "y-", "y+", "z-", "z+")


def printed(blueprint: Tensor, build: Side = "y+", solid: Tensor | None = None) -> Tensor:
    nothing = torch.zeros(blueprint.shape, dtype=torch.bool)
    return OverhangFilter(build, nothing if solid is None else solid)(blueprint)


def plate(*columns: str) -> Tensor:
    """Drawn with the top row first."""
    rows = [[float(cell == "#") for cell in row] for row in columns]
    return torch.tensor(rows, dtype=torch.float64).flip(0).T.contiguous()


def test_columns_and_45_degrees_print_whole() -> None:
    stable = plate("#...##", ".#.##.", "..##..", "..##..")
    torch.testing.assert_close(printed(stable), stable, atol=0.006, rtol=0)


def test_what_hangs_in_the_air_and_what_it_carries_does_not_print() -> None:
    hanging = plate("...#", "####", "#...", "#...")
    expected = plate("....", "##..", "#...", "#...")
    torch.testing.assert_close(printed(hanging), expected, atol=0.02, rtol=0)


def test_the_lowest_layer_prints_whatever_is_asked_for() -> None:
    blueprint = torch.rand(9, 5, dtype=torch.float64)
    assert torch.equal(printed(blueprint)[:, 0], blueprint[:, 0])


def test_kept_cells_print_in_any_case_and_carry() -> None:
    blueprint = plate("###", "...", "...")
    solid = plate("...", ".#.", "...") > 0
    torch.testing.assert_close(printed(blueprint, solid=solid)[:, 2].min(), torch.tensor(1.0).double())


@pytest.mark.parametrize("build", SIDES)
def test_all_sides_are_alike(build: Side) -> None:
    blueprint = torch.rand(5, 6, 7, dtype=torch.float64)
    axis, upwards = divmod(SIDES.index(build), 2)
    turned = blueprint if upwards else blueprint.flip(axis)
    expected = printed(turned.transpose(axis, 2).contiguous(), "z+").transpose(axis, 2)
    result = printed(blueprint, build)
    torch.testing.assert_close(result if upwards else result.flip(axis), expected)


@pytest.mark.parametrize("shape", [(6, 9), (4, 5, 6)])
def test_more_is_never_printed_than_asked_for_by_much_and_stays_a_density(shape: tuple[int, ...]) -> None:
    blueprint = torch.rand(shape, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    result = printed(blueprint)
    assert float(result.min()) >= 0 and float(result.max()) <= 1
    assert float((result - blueprint).max()) < 0.006


@pytest.mark.parametrize("full", [0.0, 1.0])
def test_the_adjoint_is_finite_at_the_bounds(full: float) -> None:
    blueprint = torch.full((5, 6), full, dtype=torch.float64)
    overhang = OverhangFilter("y+", torch.zeros(5, 6, dtype=torch.bool))
    overhang(blueprint)
    assert overhang.adjoint(torch.ones_like(blueprint)).isfinite().all()
