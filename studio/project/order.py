"""The order that a gallery shows items in: row ids, by the hundred thousand, in a few hundredths of a second.

SQLite hands rows to Python one by one, which takes longer than finding them; so one row of JSON comes back,
made from one index that has all that is asked for. What FTS5 finds is compared with that in Python: looking
up the row of each match would take twice as long.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterable, Sequence
from enum import StrEnum
from itertools import chain, compress, islice
from operator import ge, le, not_
from typing import Any

from msgspec import DecodeError, Struct, json

from studio.core.item import Label
from studio.core.kind import STOCK
from studio.core.titles import told
from studio.project import days
from studio.project.database import Database, damaged
from studio.project.search import Search


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


class Section(Struct, frozen=True):
    """Items that belong together, one after the other."""

    key: str
    """What they share. DAY: the local day, as days since 1970-01-01. BATCH: its id, "" for items without one.
    KIND, LABEL: the value."""
    title: str
    """A batch's title; otherwise empty, as the key says it."""
    count: int


class Order(Struct, frozen=True):
    ids: array[int]
    """Row ids (type "q"), in the order of the sections."""
    sections: list[Section]
    """One for all without a group; none without items."""
    stacks: array[int] = array("q")
    """Where stacks were asked for, of each of the ids: the number of its stack, or one below 0."""
    ranks: array[int] = array("q")
    """Of each as well: the item with the highest lies on top of its stack, of equal ones the first."""


_SORTED = {
    Sort.NEWEST: ("item_live", "item.id DESC"),
    Sort.OLDEST: ("item_live", "item.id"),
    Sort.NAME: ("item_name", "item.sort_name, item.id"),
    Sort.SIZE: ("item_size", "item.size DESC, item.id DESC"),
    Sort.STARS: ("item_live", "item.id DESC"),
}

_STACKED = ("ifnull(stack, -id)", "12 * top + 6 * (1 - rejected) + stars")
"""In SQL: what `Order` has of each item to put it into its stack."""


class Orders:
    """Finds orders, from any thread. While one types, only words change: the rest of the last one is kept."""

    def __init__(self, database: Database) -> None:
        self._db = database
        self._kept: tuple[object, list[list[Any]]] | None = None

    def order(self, search: Search, sort: Sort, group: Group, *, with_stacks: bool = False) -> Order:
        """All items that a search finds. Raises as `Database.read` does."""
        try:
            key = _key(self._db, group)
            columns = ["id", *(["stars"] if sort is Sort.STARS else []), *([key] if key else [])]
            found = _matching(
                self._db, search, self._scan(search, sort, [*columns, *(_STACKED if with_stacks else ())])
            )
            order = _order_of(self._db, found[: len(columns)], sort, group)
            return _with_stacks(order, found[0], *found[-2:]) if with_stacks else order
        except (KeyError, TypeError, ValueError, OverflowError, DecodeError) as error:
            raise damaged(f"an index of the items: {error!a}") from error

    def _scan(self, search: Search, sort: Sort, columns: Sequence[str]) -> list[list[Any]]:
        """The columns of all items that fit but for the words. Not to be changed: it is kept."""
        where, values = search.conditions(but_words=True)
        index, order = _SORTED[sort]
        if search.query.trashed:
            index = "item_trash"
        asked = (self._db.changes, where, tuple(values), index, order, tuple(columns))
        kept = self._kept
        if kept is not None and kept[0] == asked:
            return kept[1]
        arrays = ", ".join(f"json_group_array(c{n})" for n in range(len(columns)))
        inner = ", ".join(f"{column} AS c{n}" for n, column in enumerate(columns))
        row = self._db.read(
            f"SELECT {arrays} FROM"
            f" (SELECT {inner} FROM item INDEXED BY {index} WHERE {where} ORDER BY {order})",
            values,
        )[0]
        found = [json.decode(column) for column in row]
        self._kept = (asked, found)
        return found


def _order_of(database: Database, found: list[list[Any]], sort: Sort, group: Group) -> Order:
    if sort is Sort.STARS:
        ids, stars = found[:2]
        if len(found) > 2:
            rated = _joined(_parted(zip(ids, found[2], strict=True), stars, range(5, -1, -1)))
            found = [[row[0] for row in rated], [row[1] for row in rated]]
        else:
            found = [_joined(_parted(ids, stars, range(5, -1, -1)))]
    if group is Group.NONE:
        return Order(array("q", found[0]), [Section("", "", len(found[0]))] if found[0] else [])
    ids, keys = found[0], found[1]
    newest_first = sort is not Sort.OLDEST
    if group is Group.DAY and _is_sorted(keys, newest_first):  # as it is where items came in day by day
        return Order(array("q", ids), [Section(str(day), "", n) for day, n in Counter(keys).items()])
    titles = _batches(database) if group is Group.BATCH else {}
    parts = _parted(ids, keys, _keys(group, keys, titles, newest_first))
    sections = [Section(str(key), titles.get(key, ""), len(part)) for key, part in parts.items() if part]
    return Order(array("q", _joined(parts)), sections)


def _with_stacks(order: Order, found: list[int], stacks: list[int], ranks: list[int]) -> Order:
    """`found` are the ids to which the stacks and ranks belong, in any order."""
    if list(order.ids) != found:
        stack_of, rank_of = dict(zip(found, stacks, strict=True)), dict(zip(found, ranks, strict=True))
        stacks, ranks = [stack_of[id] for id in order.ids], [rank_of[id] for id in order.ids]
    return Order(order.ids, order.sections, array("q", stacks), array("q", ranks))


def _matching(database: Database, search: Search, found: list[list[Any]]) -> list[list[Any]]:
    """What the words of the search leave of it."""
    for expression, wanted in ((search.words, True), *((words, False) for words in search.without_words)):
        if not expression or not found[0]:
            continue
        query = "SELECT json_group_array(rowid) FROM search WHERE search MATCH ?"
        matches = json.decode(database.read(query, [expression])[0][0])
        if wanted and len(matches) == database.read("SELECT value FROM meta WHERE key = 'item_count'")[0][0]:
            continue  # one letter may be in every item
        kept = list(map(set(matches).__contains__, found[0]))
        if not wanted:
            kept = list(map(not_, kept))
        found = [list(compress(column, kept)) for column in found]
    return found


def _parted(values: Iterable[Any], keys: Iterable[Any], every: Iterable[Any]) -> dict[Any, list[Any]]:
    """The values by their keys, these in the order of `every`."""
    parts: dict[Any, list[Any]] = {key: [] for key in every}
    for value, key in zip(values, keys, strict=True):
        parts[key].append(value)
    return parts


def _joined(parts: dict[Any, list[Any]]) -> list[Any]:
    return list(chain.from_iterable(parts.values()))


def _is_sorted(keys: list[int], newest_first: bool) -> bool:
    return all(map(ge if newest_first else le, keys, islice(keys, 1, None)))


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


def _keys(group: Group, found: list[Any], titles: dict[Any, str], newest_first: bool) -> Iterable[Any]:
    if group is Group.DAY:
        return sorted(set(found), reverse=newest_first)
    if group is Group.BATCH:
        batches = list(titles) if newest_first else list(titles)[::-1]
        return [*batches, *sorted(set(found) - titles.keys())]
    if group is Group.KIND:
        stock = [kind.id for kind in STOCK]
        return [*stock, *sorted(set(found).difference(stock))]
    return [*(str(label) for label in Label if label is not Label.NONE), str(Label.NONE)]


def _batches(database: Database) -> dict[Any, str]:
    """The title of each batch, the newest first."""
    return {
        row[0]: told(row[1]) for row in database.read("SELECT id, title FROM batch ORDER BY created DESC, id")
    }
