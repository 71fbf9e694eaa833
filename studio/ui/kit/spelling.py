"""Spelling, where the platform has `enchant` with dictionaries; nothing, and no complaint, elsewhere."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Protocol

log = logging.getLogger(__name__)

MAX_CACHED = 20_000
MAX_SUGGESTIONS = 6
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")


class Dictionary(Protocol):
    def check(self, word: str) -> bool: ...

    def suggest(self, word: str) -> Sequence[str]: ...


class Speller:
    """A word is right if any of the dictionaries, or the user's own list, has it: a German writes prompts in
    English too."""

    def __init__(self, dictionaries: Sequence[Dictionary], own: Path) -> None:
        self._dictionaries = list(dictionaries)
        self._file = own
        self._own = _words_in(own)
        self._cache: dict[str, bool] = {}

    def knows(self, word: str) -> bool:
        found = self._cache.get(word)
        if found is None:
            found = word.casefold() in self._own or any(one.check(word) for one in self._dictionaries)
            if len(self._cache) >= MAX_CACHED:
                self._cache.clear()
            self._cache[word] = found
        return found

    def suggest(self, word: str) -> list[str]:
        """The best of each dictionary in turn."""
        lists = [list(one.suggest(word)) for one in self._dictionaries]
        longest = max(map(len, lists), default=0)
        mixed = [own[n] for n in range(longest) for own in lists if n < len(own)]
        return list(dict.fromkeys(mixed))[:MAX_SUGGESTIONS]

    def add(self, word: str) -> None:
        """To the user's own list: one word a line."""
        self._own.add(word.casefold())
        self._cache.pop(word, None)
        with suppress(OSError):
            self._file.parent.mkdir(parents=True, exist_ok=True)
            with self._file.open("a", encoding="utf-8") as opened:
                opened.write(f"{word}\n")

    def mistakes(self, text: str) -> Iterator[tuple[int, int]]:
        """(start, length) of every word that nobody knows. Short words and abbreviations are let pass."""
        for match in _WORD.finditer(text):
            word = match.group()
            if len(word) > 1 and not word.isupper() and not self.knows(word.replace("’", "'")):
                yield match.start(), len(word)


def word_at(text: str, place: int) -> tuple[int, str]:
    """The word around this place in a text, and where it begins; ("", at `place`) between words."""
    for match in _WORD.finditer(text):
        if match.start() <= place <= match.end():
            return match.start(), match.group()
    return place, ""


def load(languages: Sequence[str], own: Path) -> Speller | None:
    """A speller for these languages ("de", "en_US") and for English; None where nothing can check.

    Takes about a tenth of a second: call it off the window's thread, once a prompt has the focus.
    """
    try:
        import enchant
    except ImportError:  # neither the package nor, behind it, the library needs to be there
        return None
    found: list[Dictionary] = []
    known = sorted(enchant.list_languages())
    for name in dict.fromkeys(filter(None, (_best(known, one) for one in (*languages, "en_US")))):
        try:
            found.append(enchant.Dict(name))
        except enchant.errors.Error as error:
            log.info("No dictionary for %s: %s", name, error)
    return Speller(found, own) if found else None


def _best(known: Sequence[str], wanted: str) -> str:
    """The dictionary for a language: exactly it, or that of its main country, or any of its own."""
    language = wanted.partition("_")[0]
    for name in (wanted, f"{language}_{language.upper()}", language):
        if name in known:
            return name
    return next((name for name in known if name.partition("_")[0] == language), "")


def _words_in(file: Path) -> set[str]:
    try:
        return {line.strip().casefold() for line in file.read_text("utf-8", "replace").splitlines()} - {""}
    except OSError:
        return set()
