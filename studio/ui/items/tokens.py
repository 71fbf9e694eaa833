"""The words of the search field as things to switch on and off: what the filter menu does to the text."""

from __future__ import annotations

from studio.project.query import Word, quoted, words

_EXCLUSIVE = frozenset(("stars", "date", "in", "batch", "seed"))
"""Of these only one makes sense at a time."""


def token(key: str, value: str) -> str:
    return f"{key}:{quoted(value)}"


def has(text: str, key: str, value: str) -> bool:
    return any(_is(word, key, value) for word in words(text))


def toggled(text: str, key: str, value: str) -> str:
    """The text without that word, or with it, and then without others that would contradict it."""
    found = words(text)
    if any(_is(word, key, value) for word in found):
        return _without(text, [word for word in found if _is(word, key, value)])
    rest = text
    if key in _EXCLUSIVE:
        rest = without_key(text, key)
    return f"{rest} {token(key, value)}".strip()


def without_key(text: str, key: str) -> str:
    return _without(text, [word for word in words(text) if word.key == key and not word.negated])


def _is(word: Word, key: str, value: str) -> bool:
    return word.key == key and not word.negated and word.value.casefold() == value.casefold()


def _without(text: str, gone: list[Word]) -> str:
    for word in reversed(gone):
        text = text[: word.start].rstrip() + " " + text[word.end :].lstrip()
    return text.strip()
