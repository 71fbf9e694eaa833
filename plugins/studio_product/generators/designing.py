"""From a study to its variants: explore a pool on a coarse grid, then finish and measure the chosen ones."""

from __future__ import annotations

import json
import math
import shutil
import time
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

import psutil
import torch

from studio.api import BadInput, NewArtifact, Number, Run, torch_device, tr
from studio_product.core.files.mesh_files import read_mesh
from studio_product.core.grid import Grid
from studio_product.core.kind import PART
from studio_product.core.mesh import Mesh
from studio_product.core.studies.catalog import said
from studio_product.core.studies.check import check_study
from studio_product.core.studies.domain import Domain, domain_of
from studio_product.core.studies.quality import grid_of
from studio_product.core.studies.study import Study
from studio_product.core.studies.study_file import study_from_json
from studio_product.core.studies.study_value import files_of
from studio_product.core.surfaces.mesh_check import require_solid
from studio_product.generators.preview import picture_of
from studio_product.generators.problem import problem_of
from studio_product.generators.simp.optimize import State
from studio_product.generators.variants.distance import mirrors_of
from studio_product.generators.variants.finish import Finisher
from studio_product.generators.variants.levers import Levers, levers_of
from studio_product.generators.variants.pool import Member, Pool, anchors_of
from studio_product.generators.variants.resample import coarsened
from studio_product.generators.variants.select import Selection, Variant, fill_up
from studio_product.generators.variants.words import nothing, too_few

if TYPE_CHECKING:
    from studio_product.generators.optimize_params import OptimizeParams

EXPLORED = {2: 6_000, 3: 9_000}
"""Cells, at most, of the grid on which a pool is explored; finer studies refine the chosen designs."""
THREADED = 100_000
"""Cells from which several threads are worth waiting for each other. On a busy computer two threads took
twenty times as long as one for a draft."""
_SHARES = (0.5, 0.75, 1.0)
"""Of the tolerance, one after the other."""
_PREVIEW_ITERATIONS = 5
_EXPLORING = 0.75
"""Of the progress bar."""


def design(params: OptimizeParams, run: Run) -> Iterator[NewArtifact]:
    """One part file for each variant, the stiffest first.

    Raises:
        BadInput: The study cannot be computed, or no variant does its job.
        Cancelled: The user has cancelled; the next run goes on from `run.kept`.
    """
    run.progress(0, 1, tr("Checking the study"))
    study = study_of(params)
    meshes = meshes_of(study, run)
    grid = grid_of(study, params.quality)
    torch.set_num_threads(max(1, run.threads) if grid.cell_count >= THREADED else 1)
    _check(study, meshes, grid, run)
    search = _Search(params, study, meshes, grid, run)
    selection = search.select()
    yield from search.deliver(selection)


def study_of(params: OptimizeParams) -> Study:
    """The study in the settings. Raises BadInput where there is none, or it is none."""
    if not params.study:
        raise BadInput(
            tr("No study is set up: nothing says what the part must do."),
            tr("Set one up under “Part”, begin with one of the examples, or give a file with --study."),
        )
    return study_from_json(json.dumps(params.study).encode())


def meshes_of(study: Study, run: Run) -> dict[str, Mesh]:
    """The meshes that the study names, by the names of inputs.

    Raises:
        BadInput: One is not given, cannot be read, or is no closed solid.
    """
    meshes: dict[str, Mesh] = {}
    for name in files_of(study):
        path = run.input(name)
        if path is None:
            raise BadInput(
                tr("The study works from the shape “{name}”, which is not there.", name=name),
                tr("Add its file again, or remove the shape from the study."),
            )
        meshes[name] = read_mesh(path)
        require_solid(meshes[name], path.name)
    return meshes


def _check(study: Study, meshes: Mapping[str, Mesh], grid: Grid, run: Run) -> None:
    """Raises BadInput with the first error; warnings become notes."""
    remarks = check_study(study, meshes, grid, memory=psutil.virtual_memory().available)
    for remark in remarks:
        if remark.severity == "error":
            raise BadInput(remark.message, remark.hint)
        if remark.severity == "warning":
            run.note(f"{remark.message} {remark.hint}".strip())


class _Search:
    """One job: what it works from, and how far it is."""

    def __init__(
        self, params: OptimizeParams, study: Study, meshes: Mapping[str, Mesh], grid: Grid, run: Run
    ) -> None:
        self.params = params
        self.study = study
        self.run = run
        # Who names the cells and wants one design wants it designed on them, as problems are published.
        exact = params.variants == 1 and study.space.cells is not None
        self.coarse = grid if exact else coarsened(grid, EXPLORED[grid.dimensions])
        self.levers: Levers = levers_of(
            grid.dimensions, params.variants, params.difference, study.method.iterations
        )
        self.domain: Domain = domain_of(study, self.coarse, meshes)
        device = torch_device(run.plan)
        in_pairs = run.threads > 1 and self.levers.size > 1
        self.pool = Pool(
            problem_of(self.domain, study, device=device),
            anchors_of(self.domain),
            self.levers,
            run.seed,
            run.kept,
            twin=problem_of(self.domain, study, device=device) if in_pairs else None,
        )
        self.finisher = Finisher(
            study,
            meshes,
            grid,
            device=device,
            folder=run.kept,
            seed=run.seed,
            settings=params.model_dump(exclude={"study"}),
        )
        self._finished: dict[int, Variant | None] = {}
        """By member."""
        self._furthest = 0.0
        self._pictured = -math.inf

    def select(self) -> Selection:
        """Explore the pool, then finish members until there are enough variants.

        Stiff ones come first: more of the tolerance is used only where a pool that has grown a little has too
        few, and it grows to its most only once all of the tolerance is used.
        """
        domain = self.domain
        mirrors = mirrors_of([domain.free, domain.solid], domain.fixed, domain.loads, domain.gravity)
        selection = Selection(0.0, self.levers.floor, mirrors)
        self._go_on()
        while len(self.pool.members) < self.levers.size:
            self._grow()
        for share in _SHARES:
            selection.widen(share * self.params.tolerance / 100)
            most = self.levers.most if share == 1 else self.levers.patience
            while True:
                fill_up(
                    selection, self.pool.members, self.params.variants, lambda m: self._finish(m, selection)
                )
                if len(selection.accepted) == self.params.variants:
                    return selection
                if len(self.pool.members) >= most:
                    break
                self._grow()
        return selection

    def deliver(self, selection: Selection) -> Iterator[NewArtifact]:
        """The accepted variants as artifacts with names. Raises BadInput where there is none."""
        ranked = selection.ranked()
        verdicts = selection.verdicts(self.pool.members)
        if not ranked:
            raise nothing(verdicts)
        if len(ranked) < self.params.variants:
            self.run.note(too_few(len(ranked), self.params.variants, verdicts))
        self._tell(selection)
        for rank, (_, variant) in enumerate(ranked, start=1):
            path = self.run.scratch / f"variant_{rank}.glb"
            shutil.copyfile(variant.path, path)
            yield NewArtifact(path, PART, f"{said(self.study.name)} {rank}")

    def _go_on(self) -> None:
        """Says where an earlier run has come to, if there was one."""
        place, count = self.pool.kept() + 1, self.levers.size
        if place > count:
            self._progress(_EXPLORING, tr("Going on with what was designed before"))
        elif place > 1:
            words = tr("Going on with design {place} of {count}", place=place, count=count)
            self._progress(_EXPLORING * (place - 1) / count, words)

    def _grow(self) -> None:
        place = len(self.pool.members) + 1

        def watch(state: State) -> None:
            share = (place - 1 + state.iteration / state.iterations) / max(place, self.levers.size)
            self._progress(
                _EXPLORING * share,
                tr(
                    "Design {place} of {count}, iteration {iteration}",
                    place=place,
                    count=max(place, self.levers.size),
                    iteration=state.iteration,
                ),
            )
            if self.params.variants == 1:
                self.run.numbers(self._compliance(state))
            self._preview(state, self.coarse)

        self.pool.grow(watch)

    def _finish(self, member: Member, selection: Selection) -> Variant | None:
        if member.index not in self._finished:
            self._finished[member.index] = self._finish_anew(member, selection)
        self._tell(selection)
        return self._finished[member.index]

    def _finish_anew(self, member: Member, selection: Selection) -> Variant | None:
        done, count = len(selection.accepted), self.params.variants
        share = _EXPLORING + (1 - _EXPLORING) * done / count

        def watch(state: State) -> None:
            self._progress(
                share + (1 - _EXPLORING) * state.iteration / state.iterations / count,
                tr(
                    "Refining variant {place} of {count}, iteration {iteration}",
                    place=done + 1,
                    count=count,
                    iteration=state.iteration,
                ),
            )
            self._preview(state, self.finisher.grid)

        self._progress(share, tr("Measuring variant {place} of {count}", place=done + 1, count=count))
        return self.finisher.finish(member, watch)

    def _compliance(self, state: State) -> Number:
        """What is minimized, as literature tells it: of the gray design, not of the part."""
        value = float(state.compliances.cpu() @ torch.as_tensor(self.domain.weights))
        return Number("compliance", tr("Compliance"), value, tr("N·mm"))

    def _progress(self, share: float, message: str) -> None:
        self._furthest = max(self._furthest, share)
        self.run.progress(self._furthest, 1, message)

    def _preview(self, state: State, grid: Grid) -> None:
        now = time.monotonic()
        if state.iteration % _PREVIEW_ITERATIONS == 0 and now - self._pictured > 1:
            self._pictured = now
            self.run.preview(picture_of(state.density.cpu().numpy(), grid))

    def _tell(self, selection: Selection) -> None:
        numbers = [Number("variants", tr("Variants"), len(selection.accepted))]
        if len(selection.accepted) > 1:
            least, mean = selection.spread()
            numbers += [
                Number("least_distance", tr("Least distance"), round(100 * least, 1), "%"),
                Number("mean_distance", tr("Mean distance"), round(100 * mean, 1), "%"),
            ]
        self.run.numbers(*numbers)
