"""From a chosen design to a part: refined on the study's own grid, given a surface, measured and written."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from studio_product.core.files.partfile import write_part
from studio_product.core.grid import Grid
from studio_product.core.mesh import Mesh
from studio_product.core.part import Part
from studio_product.core.studies.domain import Domain, domain_of
from studio_product.core.studies.study import Study
from studio_product.core.studies.voxelize import mesh_coverage
from studio_product.generators.numbers.fields import FILLED
from studio_product.generators.numbers.measure import Measured, measure
from studio_product.generators.numbers.thickness import thin_members
from studio_product.generators.problem import Problem, problem_of
from studio_product.generators.simp.optimize import State, optimize
from studio_product.generators.surface.result import Surface
from studio_product.generators.surface.surface import surface
from studio_product.generators.variants.crisp import crisp
from studio_product.generators.variants.judge import judge
from studio_product.generators.variants.kept import load_arrays, save_arrays
from studio_product.generators.variants.pool import TOLERANCE, Member, anchors_of
from studio_product.generators.variants.resample import resample
from studio_product.generators.variants.select import Variant
from studio_product.generators.variants.topology import grown, main_piece

REFINED = 24
"""Iterations on the study's grid, from a design of the coarse one."""
_IDLE = 0.005
"""Of the strain energy. The filter lets few members come into being that are thinner than asked; those that
carry less than this are taken out, the others stay, and their thickness is told."""
_TORN = 1.5
"""Times the compliance of the design: a surface that gives way more has lost a thin member."""


class Finisher:
    """Finishes members of a pool. What it has refined, finished or refused lies in its folder and is not done
    twice."""

    def __init__(
        self,
        study: Study,
        meshes: Mapping[str, Mesh],
        grid: Grid,
        *,
        device: str,
        folder: Path,
        seed: int,
        settings: dict[str, Any],
    ) -> None:
        """`seed` and `settings` are written into the parts, so that they can be made again."""
        self.grid = grid
        self._study = study
        self._meshes = meshes
        self._device = device
        self._folder = folder
        self._seed = seed
        self._settings = settings

    def finish(self, member: Member, watch: Callable[[State], None]) -> Variant | None:
        """None where the design is no longer one piece on the finer grid, or its surface tears."""
        stem = self._folder / f"finished_{member.index:03}"
        path, facts = stem.with_suffix(".glb"), stem.with_suffix(".npz")
        kept = load_arrays(facts)
        if kept is None:
            made = self._made(member, path, watch)
            compliance, shape = made or (np.inf, np.zeros(0, bool))
            save_arrays(facts, compliance=compliance, shape=shape)
            self._refined_file(member).unlink(missing_ok=True)
        else:
            compliance, shape = float(kept["compliance"]), kept["shape"]
        return Variant(path, compliance, shape) if np.isfinite(compliance) else None

    def _made(
        self, member: Member, path: Path, watch: Callable[[State], None]
    ) -> tuple[float, NDArray[np.bool_]] | None:
        """Writes the part; its compliance and its cells."""
        refined = self._refined(member, watch)
        shares = crisp(refined, self._domain.free, self._domain.solid)
        density = self._whole(refined, shares)
        if density is None:
            return None
        volume = float(refined.sum()) * self.grid.cell_volume
        made = surface(density, self._domain, self._study, self._meshes, volume)
        shape = mesh_coverage(made.mesh, self.grid) >= FILLED
        if main_piece(shape, [grown(anchor) for anchor in anchors_of(self._domain)]) is None:
            return None
        measured = measure(
            made.mesh,
            self._study,
            self.grid,
            self._meshes,
            self._device,
            self._problem.elasticity,
        )
        if measured.compliance > _TORN * judge(self._problem, shares).compliance:
            return None
        self._write(path, made, measured)
        return measured.compliance, shape

    @cached_property
    def _domain(self) -> Domain:
        return domain_of(self._study, self.grid, self._meshes)

    @cached_property
    def _problem(self) -> Problem:
        return problem_of(self._domain, self._study, device=self._device)

    def _refined(self, member: Member, watch: Callable[[State], None]) -> NDArray[np.float64]:
        """The member's density, optimized further where this grid is finer than the pool's."""
        if member.density.shape == self.grid.cells:
            return member.density
        kept = load_arrays(self._refined_file(member))
        if kept is not None:
            return kept["density"]
        start = resample(member.density, self.grid.cells)
        checkpoint = self._folder / f"refining_{member.index:03}.npz"
        design = optimize(
            self._problem,
            start=torch.as_tensor(start, device=self._device),
            iterations=REFINED,
            tolerance=TOLERANCE,
            checkpoint=checkpoint,
            watch=watch,
        )
        density: NDArray[np.float64] = design.density.cpu().numpy()
        save_arrays(self._refined_file(member), density=density)
        checkpoint.unlink(missing_ok=True)
        return density

    def _refined_file(self, member: Member) -> Path:
        return self._folder / f"refined_{member.index:03}.npz"

    def _whole(self, density: NDArray[np.float64], shares: NDArray[np.float64]) -> NDArray[np.float64] | None:
        """The density of the one piece that joins everything, without loose ends and thin idle members.

        Args:
            shares: (*cells), of the crisp design.
        """
        domain = self._domain
        shape = shares >= FILLED
        if self._study.making.minimum_member:
            shape &= ~self._idle(shares) | domain.solid
        piece = main_piece(shape, anchors_of(domain))
        return None if piece is None else np.where(grown(piece), density, 0.0)

    def _idle(self, shares: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Members that are thinner than asked and carry next to nothing: (*cells)."""
        members = thin_members(shares >= FILLED, self.grid.spacing, self._study.making.minimum_member)
        idle = np.zeros(shares.shape, bool)
        if members:
            judged = judge(self._problem, shares)
            for member in members:
                if judged.energies[member].sum() < _IDLE * judged.compliance:
                    idle |= member
        return idle

    def _write(self, path: Path, made: Surface, measured: Measured) -> None:
        part = Part(
            mesh=made.mesh,
            study=self._study,
            numbers=measured.numbers,
            stresses=measured.stresses,
            displacements=measured.displacements,
            contours=made.contours,
            seed=self._seed,
            settings=self._settings,
        )
        write_part(path, part)
