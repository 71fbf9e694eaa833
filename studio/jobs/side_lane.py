"""The side lane: short jobs run in a worker of their own while the lane beside is busy with a long one.

What is short is not written anywhere: it follows from what such jobs took before. Where memory does not admit
a second worker, where nothing is known of a job, or on a graphics card (whose free memory only its worker can
ask), a job goes between: after the one that runs, before the rest of its batch (`studio.jobs.turns`). Both
lanes claim from one queue, so no job is run twice.
"""

from __future__ import annotations

import logging
import time
from typing import Literal

from studio.backends.plan import Choice
from studio.errors import StudioError
from studio.jobs.admission import NOBODY, machine_memory
from studio.jobs.lane import SHORT_SECONDS, House, Lane
from studio.jobs.process import NICE_BESIDE
from studio.jobs.queue import Job

LOOK_AHEAD = 20
"""How many of the next jobs are looked at for a short one: what somebody waits for is put first."""

LOOK_SECONDS = 2.0
"""While the other lane is busy: memory may have become free, or its job turned out to be long."""

REST_SECONDS = 120.0
"""So long a worker with nothing to do is kept after the long work has ended."""

EMPTY_WORKER = 100 << 20
UNKNOWN_WORKER = 1 << 30
"""Bytes that a worker takes: one that has not done anything yet, and one of whose job nobody knows."""

RESERVE = 0.05
"""Of the main memory, what stays free."""

log = logging.getLogger(__name__)


class SideLane(Lane):
    """For the processor's short jobs, while `main` has a long one."""

    def __init__(self, house: House, main: Lane) -> None:
        super().__init__(house, "cpu", devices=("cpu",), excluding=(), nice=NICE_BESIDE)
        self._main_lane = main
        self._idle_since = time.monotonic()
        self._off_until = 0.0
        main.beside = self

    def warm_up(self) -> None:
        """Starts the worker before there is a job for it, if the other lane has a long one."""
        if self._main_lane.is_long and self._is_free(EMPTY_WORKER):
            super().warm_up()

    # --- on the lane's own thread ---------------------------------------------------------------------------

    def _has_work(self) -> bool:
        return self._find() is not None

    def _claim(self) -> Job | None:
        job = self._find()
        return self._house.queue.claim(devices=self._devices, only=job.id) if job is not None else None

    def _find(self) -> Job | None:
        """The first short job that may run here now."""
        if not self._main_lane.is_long or time.monotonic() < self._off_until:
            return None
        jobs = self._house.queue.next_jobs(LOOK_AHEAD, devices=self._devices)
        return next((job for job in jobs if self._takes(job)), None)

    def _takes(self, job: Job) -> bool:
        seconds = self._expected(job)
        if (seconds is None and not job.recipe.models) or (seconds or 0.0) > SHORT_SECONDS:
            return False
        try:
            best: Choice = self._admit(job.recipe)[0]
        except StudioError:
            return False  # the other lane says why
        if best.seconds is None or best.reason:  # a lesser way is not chosen only to be sooner
            return False
        if not self._house.queue.is_short(job, best.seconds, SHORT_SECONDS):
            return False
        return self._is_free(best.memory or UNKNOWN_WORKER)

    def _is_free(self, needed: int) -> bool:
        """Bytes of the main memory, beyond what the other lane's job will still take."""
        memory = machine_memory(self._house.catalog, self._host.pid if self._host.alive else NOBODY)["cpu"]
        return needed + self._main_lane.growth(memory.total) + int(memory.total * RESERVE) <= memory.free

    def _rest(self) -> None:
        if self._main_lane.is_long:
            self._idle_since = time.monotonic()
        elif self._host.alive and time.monotonic() - self._idle_since > REST_SECONDS:
            self._end_worker("")
        is_needed = self._host.alive or self._main_lane.is_busy
        self._sleep(LOOK_SECONDS if is_needed else None)

    def _cannot_start(self, error: StudioError) -> None:
        self._off_until = time.monotonic() + REST_SECONDS

    def _tell_worker(self, state: Literal["starting", "ready", "stopped"], detail: str = "") -> None:
        """Not to people: nobody waits for this worker to start."""
        log.info("The worker for short jobs: %s %s", state, detail)
