"""A studio without a window, to be killed: works off the queue of a project until everything is final."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import msgspec

from studio.jobs.runner import Runner
from studio.models.store import ModelStore
from studio.plugins.catalog import Catalog
from studio.project.store import Project


def main(folder: Path, catalog: Path) -> None:
    with Project.open(folder) as project:
        runner = Runner(
            project,
            msgspec.json.decode(catalog.read_bytes(), type=Catalog),
            ModelStore(folder.parent / "models"),
            on_event=lambda event: None,
            environment={"PYTHONPATH": os.environ["PYTHONPATH"]},
        )
        runner.start()
        runner.wait([job.id for job in runner.queue.jobs(limit=1000)])
        runner.stop()


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
