"""Which results lie in one stack, and how an order is seen through stacks."""

from __future__ import annotations

import uuid
from array import array
from itertools import groupby
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.core.item import Item, Origin
from studio.core.kind import Kind
from studio.project import schema, stacks
from studio.project.order import Group, Order, Section, Sort
from studio.project.query import Query
from studio.project.stacks import members, stacked, tiles_of
from studio.project.store import Project
from tests.project.builders import recipe


@pytest.fixture
def project(tmp_path: Path) -> Project:
    with Project.create(tmp_path / "P.studio") as made:
        yield made


def result(
    project: Project,
    batch: str,
    *,
    seed: int = 0,
    prompt: str = "a lake",
    parent: str | None = "photo",
    kind: str = Kind.IMAGE,
) -> Item:
    job = uuid.uuid4().hex
    item = Item(
        uuid.uuid4().hex, f"{batch} {seed}", kind, Origin.ARTIFACT, "0" * 64, ".png", 1, 1.7e9, job=job,
        parent=parent,
    )  # fmt: skip
    with project.db.transaction() as connection:
        connection.execute("INSERT OR IGNORE INTO batch(id, title, created) VALUES (?, 'b', 1)", (batch,))
        connection.execute(
            "INSERT INTO job(id, batch, position, state, title, recipe, created)"
            " VALUES (?, ?, 1, 'done', 'j', ?, 1)",
            (job, batch, recipe(prompt, seed=seed).to_json()),
        )
        project.insert_items(connection, [item])
    return item


def seen(project: Project, sort: Sort = Sort.NEWEST) -> list[list[str]]:
    """The names under each tile, the one on top first."""
    order = project.order(Query(), sort, with_stacks=True)
    shown = stacked(order)
    return [[item.name for item in project.rows(members(order, shown, [tile]))] for tile in shown.ids]


def test_results_of_one_source_and_batch_lie_in_one_stack(project: Project) -> None:
    for seed in range(3):
        result(project, "a", seed=seed, prompt=f"prompt {seed}")
    result(project, "a", parent="another photo", seed=9)
    result(project, "a", parent="photo", seed=8, kind=Kind.TEXT)
    assert seen(project) == [["a 8"], ["a 9"], ["a 2", "a 0", "a 1"]]


def test_variations_join_the_stack_of_what_they_vary(project: Project) -> None:
    result(project, "a", seed=1)
    result(project, "b", seed=2, prompt="a hill")
    result(project, "c", seed=3)
    result(project, "c", seed=4)
    assert seen(project) == [["c 4", "a 1", "c 3"], ["b 2"]]


def test_what_was_brought_in_stands_alone(project: Project, tmp_path: Path) -> None:
    for number in range(2):
        (tmp_path / f"{number}.png").write_bytes(b"%d" % number)
        project.add_asset(tmp_path / f"{number}.png", kind=Kind.IMAGE)
    assert seen(project) == [["1"], ["0"]]


def test_what_is_put_on_top_lies_there_and_can_be_undone(project: Project) -> None:
    items = [result(project, "a", seed=seed) for seed in range(4)]
    project.set_stars([items[1].uid], 3)
    project.set_rejected([items[3].uid], True)
    assert seen(project)[0][0] == "a 1", "the best one, where nothing was said"
    project.put_on_top(items[0].uid)
    project.put_on_top(items[3].uid)
    assert seen(project)[0][0] == "a 3"
    project.history.undo()
    assert seen(project)[0][0] == "a 0"
    project.history.undo()
    assert seen(project)[0][0] == "a 1"
    assert not project.put_on_top(items[3].uid).items - {items[3].uid}, "nothing lies on top any more"


def test_a_stack_stands_where_its_first_item_would(project: Project) -> None:
    result(project, "a", seed=0)
    result(project, "b", seed=1, prompt="b")
    result(project, "c", seed=2)
    assert [tile[0] for tile in seen(project, Sort.OLDEST)] == ["a 0", "b 1"]
    assert [tile[0] for tile in seen(project, Sort.NEWEST)] == ["c 2", "b 1"]


def test_only_what_is_found_is_in_a_stack(project: Project) -> None:
    items = [result(project, "a", seed=seed) for seed in range(4)]
    project.trash([items[2].uid])
    assert seen(project) == [["a 3", "a 0", "a 1"]]


def test_found_anew_they_are_the_same(project: Project) -> None:
    for batch, prompt in (("a", "x"), ("b", "y"), ("b", "z"), ("c", "x"), ("d", "y")):
        result(project, batch, prompt=prompt)
    before = seen(project)
    with project.db.transaction() as connection:
        connection.execute("UPDATE item SET stack = NULL, siblings = NULL, variation = NULL")
        for statement in schema.REINDEX:
            connection.execute(statement)
    assert seen(project) == before == [["d 0", "b 0", "b 0"], ["c 0", "a 0"]]


def test_new_results_are_new_until_they_were_seen(project: Project) -> None:
    item = result(project, "a")
    assert project.seen([item.uid]).items == {item.uid}
    assert project.seen([item.uid]).items == frozenset()


@st.composite
def orders(draw: st.DrawFn) -> Order:
    ids = draw(st.lists(st.integers(1, 500), unique=True, max_size=40))
    of = [draw(st.one_of(st.just(-id), st.integers(1, 6))) for id in ids]
    ranks = [draw(st.integers(0, 5)) for _ in ids]
    cuts = sorted(draw(st.lists(st.integers(0, len(ids)), max_size=2)))
    ends = [*cuts, len(ids)]
    counts = [end - begin for begin, end in zip([0, *ends], ends, strict=False)]
    sections = [Section(str(n), "", count) for n, count in enumerate(counts) if count]
    return Order(array("q", ids), sections, array("q", of), array("q", ranks))


@given(orders(), st.frozensets(st.integers(1, 6)))
def test_every_item_is_under_exactly_one_tile(order: Order, opened: frozenset[int]) -> None:
    shown = stacked(order, opened)
    assert sum(section.count for section in shown.sections) == len(shown.ids) == len(set(shown.ids))
    under = [list(members(order, shown, [tile])) for tile in shown.ids]
    assert sorted(id for ids in under for id in ids) == sorted(order.ids)
    assert list(members(order, shown, shown.ids)) == [id for ids in under for id in ids]
    assert [shown.counts[tile] for tile in shown.ids] == [len(ids) for ids in under]
    if len(order.sections) == 1:
        for ids in under:
            assert set(tiles_of(order, shown, ids)) == {ids[0]}


@given(orders(), st.frozensets(st.integers(1, 6)))
def test_the_items_of_an_opened_stack_stand_together_and_are_counted(
    order: Order, opened: frozenset[int]
) -> None:
    shown = stacked(order, opened)
    stack_of = dict(zip(order.ids, order.stacks, strict=True))
    begin = 0
    for section in shown.sections:
        row = shown.ids[begin : begin + section.count]
        begin += section.count
        runs = [(stack, list(ids)) for stack, ids in groupby(row, key=lambda id: stack_of[id])]
        assert len({stack for stack, _ in runs}) == len(runs)
        for stack, ids in runs:
            if len(ids) > 1:
                assert stack in opened
                assert ids[1:] == sorted(ids[1:])
                told = sorted(shown.places[id] for id in ids)
                assert told == [(stack, n, len(ids)) for n in range(1, len(ids) + 1)]


@given(orders())
def test_many_stacks_are_opened_as_few_are(order: Order) -> None:
    opened = frozenset(range(1, 7))
    few, stacks.FEW = stacks.FEW, 0
    try:
        many = stacked(order, opened)
        assert many == _with_few(order, opened, few)
    finally:
        stacks.FEW = few


def _with_few(order: Order, opened: frozenset[int], few: int) -> stacks.Stacked:
    stacks.FEW = few
    return stacked(order, opened)


def test_groups_part_stacks(project: Project) -> None:
    items = [result(project, batch, seed=seed) for seed, batch in enumerate("aab")]
    order = project.order(Query(), Sort.NEWEST, Group.BATCH, with_stacks=True)
    shown = stacked(order)
    assert [section.count for section in shown.sections] == [1, 1]
    assert len(members(order, shown, shown.ids)) == len(items)


def test_lately_worked_on_is_one_of_each_stack(project: Project) -> None:
    for batch, seeds in (("first", (1,)), ("second", (2, 3, 4))):
        for seed in seeds:
            result(project, batch, seed=seed, prompt=batch)
    found = [(item.name, count) for item, count in project.newest_of_stacks(5)]
    assert found == [("second 4", 3), ("first 1", 1)]
    assert len(project.newest_of_stacks(1)) == 1
