"""From what the user typed and picked to SQL."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection
from dataclasses import dataclass

from studio.core.item import Kind, Origin

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

    def ids(self) -> tuple[str, list[object]]:
        """A SELECT of the items' row ids, without its order, and its parameters."""
        conditions = ["item.trashed IS NOT NULL" if self.trashed else "item.trashed IS NULL"]
        values: list[object] = []
        source = "item"
        text = clean_text(self.text)
        if any(character.isalnum() for character in text):
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
        return f"SELECT item.id FROM {source} WHERE {' AND '.join(conditions)}", values

    @property
    def order(self) -> str:
        """The column to sort by: with a text it must be FTS5's own row id, or SQLite sorts all matches."""
        return "search.rowid" if any(character.isalnum() for character in self.text) else "item.id"


def match(text: str) -> str:
    """An FTS5 expression for items that have every word of the text, or a longer word that begins like it.

    Each word is quoted, so that nothing in it is an operator.
    """
    words = [word[:_LONGEST_WORD] for word in text.split() if any(character.isalnum() for character in word)]
    return " ".join('"' + word.replace('"', '""') + '"*' for word in words[:_MOST_WORDS])


def clean_text(text: str) -> str:
    """Text as it is stored and searched: composed (NFC), trimmed, without NUL and without lone surrogates."""
    text = (
        text.encode("utf-8", "surrogateescape").decode("utf-8", "replace") if _is_from_bytes(text) else text
    )
    text = text.encode("utf-8", "replace").decode("utf-8")
    return unicodedata.normalize("NFC", text.replace("\0", "")).strip()


def _is_from_bytes(text: str) -> bool:
    return any("\udc80" <= character <= "\udcff" for character in text)
