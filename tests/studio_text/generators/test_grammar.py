from __future__ import annotations

import gc
import json
import weakref
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from studio_text.generators.decoding.grammar import choice_constraint, json_constraint, list_constraint
from studio_text.generators.engines.engine import Constraint
from studio_text.generators.engines.tokenizer import TextTokenizer, load_tokenizer

from studio.api import BadInput

from . import tiny_tokenizers

KINDS = st.sampled_from(["gemma", "qwen"])
SEEDS = st.integers(0, 2**32)
LIMIT = 5000


@cache
def tiny(kind: str) -> TextTokenizer:
    import tempfile

    with tempfile.TemporaryDirectory() as place:
        return load_tokenizer(tiny_tokenizers.folder(Path(place), kind))


def written(tokenizer: TextTokenizer, constraint: Constraint, seed: int) -> str:
    """Text of tokens drawn at random from what is allowed."""
    random = np.random.default_rng(seed)
    tokens: list[int] = []
    while not constraint.is_done:
        allowed = constraint.allowed()
        assert allowed.shape == (tokenizer.vocabulary,)
        assert allowed.dtype == np.bool_
        token = int(random.choice(np.flatnonzero(allowed)))
        if token in tokenizer.eos:
            break
        constraint.accept(token)
        tokens.append(token)
        assert len(tokens) < LIMIT
    return tokenizer.decode(tokens)


def _objects(inner: st.SearchStrategy[dict[str, Any]]) -> st.SearchStrategy[dict[str, Any]]:
    names = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=6)
    return st.dictionaries(names, inner, max_size=3).map(
        lambda entries: {
            "type": "object",
            "properties": entries,
            "required": list(entries),
            "additionalProperties": False,
        }
    )


def _arrays(inner: st.SearchStrategy[dict[str, Any]]) -> st.SearchStrategy[dict[str, Any]]:
    return inner.map(lambda entry: {"type": "array", "items": entry, "minItems": 1, "maxItems": 3})


SCHEMAS = st.recursive(
    st.one_of(
        st.integers(0, 20).map(lambda longest: {"type": "string", "maxLength": longest}),
        st.tuples(st.integers(-99, 0), st.integers(1, 999)).map(
            lambda ends: {"type": "integer", "minimum": ends[0], "maximum": ends[1]}
        ),
        st.just({"type": "boolean"}),
        st.just({"enum": ["oak", "über", 'a "b"', 1, None]}),
    ),
    lambda inner: _objects(inner) | _arrays(inner),
    max_leaves=5,
)


@pytest.mark.slow
@given(KINDS, SCHEMAS, SEEDS)
def test_json_always_fits_its_schema(kind: str, schema: Mapping[str, Any], seed: int) -> None:
    tokenizer = tiny(kind)
    text = written(tokenizer, json_constraint(tokenizer, schema), seed)
    value = json.loads(text)
    jsonschema.validate(value, schema)
    json.dumps(value, ensure_ascii=False).encode()  # no halves of surrogate pairs


@given(KINDS, st.lists(st.text(), min_size=1, max_size=5), SEEDS)
def test_a_choice_is_one_of_the_choices(kind: str, choices: list[str], seed: int) -> None:
    choices = [choice.encode("utf-8", "replace").decode() for choice in choices]
    tokenizer = tiny(kind)
    if any(choices):
        assert written(tokenizer, choice_constraint(tokenizer, choices), seed) in choices


@given(KINDS, st.integers(1, 5), st.integers(1, 30), SEEDS)
def test_a_list_has_its_lines(kind: str, count: int, longest: int, seed: int) -> None:
    tokenizer = tiny(kind)
    lines = written(tokenizer, list_constraint(tokenizer, count, longest), seed).split("\n")
    assert len(lines) == count
    assert all(line.startswith("- ") and 1 <= len(line) - 2 <= longest and line[2:].strip() for line in lines)


def test_each_constraint_begins_anew() -> None:
    tokenizer = tiny("qwen")
    first = choice_constraint(tokenizer, ["oak", "wool"])
    first.accept(tokenizer.encode("oak")[0])
    assert written(tokenizer, choice_constraint(tokenizer, ["oak", "wool"]), 1) in ("oak", "wool")


def test_a_token_that_is_not_allowed_is_told() -> None:
    tokenizer = tiny("qwen")
    with pytest.raises(BadInput, match="does not fit its form"):
        choice_constraint(tokenizer, ["oak"]).accept(tokenizer.encode("z")[0])


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "nonsense"},
        {"not": {"type": "string"}, "$ref": "#/nowhere"},
        {"type": "integer", "minimum": 2, "maximum": 1},
    ],
)
def test_a_schema_that_cannot_be_held_to_is_refused_in_words(schema: dict[str, Any]) -> None:
    with pytest.raises(BadInput, match="Text of this form cannot be written"):
        json_constraint(tiny("qwen"), schema)


def test_no_choices_are_refused_in_words() -> None:
    with pytest.raises(BadInput, match="nothing to choose from"):
        choice_constraint(tiny("qwen"), [""])


def test_a_model_without_an_end_is_refused_in_words(tmp_path: Path) -> None:
    at = tiny_tokenizers.folder(tmp_path, "qwen", eos_token=None)
    document = json.loads((at / "tokenizer.json").read_text(encoding="utf-8"))
    document["added_tokens"] = []
    (at / "tokenizer.json").write_text(json.dumps(document), encoding="utf-8")
    with pytest.raises(BadInput, match="no token that ends"):
        choice_constraint(load_tokenizer(at), ["oak"])


def test_a_tokenizer_that_is_not_used_any_more_is_freed(tmp_path: Path) -> None:
    tokenizer = load_tokenizer(tiny_tokenizers.folder(tmp_path, "qwen"))
    choice_constraint(tokenizer, ["oak"])
    gone = weakref.ref(tokenizer)
    del tokenizer
    gc.collect()
    assert gone() is None
