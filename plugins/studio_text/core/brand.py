"""What a text must hold and may not exceed, checked once it is written."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from studio.api.values import tr

_MARKUP = re.compile(
    r"^[ \t]{0,3}(?:#{1,6}[ \t]+|[-*+][ \t]+|\d+[.)][ \t]+|>[ \t]?)|[*_`]{1,3}", re.MULTILINE
)
WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]|[^\s\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]+")
"""Chinese and Japanese have no spaces: each of their signs counts as a word."""
_NAME = re.compile(r"\w(?:[\w.,'’&/+-]*\w)?")
_SENTENCE_BEFORE = re.compile(r"[.!?:\n]\W*\Z")


@dataclass(frozen=True)
class Rules:
    """What a draft is held against. None: no limit."""

    keep: tuple[str, ...] = ()
    characters: int | None = None
    words: int | None = None
    items: int | None = None
    """At least so many lines."""


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong with a draft."""

    words: str
    """For people."""
    request: str
    """For a model, in English: how to mend it."""


def plain(markdown: str) -> str:
    """The text as it is read, without Markdown's signs: what limits count."""
    return _MARKUP.sub("", markdown).strip()


def count_words(text: str) -> int:
    return len(WORD.findall(plain(text)))


def exact_words(text: str) -> tuple[str, ...]:
    """Names and numbers in what a person wrote: words with a digit, or with a capital that no sentence begins
    with. A text's first word counts: a field often is a name and what it is."""
    found: dict[str, None] = {}
    for word in _NAME.finditer(text):
        has_digit = any(sign.isdigit() for sign in word[0])
        begins = _SENTENCE_BEFORE.search(text, max(0, word.start() - 8), word.start())
        capitals = sum(sign.isupper() for sign in word[0])
        if has_digit or capitals > 1 or (capitals and not begins):
            found[word[0]] = None
    return tuple(found)


def holds(text: str, term: str) -> bool:
    """Whether a text has a term, written as it must be, as words of its own. An accent may be a sign of its
    own, and the term may have what Markdown takes for a mark."""
    text, term = (unicodedata.normalize("NFC", said) for said in (text, term))
    before = r"(?<!\w)" if term[:1].isalnum() else ""
    after = r"(?!\w)" if term[-1:].isalnum() else ""
    pattern = re.compile(before + re.escape(term) + after)
    return any(map(pattern.search, (plain(text), text)))


def faults(text: str, rules: Rules) -> list[Fault]:
    """Everything that is wrong with a draft; empty if nothing is."""
    found = []
    missing = [term for term in rules.keep if not holds(text, term)]
    if missing:
        listed = ", ".join(f"“{term}”" for term in missing)
        found.append(
            Fault(
                tr("it does not hold {terms}", terms=listed),
                "It must contain, written exactly like this: "
                + ", ".join(f'"{term}"' for term in missing)
                + ".",
            )
        )
    characters, words = len(plain(text)), count_words(text)
    if rules.characters is not None and characters > rules.characters:
        found.append(
            Fault(
                tr("it has {count} characters; the limit is {most}", count=characters, most=rules.characters),
                f"It has {characters} characters and must have at most {round(rules.characters * 0.9)}: "
                "cut it to what matters most.",
            )
        )
    if rules.words is not None and words > rules.words:
        found.append(
            Fault(
                tr("it has {count} words; the limit is {most}", count=words, most=rules.words),
                f"It has {words} words and must have at most {rules.words}.",
            )
        )
    if rules.items is not None and len(items_of(text)) < rules.items:
        found.append(
            Fault(
                tr("only {count} of {wanted} lines are good", count=len(items_of(text)), wanted=rules.items),
                f"It must have {rules.items} lines, each different.",
            )
        )
    return found


def items_of(text: str) -> list[str]:
    """The lines of a list, without bullets and numbers."""
    stripped = (re.sub(r"^\s*(?:[-*+•]|\d+[.)])\s+", "", line).strip() for line in text.splitlines())
    return [line for line in stripped if line]


def chosen(items: Sequence[str], count: int, longest: int | None) -> list[str]:
    """The first `count` items that are short enough and do not begin as an earlier one does."""
    kept: dict[str, str] = {}
    for item in items:
        if longest is None or len(plain(item)) <= longest:
            kept.setdefault(_opening(item), item)
    return list(kept.values())[:count]


def _opening(item: str) -> str:
    """An item's first two words, or what stands before a colon."""
    words = plain(item).casefold().split()
    return words[0] if words and words[0].endswith(":") else " ".join(words[:2]).strip(".,!?")


def list_of(items: Sequence[str]) -> str:
    """Items as a Markdown list."""
    return "".join(f"- {item}\n" for item in items)
