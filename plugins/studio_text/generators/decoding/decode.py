"""Writes drafts: prompt in, texts out, as they come."""

from __future__ import annotations

import itertools
import math
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from studio.api import BadInput, tr
from studio_text.core.avoid import Watch
from studio_text.generators.decoding.drafting import Ending, Row
from studio_text.generators.decoding.sampling import Picker, Sampling
from studio_text.generators.engines.engine import PIECE, Check, Constraint, Decoding, Engine

_NUMBERS_EVERY = 0.25
"""Seconds"""


@dataclass(frozen=True)
class Draft:
    text: str
    tokens: tuple[int, ...]
    """All that were written, with the one that ended it."""
    ended: Ending
    """"end": the model or the grammar ended it; "stop": a stop text came; "length": the words that were asked
    for are written; "tokens": all that may be written are; "context": no room is left."""

    @property
    def is_cut(self) -> bool:
        """Whether it ends in the middle of what the model had to say."""
        return self.ended in ("tokens", "context")


@dataclass(frozen=True)
class Numbers:
    prompt_tokens: int
    first_token_seconds: float
    """From the start to the first token: reading the prompt, mostly."""
    tokens_per_second: float
    """Of all drafts together, since the first token."""
    context_left: int
    """Tokens that still fit, in the longest draft."""


def write(
    engine: Engine,
    prompt: Sequence[int],
    sampling: Sampling,
    *,
    drafts: int = 1,
    known: Mapping[int, Draft] | None = None,
    most_tokens: int,
    stop: Sequence[str] = (),
    avoid: Sequence[str] = (),
    target_words: int | None = None,
    constraint: Callable[[], Constraint] | None = None,
    exact: Sequence[str] = (),
    on_read: Callable[[float], None] = lambda part: None,
    on_text: Callable[[int, str], None],
    on_draft: Callable[[int, Draft], None] = lambda number, draft: None,
    on_numbers: Callable[[Numbers], None],
    check: Check,
) -> list[Draft]:
    """Writes drafts of one prompt, all at once, but for those that are `known` by their number.

    A text ends where the model ends it, before the first of the `stop` texts, at the end of a sentence near
    `target_words`, or after `most_tokens` or when the context is full. `on_read` gets the part of the prompt
    that is read, from 0 to below 1. `on_text` gets (draft, more text): the pieces together are the draft's
    text, and at no time hold one of the words to `avoid`. `on_draft` gets each as soon as it is whole.
    Numbers, and the names in `exact`, may be repeated without a penalty.

    Raises:
        BadInput: the prompt is empty or fills the context; or grammar and words to avoid leave nothing.
        ModelRefused: the model gives no numbers.
        Whatever `check` raises.
    """
    if not prompt:
        raise BadInput(tr("There is nothing to begin with."), tr("Write at least a word."))
    check_room(engine, len(prompt))
    done = dict(known or {})
    missing = [number for number in range(drafts) if number not in done]
    if not missing:
        return [done[number] for number in range(drafts)]
    left = engine.context - len(prompt)
    room = min(most_tokens, left)
    started = time.perf_counter()
    pieces = itertools.count()

    def read_on() -> None:
        check()
        on_read(next(pieces) * PIECE / len(prompt))

    decoding = engine.begin(prompt, len(missing), room, read_on)
    first = decoding.logits[0].copy()
    watch = Watch(avoid)
    unchanged = _tokens_of(engine, exact)
    rows = [
        Row(
            engine.tokenizer, Picker(sampling, draft), watch, stop=stop, most_tokens=room,
            target_words=target_words, constraint=constraint, exact=unchanged,
        )
        for draft in missing
    ]  # fmt: skip
    clock = _Clock(len(prompt), engine.context, started, on_numbers)
    feed = [0] * len(rows)
    while live := [place for place, row in enumerate(rows) if row.ended is None]:
        check()
        for place in live:
            row, number = rows[place], missing[place]
            feed[place] = row.grow(decoding.logits[place], first, _rewinder(decoding, place))
            if fresh := row.shown():
                on_text(number, fresh)
            if row.ended is not None:
                decoding.finish(place)
                done[number] = Draft(row.text, tuple(row.tokens), _ending(row, left))
                on_draft(number, done[number])
        clock.tick(rows, len(live))
        if any(row.ended is None for row in rows):
            decoding.advance(feed)
    clock.report(rows)
    return [done[number] for number in range(drafts)]


def _tokens_of(engine: Engine, names: Sequence[str]) -> frozenset[int]:
    """Of the names, at the beginning of a text and within one."""
    forms = (form for name in names for form in (name, f" {name}"))
    return frozenset(token for form in forms for token in engine.tokenizer.encode(form))


def check_room(engine: Engine, length: int, least: int = 1) -> None:
    """Raises `BadInput` where a prompt of `length` tokens leaves no room for a text of `least` tokens."""
    if length + least > engine.context:
        raise BadInput(
            tr(
                "This is too long for the model: {length} tokens, at least {least} more for the answer, and "
                "its context holds {context}.",
                length=length,
                least=least,
                context=engine.context,
            ),
            tr(
                "Shorten what you wrote by about {percent} %, or choose a model with a longer context.",
                percent=math.ceil(100 * (1 - engine.context / (length + least))),
            ),
        )


def _rewinder(decoding: Decoding, row: int) -> Callable[[int], None]:
    return lambda count: decoding.rewind(row, count)


def _ending(row: Row, left: int) -> Ending:
    assert row.ended is not None
    full = row.ended == "tokens" and len(row.tokens) >= left
    return "context" if full else row.ended


class _Clock:
    """Measures, and tells it a few times a second."""

    def __init__(self, prompt: int, context: int, started: float, tell: Callable[[Numbers], None]) -> None:
        self._prompt, self._context, self._started, self._tell = prompt, context, started, tell
        self._first: float | None = None
        self._told = 0.0
        self._written = 0

    def tick(self, rows: Sequence[Row], written: int) -> None:
        """A token was added to so many of the rows."""
        now = time.perf_counter()
        if self._first is None:
            self._first = now
        else:
            self._written += written
        if now - self._told >= _NUMBERS_EVERY:
            self._told = now
            self.report(rows)

    def report(self, rows: Sequence[Row]) -> None:
        first = self._first or self._started
        seconds = max(time.perf_counter() - first, 1e-9)
        self._tell(
            Numbers(
                prompt_tokens=self._prompt,
                first_token_seconds=first - self._started,
                tokens_per_second=self._written / seconds,
                context_left=self._context - self._prompt - max(len(row.tokens) for row in rows),
            )
        )
