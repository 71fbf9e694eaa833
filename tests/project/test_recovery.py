from __future__ import annotations

import random
import shutil
from pathlib import Path

import pytest

from studio.core.item import Item, Origin
from studio.core.kind import Kind, KindInfo, Kinds
from studio.errors import DiskFull, ProjectDamaged, ProjectInUse
from studio.project import backups
from studio.project.recovery import plan, recover
from studio.project.store import Project
from tests.project.builders import add_artifact, add_job, file_with, recipe
from tests.project.faults import failing


def _ruin(folder: Path) -> bytes:
    data = b"ruined" * 5000
    (folder / "project.db").write_bytes(data)
    return data


@pytest.fixture
def backed_up(project: Project, drop: Path) -> Project:
    """Closed; a photo and an artifact in the backup, one of each newer."""
    photo = project.add_asset(file_with(drop, b"photo"), kind=Kind.IMAGE)
    add_artifact(project, drop, b"made", "made", parent=photo.uid)
    project.backup()
    project.rename(photo.uid, "renamed")
    add_artifact(project, drop, b"newer", "newer", parent=photo.uid)
    project.add_asset(file_with(drop, b"last"), kind=Kind.IMAGE, name="last")
    return project


def _names(folder: Path) -> list[str]:
    with Project.open(folder) as project:
        project.prove()
        for item in project.items():
            assert project.blob_path(item.digest).is_file()
            assert (project.recipe_of(item.uid) is not None) == (item.origin is Origin.ARTIFACT)
        return [item.name for item in project.items()]


def test_from_a_backup_and_the_list(backed_up: Project) -> None:
    before = backed_up.items()
    backed_up.close()
    ruined = _ruin(backed_up.folder)
    with pytest.raises(ProjectDamaged, match="Nothing was changed"):
        Project.open(backed_up.folder)
    assert (backed_up.folder / "project.db").read_bytes() == ruined
    recovered = recover(backed_up.folder)
    assert recovered.plan.backup is not None
    assert (recovered.from_damaged, recovered.from_list, recovered.from_files) == (0, 2, 0)
    assert recovered.aside is not None
    assert (recovered.aside / "project.db").read_bytes() == ruined
    assert _names(backed_up.folder) == ["last", "newer", "made", "photo"]
    with Project.open(backed_up.folder) as again:
        assert again.uuid == backed_up.uuid
        assert again.items()[:3] == before[:3]


def test_from_a_backup_and_the_files(backed_up: Project) -> None:
    backed_up.abandon()
    _ruin(backed_up.folder)
    recovered = recover(backed_up.folder)
    assert (recovered.from_list, recovered.from_files) == (0, 2)
    names = _names(backed_up.folder)
    assert names[2:] == ["made", "photo"]
    assert all(name.startswith("Recovered ") for name in names[:2])


def test_whole_rows_of_the_damaged_database_are_kept(backed_up: Project) -> None:
    with backed_up.db.transaction() as connection:
        connection.execute("UPDATE item SET name = 'altered' WHERE name = 'last'")
    backed_up.abandon()
    recovered = recover(backed_up.folder)
    assert (recovered.from_damaged, recovered.from_files) == (
        2,
        1,
    )  # the artifact and the new name of the photo
    names = _names(backed_up.folder)
    assert names[0].startswith("Recovered ")
    assert names[1:] == ["newer", "made", "renamed"]


@pytest.mark.parametrize("database", ["ruined", "gone"])
def test_from_the_list_alone(backed_up: Project, database: str) -> None:
    before = backed_up.items()
    recipes = [backed_up.recipe_of(item.uid) for item in before]
    backed_up.close()
    shutil.rmtree(backed_up.folder / "backups")
    if database == "ruined":
        _ruin(backed_up.folder)
    else:
        (backed_up.folder / "project.db").unlink()
        with pytest.raises(ProjectDamaged):
            Project.open(backed_up.folder)
    assert plan(backed_up.folder).backup is None
    recovered = recover(backed_up.folder)
    assert recovered.from_list == 4
    with Project.open(backed_up.folder) as again:
        assert again.items() == before
        assert [again.recipe_of(item.uid) for item in again.items()] == recipes
        assert again.uuid == backed_up.uuid
        assert [item.name for item in again.items(text="prompt newer")] == ["newer"]


def test_from_the_files_alone(backed_up: Project, drop: Path) -> None:
    backed_up.add_asset(file_with(drop, b"tune", "tune.wav"), kind=Kind.AUDIO)
    digests = {item.digest for item in backed_up.items()}
    torn = next(path for path in backed_up.blobs.all() if path.suffix != ".wav")
    torn.write_bytes(b"no longer what it was")
    (backed_up.folder / "blobs" / "notes.txt").write_bytes(b"somebody's")
    backed_up.abandon()
    shutil.rmtree(backed_up.folder / "backups")
    (backed_up.folder / "project.db").unlink()
    recovered = recover(backed_up.folder)
    assert recovered.items == recovered.from_files == 4
    with Project.open(backed_up.folder) as again:
        assert {item.digest for item in again.items()} == digests - {torn.stem}
        assert again.count(kinds=[Kind.AUDIO]) == 1


def test_files_are_of_the_kinds_that_plugins_declare(backed_up: Project, drop: Path) -> None:
    for name in ("a.stl", "b.ase", "c.csv", "d.md"):
        backed_up.add_asset(file_with(drop, name.encode(), name), kind=Kind.IMAGE)
    backed_up.abandon()
    shutil.rmtree(backed_up.folder / "backups")
    (backed_up.folder / "project.db").unlink()
    palette = KindInfo(id="palette", title="Palette", plural="Palettes", icon="file", extensions=(".ase",))
    recover(backed_up.folder, Kinds([palette]))
    with Project.open(backed_up.folder) as again:
        found = {item.extension: item.kind for item in again.items()}
    assert found == {".png": "image", ".stl": "file", ".ase": "palette", ".csv": "table", ".md": "text"}


def test_a_kind_that_is_not_installed_comes_back_from_the_text_list(project: Project, drop: Path) -> None:
    kept = project.add_asset(file_with(drop, b"ASEF", "warm.ase"), kind="palette")
    project.close()
    (project.folder / "project.db").unlink()
    shutil.rmtree(project.folder / "backups")
    lines = (project.folder / "assets.jsonl").read_text("utf-8")
    forged = lines.replace(kept.uid, "f" * 32).replace('"palette"', '"../palette"')
    (project.folder / "assets.jsonl").write_text(lines + forged, "utf-8")
    assert recover(project.folder).from_list == 1
    with Project.open(project.folder) as again:
        assert again.items(kinds=["palette"]) == [kept]


def test_the_newest_backup_that_is_good(backed_up: Project, drop: Path) -> None:
    newest = backed_up.backup()
    assert newest is not None
    backed_up.abandon()
    older = backups.list_backups(backed_up.folder)[1]
    data = bytearray(newest.read_bytes())
    data[len(data) // 2 :] = bytes(len(data) - len(data) // 2)
    newest.write_bytes(data)
    _ruin(backed_up.folder)
    assert plan(backed_up.folder).backup == older
    assert recover(backed_up.folder).plan.backup == older
    assert newest.exists()


def test_a_finished_job_does_not_run_again(project: Project, drop: Path) -> None:
    job = add_job(project, recipe("p"), state="queued")
    project.backup()
    digest, size = project.store_blob(file_with(drop, b"made"), extension=".png")
    item = Item("1" * 32, "made", Kind.IMAGE, Origin.ARTIFACT, digest, ".png", size, 1.0, job=job)
    with project.db.transaction() as connection:
        project.insert_items(connection, [item], prompt="p")
        connection.execute("UPDATE job SET state = 'done'")
    project.close()
    _ruin(project.folder)
    recover(project.folder)
    with Project.open(project.folder) as again:
        assert again.items() == [item]
        assert [tuple(row) for row in again.db.read("SELECT id, state FROM job")] == [(job, "done")]


def test_purged_blobs_come_back(project: Project, drop: Path) -> None:
    item = project.add_asset(file_with(drop, b"a"), kind=Kind.IMAGE)
    project.backup()
    project.trash([item.uid])
    project._items.purge(float("inf"))
    project.blobs.discard(item.digest, item.extension)
    project.abandon()
    _ruin(project.folder)
    recover(project.folder)
    assert _names(project.folder) == ["photo"]


def test_a_journal_of_the_damaged_database_is_moved_along(backed_up: Project) -> None:
    backed_up.close()
    _ruin(backed_up.folder)
    (backed_up.folder / "project.db-journal").write_bytes(b"\xd9\xd5\x05\xf9\x20\xa1\x63\xd7" + bytes(5000))
    recovered = recover(backed_up.folder)
    assert recovered.aside is not None
    assert sorted(path.name for path in recovered.aside.iterdir()) == ["project.db", "project.db-journal"]
    assert len(_names(backed_up.folder)) == 4


def test_hostile_lists(backed_up: Project) -> None:
    backed_up.close()
    text = backed_up.folder / "assets.jsonl"
    lines = text.read_bytes().splitlines()
    text.write_bytes(
        b"\n".join(
            [
                lines[0].replace(b'"size":', b'"size":-'),
                lines[1].replace(b".png", b"/../../evil"),
                b"[" * 10_000,
                b"\xff\xfe",
                b'{"uid":"a"}',
                *lines[2:],
                lines[3].replace(b'"uid":"', b'"uid":"0')[:40],
            ]
        )
    )
    shutil.rmtree(backed_up.folder / "backups")
    (backed_up.folder / "project.db").unlink()
    recovered = recover(backed_up.folder)
    assert (recovered.from_list, recovered.from_files) == (2, 2)
    assert len(_names(backed_up.folder)) == 4


def test_it_takes_turns(backed_up: Project) -> None:
    with pytest.raises(ProjectInUse):
        recover(backed_up.folder)


def test_a_full_disk_at_any_moment(
    backed_up: Project, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    backed_up.close()
    _ruin(backed_up.folder)
    call = 0
    while True:
        call += 1
        folder = tmp_path / str(call) / "P.studio"
        shutil.copytree(backed_up.folder, folder)
        with failing(monkeypatch, call) as calls:
            try:
                recover(folder)
            except DiskFull:
                assert calls.failed
        if not calls.failed:
            break
        recover(folder)
        assert len(_names(folder)) == 4
    assert call > 8


@pytest.fixture(scope="module")
def larger(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Item]]:
    """A closed project: ten artifacts in a backup, ten newer; and its items."""
    folder = tmp_path_factory.mktemp("larger")
    project = Project.create(folder / "P.studio")
    for number in range(20):
        add_artifact(project, folder / "drop", b"%d" % number, f"made {number}")
        if number == 9:
            project.backup()
    items = {item.uid: item for item in project.items()}
    project.abandon()
    return project.folder, items


@pytest.mark.parametrize("seed", range(20))
def test_torn_databases(larger: tuple[Path, dict[str, Item]], tmp_path: Path, seed: int) -> None:
    """Whatever pages are ruined: no file is lost, and no row is made up."""
    original, before = larger
    folder = tmp_path / "P.studio"
    shutil.copytree(original, folder)
    path = folder / "project.db"
    data, chance = bytearray(path.read_bytes()), random.Random(seed)
    for page in chance.sample(range(1, len(data) // 4096), 3):
        data[page * 4096 : page * 4096 + 4096] = chance.randbytes(4096)
    path.write_bytes(data)
    recover(folder)
    with Project.open(folder) as again:
        again.prove()
        found = again.items()
        assert {item.digest for item in found} == {item.digest for item in before.values()}
        assert all(item == before[item.uid] for item in found if not item.name.startswith("Recovered "))
        assert sum(item.name.startswith("made ") for item in found) >= 10
