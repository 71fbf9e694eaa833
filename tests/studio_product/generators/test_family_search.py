"""The search over a family's values."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from studio_product.generators.families.family import Parameter
from studio_product.generators.families.search import Remembered, Trial, front, search

PARAMETERS = (Parameter("x", "x", 0, 2), Parameter("y", "y", -1, 1))
RANGES = {"x": (0.0, 2.0), "y": (-1.0, 1.0)}


def schaffer(values: Mapping[str, float]) -> Mapping[str, float]:
    """Schaffer 1985, with one value that only harms: the front is y = 0, sqrt(a) + sqrt(b) = 2."""
    x, y = values["x"], values["y"]
    return {"a": x**2 + y**2, "b": (x - 2) ** 2 + y**2}


def run(
    evaluate: object = schaffer, seed: int = 1, ranges: dict[str, tuple[float, float]] = RANGES
) -> list[Trial]:
    return search(PARAMETERS, ranges, ("a", "b"), evaluate, population=16, generations=12, seed=seed)  # type: ignore[arg-type]


def test_it_finds_the_front_of_a_published_problem() -> None:
    best = front(run(), ("a", "b"))
    assert len(best) >= 8
    for trial in best[:-1]:
        assert trial.goals is not None
        assert trial.goals["a"] ** 0.5 + trial.goals["b"] ** 0.5 == pytest.approx(2, abs=0.1)
    spread = [trial.values["x"] for trial in best]
    assert min(spread) < 0.3
    assert max(spread) > 1.7


def test_the_same_seed_tries_the_same_and_another_does_not() -> None:
    assert run() == run()
    assert run() != run(seed=2)


def test_values_that_make_no_part_are_never_on_the_front() -> None:
    def broken(values: Mapping[str, float]) -> Mapping[str, float] | None:
        return None if values["x"] < 1 else schaffer(values)

    trials = run(broken)
    assert any(trial.goals is None for trial in trials)
    assert all(trial.values["x"] >= 1 for trial in front(trials, ("a", "b")))


def test_a_parameter_that_is_held_stays_and_all_held_are_one_trial() -> None:
    assert {trial.values["y"] for trial in run(ranges={**RANGES, "y": (0.5, 0.5)})} == {0.5}
    (trial,) = run(ranges={"x": (1.0, 1.0), "y": (0.5, 0.5)})
    assert trial.goals == schaffer({"x": 1.0, "y": 0.5})


def test_a_search_that_was_broken_off_goes_on_without_asking_again(tmp_path: Path) -> None:
    asked: list[Mapping[str, float]] = []

    def count(values: Mapping[str, float]) -> Mapping[str, float]:
        asked.append(values)
        if len(asked) == 40:
            raise KeyboardInterrupt
        return schaffer(values)

    file = tmp_path / "trials.jsonl"
    with pytest.raises(KeyboardInterrupt):
        run(Remembered(count, file))
    with file.open("a") as broken_off:
        broken_off.write('[{"x": 1.0')
    again: list[Mapping[str, float]] = []

    def on(values: Mapping[str, float]) -> Mapping[str, float]:
        again.append(values)
        return schaffer(values)

    assert run(Remembered(on, file)) == run()
    assert 0 < len(again) <= 16 * 12 - 39


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=1, max_size=30))
def test_a_front_holds_just_what_nothing_beats(rows: list[tuple[int, int]]) -> None:
    trials = [Trial({"n": n}, {"a": a, "b": b}) for n, (a, b) in enumerate(rows)]
    found = {(t.goals["a"], t.goals["b"]) for t in front(trials, ("a", "b")) if t.goals}
    brute = {p for p in rows if not any(q != p and q[0] <= p[0] and q[1] <= p[1] for q in rows)}
    assert found == brute
