"""What an item was made from and what was made from it, as a small graph, without a widget."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol

from studio.core.item import Item

GENERATIONS = 3
"""Columns to either side of the current item that are shown."""
FAMILIES = 24
"""Of how many items of one column the descendants are looked up."""
STACK = 5
"""How many items of one parent are shown before "+12 more" stands for the others."""

NodeKind = Literal["item", "gone", "more"]


class Source(Protocol):
    """What the model asks of a project."""

    def inputs(self, item: Item) -> Sequence[tuple[str, Item | None]]:
        """(slot's title, item) of all that it was made from, its main input first. None: it is gone."""

    def children(self, item: Item) -> Sequence[Item]:
        """What was made directly from it as its main input, oldest first."""


@dataclass(frozen=True)
class Node:
    """One place of the graph.

    `column` is 0 for the current item and its siblings, negative for what they were made from. `row` is
    counted from the top of the column; `y` is its middle, in rows, with the whole graph beginning at 0.
    """

    key: str
    kind: NodeKind
    item: Item | None
    column: int
    row: int
    y: float
    count: int = 0
    """Of a "more" node: how many it stands for."""


@dataclass(frozen=True)
class Edge:
    """From what was used to what was made. `slot` names the input, for a mask or a reference."""

    start: str
    end: str
    slot: str = ""


@dataclass(frozen=True)
class Lineage:
    """A graph that is laid out: columns from left to right, `rows` the height of the highest."""

    current: str
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    columns: range
    rows: int
    by_key: dict[str, Node] = field(repr=False, compare=False, default_factory=dict)

    def counts(self) -> tuple[int, int, int]:
        """How many items are (before it, beside it, after it), those behind "more" too."""
        before = sum(node.column < 0 for node in self.nodes)
        beside = sum(node.count or 1 for node in self.nodes if node.column == 0) - 1
        after = sum(node.count or 1 for node in self.nodes if node.column > 0)
        return before, beside, after

    def column(self, number: int) -> list[Node]:
        """From top to bottom."""
        return [node for node in self.nodes if node.column == number]

    def step(self, key: str, across: int, down: int) -> str:
        """The node that an arrow key leads to from `key`; `key` itself at an edge of the graph.

        Across it prefers a node that an edge leads to, then the nearest one.
        """
        here = self.by_key[key]
        if down:
            stack = self.column(here.column)
            place = stack.index(here) + down
            return stack[place].key if 0 <= place < len(stack) else key
        beside = self.column(here.column + across)
        if not beside:
            return key
        joined = {edge.end if across > 0 else edge.start for edge in self._edges_of(key, across)}
        return min(beside, key=lambda node: (node.key not in joined, abs(node.y - here.y))).key

    def _edges_of(self, key: str, across: int) -> list[Edge]:
        return [edge for edge in self.edges if (edge.start if across > 0 else edge.end) == key]


class _Builder:
    """Collects nodes by column; an item appears once, so that a damaged project's cycle ends."""

    def __init__(self, source: Source, opened: frozenset[str]) -> None:
        self._source = source
        self._opened = opened
        self.columns: dict[int, list[tuple[str, NodeKind, Item | None, int]]] = {}
        self.seen: set[str] = set()
        self.edges: dict[tuple[str, str], Edge] = {}

    def add(self, column: int, key: str, kind: NodeKind, item: Item | None = None, count: int = 0) -> bool:
        if key in self.seen:
            return False
        self.seen.add(key)
        self.columns.setdefault(column, []).append((key, kind, item, count))
        return True

    def join(self, start: str, end: str, slot: str = "") -> None:
        if start != end and (end, start) not in self.edges:
            self.edges.setdefault((start, end), Edge(start, end, slot))

    def ancestors(self, item: Item) -> Item | None:
        """Adds what the item was made from, and so on to the left; gives its main input."""
        main: Item | None = None
        wave, column = [item], 0
        while wave and column > -GENERATIONS:
            column -= 1
            above: list[Item] = []
            for one in wave:
                for number, (slot, used) in enumerate(self._source.inputs(one)):
                    if used is None:
                        key = f"gone:{one.uid}:{slot}"
                        self.add(column, key, "gone")
                    else:
                        key = used.uid
                        if self.add(column, key, "item", used):
                            above.append(used)
                        if one is item and number == 0:
                            main = used
                    self.join(key, one.uid, slot if number else "")
            wave = above
        return main

    def stack(self, parent: Item, column: int, keep: Item | None = None) -> list[Item]:
        """Adds the children of an item, the first few and `keep`, then "more" for the others."""
        children = list(self._source.children(parent))
        fresh = [child for child in children if child.uid not in self.seen]
        shown = fresh
        if len(fresh) > STACK + 1 and parent.uid not in self._opened:
            shown = fresh[:STACK]
            if keep is not None and keep in fresh and keep not in shown:
                shown[-1] = keep
        for child in shown:
            self.add(column, child.uid, "item", child)
        for child in children:
            if child.uid in self.seen:
                self.join(parent.uid, child.uid)
        if len(shown) < len(fresh):
            key = f"more:{parent.uid}"
            self.add(column, key, "more", parent, len(fresh) - len(shown))
            self.join(parent.uid, key)
        return shown


def build(source: Source, item: Item, opened: frozenset[str] = frozenset()) -> Lineage:
    """The family of an item: ancestors, siblings (variants of one parent) and descendants.

    `opened` holds the uids of the parents whose children are shown in full. Every item appears once.
    """
    builder = _Builder(source, opened)
    builder.add(0, item.uid, "item", item)
    parent = builder.ancestors(item)
    if parent is not None:
        # Siblings stand in their order around the current item, so it is taken out and put in again.
        builder.seen.discard(item.uid)
        builder.columns[0].clear()
        builder.stack(parent, 0, keep=item)
        builder.add(0, item.uid, "item", item)
    wave = [item]
    for column in range(1, GENERATIONS + 1):
        wave = [child for one in wave[:FAMILIES] for child in builder.stack(one, column)]
        if not wave:
            break
    return _laid_out(item.uid, builder)


def _laid_out(current: str, builder: _Builder) -> Lineage:
    tallest = max(map(len, builder.columns.values()))
    nodes = []
    for column in sorted(builder.columns):
        stack = builder.columns[column]
        top = (tallest - len(stack)) / 2
        nodes += [
            Node(key, kind, item, column, row, top + row + 0.5, count)
            for row, (key, kind, item, count) in enumerate(stack)
        ]
    by_key = {node.key: node for node in nodes}
    columns = range(min(builder.columns), max(builder.columns) + 1)
    return Lineage(current, tuple(nodes), tuple(builder.edges.values()), columns, tallest, by_key)
