from __future__ import annotations

import os
import random
import time
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from studio.core.item import Item, Label, Origin
from studio.core.kind import Kind
from studio.project import days
from studio.project.order import Group, Sort
from studio.project.query import Query, parse
from studio.project.rows import sort_key
from studio.project.store import Project
from tests.project.builders import WORDS, file_with, recipe

NAMES = ("Photo 10", "photo 9", "Äpfel", "Zebra", "apfel 2", "harbor night")


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Sixty items with everything that a query can ask for."""
    project = Project.create(tmp_path_factory.mktemp("order") / "P.studio")
    chance = random.Random(3)
    with project.db.transaction() as connection:
        for number in range(3):
            connection.execute(
                "INSERT INTO batch(id, title, created) VALUES (?, ?, ?)",
                (f"b{number}", f"Night {number}", number),
            )
        for number in range(60):
            job = f"j{number}" if number % 3 else None
            prompt = " ".join(chance.choices(WORDS, k=3))
            if job:
                connection.execute(
                    "INSERT INTO job(id, batch, position, state, title, recipe, created)"
                    " VALUES (?, ?, 1, 'done', 't', ?, 1)",
                    (job, f"b{number % 2}", recipe(prompt, seed=number % 5).to_json()),
                )
            item = Item(
                uid=f"{number:032x}",
                name=f"{chance.choice(NAMES)}",
                kind=chance.choice([Kind.IMAGE, Kind.MASK, Kind.TEXT, "music", "part"]),
                origin=Origin.ARTIFACT if job else Origin.ASSET,
                digest=f"{number:064x}",
                extension=".png",
                size=chance.randrange(5),
                created=1_700_000_000.0 + chance.randrange(0, 400) * 86_400 / 4,
                job=job,
                stars=chance.randrange(6),
                rejected=chance.random() < 0.3,
                label=chance.choice(list(Label)),
                trashed=5.0 if chance.random() < 0.2 else None,
                tags=tuple(chance.sample(["red", "night sky", "é"], chance.randrange(3))),
            )
            project.insert_items(connection, [item], prompt=prompt)
    uids = [item.uid for item in project.items(limit=100)]
    project.make_collection("Best", uids[::3])
    return project


def _ids(project: Project, query: Query, sort: Sort = Sort.NEWEST) -> list[Item]:
    return project.rows(project.order(query, sort).ids)


def test_sorts(filled: Project) -> None:
    newest = _ids(filled, Query())
    assert newest == filled.items(limit=100)
    assert _ids(filled, Query(), Sort.OLDEST) == newest[::-1]
    assert _ids(filled, Query(), Sort.SIZE) == sorted(newest, key=lambda item: -item.size)
    assert _ids(filled, Query(), Sort.STARS) == sorted(newest, key=lambda item: -item.stars)
    oldest = newest[::-1]
    assert _ids(filled, Query(), Sort.NAME) == sorted(oldest, key=lambda item: sort_key(item.name))


def test_names_sort_as_people_expect() -> None:
    names = ["2", "10", "010a", "100", "apfel 2", "Äpfel 9", "apfel 10", "Birne", "straße", "Strasse 2"]
    assert sorted(set(names), key=sort_key) == names


@pytest.mark.parametrize("sort", list(Sort))
@pytest.mark.parametrize("group", list(Group))
@pytest.mark.parametrize("text", ["", "harb", "is:trashed", "-harb stars:>=2"])
def test_groups(filled: Project, sort: Sort, group: Group, text: str) -> None:
    query = parse(text).query
    order = filled.order(query, sort, group)
    plain = filled.order(query, sort)
    assert sorted(order.ids) == sorted(plain.ids)
    assert sum(section.count for section in order.sections) == len(order.ids)
    assert all(section.count for section in order.sections)
    place = {id: n for n, id in enumerate(plain.ids)}
    at, keys = 0, []
    for section in order.sections:
        ids = order.ids[at : at + section.count]
        at += section.count
        assert [place[id] for id in ids] == sorted(place[id] for id in ids)
        for item in filled.rows(ids):
            batch = filled.db.read("SELECT batch FROM job WHERE id = ?", (item.job,))
            assert (
                section.key
                == {
                    Group.NONE: "",
                    Group.DAY: str((date.fromtimestamp(item.created) - date(1970, 1, 1)).days),
                    Group.BATCH: batch[0][0] if batch else "",
                    Group.KIND: item.kind,
                    Group.LABEL: item.label,
                }[group]
            )
        assert section.title == (f"Night {section.key[1:]}" if group is Group.BATCH and section.key else "")
        keys.append(section.key)
    assert len(set(keys)) == len(keys)
    if group is Group.DAY:
        assert keys == sorted(keys, key=int, reverse=sort is not Sort.OLDEST)
    if group is Group.BATCH and not query.trashed:
        assert keys == (["b0", "b1", ""] if sort is Sort.OLDEST else ["b1", "b0", ""])


@pytest.mark.parametrize(
    ("text", "fits"),
    [
        ("kind:mask kind:music", lambda item: item.kind in ("mask", "music")),
        ("-kind:mask", lambda item: item.kind != "mask"),
        ("stars:2", lambda item: item.stars == 2),
        ("stars:>3", lambda item: item.stars > 3),
        ("stars:<1", lambda item: item.stars == 0),
        ("label:red", lambda item: item.label == "red"),
        ("-label:none", lambda item: item.label != "none"),
        ("is:rejected", lambda item: item.rejected),
        ("-is:rejected", lambda item: not item.rejected),
        ("is:picked", lambda item: item.stars and not item.rejected),
        ("-is:picked", lambda item: not (item.stars and not item.rejected)),
        ("is:result", lambda item: item.job),
        ("is:photo", lambda item: not item.job),
        ("tag:RED", lambda item: "red" in item.tags),
        ('tag:"night sky" tag:É', lambda item: {"night sky", "é"} <= set(item.tags)),
        ("-tag:red", lambda item: "red" not in item.tags),
        ("tag:none", lambda item: False),
        ("-tag:none", lambda item: True),
        ("in:best", lambda item: item.collections),
        ("-in:Best", lambda item: not item.collections),
        ("plugin:image", lambda item: item.job),
        ("generator:INPAINT", lambda item: item.job),
        ("generator:image/inpaint", lambda item: item.job),
        ("plugin:inpaint", lambda item: False),
        ("-plugin:image", lambda item: not item.job),
        ("generator:%", lambda item: False),
        ("generator:_", lambda item: False),
        ("model:lama", lambda item: False),
        ("batch:night", lambda item: item.job),
        ("batch:b0", lambda item: item.job and int(item.job[1:]) % 2 == 0),
        ("seed:3", lambda item: item.job and int(item.job[1:]) % 5 == 3),
        ("-seed:3", lambda item: not (item.job and int(item.job[1:]) % 5 == 3)),
        ("job:j4", lambda item: item.job == "j4"),
        ("name:harb", lambda item: item.name == "harbor night"),
        ("-name:harb", lambda item: item.name != "harbor night"),
        ("name:apf", lambda item: item.name in ("Äpfel", "apfel 2")),
        ('"harbor night"', lambda item: item.name == "harbor night"),
        ('"harbor nigh"', lambda item: False),
        ("date:>=2024", lambda item: item.created >= datetime(2024, 1, 1).timestamp()),
        ("date:2024-01", lambda item: datetime.fromtimestamp(item.created).strftime("%Y-%m") == "2024-01"),
        ("date:2023-11-20", lambda item: str(datetime.fromtimestamp(item.created).date()) == "2023-11-20"),
    ],
)
def test_what_a_query_finds(filled: Project, text: str, fits: object) -> None:
    query = parse(text).query
    for trashed in (False, True):
        every = filled.items(limit=100, trashed=trashed)
        expected = [item for item in every if fits(item)]  # type: ignore[operator]
        asked = replace(query, trashed=trashed)
        for sort in (Sort.NEWEST, Sort.NAME):
            found = _ids(filled, asked, sort)
            assert sorted(item.uid for item in found) == sorted(item.uid for item in expected)
        assert filled._items.count(asked) == len(expected)
        assert filled._items.find(asked, 100, 0) == expected


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    words=st.lists(
        st.sampled_from(
            ["harb", "-lan", "stars:>1", "-stars:3", "kind:image", "tag:red", "-tag:é", "in:best", "-in:best",
             "is:result", "label:blue", "name:photo", "-name:apf", '"photo 9"', "seed:1", "-is:picked", "&",
             "-😀"]
        ),
        max_size=5,
    ),
    sort=st.sampled_from(Sort),
)  # fmt: skip
def test_pages_counts_and_orders_agree(filled: Project, words: list[str], sort: Sort) -> None:
    query = parse(" ".join(words)).query
    found = _ids(filled, query, sort)
    assert filled._items.count(query) == len(found)
    assert {item.uid for item in filled._items.find(query, 100, 0)} == {item.uid for item in found}


def test_ids_and_uids(filled: Project) -> None:
    ids = filled.order(Query(), Sort.SIZE).ids
    assert ids.typecode == "q"
    uids = filled.uids(ids[3:9])
    assert [filled.id_of(uid) for uid in uids] == list(ids[3:9])
    assert [item.uid for item in filled.rows([*ids[3:9], 10**9])] == uids
    assert filled.uids([10**9]) == []
    assert filled.id_of("none") is None


def test_every_change_is_seen(project: Project, drop: Path) -> None:
    def uids(text: str, sort: Sort = Sort.NEWEST) -> list[str]:
        return project.uids(project.order(parse(text).query, sort).ids)

    a, b = (
        project.add_asset(file_with(drop, name.encode()), kind=Kind.IMAGE, name=name).uid for name in "ab"
    )
    assert uids("") == [b, a]
    project.set_stars([a], 3)
    assert (uids("stars:>1"), uids("", Sort.STARS)) == ([a], [a, b])
    assert uids("is:starred", Sort.NAME) == [a]
    project.history.undo()
    assert (uids("stars:>1"), uids("", Sort.STARS), uids("is:starred", Sort.NAME)) == ([], [b, a], [])
    project.rename(a, "c")
    assert (uids("", Sort.NAME), uids("c"), uids("a")) == ([b, a], [a], [])
    project.trash([b])
    assert (uids(""), uids("is:trashed")) == ([a], [b])
    project.purge_trash(0)
    assert uids("is:trashed") == []


def test_an_empty_project(project: Project) -> None:
    for sort in Sort:
        for group in Group:
            order = project.order(Query(text="x"), sort, group)
            assert (list(order.ids), order.sections) == ([], [])


@pytest.fixture
def zone() -> Iterator[None]:
    before = os.environ.get("TZ")
    yield
    if before is None:
        os.environ.pop("TZ", None)
    else:
        os.environ["TZ"] = before
    time.tzset()


@pytest.mark.skipif(not hasattr(time, "tzset"), reason="this system cannot change its time zone")
@pytest.mark.parametrize("name", ["Europe/Berlin", "America/St_Johns", "Pacific/Apia", "Asia/Kolkata", "UTC"])
def test_days_are_local_ones(filled: Project, zone: None, name: str) -> None:
    os.environ["TZ"] = name
    time.tzset()
    order = filled.order(Query(), Sort.NEWEST, Group.DAY)
    at = 0
    for section in order.sections:
        for item in filled.rows(order.ids[at : at + section.count]):
            local = datetime.fromtimestamp(item.created).date()
            assert int(section.key) == (local - datetime(1970, 1, 1).date()).days
        at += section.count
    pieces = days.offsets(1.6e9, 1.7e9)
    assert len(pieces) == {"Europe/Berlin": 8, "America/St_Johns": 8, "Pacific/Apia": 3}.get(name, 1)
    for begins, offset in pieces[1:]:
        assert days._offset(begins) == offset != days._offset(begins - 1)
