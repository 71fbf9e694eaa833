"""A log file per job, in the log folder."""

from __future__ import annotations

import contextlib
import threading
from pathlib import Path
from typing import TextIO

KEEP = 300


class JobLogs:
    """Files `<job>.log`; the oldest go when there are too many. Usable from several threads."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self._open: dict[str, TextIO] = {}

    def begin(self, job_id: str) -> None:
        """A retried job's log goes on in the same file."""
        with self._lock:
            self._folder.mkdir(parents=True, exist_ok=True)
            self._tidy()
            self._open[job_id] = self._path(job_id).open("a", encoding="utf-8", buffering=1)

    def add(self, job_id: str, line: str) -> None:
        with self._lock:
            file = self._open.get(job_id)
            if file is not None:
                with contextlib.suppress(OSError):  # a full disk must not take the job with it
                    file.write(f"{line}\n")

    def end(self, job_id: str) -> None:
        with self._lock, contextlib.suppress(OSError):
            file = self._open.pop(job_id, None)
            if file is not None:  # it could not begin
                file.close()

    def read(self, job_id: str) -> str:
        """Empty where the job never ran, or so long ago that its log is gone."""
        try:
            return self._path(job_id).read_text(encoding="utf-8")
        except FileNotFoundError:
            return ""

    def _path(self, job_id: str) -> Path:
        return self._folder / f"{job_id}.log"

    def _tidy(self) -> None:
        """Another window or program may do the same at this moment."""
        files = []
        for file in self._folder.glob("*.log"):
            with contextlib.suppress(FileNotFoundError):
                files.append((file.stat().st_mtime, file))
        files.sort()
        for _, file in files[: max(0, len(files) - KEEP)]:
            file.unlink(missing_ok=True)
