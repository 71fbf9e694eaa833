"""Saves assets into the project argv[1] until it is killed, telling each name once it was acknowledged.

Every third one is an artifact stored as the queue does it, every fifth turn also renames, stars and backs up.
"""

from __future__ import annotations

import sys
from pathlib import Path

from studio.core.kind import Kind
from studio.project.store import Project
from tests.project.builders import add_artifact, file_with


def main(folder: Path, prefix: str) -> None:
    drop = folder.parent / "drop"
    with Project.open(folder) as project:
        for number in range(10_000):
            name = f"{prefix}-{number}"
            if number % 3 == 0:
                item = add_artifact(project, drop, name.encode() * 2000, name)
            else:
                source = file_with(drop, name.encode() * 2000, f"{name}.png")
                item = project.add_asset(source, kind=Kind.IMAGE)
            if number % 5 == 4:
                project.set_stars([item.uid], 3)
                name = f"{name}-renamed"
                project.rename(item.uid, name)
                project.set_rejected([item.uid], True)
                project.history.undo()
            print(f"{item.uid} {name}", flush=True)
            if number % 5 == 4:
                project.backup()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
