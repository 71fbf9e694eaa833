"""What `bench_product` and `product_scaling` time: optimizations, each in a process of its own. Linux only.

By hand: `python -m tests.benchmarks.product_runs pymoto 12 6 6 --iterations 5`.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from studio_product.core.studies.study import Method, Study, Support

from .sizes import PLAYED

ROOT = Path(__file__).resolve().parents[2]
THREADS = 2
RADIUS = 2.4
"""Of the density filter, in cells."""
VOLUME, PENALTY, VOID, MOVE, TOLERANCE = 0.3, 3.0, 1e-9, 0.2, 1e-4
_SETTLING = 2
"""Iterations that are not counted: memory is taken, and solutions begin from nothing."""
_COARSEST = 8
"""Cells along an axis: pyMOTO's own example of multigrid makes no coarser grid from one with fewer."""

Cells = tuple[int, ...]


@dataclass(frozen=True)
class Measured:
    seconds: list[float]
    """Of each iteration, whole."""
    compliances: list[float]
    peak: int
    """Bytes that the process held at most, with Python and all libraries."""

    @property
    def typical(self) -> list[float]:
        return self.seconds[_SETTLING:]

    @property
    def median(self) -> float:
        return statistics.median(self.typical)


def cantilever(cells: Cells, iterations: int) -> Measured:
    """A block clamped at x = 0; -1 along z on each node of the far lower edge; our optimizer."""
    from tests.studio_product.generators.simp_studies import at, block, pull

    nx, ny, nz = cells
    method = Method(
        filter="density",
        radius=RADIUS,
        projection=False,
        penalty=PENALTY,
        void_stiffness=VOID,
        move=MOVE,
        change=0,
    )
    load = pull("tip", at(nx, 0, 0, dy=ny), 0, 0, -(ny + 1))
    return _ours(block(nx, ny, nz, cases=(load,), method=method), iterations, TOLERANCE)


def mbb_beam(cells: Cells, iterations: int) -> Measured:
    """Half of it, as in Andreassen et al. 2011, with the sensitivity filter; our optimizer and tolerance."""
    from studio_product.generators.simp.response import TOLERANCE as OWN

    from tests.studio_product.generators.simp_studies import at, plate, published, pull

    nx, ny = cells
    study = plate(
        nx,
        ny,
        supports=(
            Support(name="symmetry", shape=at(0, 0, 0, dy=ny), fixed=("x",)),
            Support(name="roller", shape=at(nx, 0, 0), fixed=("y",)),
        ),
        cases=(pull("middle", at(0, ny, 0), 0, -1, 0),),
        method=published("sensitivity", radius=0.04 * nx),
    )
    return _ours(study, iterations, OWN)


def _ours(study: Study, iterations: int, tolerance: float) -> Measured:
    import torch
    from studio_product.generators.simp.optimize import State, optimize

    from tests.studio_product.generators.simp_studies import posed

    # As `designing` does it.
    torch.set_num_threads(1 if study.dimensions == 2 else THREADS)
    problem = posed(study)
    clock = [time.perf_counter()]
    compliances = []

    def watch(state: State) -> None:
        clock.append(time.perf_counter())
        compliances.append(float(state.compliances.sum()))

    optimize(problem, iterations=iterations, tolerance=tolerance, watch=watch)
    return Measured(_differences(clock), compliances, peak_memory())


def pymoto(cells: Cells, iterations: int) -> Measured:
    """The same as `cantilever` with pyMOTO: conjugate gradients and multigrid, as its examples have it."""
    import numpy as np
    import pymoto as pym

    domain = pym.VoxelDomain(*cells)
    held = domain.get_dofnumber(domain.nodes[0]).ravel()
    force = np.zeros(3 * domain.nnodes)
    force[domain.get_dofnumber(domain.nodes[-1, :, 0].ravel(), 2)] = -1.0
    design = pym.Signal("x", state=np.full(domain.nel, VOLUME))
    solver = pym.solvers.CG(preconditioner=_multigrid(pym, domain), tol=TOLERANCE)
    clock = [time.perf_counter()]
    with pym.Network() as network:
        density = pym.DensityFilter(domain, radius=RADIUS)(design)
        stiffness = pym.MathExpression(f"{VOID} + {1 - VOID} * inp0^{PENALTY}")(density)
        matrix = pym.AssembleStiffness(domain, bc=held, poisson_ratio=0.3)(stiffness)
        displacement = pym.LinSolve(hermitian=True, solver=solver)(matrix, force)
        compliance = pym.EinSum("i,i->")(displacement, force)
    update = pym.OC(design, compliance, network, move=MOVE)
    compliances = []
    for _ in range(iterations):
        changed, response, _ = update.step()
        compliances.append(float(response[0]))
        update.x = changed
        clock.append(time.perf_counter())
    return Measured(_differences(clock), compliances, peak_memory())


def _multigrid(pym: Any, domain: Any) -> Any:
    """Grids are halved while all of their axes are even and not too short; the last is solved directly."""
    level = pym.solvers.GeometricMultigrid(domain)
    coarse = level.sub_domain
    if all(n % 2 == 0 and n >= _COARSEST for n in coarse.size):
        level.inner_level = _multigrid(pym, coarse)
    return level


def _differences(clock: list[float]) -> list[float]:
    return [later - earlier for earlier, later in pairwise(clock)]


def peak_memory() -> int:
    """Bytes. Unlike what `resource` tells, it holds nothing of the process that started this one."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM"))


RUNS: dict[str, Callable[[Cells, int], Measured]] = {
    "cantilever": cantilever,
    "mbb_beam": mbb_beam,
    "pymoto": pymoto,
}


def measure(run: str, cells: Cells, iterations: int) -> Measured:
    """One of `RUNS`; where it is only played in this process, which has its libraries already."""
    return RUNS[run](cells, iterations) if PLAYED else apart(run, cells, iterations)


def apart(run: str, cells: Cells, iterations: int) -> Measured:
    """One of `RUNS`, in a process of its own with `THREADS` threads."""
    threads = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), str(THREADS))
    done = subprocess.run(
        [sys.executable, "-m", __spec__.name, run, *map(str, cells), "--iterations", str(iterations)],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        env={**os.environ, **threads},
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return Measured(**json.loads(done.stdout.splitlines()[-1]))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("run", choices=RUNS)
    parser.add_argument("cells", type=int, nargs="+")
    parser.add_argument("--iterations", type=int, default=15)
    options = parser.parse_args()
    print(json.dumps(asdict(RUNS[options.run](tuple(options.cells), options.iterations))))
