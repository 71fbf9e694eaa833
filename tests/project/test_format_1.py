"""Projects of the first version: brought up to date with everything in them, or read as they are."""

from __future__ import annotations

import hashlib
import sqlite3
import zipfile
from pathlib import Path

import pytest
from msgspec.structs import replace

from studio.core.item import Item, Label, Origin
from studio.core.kind import Kind
from studio.errors import ProjectDamaged, ProjectReadOnly
from studio.project import backups, layout, rows, schema
from studio.project.check import check
from studio.project.exchange import pack, unpack
from studio.project.order import Sort
from studio.project.query import Query
from studio.project.recovery import recover
from studio.project.store import Project
from tests.project.builders import recipe

COLUMNS = (
    "uid", "name", "kind", "origin", "digest", "extension", "size", "created", "job", "parent", "position",
    "stars", "trashed", "prompt",
)  # fmt: skip
PHOTO, MADE, GONE = "a" * 32, "b" * 32, "c" * 32
DATA = b"the bytes of a photo"


def _row(**values: object) -> list[object]:
    digest = hashlib.sha256(DATA).hexdigest()
    plain: dict[str, object] = {
        "kind": "image", "origin": "asset", "digest": digest, "extension": ".png", "size": len(DATA),
        "stars": 0, "prompt": "",
    }  # fmt: skip
    return [{**plain, **values}.get(name) for name in COLUMNS]


def _seal(row: list[object], made_from: str | None) -> str:
    return hashlib.sha256(
        "\0".join("" if v is None else str(v) for v in [*row, made_from]).encode()
    ).hexdigest()


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """A folder as version 0.1 left it: a photo, an artifact of it, and an item in the trash."""
    folder = tmp_path / "Old.studio"
    folder.mkdir()
    layout.furnish(folder)
    digest = hashlib.sha256(DATA).hexdigest()
    (folder / "blobs" / digest[:2]).mkdir()
    (folder / "blobs" / digest[:2] / f"{digest}.png").write_bytes(DATA)
    (folder / "project.json").write_text('{"format": 1, "uuid": "u", "app": "Studio 0.1.0"}\n')
    text = recipe("a harbor", seed=42).to_json()
    connection = sqlite3.connect(folder / "project.db", isolation_level=None)
    connection.execute(f"PRAGMA application_id={schema.APPLICATION_ID}")
    for statement in schema.MIGRATIONS[0]:
        connection.execute(statement)
    connection.execute("PRAGMA user_version=1")
    connection.execute("INSERT INTO meta(key, value) VALUES ('uuid', 'u')")
    connection.execute("INSERT INTO batch(id, title, created) VALUES ('night', 'Night run', 5.0)")
    connection.execute(
        "INSERT INTO job(id, batch, position, state, title, recipe, created)"
        " VALUES ('j', 'night', 1, 'done', 'a job', ?, 5.0)",
        (text,),
    )
    photo = _row(uid=PHOTO, name="Photo 10", created=1.0)
    made = _row(
        uid=MADE, name="Photo 9", origin="artifact", created=2.0, job="j", parent=PHOTO, position=0, stars=3,
        prompt="a harbor",
    )  # fmt: skip
    gone = _row(uid=GONE, name="gone", created=3.0, trashed=4e9)
    for row, made_from in ((photo, None), (made, text), (gone, None)):
        connection.execute(
            f"INSERT INTO item({', '.join(COLUMNS)}, row_sha) VALUES ({', '.join('?' * 15)})",
            [*row, _seal(row, made_from)],
        )
    connection.close()
    return folder


def _is_whole(project: Project) -> None:
    made, photo = project.items()
    assert (photo.uid, photo.name, photo.parent) == (PHOTO, "Photo 10", None)
    assert (made.uid, made.stars, made.parent, made.job) == (MADE, 3, PHOTO, "j")
    assert [item.uid for item in project.items(trashed=True)] == [GONE]
    assert project.blob_path(photo.digest).read_bytes() == DATA
    found = project.recipe_of(MADE)
    assert found is not None
    assert found.seed == 42
    for query in (Query(seed=42), Query(generator="inpaint"), Query(batch="night"), Query(text="harb")):
        assert project.uids(project.order(query).ids) == [MADE]
    assert project.uids(project.order(Query(), Sort.NAME).ids) == [MADE, PHOTO]


def test_it_is_brought_up_to_date_after_a_backup(old: Path) -> None:
    before = (old / "project.db").read_bytes()
    with Project.open(old) as project:
        _is_whole(project)
        project.prove()
        project.set_label([PHOTO], Label.RED)
        project.history.undo()
        _is_whole(project)
    [backup] = backups.list_backups(old)
    connection = sqlite3.connect(backup)
    assert connection.execute("PRAGMA user_version").fetchone() == (1,)
    assert connection.execute("SELECT count(*) FROM item").fetchone() == (3,)
    connection.close()
    assert backups.is_good(backup)
    assert before != (old / "project.db").read_bytes()
    assert f'"format": {schema.version()}' in (old / "project.json").read_text()
    assert check(old, repair=False).problems == []


def test_read_only_it_stays_as_it_is(old: Path) -> None:
    before = {path: path.read_bytes() for path in old.rglob("*") if path.is_file()}
    with Project.open(old, read_only=True) as project:
        _is_whole(project)
        project.prove()
        copy = project.db.path
        assert copy.exists()
        with pytest.raises(ProjectReadOnly):
            project.set_stars([PHOTO], 1)
    assert not copy.exists()
    assert check(old, repair=False).problems == []
    assert {path: path.read_bytes() for path in old.rglob("*") if path.is_file()} == before


def test_one_that_was_packed_by_the_first_version(old: Path, tmp_path: Path) -> None:
    with Project.open(old, read_only=True) as project:
        pack(project, tmp_path / "new.zip")
    blobs = [f"blobs/{path.parent.name}/{path.name}" for path in old.glob("blobs/*/*")]
    with zipfile.ZipFile(tmp_path / "old.zip", "w") as packed:
        for name in ("project.json", "project.db", *blobs):
            packed.write(old / name, f"Old.studio/{name}")
    for archive in ("new.zip", "old.zip"):
        folder = unpack(tmp_path / archive, tmp_path / archive.removesuffix(".zip"))
        with Project.open(folder) as project:
            _is_whole(project)


@pytest.mark.parametrize("read_only", [True, False])
def test_an_altered_row_is_noticed_before_it_gets_a_new_seal(old: Path, read_only: bool) -> None:
    connection = sqlite3.connect(old / "project.db")
    connection.execute("UPDATE item SET stars = 4 WHERE uid = ?", (MADE,))
    connection.commit()
    connection.close()
    with pytest.raises(ProjectDamaged):
        Project.open(old, read_only=read_only)


def test_a_damaged_one_is_recovered_in_our_format(old: Path) -> None:
    connection = sqlite3.connect(old / "project.db")
    connection.execute("UPDATE item SET stars = 4 WHERE uid = ?", (GONE,))
    connection.execute("DROP INDEX item_digest")
    connection.commit()
    connection.close()
    recovered = recover(old)
    assert recovered.from_damaged == 2
    with Project.open(old) as project:
        made, photo = project.items()
        assert (made.uid, photo.uid, made.stars) == (MADE, PHOTO, 3)


def test_a_backup_of_the_first_version_is_gone_back_to(old: Path) -> None:
    with Project.open(old) as project:
        pass
    assert len(backups.list_backups(old)) == 1
    (old / "project.db").write_bytes(b"ruined" * 5000)
    (old / "assets.jsonl").unlink()
    assert recover(old).plan.backup is not None
    with Project.open(old) as project:
        _is_whole(project)


def test_seals_of_both_formats_agree() -> None:
    plain = Item(PHOTO, "n", Kind.IMAGE, Origin.ASSET, "0" * 64, ".png", 1, 1.0)
    values = rows.values_of(plain, None, "", None, name="n")
    assert values[-2] == _seal(list(values[:14]), None)
    seals = {
        rows.values_of(item, None, "", None, name="n")[-2]
        for item in (
            plain,
            replace(plain, label=Label.RED),
            replace(plain, rejected=True),
            replace(plain, tags=("red",)),
            replace(plain, collections=("red",)),
        )
    }
    assert len(seals) == 5
