"""Files come in with what needs them, or not at all."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from studio.core.kind import Kind
from studio.core.recipe import Recipe
from studio.errors import ProjectClosed
from studio.jobs.queue import Queue
from studio.project.check import check
from studio.project.intake import Intake
from studio.project.store import Project


def file(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text)
    return path


def recipe(digest: str) -> Recipe:
    return Recipe(generator="a/b", generator_version="1", params={}, inputs={"source": digest})


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "P.studio"


def submitted(project: Project, assets: Intake, *files: Path) -> None:
    recipes = [recipe(assets.add_asset(file, kind=Kind.TEXT).digest) for file in files]
    Queue(project).submit(recipes, title="x", assets=assets)


def test_items_come_with_the_jobs(folder: Path, tmp_path: Path) -> None:
    with Project.create(folder) as project:
        assets = Intake(project)
        first = assets.add_asset(file(tmp_path, "a.txt", "a"), kind=Kind.TEXT)
        assert project.count() == 0
        submitted(project, assets, tmp_path / "a.txt", file(tmp_path, "b.txt", "b"))
        assert {item.name for item in project.items()} == {"a", "b"}
        assert project.item(first.uid) == first
        assert project.blob_path(first.digest).read_text() == "a"
    assert check(folder, repair=False).ok


def test_what_is_there_is_not_brought_in_twice(folder: Path, tmp_path: Path) -> None:
    path = file(tmp_path, "a.txt", "a")
    with Project.create(folder) as project:
        there = project.add_asset(path, kind=Kind.TEXT)
        for _ in range(2):
            submitted(project, Intake(project), path, path)
        assert project.items() == [there]


def test_without_jobs_no_item_comes(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Project.create(folder) as project:
        assets = Intake(project)
        assets.add_asset(file(tmp_path, "a.txt", "a"), kind=Kind.TEXT)
        broken: Callable[..., None] = {}.__getitem__
        monkeypatch.setattr("studio.jobs.queue.first_turn", broken)
        with pytest.raises(KeyError):
            submitted(project, assets, tmp_path / "a.txt")
        assert project.count() == 0
        assert Queue(project).jobs() == []
        monkeypatch.undo()
        submitted(project, assets, tmp_path / "a.txt")  # the same once more
        assert (project.count(), len(Queue(project).jobs())) == (1, 1)


def test_emptying_the_trash_leaves_what_is_coming_in(folder: Path, tmp_path: Path) -> None:
    with Project.create(folder) as project:
        assets = Intake(project)
        path = file(tmp_path, "a.txt", "a")
        item = assets.add_asset(path, kind=Kind.TEXT)
        project.purge_trash(0)
        submitted(project, assets, path)
        assert project.blob_path(item.digest).read_text() == "a"


def test_a_closed_project_takes_nothing_in(folder: Path, tmp_path: Path) -> None:
    project = Project.create(folder)
    project.close()
    with pytest.raises(ProjectClosed):
        Intake(project).add_asset(file(tmp_path, "a.txt", "a"), kind=Kind.TEXT)
