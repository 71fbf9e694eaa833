"""The composition root of the command line, and the work that `run`, `batch` and `resume` share."""

from __future__ import annotations

import logging
import shlex
import signal
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from studio.cli import codes
from studio.cli.console import LOG, Console, duration
from studio.core.item import Item, JobState
from studio.errors import ProjectError
from studio.words import tr, trn

if TYPE_CHECKING:
    from studio.core.recipe import Recipe
    from studio.jobs.events import Event
    from studio.jobs.queue import Job
    from studio.jobs.runner import Runner
    from studio.models.store import ModelStore
    from studio.plugins.catalog import Catalog
    from studio.plugins.media import Media
    from studio.project.intake import Intake
    from studio.project.store import Project
    from studio.service.service import Service


def installed_plugins(*, refresh: bool = False) -> Catalog:
    """What the plugins offer: from the cache, or described anew by a worker."""
    from studio.paths import cache_folder
    from studio.plugins.catalog import load_cached

    cached = None if refresh else load_cached(cache_folder())
    if cached is not None:
        return cached
    from studio.jobs.describe import discover

    return discover(cache_folder())


def media_for(words: Sequence[str], command: str) -> Media:
    """What the installed plugins declare, if a command line is about this command; others need not wait."""
    from studio.plugins.media import Media, installed_media

    first = next((word for word in words if word != "--json"), "")
    return installed_media() if first == command else Media()


@contextmanager
def open_service() -> Iterator[Service]:
    """Runs the importers and exporters of the installed plugins."""
    from studio.paths import cache_folder
    from studio.plugins.media import installed_media
    from studio.service.service import Service

    service = Service(installed_media(), cache_folder() / "thumbnails")
    try:
        yield service
    finally:
        service.close()


def model_store() -> ModelStore:
    from studio.models.store import ModelStore
    from studio.paths import data_folder

    return ModelStore(data_folder() / "models")


@dataclass
class Session:
    """A project with everything that works on it."""

    project: Project
    catalog: Catalog
    models: ModelStore
    runner: Runner
    is_temporary: bool
    _watch: _Watch

    def submit(
        self, recipes: Sequence[Recipe], *, title: str, titles: Sequence[str], assets: Intake | None = None
    ) -> list[Job]:
        """Queues one batch ahead of what waits, since somebody sits and waits for it.

        Raises:
            ProjectError: the queue was paused in the window.
        """
        if self.runner.queue.paused:
            raise ProjectError(
                tr("The queue of this project is paused."),
                tr(
                    "Resume it in the window, or with: {command}",
                    command=self._resume_command(),
                ),
            )
        return self.runner.submit(recipes, title=title, titles=titles, first=True, assets=assets)

    def work(self, jobs: Sequence[Job]) -> tuple[list[Job], bool]:
        """Runs until these jobs are over. Returns them, and whether Ctrl-C came first.

        Interrupted, the runner is stopped: what ran waits in the queue again.
        """
        self._watch.begin(jobs)
        self.runner.start()
        interrupted = False
        try:
            while not self._watch.all_over.wait(timeout=0.5):  # short, so that Ctrl-C is heard on Windows too
                pass
        except KeyboardInterrupt:
            interrupted = True
            self.runner.stop()
        self._watch.console.end_progress()
        return [self.runner.queue.job(job.id) for job in jobs], interrupted

    def items_of(self, jobs: Sequence[Job]) -> list[Item]:
        """What these jobs made, in their order."""
        return [item for job in jobs for item in reversed(self.project.items(job=job.id))]

    def report(self, job: Job, items: Sequence[Item]) -> dict[str, Any]:
        """A job, and what it made, for the JSON document of a command."""
        env = self.runner.queue.env(job.id)
        return {
            "id": job.id,
            "title": job.title,
            "state": job.state.value,
            "seed": job.recipe.seed,
            "seconds": job.seconds,
            "peak_memory": job.peak_memory,
            "recipe_sha256": job.recipe.digest,
            "error": job.error.to_json() if job.error else None,
            "numbers": {number["name"]: number["value"] for number in env.get("numbers", ())},
            "notes": env.get("notes", []),
            "items": [
                {"uid": item.uid, "name": item.name, "kind": item.kind, "sha256": item.digest}
                for item in items
            ],
        }

    def kept(self, interrupted: bool) -> str:
        """What became of the unfinished jobs, for somebody who pressed Ctrl-C."""
        if not interrupted:
            return ""
        if self.is_temporary:
            return tr("Interrupted. What was not finished is gone; with --project it would wait.")
        left = self.runner.queue.counts()[JobState.QUEUED]
        return trn(
            "Interrupted. {count} unfinished job waits in the queue of “{project}”. "
            "It goes on once that is opened, or with: {command}",
            "Interrupted. {count} unfinished jobs wait in the queue of “{project}”. "
            "They go on once that is opened, or with: {command}",
            left,
            project=self.project.name,
            command=self._resume_command(),
        )

    def _resume_command(self) -> str:
        return shlex.join(["studio", "resume", str(self.project.folder)])

    def exit_code(self, jobs: Sequence[Job], interrupted: bool) -> int:
        if interrupted:
            return codes.INTERRUPTED
        return codes.OK if all(job.state is JobState.DONE for job in jobs) else codes.SOME_FAILED


@contextmanager
def open_session(folder: Path | None, console: Console) -> Iterator[Session]:
    """Opens a project, or makes one that is gone afterwards, with a runner that is not yet started."""
    from studio import log
    from studio.jobs.runner import Runner
    from studio.project.store import Project

    handler = log.set_up(name=LOG)  # else Python would print what is meant for the log
    previous = signal.signal(signal.SIGTERM, signal.default_int_handler)  # ends us in order, as Ctrl-C does
    try:
        with (
            tempfile.TemporaryDirectory(prefix="studio-") as temporary,
            Project.open(folder)
            if folder
            else Project.create(Path(temporary) / "Command line.studio") as project,
        ):
            watch = _Watch(console)
            models = model_store()
            catalog = installed_plugins()
            runner = Runner(project, catalog, models, on_event=watch.event, devices=catalog.devices)
            try:
                yield Session(project, catalog, models, runner, folder is None, watch)
            finally:
                runner.stop()
    finally:
        signal.signal(signal.SIGTERM, previous)
        logging.getLogger().removeHandler(handler)
        handler.close()


def took(job: Job) -> str:
    """How long a job that is over worked."""
    seconds = job.seconds or 0.0
    return f"{seconds:.1f} s" if seconds < 60 else duration(seconds)


@dataclass
class _Watch:
    """Turns the runner's events into the progress bar and into notes about failures."""

    console: Console
    all_over: threading.Event = field(default_factory=threading.Event)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _waiting: set[str] = field(default_factory=set)
    _running: dict[str, float] = field(default_factory=dict)
    _total: int = 0
    _started: float = 0.0
    _message: str = ""

    def begin(self, jobs: Sequence[Job]) -> None:
        with self._lock:
            self._waiting = {job.id for job in jobs}
            self._total = len(jobs)
            self._started = time.monotonic()
            if not jobs:
                self.all_over.set()

    def event(self, event: Event) -> None:
        from studio.jobs.events import JobChanged, JobProgress, WorkerChanged

        with self._lock:
            if isinstance(event, JobProgress) and event.job_id in self._waiting:
                self._running[event.job_id] = event.fraction
                self._message = event.message
            elif isinstance(event, JobChanged) and event.job.id in self._waiting and event.job.state.is_final:
                self._waiting.discard(event.job.id)
                self._running.pop(event.job.id, None)
                self._message = ""
                if event.job.state is JobState.FAILED and event.job.error and self._total > 1:
                    self.console.note(f"{event.job.title}: {event.job.error}")
                if not self._waiting:
                    self.all_over.set()
            elif isinstance(event, WorkerChanged) and event.state == "starting":
                self._message = tr("starting")
            else:
                return
            self._draw()

    def _draw(self) -> None:
        if not self._total:
            return
        ended = self._total - len(self._waiting)
        fraction = (ended + sum(self._running.values())) / self._total
        elapsed = time.monotonic() - self._started
        words = [tr("{done} of {all}", done=ended, all=self._total)] if self._total > 1 else []
        if fraction > 0.05 and elapsed > 2:
            words.append(tr("{duration} left", duration=duration(elapsed / fraction - elapsed)))
        self.console.progress(min(fraction, 1.0), "  ".join([*words, self._message]))
