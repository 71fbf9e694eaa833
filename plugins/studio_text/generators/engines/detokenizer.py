"""The bytes that tokens stand for, and text of them as they come."""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING, Any

from studio.api import BadInput, tr

if TYPE_CHECKING:
    import tokenizers

_BYTE = re.compile(r"<0x([0-9A-Fa-f]{2})>\Z")
_SPACE = "▁"


class TokenBytes:
    """What each token adds to a text, in bytes of UTF-8: a character may lie across several tokens.

    The `tokenizers` library decodes whole lists only: of byte tokens in a row, one wrong byte makes all
    unreadable, which text that is already shown cannot follow. Where all bytes are right, its text is the
    same, but for one thing: a space at the start stays, as tokens are mostly read as what follows a prompt.
    """

    def __init__(self, backend: tokenizers.Tokenizer, silent: Collection[int]) -> None:
        """`silent`: the special tokens, which add nothing.

        Raises:
            BadInput: the tokenizer is of a kind that does not write texts.
        """
        self._backend = backend
        self._known: dict[int, bytes] = dict.fromkeys(silent, b"")
        steps = _steps(json.loads(backend.decoder.__getstate__()) if backend.decoder else {})
        self._is_byte_level = any(step["type"] == "ByteLevel" for step in steps)
        self._has_byte_tokens = any(step["type"] == "ByteFallback" for step in steps)
        self._replaced = [pair for step in steps for pair in _replacements(step)]
        if not self._is_byte_level and not self._replaced and not self._has_byte_tokens:
            raise BadInput(
                tr("The model's tokenizer is of a kind that is not supported."), tr("Choose another model.")
            )

    def __getitem__(self, token: int) -> bytes:
        known = self._known.get(token)
        if known is None:
            known = self._known[token] = self._read(self._backend.id_to_token(token))
        return known

    def text(self, tokens: Iterable[int]) -> str:
        return b"".join(map(self.__getitem__, tokens)).decode("utf-8", "replace")

    def _read(self, piece: str | None) -> bytes:
        if piece is None:  # a number that the model's weights have and its vocabulary has not
            return b""
        if self._is_byte_level:
            try:
                return bytes(_BYTE_OF[character] for character in piece)
            except KeyError:  # an added token is written as it is
                return piece.encode()
        if self._has_byte_tokens and (byte := _BYTE.match(piece)):
            return bytes([int(byte[1], 16)])
        for old, new in self._replaced:
            piece = piece.replace(old, new)
        return piece.encode()


def _steps(decoder: dict[str, Any]) -> list[dict[str, Any]]:
    if decoder.get("type") == "Sequence":
        return [step for part in decoder["decoders"] for step in _steps(part)]
    return [decoder] if decoder else []


def _replacements(step: dict[str, Any]) -> list[tuple[str, str]]:
    if step["type"] == "Metaspace":
        return [(step.get("replacement", _SPACE), " ")]
    if step["type"] == "Replace" and "String" in step["pattern"]:
        return [(step["pattern"]["String"], step["content"])]
    return []


def _visible_bytes() -> dict[str, int]:
    """GPT-2's characters for bytes: visible ones stand for themselves, the others for those from 256 on."""
    visible = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    hidden = sorted(set(range(256)) - set(visible))
    return {
        **{chr(byte): byte for byte in visible},
        **{chr(256 + index): byte for index, byte in enumerate(hidden)},
    }


_BYTE_OF = _visible_bytes()


class StreamDetokenizer:
    """`Detokenizer` of `engine.py`."""

    def __init__(self, table: TokenBytes) -> None:
        self._table = table
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")

    def add(self, token: int) -> str:
        return self._decoder.decode(self._table[token])

    def rest(self) -> str:
        text = self._decoder.decode(b"", final=True)
        self._decoder.reset()
        return text
