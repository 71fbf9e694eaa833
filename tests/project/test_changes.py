from __future__ import annotations

from pathlib import Path

import pytest

from studio.core.item import Item, Label
from studio.core.kind import Kind
from studio.errors import BadInput, ProjectDamaged
from studio.project import dump
from studio.project.check import check
from studio.project.recovery import recover
from studio.project.store import Project
from tests.project.builders import add_artifact, file_with


@pytest.fixture
def photos(project: Project, drop: Path) -> list[Item]:
    return [project.add_asset(file_with(drop, name.encode()), kind=Kind.IMAGE, name=name) for name in "abc"]


def _uids(items: list[Item]) -> list[str]:
    return [item.uid for item in items]


def test_what_is_said_about_an_item(project: Project, photos: list[Item]) -> None:
    uid = photos[0].uid
    project.set_label([uid], Label.BLUE)
    project.set_rejected([uid], True)
    changed = project.add_tags([uid], ["night  sky", "x,y", ' "q" '])
    assert changed.fields == {"tags"}
    item = project.item(uid)
    assert (item.label, item.rejected, item.tags) == (Label.BLUE, True, ("night sky", "x y", "q"))
    with Project.open(project.folder, read_only=True) as again:
        assert again.item(uid) == item


def test_tags_keep_their_first_spelling(project: Project, photos: list[Item]) -> None:
    project.add_tags(_uids(photos)[:2], ["Äpfel", "sea"])
    project.add_tags(_uids(photos)[1:], ["äpfel", "ÄPFEL"])
    assert project.tags() == [("Äpfel", 3), ("sea", 2)]
    project.remove_tags(_uids(photos), ["SEA"])
    assert project.tags() == [("Äpfel", 3)]
    project.trash([photos[0].uid])
    assert project.tags() == [("Äpfel", 2)]
    project.purge_trash(0)
    assert project.tags() == [("Äpfel", 2)]


@pytest.mark.parametrize("tag", ["", "  ", ",", '"', "\n"])
def test_an_empty_tag_is_refused(project: Project, photos: list[Item], tag: str) -> None:
    with pytest.raises(BadInput):
        project.add_tags(_uids(photos), ["fine", tag])
    assert project.tags() == []


def test_collections(project: Project, photos: list[Item]) -> None:
    changed, best = project.make_collection(" Best ", _uids(photos)[:2])
    assert (changed.collections, changed.items) == (True, set(_uids(photos)[:2]))
    _, empty = project.make_collection("Archive 10")
    assert [(shelf.name, shelf.count) for shelf in project.collections()] == [("Archive 10", 0), ("Best", 2)]
    assert project.history.undo_title == "New collection “Archive 10”"
    project.rename_collection(empty, "archive 9")
    project.rename_collection(empty, "Archive 9")
    assert project.add_to_collection(empty, _uids(photos)).collections
    assert project.history.undo_title == "Add 3 items to “Archive 9”"
    project.remove_from_collection(empty, [photos[0].uid])
    assert project.history.undo_title == "Remove “a” from “Archive 9”"
    assert project.item(photos[1].uid).collections == (best, empty)
    project.remove_collection(best)
    assert project.item(photos[1].uid).collections == (empty,)
    assert [(shelf.name, shelf.count) for shelf in project.collections()] == [("Archive 9", 2)]
    project.history.undo()
    assert project.item(photos[1].uid).collections == (best, empty)
    assert [shelf.name for shelf in project.collections()] == ["Archive 9", "Best"]


@pytest.mark.parametrize("name", ["", "best", " BEST "])
def test_a_collection_needs_a_name_of_its_own(project: Project, name: str) -> None:
    project.make_collection("Best")
    _, other = project.make_collection("Other")
    with pytest.raises(BadInput):
        project.make_collection(name)
    with pytest.raises(BadInput):
        project.rename_collection(other, name)


def test_a_collection_that_is_gone(project: Project, photos: list[Item]) -> None:
    for change in (
        lambda: project.rename_collection("none", "x"),
        lambda: project.remove_collection("none"),
        lambda: project.add_to_collection("none", _uids(photos)),
        lambda: project.remove_from_collection("none", _uids(photos)),
    ):
        with pytest.raises(BadInput, match="no longer in the project"):
            change()
    assert project.history.undo_title is None


def test_damage_of_a_collection_is_noticed(project: Project) -> None:
    project.make_collection("Best")
    with project.db.transaction() as connection:
        connection.execute("UPDATE collection SET name = 'Rest'")
    with pytest.raises(ProjectDamaged):
        project.collections()
    with pytest.raises(ProjectDamaged):
        project.prove()


@pytest.fixture
def told(project: Project, photos: list[Item], drop: Path) -> Project:
    """With something said about everything."""
    made = add_artifact(project, drop, b"made", "none", parent=photos[0].uid)
    _, best = project.make_collection("Best", [made.uid])
    project.make_collection("Empty")
    project.add_tags([made.uid, photos[0].uid], ["night sky", "blue"])
    project.set_label([photos[0].uid], Label.RED)
    project.set_rejected([made.uid], True)
    project.add_to_collection(best, [photos[2].uid])
    return project


def test_the_text_list_brings_all_of_it_back(told: Project) -> None:
    before, shelves = told.items(), told.collections()
    told.close()
    text = (told.folder / dump.NAME).read_text("utf-8").splitlines()
    assert [line.startswith('{"collection":"') for line in text] == [True, True, *[False] * 4]
    assert '"tags":["night sky","blue"]' in text[2]
    assert '"label":"red"' in text[2]
    assert '"rejected":true' in text[5]
    assert "label" not in text[3]
    (told.folder / "project.db").unlink()
    recover(told.folder)
    with Project.open(told.folder) as again:
        assert again.items() == before
        assert again.collections() == shelves
        assert again.tags() == [("blue", 2), ("night sky", 2)]
    assert check(told.folder, repair=False).problems == []


def test_rows_of_a_damaged_database_bring_all_of_it_back(told: Project, drop: Path) -> None:
    told.backup()
    uids = [item.uid for item in told.items()]
    told.set_label(uids, Label.GREEN)
    told.add_tags(uids, ["later"])
    _, late = told.make_collection("Late", uids[:1])
    before, shelves = told.items(), told.collections()
    with told.db.transaction() as connection:
        connection.execute("DROP INDEX item_digest")
    told.abandon()
    recover(told.folder)
    with Project.open(told.folder) as again:
        assert again.items() == before
        assert again.collections() == shelves
        assert again.history.undo_title == "New collection “Late”"
        again.history.undo()
        assert late not in [shelf.id for shelf in again.collections()]


def test_a_collection_that_nothing_tells_of_gets_a_name(told: Project) -> None:
    told.close()
    text = told.folder / dump.NAME
    lines = text.read_text("utf-8").splitlines()
    text.write_text("\n".join(['{"collection":"../x","name":"evil"}', *lines[2:]]), "utf-8")
    (told.folder / "project.db").unlink()
    recover(told.folder)
    with Project.open(told.folder) as again:
        [shelf] = again.collections()
        assert shelf.name.startswith("Recovered ")
        assert shelf.count == 2


def test_hostile_tags_in_a_list(told: Project) -> None:
    told.close()
    text = told.folder / dump.NAME
    text.write_text(text.read_text("utf-8").replace('"blue"', '"a,b","a b","","\\u0000c"'), "utf-8")
    (told.folder / "project.db").unlink()
    recover(told.folder)
    with Project.open(told.folder) as again:
        assert again.tags() == [("a b", 2), ("c", 2), ("night sky", 2)]


@pytest.mark.parametrize(
    "damage",
    [
        "DELETE FROM item_tag WHERE tag = 'blue'",
        "INSERT INTO item_tag(item, tag) VALUES (2, 'green')",
        "DELETE FROM item_collection",
        "UPDATE item SET sort_name = 'zz' WHERE id = 1",
        "UPDATE item SET generator = 'x/y' WHERE job IS NOT NULL",
        "UPDATE item SET seed = 7 WHERE id = 1",
        "UPDATE item SET batch = NULL",
    ],
)
def test_an_index_that_does_not_fit_is_made_anew(told: Project, damage: str) -> None:
    tags = told.tags()
    with told.db.transaction() as connection:
        connection.execute(damage)
    told.close()
    assert [problem.part for problem in check(told.folder, repair=False).problems] == ["index"]
    assert check(told.folder, repair=True).ok
    assert check(told.folder, repair=False).problems == []
    with Project.open(told.folder) as again:
        assert again.tags() == tags
