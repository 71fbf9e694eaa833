"""Files as other programs get them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from studio.core.item import Item
from studio.core.kind import Kind
from studio.project.store import Project
from studio.ui.items.handing import KEEP_SECONDS, hand_out, sweep
from tests.ui.builders import picture


@pytest.fixture
def item(project: Project, tmp_path: Path) -> Item:
    return project.add_asset(picture(tmp_path / "x.png"), kind=Kind.IMAGE, name="Sunset: the 2nd / final.png")


def test_a_file_has_its_items_name(project: Project, item: Item, tmp_path: Path) -> None:
    blob = project.blob_path(item.digest)
    file = hand_out(item, blob, tmp_path / "out")
    assert file.name == "Sunset_ the 2nd _ final.png"
    assert file.read_bytes() == blob.read_bytes()
    assert hand_out(item, blob, tmp_path / "out") == file
    assert len(list(file.parent.iterdir())) == 1


def test_who_writes_into_it_does_not_touch_the_project(project: Project, item: Item, tmp_path: Path) -> None:
    blob = project.blob_path(item.digest)
    whole = blob.read_bytes()
    file = hand_out(item, blob, tmp_path / "out")
    file.write_bytes(b"drawn over")
    assert blob.read_bytes() == whole
    assert hand_out(item, blob, tmp_path / "out").read_bytes() == whole


def test_without_a_place_for_it_the_blob_serves(project: Project, item: Item, tmp_path: Path) -> None:
    blocked = tmp_path / "out"
    blocked.write_text("a file")
    blob = project.blob_path(item.digest)
    assert hand_out(item, blob, blocked) == blob


def test_old_ones_are_swept_away(project: Project, item: Item, tmp_path: Path) -> None:
    sweep(tmp_path / "absent")
    file = hand_out(item, project.blob_path(item.digest), tmp_path / "out")
    sweep(tmp_path / "out")
    assert file.exists()
    past = file.stat().st_atime - KEEP_SECONDS - 60
    os.utime(file.parent, (past, past))
    sweep(tmp_path / "out")
    assert not file.exists()
