"""How long a text is, and how long it may be."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Any
from unicodedata import category

from msgspec import Struct

from studio.api.values import tr, trn
from studio.ui.api import GeneratorDescription, locales

_SIGNS = "\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af"
_PARSED = 100_000
"""Characters: the signs of a longer text are counted too, which is quicker than reading it at each pause."""


class Limits(Struct, frozen=True):
    """What the template of a text allows; None: as much as you like."""

    characters: int | None = None
    words: int | None = None
    line: int | None = None
    """Characters of each line of a list."""


class Length(Struct, frozen=True):
    characters: int
    words: int
    line: int = 0
    """Characters of the longest line."""


def length_of(text: str) -> Length:
    """Of a text in Markdown: what a reader sees of it."""
    if not text or text.isspace():
        return Length(0, 0)
    from studio_text.core.markdown import letters

    seen = letters(text) if len(text) <= _PARSED else text
    return Length(len(seen), len(_word().findall(seen)), max(map(len, seen.split("\n"))))


@cache
def _word() -> re.Pattern[str]:
    """A word; Chinese, Japanese and Korean have no spaces, so that each of their signs counts as one.

    Accents and vowel signs, which regular expressions know nothing of, belong to the letter before them.
    """
    marks = "".join(sign for sign in map(chr, range(0x300, 0xFE30)) if category(sign)[0] == "M")
    part = rf"(?:[^\W_{_SIGNS}][{marks}\u200c\u200d]*)+"
    return re.compile(rf"[{_SIGNS}]|{part}(?:['’.,:/-]{part})*")


def limits_of(generator: GeneratorDescription | None) -> Limits:
    """What a generator's schema says under "x-text"; anything odd in it counts as no limit."""
    said = generator.params_schema.get("x-text") if generator is not None else None
    limits = said.get("limits") if isinstance(said, Mapping) else None
    if not isinstance(limits, Mapping):
        return Limits()
    return Limits(
        _number(limits.get("characters")),
        _number(limits.get("words")),
        _number(limits.get("item_characters")),
    )


def length_words(length: Length, limits: Limits = Limits()) -> tuple[str, bool]:  # noqa: B008 - a value
    """The length in words for the line below a text, and whether it is too long."""
    words = _part(
        trn("{count} word", "{count} words", length.words),
        length.words,
        limits.words,
    )
    characters = _part(
        trn("{count} character", "{count} characters", length.characters),
        length.characters,
        limits.characters,
    )
    told = [words, characters]
    if limits.line is not None:
        said = trn("longest line {count} character", "longest line {count} characters", length.line)
        told.append(_part(said, length.line, limits.line))
    pairs = (
        (length.words, limits.words),
        (length.characters, limits.characters),
        (length.line, limits.line),
    )
    return "  ·  ".join(told), any(limit is not None and count > limit for count, limit in pairs)


def _part(said: str, count: int, limit: int | None) -> str:
    if limit is None:
        return said
    if count > limit:
        over, most = locales.number(count - limit), locales.number(limit)
        return tr("{length}, {over} too many (at most {limit})", length=said, over=over, limit=most)
    return tr("{length} (at most {limit})", length=said, limit=locales.number(limit))


def _number(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else None
