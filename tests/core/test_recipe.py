"""A recipe is canonical: one text, one digest, whatever the order it was written in."""

from __future__ import annotations

import json
import math
import sys
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

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
        {"inputs": {"image": DIGEST + "\n"}},
        {"inputs": {"image": DIGEST.upper()}},
        {"inputs": []},
        {"numerics": {"threads": 0}},
        {"numerics": {"threads": 1025}},
        {"models": {"m": {"name": "x", "digest": "x"}}},
        {"models": {"m": {"name": "x", "digest": DIGEST, "size": 3}}},
        {"seed": "1"},
        {"seed": 1.0},
        {"seed": True},
        {"generator": "image/inpaint\n"},
        {"generator": 3},
        {"params": [1]},
        {"params": None},
        {"surprise": 1},
    ],
)
def test_a_recipe_that_breaks_its_rules_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises((ValueError, TypeError)):
        recipe(**change)
    with pytest.raises(ValueError, match="not a recipe"):
        Recipe.from_json(json.dumps({**recipe().to_dict(), **change}))


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", "null", '{"params": NaN}', "\udcff", "[" * 100_000, '{"params": {"a": 1e999}}', "{}"],
)
def test_what_is_no_recipe_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        Recipe.from_json(text)


@given(st.binary(max_size=80))
def test_any_bytes_are_a_recipe_or_refused(data: bytes) -> None:
    with pytest.raises(ValueError):
        Recipe.from_json(data)


def test_a_change_is_checked_too() -> None:
    assert recipe().changed(seed=7).seed == 7
    with pytest.raises(ValueError, match="seed"):
        recipe().changed(seed=-1)


def test_digests_are_as_they_always_were() -> None:
    """Projects name results by these: a change here would cut them off from their recipes."""
    least = Recipe(generator="image/inpaint", generator_version="1", params={})
    assert least.digest == "489c55e8b7e0a65298113947abb87f7356083392312f71b87785394f4b6d0e3e"
    nested = {"b": [1, 2.5, None, True], "a": -0.0}
    params = {"steps": 20, "strength": 0.8, "prompt": "Füße am See ☀", "method": "onnx", "nested": nested}
    full = Recipe(
        generator="image/inpaint",
        generator_version="2.1",
        params={**params, "big": 2**70, "tiny": 1e-7, "e": 1e22},
        inputs={"image": DIGEST, "mask": "0" * 64},
        models={
            "model": ModelUse(name="LaMa “x”", digest=DIGEST, licence="MIT"),
            "a": ModelUse(name="b", digest=DIGEST),
        },
        seed=MAX_SEED,
        device="cuda:0",
        numerics=Numerics(threads=8, precision="bf16"),
    )
    assert full.digest == "6c7b847968eaa816fa22cbd6d10561dac3eedae122b8716a471bc30ec93c2082"
    assert Recipe.from_json(full.to_json()).digest == full.digest


@pytest.mark.parametrize("value", [math.nan, [math.inf], {"a": "\udcff"}, {"\ud800": 1}, ("fine", "\udfff")])
def test_what_json_has_no_words_for_never_reaches_the_record(value: Any) -> None:
    with pytest.raises(ValueError):
        recipe(params={"x": value})


def test_the_largest_number_is_no_infinity() -> None:
    largest = recipe(params={"x": sys.float_info.max})
    assert Recipe.from_json(largest.to_json()) == largest
