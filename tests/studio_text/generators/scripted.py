"""An engine that answers with given texts, byte by byte, and keeps what it was asked."""

from __future__ import annotations

import codecs
import json
from collections.abc import Callable, Sequence

import numpy as np
from studio_text.generators.engines.engine import Message

END = 256


class ByteTokenizer:
    """A token is a byte; 256 ends a text."""

    bos = None
    eos = frozenset({END})
    specials = frozenset({END})
    vocabulary = 257

    def __init__(self, *, chat: bool) -> None:
        self.has_chat_template = chat

    def encode(self, text: str) -> list[int]:
        return list(text.encode())

    encode_prompt = encode

    def encode_chat(self, messages: Sequence[Message]) -> list[int]:
        assert self.has_chat_template
        return self.encode(json.dumps([[m.role, m.content] for m in messages], ensure_ascii=False))

    def decode(self, tokens: Sequence[int]) -> str:
        return bytes(token for token in tokens if token != END).decode("utf-8", "replace")

    def token_bytes(self, token: int) -> bytes:
        return b"" if token == END else bytes([token])

    def detokenizer(self) -> _Detokenizer:
        return _Detokenizer()


class _Detokenizer:
    def __init__(self) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")

    def add(self, token: int) -> str:
        return self._decoder.decode(bytes([token]))

    def rest(self) -> str:
        return self._decoder.decode(b"", final=True)


Answers = Callable[[str], Sequence[str]]
"""The texts of the drafts for a prompt; where there are more drafts, they begin anew."""


class ScriptedEngine:
    def __init__(self, answers: Answers | str, *, chat: bool = True, context: int = 20_000) -> None:
        self.tokenizer = ByteTokenizer(chat=chat)
        self.context = context
        self.prompts: list[str] = []
        self._answers = answers

    def begin(
        self, prompt: Sequence[int], rows: int, room: int, check: Callable[[], None]
    ) -> _ScriptedDecoding:
        check()
        self.prompts.append(self.tokenizer.decode(prompt))
        said = [self._answers] if isinstance(self._answers, str) else self._answers(self.prompts[-1])
        return _ScriptedDecoding([said[row % len(said)].encode() for row in range(rows)])


class _ScriptedDecoding:
    def __init__(self, texts: list[bytes]) -> None:
        self._texts = texts
        self._at = [0] * len(texts)
        self.logits = np.zeros((len(texts), 257), np.float32)
        self._compute()

    def _compute(self) -> None:
        """The text's next byte is all but certain; where it is forbidden, an “x” comes."""
        self.logits[:] = -100
        self.logits[:, ord("x")] = -50
        for row, (text, at) in enumerate(zip(self._texts, self._at, strict=True)):
            self.logits[row, text[at] if at < len(text) else END] = 0

    def advance(self, tokens: Sequence[int]) -> None:
        self._at = [at + 1 for at in self._at]
        self._compute()

    def rewind(self, row: int, count: int) -> None:
        self._at[row] -= count

    def finish(self, row: int) -> None:
        pass
