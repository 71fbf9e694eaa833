"""Files at which a service process died, so that they are not tried again."""

from __future__ import annotations

import logging
import threading
from pathlib import Path

import msgspec

from studio import user_files

FILE = "thumbnail-deaths.json"
MOST = 2000
"""The oldest are forgotten."""
_MAX_BYTES = 1024 * 1024

log = logging.getLogger(__name__)


class Death(msgspec.Struct, frozen=True):
    """A file, by its digest, and who read it. Another version of the plugin may try again."""

    digest: str
    plugin: str
    """"studio" for a stock kind."""
    version: str


class Deaths:
    """The remembered ones, kept in a file of the cache folder."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / FILE
        self._lock = threading.Lock()
        self._known: dict[Death, None] | None = None

    def __contains__(self, death: Death) -> bool:
        with self._lock:
            return death in self._read()

    def add(self, death: Death) -> None:
        with self._lock:
            known = self._read()
            known[death] = None
            for oldest in [*known][:-MOST]:
                del known[oldest]
            try:
                user_files.write(self._path, msgspec.json.encode([*known]))
            except OSError as error:
                log.warning("The files that end the service are not kept: %s", error)

    def _read(self) -> dict[Death, None]:
        if self._known is None:
            try:
                data = user_files.read(self._path, _MAX_BYTES)
                self._known = dict.fromkeys(msgspec.json.decode(data, type=list[Death]))
            except (OSError, msgspec.DecodeError, UnicodeDecodeError, RecursionError):
                self._known = {}
        return self._known
