from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from studio.core.kind import Kind
from studio.errors import ProjectInUse
from studio.project.store import Project
from tests.project.builders import file_with

HOLD = """
import sys, time
from pathlib import Path
from studio.project.store import Project
project = Project.open(Path(sys.argv[1]))
print("open", flush=True)
sys.stdin.read()
"""


def test_a_project_is_open_once(project: Project) -> None:
    with pytest.raises(ProjectInUse, match=rf"already open on this computer \(process {os.getpid()}\)"):
        Project.open(project.folder)
    with Project.open(project.folder, read_only=True):
        pass
    with pytest.raises(ProjectInUse):
        Project.open(project.folder)
    project.close()
    Project.open(project.folder).close()


@pytest.mark.parametrize("text", [b"", b"\xff", b"[]", b'{"process": "x"}', b"{" * 2000])
def test_whatever_the_lock_file_says(project: Project, text: bytes) -> None:
    if os.name == "nt":
        pytest.skip("it cannot be written while it is locked")
    (project.folder / "lock").write_bytes(text)
    with pytest.raises(ProjectInUse, match=r"on this computer\."):
        Project.open(project.folder)


def test_the_lock_ends_with_its_process(project: Project, drop: Path) -> None:
    project.close()
    child = subprocess.Popen(
        [sys.executable, "-c", HOLD, project.folder], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert child.stdout is not None
    assert child.stdout.readline() == b"open\n"
    with pytest.raises(ProjectInUse, match=f"process {child.pid}"):
        Project.open(project.folder)
    child.kill()
    child.communicate()
    with Project.open(project.folder) as again:
        again.add_asset(file_with(drop, b"a"), kind=Kind.IMAGE)


def test_sqlite_keeps_its_own_lock(project: Project, drop: Path) -> None:
    """Anything of ours that opened and closed project.db would drop it, and a second process could write."""
    item = project.add_asset(file_with(drop, b"a"), kind=Kind.IMAGE)
    attempt = (
        "import sqlite3, sys\n"
        "other = sqlite3.connect(sys.argv[1], timeout=0, isolation_level=None)\n"
        "other.execute('BEGIN IMMEDIATE')\n"
    )
    with project.db.transaction():
        # What other threads may do meanwhile.
        def meanwhile() -> None:
            Project.open(project.folder, read_only=True).abandon()
            with pytest.raises(ProjectInUse):
                Project.open(project.folder)
            project.prove()

        thread = threading.Thread(target=meanwhile)
        thread.start()
        thread.join()
        done = subprocess.run(
            [sys.executable, "-c", attempt, project.db.path], capture_output=True, text=True
        )
        assert "database is locked" in done.stderr
    assert project.items() == [item]
