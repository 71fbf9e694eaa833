"""Tokens of a model's own tokenizer, through the `tokenizers` library alone: loading it takes no torch."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from studio.api import BadInput, ModelRefused, tr
from studio_text.generators.engines.chat_template import ChatTemplate
from studio_text.generators.engines.detokenizer import StreamDetokenizer, TokenBytes
from studio_text.generators.engines.gguf_tokenizer import END_TEXTS, TokenizerFiles, gguf_tokenizer

if TYPE_CHECKING:
    import tokenizers

    from studio_text.generators.engines.engine import Message

__all__ = ["TextTokenizer", "TokenizerFiles", "gguf_tokenizer", "load_tokenizer", "tokenizer_files"]

_FIRST_STAND_IN = 0xF0000
"""Private characters: they stand for what a message says in the form of a special token."""


@dataclass(frozen=True)
class _Facts:
    bos: int | None = None
    eos: tuple[int, ...] = ()
    """The one that chat templates write comes first."""
    chat_template: str | None = None
    begins: bool | None = None
    """Whether prompts begin with `bos`; None: as the tokenizer's post-processor says."""
    vocabulary: int | None = None
    """As the model has it; None: as the tokenizer has it."""


def load_tokenizer(path: Path) -> TextTokenizer:
    """The tokenizer of a converted folder, a transformers folder, or a GGUF file.

    Raises:
        BadInput: there is none, or of a kind that cannot be used.
        ModelRefused: its file is damaged.
    """
    if path.is_file():
        files = gguf_tokenizer(path)
        facts = _Facts(files.bos, files.eos, files.chat_template)
        return TextTokenizer(_backend(path, files.tokenizer_json.encode()), facts)
    file = path / "tokenizer.json"
    if not file.is_file():
        raise BadInput(
            tr(
                "The model in “{name}” has no tokenizer.json, so its words cannot be read or written.",
                name=path.name,
            ),
            tr("Add that file from where the model came from, or choose another model."),
        )
    backend = _backend(path, file.read_bytes())
    return TextTokenizer(
        backend, _converted_facts(path) if (path / "text.json").is_file() else _folder_facts(path, backend)
    )


def tokenizer_files(path: Path) -> TokenizerFiles:
    """The tokenizer of a transformers folder or a GGUF file, to be written to a converted folder.

    Raises as `load_tokenizer`.
    """
    if path.is_file():
        return gguf_tokenizer(path)
    load_tokenizer(path)
    data = (path / "tokenizer.json").read_bytes()
    facts = _folder_facts(path, _backend(path, data))
    return TokenizerFiles(data.decode(), facts.bos, facts.eos, facts.chat_template)


class TextTokenizer:
    """`Tokenizer` of `engine.py`."""

    def __init__(self, backend: tokenizers.Tokenizer, facts: _Facts) -> None:
        self._backend = backend
        self._specials = _specials(backend)
        self._bytes = TokenBytes(backend, self._specials.values())
        self._template = ChatTemplate(facts.chat_template) if facts.chat_template else None
        self.has_chat_template: bool = self._template is not None
        begins = _writes_first(backend, facts.bos) if facts.begins is None else facts.begins
        self._named = {"bos_token": facts.bos, "eos_token": next(iter(facts.eos), None)}
        self.bos: int | None = facts.bos if begins else None
        self.eos: frozenset[int] = frozenset(facts.eos)
        self.specials: frozenset[int] = frozenset(self._specials.values())
        self.vocabulary: int = facts.vocabulary or backend.get_vocab_size(with_added_tokens=True)

    def token_bytes(self, token: int) -> bytes:
        return self._bytes[token]

    def encode(self, text: str) -> list[int]:
        return self._tokens(text, specials=False)

    def encode_prompt(self, text: str) -> list[int]:
        return [*([] if self.bos is None else [self.bos]), *self.encode(text)]

    def encode_chat(self, messages: Sequence[Message]) -> list[int]:
        if self._template is None:
            raise BadInput(
                tr("This model has no chat template: it continues texts, and was not taught to converse."),
                tr("Choose a model that follows instructions, or use Continue."),
            )
        names = {
            name: "" if token is None else self._backend.id_to_token(token) or ""
            for name, token in self._named.items()
        }
        stand_ins = self._stand_ins([message.content for message in messages])
        if not stand_ins:
            return self._tokens(self._template.render(messages, names), specials=True)
        text = self._template.render(
            [type(m)(m.role, _replaced(m.content, stand_ins)) for m in messages], names
        )
        back = {character: special for special, character in stand_ins.items()}
        tokens: list[int] = []
        for part in self._special_texts.split(text):
            if part in self._specials:
                tokens.append(self._specials[part])
            else:
                tokens += self._after_special(_replaced(part, back))
        return tokens

    def decode(self, tokens: Sequence[int]) -> str:
        """A space at the start stays: what tokens say is mostly read as what follows a prompt."""
        return self._bytes.text(tokens)

    def detokenizer(self) -> StreamDetokenizer:
        return StreamDetokenizer(self._bytes)

    def _after_special(self, text: str) -> list[int]:
        """As `encode`, without the space that SentencePiece writes before a text: it stands in the middle."""
        newline, tokens = self.encode("\n"), self.encode("\n" + text)
        return tokens[len(newline) :] if tokens[: len(newline)] == newline else self.encode(text)

    def _tokens(self, text: str, *, specials: bool) -> list[int]:
        self._backend.encode_special_tokens = not specials
        # Half a surrogate pair, which Python can hold, is no text.
        text = text.encode("utf-8", "replace").decode()
        ids: list[int] = self._backend.encode(text, add_special_tokens=False).ids
        return ids

    @cached_property
    def _special_texts(self) -> re.Pattern[str]:
        """Any special token in a text, the longest first, as a group: for `split`."""
        longest = sorted(self._specials, key=len, reverse=True)
        return re.compile("(" + "|".join(map(re.escape, longest)) + ")" if longest else r"(?!)()")

    def _stand_ins(self, texts: list[str]) -> dict[str, str]:
        found = {match for text in texts for match in self._special_texts.findall(text)}
        if not found:
            return {}
        used = set().union(*texts)
        free = (chr(code) for code in range(_FIRST_STAND_IN, 0x110000) if chr(code) not in used)
        return dict(zip(sorted(found), free, strict=False))


def _replaced(text: str, by: dict[str, str]) -> str:
    pattern = "|".join(map(re.escape, sorted(by, key=len, reverse=True)))
    return re.sub(pattern, lambda match: by[match[0]], text)


def _backend(path: Path, data: bytes) -> tokenizers.Tokenizer:
    import tokenizers

    try:
        backend = tokenizers.Tokenizer.from_buffer(data)
    except Exception as error:
        raise ModelRefused(
            tr("The tokenizer of “{name}” cannot be read.", name=path.name),
            tr("Fetch the model again: a download may have been cut off."),
            str(error),
        ) from error
    backend.no_truncation()
    backend.no_padding()
    return backend


def _specials(backend: tokenizers.Tokenizer) -> dict[str, int]:
    return {
        added.content: token
        for token, added in backend.get_added_tokens_decoder().items()
        if added.special and added.content
    }


def _writes_first(backend: tokenizers.Tokenizer, token: int | None) -> bool:
    return token is not None and backend.encode("", add_special_tokens=True).ids[:1] == [token]


def _converted_facts(folder: Path) -> _Facts:
    text = _json(folder / "text.json")
    bos, vocabulary, template = text.get("bos"), text.get("vocabulary"), text.get("chat_template")
    return _Facts(
        bos if isinstance(bos, int) else None,
        tuple(_numbers(text.get("eos"))),
        template if isinstance(template, str) else None,
        vocabulary=vocabulary if isinstance(vocabulary, int) else None,
    )


def _folder_facts(folder: Path, backend: tokenizers.Tokenizer) -> _Facts:
    settings = _json(folder / "tokenizer_config.json")
    config = _json(folder / "config.json")
    generation = _json(folder / "generation_config.json")
    inner: Any = config.get("text_config")
    inner = inner if isinstance(inner, dict) else config
    named = {key: _named(settings.get(key), backend) for key in ("bos_token", "eos_token")}
    ends = [
        *_numbers(named["eos_token"]),
        *_numbers(generation.get("eos_token_id")),
        *_numbers(config.get("eos_token_id")),
        *(token for text, token in _specials(backend).items() if text in END_TEXTS),
    ]
    bos = next(iter([*_numbers(named["bos_token"]), *_numbers(inner.get("bos_token_id"))]), None)
    begins = settings.get("add_bos_token")
    vocabulary = inner.get("vocab_size")
    return _Facts(
        bos,
        tuple(dict.fromkeys(ends)),
        _folder_template(folder, settings),
        begins if isinstance(begins, bool) else None,
        vocabulary if isinstance(vocabulary, int) else None,
    )


def _folder_template(folder: Path, settings: dict[str, Any]) -> str | None:
    file = folder / "chat_template.jinja"
    if file.is_file():
        return file.read_text(encoding="utf-8", errors="replace")
    template = settings.get("chat_template") or _json(folder / "chat_template.json").get("chat_template")
    if isinstance(template, list):  # several, by name
        named = {entry.get("name"): entry.get("template") for entry in template if isinstance(entry, dict)}
        template = named.get("default")
    return template if isinstance(template, str) else None


def _named(token: object, backend: tokenizers.Tokenizer) -> int | None:
    if isinstance(token, dict):
        token = token.get("content")
    found: int | None = backend.token_to_id(token) if isinstance(token, str) else None
    return found


def _numbers(value: object) -> list[int]:
    return [entry for entry in (value if isinstance(value, list) else [value]) if isinstance(entry, int)]


def _json(file: Path) -> dict[str, Any]:
    """What a settings file of a model folder says; nothing where there is none.

    Raises:
        ModelRefused: it is damaged.
    """
    if not file.is_file():
        return {}
    try:
        value = json.loads(file.read_text(encoding="utf-8"))
    except (ValueError, RecursionError) as error:
        raise ModelRefused(
            tr("“{name}” cannot be read.", name=file.name),
            tr("Fetch the model again: a download may have been cut off."),
            str(error),
        ) from error
    return value if isinstance(value, dict) else {}
