"""studio resume: goes on with what waits in a project's queue."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from studio.cli.console import Console
from studio.core.item import JobState
from studio.words import tr


def add(commands: Any, common: argparse.ArgumentParser, words: Sequence[str]) -> None:
    parser: argparse.ArgumentParser = commands.add_parser(
        "resume",
        parents=[common],
        help=tr("go on with the jobs that wait in a project"),
        description=tr("Runs what waits in a project's queue. Paused jobs and batches stay paused."),
    )
    parser.add_argument("project", type=Path, metavar="PROJECT")
    parser.set_defaults(command=command)


def command(options: argparse.Namespace, console: Console) -> int:
    from studio.cli.session import open_session

    with open_session(options.project, console) as session:
        session.runner.resume_all()
        queue = session.runner.queue
        waiting = [
            job
            for job in queue.jobs((JobState.RUNNING, JobState.QUEUED), limit=1_000_000)
            if not queue.batch_paused(job.batch)
        ]
        jobs, interrupted = session.work(waiting)
        done = sum(job.state is JobState.DONE for job in jobs)
        document = {
            "ok": done == len(jobs),
            "project": str(options.project),
            "jobs": [session.report(job, session.items_of([job])) for job in jobs],
        }
        words = (
            tr("{done} of {all} done", done=done, all=len(jobs))
            if jobs
            else tr("Nothing waits in this project.")
        )
        console.result(document, "\n".join(filter(None, [words, session.kept(interrupted)])))
        return session.exit_code(jobs, interrupted)
