from __future__ import annotations

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from studio.core.item import Item, Origin
from studio.core.kind import Kind
from studio.ui.items.lineage_model import GENERATIONS, STACK, build


def item(uid: str, parent: str | None = None) -> Item:
    return Item(uid, uid, Kind.IMAGE, Origin.ARTIFACT, uid * 8, ".png", 1, 0.0, parent=parent)


class Family:
    """Items with their inputs by slot; a name that is no item is gone."""

    def __init__(self, inputs: dict[str, list[str]]) -> None:
        self.items = {uid: item(uid, used[0] if used else None) for uid, used in inputs.items()}
        self._inputs = inputs

    def inputs(self, item: Item) -> Sequence[tuple[str, Item | None]]:
        return [(f"slot {n}", self.items.get(uid)) for n, uid in enumerate(self._inputs[item.uid])]

    def children(self, item: Item) -> Sequence[Item]:
        return [one for one in self.items.values() if one.parent == item.uid]


def test_ancestors_left_descendants_right_siblings_stacked() -> None:
    family = Family({"photo": [], "a": ["photo"], "b": ["photo"], "c": ["photo"], "b1": ["b"]})
    made = build(family, family.items["b"])
    places = {node.key: (node.column, node.row) for node in made.nodes}
    assert places == {"photo": (-1, 0), "a": (0, 0), "b": (0, 1), "c": (0, 2), "b1": (1, 0)}
    assert {(edge.start, edge.end) for edge in made.edges} == {
        ("photo", "a"),
        ("photo", "b"),
        ("photo", "c"),
        ("b", "b1"),
    }
    assert made.rows == 3
    assert made.by_key["photo"].y == made.by_key["b"].y == 1.5
    assert made.counts() == (1, 2, 1)


def test_a_mask_and_a_removed_input_are_shown_as_inputs() -> None:
    family = Family({"photo": [], "mask": [], "out": ["photo", "mask", "reference"]})
    made = build(family, family.items["out"])
    assert {edge.start: edge.slot for edge in made.edges} == {
        "photo": "",
        "mask": "slot 1",
        "gone:out:slot 2": "slot 2",
    }
    assert made.by_key["gone:out:slot 2"].kind == "gone"


def test_a_large_family_is_capped_and_opens() -> None:
    family = Family({"photo": [], **{f"v{n:04}": ["photo"] for n in range(1000)}})
    last = family.items["v0999"]
    made = build(family, last)
    stack = made.column(0)
    assert [node.key for node in stack][-2:] == ["v0999", "more:photo"]
    assert stack[-1].count == 1000 - STACK
    assert made.counts() == (1, 999, 0)
    opened = build(family, last, frozenset({"photo"}))
    assert len(opened.column(0)) == 1000
    assert not any(node.kind == "more" for node in opened.nodes)
    below = build(family, family.items["photo"])
    assert below.column(1)[-1].count == 1000 - STACK


def test_one_more_than_the_stack_needs_no_fold() -> None:
    family = Family({"photo": [], **{f"v{n}": ["photo"] for n in range(STACK + 1)}})
    assert all(node.kind == "item" for node in build(family, family.items["photo"]).nodes)


def test_arrow_keys_follow_edges() -> None:
    family = Family({"photo": [], "a": ["photo"], "b": ["photo"], "a1": ["a"], "b1": ["b"]})
    made = build(family, family.items["b"])
    assert made.step("b", -1, 0) == "photo"
    assert made.step("b", 1, 0) == "b1"
    assert made.step("b", 0, -1) == "a"
    assert made.step("a", 0, -1) == "a"
    assert made.step("photo", -1, 0) == "photo"


@given(
    st.integers(1, 12).flatmap(
        lambda count: st.lists(
            st.lists(st.integers(0, count + 2), max_size=3, unique=True), min_size=count, max_size=count
        )
    ),
    st.data(),
)
def test_any_family_even_with_cycles_and_missing_parents(links: list[list[int]], data: st.DataObject) -> None:
    family = Family({str(n): [str(one) for one in used] for n, used in enumerate(links)})
    current = data.draw(st.sampled_from(sorted(family.items)))
    made = build(family, family.items[current])
    keys = [node.key for node in made.nodes]
    assert len(keys) == len(set(keys)), "an item appears once"
    assert made.by_key[current].column == 0
    assert all(-GENERATIONS <= node.column <= GENERATIONS for node in made.nodes)
    assert all(edge.start in made.by_key and edge.end in made.by_key for edge in made.edges)
    assert len({(node.column, node.row) for node in made.nodes}) == len(keys)
    assert all(0 <= node.y <= made.rows for node in made.nodes)
    for key in keys:
        for across, down in ((1, 0), (-1, 0), (0, 1), (0, -1)):
            assert made.step(key, across, down) in made.by_key
