"""A search for the values of a family that no others beat in every goal: NSGA-II.

Deb, Pratap, Agarwal and Meyarivan 2002, "A fast and elitist multiobjective genetic algorithm: NSGA-II", IEEE
Transactions on Evolutionary Computation 6(2).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from studio_product.generators.families.family import Parameter

Ranges = Mapping[str, tuple[float, float]]
"""From where to where each parameter may go; the same number twice holds it there."""

_WORST = 1e12
"""Of every goal, for values that make no part at all."""


@dataclass(frozen=True)
class Trial:
    """Values that were tried, and what came of them."""

    values: Mapping[str, float]
    goals: Mapping[str, float] | None
    """Each to be minimized; None where the values make no part in one piece that holds."""


Evaluate = Callable[[Mapping[str, float]], Mapping[str, float] | None]


def search(
    parameters: Sequence[Parameter],
    ranges: Ranges,
    goals: Sequence[str],
    evaluate: Evaluate,
    *,
    population: int,
    generations: int,
    seed: int,
) -> list[Trial]:
    """Every trial, in the order in which they were made: `population` times `generations` of them.

    The same seed makes the same trials. Every tenth is not bred but drawn evenly only in the first
    generation (Latin hypercube sampling); later ones come from tournaments, crossover and mutation.
    """
    import numpy as np
    from pymoo.algorithms.moo.nsga2 import NSGA2
    from pymoo.core.evaluator import Evaluator
    from pymoo.core.problem import Problem
    from pymoo.operators.sampling.lhs import LHS
    from pymoo.problems.static import StaticProblem

    loose = [parameter for parameter in parameters if ranges[parameter.name][0] < ranges[parameter.name][1]]
    held = {name: low for name, (low, high) in ranges.items() if low == high}
    if not loose:
        return [Trial(held, evaluate(held))]
    problem = Problem(
        n_var=len(loose),
        n_obj=len(goals),
        n_ieq_constr=1,
        xl=np.array([ranges[parameter.name][0] for parameter in loose]),
        xu=np.array([ranges[parameter.name][1] for parameter in loose]),
    )
    algorithm = NSGA2(pop_size=population, sampling=LHS())
    algorithm.setup(problem, termination=("n_gen", generations), seed=seed, verbose=False)
    trials: list[Trial] = []
    while algorithm.has_next():
        asked = algorithm.ask()
        made = []
        for row in asked.get("X"):
            values = held | {parameter.name: float(x) for parameter, x in zip(loose, row, strict=True)}
            made.append(Trial(values, evaluate(values)))
        found = np.array([[trial.goals[goal] if trial.goals else _WORST for goal in goals] for trial in made])
        broken = np.array([[0.0 if trial.goals else 1.0] for trial in made])
        Evaluator().eval(StaticProblem(problem, F=found, G=broken), asked)
        algorithm.tell(infills=asked)
        trials += made
    return trials


def front(trials: Sequence[Trial], goals: Sequence[str]) -> list[Trial]:
    """Those that no other beats in one goal without being worse in another, by their first goal."""
    whole = [trial for trial in trials if trial.goals is not None]
    rows = [tuple(trial.goals[goal] for goal in goals) for trial in whole if trial.goals is not None]
    kept = {
        row: trial
        for row, trial in zip(rows, whole, strict=True)
        if not any(_beats(other, row) for other in rows)
    }
    return [kept[row] for row in sorted(kept)]


def _beats(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    return one != other and all(a <= b for a, b in zip(one, other, strict=True))


class Remembered:
    """An evaluation whose answers are written down, so that a search that was broken off goes on.

    The file holds a line of JSON for each trial; a line that was cut short is forgotten.
    """

    def __init__(self, evaluate: Evaluate, file: Path) -> None:
        self._evaluate = evaluate
        self._file = file
        self._known: dict[str, Mapping[str, float] | None] = {}
        if file.exists():
            for line in file.read_text().splitlines():
                try:
                    values, goals = json.loads(line)
                except ValueError:
                    break
                self._known[_key(values)] = goals

    def __call__(self, values: Mapping[str, float]) -> Mapping[str, float] | None:
        key = _key(values)
        if key not in self._known:
            self._known[key] = goals = self._evaluate(values)
            with self._file.open("a") as file:
                file.write(json.dumps([dict(values), None if goals is None else dict(goals)]) + "\n")
        return self._known[key]


def _key(values: Mapping[str, float]) -> str:
    return json.dumps(dict(values), sort_keys=True)
