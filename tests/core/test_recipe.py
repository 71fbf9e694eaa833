"""A recipe is canonical: one text, one digest, whatever the order it was written in."""

from __future__ import annotations

import math
import sys
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from studio.core.recipe import MAX_SEED, ModelUse, Numerics, Recipe

DIGEST = "ab" * 32
VALUES = (
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text()
)


def recipe(**changes: Any) -> Recipe:
    base: dict[str, Any] = {"generator": "image/inpaint", "generator_version": "1", "params": {"steps": 20}}
    return Recipe(**{**base, **changes})


@given(st.dictionaries(st.text(), VALUES, max_size=6), st.integers(0, MAX_SEED))
def test_json_round_trip_keeps_everything(params: dict[str, Any], seed: int) -> None:
    one = recipe(
        params=params, seed=seed, inputs={"image": DIGEST}, models={"m": ModelUse(name="lama", digest=DIGEST)}
    )
    again = Recipe.from_json(one.to_json())
    assert again == one
    assert again.digest == one.digest


def test_digest_does_not_depend_on_the_order_of_params() -> None:
    assert recipe(params={"a": 1, "b": 2}).digest == recipe(params={"b": 2, "a": 1}).digest


@pytest.mark.parametrize(
    "change",
    [
        {"params": {"steps": 21}},
        {"generator_version": "2"},
        {"seed": 1},
        {"device": "cuda:0"},
        {"inputs": {"image": DIGEST}},
        {"models": {"m": ModelUse(name="x", digest=DIGEST)}},
        {"numerics": Numerics(threads=2)},
    ],
)
def test_digest_changes_with_everything_a_generation_depends_on(change: dict[str, Any]) -> None:
    assert recipe(**change).digest != recipe().digest


@pytest.mark.parametrize(
    "change",
    [
        {"seed": -1},
        {"seed": MAX_SEED + 1},
        {"generator": "inpaint"},
        {"generator": "../etc/passwd"},
        {"inputs": {"image": "not a digest"}},
        {"numerics": {"threads": 0}},
        {"surprise": 1},
    ],
)
def test_a_recipe_that_breaks_its_rules_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        recipe(**change)


@pytest.mark.parametrize("value", [math.nan, [math.inf], {"a": "\udcff"}, {"\ud800": 1}, ("fine", "\udfff")])
def test_what_json_has_no_words_for_never_reaches_the_record(value: Any) -> None:
    with pytest.raises(ValidationError):
        recipe(params={"x": value})


def test_the_largest_number_is_no_infinity() -> None:
    largest = recipe(params={"x": sys.float_info.max})
    assert Recipe.from_json(largest.to_json()) == largest
