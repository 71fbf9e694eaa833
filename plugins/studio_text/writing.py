"""Drafts from a prompt: streamed, measured, and stopped when the user says so."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from studio.api import BadInput, Number, Run, tr

if TYPE_CHECKING:
    from studio_text.decode import Draft, Numbers
    from studio_text.engine import Constraint, Engine
    from studio_text.sampling import Sampling

ENGINE_VERSION = "1"
"""Part of the version of every writing generator: changes when the same prompt and seed give other texts."""

_LEAST_ROOM = 32
"""Tokens: with less left in the context, nothing worth reading can follow."""
_CHARACTERS_PER_TOKEN = 4


@dataclass(frozen=True)
class Order:
    """How drafts are written."""

    sampling: Sampling
    most_tokens: int
    drafts: int = 1
    stop: tuple[str, ...] = ()
    avoid: tuple[str, ...] = ()
    target_words: int | None = None
    constraint: Callable[[], Constraint] | None = None
    exact: tuple[str, ...] = ()
    """Names that are written exactly so, as often as they are needed."""

    def changed(self, **values: Any) -> Order:
        return replace(self, **values)


def tokens_for(words: int, language: str = "") -> int:
    """Room enough for a text of so many words: it should end by itself before. English takes 1.3 tokens a
    word in most vocabularies, languages that a model knows less well up to 4."""
    return int(words * (4.5 if language else 2.4)) + 48


def write_drafts(
    run: Run, engine: Engine, prompt: Sequence[int], order: Order, *, shown: bool = True, first: int = 0
) -> list[Draft]:
    """Writes drafts of one prompt, all at once. `first` is the number of the first one, where it is shown.

    Raises:
        BadInput: the prompt leaves no room in the model's context.
    """
    from studio_text.decode import write

    check_room(engine, len(prompt))
    expected = max(1, order.drafts * order.most_tokens * _CHARACTERS_PER_TOKEN // 2)
    written = 0

    def on_text(draft: int, text: str) -> None:
        nonlocal written
        written += len(text)
        run.progress(min(written / expected, 0.99), 1, tr("Writing"))
        if shown:
            run.text(text, first + draft)

    def on_numbers(numbers: Numbers) -> None:
        run.numbers(*_numbers(numbers))

    run.progress(0, 1, tr("Reading the prompt"))
    return write(
        engine,
        prompt,
        order.sampling,
        drafts=order.drafts,
        most_tokens=order.most_tokens,
        stop=order.stop,
        avoid=order.avoid,
        target_words=order.target_words,
        constraint=order.constraint,
        exact=order.exact,
        on_text=on_text,
        on_numbers=on_numbers,
        check=run.check,
    )


def check_room(engine: Engine, length: int) -> None:
    """Raises `BadInput` where a prompt of so many tokens leaves no room for a text."""
    if engine.context - length < _LEAST_ROOM:
        raise BadInput(
            tr(
                "This is too long for the model: {length} tokens, and its context holds {context} "
                "for prompt and text together.",
                length=length,
                context=engine.context,
            ),
            tr("Shorten what you wrote by about {percent} %, or choose a model with a longer context.",
               percent=max(1, round(100 * (1 - (engine.context - _LEAST_ROOM) / length)))),
        )  # fmt: skip


def _numbers(numbers: Numbers) -> list[Number]:
    return [
        Number("tokens_per_second", tr("Speed"), round(numbers.tokens_per_second, 1), tr("tokens/s")),
        Number("first_token", tr("First word after"), round(numbers.first_token_seconds, 2), tr("s")),
        Number("prompt_tokens", tr("Prompt"), numbers.prompt_tokens, tr("tokens")),
        Number("context_left", tr("Left in the context"), numbers.context_left, tr("tokens")),
    ]
