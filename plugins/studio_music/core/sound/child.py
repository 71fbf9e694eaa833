"""A process of ours that works for the window: it is told messages, and answers with messages (`messages`).

It ends with the program that began it: its input ends then.
"""

from __future__ import annotations

import os
import queue
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import studio_music
from studio_music.core.sound.messages import Message, pack, read

__all__ = ["Child"]

_END_SECONDS = 2.0


class Child:
    """Begins the process; what it is told waits until it listens. Every method returns at once."""

    def __init__(
        self,
        module: str,
        arguments: Sequence[str],
        on_message: Callable[[Message], object],
        on_end: Callable[[str], object],
        *,
        low: bool = False,
    ) -> None:
        """
        Args:
            on_message: called from a thread of its own, as `on_end` is; neither is after `close`.
            on_end: the process has ended by itself; its last words are handed over.
            low: on Windows, others go before it. Elsewhere it has to see to that by itself.
        """
        self._command = [sys.executable, "-P", "-m", module, *arguments]
        self._on_message, self._on_end, self._low = on_message, on_end, low
        self._wishes: queue.SimpleQueue[Callable[[], Message] | None] = queue.SimpleQueue()
        self._closed = False
        self._process: subprocess.Popen[bytes] | None = None
        threading.Thread(target=self._run, daemon=True, name=module).start()

    def tell(self, make: Callable[[], Message]) -> None:
        """Tells it a message, which is made on a thread of its own: packing a song takes a while."""
        self._wishes.put(make)

    def close(self) -> None:
        """Ends the process."""
        self._closed = True
        self._wishes.put(None)

    # In threads of their own ----------------------------------------------------------------------------

    def _run(self) -> None:
        """Starts the process, and hands it what it is told."""
        with tempfile.TemporaryFile() as said:
            try:
                process = self._process = self._start(said)
            except OSError as error:
                self._end(str(error))
                return
            answers = threading.Thread(target=self._read, args=(process, said), daemon=True)
            answers.start()
            assert process.stdin is not None
            try:
                while (make := self._wishes.get()) is not None:
                    process.stdin.write(pack(make()))
                    process.stdin.flush()
                process.stdin.close()
            except OSError:
                pass  # it has died; the other thread says so
            try:
                process.wait(_END_SECONDS if self._closed else None)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            answers.join(_END_SECONDS)

    def _start(self, said: Any) -> subprocess.Popen[bytes]:
        package = str(Path(studio_music.__file__).parents[1])
        paths = [package, *filter(None, sys.path)]
        flags = getattr(subprocess, "CREATE_NO_WINDOW", 0)
        if self._low:
            flags |= getattr(subprocess, "BELOW_NORMAL_PRIORITY_CLASS", 0)
        return subprocess.Popen(
            self._command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=said,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(dict.fromkeys(paths)), "OMP_NUM_THREADS": "1"},
            start_new_session=True,
            creationflags=flags,
        )

    def _read(self, process: subprocess.Popen[bytes], said: Any) -> None:
        answers: Any = process.stdout
        try:
            while (message := read(answers)) is not None:
                if not self._closed:
                    self._on_message(message)
        except (ValueError, KeyError, TypeError, OSError):
            process.kill()
        process.wait()
        said.seek(max(0, said.seek(0, 2) - 4000))
        self._end(said.read().decode(errors="replace"))
        self._wishes.put(None)

    def _end(self, detail: str) -> None:
        if not self._closed:
            self._on_end(detail)
