"""A studio without a window, to be killed: works off the queue of a project until everything is final.

With a third argument, what takes longer than so many seconds is long, and short jobs run beside it.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import msgspec

from studio.jobs import lane, side_lane
from studio.jobs.estimate import Work
from studio.jobs.runner import Runner
from studio.models.store import ModelStore
from studio.plugins.catalog import Catalog
from studio.project.store import Project


def main(folder: Path, catalog: Path, short_seconds: float) -> None:
    lane.SHORT_SECONDS = side_lane.SHORT_SECONDS = short_seconds
    with Project.open(folder) as project:
        runner = Runner(
            project,
            msgspec.json.decode(catalog.read_bytes(), type=Catalog),
            ModelStore(folder.parent / "models"),
            on_event=lambda event: None,
            environment={"PYTHONPATH": os.environ["PYTHONPATH"]},
            side_lane=short_seconds > 0,
        )
        runner.history.add(Work("stress/stress", "cpu"), 0.01, 1)
        runner.start()
        runner.wait([job.id for job in runner.queue.jobs(limit=1000)])
        runner.stop()


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), float(sys.argv[3]))
