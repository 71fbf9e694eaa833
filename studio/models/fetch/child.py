"""Running a program that fetches, so that it can be ended at any moment."""

from __future__ import annotations

import contextlib
import os
import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from typing import IO

_TICK = 0.1
_END_SECONDS = 3.0


def run(
    command: Sequence[str],
    *,
    environment: Mapping[str, str],
    request: bytes = b"",
    on_line: Callable[[str], None],
    tick: Callable[[], None],
) -> tuple[int, str]:
    """Runs a command to its end. Returns its exit code and what it said on stderr.

    `on_line` gets each line of its stdout; `tick` is called ten times a second. Where one of them raises, the
    program is ended first.
    """
    options: dict[str, int | bool] = {}
    if sys.platform == "win32":
        options["creationflags"] = subprocess.CREATE_NO_WINDOW | subprocess.CREATE_NEW_PROCESS_GROUP
    else:
        options["start_new_session"] = True  # Ctrl-C is for us; we end it in order
    process = subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONUTF8": "1", **environment},
        **options,  # type: ignore[call-overload]
    )
    lines: queue.SimpleQueue[bytes] = queue.SimpleQueue()
    said: list[bytes] = []

    def read(stream: IO[bytes], take: Callable[[bytes], None]) -> None:
        with contextlib.suppress(OSError, ValueError):
            for line in stream:
                take(line)

    readers = [
        threading.Thread(target=read, args=(process.stdout, lines.put), daemon=True, name="fetch out"),
        threading.Thread(target=read, args=(process.stderr, said.append), daemon=True, name="fetch words"),
    ]
    for reader in readers:
        reader.start()

    def tell() -> None:
        while not lines.empty():
            on_line(lines.get().decode("utf-8", "replace"))

    try:
        with contextlib.suppress(OSError):  # it ended before it read what we want; its exit code tells
            process.stdin.write(request)
            process.stdin.close()
        while True:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(_TICK)
                break
            tell()
            tick()
        for reader in readers:
            reader.join(_END_SECONDS)  # what it started may still hold the pipe
        tell()
        return process.returncode, b"".join(said).decode("utf-8", "replace")
    finally:
        _end(process)
        for stream in (process.stdout, process.stderr):
            with contextlib.suppress(OSError, ValueError):
                stream.close()


def _end(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is not None:
        return
    for kill in (False, True):
        with contextlib.suppress(OSError):
            if sys.platform != "win32":
                os.killpg(process.pid, signal.SIGKILL if kill else signal.SIGTERM)
            elif kill:
                process.kill()
            else:
                process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(_END_SECONDS)
            return
