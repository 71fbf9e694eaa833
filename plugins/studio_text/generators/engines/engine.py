"""What a language model is to the rest of this plugin, whatever computes it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Check = Callable[[], None]
"""Raises where the work shall stop (`Run.check`)."""

PIECE = 256
"""Tokens of a prompt that are read at once, between two checks."""


@dataclass(frozen=True)
class Message:
    """One turn of a conversation, as chat templates know it."""

    role: str
    """"system", "user" or "assistant"."""
    content: str


class Detokenizer(Protocol):
    """Makes text of tokens as they come."""

    def add(self, token: int) -> str:
        """The text that is certain now: bytes of an unfinished character wait for the next token."""

    def rest(self) -> str:
        """What still waits; unfinished bytes as U+FFFD. Afterwards nothing waits."""


class Tokenizer(Protocol):
    bos: int | None
    eos: frozenset[int]
    """Tokens that end a text."""
    specials: frozenset[int]
    """Tokens that steer the model and write nothing."""
    vocabulary: int
    has_chat_template: bool

    def encode(self, text: str) -> list[int]:
        """Without any token before or after. Special tokens in the text are not taken for what they say."""

    def encode_prompt(self, text: str) -> list[int]:
        """With the beginning token, if the model has one: for models without a chat template."""

    def encode_chat(self, messages: Sequence[Message]) -> list[int]:
        """A conversation as the model's chat template writes it, up to where the model answers.

        Raises:
            BadInput: the model has no chat template, or it cannot write this conversation.
        """

    def decode(self, tokens: Sequence[int]) -> str: ...

    def token_bytes(self, token: int) -> bytes:
        """What a token adds to a text, in UTF-8; nothing of special tokens."""

    def detokenizer(self) -> Detokenizer: ...


class Decoding(Protocol):
    """Several drafts of one prompt, all computed in one batch. Rows are drafts."""

    logits: NDArray[np.float32]
    """(rows, vocabulary): of each row's next token."""

    def advance(self, tokens: Sequence[int]) -> None:
        """Adds one token to each row and computes the next logits. A row that is done takes any token."""

    def rewind(self, row: int, count: int) -> None:
        """Forgets a row's last `count` tokens: the next `advance` goes on from there. `logits` stays."""

    def finish(self, row: int) -> None:
        """This row is done: what `advance` is given for it counts no more, and it may cost nothing more."""


class Engine(Protocol):
    tokenizer: Tokenizer
    context: int
    """The most tokens that a prompt and the text after it may have together."""

    def begin(self, prompt: Sequence[int], rows: int, room: int, check: Check) -> Decoding:
        """Reads a prompt, once for all rows, with memory for `room` more tokens in each.

        `check` is called before each `PIECE` of the prompt.
        """


class Constraint(Protocol):
    """Which tokens a grammar lets come next, for one row."""

    def allowed(self) -> NDArray[np.bool_]:
        """(vocabulary,)"""

    def accept(self, token: int) -> None: ...

    @property
    def is_done(self) -> bool:
        """Whether the text is complete and nothing may follow."""
