"""What a person made by hand is kept as what a finished job made."""

from __future__ import annotations

from pathlib import Path

import pytest

from studio.core.item import Item, JobState, Origin
from studio.core.kind import Kind
from studio.core.recipe import Recipe
from studio.errors import ProjectReadOnly
from studio.jobs.queue import Queue
from studio.jobs.record import record
from studio.project.store import Project


def recorded(project: Project, file: Path, parent: Item | None = None, name: str = "Page") -> Item:
    recipe = Recipe(
        generator="ours/page",
        generator_version="3",
        params={"words": "Mine."},
        inputs={"before": parent.digest} if parent is not None else {},
    )
    return record(project, recipe, file, kind=Kind.TEXT, name=name, parent=parent)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "page.md"
    path.write_text("Mine.\n")
    return path


def test_it_is_an_artifact_of_a_finished_job(project: Project, file: Path) -> None:
    before = project.add_asset(file, kind=Kind.TEXT)
    queue = Queue(project)
    queue.pause_all()
    saved = recorded(project, file, before)
    assert (saved.name, saved.kind, saved.origin, saved.parent) == (
        "Page",
        Kind.TEXT,
        Origin.ARTIFACT,
        before.uid,
    )
    assert saved.extension == ".md"
    assert project.blob_path(saved.digest).read_text("utf-8") == file.read_text() == "Mine.\n"
    recipe = project.recipe_of(saved.uid)
    assert recipe is not None
    assert (recipe.generator, recipe.generator_version) == ("ours/page", "3")
    assert recipe.params == {"words": "Mine."}
    assert recipe.inputs == {"before": before.digest}
    (job,) = queue.jobs()
    assert job.state is JobState.DONE
    assert not queue.has_work()
    assert project.children(before.uid) == [saved]
    assert project.prove() is None
    assert not list((project.folder / "tmp").iterdir())


def test_names_are_text_that_can_be_printed(project: Project, file: Path) -> None:
    assert recorded(project, file, name="a\udc80").name == "a\ufffd"


def test_a_project_that_is_only_read_takes_nothing(tmp_path: Path, file: Path) -> None:
    Project.create(tmp_path / "P.studio").close()
    with Project.open(tmp_path / "P.studio", read_only=True) as project:
        with pytest.raises(ProjectReadOnly):
            recorded(project, file)
        assert project.count() == 0
