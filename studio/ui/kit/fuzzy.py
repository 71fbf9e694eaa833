"""How well what was typed fits a title: pure, and quick enough for every key of a few hundred titles."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

_WORD = re.compile(r"\w+")
_WHOLE, _START, _PREFIX, _ACRONYM, _INSIDE, _LOOSE = 120.0, 100.0, 80.0, 70.0, 45.0, 10.0
_ASIDE = 0.5
"""What a hit in the other words counts, compared with one in the title."""
MAX_TEXT = 200
"""Letters of a title, and of what is typed, that are looked at."""


@dataclass(frozen=True)
class Match:
    score: float
    places: tuple[int, ...]
    """Of the letters of the title that were typed, ascending."""


def match(typed: str, title: str, aside: str = "") -> Match | None:
    """How well every word of `typed` fits the title, or else words that belong to it; None if one does not.

    Best is the whole title, then its beginning, the beginning of a word, first letters of words ("np" for New
    Project), a part of a word, and at last letters in order with others between them.
    """
    total, places = 0.0, set[int]()
    title, folded = title[:MAX_TEXT], _fold(title[:MAX_TEXT])
    other = _fold(aside[:MAX_TEXT])
    for term in _fold(typed[:MAX_TEXT]).split():
        found = _term(term, folded)
        if found is None:
            beside = _term(term, other)
            if beside is None:
                return None
            total += _ASIDE * beside[0]
        else:
            total += found[0]
            places.update(found[1])
    if _fold(typed).strip() == folded.strip():
        total += _WHOLE
    return Match(total, tuple(sorted(places)))


def rank(scores: Sequence[tuple[str, float]], recent: Sequence[str]) -> list[str]:
    """Ids by their score, best first; of those that fit equally well, what was used last comes first."""
    age = {id: number for number, id in enumerate(recent)}
    order = {id: number for number, (id, _) in enumerate(scores)}
    sure = dict(scores)
    bonus = {id: 12.0 / (1 + age[id]) if id in age else 0.0 for id in sure}
    return sorted(sure, key=lambda id: (-(sure[id] + bonus[id]), age.get(id, len(age)), order[id]))


def _fold(text: str) -> str:
    """Lower case, letter for letter: the places of letters stay."""
    return "".join(lower if len(lower := letter.lower()) == 1 else letter for letter in text)


def _term(term: str, text: str) -> tuple[float, range | list[int]] | None:
    """The best way in which one word fits, with the places of its letters."""
    starts = [found.start() for found in _WORD.finditer(text)]
    for number, start in enumerate(starts):
        if text.startswith(term, start):
            score = _START if number == 0 else _PREFIX - min(number, 9)
            return score, range(start, start + len(term))
    if 1 < len(term) <= len(starts):
        initials = "".join(text[start] for start in starts)
        at = initials.find(term)
        if at >= 0:
            return _ACRONYM - min(at, 9), [starts[at + n] for n in range(len(term))]
    at = text.find(term)
    if at >= 0:
        return _INSIDE - min(at, 40) / 4, range(at, at + len(term))
    return _loose(term, text, starts) if len(term) > 2 else None


def _loose(term: str, text: str, starts: Sequence[int]) -> tuple[float, list[int]] | None:
    """Letters in order, the first of them at the beginning of a word; the closer together the better."""
    best: tuple[float, list[int]] | None = None
    for start in starts:
        if text[start] != term[0]:
            continue
        places, at = [start], start
        for letter in term[1:]:
            at = text.find(letter, at + 1)
            if at < 0:
                break
            places.append(at)
        else:
            spread = places[-1] - places[0] - len(term) + 1
            score = max(1.0, _LOOSE + len(term) - spread / 2)
            if best is None or score > best[0]:
                best = (score, places)
    return best
