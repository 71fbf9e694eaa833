"""Results that belong together lie in one stack: those of one source and batch, and those with other seeds.

A stack is a number, the row id of the result that it began with. It is found once, when a result is stored:
what is of the same source, kind and batch comes first, then what differs only in its seed. So one look at an
index of numbers is enough to show 100,000 items in stacks.
"""

from __future__ import annotations

import sqlite3
from array import array
from collections import Counter
from collections.abc import Sequence, Set
from itertools import accumulate, chain, compress

from msgspec import Struct

from studio.project.order import Order, Section

# `siblings` and `variation` are numbers of 63 bits: of (kind, parent, batch), and of (kind, parent, recipe
# without its seed).
ALL = (
    # All groups are found in a table of numbers, so that each row of the large one is written once.
    "CREATE TEMP TABLE kin(id INTEGER PRIMARY KEY, siblings INTEGER, variation INTEGER, stack INTEGER)",
    """INSERT INTO kin
        SELECT item.id, kin_key(kind, parent, item.batch),
            kin_key(kind, parent, iif(json_valid(recipe), json_remove(recipe, '$.seed'), NULL)), item.id
        FROM item JOIN job ON job.id = item.job""",
    *(
        f"""UPDATE kin SET stack = first FROM
            (SELECT {key} AS of, min(stack) AS first FROM kin WHERE {key} IS NOT NULL GROUP BY {key}
                HAVING count(*) > 1)
            WHERE {key} = of AND stack <> first"""
        for key in ("siblings", "variation", "siblings")
    ),
    """UPDATE item SET (siblings, variation, stack) = (kin.siblings, kin.variation, kin.stack)
        FROM kin WHERE kin.id = item.id""",
    "DROP TABLE kin",
)
"""Finds the stack of every result anew."""


def place(connection: sqlite3.Connection, uid: str, *, is_new: bool = False) -> None:
    """Finds the stack of a result that was just stored; `is_new`: and nobody has looked at it yet."""
    row = connection.execute(
        "SELECT item.id, kin_key(kind, parent, item.batch),"
        " kin_key(kind, parent, iif(json_valid(recipe), json_remove(recipe, '$.seed'), NULL))"
        " FROM item JOIN job ON job.id = item.job WHERE uid = ?",
        (uid,),
    ).fetchone()
    if row is None:
        return
    id, siblings, variation = row
    stack = id
    for key, value in (("variation", variation), ("siblings", siblings)):
        query = f"SELECT stack FROM item WHERE {key} = ? AND stack IS NOT NULL ORDER BY stack LIMIT 1"
        found = connection.execute(query, (value,)).fetchone()
        stack = found[0] if found else stack
    connection.execute(
        "UPDATE item SET siblings = ?, variation = ?, stack = ?, fresh = ? WHERE id = ?",
        (siblings, variation, stack, int(is_new), id),
    )


FEW = 16
"""So many stacks of a section are looked through one by one."""


class Stacked(Struct, frozen=True):
    """An order as it is seen: a closed stack is one tile, where the first of its items would stand."""

    ids: array[int]
    """Row ids of the tiles."""
    sections: list[Section]
    """With the number of tiles in each."""
    counts: dict[int, int]
    """How many items each tile stands for, by its row id."""
    places: dict[int, tuple[int, int, int]]
    """Of the items of opened stacks, by row id: (stack, which one it is from 1 on, of how many)."""


def stacked(order: Order, opened: Set[int] = frozenset()) -> Stacked:
    """Lays the items of each stack on one another; those of the stacks in `opened` stand in a row, the top
    one first, then the oldest first. Loops over every item are left to functions in C.
    """
    ids: array[int] = array("q")
    sections: list[Section] = []
    counts: dict[int, int] = {}
    places: dict[int, tuple[int, int, int]] = {}
    for section, part in zip(order.sections, parts(order), strict=True):
        found, stacks = order.ids[part], order.stacks[part]
        sizes = Counter(stacks)
        tops = _tops(found, stacks, order.ranks[part])
        tiles = list(map(tops.__getitem__, sizes))
        counts.update(zip(tiles, sizes.values(), strict=True))
        rows = _rows(found, stacks, {stack for stack in opened & sizes.keys() if sizes[stack] > 1})
        for stack, every in rows.items():
            places |= {id: (stack, number, len(every)) for number, id in enumerate(every, 1)}
            counts |= dict.fromkeys(every, 1)
        if rows:
            tiles = list(
                chain.from_iterable(
                    [tile, *(id for id in rows[stack] if id != tile)] if stack in rows else (tile,)
                    for stack, tile in zip(sizes, tiles, strict=True)
                )
            )
        ids.extend(tiles)
        sections.append(Section(section.key, section.title, len(tiles)))
    return Stacked(ids, sections, counts, places)


def parts(order: Order) -> list[slice]:
    """Where each section's items stand in it."""
    ends = list(accumulate(section.count for section in order.sections))
    return [slice(begin, end) for begin, end in zip([0, *ends], ends, strict=False)]


def _tops(ids: Sequence[int], stacks: Sequence[int], ranks: Sequence[int]) -> dict[int, int]:
    """By stack: the item with the highest rank, of equal ones the first."""
    ids, stacks = ids[::-1], stacks[::-1]
    found = dict(zip(stacks, ids, strict=True))
    for rank in sorted(set(ranks))[1:]:
        having = list(map(rank.__eq__, ranks))[::-1]
        found.update(zip(compress(stacks, having), compress(ids, having), strict=True))
    return found


def _rows(ids: Sequence[int], stacks: Sequence[int], wanted: Set[int]) -> dict[int, list[int]]:
    """The items of the wanted stacks, the oldest first."""
    if len(wanted) < FEW:
        return {stack: sorted(compress(ids, map(stack.__eq__, stacks))) for stack in wanted}
    found: dict[int, list[int]] = {stack: [] for stack in wanted}
    for id, stack in sorted(zip(ids, stacks, strict=True)):
        if stack in found:
            found[stack].append(id)
    return found


def members(order: Order, shown: Stacked, tiles: Sequence[int]) -> array[int]:
    """All that these tiles stand for, in their order: of a stack the top one first, then the oldest first."""
    several = {tile for tile in tiles if shown.counts.get(tile, 1) > 1}
    if not several:
        return array("q", tiles)
    beneath: dict[int, list[int]] = {}
    for part in parts(order):
        ids, stacks = order.ids[part], order.stacks[part]
        tops = {stack: id for id, stack in zip(ids, stacks, strict=True) if id in several}
        beneath |= {tops[stack]: every for stack, every in _rows(ids, stacks, tops.keys()).items()}
    found: array[int] = array("q")
    for tile in tiles:
        found.append(tile)
        found.extend(id for id in beneath.get(tile, ()) if id != tile)
    return found


def _tile_over(order: Order, shown: Stacked, id: int) -> int | None:
    """The tile of the closed stack in which an item is hidden."""
    if id not in order.ids:
        return None
    within = map(order.stacks[order.ids.index(id)].__eq__, order.stacks)
    return next((one for one in compress(order.ids, within) if shown.counts.get(one, 1) > 1), None)


def tiles_of(order: Order, shown: Stacked, ids: Sequence[int]) -> list[int]:
    """The tiles under which these items are seen; those that the order has not are left out."""
    hidden = [id for id in ids if id not in shown.counts]
    if len(hidden) < FEW:
        tile_of_few = {id: _tile_over(order, shown, id) for id in hidden}
        tiles = (tile_of_few.get(id, id) for id in ids)
        return list(dict.fromkeys(tile for tile in tiles if tile is not None))
    stack_of = dict(zip(order.ids, order.stacks, strict=True))
    tile_of = {stack_of[tile]: tile for tile in shown.ids if shown.counts[tile] > 1}
    found = (id if id in shown.counts else tile_of.get(stack_of.get(id, 0)) for id in ids)
    return list(dict.fromkeys(tile for tile in found if tile is not None))
