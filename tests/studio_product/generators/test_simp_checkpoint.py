"""An optimization that is stopped goes on to the same bytes."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from studio_product.core.studies.study import Method, Study
from studio_product.generators.problem import Problem
from studio_product.generators.simp.optimize import Design, Repel, State, optimize

from .simp_studies import at, noise, plate, posed, pull

STUDY = plate(16, 8, method=Method(radius=1.6))
HEAVY = plate(
    16,
    8,
    method=Method(radius=1.6),
    cases=(pull("tip", at(16, 0, 0), 0.0, -1e-6, 0.0, gravity=(0.0, -1.0, 0.0)),),
)


class Stopped(Exception):
    pass


def run(problem: Problem, checkpoint: Path | None, *, stop_at: int = 0, iterations: int = 26) -> Design:
    def watch(state: State) -> None:
        if state.iteration == stop_at:
            raise Stopped

    start = noise(problem, low=0.3, high=0.7)
    repel = Repel(noise(problem, 5), 0.2, 8)
    return optimize(
        problem, start=start, repel=repel, iterations=iterations, checkpoint=checkpoint, watch=watch
    )


def same(a: Design, b: Design) -> bool:
    return (
        torch.equal(a.density, b.density)
        and torch.equal(a.compliances, b.compliances)
        and a.history == b.history
        and a.iterations == b.iterations
    )


@pytest.mark.parametrize("study", [STUDY, HEAVY], ids=["light", "heavy"])
def test_it_goes_on_to_the_same_bytes(study: Study, tmp_path: Path) -> None:
    checkpoint = tmp_path / "member.npz"
    whole = run(posed(study), None)
    for stop in (1, 7, 21):
        with pytest.raises(Stopped):
            run(posed(study), checkpoint, stop_at=stop)
    assert same(run(posed(study), checkpoint), whole)
    assert [path.name for path in tmp_path.iterdir()] == ["member.npz"]


def test_it_goes_on_from_what_was_saved_by_the_way(tmp_path: Path) -> None:
    """As after a crash: nothing could be written when it stopped."""
    checkpoint, kept = tmp_path / "member.npz", tmp_path / "kept.npz"
    whole = run(posed(STUDY), None)

    def keep(state: State) -> None:
        if state.iteration == 21:
            kept.write_bytes(checkpoint.read_bytes())

    problem = posed(STUDY)
    start, repel = noise(problem, low=0.3, high=0.7), Repel(noise(problem, 5), 0.2, 8)
    optimize(problem, start=start, repel=repel, iterations=26, checkpoint=checkpoint, watch=keep)
    kept.replace(checkpoint)
    seen: list[int] = []
    problem = posed(STUDY)
    again = optimize(
        problem,
        start=start,
        repel=repel,
        iterations=26,
        checkpoint=checkpoint,
        watch=lambda state: seen.append(state.iteration),
    )
    assert same(again, whole)
    assert seen[0] == 21


@pytest.mark.parametrize("damage", ["other", "empty", "cut", "noise"])
def test_a_checkpoint_that_does_not_fit_is_not_used(damage: str, tmp_path: Path) -> None:
    checkpoint = tmp_path / "member.npz"
    problem = posed(STUDY)
    with pytest.raises(Stopped):
        run(problem, checkpoint, stop_at=5, iterations=27 if damage == "other" else 26)
    data = checkpoint.read_bytes()
    if damage != "other":
        checkpoint.write_bytes({"empty": b"", "cut": data[: len(data) // 2], "noise": b"x" * 500}[damage])
    assert same(run(problem, checkpoint), run(posed(STUDY), None))
