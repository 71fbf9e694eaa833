"""An engine that says what a test wants, on a vocabulary of pieces of text."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

END = 0


class Pieces:
    """A tokenizer. Token 0 ends a text; the others are the pieces."""

    bos = None
    eos = frozenset({END})
    has_chat_template = False

    def __init__(self, *pieces: str) -> None:
        self.pieces = ["", *pieces]
        self.vocabulary = len(self.pieces)

    def encode(self, text: str) -> list[int]:
        """By the longest pieces."""
        tokens = []
        while text:
            best = max((p for p in self.pieces[1:] if text.startswith(p)), key=len)
            tokens.append(self.pieces.index(best))
            text = text[len(best) :]
        return tokens

    encode_prompt = encode

    def encode_chat(self, messages: Sequence[object]) -> list[int]:
        raise NotImplementedError

    def decode(self, tokens: Sequence[int]) -> str:
        return "".join(self.pieces[token] for token in tokens)

    def detokenizer(self) -> Detokenizer:
        return Detokenizer(self.pieces)


class Detokenizer:
    """A piece "…" is bytes that are no sign yet: it comes with the piece after it."""

    def __init__(self, pieces: list[str]) -> None:
        self._pieces, self._waiting = pieces, ""

    def add(self, token: int) -> str:
        text = self._waiting + self._pieces[token]
        self._waiting = "…" if text.endswith("…") else ""
        return text.removesuffix("…")

    def rest(self) -> str:
        rest, self._waiting = self._waiting and "\ufffd", ""
        return rest


Says = Callable[[list[int]], dict[int, float]]
"""Logits of the tokens that may follow these; all others are far below."""


class FakeEngine:
    def __init__(self, tokenizer: Pieces, says: Says, context: int = 1000) -> None:
        self.tokenizer, self.says, self.context = tokenizer, says, context

    def begin(self, prompt: Sequence[int], rows: int, room: int, check: Callable[[], None]) -> FakeDecoding:
        check()
        return FakeDecoding(self, list(prompt), rows, room)


class FakeDecoding:
    """Holds callers to the contract: no more tokens than there is room for, none for finished rows alone."""

    def __init__(self, engine: FakeEngine, prompt: list[int], rows: int, room: int) -> None:
        self._engine, self._prompt, self._room = engine, prompt, room
        self.read: list[list[int]] = [[] for _ in range(rows)]
        self.done: set[int] = set()
        self.logits = np.zeros((rows, engine.tokenizer.vocabulary), np.float32)
        self._compute()

    def _compute(self) -> None:
        for row, read in enumerate(self.read):
            self.logits[row] = -50
            for token, logit in self._engine.says(read).items():
                self.logits[row, token] = logit

    def advance(self, tokens: Sequence[int]) -> None:
        assert len(tokens) == len(self.read) and len(self.done) < len(self.read)
        for row, token in enumerate(tokens):
            if row not in self.done:
                assert token not in self._engine.tokenizer.eos
                self.read[row].append(token)
                assert len(self.read[row]) <= self._room
        self._compute()

    def rewind(self, row: int, count: int) -> None:
        assert row not in self.done and 0 < count <= len(self.read[row])
        del self.read[row][len(self.read[row]) - count :]

    def finish(self, row: int) -> None:
        assert row not in self.done
        self.done.add(row)
