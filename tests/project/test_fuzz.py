"""Databases with random bytes changed: opened or refused, never a crash, never an altered value."""

from __future__ import annotations

import itertools
import os
import random
import sqlite3
import time
from pathlib import Path
from typing import Any

import pytest

from studio.core.item import Item
from studio.core.kind import Kind
from studio.errors import StudioError
from studio.project import layout, schema
from studio.project.database import Database
from studio.project.order import Group, Sort
from studio.project.query import parse
from studio.project.store import Project
from tests.pace import turn
from tests.project.builders import add_artifact, file_with

TRIES = int(os.environ.get("STUDIO_FUZZ_TRIES", "400"))
MOST_TURNS = 200
"""That one of them may cost: a second on the computers of 2020."""


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, tuple[Item, Any]]]:
    folder = tmp_path_factory.mktemp("fuzz")
    project = Project.create(folder / "P.studio")
    for number in range(10):
        photo = project.add_asset(file_with(folder, b"%d" % number), kind=Kind.IMAGE, name=f"photo {number}")
        add_artifact(project, folder, b"made %d" % number, f"made {number}", parent=photo.uid)
    project.set_stars([photo.uid], 5)
    project.add_tags([photo.uid], ["night sky"])
    project.make_collection("Best", [photo.uid])
    project.set_rejected([photo.uid], True)
    project.history.undo()
    items = {item.uid: (item, project.recipe_of(item.uid)) for item in project.items()}
    project.abandon()
    return project.folder, items


def _mutate(data: bytes, chance: random.Random) -> bytes:
    mutated = bytearray(data)
    how = chance.randrange(5)
    for _ in range(chance.choice((1, 1, 2, 4, 16))):
        at = chance.randrange(len(mutated))
        if how == 0:
            mutated[at] ^= 1 << chance.randrange(8)
        elif how == 1:
            mutated[at] = chance.randrange(256)
        elif how == 2:
            mutated[at : at + 16] = chance.randbytes(len(mutated[at : at + 16]))
        elif how == 3:  # where SQLite's own numbers are
            page = chance.randrange(len(mutated) // 4096) * 4096
            mutated[page + chance.randrange(100)] = chance.randrange(256)
        else:  # text, of which there is little beside the empty space
            words = [b"photo", b"made", b".png", b"image", b"prompt", b"asset"]
            found = mutated.find(chance.choice(words), at)
            if found >= 0:
                mutated[found + chance.randrange(3)] ^= 1
    if chance.random() < 0.03:
        return bytes(mutated[: chance.randrange(len(mutated))])
    return bytes(mutated)


@pytest.mark.slow
def test_mutated_databases(saved: tuple[Path, dict[str, tuple[Item, Any]]]) -> None:
    folder, expected = saved
    path = folder / layout.DATABASE
    original, chance = path.read_bytes(), random.Random(int(os.environ.get("STUDIO_FUZZ_SEED", "1")))
    asked = parse('stars:>=0 -in:Worst -tag:"day sky" photo').query
    refused, slowest = 0, 0.0
    for _ in range(TRIES):
        path.write_bytes(_mutate(original, chance))
        began = time.thread_time()
        try:
            with Project.open(folder, read_only=True) as project:
                items = project.items(limit=1000)
                assert {item.uid: (item, project.recipe_of(item.uid)) for item in items} == expected
                project.items(text="photo")
                project.count(text="m", kinds=[Kind.IMAGE])
                project.parents(items[0].uid)
                project.children(items[-1].uid)
                project.items(trashed=True)
                project.blob_path(items[0].digest)
                for sort, group in itertools.product(Sort, Group):
                    project.rows(project.order(asked, sort, group).ids)
                assert [shelf.name for shelf in project.collections()] == ["Best"]
                project.tags()
                assert project.history.redo_title == "Reject “photo 9”"
                assert project.history.undo_title == "New collection “Best”"
        except StudioError as error:
            refused += 1
            assert error.detail.isascii()
        slowest = max(slowest, time.thread_time() - began)
    path.write_bytes(original)
    print(f"{TRIES} databases: {refused} refused, none altered, slowest {slowest * 1000:.0f} ms")
    assert 0 < refused < TRIES
    assert slowest < MOST_TURNS * turn()


@pytest.mark.parametrize("size", [0, 1, 99, 100, 512, 4096])
def test_what_is_no_database(tmp_path: Path, size: int) -> None:
    path = tmp_path / "project.db"
    path.write_bytes(random.Random(size).randbytes(size))
    with pytest.raises(StudioError):
        schema.format_of(Database(path, read_only=True))
    assert sqlite3.sqlite_version_info >= (3, 34)
