"""Long work on a project: it tells how far it is, and stopping it leaves everything as it was."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.core.item import Item, Label, Origin
from studio.core.kind import Kind
from studio.project import backups, watch
from studio.project.check import check
from studio.project.exchange import pack, unpack
from studio.project.store import Project

MANY = 3 * watch.CHUNK + 17


class StopError(Exception):
    pass


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    folder = tmp_path_factory.mktemp("many")
    with Project.create(folder / "Many.studio") as made:
        blobs = []
        for n in range(4):
            file = folder / f"{n}.txt"
            file.write_text(f"text {n}")
            blobs.append(made.store_blob(file, extension=".txt"))
        items = [
            Item(
                f"{n:032x}", f"Item {n}", Kind.TEXT, Origin.ASSET, blobs[n % 4][0], ".txt", blobs[n % 4][1], n
            )
            for n in range(MANY)
        ]
        with made.db.transaction() as connection:
            made.insert_items(connection, items)
        yield made


UIDS = [f"{n:032x}" for n in range(MANY)]

CHANGES: dict[str, Callable[[Project], object]] = {
    "stars": lambda project: project.set_stars(UIDS, 4),
    "label": lambda project: project.set_label(UIDS, Label.RED),
    "reject": lambda project: project.set_rejected(UIDS, True),
    "tag": lambda project: project.add_tags(UIDS, ["lake"]),
    "trash": lambda project: project.trash(UIDS),
    "collect": lambda project: project.make_collection("Best", UIDS),
}


def content(project: Project) -> list[str]:
    """All rows that a change may touch."""
    with sqlite3.connect(project.db.path) as connection:
        return [line for line in connection.iterdump() if "sqlite_sequence" not in line]


@pytest.mark.parametrize("name", CHANGES)
def test_a_change_of_many_items_tells_how_far_it_is(many: Project, name: str) -> None:
    for act in (CHANGES[name], lambda project: project.history.undo()):
        told: list[float] = []
        before = content(many)
        with watch.watched(lambda done, total, told=told: told.append(done / total)):
            act(many)
        assert len(told) >= 5 and told == sorted(told) and told[0] < 0.01 and 0.9 < told[-1] <= 1
        assert content(many) != before


@pytest.mark.parametrize("name", CHANGES)
@pytest.mark.parametrize("when", [0.0, 0.3, 0.7, 0.9])
def test_a_change_that_is_stopped_leaves_everything_as_it_was(many: Project, name: str, when: float) -> None:
    before, title = content(many), many.history.undo_title

    def tell(done: float, total: float) -> None:
        if done / total >= when:
            raise StopError

    with pytest.raises(StopError), watch.watched(tell):
        CHANGES[name](many)
    assert content(many) == before
    assert many.history.undo_title == title


def test_undoing_can_be_stopped_and_done_later(many: Project) -> None:
    before = [item.stars for item in many.items(limit=MANY)]
    many.set_stars(UIDS, 2)

    def stop(done: float, total: float) -> None:
        if done / total > 0.5:
            raise StopError

    with pytest.raises(StopError), watch.watched(stop):
        many.history.undo()
    assert {item.stars for item in many.items(limit=MANY)} == {2}
    many.history.undo()
    assert [item.stars for item in many.items(limit=MANY)] == before


def test_checking_tells_and_stops(many: Project) -> None:
    told: list[float] = []
    with watch.watched(lambda done, total: told.append(done / total)):
        assert check(many.folder, repair=False).ok
    assert told == sorted(told) and told[-1] >= 0.9
    for when in (0.0, 0.2, 0.6):

        def stop(done: float, total: float, when: float = when) -> None:
            if done / total >= when:
                raise StopError

        with pytest.raises(StopError), watch.watched(stop):
            check(many.folder, repair=False)


def test_packing_and_unpacking_tell_and_leave_nothing_when_stopped(many: Project, tmp_path: Path) -> None:
    told: list[float] = []
    target = tmp_path / "packed.zip"
    with watch.watched(lambda done, total: told.append(done / total)):
        assert pack(many, target) == []
        unpack(target, tmp_path / "out")
    assert max(told) == 1
    there = sorted(path.name for path in tmp_path.rglob("*.studio"))

    def stop(done: float, total: float) -> None:
        if done / total > 0.4:
            raise StopError

    with pytest.raises(StopError), watch.watched(stop):
        pack(many, tmp_path / "second.zip")
    with pytest.raises(StopError), watch.watched(stop):
        unpack(target, tmp_path / "out")
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["packed.zip"]
    assert sorted(path.name for path in tmp_path.rglob("*.studio")) == there
    assert not list((tmp_path / "out").glob(".*"))


def test_one_long_statement_is_stopped_too(many: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watch, "_STEPS", 1000)
    asked = 0

    def tell(done: float, total: float) -> None:
        nonlocal asked
        asked += 1
        if asked > 5:
            raise StopError

    existing = backups.list_backups(many.folder)
    many.set_stars(UIDS[:1], 1)
    many.set_stars(UIDS[:1], 0)
    with pytest.raises(StopError), watch.watched(tell):
        many.backup()
    assert backups.list_backups(many.folder) == existing
    assert not list((many.folder / "tmp").iterdir())


@given(
    st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1), st.integers(0, 5)), max_size=6),
    st.integers(1, 4),
)
def test_parts_lie_within_their_whole(parts: list[tuple[float, float, int]], size: int) -> None:
    told: list[float] = []
    with watch.watched(lambda done, total: told.append(done / total)):
        for first, second, count in parts:
            low, high = sorted((first, second))
            begun = len(told)
            with watch.part(low, high):
                assert [one for some in watch.chunks(range(count), size) for one in some] == list(
                    range(count)
                )
            inside = told[begun:]
            assert inside == sorted(inside)
            assert all(low - 1e-9 <= value <= high + 1e-9 for value in inside)
    before = len(told)
    watch.tell(1, 2)
    assert len(told) == before, "nobody watches any more"
