from __future__ import annotations

from typing import Annotated, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import Field

from studio.core.authoring import Ui, json_schema
from studio.core.params import defaults
from studio.core.params_base import Params
from studio.core.recipe import MAX_SEED
from studio.core.titles import told
from studio.errors import BadInput
from studio.ui.generate.matrix_model import (
    MAX_JOBS,
    MAX_VALUES,
    SEED,
    Axis,
    Matrix,
    number_range,
    parse_numbers,
    random_seeds,
    split_list,
)


class Made(Params):
    method: Literal["fill", "draw"] = "fill"
    steps: Annotated[int, Field(ge=1, le=50), Ui(when=("method", ("draw",)))] = 20
    guidance: Annotated[float, Field(ge=0, le=50)] = 7.5
    prompt: str = ""


SCHEMA = json_schema(Made)


def matrix(*axes: Axis, count: int = 1, **own: object) -> Matrix:
    return Matrix(SCHEMA, {**defaults(SCHEMA), **own}, axes, seed=5, count=count)


def axis(name: str, *values: object) -> Axis:
    return Axis(name, name.capitalize(), values, tuple(str(value) for value in values))


def test_lists_are_parted_as_the_locale_writes_numbers() -> None:
    assert split_list("1, 2,3;4\n5", ".") == ["1", "2", "3", "4", "5"]
    assert split_list("7,5; 8", ",") == ["7,5", "8"]
    assert split_list("7,5, 8,", ",") == ["7,5", "8"]
    assert parse_numbers("7,5; 8.25", whole=False, decimal=",") == (7.5, 8.25)
    assert parse_numbers("−3 ; 1 000", whole=True, decimal=",") == (-3, 1000)
    for text in ("1.5", "x", "1e400", "nan", "0x3"):
        with pytest.raises(BadInput):
            parse_numbers(text, whole=True, decimal=".")


@given(st.text(max_size=30), st.booleans(), st.sampled_from([".", ","]))
def test_any_text_is_numbers_or_told(text: str, whole: bool, decimal: str) -> None:
    try:
        numbers = parse_numbers(text, whole=whole, decimal=decimal)
    except BadInput as error:
        assert error.message
    else:
        assert all(isinstance(number, int if whole else float) for number in numbers)


def test_ranges_are_exact_in_decimals() -> None:
    assert number_range(0, 1, 0.1, whole=False) == (0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1)
    assert number_range(50, 20, 10, whole=True) == (50, 40, 30, 20)
    assert number_range(3, 3, 1, whole=True) == (3,)


@given(st.floats(allow_nan=False), st.floats(allow_nan=False), st.floats(allow_nan=False))
def test_any_range_stays_within_its_ends(start: float, end: float, step: float) -> None:
    try:
        numbers = number_range(start, end, step, whole=False)
    except BadInput as error:
        assert error.message
    else:
        assert 1 <= len(numbers) <= MAX_VALUES
        assert numbers[0] == start
        assert all(min(start, end) <= number <= max(start, end) for number in numbers)


def test_seeds_are_drawn_once_each_and_again_the_same() -> None:
    seeds = random_seeds(500, 7)
    assert len(set(seeds)) == 500
    assert seeds == random_seeds(500, 7)
    assert all(0 <= seed <= MAX_SEED for seed in seeds)


def test_every_combination_comes_once_with_a_readable_title() -> None:
    made = list(matrix(axis("guidance", 5.0, 7.5), axis("steps", 20, 30), method="draw"))
    assert [told(one.title) for one in made] == [
        "Guidance 5.0, Steps 20",
        "Guidance 5.0, Steps 30",
        "Guidance 7.5, Steps 20",
        "Guidance 7.5, Steps 30",
    ]
    assert {one.seed for one in made} == {5}
    assert made[1].values == {"method": "draw", "steps": 30, "guidance": 5.0, "prompt": ""}


def test_copies_differ_by_their_seed_alone() -> None:
    made = list(matrix(axis(SEED, 1, MAX_SEED), count=2))
    assert [(one.seed, told(one.title).partition(" ")[2]) for one in made] == [
        (1, "1, No. 1"),
        (2, "1, No. 2"),
        (MAX_SEED, f"{MAX_SEED}, No. 1"),
        (0, f"{MAX_SEED}, No. 2"),
    ]
    assert [told(one.title) for one in matrix(count=2)] == ["No. 1", "No. 2"]


def test_a_field_that_does_not_matter_is_not_varied() -> None:
    made = matrix(axis("method", "fill", "draw"), axis("steps", 10, 20, 30))
    assert made.product == 6
    assert made.total == 4
    assert [told(one.title) for one in made] == [
        "Method Fill",
        "Method Draw, Steps 10",
        "Method Draw, Steps 20",
        "Method Draw, Steps 30",
    ]


def test_wrong_values_are_told_by_field() -> None:
    wrong = matrix(axis("steps", 20, 99), axis("guidance", 1.0), method="draw").check()
    assert list(wrong) == ["steps"]
    assert wrong["steps"] == "99 must be at most 50"


def test_too_many_are_refused_before_they_are_counted() -> None:
    many = matrix(axis(SEED, *range(1000)), axis("guidance", *range(1000)))
    assert many.product == 1_000_000 > MAX_JOBS
    with pytest.raises(BadInput, match="too many"):
        _ = many.total
    assert len(many.first(12)) == 12


@given(st.lists(st.integers(1, 4), max_size=3), st.integers(1, 3))
def test_the_total_is_what_comes(sizes: list[int], count: int) -> None:
    names = (SEED, "guidance", "prompt")
    axes = [axis(name, *range(size)) for name, size in zip(names, sizes, strict=False)]
    made = matrix(*axes, count=count)
    combinations = list(made)
    assert len(combinations) == made.total == made.product
    assert made.first(2) == combinations[:2]
