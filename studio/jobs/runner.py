"""The runner: the only thing about jobs that the window and the command line talk to."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence

from studio import paths
from studio.core.item import JobState
from studio.core.recipe import Recipe
from studio.jobs.asked import Asked
from studio.jobs.estimate import History, work_of_recipe
from studio.jobs.events import Event, JobChanged, QueueChanged
from studio.jobs.joblog import JobLogs
from studio.jobs.lane import House, Lane
from studio.jobs.learned import keep, recall
from studio.jobs.queue import Job, Queue
from studio.jobs.side_lane import SideLane
from studio.models.store import ModelStore
from studio.plugins.catalog import Catalog
from studio.project.intake import Intake
from studio.project.store import Project

LEARNED = 50
"""From how many jobs of earlier days the first estimates come."""

log = logging.getLogger(__name__)

AT_A_TIME, BREATH_SECONDS = 100, 0.003
"""Thousands of events at once would keep a window from answering: between so many it gets its turn."""


class Runner:
    """Runs a project's queue, with a worker for each device and one for short jobs.

    Events come from several threads.

    Everything that people ask for is written to the queue first, then told to the worker: what the queue says
    holds, whatever happens in between.
    """

    def __init__(
        self,
        project: Project,
        catalog: Catalog,
        models: ModelStore,
        *,
        on_event: Callable[[Event], None],
        devices: Sequence[str] = ("cpu",),
        environment: Mapping[str, str] | None = None,
        side_lane: bool = False,
    ) -> None:
        """`side_lane` lets short jobs run beside long ones, where somebody may ask for some meanwhile."""
        self.queue = Queue(project)
        self._project = project
        self._on_event = on_event
        self._changed = threading.Condition()
        logs = JobLogs(paths.log_folder() / "jobs")
        self.history = History()
        self._catalog = catalog
        house = House(project, catalog, models, self.queue, logs, self.history, self._emit, environment or {})
        first, *others = devices
        self._asked = Asked(project.folder, self.cancel_many)
        main = Lane(house, first, devices=(), excluding=others)
        self._lanes = [main, *(Lane(house, device, devices=(device,), excluding=()) for device in others)]
        self._has_side_lane = side_lane
        if side_lane:
            self._lanes.append(SideLane(house, main))

    def start(self) -> int:
        """Starts working off the queue; returns how many interrupted jobs were taken up again.

        A read-only project has nothing to work off.
        """
        if self._project.read_only:
            return 0
        interrupted = self.queue.recover()
        for lane in self._lanes:
            lane.start()
        self._asked.start()
        return interrupted

    def learn(self) -> None:
        """Takes what the last jobs of this project cost as the measure for the next, and what those of other
        projects did where it has none; not in a hurry."""
        recall(paths.cache_folder(), self.history)
        for job in reversed(self.queue.jobs((JobState.DONE,), limit=LEARNED)):
            generator = self._catalog.generators.get(job.recipe.generator)
            if generator is not None and job.seconds is not None:
                work = work_of_recipe(self._project, generator, job.recipe)
                if not self.history.has(work, job.seconds):
                    self.history.add(work, job.seconds, job.peak_memory)

    def stop(self) -> None:
        """The running job goes back to the queue; the workers end. A runner is started once."""
        self._asked.stop()
        for lane in self._lanes:
            lane.stop()
        if self._has_side_lane:
            keep(paths.cache_folder(), self.history)

    def warm_up(self) -> None:
        """Starts the workers now, in the background, so that the first job does not wait for it."""
        for lane in self._lanes:
            lane.warm_up()

    def submit(
        self,
        recipes: Sequence[Recipe],
        *,
        title: str,
        titles: Sequence[str] = (),
        first: bool = False,
        assets: Intake | None = None,
    ) -> list[Job]:
        jobs = self.queue.submit(recipes, title=title, titles=titles, first=first, assets=assets)
        self._tell(jobs)
        self._wake()
        return jobs

    def cancel(self, job_id: str) -> None:
        self.cancel_many([job_id])

    def cancel_many(self, ids: Sequence[str]) -> None:
        jobs = self.queue.cancel_many(ids)
        for lane in self._lanes:
            for id in ids:
                lane.cancel(id)
        self._tell(jobs)

    def pause(self, job_id: str) -> None:
        """A running job is held in its worker: nothing else runs on its device until it goes on."""
        job = self.queue.pause(job_id)
        self._hold()
        self._tell([job])

    def resume(self, job_id: str) -> None:
        job = self.queue.resume(job_id, live=any(lane.runs(job_id) for lane in self._lanes))
        self._hold()
        self._tell([job])
        self._wake()

    def retry(self, job_id: str) -> None:
        self.retry_many([job_id])

    def retry_many(self, ids: Sequence[str]) -> None:
        self._tell(self.queue.retry_many(ids))
        self._wake()

    def move(self, job_id: str, before: str | None) -> None:
        """Before another waiting job, or to the end."""
        self.move_many([job_id], before)

    def move_many(self, ids: Sequence[str], before: str | None) -> None:
        """Waiting jobs, in this order, before another one, or to the end."""
        self.queue.move_many(ids, before)
        self._emit(QueueChanged())

    def look_again(self, ids: Iterable[str]) -> None:
        """Tells of jobs that undoing or doing again has changed, and starts what may run now."""
        self._tell([self.queue.job(id) for id in ids])
        self._queue_changed()

    def expected(self, generator: str) -> float | None:
        """Seconds that a job of this generator takes, by the last ones; None if none has run yet."""
        return self.history.usual(generator)

    def pause_all(self) -> None:
        """Nothing new starts, and what runs is held (its state stays running)."""
        self.queue.pause_all()
        self._queue_changed()

    def resume_all(self) -> None:
        self.queue.resume_all()
        self._queue_changed()

    def pause_batch(self, id: str) -> None:
        self.queue.pause_batch(id)
        self._queue_changed()

    def resume_batch(self, id: str) -> None:
        self.queue.resume_batch(id)
        self._queue_changed()

    def cancel_batch(self, id: str) -> None:
        jobs = self.queue.cancel_batch(id)
        for lane in self._lanes:
            for job in jobs:
                lane.cancel(job.id)
        self._tell(jobs)

    def wait(self, job_ids: Iterable[str], timeout: float | None = None) -> list[Job]:
        """The jobs once all of them are final, or after `timeout` seconds as they are then."""
        ids = list(job_ids)
        pending = ids[::-1]  # only the next one is read at each change: a batch may have thousands
        deadline = None if timeout is None else time.monotonic() + timeout
        with self._changed:
            while pending:
                left = None if deadline is None else deadline - time.monotonic()
                if self.queue.job(pending[-1]).state.is_final:
                    pending.pop()
                elif left is not None and left <= 0:
                    break
                else:
                    self._changed.wait(left)
        return [self.queue.job(id) for id in ids]

    def _queue_changed(self) -> None:
        self._hold()
        self._emit(QueueChanged())
        self._wake()

    def _hold(self) -> None:
        for lane in self._lanes:
            lane.hold()

    def _wake(self) -> None:
        for lane in self._lanes:
            lane.wake()

    def _tell(self, jobs: Sequence[Job]) -> None:
        for number, job in enumerate(jobs, start=1):
            self._emit(JobChanged(job))
            if number % AT_A_TIME == 0:
                time.sleep(BREATH_SECONDS)

    def _emit(self, event: Event) -> None:
        if isinstance(event, JobChanged):
            with self._changed:
                self._changed.notify_all()
        try:
            self._on_event(event)
        except Exception:
            log.exception("A listener failed on %s", type(event).__name__)
