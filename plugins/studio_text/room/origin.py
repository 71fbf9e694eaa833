"""Where each letter of a document came from, while it is edited. Without a widget."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Iterable, Sequence

from studio_text.core.passages import Passage

_REMEMBERED = 2000
"""States of a text whose origins are known again when it is undone to them."""

Span = tuple[int, str]
"""(length in UTF-16 units, as Qt counts; the digest of a recipe, or "" for what was typed)."""


class Origins:
    """Spans over a text, kept in step with its edits.

    Undo brings a text back that was there before: with it come its spans, whichever way it came about.
    """

    def __init__(self) -> None:
        self.spans: list[Span] = []
        self._known: OrderedDict[bytes, tuple[Span, ...]] = OrderedDict()

    def reset(self, text: str, spans: Sequence[Span]) -> None:
        """Another text. Spans that do not cover it are filled up, or cut, so that they do."""
        self.spans = list(_fitted(spans, units(text)))
        self._known.clear()
        self._remember(text)

    def replace(self, at: int, removed: int, added: int, text: str, source: str = "") -> None:
        """`removed` units at `at` gave way to `added` ones, which have this source; `text` is the whole."""
        key = _key(text)
        if not source and key in self._known:
            self.spans = list(self._known[key])
            self._known.move_to_end(key)
            return
        before, rest = _split(self.spans, at)
        _, after = _split(rest, removed)
        self.spans = list(_fitted(_merged([*before, (added, source), *after]), units(text)))
        self._remember(text)

    def passages(self, text: str) -> list[Passage]:
        """The text in pieces of one source each. No sign that Qt keeps in two units is cut apart."""
        data = text.encode("utf-16-le", "surrogatepass")
        made: list[Passage] = []
        start = 0
        end = 0
        for length, source in self.spans:
            end += 2 * length
            cut = end - 2 if end < len(data) and 0xDC <= data[end + 1] <= 0xDF else end
            if cut > start:
                made.append(Passage(data[start:cut].decode("utf-16-le", "replace"), source))
                start = cut
        return made

    def sources(self) -> set[str]:
        return {source for _, source in self.spans if source}

    def _remember(self, text: str) -> None:
        self._known[_key(text)] = tuple(self.spans)
        while len(self._known) > _REMEMBERED:
            self._known.popitem(last=False)


def spans_of(passages: Iterable[Passage]) -> list[Span]:
    return _merged((units(passage.text), passage.source) for passage in passages)


def units(text: str) -> int:
    """How long Qt finds a text."""
    return len(text) + sum(letter > "\uffff" for letter in text)


def _split(spans: Sequence[Span], at: int) -> tuple[list[Span], list[Span]]:
    before: list[Span] = []
    for number, (length, source) in enumerate(spans):
        if at < length:
            rest = [(length - at, source), *spans[number + 1 :]]
            return ([*before, (at, source)] if at else before), rest
        before.append((length, source))
        at -= length
    return before, []


def _merged(spans: Iterable[Span]) -> list[Span]:
    made: list[Span] = []
    for length, source in spans:
        if length <= 0:
            continue
        if made and made[-1][1] == source:
            made[-1] = (made[-1][0] + length, source)
        else:
            made.append((length, source))
    return made


def _fitted(spans: Sequence[Span], length: int) -> list[Span]:
    covered, _ = _split(spans, length)
    missing = length - sum(part for part, _ in covered)
    return _merged([*covered, (missing, "")])


def _key(text: str) -> bytes:
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()
