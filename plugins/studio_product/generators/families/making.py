"""Runs a family's search, and makes parts of what it chose."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import torch

from studio.api import BadInput, NewArtifact, Number, Run, mark, tr
from studio_product.core.files.partfile import write_part
from studio_product.core.kind import PART
from studio_product.core.part import Part
from studio_product.core.part_numbers import Figure, PartNumber, PartNumbers
from studio_product.core.studies.catalog import materials
from studio_product.core.studies.quality import grid_of
from studio_product.generators.families.family import Family
from studio_product.generators.families.search import Ranges, Remembered, Trial, front, search
from studio_product.generators.families.surface import surface_of
from studio_product.generators.families.tipping import center_of_gravity, tipping_angle
from studio_product.generators.families.trying import Bench
from studio_product.generators.numbers.measure import Measured, measure
from studio_product.generators.preview import picture_of
from studio_product.generators.variants.choose import farthest_first
from studio_product.generators.variants.distance import distances

EFFORTS = {"quick": (16, 4), "thorough": (32, 8)}
"""Population and generations."""
FINAL_CELLS = 221_000
"""Of the grid on which what is chosen is measured."""


def make(family: Family, params: Any, run: Run) -> Iterator[NewArtifact]:
    """The lightest first. Fewer than were asked for where the front has no more.

    Raises:
        BadInput: A range is upside down, or no shape in the ranges holds together.
    """
    torch.set_num_threads(max(1, run.threads))
    material = next(each for each in materials() if each.name == params.material)
    bench = Bench(family, material, params.load, run.device)
    trials = _trials(bench, _ranges(family, params), *EFFORTS[params.effort], run)
    goals = sorted({name for trial in trials if trial.goals for name in trial.goals}, key=_order)
    best = front(trials, goals)
    if not best:
        raise BadInput(
            tr("None of the {count} shapes that were tried is one piece that holds.", count=len(trials)),
            tr("Widen the ranges, or let what is thin become thicker."),
        )
    chosen = choose(bench, best, goals, params.variants)
    run.numbers(
        Number("tried", tr("Shapes tried"), len(trials)), Number("front", tr("On the front"), len(best))
    )
    if len(chosen) < params.variants:
        run.note(
            tr(
                "{count} of {wanted} variants: the search found no more that no other beats. More effort or "
                "wider ranges find more.",
                count=len(chosen),
                wanted=params.variants,
            )
        )
    for place, trial in enumerate(chosen, start=1):
        run.progress(0.8 + 0.2 * (place - 1) / len(chosen), 1, tr("Measuring variant {place}", place=place))
        yield _part(bench, trial, place, params, run)


def choose(bench: Bench, best: Sequence[Trial], goals: Sequence[str], count: int) -> list[Trial]:
    """Members of the front that lie far apart, in goals and in shape alike: the lightest first."""
    rows = np.array([[trial.goals[goal] for goal in goals] for trial in best if trial.goals])
    width = np.maximum(np.ptp(rows, axis=0), 1e-12)
    apart = np.linalg.norm((rows[:, None] - rows[None]) / width, axis=-1) / np.sqrt(len(goals))
    grid = bench.grid(best[0].values)
    shapes = np.stack([bench.shares(trial.values, grid) >= 0.5 for trial in best])
    apart = (apart + distances(shapes)) / 2
    chosen = [0]
    while len(chosen) < count:
        rest = [place for place in range(len(best)) if place not in chosen]
        found = farthest_first(apart, chosen, rest, floor=0.0)
        if found is None:
            break
        chosen.append(found)
    return [best[place] for place in sorted(chosen)]


def _trials(bench: Bench, ranges: Ranges, population: int, generations: int, run: Run) -> list[Trial]:
    done = 0

    def evaluate(values: Mapping[str, float]) -> Mapping[str, float] | None:
        nonlocal done
        words = tr("Shape {done} of {all}", done=done + 1, all=population * generations)
        run.progress(0.8 * done / (population * generations), 1, words)
        goals = remembered(values)
        done += 1
        if goals is not None:
            grid = bench.grid(values)
            run.preview(picture_of(bench.shares(values, grid), grid))
        return goals

    remembered = Remembered(bench.goals, run.kept / "trials.jsonl")
    parameters = bench.family.parameters
    names = ("mass", "displacement", *(["tipping"] if bench.family.standing(_middle(ranges)) else []))
    return search(
        parameters,
        ranges,
        names,
        evaluate,
        population=population,
        generations=generations,
        seed=run.seed,
    )


def _ranges(family: Family, params: Any) -> Ranges:
    ranges = {parameter.name: getattr(params, parameter.name) for parameter in family.parameters}
    for parameter in family.parameters:
        low, high = ranges[parameter.name]
        if low > high:
            raise BadInput(
                tr("“{name}” goes from {low:g} to {high:g}.", name=tr(parameter.title), low=low, high=high),
                tr("Give the smaller number first."),
            )
    return ranges


def _middle(ranges: Ranges) -> dict[str, float]:
    return {name: (low + high) / 2 for name, (low, high) in ranges.items()}


def _order(goal: str) -> int:
    return ("mass", "displacement", "tipping").index(goal)


def _part(bench: Bench, trial: Trial, place: int, params: Any, run: Run) -> NewArtifact:
    study = bench.study(trial.values)
    grid = grid_of(study, max_cells=FINAL_CELLS)
    mesh = surface_of(bench.family, trial.values, study.space.size)
    measured = measure(mesh, study, grid, {}, bench.device)
    name = f"{tr(bench.family.title)} {place}"
    path = run.scratch / f"variant-{place}.glb"
    write_part(
        path,
        Part(
            mesh=mesh,
            study=study,
            numbers=_with_stability(bench, trial, measured),
            stresses=measured.stresses,
            displacements=measured.displacements,
            settings={"family": bench.family.name, "values": dict(trial.values), "load": params.load},
            seed=run.seed,
        ),
    )
    return NewArtifact(path, PART, name)


def _with_stability(bench: Bench, trial: Trial, measured: Measured) -> PartNumbers:
    standing = bench.family.standing(trial.values)
    if standing is None:
        return measured.numbers
    grid = bench.grid(trial.values)
    shares = bench.shares(trial.values, grid)
    mass = measured.numbers.find("mass")
    assert mass is not None
    angle = tipping_angle(mass.worst.value, center_of_gravity(shares, grid.centers()), standing)
    tipping = PartNumber(
        name="tipping",
        title=mark("Tipping angle"),
        unit="°",
        better="more",
        meaning=mark("How far the floor may lean before it falls over, in the worst direction."),
        worst=Figure(angle),
    )
    return PartNumbers((*measured.numbers.numbers, tipping))
