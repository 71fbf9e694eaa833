from __future__ import annotations

import pytest
import torch
from studio_product.generators.simp.selfweight import weight_loads, weight_work


@pytest.mark.parametrize("cells", [(4, 3), (4, 3, 2)])
def test_loads_have_the_weight_and_their_work_is_the_adjoint(cells: tuple[int, ...]) -> None:
    generator = torch.Generator().manual_seed(0)
    density = torch.rand(cells, generator=generator, dtype=torch.float64)
    gravity = torch.rand(2, len(cells), generator=generator, dtype=torch.float64)
    loads = weight_loads(density, gravity)
    torch.testing.assert_close(loads.flatten(1, -2).sum(1), gravity * density.sum())
    displacements = torch.rand(loads.shape, generator=generator, dtype=torch.float64)
    work = weight_work(displacements, gravity)
    torch.testing.assert_close((work * density).flatten(1).sum(1), (loads * displacements).flatten(1).sum(1))
