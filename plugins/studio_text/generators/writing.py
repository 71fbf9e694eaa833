"""Drafts from a prompt: streamed, measured, and stopped when the user says so."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from studio.api import Number, Run, tr

if TYPE_CHECKING:
    from studio_text.generators.decoding.decode import Draft, Numbers
    from studio_text.generators.decoding.sampling import Sampling
    from studio_text.generators.engines.engine import Constraint, Engine

ENGINE_VERSION = "1"
"""Part of the version of every writing generator: changes when the same prompt and seed give other texts."""

_CHARACTERS_PER_TOKEN = 4


@dataclass(frozen=True)
class Order:
    """How drafts are written."""

    sampling: Sampling
    most_tokens: int
    least_tokens: int = 32
    """What must fit into the context: with less, nothing worth reading can follow."""
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
    run: Run, engine: Engine, prompt: Sequence[int], order: Order, *, shown: bool = True
) -> list[Draft]:
    """Writes drafts of one prompt, all at once. Their words, progress and numbers are told where they are
    `shown`, and those that are whole are kept for the next run of this job, should this one be broken off.

    Raises:
        BadInput: the prompt leaves no room in the model's context.
    """
    from studio_text.generators.decoding.decode import check_room, write
    from studio_text.generators.kept_drafts import keep, kept

    check_room(engine, len(prompt), order.least_tokens)
    expected = max(1, order.drafts * order.most_tokens * _CHARACTERS_PER_TOKEN // 2)
    known = kept(run, order.drafts) if shown else {}
    written = 0

    def on_read(part: float) -> None:
        if shown:
            words = tr("Reading the prompt: {percent} %", percent=int(100 * part))
            run.progress(0, 1, words if part else tr("Reading the prompt"))

    def on_text(draft: int, text: str) -> None:
        nonlocal written
        written += len(text)
        if shown:
            run.progress(min(written / expected, 0.99), 1, tr("Writing"))
            run.text(text, draft)

    def on_draft(number: int, draft: Draft) -> None:
        if shown:
            keep(run, number, draft)

    def on_numbers(numbers: Numbers) -> None:
        if shown:
            run.numbers(*_numbers(numbers))

    for number, draft in known.items():
        on_text(number, draft.text)
    return write(
        engine,
        prompt,
        order.sampling,
        drafts=order.drafts,
        known=known,
        most_tokens=order.most_tokens,
        stop=order.stop,
        avoid=order.avoid,
        target_words=order.target_words,
        constraint=order.constraint,
        exact=order.exact,
        on_read=on_read,
        on_text=on_text,
        on_draft=on_draft,
        on_numbers=on_numbers,
        check=run.check,
    )


def tell_if_cut(run: Run, number: int, draft: Draft) -> None:
    """Notes that a draft ends in the middle, and why."""
    if draft.ended == "context":
        run.note(tr("Draft {number} ends where the model's context was full.", number=number))
    elif draft.ended == "tokens":
        run.note(tr("Draft {number} is cut off: it became longer than was asked for.", number=number))


def _numbers(numbers: Numbers) -> list[Number]:
    return [
        Number("tokens_per_second", tr("Speed"), round(numbers.tokens_per_second, 1), tr("tokens/s")),
        Number("first_token", tr("First word after"), round(numbers.first_token_seconds, 2), tr("s")),
        Number("prompt_tokens", tr("Prompt"), numbers.prompt_tokens, tr("tokens")),
        Number("context_left", tr("Left in the context"), numbers.context_left, tr("tokens")),
    ]
