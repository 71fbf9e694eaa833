"""The studio's side of one service process: starts it, speaks with it, ends it."""

from __future__ import annotations

import contextlib
import logging
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

from studio import words
from studio.jobs.logs import LineReader
from studio.service import wire

log = logging.getLogger(__name__)

_LAST_WORDS_SECONDS = 0.5
_STOP_SECONDS = 1.0


class ServiceHost:
    """One service process. On Linux it dies with the *thread* that started it."""

    def __init__(self, on_message: Callable[[wire.FromChild], None], on_end: Callable[[], None]) -> None:
        """Starts the process. Raises OSError.

        `on_message` gets what it says and `on_end` is called once after its last word, on a thread of this
        object.
        """
        self._on_message = on_message
        self._on_end = on_end
        self._process = subprocess.Popen(
            # -P: the folder that the studio was started in is no place to import from;
            # -u: what a plugin prints is in the log at once
            [sys.executable, "-P", "-u", "-m", "studio.service.child"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={
                **os.environ,
                words.ENVIRONMENT: words.language(),
                # glibc keeps an arena for each thread otherwise, and what was decoded stays in them
                "MALLOC_ARENA_MAX": "2",
                "OMP_NUM_THREADS": "1",
                "OPENBLAS_NUM_THREADS": "1",
            },
            start_new_session=True,
        )
        assert self._process.stderr is not None
        self._lines = LineReader(self._process.stderr.fileno(), log.info, lambda job: None)
        self._threads = [
            threading.Thread(target=self._read, daemon=True, name="service answers"),
            threading.Thread(target=self._lines.run, daemon=True, name="service log"),
        ]
        for thread in self._threads:
            thread.start()

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    @property
    def last_words(self) -> str:
        """What it printed last: of a process that has ended, the story of its end."""
        return "\n".join(self._lines.tail)

    def memory(self) -> int:
        """Bytes that it holds now; 0 if it has ended."""
        with contextlib.suppress(OSError, ValueError, IndexError):
            pages = Path(f"/proc/{self.pid}/statm").read_text().split()[1]
            return int(pages) * os.sysconf("SC_PAGE_SIZE")
        import psutil  # 10 ms, which the window need not wait for

        try:
            return int(psutil.Process(self.pid).memory_info().rss)
        except psutil.Error:
            return 0

    def send(self, message: wire.ToChild) -> None:
        """Nothing happens where it has ended: `on_end` tells."""
        assert self._process.stdin is not None
        with contextlib.suppress(OSError, ValueError):
            self._process.stdin.write(wire.encode(message))
            self._process.stdin.flush()

    def end(self, *, at_once: bool = False) -> int:
        """Ends it with all of its children and gives its exit code: politely if it listens."""
        process = self._process
        assert process.stdin is not None
        with contextlib.suppress(OSError):
            process.stdin.close()
        if not at_once:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(_STOP_SECONDS)
        if hasattr(os, "killpg"):
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
        code = process.wait()
        for thread, stream in zip(self._threads, (process.stdout, process.stderr), strict=True):
            thread.join(_LAST_WORDS_SECONDS)
            if not thread.is_alive() and stream is not None:
                stream.close()
        return code

    def _read(self) -> None:
        assert self._process.stdout is not None
        try:
            while line := self._process.stdout.readline(wire.MAX_LINE + 1):
                self._on_message(wire.from_child(line))
        except (wire.WireError, OSError, ValueError):
            pass
        self._on_end()
