"""A pool of optimized designs, each pushed away from the earlier ones: repel, then relax."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from studio_product.core.studies.domain import Domain
from studio_product.generators.problem import Problem
from studio_product.generators.simp.optimize import Repel, optimize
from studio_product.generators.simp.response import TOLERANCE as PUBLISHED
from studio_product.generators.variants.ahead import Ahead, Watch
from studio_product.generators.variants.crisp import crisp
from studio_product.generators.variants.judge import judge
from studio_product.generators.variants.kept import load_arrays, save_arrays
from studio_product.generators.variants.levers import Levers
from studio_product.generators.variants.starts import smooth_start
from studio_product.generators.variants.topology import bodies, main_piece, touching

_REPEL_SHARE = 3
"""Earlier members repel for this part of the iterations; the rest minimizes compliance alone, so that every
member is on its way to a local optimum of its own."""


TOLERANCE = 1e-2
"""Of the equations while designs are looked for; what is judged and measured is solved well."""


@dataclass(frozen=True)
class Member:
    """One design of a pool."""

    index: int
    density: NDArray[np.float64]
    """(*cells), as optimized."""
    shape: NDArray[np.bool_]
    """(*cells): its one piece, made crisp at equal volume; empty where no piece does the job."""
    compliance: float
    """Of that shape, the weighted sum over cases, N*mm; infinite where no piece does the job."""

    @property
    def is_whole(self) -> bool:
        return bool(np.isfinite(self.compliance))


def anchors_of(domain: Domain) -> list[NDArray[np.bool_]]:
    """Sets of cells that one piece must join: at each support and load, and each body that is kept."""
    anchors = bodies(domain.solid)
    for patch in domain.patches:
        nodes = np.zeros(domain.grid.nodes, bool)
        nodes.flat[patch.nodes] = True
        anchors.append(touching(nodes))
    return anchors


class Pool:
    """Grows member by member. The same seed gives the same members, also after a restart from its files.

    Members at odd places owe nothing to earlier ones, so each is optimized beside the one before it where
    there is a `twin`: the same problem again, with a solver and buffers of its own.
    """

    def __init__(
        self,
        problem: Problem,
        anchors: Sequence[NDArray[np.bool_]],
        levers: Levers,
        seed: int,
        folder: Path,
        twin: Problem | None = None,
    ) -> None:
        self.members: list[Member] = []
        self._problem = problem
        self._twin = twin
        self._ahead: Ahead[Member] | None = None
        self._anchors = anchors
        self._levers = levers
        self._seed = seed
        self._folder = folder
        self._free = problem.free.cpu().numpy()
        self._solid = problem.solid.cpu().numpy()

    def kept(self) -> int:
        """How many of the first members an earlier run has left."""
        count = 0
        while self._file(count).exists():
            count += 1
        return count

    def grow(self, watch: Watch) -> Member:
        """Optimize one more member. Raises whatever `watch` raises; the next call then goes on from there."""
        index = len(self.members)
        begun, self._ahead = self._ahead, None
        twin = self._twin
        if twin and index % 2 == 0 and index + 1 < self._levers.size:
            self._ahead = Ahead(lambda watch: self._member(index + 1, twin, watch))
        try:
            member = begun.result(watch) if begun else self._member(index, self._problem, watch)
        except BaseException:
            for ahead in (begun, self._ahead):
                if ahead:
                    ahead.stop()
            self._ahead = None
            raise
        self.members.append(member)
        return member

    def _member(self, index: int, problem: Problem, watch: Watch) -> Member:
        path = self._file(index)
        kept = load_arrays(path)
        if kept is None:
            running = self._folder / f"running_{index:03}.npz"
            density = self._optimized(index, problem, running, watch)
            shape, compliance = self._judged(density, problem)
            save_arrays(path, density=density, shape=shape, compliance=compliance)
            running.unlink(missing_ok=True)
            return Member(index, density, shape, compliance)
        return Member(index, kept["density"], kept["shape"], float(kept["compliance"]))

    def _file(self, index: int) -> Path:
        return self._folder / f"member_{index:03}.npz"

    def _optimized(self, index: int, problem: Problem, checkpoint: Path, watch: Watch) -> NDArray[np.float64]:
        """The first member starts evenly, and is solved so well that published problems come out right;
        the others start from noise, and every second of those is repelled."""
        levers = self._levers
        device = problem.free.device
        start = repel = None
        if index:
            noise = smooth_start(
                problem.grid.cells, problem.volume_fraction, levers.amplitude, (self._seed, index)
            )
            start = torch.as_tensor(noise, device=device)
        if index and index % 2 == 0 and levers.repel:
            mean = np.mean([member.density for member in self.members], axis=0)
            repel = Repel(
                torch.as_tensor(mean, device=device), levers.repel, levers.iterations // _REPEL_SHARE
            )
        design = optimize(
            problem,
            start=start,
            repel=repel,
            iterations=levers.iterations,
            tolerance=TOLERANCE if index else PUBLISHED,
            checkpoint=checkpoint,
            watch=watch,
        )
        return np.asarray(design.density.cpu().numpy())

    def _judged(self, density: NDArray[np.float64], problem: Problem) -> tuple[NDArray[np.bool_], float]:
        shares = crisp(density, self._free, self._solid)
        piece = main_piece(shares >= 0.5, self._anchors)
        if piece is None:
            return np.zeros(shares.shape, bool), np.inf
        return piece, judge(problem, shares).compliance
