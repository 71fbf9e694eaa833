"""What a job keeps outlives it, until it is done."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from studio.core.item import JobState
from studio.errors import ProjectReadOnly
from studio.project.store import Project


def kept(project: Project) -> list[Path]:
    folder = project.folder / "kept"
    return sorted(folder.iterdir()) if folder.exists() else []


@pytest.mark.parametrize("how", ["error", "crash"])
def test_a_job_goes_on_where_it_broke_off(rig: Any, how: str) -> None:
    job = rig.run("counts_on", text=how, number=5)
    assert job.state is JobState.FAILED
    (folder,) = kept(rig.project)
    assert folder.name == job.recipe.digest
    assert (folder / "count").read_text() == "3"
    rig.runner.retry(job.id)
    (job,) = rig.runner.wait([job.id], 100)
    assert job.state is JobState.DONE
    (item,) = rig.project.items()
    assert rig.project.blob_path(item.digest).read_text() == "5"
    assert kept(rig.project) == []


@pytest.mark.slow
def test_a_job_that_comes_further_survives_more_kills_than_it_has_attempts(rig: Any) -> None:
    job = rig.run("counts_on", text="killed", number=14)  # four kills
    assert (job.state, job.attempts) == (JobState.DONE, 1)
    (item,) = rig.project.items()
    assert rig.project.blob_path(item.digest).read_text() == "14"


def test_most_jobs_keep_nothing(rig: Any) -> None:
    rig.run("write", text="hello")
    assert kept(rig.project) == []


def test_what_nobody_went_on_with_goes_after_thirty_days(tmp_path: Path) -> None:
    with Project.create(tmp_path / "A.studio") as project:
        old, new = project.kept("a" * 64), project.kept("b" * 64)
        for folder in (old, new):
            (folder / "x").write_text("x")
        os.utime(old, (0, 0))
    assert not old.exists()
    assert new.exists()


def test_a_project_that_is_only_read_keeps_nothing(tmp_path: Path) -> None:
    Project.create(tmp_path / "A.studio").close()
    with Project.open(tmp_path / "A.studio", read_only=True) as project, pytest.raises(ProjectReadOnly):
        project.kept("a" * 64)
