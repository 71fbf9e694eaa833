"""What the command line says: results on stdout, everything else on stderr."""

from __future__ import annotations

import io
import json
import shutil
import sys
import threading
import time
from typing import Any, TextIO

from studio.core.terminal import printable

LOG = "command-line.log"
"""What goes wrong is written there, in the log folder: the window has a file of its own."""

_REDRAW_SECONDS = 0.1


class Console:
    """With `as_json` stdout gets exactly one JSON document; else it gets text for people.

    The progress bar is drawn on `stderr`, where that is a terminal. Any thread may call.
    """

    def __init__(self, *, as_json: bool, stdout: TextIO | None = None, stderr: TextIO | None = None) -> None:
        self.as_json = as_json
        self._out = stdout or sys.stdout
        self._err = stderr or sys.stderr
        for stream in (self._out, self._err):
            if isinstance(stream, io.TextIOWrapper):
                # What the encoding lacks, or what is no text (a file's name), is escaped.
                stream.reconfigure(errors="backslashreplace")
        self._lock = threading.Lock()
        self._drawn = 0.0
        self._bar = False
        self.interactive = self._err.isatty()

    def result(self, document: dict[str, Any], text: str) -> None:
        """The outcome, in the form that was asked for."""
        with self._lock:
            self._clear()
            shown = json.dumps(document, allow_nan=False) if self.as_json else printable(text)
            print(shown, file=self._out, flush=True)

    def note(self, text: str) -> None:
        """Something to know meanwhile."""
        with self._lock:
            self._clear()
            print(printable(text), file=self._err, flush=True)

    def progress(self, fraction: float, text: str) -> None:
        """Redraws the bar, at most ten times a second. `fraction` is 0 to 1."""
        with self._lock:
            now = time.monotonic()
            if not self.interactive or (now - self._drawn < _REDRAW_SECONDS and fraction < 1):
                return
            self._drawn = now
            self._bar = True
            columns = shutil.get_terminal_size().columns
            done = round(20 * fraction)
            line = f"[{'#' * done}{'-' * (20 - done)}] {fraction:4.0%}  {printable(text)}"
            self._err.write("\r" + line[: columns - 1] + "\x1b[K")
            self._err.flush()

    def end_progress(self) -> None:
        with self._lock:
            self._clear()

    def _clear(self) -> None:
        if self._bar:
            self._bar = False
            self._err.write("\r\x1b[K")
            self._err.flush()


def duration(seconds: float) -> str:
    """0:07, 12:30, 1:02:03."""
    whole = round(seconds)
    hours, minutes = whole // 3600, whole // 60 % 60
    return f"{hours}:{minutes:02}:{whole % 60:02}" if hours else f"{minutes}:{whole % 60:02}"
