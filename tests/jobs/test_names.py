"""A generator knows its inputs by digest; people know them by name."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from studio.core.item import JobState
from studio.core.kind import Kind
from studio.core.recipe import Recipe
from studio.errors import StudioError
from studio.jobs.queue import Queue
from studio.project.store import Project


@pytest.fixture
def recipe(project: Project, tmp_path: Path) -> Recipe:
    source = tmp_path / "Beach at “noon”.png"
    source.write_bytes(b"not looked at here")
    item = project.add_asset(source, kind=Kind.IMAGE)
    return Recipe(generator="a/b", generator_version="1", params={}, inputs={"image": item.digest})


def test_a_text_names_files_as_people_do(project: Project, recipe: Recipe) -> None:
    queue, digest = Queue(project), recipe.inputs["image"]
    assert queue.in_names(f"“{digest}.png” is odd", recipe) == "“Beach at “noon”.png” is odd"
    assert queue.in_names(f"{digest}: odd", recipe) == "Beach at “noon”.png: odd"
    assert queue.in_names("0" * 64, recipe) == "0" * 64


def test_an_item_named_with_its_extension_has_one(project: Project, recipe: Recipe) -> None:
    (item,) = project.items()
    project.rename(item.uid, "hut.png")
    assert Queue(project).in_names(f"{item.digest}.png", recipe) == "hut.png"


def test_what_was_deleted_for_good_keeps_its_digest(project: Project, recipe: Recipe) -> None:
    (item,) = project.items()
    project.trash([item.uid])
    project.purge_trash(older_than_days=0)
    assert Queue(project).in_names(item.digest, recipe) == item.digest


@pytest.mark.skipif(os.name == "nt", reason="names are text there")
def test_a_title_that_is_no_text_can_be_stored(project: Project, recipe: Recipe) -> None:
    queue = Queue(project)
    (job,) = queue.submit([recipe], title="folder \udcff", titles=["photo \udcff.png"])
    assert job.title == "photo \ufffd.png"
    assert queue.batches()[0].title == "folder \ufffd"
    assert queue.fail(job.id, StudioError("x")).state is JobState.QUEUED  # only what runs can fail
