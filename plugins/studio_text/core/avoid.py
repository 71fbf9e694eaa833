"""Words that a text shall not have: found as whole words, whatever their case, as the text grows.

"Cheap" is found in "CHEAP!" and "cheap's", not in "cheaper" or "cheapskate". Letters are compared as Unicode
compares them without case (Unicode standard 3.13, D145: canonical caseless matching), so that "STRASSE" is
"Straße" and é is é, in one code point or two. Any white space stands for any other.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Sighting:
    """The first place in a text that an avoided word has, or could still come to have."""

    start: int
    """In the text, as it is."""
    is_complete: bool
    """It is there; otherwise what follows decides."""


class Watch:
    def __init__(self, words: Sequence[str]) -> None:
        folded = (_fold(word.strip())[0] for word in words)
        distinct = dict.fromkeys(word for word in folded if word)
        self._words: dict[str, list[str]] = {}
        """By their first sign: there can be hundreds, and all are looked for at each place of a text."""
        for word in distinct:
            self._words.setdefault(word[0], []).append(word)
        self._longest = max(map(len, distinct), default=0)

    def look(self, text: str, start: int, *, ended: bool = False) -> Sighting | None:
        """The first avoided word from `start` on. A text that has `ended` has no unfinished ones."""
        if not self._words:
            return None
        folded, places = _fold(text[start:])
        before = text[start - 1 : start]
        for at in range(len(folded)):
            found = self._at(folded, at, folded[at - 1] if at else before, ended)
            if found is not None:
                return Sighting(start + places[at], found)
        return None

    def start_before(self, text: str, at: int) -> int:
        """Where a word that goes on at a place of the text can have begun at the earliest."""
        left = self._longest
        while at > 0 and left > 0:
            at -= 1
            left -= not text[at].isspace() or not text[at - 1 : at].isspace()
        return at

    def _at(self, text: str, at: int, before: str, ended: bool) -> bool | None:
        """Whether a word is here in whole (True), or could be (False)."""
        words = self._words.get(text[at])
        if words is None or (before and _is_letter(before) and _is_letter(text[at])):
            return None
        could_be = False
        for word in words:
            if text.startswith(word, at):
                end = at + len(word)
                if end < len(text):
                    if not (_is_letter(text[end]) and _is_letter(word[-1])):
                        return True
                elif ended or not _is_letter(word[-1]):
                    return True
                else:
                    could_be = True
            elif not ended and word.startswith(text[at:]):
                could_be = True
        return False if could_be else None


def _is_letter(sign: str) -> bool:
    """Whether it makes a longer word of one that it follows: letters, numbers, their accents, underscores."""
    return unicodedata.category(sign)[0] in "LNM" or sign == "_"


def _fold(text: str) -> tuple[str, list[int]]:
    """The text without case, letters and accents apart, white space as one space; and each sign's place."""
    signs: list[str] = []
    places: list[int] = []
    for place, sign in enumerate(text):
        if sign.isspace():
            if signs and signs[-1] == " ":
                continue
            folded = " "
        else:
            folded = unicodedata.normalize("NFD", unicodedata.normalize("NFD", sign).casefold())
        signs.extend(folded)
        places.extend([place] * len(folded))
    return "".join(signs), places
