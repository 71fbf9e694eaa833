"""From what the user typed and picked to SQL."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection
from dataclasses import dataclass

from studio.core.item import Kind, Origin
from studio.project import files

_MOST_WORDS = 32
_LONGEST_WORD = 100


@dataclass(frozen=True)
class Filter:
    """Which items: all conditions hold at once; an empty one does not limit."""

    text: str = ""
    kinds: Collection[Kind] = ()
    origin: Origin | None = None
    min_stars: int = 0
    trashed: bool = False
    job: str | None = None

    def page(self, limit: int, offset: int) -> tuple[str, list[object]]:
        """A SELECT of the row ids of one page, newest first, and its parameters."""
        # With a text it must be FTS5's own row id, or SQLite sorts all matches.
        order = "search.rowid" if _has_words(self.text) else "item.id"
        source, values = self._source()
        return f"SELECT item.id {source} ORDER BY {order} DESC LIMIT ? OFFSET ?", [*values, limit, offset]

    def count(self) -> tuple[str, list[object]]:
        """A SELECT of the number of items, and its parameters."""
        source, values = self._source()
        return f"SELECT count(*) {source}", values

    def _source(self) -> tuple[str, list[object]]:
        conditions = ["item.trashed IS NOT NULL" if self.trashed else "item.trashed IS NULL"]
        values: list[object] = []
        source = "item"
        text = clean_text(self.text)
        if _has_words(text):
            # CROSS JOIN: SQLite shall walk the matches, newest first, and look up their rows; not the
            # reverse.
            source = "search CROSS JOIN item ON item.id = search.rowid"
            conditions.append("search MATCH ?")
            values.append(match(text))
        elif text:  # an emoji or "&": the index holds words only, so look into the names themselves
            conditions.append("instr(item.name, ?) > 0")
            values.append(text)
        if self.kinds:
            conditions.append(f"item.kind IN ({', '.join('?' * len(self.kinds))})")
            values.extend(str(kind) for kind in self.kinds)
        if self.origin is not None:
            conditions.append("item.origin = ?")
            values.append(str(self.origin))
        if self.min_stars:
            conditions.append("item.stars >= ?")
            values.append(self.min_stars)
        if self.job is not None:
            conditions.append("item.job = ?")
            values.append(self.job)
        return f"FROM {source} WHERE {' AND '.join(conditions)}", values


def match(text: str) -> str:
    """An FTS5 expression for items that have every word of the text, or a longer word that begins like it.

    Each word is quoted, so that nothing in it is an operator.
    """
    words = [word[:_LONGEST_WORD] for word in text.split() if _has_words(word)]
    return " ".join('"' + word.replace('"', '""') + '"*' for word in words[:_MOST_WORDS])


def clean_text(text: str) -> str:
    """Text as it is stored and searched: composed (NFC), trimmed, without NUL and without lone surrogates."""
    return unicodedata.normalize("NFC", files.shown(text).replace("\0", "")).strip()


def _has_words(text: str) -> bool:
    return any(character.isalnum() for character in text)
