"""One device's lane: a thread that takes jobs from the queue to that device's worker, one at a time."""

from __future__ import annotations

import contextlib
import logging
import shutil
import threading
import time
import traceback
from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from studio import paths, words
from studio.backends.calibration import load_calibration
from studio.backends.plan import Choice
from studio.core.generator import NewArtifact
from studio.core.item import JobState
from studio.core.kind import Kind
from studio.core.recipe import Recipe
from studio.errors import BadInput, MissingBlob, OutOfMemory, StudioError, WorkerDied
from studio.jobs import wire
from studio.jobs.admission import admit, held_by, machine_memory
from studio.jobs.artifact import check_artifact
from studio.jobs.estimate import History, Work, work_of_recipe
from studio.jobs.events import (
    Event,
    ItemsAdded,
    JobChanged,
    JobLog,
    JobNumbers,
    JobPlanned,
    JobPreview,
    JobProgress,
    JobText,
    WorkerChanged,
)
from studio.jobs.host import Killed, WorkerHost
from studio.jobs.joblog import JobLogs
from studio.jobs.process import NICE
from studio.jobs.queue import Job, Queue
from studio.jobs.time_left import TimeLeft, Watch
from studio.models.store import ModelStore
from studio.plugins.catalog import Catalog
from studio.project.files import disk_full, is_full
from studio.project.store import Project
from studio.words import tr

RECYCLE_JOBS = 200
RECYCLE_GROWTH = 1.25
RECYCLE_BYTES = 256 * 1024 * 1024
"""A worker is replaced once it is a quarter and this much bigger than after it had last loaded something."""

SHORT_SECONDS = 10.0
"""What is expected to take no longer need not wait for what takes longer (`studio.jobs.side_lane`)."""

STARTS = 3
GOING_SECONDS = 2.0
"""How long a worker that was killed is waited for, until its memory is free."""
PREVIEW_BYTES = 8 * 1024 * 1024
_RETRY_SECONDS = 5.0

log = logging.getLogger(__name__)


class House(Struct, frozen=True):
    """What all lanes of a runner share."""

    project: Project
    catalog: Catalog
    models: ModelStore
    queue: Queue
    logs: JobLogs
    history: History
    emit: Callable[[Event], None]
    environment: Mapping[str, str]
    """Added to the workers' environment."""


class Lane:
    """`devices` and `excluding` say which jobs are this lane's (see `Queue.claim`)."""

    def __init__(
        self,
        house: House,
        device: str,
        *,
        devices: Collection[str],
        excluding: Collection[str],
        nice: int = NICE,
    ) -> None:
        self.device = device
        self.beside: Lane | None = None
        """Works off what is short while this lane is busy with what is not."""
        self._house = house
        self._devices, self._excluding = devices, excluding
        self._wake = threading.Condition()
        self._something_new = True
        self._warm = False
        self._stopping = False
        self._holding = threading.Lock()
        self._job: Job | None = None
        self._time_left = TimeLeft()
        self._watch = Watch(time.monotonic)
        self._expects: float | None = None
        self._began = 0.0
        self._needs = 0
        self._held = False
        self._nice = nice
        self._host = WorkerHost(on_line=self._line, environment=house.environment, nice=nice)
        self._failed_starts = 0
        self._baseline = 0
        self._unsaved: list[tuple[str, StudioError]] = []
        self._thread = threading.Thread(target=self._main, name=f"jobs {device}", daemon=True)

    # --- from any thread ------------------------------------------------------------------------------------

    def start(self) -> None:
        self._thread.start()

    def wake(self) -> None:
        """There may be something to do."""
        with self._wake:
            self._something_new = True
            self._wake.notify_all()

    def warm_up(self) -> None:
        self._warm = True
        self.wake()

    def stop(self) -> None:
        """Interrupts the running job, which goes back to the queue, and ends the worker."""
        self._stopping = True
        self.wake()
        self._host.kill()
        if self._thread.is_alive():
            self._thread.join()

    def runs(self, job_id: str) -> bool:
        job = self._job
        return job is not None and job.id == job_id

    @property
    def is_busy(self) -> bool:
        return self._job is not None

    @property
    def is_long(self) -> bool:
        """Whether a job runs here that is not expected to be over soon, as far as anybody knows."""
        with self._holding:
            if self._job is None:
                return False
            passed = time.monotonic() - self._began
            return self._expects is None or self._held or max(self._expects, passed) > SHORT_SECONDS

    def growth(self, total: int) -> int:
        """Bytes of the main memory that the running job may still take, of a computer with so many in all."""
        with self._holding:
            if self._job is None:
                return 0
            needs = self._needs or total // 4  # nobody knows
        return max(0, needs - held_by(self._host.pid))

    def give_room(self) -> bool:
        """Ends a worker that does nothing, for the memory that it holds; whether there was one."""
        with self._holding:
            if self._job is not None or not self._host.alive:
                return False
            self._host.kill()
        deadline = time.monotonic() + GOING_SECONDS
        while self._host.alive and time.monotonic() < deadline:
            time.sleep(0.01)
        return True

    def cancel(self, job_id: str) -> None:
        if self.runs(job_id):
            self._host.ask(job_id, "cancel")

    def hold(self) -> None:
        """Makes the running job wait or go on, as its own state, its batch's and the queue's say."""
        with self._holding:
            job, queue = self._job, self._house.queue
            if job is None:
                return
            held = queue.job(job.id).state is JobState.PAUSED or queue.paused or queue.batch_paused(job.batch)
            if held != self._held:
                self._held = held
                self._watch.hold(held)
                self._host.ask(job.id, "pause" if held else "resume")

    # --- on the lane's own thread ---------------------------------------------------------------------------

    def _main(self) -> None:
        while not self._stopping:
            try:
                self._save_failures()
                if not (self._warm or self._has_work()):
                    self._rest()
                elif self._host.alive or self._start_worker():
                    self._warm = False
                    job = None if self._stopping else self._claim()
                    if job is not None:
                        self._take(job)
            except Exception as error:
                # A full disk, mostly. Whatever it is: a queue that stands still must say so and go on later.
                log.exception("The queue cannot be worked off")
                words = error if isinstance(error, StudioError) else _defect(error)
                self._tell_worker("stopped", str(words))
                self._sleep(_RETRY_SECONDS)
        self._end_worker("")

    def _has_work(self) -> bool:
        return self._house.queue.has_work(devices=self._devices, excluding=self._excluding)

    def _claim(self) -> Job | None:
        return self._house.queue.claim(devices=self._devices, excluding=self._excluding)

    def _rest(self) -> None:
        """There is nothing to do."""
        self._sleep(None)

    def _cannot_start(self, error: StudioError) -> None:
        """No worker can be started: the job that needs one fails and says why."""
        job = self._claim()
        if job is not None:
            self._fail(job, error)

    def _tell_worker(self, state: Literal["starting", "ready", "stopped"], detail: str = "") -> None:
        self._house.emit(WorkerChanged(self.device, state, detail))

    def _sleep(self, seconds: float | None) -> None:
        with self._wake:
            self._wake.wait_for(lambda: self._something_new or self._stopping, seconds)
            self._something_new = False

    def _start_worker(self) -> bool:
        self._host.stop()
        self._tell_worker("starting")
        self._host = WorkerHost(on_line=self._line, environment=self._house.environment, nice=self._nice)
        try:
            self._host.start()
        except (WorkerDied, OutOfMemory) as error:
            self._tell_worker("stopped", str(error))
            self._failed_starts += 1
            if self._failed_starts % STARTS == 0 and not self._stopping:
                self._warm = False
                self._cannot_start(error)
            return False
        self._failed_starts = self._baseline = 0
        self._tell_worker("ready")
        return True

    def _end_worker(self, why: str) -> None:
        self._host.stop()
        self._tell_worker("stopped", why)

    def _take(self, job: Job) -> None:
        house = self._house
        expected, work = self._expected(job), self._work_of(job)
        with self._holding:
            self._host.forget()
            self._held = False
            self._time_left = self._time_of(job, work)
            self._watch = Watch(time.monotonic)
            self._expects, self._began, self._needs = expected, time.monotonic(), 0
            self._job = job
        if self.beside is not None and self.is_long:
            self.beside.warm_up()
        try:
            house.logs.begin(job.id)
            house.logs.add(job.id, f"— {time.strftime('%Y-%m-%d %H:%M:%S')} {job.title}, on {self.device}")
            now = house.queue.job(job.id)
            if now.state.is_final:  # cancelled since it was claimed
                return
            house.emit(JobChanged(now))
            self.hold()
            self._run(job)
        except StudioError as error:
            self._fail(job, error)
        except OSError as error:
            full = disk_full(house.project.folder, f"“{job.title}”") if is_full(error) else None
            self._fail(job, full or _defect(error))
        except Exception as error:
            log.exception("A job failed through a defect of the studio")
            self._fail(job, _defect(error))
        finally:
            with self._holding:
                self._job = None
            house.logs.end(job.id)

    def _run(self, job: Job) -> None:
        kept = self._house.project.kept(job.recipe.digest)
        staging = self._house.project.staging()
        try:
            (staging / "work").mkdir()
            request = self._request(job, staging, kept)
            try:
                outcome = self._host.run(request, lambda message: self._hear(message, staging))
            except StudioError as error:
                self._bury(job, error)
                return
            match outcome:
                case wire.Done():
                    self._complete(job, outcome, staging / "work", kept)
                case wire.Failed():
                    self._fail(job, outcome.error.error(), outcome.seconds, outcome.peak_memory)
                    if outcome.poisoned:
                        self._end_worker("The device needs a fresh worker.")
                case wire.Stopped():
                    self._house.emit(JobChanged(self._house.queue.job(job.id)))
                case wire.Converted():
                    raise AssertionError("a job is no conversion")
        finally:
            shutil.rmtree(staging, ignore_errors=True)
            with contextlib.suppress(OSError):
                kept.rmdir()  # most jobs keep nothing

    def _request(self, job: Job, staging: Path, kept: Path) -> wire.RunJob:
        recipe, house = job.recipe, self._house
        if recipe.device not in house.catalog.devices:
            raise BadInput(
                tr("This computer has no device “{device}”.", device=recipe.device),
                tr("Choose another device: {devices}.", devices=", ".join(house.catalog.devices)),
            )
        choices = self._choices(recipe)
        self._needs = choices[0].memory if choices[0].plan.device == "cpu" else choices[0].host_memory
        return wire.RunJob(
            job=job.id,
            recipe=recipe,
            inputs={name: self._input(digest) for name, digest in recipe.inputs.items()},
            models={field: house.models.path(use.digest) for field, use in recipe.models.items()},
            staging=staging,
            kept=kept,
            language=words.language(),
            choices=choices,
        )

    def _choices(self, recipe: Recipe) -> tuple[Choice, ...]:
        """How the job may be computed. Where memory is short for the best, an idle worker beside goes."""
        beside = self.beside
        try:
            found = self._admit(recipe)
        except OutOfMemory:
            if beside is None or not beside.give_room():
                raise
            return self._admit(recipe)
        free = machine_memory(self._house.catalog, self._host.pid)["cpu"].free
        is_tight = bool(found[0].reason) or found[0].memory > free
        if is_tight and beside is not None and beside.give_room():
            found = self._admit(recipe)
        return found

    def _admit(self, recipe: Recipe) -> tuple[Choice, ...]:
        house = self._house
        return admit(
            recipe,
            catalog=house.catalog,
            models=house.models,
            history=house.history,
            project=house.project,
            calibration=load_calibration(paths.data_folder()),
            worker=self._host.pid,
        )

    def _input(self, digest: str) -> Path:
        try:
            return self._house.project.blob_path(digest)
        except MissingBlob as error:
            raise MissingBlob(
                tr("The file of “{digest}” is missing in this project.", digest=digest),
                tr("Drop the file on the project again, then try again."),
                error.detail,
            ) from error

    def _hear(self, message: wire.Told, staging: Path) -> None:
        match message:
            case wire.Progress():
                left = self._time_left.tell(message.fraction, self._watch.seconds)
                self._house.emit(JobProgress(message.job, message.fraction, message.message, left))
            case wire.Text():
                self._house.emit(JobText(message.job, message.draft, message.text))
            case wire.Numbers():
                self._house.emit(JobNumbers(message.job, message.numbers))
            case wire.Planned():
                self._house.emit(JobPlanned(message.job, message.choice))
            case wire.Preview():
                with contextlib.suppress(OSError):
                    path = staging / message.file
                    if path.stat().st_size <= PREVIEW_BYTES and not path.is_symlink():
                        self._house.emit(JobPreview(message.job, path.read_bytes()))

    def _line(self, line: str) -> None:
        """On the thread that reads the worker's stderr."""
        job = self._job
        if job is None:
            log.info("worker %s: %s", self.device, line)
            return
        self._house.logs.add(job.id, line)
        self._house.emit(JobLog(job.id, line))

    def _expected(self, job: Job) -> float | None:
        work = self._work_of(job)
        cost = self._house.history.expected(work) if work is not None else None
        return cost.seconds if cost is not None else None

    def _work_of(self, job: Job) -> Work | None:
        """None where its generator is no longer there."""
        generator = self._house.catalog.generators.get(job.recipe.generator)
        return work_of_recipe(self._house.project, generator, job.recipe) if generator is not None else None

    def _time_of(self, job: Job, work: Work | None) -> TimeLeft:
        if work is None:
            return TimeLeft()
        generator = self._house.catalog.generators[work.generator]
        return self._house.history.time_left(work, ends_early=generator.kind == Kind.TEXT)

    def _complete(self, job: Job, done: wire.Done, work: Path, kept: Path) -> None:
        house = self._house
        made = [NewArtifact(artifact.path, artifact.kind, artifact.name) for artifact in done.artifacts]
        for artifact in made:
            check_artifact(artifact, work)
        generator = house.catalog.generators.get(job.recipe.generator)
        items = house.queue.complete(
            job.id,
            made,
            env=done.env,
            seconds=done.seconds,
            peak_memory=done.peak_memory,
            first_input=generator.inputs[0].name if generator and generator.inputs else None,
        )
        shutil.rmtree(kept, ignore_errors=True)
        house.logs.add(job.id, f"— done in {done.seconds:.2f} s, at most {done.peak_memory / 1e6:.0f} MB")
        if items:
            house.emit(ItemsAdded(tuple(items), job.id))
        if generator is not None:
            work_done = work_of_recipe(house.project, generator, job.recipe)
            house.history.add(work_done, done.seconds, done.peak_memory)
            if (pace := self._time_left.pace(self._watch.seconds)) is not None:
                house.history.add_pace(work_done, pace)
        house.emit(JobChanged(house.queue.job(job.id)))
        if done.loaded or not self._baseline:
            self._baseline = done.memory
        grown = done.memory > max(self._baseline * RECYCLE_GROWTH, self._baseline + RECYCLE_BYTES)
        if grown or self._host.jobs >= RECYCLE_JOBS:
            self._end_worker("Replaced by a fresh one.")
            self._warm = True

    def _bury(self, job: Job, error: StudioError) -> None:
        """The worker died under the job."""
        self._tell_worker("stopped", str(error))
        self._warm = True
        if self._stopping or self._host.was_killed:  # by us, and not for what the job does
            self._requeue(job)
            return
        if isinstance(error, Killed) and self._house.queue.may_go_on(
            job
        ):  # from outside, without a crash of its own
            self._house.logs.add(job.id, "— the worker was killed; the job is taken up again")
            self._requeue(job, counts=True)
            return
        self._fail(job, error)

    def _requeue(self, job: Job, *, counts: bool = False) -> None:
        self._house.emit(JobChanged(self._house.queue.requeue(job.id, counts=counts)))

    def _fail(
        self, job: Job, error: StudioError, seconds: float | None = None, peak_memory: int | None = None
    ) -> None:
        try:
            error.message = self._house.queue.in_names(error.message, job.recipe)
            error.hint = self._house.queue.in_names(error.hint, job.recipe)
            self._house.logs.add(job.id, f"— failed: {error}\n{error.detail}".rstrip())
            now = self._house.queue.fail(job.id, error, seconds=seconds, peak_memory=peak_memory)
        except StudioError:
            self._unsaved.append((job.id, error))
            now = replace(job, state=JobState.FAILED, error=error, finished=time.time())
        self._house.emit(JobChanged(now))

    def _save_failures(self) -> None:
        """What could not be written when it happened (the disk was full) is written before anything new."""
        while self._unsaved:
            self._house.emit(JobChanged(self._house.queue.fail(*self._unsaved[0])))
            self._unsaved.pop(0)


def _defect(error: Exception) -> StudioError:
    return StudioError(
        tr("The studio itself failed here ({type}). Your project is safe.", type=type(error).__name__),
        tr("Try again. If it happens again, report it with “Copy diagnostics”."),
        "".join(traceback.format_exception(error)),
    )
