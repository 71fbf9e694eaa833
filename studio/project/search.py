"""From a query to SQL."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence

from msgspec import Struct
from msgspec.structs import replace

from studio.core.given_files import shown
from studio.project.query import Query

_MOST_WORDS = 32
_LONGEST_WORD = 100
_PIECE = re.compile(r'"([^"]*)"|(\S+)')

Values = list[object]


class Search(Struct, frozen=True):
    """A query, ready for the database.

    `tags` and `collections` find what is meant by a name: the spellings that are there, or the ids.
    """

    query: Query
    tags: Callable[[str], Sequence[str]]
    collections: Callable[[str], Sequence[str]]

    def page(self, limit: int, offset: int) -> tuple[str, Values]:
        """A SELECT of the row ids of one page, newest first, and its parameters."""
        # With a text it must be FTS5's own row id, or SQLite sorts all matches.
        order = "search.rowid" if self.words else "item.id"
        source, values = self._source()
        return f"SELECT item.id {source} ORDER BY {order} DESC LIMIT ? OFFSET ?", [*values, limit, offset]

    def count(self) -> tuple[str, Values]:
        """A SELECT of the number of items, and its parameters."""
        source, values = self._source()
        return f"SELECT count(*) {source}", values

    @property
    def words(self) -> str:
        """The FTS5 expression for the text and the name; empty where there is none."""
        return _expression(self.query)

    @property
    def without_words(self) -> list[str]:
        """FTS5 expressions for what is left out by its words alone."""
        return [_expression(part) for part in self.query.without if _is_words(part)]

    def conditions(self, *, but_words: bool = False) -> tuple[str, Values]:
        """What stands after WHERE in a SELECT from `item`, without what `words` says.

        Args:
            but_words: also without what `without_words` says.
        """
        found = ["item.trashed IS NOT NULL" if self.query.trashed else "item.trashed IS NULL"]
        values: Values = []
        more, its_values = self._positive(self.query)
        found += more
        values += its_values
        for part in self.query.without:
            if but_words and _is_words(part):
                continue
            more, its_values = self._positive(part)
            if expression := _expression(part):
                more.append("item.id IN (SELECT rowid FROM search WHERE search MATCH ?)")
                its_values.append(expression)
            if more:
                found.append(f"({' AND '.join(more)}) IS NOT TRUE")
                values += its_values
        return " AND ".join(found), values

    def _source(self) -> tuple[str, Values]:
        where, values = self.conditions()
        if not self.words:
            return f"FROM item WHERE {where}", values
        # CROSS JOIN: SQLite shall walk the matches, newest first, and look up their rows; not the reverse.
        source = "FROM search CROSS JOIN item ON item.id = search.rowid WHERE search MATCH ? AND"
        return f"{source} {where}", [self.words, *values]

    def _positive(self, query: Query) -> tuple[list[str], Values]:
        found: list[str] = []
        values: Values = []

        def add(condition: str, *its_values: object) -> None:
            found.append(condition)
            values.extend(its_values)

        for text in (query.text, query.name):
            text = clean_text(text)
            if text and not _has_words(text):  # an emoji or "&": the index holds words only
                add("instr(item.name, ?) > 0", text.replace('"', "").strip() or text)
        if query.kinds:
            add(f"item.kind IN ({_marks(query.kinds)})", *query.kinds)
        elif query.unasked:
            add(f"item.kind NOT IN ({_marks(query.unasked)})", *query.unasked)
        if query.labels:
            add(f"item.label IN ({_marks(query.labels)})", *map(str, query.labels))
        if query.origin is not None:
            add("item.origin = ?", str(query.origin))
        if query.min_stars > 0:
            add("item.stars >= ?", query.min_stars)
        if query.max_stars < 5:
            add("item.stars <= ?", query.max_stars)
        if query.rejected is not None:
            add("item.rejected = ?", int(query.rejected))
        for tag in query.tags:
            spelled = self.tags(tag)
            add(f"item.id IN (SELECT item FROM item_tag WHERE tag IN ({_marks(spelled)}))", *spelled)
        if query.collection:
            ids = self.collections(query.collection)
            add(f"item.id IN (SELECT item FROM item_collection WHERE collection IN ({_marks(ids)}))", *ids)
        if query.seed is not None:
            add("item.seed = ?", query.seed)
        if query.plugin:
            add("item.generator LIKE ? ESCAPE '!'", f"{_like(query.plugin)}/%")
        if query.generator:
            add("item.generator LIKE ? ESCAPE '!'", _like(query.generator))
        if query.model:
            add("item.models LIKE ? ESCAPE '!'", _like(query.model))
        if query.batch:
            by_title = "item.batch IN (SELECT id FROM batch WHERE title LIKE ? ESCAPE '!')"
            add(f"(item.batch = ? OR {by_title})", clean_text(query.batch), _like(query.batch))
        if query.job is not None:
            add("item.job = ?", clean_text(query.job))
        if query.after is not None:
            add("item.created >= ?", query.after)
        if query.before is not None:
            add("item.created < ?", query.before)
        return found, values


def match(text: str, column: str = "") -> str:
    """An FTS5 expression for items that have every word of the text, or a longer word that begins like it.

    What stands in double quotes must be there as it is. Every word is quoted for FTS5, so that nothing in it
    is an operator.
    """
    found = []
    for piece in _PIECE.finditer(text):
        exact, word = piece[1], piece[2]
        said = exact if exact is not None else word
        if _has_words(said):
            quoted = '"' + said[:_LONGEST_WORD].replace('"', '""') + '"'
            found.append(quoted if exact is not None else f"{quoted}*")
    return " AND ".join(f"{column}{word}" for word in found[:_MOST_WORDS])


def clean_text(text: str) -> str:
    """Text as it is stored and searched: composed (NFC), trimmed, without NUL and without lone surrogates."""
    return unicodedata.normalize("NFC", shown(text).replace("\0", "")).strip()


def _expression(query: Query) -> str:
    both = (match(clean_text(query.text)), match(clean_text(query.name), "name : "))
    return " AND ".join(expression for expression in both if expression)


def _is_words(part: Query) -> bool:
    """Whether a part of `without` says nothing but words that the index knows."""
    return bool(_expression(part)) and replace(part, text="", name="") == Query()


def _like(part: str) -> str:
    """A pattern for LIKE that finds texts with this part; `!` escapes."""
    escaped = clean_text(part).replace("!", "!!").replace("%", "!%").replace("_", "!_")
    return f"%{escaped}%"


def _marks(values: Sequence[object]) -> str:
    return ", ".join("?" * len(values))


def _has_words(text: str) -> bool:
    return any(character.isalnum() for character in text)
