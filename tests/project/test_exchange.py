from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from studio.core.kind import Kind
from studio.errors import BadInput, DiskFull, ProjectNewer, StudioError
from studio.project.check import check
from studio.project.exchange import pack, unpack
from studio.project.store import Project
from tests.project.builders import add_artifact, file_with


@pytest.fixture
def packed(project: Project, drop: Path, tmp_path: Path) -> Path:
    photo = project.add_asset(file_with(drop, b"photo" * 1000), kind=Kind.IMAGE)
    add_artifact(project, drop, b"made", "made", parent=photo.uid)
    trashed = project.add_asset(file_with(drop, b"trashed"), kind=Kind.TEXT)
    project.trash([trashed.uid])
    target = tmp_path / "Packed.zip"
    assert pack(project, target) == []
    return target


def _rewrite(archive: Path, change: dict[str, bytes | None]) -> None:
    """Replaces, adds or (None) drops entries, by their names inside the project."""
    with zipfile.ZipFile(archive) as old:
        content = {name: old.read(name) for name in old.namelist()}
    for name, data in change.items():
        if data is None:
            content.pop(name)
        else:
            content[name] = data
    with zipfile.ZipFile(archive, "w") as new:
        for name, data in content.items():
            new.writestr(name, data)


def test_there_and_back(project: Project, packed: Path, tmp_path: Path) -> None:
    for name in ("Test.studio", "Test 2.studio"):
        folder = unpack(packed, tmp_path / "out")
        assert folder == tmp_path / "out" / name
        with Project.open(folder) as copy:
            assert copy.items() == project.items()
            assert copy.items(trashed=True) == project.items(trashed=True)
            for item in copy.items():
                assert copy.blob_path(item.digest).read_bytes() == project.blob_path(item.digest).read_bytes()
                assert copy.recipe_of(item.uid) == project.recipe_of(item.uid)
        assert check(folder, repair=False).problems == []
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["Test 2.studio", "Test.studio"]


def test_packing_to_where_nothing_can_be_written(project: Project, tmp_path: Path) -> None:
    with pytest.raises(StudioError, match=r"“P\.zip” was not saved: the system refused") as caught:
        pack(project, tmp_path / "no such folder" / "P.zip")
    assert caught.value.hint and list(tmp_path.glob(".*")) == []


def test_packing_again_replaces(project: Project, packed: Path, drop: Path) -> None:
    project.add_asset(file_with(drop, b"new"), kind=Kind.IMAGE)
    pack(project, packed)
    assert len(zipfile.ZipFile(packed).namelist()) == 7
    assert [path.name for path in packed.parent.iterdir() if path.name.startswith(".")] == []


def test_a_read_only_project_can_be_packed(project: Project, packed: Path, tmp_path: Path) -> None:
    with Project.open(project.folder, read_only=True) as reading:
        pack(reading, tmp_path / "again.zip")
    assert unpack(tmp_path / "again.zip", tmp_path / "out").is_dir()


def test_missing_blobs_are_told(project: Project, packed: Path, tmp_path: Path) -> None:
    item = project.items()[0]
    project.blob_path(item.digest).unlink()
    assert pack(project, packed) == [item.digest]
    with Project.open(unpack(packed, tmp_path / "out")) as copy:
        assert copy.items() == project.items()


def test_an_odd_name_travels(tmp_path: Path) -> None:
    with Project.create(tmp_path / ("a\n?:*" + "é" * 120 + " .studio")) as project:
        pack(project, tmp_path / "a.zip")
    folder = unpack(tmp_path / "a.zip", tmp_path / "out")
    assert folder.name.startswith("a____éé")
    assert len(folder.name.encode()) < 220


def test_a_full_disk_leaves_nothing(project: Project, packed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = packed.read_bytes(), sorted(packed.parent.iterdir())

    def fail(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(zipfile.ZipFile, "write", fail)
    with pytest.raises(DiskFull, match=r"Packed\.zip” was not saved"):
        pack(project, packed)
    assert (packed.read_bytes(), sorted(packed.parent.iterdir())) == before


ROOT = "Test.studio"


@pytest.mark.parametrize(
    "change",
    [
        {f"{ROOT}/project.db": None},
        {f"{ROOT}/project.db": b"not a database at all" * 100},
        {f"{ROOT}/project.db-journal": b"x"},
        {f"{ROOT}/run.py": b"import os"},
        {f"{ROOT}/blobs/ab/{'a' * 64}.png": b"x"},
        {f"{ROOT}/blobs/aa/{'a' * 64}.png": b"x"},
        {f"{ROOT}/backups/old.db": b"x"},
        {"Other.studio/project.json": b"{}"},
        {"../evil": b"x"},
        {"project.db": b"x"},
    ],
    ids=str,
)
def test_what_is_no_packed_project(packed: Path, tmp_path: Path, change: dict[str, bytes | None]) -> None:
    _rewrite(packed, change)
    with pytest.raises(StudioError):
        unpack(packed, tmp_path / "out")
    assert list((tmp_path / "out").iterdir()) == []


def test_a_newer_project(packed: Path, tmp_path: Path) -> None:
    _rewrite(packed, {f"{ROOT}/project.json": b'{"format": 99}'})
    with pytest.raises(ProjectNewer):
        unpack(packed, tmp_path / "out")
    assert list((tmp_path / "out").iterdir()) == []


@pytest.mark.parametrize("content", [b"", b"PK", b"no zip" * 100])
def test_what_is_no_zip(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(BadInput, match="no zip"):
        unpack(file_with(tmp_path, content, "a.zip"), tmp_path / "out")
    with pytest.raises(BadInput):
        unpack(tmp_path / "absent.zip", tmp_path / "out")
