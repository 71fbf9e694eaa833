"""A process that does one thing to a project and is killed at a moment of it: see test_moments.py.

Reads lines from stdin, each JSON: [action, folder, moment]. For each it forks; the child opens the project,
begins, and kills itself (SIGKILL) before the moment-th statement, file that is opened, moved or removed, or
folder that is made. A negative moment kills it so many microseconds after its first COMMIT or VACUUM began,
wherever SQLite then is. 0 kills nobody. Answers with "killed", or with the number of moments that it counted.
"""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

from studio.core.generator import NewArtifact
from studio.core.item import JobState
from studio.core.kind import Kind
from studio.jobs.queue import Queue
from studio.project import database
from studio.project.store import Project
from tests.project.builders import file_with, recipe

FILES = ("open", "os.rename", "os.remove", "os.mkdir", "os.rmdir", "shutil.copyfile")


def submit(project: Project) -> None:
    Queue(project).submit([recipe(f"new {n}") for n in range(5)], title="New")


def arrive(project: Project) -> None:
    queue = Queue(project)
    [job] = queue.jobs([JobState.RUNNING])
    staging = project.staging()
    made = [NewArtifact(file_with(staging, b"result %d" % n, f"{n}.png"), Kind.IMAGE) for n in range(2)]
    queue.complete(job.id, made, env={}, seconds=1.0, peak_memory=1)


def save(project: Project) -> None:
    drop = project.folder.parent
    uids = [project.add_asset(drop / f"new {n}.png", kind=Kind.IMAGE).uid for n in range(2)]
    project.set_stars(uids, 4)
    project.add_tags(uids, ["fresh"])
    project.make_collection("New", uids)
    project.history.undo()


def back_up(project: Project) -> None:
    project.backup()


def migrate(folder: Path) -> None:
    Project.open(folder).abandon()


ACTIONS: dict[str, Callable[[Project], None]] = {
    "submit": submit,
    "arrive": arrive,
    "save": save,
    "back_up": back_up,
}


class Moments:
    """Counts what happens, and ends the process at one of them."""

    def __init__(self, last: int) -> None:
        self.count = 0
        self._last = last
        self._on = False
        self._dying = False

    def begin(self) -> None:
        self._on = True
        sys.addaudithook(self._on_event)

    def watch(self, connection: sqlite3.Connection) -> None:
        connection.set_trace_callback(self._on_statement)

    def _on_event(self, event: str, arguments: object) -> None:
        if event in FILES:
            self._next()

    def _on_statement(self, statement: str) -> None:
        self._next()
        if self._on and self._last < 0 and not self._dying and statement.startswith(("COMMIT", "VACUUM")):
            self._dying = True
            threading.Thread(target=self._kill_after, args=(-self._last / 1e6,)).start()

    def _kill_after(self, seconds: float) -> None:
        time.sleep(seconds)
        os.kill(os.getpid(), signal.SIGKILL)

    def _next(self) -> None:
        if self._on:
            self.count += 1
            if self.count == self._last:
                os.kill(os.getpid(), signal.SIGKILL)


def _do(action: str, folder: Path, moments: Moments) -> None:
    connect = database.connect

    def watched(path: Path, mode: str) -> sqlite3.Connection:
        connection = connect(path, mode)
        moments.watch(connection)
        return connection

    database.connect = watched
    if action == "migrate":
        moments.begin()
        migrate(folder)
    else:
        project = Project.open(folder)
        moments.begin()
        ACTIONS[action](project)


def main() -> None:
    for line in sys.stdin:
        action, folder, last = json.loads(line)
        read, write = os.pipe()
        child = os.fork()
        if child == 0:
            moments = Moments(last)
            _do(action, Path(folder), moments)
            if last < 0:
                time.sleep(60)  # it comes
            os.write(write, b"%d" % moments.count)
            os._exit(0)
        os.close(write)
        with os.fdopen(read) as told:
            said = told.read()
        _, status = os.waitpid(child, 0)
        killed = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
        print("killed" if killed else said or f"ended with {status}", flush=True)


if __name__ == "__main__":
    main()
