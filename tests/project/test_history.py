"""Undo and redo: by examples."""

from __future__ import annotations

import json
import sqlite3
import threading
import zlib
from pathlib import Path

import pytest

from studio import words
from studio.core.item import Item, Label
from studio.core.kind import Kind
from studio.errors import BadInput, ProjectDamaged, ProjectReadOnly, StudioError
from studio.project import history
from studio.project.changes import NewAsset
from studio.project.exchange import pack, unpack
from studio.project.history import PartlyDoneError
from studio.project.recovery import recover
from studio.project.store import Project
from tests.project.builders import add_artifact, file_with


@pytest.fixture
def photos(project: Project, drop: Path) -> list[Item]:
    return [
        project.add_asset(file_with(drop, name.encode()), kind=Kind.IMAGE, name=name)
        for name in ("a", "b", "c")
    ]


def _uids(items: list[Item]) -> list[str]:
    return [item.uid for item in items]


def _steps(project: Project) -> int:
    return int(project.db.read("SELECT count(*) FROM step")[0][0])


def test_a_change_is_named_undone_and_done_again(project: Project, photos: list[Item]) -> None:
    changed = project.set_stars(_uids(photos), 4)
    assert (changed.items, changed.order, changed.fields) == (set(_uids(photos)), True, {"stars"})
    assert (project.history.undo_title, project.history.redo_title) == ("Rate 3 items", None)
    assert project.history.undo().items == changed.items
    assert [item.stars for item in project.items()] == [0, 0, 0]
    assert (project.history.undo_title, project.history.redo_title) == (None, "Rate 3 items")
    assert project.history.redo() == changed
    assert [item.stars for item in project.items()] == [4, 4, 4]


def test_every_item_gets_its_own_value_back(project: Project, photos: list[Item]) -> None:
    for stars, item in enumerate(photos):
        project.set_stars([item.uid], stars)
    project.set_stars(_uids(photos), 1)
    assert project.history.undo_title == "Rate 2 items"
    project.history.undo()
    assert [project.item(item.uid).stars for item in photos] == [0, 1, 2]


def test_what_changes_nothing_is_no_step(project: Project, photos: list[Item]) -> None:
    project.set_label([photos[0].uid], Label.RED)
    project.history.undo()
    assert project.set_stars(_uids(photos), 0).items == frozenset()
    assert not project.restore(_uids(photos)).order
    assert project.trash(["unknown"]).items == frozenset()
    assert project.history.redo_title == "Label “a”"


def test_a_new_change_ends_what_could_be_done_again(project: Project, photos: list[Item]) -> None:
    project.rename(photos[0].uid, "x")
    project.history.undo()
    project.rename(photos[0].uid, "y")
    assert project.history.redo_title is None
    assert project.history.undo_title == "Rename “a” to “y”"
    with pytest.raises(StudioError, match="nothing to do again"):
        project.history.redo()


def test_nothing_to_undo(project: Project) -> None:
    with pytest.raises(StudioError, match="nothing to undo"):
        project.history.undo()


def test_titles_are_told_in_the_language_of_the_moment(
    project: Project, photos: list[Item], tmp_path: Path
) -> None:
    project.set_stars(_uids(photos)[:2], 3)
    (tmp_path / "de.po").write_text(
        'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n'
        '"Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n\n'
        'msgid "Rate “{name}”"\nmsgid_plural "Rate {count} items"\n'
        'msgstr[0] "„{name}“ bewerten"\nmsgstr[1] "{count} Objekte bewerten"\n',
        encoding="utf-8",
    )
    try:
        assert words.use("de", [tmp_path], tmp_path) == ""
        assert project.history.undo_title == "2 Objekte bewerten"
    finally:
        words.use("en", [], tmp_path)
    assert project.history.undo_title == "Rate 2 items"


def test_bringing_in_is_one_step_and_undone_into_the_trash(project: Project, drop: Path) -> None:
    files = [file_with(drop, name.encode(), f"{name}.png") for name in ("a", "b")]
    files.insert(1, drop / "none")
    progress: list[int] = []
    added = project.add_assets(
        [NewAsset(file, Kind.IMAGE, "n" if file.stem == "b" else "") for file in files],
        on_progress=progress.append,
    )
    assert ([item.name for item in added.assets], progress) == (["a", "n"], [0, 1, 2])
    assert [(asset.source.name, type(error)) for asset, error in added.refused] == [("none", BadInput)]
    assert project.history.undo_title == "Add 2 items"
    again = project.add_assets([NewAsset(files[0], Kind.IMAGE)])
    assert (again.assets, again.items) == (added.assets[:1], frozenset())
    project.history.undo()
    assert (project.count(), project.count(trashed=True)) == (0, 2)
    project.history.redo()
    assert project.items() == list(added.assets[::-1])


def test_only_the_last_steps_are_kept(project: Project, photos: list[Item]) -> None:
    for turn in range(history.KEEP + 20):
        project.set_stars([photos[0].uid], turn % 5 + 1)
    assert _steps(project) == history.KEEP
    for _ in range(history.KEEP):
        project.history.undo()
    assert project.history.undo_title is None
    assert project.item(photos[0].uid).stars == 19 % 5 + 1


def test_large_steps_push_old_ones_out(
    project: Project, photos: list[Item], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history, "MOST_BYTES", 500)
    for turn in range(20):
        project.set_stars([photos[0].uid], turn % 5 + 1)
    assert 1 < _steps(project) < 10
    monkeypatch.setattr(history, "MOST_BYTES", 1)
    project.set_stars([photos[0].uid], 1)
    assert project.history.undo_title == "Rate “a”"


def test_what_is_gone_for_good_is_said_and_the_rest_is_undone(project: Project, photos: list[Item]) -> None:
    project.set_stars(_uids(photos), 2)
    project.trash([photos[1].uid])
    project.purge_trash(0)
    with pytest.raises(PartlyDoneError, match="“Move “b” to the trash” was undone, but not everywhere"):
        project.history.undo()
    with pytest.raises(PartlyDoneError, match="no longer in this project") as caught:
        project.history.undo()
    assert caught.value.changed.items == {photos[0].uid, photos[2].uid}
    assert [item.stars for item in project.items()] == [0, 0]
    with pytest.raises(PartlyDoneError):
        project.history.redo()
    assert [item.stars for item in project.items()] == [2, 2]


def test_it_survives_a_crash_a_backup_and_packing(
    project: Project, photos: list[Item], tmp_path: Path
) -> None:
    project.rename(photos[0].uid, "new")
    project.set_rejected([photos[1].uid], True)
    project.history.undo()
    pack(project, tmp_path / "P.zip")
    project.backup()
    project.abandon()
    (project.folder / "project.db").write_bytes(b"ruined" * 5000)
    recover(project.folder)
    for folder in (project.folder, unpack(tmp_path / "P.zip", tmp_path / "unpacked")):
        with Project.open(folder) as again:
            assert again.history.undo_title == "Rename “a” to “new”"
            assert again.history.redo_title == "Reject “b”"
            again.history.redo()
            again.history.undo()
            again.history.undo()
            assert [item.name for item in again.items()] == ["c", "b", "a"]


def test_recovering_keeps_what_the_damaged_database_still_knew(project: Project, photos: list[Item]) -> None:
    project.backup()
    project.set_stars(_uids(photos), 5)
    with project.db.transaction() as connection:
        connection.execute("UPDATE item SET stars = 1 WHERE name = 'b'")
    project.abandon()
    recover(project.folder)
    with Project.open(project.folder) as again:
        assert [item.stars for item in again.items()] == [5, 0, 5]
        with pytest.raises(PartlyDoneError):
            again.history.undo()
        assert [item.stars for item in again.items()] == [0, 0, 0]


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE step SET undone = 1",
        "UPDATE step SET title = replace(title, 'Rate', 'Rite')",
        "UPDATE step SET edits = x'789c030000000001'",
        "UPDATE step SET edits_sha = 'x'",
        "UPDATE step SET created = 1",
    ],
)
def test_damage_is_noticed(project: Project, photos: list[Item], damage: str) -> None:
    project.set_stars(_uids(photos), 5)
    with project.db.transaction() as connection:
        connection.execute(damage)
    with pytest.raises(ProjectDamaged):
        project.prove()
    with pytest.raises(ProjectDamaged):
        if "undone" in damage:
            project.history.redo()
        else:
            project.history.undo()
    assert [item.stars for item in project.items()] == [5, 5, 5]
    project.abandon()
    with pytest.raises(ProjectDamaged):
        Project.open(project.folder)
    recover(project.folder)
    with Project.open(project.folder) as again:
        assert len(again.items()) == 3


@pytest.mark.parametrize(
    "edits",
    [
        [["item", ["u"], {"digest": "0"}, {"digest": "1"}]],
        [["meta", ["u"], {"value": 1}, {"value": 2}]],
        [["item", ["u"], {"stars = 5, name": 0}, {"stars = 5, name": 1}]],
        [["item", ["u"], None, {"name": "x"}]],
        [["item", ["u"], {"name": "a"}, {"stars": 1}]],
        [["item", 5, {}, {}]],
        [["collection", ["c"], None, {"created": 1.0}]],
        {"x": 1},
        [[]],
        None,
    ],
)
def test_a_strangers_steps_do_no_harm(project: Project, photos: list[Item], edits: object) -> None:
    packed = zlib.compress(json.dumps(edits).replace('"u"', f'"{photos[0].uid}"').encode())
    with project.db.transaction() as connection:
        project.history._write(connection, 1, '["x", "", 1, {}]', packed)
    with pytest.raises(StudioError):
        project.history.redo() if project.history.undo_title is None else project.history.undo()
    assert sorted(item.name for item in project.items()) == ["a", "b", "c"]


@pytest.mark.parametrize("text", ["{x}", "{name.__class__}", "{name:>99999999}", "{name!r}", "{", "{0}"])
def test_a_strangers_title_does_no_harm(project: Project, text: str) -> None:
    with project.db.transaction() as connection:
        project.history._write(connection, 1, json.dumps([text, "", 1, {"name": "n"}]), b"")
    with pytest.raises(ProjectDamaged):
        assert project.history.undo_title


def test_a_read_only_project_has_a_past_but_no_way_back(project: Project, photos: list[Item]) -> None:
    project.rename(photos[0].uid, "new")
    project.close()
    with Project.open(project.folder, read_only=True) as again:
        assert again.history.undo_title == "Rename “a” to “new”"
        with pytest.raises(ProjectReadOnly):
            again.history.undo()


def test_items_come_in_while_steps_are_undone(project: Project, photos: list[Item], drop: Path) -> None:
    errors: list[Exception] = []

    def work() -> None:
        try:
            for number in range(25):
                add_artifact(project, drop, b"made %d" % number, f"made {number}", parent=photos[0].uid)
        except (StudioError, sqlite3.Error, AssertionError) as error:
            errors.append(error)

    for stars in range(1, 6):
        project.set_stars(_uids(photos), stars)
    thread = threading.Thread(target=work)
    thread.start()
    turns = 0
    while thread.is_alive() or turns < 20:
        turns += 1
        while project.history.undo_title:
            project.history.undo()
        while project.history.redo_title:
            project.history.redo()
    thread.join()
    assert not errors
    assert [project.item(item.uid).stars for item in photos] == [5, 5, 5]
    assert project.count() == 28
    project.prove()


def test_a_step_and_its_change_are_saved_together(
    project: Project, photos: list[Item], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*arguments: object) -> None:
        raise sqlite3.OperationalError("disk is full")

    monkeypatch.setattr(project.history, "record", full)
    with pytest.raises(StudioError):
        project.set_stars(_uids(photos), 5)
    assert [item.stars for item in project.items()] == [0, 0, 0]
    assert project.history.undo_title is None
