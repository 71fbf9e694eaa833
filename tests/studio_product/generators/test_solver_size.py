"""The memory of a solution: measured in a process of its own."""

from __future__ import annotations

import subprocess
import sys

import pytest
from studio_product.core.studies.estimate import solver_bytes

CODE = """
import sys
import torch
from studio_product.generators.solver.elasticity import Elasticity
from studio_product.core.grid import Grid

torch.set_num_threads(1)

def status(key):
    lines = dict(line.split(":", 1) for line in open("/proc/self/status"))
    return int(lines[key].split()[0]) * 1024

def solve(cells, cases):
    grid = Grid(cells, tuple(map(float, cells)))
    fixed = torch.zeros(*grid.nodes, len(cells), dtype=torch.bool)
    fixed[0] = True
    loads = torch.zeros(cases, *fixed.shape, dtype=torch.float64)
    loads[:, -1, ..., 1] = 1
    stiffness = torch.full(cells, 0.2, dtype=torch.float64)
    elasticity = Elasticity(grid, 0.3, fixed.numpy())
    elasticity.energies(elasticity.solve(stiffness, loads, tolerance=1e-2).displacements)

cells, cases = eval(sys.argv[1])
solve((4,) * len(cells), 1)
before = status("VmRSS")
open("/proc/self/clear_refs", "w").write("5")
solve(cells, cases)
print(status("VmHWM") - before)
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
@pytest.mark.parametrize(("cells", "cases"), [((48, 32, 32), 1), ((48, 24, 24), 3), ((500, 200), 2)], ids=str)
def test_the_estimate_is_near_what_is_taken(cells: tuple[int, ...], cases: int) -> None:
    command = [sys.executable, "-c", CODE, repr((cells, cases))]
    taken = int(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    count = 1
    for n in cells:
        count *= n
    assert taken / 1.35 < solver_bytes(count, len(cells), cases) < 1.6 * taken


def test_a_normal_grid_needs_a_tenth_of_what_others_take() -> None:
    assert solver_bytes(96 * 48 * 48, 3, 1) < 1.1e9
    assert solver_bytes(192 * 96 * 96, 3, 1) < 8.2 * solver_bytes(96 * 48 * 48, 3, 1)
