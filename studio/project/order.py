"""The order that a gallery shows items in: row ids, by the hundred thousand, in a few hundredths of a second.

SQLite hands rows to Python one by one, which takes longer than finding them; so one row of JSON comes back,
made from one index that has all that is asked for. What FTS5 finds is compared with that in Python: looking
up the row of each match would take twice as long.
"""

from __future__ import annotations

import json
from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from studio.core.item import Kind, Label
from studio.project import days
from studio.project.database import Database
from studio.project.search import Search, Values


class Sort(StrEnum):
    NEWEST = "newest"
    OLDEST = "oldest"
    NAME = "name"
    SIZE = "size"
    """The largest first."""
    STARS = "stars"
    """The best first; of equal ones the newest."""


class Group(StrEnum):
    NONE = "none"
    DAY = "day"
    BATCH = "batch"
    KIND = "kind"
    LABEL = "label"


@dataclass(frozen=True)
class Section:
    """Items that belong together, one after the other."""

    key: str
    """What they share. DAY: the local day, as days since 1970-01-01. BATCH: its id, "" for items without one.
    KIND, LABEL: the value."""
    title: str
    """A batch's title; otherwise empty, as the key says it."""
    count: int


@dataclass(frozen=True)
class Order:
    ids: array[int]
    """Row ids (type "q"), in the order of the sections."""
    sections: list[Section]
    """One for all without a group; none without items."""


_SORTED = {
    Sort.NEWEST: ("item_live", "item.id DESC"),
    Sort.OLDEST: ("item_live", "item.id"),
    Sort.NAME: ("item_name", "item.sort_name, item.id"),
    Sort.SIZE: ("item_size", "item.size DESC, item.id DESC"),
    Sort.STARS: ("item_live", "item.id DESC"),
}


def order_of(database: Database, search: Search, sort: Sort, group: Group) -> Order:
    """All items that a search finds. Raises as `Database.read` does."""
    keyed = _key(database, group)
    columns = ["id"] + (["stars"] if sort is Sort.STARS else []) + ([keyed] if keyed else [])
    found = _scan(database, search, sort, columns)
    found = _matching(database, search, found)
    if sort is Sort.STARS:
        found = [list(column) for column in _bucketed(found, 1, range(5, -1, -1))[0]]
        del found[1]
    ids = found[0]
    if group is Group.NONE:
        return Order(array("q", ids), [Section("", "", len(ids))] if ids else [])
    titles = _batches(database) if group is Group.BATCH else {}
    ((ids, _), counts) = _bucketed(found, 1, _keys(group, found[1], titles, reverse=sort is not Sort.OLDEST))
    sections = [Section(str(key), titles.get(key, ""), count) for key, count in counts]
    return Order(array("q", ids), sections)


def _scan(database: Database, search: Search, sort: Sort, columns: Sequence[str]) -> list[list[Any]]:
    where, values = search.conditions(but_words=True)
    index, order = _SORTED[sort]
    if search.query.trashed:
        index = "item_trash"
    arrays = ", ".join(f"json_group_array(c{n})" for n in range(len(columns)))
    inner = ", ".join(f"{column} AS c{n}" for n, column in enumerate(columns))
    row = database.read(
        f"SELECT {arrays} FROM (SELECT {inner} FROM item INDEXED BY {index} WHERE {where} ORDER BY {order})",
        values,
    )[0]
    return [json.loads(column) for column in row]


def _matching(database: Database, search: Search, found: list[list[Any]]) -> list[list[Any]]:
    """What the words of the search leave of it."""
    wanted = [(search.words, True)] if search.words else []
    wanted += [(expression, False) for expression in search.without_words]
    for expression, keep in wanted:
        matches = set(_ids(database, "SELECT rowid AS id FROM search WHERE search MATCH ?", [expression]))
        kept = [(id in matches) is keep for id in found[0]]
        if not all(kept):
            found = [[value for value, it in zip(column, kept, strict=True) if it] for column in found]
    return found


def _ids(database: Database, sql: str, values: Values) -> list[int]:
    found: list[int] = json.loads(database.read(f"SELECT json_group_array(id) FROM ({sql})", values)[0][0])
    return found


def _bucketed(
    columns: list[list[Any]], by: int, keys: Iterable[Any]
) -> tuple[list[list[Any]], list[tuple[Any, int]]]:
    """The rows sorted by one column in the order of `keys`, else as they were; and how many have each."""
    places: dict[Any, list[int]] = {key: [] for key in keys}
    for place, key in enumerate(columns[by]):
        places[key].append(place)
    order = [place for chosen in places.values() for place in chosen]
    counts = [(key, len(chosen)) for key, chosen in places.items() if chosen]
    return [[column[place] for place in order] for column in columns], counts


def _key(database: Database, group: Group) -> str:
    """In SQL: what the items of one section share."""
    if group is Group.DAY:
        return _day(database)
    return {Group.BATCH: "ifnull(batch, '')", Group.KIND: "kind", Group.LABEL: "label"}.get(group, "")


def _day(database: Database) -> str:
    """In SQL: the local day of `created`. SQLite's own conversion takes ten times as long."""
    first, last = database.read("SELECT min(created), max(created) FROM item")[0]
    pieces = days.offsets(first or 0.0, last or 0.0)
    offset = str(pieces[0][1])
    for begins, following in pieces[1:]:
        offset = f"CASE WHEN created >= {begins!r} THEN {following} ELSE {offset} END"
    ahead = 1_000_000  # CAST rounds towards zero
    return f"(CAST((created + {offset}) / {days.DAY} + {ahead} AS INTEGER) - {ahead})"


def _keys(group: Group, found: list[Any], titles: dict[Any, str], *, reverse: bool) -> Iterable[Any]:
    if group is Group.DAY:
        return sorted(set(found), reverse=reverse)
    if group is Group.BATCH:
        newest_first = list(titles)
        return [*(newest_first if reverse else newest_first[::-1]), *(set(found) - titles.keys())]
    if group is Group.KIND:
        return [str(kind) for kind in Kind]
    return [*(str(label) for label in Label if label is not Label.NONE), str(Label.NONE)]


def _batches(database: Database) -> dict[Any, str]:
    """The title of each batch, the newest first."""
    return {row[0]: row[1] for row in database.read("SELECT id, title FROM batch ORDER BY created DESC, id")}
