"""Texts that follow a grammar: JSON by a schema, one of several choices, lists of lines.

`llguidance` says after each token which ones may come next. It knows each token by its bytes.
"""

from __future__ import annotations

import json
import weakref
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from studio.api import BadInput, tr

if TYPE_CHECKING:
    from llguidance import LLMatcher, LLTokenizer
    from numpy.typing import NDArray

    from studio_text.generators.engines.engine import Tokenizer

_JSON = {
    "whitespace_flexible": False,  # with free white space, small models write nothing else
    "item_separator": ", ",
    "key_separator": ": ",
    "json_allowed_escapes": '"\\bfnrt',  # none by number: half a surrogate pair is no text
}

_tables: weakref.WeakKeyDictionary[Tokenizer, tuple[LLTokenizer, dict[str, LLMatcher]]]
_tables = weakref.WeakKeyDictionary()


def json_constraint(tokenizer: Tokenizer, schema: Mapping[str, Any]) -> GrammarConstraint:
    """JSON in one line that a schema describes.

    Raises:
        BadInput: the schema is none, or has something that cannot be held to.
    """
    from llguidance import LLMatcher

    return GrammarConstraint(tokenizer, LLMatcher.grammar_from_json_schema(json.dumps(schema), _JSON))


def choice_constraint(tokenizer: Tokenizer, choices: Sequence[str]) -> GrammarConstraint:
    """One of the choices, word for word.

    Raises:
        BadInput: there are none.
    """
    from llguidance import LLMatcher

    texts = [choice for choice in choices if choice]
    if not texts:
        raise BadInput(tr("There is nothing to choose from."), tr("Name at least one choice."))
    return GrammarConstraint(tokenizer, LLMatcher.grammar_from_regex("|".join(map(_literal, texts))))


def list_constraint(
    tokenizer: Tokenizer, count: int, longest: int = 120, mark: str = "- "
) -> GrammarConstraint:
    """Lines of at most `longest` characters, each after a mark, and as many as `count` says."""
    from llguidance import LLMatcher

    line = rf"{_literal(mark)}[^\s\-*\x00-\x1f\x7f][^\x00-\x1f\x7f]{{0,{longest - 1}}}"
    lines = line + rf"(\n{line}){{{count - 1}}}"
    return GrammarConstraint(tokenizer, LLMatcher.grammar_from_regex(lines))


def _literal(text: str) -> str:
    """A regular expression of the text itself, in the Rust way of writing them."""
    return "".join(sign if sign.isascii() and sign.isalnum() else f"\\x{{{ord(sign):x}}}" for sign in text)


class GrammarConstraint:
    """`Constraint` of `engine.py`."""

    def __init__(self, tokenizer: Tokenizer, grammar: str) -> None:
        self._matcher = _matcher(tokenizer, grammar)
        self._vocabulary = tokenizer.vocabulary
        self._bits = np.zeros((self._vocabulary + 31) // 32, np.int32)

    def allowed(self) -> NDArray[np.bool_]:
        self._matcher.unsafe_compute_mask_ptr(self._bits.ctypes.data, self._bits.nbytes)
        self._check()
        bits = np.unpackbits(self._bits.view(np.uint8), count=self._vocabulary, bitorder="little")
        return bits.view(np.bool_)

    def accept(self, token: int) -> None:
        self._matcher.consume_token(token)
        self._check()

    @property
    def is_done(self) -> bool:
        done: bool = self._matcher.is_stopped()
        return done

    def _check(self) -> None:
        if self._matcher.is_error():
            raise BadInput(
                tr("The text does not fit its form any more."),
                tr("Ask for a simpler form, or for text without one."),
                self._matcher.get_error(),
            )


def _matcher(tokenizer: Tokenizer, grammar: str) -> LLMatcher:
    """A grammar at its beginning. Compiling takes a while, a copy none; drafts begin anew at each rewind."""
    from llguidance import LLMatcher

    if tokenizer not in _tables:
        _tables[tokenizer] = (_table(tokenizer), {})
    table, compiled = _tables[tokenizer]
    if grammar not in compiled:
        matcher = LLMatcher(table, grammar, log_level=0)
        if matcher.is_error():
            raise BadInput(
                tr("Text of this form cannot be written: its description has something that is not known."),
                tr("Ask for a simpler form, or for text without one."),
                matcher.get_error(),
            )
        compiled.clear()  # a job has one grammar
        compiled[grammar] = matcher
    return compiled[grammar].deep_copy()


def _table(tokenizer: Tokenizer) -> LLTokenizer:
    from llguidance import LLTokenizer, TokenizerWrapper

    ends = sorted(token for token in tokenizer.eos if token < tokenizer.vocabulary)
    if not ends:
        raise BadInput(
            tr("This model has no token that ends a text, so it cannot write text of a given form."),
            tr("Choose another model, or ask for text without a form."),
        )
    described = TokenizerWrapper(_Described(tokenizer, ends[0]))
    return LLTokenizer(described, n_vocab=tokenizer.vocabulary, eos_token=ends)


class _Described:
    """A tokenizer as `TokenizerWrapper` asks for it. It does not keep the tokenizer, which keeps it."""

    def __init__(self, tokenizer: Tokenizer, end: int) -> None:
        self._tokenizer = weakref.ref(tokenizer)
        self.tokens = [tokenizer.token_bytes(token) for token in range(tokenizer.vocabulary)]
        self.bos_token_id = tokenizer.bos
        self.eos_token_id = end
        self.special_token_ids = sorted(tokenizer.specials)

    def __call__(self, text: str) -> list[int]:
        tokenizer = self._tokenizer()
        return tokenizer.encode(text) if tokenizer else []
