"""What another process asks of the one that runs a project's queue: to cancel jobs.

A request is a file in the project's `tmp`, which is emptied whenever a studio opens the project: nothing that
was asked of one is done by the next.
"""

from __future__ import annotations

import contextlib
import logging
import threading
import time
import uuid
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec

from studio.errors import StudioError
from studio.project.files import write_atomically

LOOK_SECONDS = 0.5
ANSWER_SECONDS = 15.0
_PATTERN = "cancel-*.json"

log = logging.getLogger(__name__)


class Asked:
    """Looks for requests as long as a runner runs."""

    def __init__(self, folder: Path, cancel: Callable[[Sequence[str]], object]) -> None:
        self._requests = folder / "tmp"
        self._cancel = cancel
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._main, name="asked by others", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._over.set()
        if self._thread.is_alive():
            self._thread.join()

    def _main(self) -> None:
        while not self._over.wait(LOOK_SECONDS):
            with contextlib.suppress(OSError):  # the project's disk is gone: whoever uses it says so
                for file in self._requests.glob(_PATTERN):
                    self._answer(file)

    def _answer(self, file: Path) -> None:
        try:
            ids = msgspec.json.decode(file.read_bytes(), type=list[str])
            self._cancel(ids)
        except (msgspec.DecodeError, StudioError):
            log.exception("What another program asked for cannot be done")
        file.unlink()


def ask_to_cancel(folder: Path, ids: Sequence[str], seconds: float = ANSWER_SECONDS) -> bool:
    """Has the studio that has the project open cancel these jobs; whether it answered in time.

    Raises DiskFull or StudioError: the request cannot be written.
    """
    file = folder / "tmp" / f"cancel-{uuid.uuid4().hex}.json"
    write_atomically(file, msgspec.json.encode(list(ids)))
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if not file.exists():
            return True
        time.sleep(LOOK_SECONDS / 10)
    file.unlink(missing_ok=True)
    return False
