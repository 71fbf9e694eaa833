from __future__ import annotations

import os
import sqlite3
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import asdict

from studio.core.item import Origin
from studio.core.kind import Kind
from studio.errors import (
    BadInput,
    MissingBlob,
    ProjectClosed,
    ProjectDamaged,
    ProjectError,
    ProjectReadOnly,
)
from studio.project import rows
from studio.project.changes import NewAsset
from studio.project.check import check
from studio.project.order import Group, Sort
from studio.project.query import Query, parse
from studio.project.store import Project
from tests.project.builders import add_artifact, add_job, file_with, recipe

ODD_NAMES = [
    "Café ☕ 日本語",
    "Cafe\u0301 decomposed",
    "line\nbreak",
    "quotes ' \" `",
    "percent %20 # ? & =",
    "back\\slash",
    "-rf --",
    " spaces ",
    "x" * 200,
    "😀" * 50,
]


def test_what_was_added_is_there_after_reopening(project: Project, drop: Path) -> None:
    item = project.add_asset(file_with(drop, b"pixels", "My photo.JPG"), kind=Kind.IMAGE)
    project.close()
    with Project.open(project.folder) as again:
        assert again.items() == [item]
        assert (item.name, item.extension, item.size, item.origin) == ("My photo", ".jpg", 6, Origin.ASSET)
        assert again.blob_path(item.digest).read_bytes() == b"pixels"
        assert again.blob_path(item.digest).suffix == ".jpg"
        assert again.uuid == project.uuid
        assert again.name == "Test"


def test_the_same_file_is_one_item_until_it_is_trashed(project: Project, drop: Path) -> None:
    first = project.add_asset(file_with(drop, b"a"), kind=Kind.IMAGE)
    assert project.add_asset(file_with(drop, b"a"), kind=Kind.IMAGE) == first
    assert project.add_asset(file_with(drop, b"a"), kind=Kind.MASK) != first
    assert project.add_asset(file_with(drop, b"a"), kind=Kind.IMAGE, name="other") != first
    project.trash([first.uid])
    second = project.add_asset(file_with(drop, b"a"), kind=Kind.IMAGE)
    assert second.uid != first.uid
    assert project.count() == 3


@pytest.mark.parametrize("name", ODD_NAMES)
def test_odd_names_of_projects_and_items(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "in" / f"{name}.studio"
    with Project.create(folder) as project:
        source = file_with(tmp_path / "drop", b"x", f"{name}.png")
        item = project.add_asset(source, kind=Kind.IMAGE)
        project.rename(item.uid, name)
        assert project.backup() is not None
    with Project.open(folder) as project:
        [found] = project.items(text=name.split()[0])
        assert found.uid == item.uid
        assert project.blob_path(found.digest).read_bytes() == b"x"


@pytest.mark.skipif(os.name == "nt", reason="names are text on Windows")
def test_a_name_that_is_no_text(tmp_path: Path) -> None:
    name = os.fsdecode(b"caf\xe9")
    try:
        source = file_with(tmp_path / name, b"x", f"{name}.png")
    except OSError:
        pytest.skip("this file system refuses such names")
    with Project.create(tmp_path / name / "P.studio") as project:
        assert project.add_asset(source, kind=Kind.IMAGE).name == "caf\ufffd"
        assert project.backup() is not None


def test_stars_names_and_the_trash(project: Project, drop: Path) -> None:
    item = project.add_asset(file_with(drop, b"a"), kind=Kind.IMAGE)
    project.set_stars([item.uid], 4)
    project.rename(item.uid, "  better\0 ")
    changed = project.item(item.uid)
    assert (changed.stars, changed.name) == (4, "better")
    assert project.items(min_stars=4) == [changed]
    assert project.items(min_stars=5) == []
    before = time.time()
    project.trash([item.uid])
    when = project.item(item.uid).trashed
    assert when is not None
    assert before <= when <= time.time()
    project.trash([item.uid])
    assert project.item(item.uid).trashed == when
    assert project.items() == []
    assert [found.uid for found in project.items(trashed=True)] == [item.uid]
    project.restore([item.uid])
    assert project.items() == [changed]


@pytest.mark.parametrize("stars", [-1, 6])
def test_impossible_stars_are_refused(project: Project, drop: Path, stars: int) -> None:
    item = project.add_asset(file_with(drop, b"a"), kind=Kind.IMAGE)
    with pytest.raises(BadInput, match="stars"):
        project.set_stars([item.uid], stars)
    with pytest.raises(BadInput, match="name"):
        project.rename(item.uid, " \0 ")


def test_lineage(project: Project, drop: Path) -> None:
    photo = project.add_asset(file_with(drop, b"photo"), kind=Kind.IMAGE)
    first = add_artifact(project, drop, b"1", "first", parent=photo.uid)
    second = add_artifact(project, drop, b"2", "second", parent=first.uid)
    assert project.parents(second.uid) == [first, photo]
    assert project.parents(photo.uid) == []
    assert project.children(photo.uid) == [first]
    made_by = project.recipe_of(second.uid)
    assert made_by is not None
    assert made_by.params == {"prompt": "prompt of second"}
    assert project.recipe_of(photo.uid) is None
    project.trash([first.uid])
    project.purge_trash(0)
    assert project.item(second.uid).parent == first.uid
    assert project.parents(second.uid) == []


def test_a_lineage_in_a_circle_ends(project: Project, drop: Path) -> None:
    first = add_artifact(project, drop, b"1", "first", parent="b" * 32)
    second = add_artifact(project, drop, b"2", "second", parent=first.uid)
    with project.db.transaction() as connection:
        connection.execute("UPDATE item SET parent = ? WHERE uid = ?", (second.uid, first.uid))
        connection.execute(f"UPDATE item SET row_sha = {rows.SEAL}")
    assert [item.uid for item in project.parents(second.uid)] == [first.uid]


def test_a_job_is_stored_once(project: Project, drop: Path) -> None:
    item = add_artifact(project, drop, b"1", "made")
    with pytest.raises(sqlite3.IntegrityError), project.db.transaction() as connection:
        project.insert_items(connection, [item])
    again = type(item)(**{**asdict(item), "uid": "f" * 32})
    with pytest.raises(sqlite3.IntegrityError), project.db.transaction() as connection:
        project.insert_items(connection, [again])
    assert project.items() == [item]
    assert project.items(job=item.job) == [item]


def test_a_job_with_several_artifacts(project: Project, drop: Path) -> None:
    item = add_artifact(project, drop, b"0", "made")
    job = add_job(project, recipe())
    several = [type(item)(**{**asdict(item), "uid": f"{n}" * 32, "job": job}) for n in range(3)]
    with project.db.transaction() as connection:
        project.insert_items(connection, several)
    assert project.items(job=job) == several[::-1]
    assert project.count(job=job) == 3


def test_purging_keeps_what_others_need(project: Project, drop: Path) -> None:
    gone = project.add_asset(file_with(drop, b"gone"), kind=Kind.IMAGE)
    shared = project.add_asset(file_with(drop, b"shared"), kind=Kind.IMAGE)
    project.add_asset(file_with(drop, b"shared"), kind=Kind.MASK)
    waited_for = project.add_asset(file_with(drop, b"waited for"), kind=Kind.IMAGE)
    add_job(project, recipe(inputs={"image": waited_for.digest}), state="queued")
    project.trash([gone.uid, shared.uid, waited_for.uid])
    assert project.purge_trash(1) == 0
    assert project.purge_trash(0) == 3
    assert project.count() == 1
    assert project.blob_path(shared.digest).read_bytes() == b"shared"
    assert project.blob_path(waited_for.digest).read_bytes() == b"waited for"
    with pytest.raises(MissingBlob):
        project.blob_path(gone.digest)
    assert list((project.folder / "trash").iterdir()) == []


def test_the_trash_takes_nothing_that_is_being_saved(project: Project, drop: Path) -> None:
    item = project.add_asset(file_with(drop, b"a"), kind=Kind.IMAGE)
    project.trash([item.uid])
    digest, _ = project.store_blob(file_with(drop, b"a", "b.png"), extension=".png")
    assert project.purge_trash(0) == 1
    again = type(item)(**{**asdict(item), "uid": "f" * 32, "trashed": None})
    with project.db.transaction() as connection:
        project.insert_items(connection, [again])
    assert project.blob_path(digest).read_bytes() == b"a"
    project.trash([again.uid])
    project.purge_trash(0)
    assert list(project.blobs.all()) == []


def test_a_purged_blob_waits_in_the_trash(project: Project, drop: Path) -> None:
    item = project.add_asset(file_with(drop, b"gone"), kind=Kind.IMAGE)
    path = project.blob_path(item.digest)
    project.trash([item.uid])
    with project.db.transaction() as connection:
        connection.execute("UPDATE item SET trashed = trashed - 31 * 86400")
        connection.execute(f"UPDATE item SET row_sha = {rows.SEAL}")
    assert project.purge_trash() == 1
    assert (project.folder / "trash" / path.name).read_bytes() == b"gone"
    assert not path.exists()
    assert project.purge_trash() == 0


@pytest.mark.parametrize("how", ["removed", "link"])
def test_a_missing_blob_says_so(project: Project, drop: Path, how: str) -> None:
    item = project.add_asset(file_with(drop, b"a"), kind=Kind.IMAGE)
    path = project.blob_path(item.digest)
    path.unlink()
    if how == "link":
        path.symlink_to(file_with(drop, b"secret", "secret"))
    with pytest.raises(MissingBlob, match="The recipe is kept"):
        project.blob_path(item.digest)
    assert project.items() == [item]
    project.add_asset(file_with(drop, b"a"), kind=Kind.IMAGE)
    assert project.blob_path(item.digest).read_bytes() == b"a"


@pytest.mark.parametrize("what", ["absent", "folder", "pipe"])
def test_what_is_no_file_is_refused(project: Project, drop: Path, what: str) -> None:
    source = drop / "thing.png"
    if what == "folder":
        source.mkdir()
    elif what == "pipe":
        if not hasattr(os, "mkfifo"):
            pytest.skip("no pipes here")
        os.mkfifo(source)
    with pytest.raises(BadInput):
        project.add_asset(source, kind=Kind.IMAGE)
    assert project.count() == 0


def test_an_unknown_item(project: Project) -> None:
    with pytest.raises(ProjectError, match="no longer"):
        project.item("nobody")
    with pytest.raises(ProjectError, match="no longer"):
        project.recipe_of("nobody")


def test_read_only(project: Project, drop: Path) -> None:
    item = project.add_asset(file_with(drop, b"a"), kind=Kind.IMAGE)
    other = file_with(drop, b"b", "b.png")
    with Project.open(project.folder, read_only=True) as reading:
        assert reading.read_only
        assert reading.items(text="photo") == [item]
        assert reading.blob_path(item.digest).read_bytes() == b"a"
        for change in (
            lambda: reading.add_asset(other, kind=Kind.IMAGE),
            lambda: reading.trash([item.uid]),
            lambda: reading.rename(item.uid, "x"),
            lambda: reading.backup(),
            lambda: reading.staging(),
        ):
            with pytest.raises(ProjectReadOnly, match="read-only"):
                change()
    project.rename(item.uid, "still writable")


def test_altered_rows_are_never_shown(project: Project, drop: Path) -> None:
    item = project.add_asset(file_with(drop, b"a"), kind=Kind.IMAGE)
    made = add_artifact(project, drop, b"b", "made")
    with project.db.transaction() as connection:
        connection.execute("UPDATE item SET size = 77 WHERE uid = ?", (item.uid,))
        connection.execute("UPDATE job SET recipe = replace(recipe, 'prompt of', 'Prompt of')")
    for uid in (item.uid, made.uid):
        with pytest.raises(ProjectDamaged):
            project.item(uid)
        with pytest.raises(ProjectDamaged):
            project.rename(uid, "a fresh seal?")
    with pytest.raises(ProjectDamaged):
        project.items()
    with pytest.raises(ProjectDamaged):
        project.recipe_of(made.uid)
    with pytest.raises(ProjectDamaged):
        project.prove()
    with pytest.raises(ProjectDamaged):
        project.backup()
    assert list((project.folder / "backups").iterdir()) == []
    project.abandon()


def test_a_lost_row_is_noticed(project: Project, drop: Path) -> None:
    project.add_asset(file_with(drop, b"a"), kind=Kind.IMAGE)
    with project.db.transaction() as connection:
        connection.execute("UPDATE meta SET value = 2 WHERE key = 'item_count'")
    project.abandon()
    with pytest.raises(ProjectDamaged) as caught:
        Project.open(project.folder)
    assert "1 items, not 2" in caught.value.detail


def test_many_threads(project: Project, drop: Path) -> None:
    failures: list[Exception] = []

    def work(number: int) -> None:
        try:
            for turn in range(5):
                source = file_with(drop / str(number), b"%d %d" % (number, turn), f"{number}-{turn}.png")
                item = project.add_asset(source, kind=Kind.IMAGE)
                project.set_stars([item.uid], turn)
                assert project.items(text=f"{number}-{turn}", limit=1)
                if turn == 2:
                    project.backup()
        except Exception as error:  # noqa: BLE001 - told below
            failures.append(error)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures
    assert project.count() == 30
    project.prove()


def test_close_survives_a_full_disk(project: Project, drop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    project.add_asset(file_with(drop, b"a"), kind=Kind.IMAGE)
    with monkeypatch.context() as patched:

        def fail(*_: object) -> None:
            raise OSError(28, "No space left on device")

        patched.setattr("studio.project.files.sync_file", fail)
        project.close()
    assert not (project.folder / "assets.jsonl").exists()
    with Project.open(project.folder) as again:
        assert again.count() == 1
    assert (project.folder / "assets.jsonl").exists()


def test_nothing_comes_into_a_project_that_was_closed(project: Project, tmp_path: Path) -> None:
    def files() -> Iterator[NewAsset]:
        for n in range(3):
            if n == 2:
                project.close()
            yield NewAsset(file_with(tmp_path / "in", b"%d" % n, f"{n}.txt"), Kind.TEXT)

    with pytest.raises(ProjectClosed):
        project.add_assets(files())
    report = check(project.folder, repair=False)
    assert not report.problems
    with Project.open(project.folder) as again:
        names = {item.name for item in again.items()}
    assert {"0", "1"} <= names and "2" not in names


def test_items_of_a_kind_that_nothing_installed_declares(project: Project, drop: Path) -> None:
    photo = project.add_asset(file_with(drop, b"photo"), kind=Kind.IMAGE)
    palette = project.add_asset(file_with(drop, b"ASEF", "warm.ase"), kind="palette")
    gone = project.add_asset(file_with(drop, b"RIFF", "song.wav"), kind="audio")
    project.trash([gone.uid])
    assert project.kinds() == ["image", "palette"]
    assert project.rows(project.order(parse("kind:palette").query).ids) == [palette]
    assert project.rows(project.order(parse("-kind:palette").query).ids) == [photo]
    sections = project.order(Query(), Sort.NEWEST, Group.KIND).sections
    assert [(section.key, section.count) for section in sections] == [("image", 1), ("palette", 1)]


def test_a_view_without_masks_shows_them_once_they_are_asked_for(project: Project, drop: Path) -> None:
    view = Query(unasked=(Kind.MASK,))
    for kind in (Kind.IMAGE, Kind.MASK, "palette"):
        project.add_asset(file_with(drop, kind.encode()), kind=kind)

    def kinds(query: Query) -> list[str]:
        return [item.kind for item in project.rows(project.order(query).ids)]

    assert kinds(view) == ["palette", "image"]
    assert kinds(parse("kind:mask", view).query) == ["mask"]
    assert kinds(parse("-kind:palette", view).query) == ["image"]


def test_a_kind_that_is_no_word_is_a_damage(project: Project, drop: Path) -> None:
    item = project.add_asset(file_with(drop, b"photo"), kind=Kind.IMAGE)
    with project.db.transaction() as connection:
        connection.execute("PRAGMA ignore_check_constraints=ON")
        connection.execute("UPDATE item SET kind = '../x' WHERE uid = ?", (item.uid,))
        connection.execute(f"UPDATE item SET row_sha = {rows.SEAL}")
    with pytest.raises(ProjectDamaged) as caught:
        project.items()
    assert "../x" in caught.value.detail
