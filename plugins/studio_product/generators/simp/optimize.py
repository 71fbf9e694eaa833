"""Minimum compliance by SIMP."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor

from studio_product.generators.problem import Problem
from studio_product.generators.simp.checkpoint import Progress, fingerprint, load, save
from studio_product.generators.simp.continuation import schedule
from studio_product.generators.simp.field import DesignField
from studio_product.generators.simp.moving_asymptotes import MovingAsymptotes
from studio_product.generators.simp.multiplier import Volume
from studio_product.generators.simp.optimality import optimality_criteria
from studio_product.generators.simp.response import TOLERANCE, Response, respond

_SAVED_EVERY = 10
"""Iterations."""
_OVERHANG_MOVE = 0.5
"""Of the move limit: under the overhang filter a change of one layer is a change of all above it."""

_SEED = 0.05
"""Of the optimality criteria, under projection. It lets members grow where a start, or earlier designs, left
nothing: repelled designs then relax to compliances that are a third as far from the best. Published results,
which are without projection, are without it."""


@dataclass(frozen=True)
class Repel:
    """Keeps a design away from earlier ones in its first iterations: adds
    `weight` * (sum |dc| / sum `mean`) * `mean` to the sensitivity of the compliance c.
    """

    mean: Tensor
    """(*cells), of the earlier designs' densities."""
    weight: float
    iterations: int

    def push(self, gradient: Tensor) -> Tensor:
        """(*cells), what comes to the compliance's gradient with respect to the density."""
        scale = self.weight * gradient.abs().sum() / self.mean.sum()
        return scale * self.mean


@dataclass(frozen=True)
class State:
    """As it is in an iteration, once analyzed and before its update counts."""

    iteration: int
    """From 1."""
    iterations: int
    """At most."""
    density: Tensor
    """(*cells), physical."""
    compliances: Tensor
    """(cases,), N*mm, of the density before the iteration's update."""
    change: float
    """Greatest of a design variable in this iteration."""


@dataclass(frozen=True)
class Design:
    """A result."""

    density: Tensor
    """(*cells) float64, physical: 1 where solid, 0 in voids."""
    compliances: Tensor
    """(cases,) float64, N*mm, of `density`."""
    history: tuple[float, ...]
    """Weighted sum of compliances at each iteration."""
    iterations: int


def optimize(
    problem: Problem,
    *,
    start: Tensor | None = None,
    repel: Repel | None = None,
    iterations: int = 200,
    tolerance: float = TOLERANCE,
    checkpoint: Path | None = None,
    watch: Callable[[State], None] | None = None,
) -> Design:
    """Minimize the compliance by SIMP, until no design variable changes by more than the method's `change`.

    Args:
        start: (*cells), design variables to begin with; None spreads the material evenly.
        iterations: At most.
        tolerance: Of the equations' residuals, relative to the loads. The compliance is off by about its
            square: 1e-2 finds as good designs as 1e-5, in half the time.
        checkpoint: Where to keep how far it has come. If the file is there, and of this same optimization, it
            goes on from there, to the same bytes as if it had never stopped.
        watch: Called in each iteration. To stop, it raises; what it raises is passed on once the checkpoint
            is written.
    """
    run = _Optimization(problem, repel, iterations, tolerance)
    apart = (repel.mean, repel.weight, repel.iterations) if repel else ()
    mark = fingerprint(problem, start, iterations, tolerance, *apart) if checkpoint else ""
    progress = load(checkpoint, mark, problem.free.device) if checkpoint else None
    if progress is None:
        progress = Progress(run.field.start(uniform(problem) if start is None else start))
    while True:
        iterate = run.iterate(progress)
        if watch:
            try:
                watch(iterate.state)
            except BaseException:
                if checkpoint:
                    save(checkpoint, progress, mark)
                raise
        if iterate.next is None:
            return Design(
                iterate.state.density,
                iterate.state.compliances,
                iterate.history,
                iterate.state.iteration,
            )
        progress = iterate.next
        if checkpoint and iterate.state.iteration % _SAVED_EVERY == 0:
            save(checkpoint, progress, mark)


def uniform(problem: Problem) -> Tensor:
    """(*cells), design variables that spread the material evenly over the free cells."""
    value = (problem.volume - int(problem.solid.sum())) / max(1, int(problem.free.sum()))
    return torch.full(problem.grid.cells, value, dtype=torch.float64, device=problem.free.device)


@dataclass(frozen=True)
class _Iterate:
    state: State
    history: tuple[float, ...]
    next: Progress | None
    """None where this is the last."""


class _Optimization:
    def __init__(self, problem: Problem, repel: Repel | None, iterations: int, tolerance: float) -> None:
        self.field = DesignField(problem)
        self._problem = problem
        self._repel = repel
        self._iterations = iterations
        self._tolerance = tolerance
        self._stages = schedule(problem.method, iterations)

    def iterate(self, progress: Progress) -> _Iterate:
        """One analysis and one update."""
        stage = self._stages[progress.stage]
        self.field.sharpness = stage.sharpness
        density = self.field.density(progress.x)
        response = respond(self._problem, density, progress.displacements, tolerance=self._tolerance)
        history = (*progress.history, float(response.compliances @ self._problem.weights))
        x, memory = self._updated(progress, density, response)
        change = float((x - progress.x).abs().max())
        state = State(len(history), self._iterations, density, response.compliances, change)
        ended = change <= self._problem.method.change or progress.stage_iterations + 1 == stage.iterations
        if ended and stage is self._stages[-1]:
            return _Iterate(state, history, None)
        return _Iterate(
            state,
            history,
            Progress(
                x=x,
                displacements=response.displacements,
                memory=memory,
                stage=progress.stage + ended,
                stage_iterations=0 if ended else progress.stage_iterations + 1,
                history=history,
            ),
        )

    def _updated(
        self, progress: Progress, density: Tensor, response: Response
    ) -> tuple[Tensor, tuple[Tensor, ...]]:
        """The next design variables, and the memory of the moving asymptotes."""
        problem, field, free = self._problem, self.field, self._problem.free
        if not free.any():
            return progress.x, ()
        sensitivity = response.gradient
        if self._repel and len(progress.history) < self._repel.iterations:
            sensitivity = sensitivity + self._repel.push(sensitivity)
        objective = field.filtered_sensitivity(progress.x, field.gradient(sensitivity))[free]
        values = progress.x[free]
        volume = self._volume(progress.x, density)
        move = problem.method.move * (_OVERHANG_MOVE if problem.making.build else 1)
        if problem.has_weight:
            asymptotes = MovingAsymptotes(progress.memory)
            changed = asymptotes.update(values, objective, volume, move)
            memory = asymptotes.memory
        else:
            seed = _SEED if problem.method.projection else 0.0
            changed, memory = optimality_criteria(values, objective, volume, move, seed), ()
        return progress.x.masked_scatter(free, changed), memory

    def _volume(self, x: Tensor, density: Tensor) -> Volume:
        """Near x, whose density was the field's last."""
        field, free = self.field, self._problem.free
        gradient = field.gradient(torch.ones_like(x))[free]
        constant = float(density.sum() - gradient @ x[free])

        def of(changed: Tensor) -> float:
            if field.is_linear:
                return constant + float(gradient @ changed)
            return float(field.density(x.masked_scatter(free, changed)).sum())

        return Volume(of, gradient, self._problem.volume, field.is_linear)
