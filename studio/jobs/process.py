"""What a worker process does to itself before anything is imported into it, and what it can say of itself."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import sys
import threading
from pathlib import Path
from types import TracebackType

ENVIRONMENT = {
    "OMP_WAIT_POLICY": "passive",  # OpenMP's spinning makes torch 3.5 times slower beside one busy process
    "ORT_DISABLE_TELEMETRY": "1",
    "HF_HUB_OFFLINE": "1",
    "TRANSFORMERS_OFFLINE": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "DO_NOT_TRACK": "1",
}
"""Must be set before torch, onnxruntime or huggingface_hub are imported: none may go online or spin."""

END_OF_JOB = "\x1e end of job "
"""Starts the line on stderr that ends a job's part of it, followed by the job's id."""

NICE, NICE_BESIDE = 10, 5
"""By how much a worker lets others go first; and one for short work, which takes three times the share of the
processor that the long work beside it gets."""

_OOM_SCORE = 800
_PR_SET_PDEATHSIG = 1
_SAMPLE_SECONDS = 0.1
_STATUS = Path("/proc/self/status")


def settle(nice: int = NICE) -> None:
    """Makes this process a polite child: it yields the processor, is the first to go when memory runs out,
    and goes when its parent's thread goes (Linux; elsewhere the closed pipe tells it)."""
    os.environ.update(ENVIRONMENT)
    if sys.platform == "win32":
        import psutil

        psutil.Process().nice(psutil.BELOW_NORMAL_PRIORITY_CLASS)
        return
    import resource

    os.nice(nice)
    resource.setrlimit(
        resource.RLIMIT_CORE, (0, 0)
    )  # writing gigabytes of core would delay the news of a crash
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        with contextlib.suppress(OSError):  # a container may forbid it
            Path("/proc/self/oom_score_adj").write_text(str(_OOM_SCORE))


def end_at_once() -> None:
    """Ends this process and, where it leads its own group, every child that a plugin started."""
    if hasattr(os, "killpg") and os.getpgrp() == os.getpid():
        os.killpg(0, signal.SIGKILL)
    os._exit(0)


def take_standard_streams() -> tuple[int, int]:
    """Private descriptors for the protocol (read, write), which children do not inherit. After it, what
    anybody prints goes to stderr, and who reads stdin gets nothing."""
    requests, answers = os.dup(0), os.dup(1)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    return requests, answers


def memory() -> int:
    """Bytes that this process holds now."""
    import psutil

    return int(psutil.Process().memory_info().rss)


class PeakMemory:
    """Measures the most memory (bytes) that this process held inside a `with` block.

    Linux keeps the high-water mark itself and lets us reset it; elsewhere it is sampled ten times a second.
    """

    def __enter__(self) -> PeakMemory:
        self._peak = 0
        self._over = threading.Event()
        self._sampler: threading.Thread | None = None
        try:
            Path("/proc/self/clear_refs").write_text("5")
        except OSError:
            self._sampler = threading.Thread(target=self._sample, daemon=True)
            self._sampler.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()

    @property
    def bytes(self) -> int:
        if self._sampler is not None:
            return max(self._peak, memory())
        with _STATUS.open() as lines:
            return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM:"))

    def _sample(self) -> None:
        while True:
            self._peak = max(self._peak, memory())
            if self._over.wait(_SAMPLE_SECONDS):
                return
