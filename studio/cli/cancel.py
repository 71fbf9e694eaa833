"""studio cancel: takes jobs out of a project's queue, also those that run in another process."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from studio.cli import codes
from studio.cli.console import Console
from studio.core.item import JobState
from studio.errors import BadInput, ProjectError, ProjectInUse
from studio.words import tr, trn

if TYPE_CHECKING:
    from studio.jobs.queue import Job, Queue

OPEN = (JobState.RUNNING, JobState.QUEUED, JobState.PAUSED)
_SHOWN = 8
"""Characters of an id, which are enough to name it."""


def add(commands: Any, common: argparse.ArgumentParser, words: Sequence[str]) -> None:
    parser: argparse.ArgumentParser = commands.add_parser(
        "cancel",
        parents=[common],
        help=tr("cancel jobs that wait or run in a project"),
        description=tr(
            "Cancels jobs of a project's queue, also while the window or another command works it off."
            " Without a job it lists those that are open."
        ),
    )
    parser.add_argument("project", type=Path, metavar="PROJECT")
    parser.add_argument("jobs", nargs="*", metavar="JOB", help=tr("its id, or how that begins"))
    parser.add_argument(
        "--batch", metavar="BATCH", help=tr("all that is left of the batch with this id or title")
    )
    parser.add_argument("--all", action="store_true", help=tr("all that waits or runs"))
    parser.set_defaults(command=command)


def command(options: argparse.Namespace, console: Console) -> int:
    from studio.jobs.asked import ask_to_cancel
    from studio.jobs.queue import Queue
    from studio.project.store import Project

    try:
        opened = Project.open(options.project)
    except ProjectInUse:
        opened = Project.open(options.project, read_only=True)
    with opened as project:
        queue = Queue(project)
        if not (options.jobs or options.batch or options.all):
            return _list(queue, options.project, console)
        jobs = _meant(queue, options)
        left = [job for job in jobs if not job.state.is_final]
        ids = [job.id for job in left]
        if not project.read_only:
            queue.cancel_many(ids)
        elif ids and not ask_to_cancel(project.folder, ids):
            raise ProjectError(
                tr("The studio that has this project open does not answer; nothing was cancelled."),
                tr("Cancel the jobs there, or close it and try again."),
            )
    over = [job for job in jobs if job.state.is_final]
    document = {
        "ok": not over,
        "project": str(options.project),
        "cancelled": [_told(job) for job in left],
        "over": [_told(job) for job in over],
    }
    words = [trn("{count} job cancelled.", "{count} jobs cancelled.", len(left)) if left else ""]
    words += [tr("“{name}” was over already.", name=job.title) for job in over]
    text = "\n".join(filter(None, words)) or tr("Nothing waits or runs in this project.")
    console.result(document, text)
    return codes.SOME_FAILED if over else codes.OK


def _list(queue: Queue, project: Path, console: Console) -> int:
    jobs = queue.jobs(OPEN, limit=1_000_000)
    batches = {batch.id: batch.title for batch in queue.batches()}
    lines = [f"{job.id[:_SHOWN]}  {job.state.value:<8} {batches[job.batch]}: {job.title}" for job in jobs]
    document = {"ok": True, "project": str(project), "jobs": [_told(job) for job in jobs]}
    console.result(document, "\n".join(lines) or tr("Nothing waits or runs in this project."))
    return codes.OK


def _meant(queue: Queue, options: argparse.Namespace) -> list[Job]:
    """The jobs that are named; of a batch and of all those that are open. Raises BadInput."""
    everything = queue.jobs(limit=1_000_000)
    found: dict[str, Job] = {}
    for name in options.jobs:
        fitting = [job for job in everything if job.id.startswith(name)]
        if len(fitting) != 1:
            raise BadInput(
                tr("No job of this project has the id “{id}”.", id=name)
                if not fitting
                else tr("Several jobs of this project have an id that begins with “{id}”.", id=name),
                tr("See which there are: {command}", command=f"studio cancel {options.project}"),
            )
        found[fitting[0].id] = fitting[0]
    if options.batch:
        chosen = {batch.id for batch in queue.batches() if options.batch in (batch.id, batch.title)}
        if not chosen:
            raise BadInput(
                tr("This project has no batch “{name}”.", name=options.batch),
                tr("See which there are: {command}", command=f"studio cancel {options.project}"),
            )
        found.update((job.id, job) for job in everything if job.batch in chosen and job.state in OPEN)
    if options.all:
        found.update((job.id, job) for job in everything if job.state in OPEN)
    return list(found.values())


def _told(job: Job) -> dict[str, Any]:
    return {"id": job.id, "batch": job.batch, "title": job.title, "state": job.state.value}
