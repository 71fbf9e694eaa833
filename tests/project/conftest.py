"""A project that is open, and files to put into it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from studio.project.store import Project


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    opened = Project.create(tmp_path / "Test.studio")
    yield opened
    opened.close()


@pytest.fixture
def drop(tmp_path: Path) -> Path:
    """A folder that files are brought in from."""
    folder = tmp_path / "drop"
    folder.mkdir()
    return folder
