"""The shell's side of a worker: starts it, speaks with it, and knows what its death means."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Literal

from studio import words
from studio.errors import OutOfMemory, StudioError, WorkerDied
from studio.jobs import wire
from studio.jobs.logs import LineReader
from studio.jobs.process import NICE
from studio.words import mark, tr

START_SECONDS = 60.0
CANCEL_SECONDS = 5.0
TERMINATE_SECONDS = 2.0
_TICK = 0.1
_LAST_WORDS_SECONDS = 0.5
_SIGNALS = {
    "SIGSEGV": mark("segmentation fault"),
    "SIGABRT": mark("abort"),
    "SIGBUS": mark("bus error"),
    "SIGFPE": "arithmetic error",
    "SIGILL": "illegal instruction",
    "SIGTERM": "it was asked to end",
}
_WINDOWS_ENDS = {0xC0000005: "segmentation fault", 0xC0000409: "abort", 0xC00000FD: "stack overflow"}

What = Literal["cancel", "pause", "resume"]
OnMessage = Callable[[wire.FromWorker], None]
OnTold = Callable[[wire.Told], None]


class Killed(WorkerDied):
    """By somebody else, with SIGKILL: the job itself may be fine."""


class Silent(Exception):
    """The worker said nothing for too long."""


class _Closed:
    """The worker's end of the protocol is closed, or talks nonsense (`why`)."""

    def __init__(self, why: str = "") -> None:
        self.why = why


class WorkerHost:
    """One worker process. `start`, `run`, `describe` and `stop` are for one thread, `ask` and `kill` for any.

    On Linux the worker dies with the *thread* that started it.
    """

    def __init__(
        self,
        *,
        on_line: Callable[[str], None],
        environment: Mapping[str, str] | None = None,
        nice: int = NICE,
        cancel_seconds: float = CANCEL_SECONDS,
        terminate_seconds: float = TERMINATE_SECONDS,
    ) -> None:
        self._on_line = on_line
        self._environment = environment
        self._nice = nice
        self._cancel_seconds = cancel_seconds
        self._terminate_seconds = terminate_seconds
        self._process: subprocess.Popen[bytes] | None = None
        self._messages: SimpleQueue[wire.FromWorker | _Closed] = SimpleQueue()
        self._ended = threading.Condition()
        self._ended_jobs: set[str] = set()
        self._sending = threading.Lock()
        self._controlling = threading.Lock()
        self._asked: dict[str, list[What]] = {}
        self._job: str | None = None
        self._deadline: float | None = None
        self._killed = False
        self._oom_kills = 0
        self.jobs = 0
        """How many jobs this process was given."""

    @property
    def alive(self) -> bool:
        return self._process is not None and self._process.poll() is None

    @property
    def was_killed(self) -> bool:
        """By `kill`."""
        return self._killed

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    # --- life -----------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Starts the process and waits until it listens. Raises `WorkerDied`."""
        self._oom_kills = _oom_kills()
        try:
            self._process = subprocess.Popen(
                # -P: the folder that the studio was started in is no place to import from;
                # -u: what a plugin prints is in the log at once, and not after the job
                [sys.executable, "-P", "-u", "-m", "studio.jobs.worker", str(self._nice)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                env={**os.environ, words.ENVIRONMENT: words.language(), **(self._environment or {})},
                start_new_session=True,
            )
        except OSError as error:
            raise WorkerDied(
                tr("The worker cannot be started ({reason}).", reason=error.strerror),
                tr("Close other programs and try again."),
            ) from error
        assert self._process.stdout is not None and self._process.stderr is not None
        self._reader = LineReader(self._process.stderr.fileno(), self._on_line, self._on_end)
        self._stdout = threading.Thread(target=self._read, daemon=True, name="worker answers")
        self._stdout.start()
        self._stderr = threading.Thread(target=self._reader.run, daemon=True, name="worker log")
        self._stderr.start()
        try:
            ready = self._next(time.monotonic() + START_SECONDS)
        except Silent:
            self.stop()
            raise WorkerDied(
                tr("The worker did not start in time."), tr("Try again, or restart the computer.")
            ) from None
        if not isinstance(ready, wire.Ready) or ready.protocol != wire.PROTOCOL:
            self.stop()
            raise WorkerDied(
                tr("The worker is of another version."), tr("Restart the studio, or install it again.")
            )

    def stop(self) -> None:
        """Ends the process: politely where it listens, and with all of its children."""
        process = self._process
        if process is None:
            return
        assert process.stdin is not None
        with contextlib.suppress(OSError):
            process.stdin.close()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(self._terminate_seconds)
        self._kill_group()
        process.wait()
        for thread, stream in ((self._stdout, process.stdout), (self._stderr, process.stderr)):
            thread.join(_LAST_WORDS_SECONDS)
            if not thread.is_alive() and stream is not None:
                stream.close()
        self._process = None

    def kill(self) -> None:
        """Ends the process at once, from any thread; `run` then raises `WorkerDied`."""
        self._killed = True
        self._kill_group()

    def _kill_group(self) -> None:
        process = self._process
        if process is None:
            return
        if hasattr(os, "killpg"):
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()

    # --- work -----------------------------------------------------------------------------------------------

    def run(self, request: wire.RunJob | wire.Convert, on_message: OnTold) -> wire.Outcome:
        """Runs one job or conversion. `on_message` gets what it tells on its way, on this thread.

        Raises:
            WorkerDied, OutOfMemory: the process ended, and how. `detail` holds its last words.
        """
        self._reader.new_job()
        self.jobs += 1
        try:
            self._send(request)
            with self._controlling:
                self._job = request.job
                for what in self._asked.get(request.job, ()):
                    self._control(what)
            while True:
                message = self._next(None)
                if isinstance(message, wire.Outcome) and message.job == request.job:
                    self._wait_for_log(request.job)
                    return message
                if isinstance(message, wire.Told) and message.job == request.job:
                    on_message(message)
        except StudioError:
            if "cancel" in self._asked.get(request.job, ()):
                return wire.Stopped(job=request.job)
            raise
        finally:
            with self._controlling:
                self._job = self._deadline = None
                self._asked.clear()

    def describe(self, skip: tuple[str, ...], on_message: OnMessage, *, seconds: float) -> None:
        """Has plugins described. Raises `Silent` if one step takes over `seconds`, and `WorkerDied`."""
        self._send(wire.Describe(skip=skip))
        while True:
            message = self._next(time.monotonic() + seconds)
            on_message(message)
            if isinstance(message, wire.AllDescribed):
                return

    def forget(self) -> None:
        """Drops what was asked about earlier jobs: one that is run again must not hear it."""
        with self._controlling:
            self._asked.clear()

    def ask(self, job: str, what: What) -> None:
        """Cancels, pauses or resumes the job that runs here or is about to.

        A job that is cancelled but goes on for 5 s has its process asked to end, and killed after 2 s more.
        """
        with self._controlling:
            self._asked.setdefault(job, []).append(what)
            if job == self._job:
                self._control(what)

    # --- within ---------------------------------------------------------------------------------------------

    def _control(self, what: What) -> None:
        assert self._job is not None
        if what == "cancel" and self._deadline is None:
            self._deadline = time.monotonic() + self._cancel_seconds
        with contextlib.suppress(StudioError):  # it is dying: `run` will say so
            self._send(wire.Control(job=self._job, what=what))

    def _wait_for_log(self, job: str) -> None:
        """Until all that the job has printed is read; not for long, as it may have closed its stderr."""
        with self._ended:
            self._ended.wait_for(lambda: job in self._ended_jobs, _LAST_WORDS_SECONDS)
            self._ended_jobs.clear()

    def _send(self, message: wire.ToWorker) -> None:
        assert self._process is not None and self._process.stdin is not None
        line = wire.encode(message)
        try:
            with self._sending:
                self._process.stdin.write(line)
                self._process.stdin.flush()
        except (OSError, ValueError):
            raise self._death() from None

    def _next(self, deadline: float | None) -> wire.FromWorker:
        """The next message. Raises `Silent` at the deadline, and `WorkerDied`."""
        while True:
            now = time.monotonic()
            self._escalate(now)
            try:
                message = self._messages.get(timeout=_TICK)
            except Empty:
                if not self.alive:
                    # It is dead although its pipe is open: a child that it forked holds the other end.
                    with contextlib.suppress(Empty):
                        message = self._messages.get(timeout=_LAST_WORDS_SECONDS)
                        if not isinstance(message, _Closed):
                            return message
                    raise self._death() from None
                if deadline is not None and now > deadline:
                    raise Silent from None
                continue
            if isinstance(message, _Closed):
                raise self._death(message.why)
            return message

    def _escalate(self, now: float) -> None:
        if self._deadline is None or now < self._deadline or self._process is None:
            return
        if now < self._deadline + self._terminate_seconds:
            self._process.terminate()
        else:
            self._kill_group()

    def _read(self) -> None:
        """Hands the protocol's lines over until it ends. Runs on its own thread."""
        assert self._process is not None and self._process.stdout is not None
        stream, messages = self._process.stdout, self._messages
        try:
            while line := stream.readline(wire.MAX_LINE + 1):
                messages.put(wire.from_worker(line))
            messages.put(_Closed())
        except wire.WireError as error:
            messages.put(_Closed(str(error)))

    def _on_end(self, job: str) -> None:
        with self._ended:
            self._ended_jobs.add(job)
            self._ended.notify_all()

    def _death(self, nonsense: str = "") -> StudioError:
        """Buries the process and says what it died of."""
        process = self._process
        assert process is not None
        if nonsense:
            self._kill_group()
        try:
            code = process.wait(_LAST_WORDS_SECONDS)
        except subprocess.TimeoutExpired:
            self._kill_group()
            process.wait()
            code, nonsense = 0, nonsense or "it closed its connection"
        self._kill_group()  # what it leaves behind
        self._stderr.join(_LAST_WORDS_SECONDS)
        detail = "\n".join(self._reader.tail)
        if nonsense:
            return WorkerDied(
                tr("The worker sent something that cannot be understood, and was ended."),
                tr("Try again. If it happens again, tell the plugin's author."),
                f"{nonsense}\n{detail}",
            )
        return self._obituary(code, detail)

    def _obituary(self, code: int, detail: str) -> StudioError:
        again = tr("Your project is safe. Try again; if it happens again, tell the plugin's author.")
        if code == -getattr(signal, "SIGKILL", 9) and not self._killed:
            if _oom_kills() > self._oom_kills:
                return OutOfMemory(
                    tr("The generator stopped: the computer ran out of memory and ended it."),
                    tr("Your project is safe. Use a smaller picture or model, or close other programs."),
                    detail,
                )
            return Killed(
                tr("The generator stopped unexpectedly: it was killed, most likely because memory ran out."),
                tr("Your project is safe. Use a smaller picture or model, or close other programs."),
                detail,
            )
        if code < 0:
            name = signal.Signals(-code).name
            reason = tr(_SIGNALS.get(name, name))
        else:
            named = _WINDOWS_ENDS.get(code, "")
            reason = tr(named) or tr("it ended itself with exit code {code}", code=code)
        return WorkerDied(tr("The generator stopped unexpectedly ({reason}).", reason=reason), again, detail)


def _oom_kills() -> int:
    """How often the kernel has ended a process for memory since it started; 0 if it cannot say."""
    try:
        text = Path("/proc/vmstat").read_text()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in text.splitlines() if line.startswith("oom_kill ")), 0)
