"""The settings that all windows of the program share, and the news of their changes."""

from __future__ import annotations

import logging
import threading
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal

from studio import settings
from studio.settings import Settings

log = logging.getLogger(__name__)


class SharedSettings(QObject):
    """`values` is replaced as a whole with every change, and written down by a thread: a busy disk may take
    half a second for it. Call `finish` before the file is read again.
    """

    changed = Signal(str)
    """The section in which a value is another one now."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self._folder = folder
        self.values, self.notice = settings.load(folder)
        self._lock = threading.Lock()
        self._unsaved: Settings | None = None
        self._writing: threading.Thread | None = None

    def change(self, section: str, **values: Any) -> None:
        """Changes a few settings of one section. In "keys" and "plugins", None takes an entry away."""
        fresh = self.values.with_section(section, values)
        if fresh == self.values:
            return
        self.values = fresh
        with self._lock:
            self._unsaved = fresh
            if self._writing is None:  # not a daemon: the program ends after it
                self._writing = threading.Thread(target=self._write, name="settings")
                self._writing.start()
        self.changed.emit(section)

    def set(self, name: str, value: Any) -> None:
        """Sets one value by its name in the form of the preferences (`studio.settings.schema`)."""
        section, field, *entry = name.split(".")
        if entry:
            value = {**getattr(getattr(self.values, section), field), entry[0]: value}
        self.change(section, **{field: value})

    def change_plugin(self, plugin: str, key: str, value: Any) -> None:
        """Sets one value of a plugin."""
        self.change("plugins", **{plugin: {**self.values.plugins.get(plugin, {}), key: value}})

    def finish(self) -> None:
        """Waits until all is written down."""
        with self._lock:
            writing = self._writing
        if writing is not None:
            writing.join()

    def _write(self) -> None:
        while True:
            with self._lock:
                fresh, self._unsaved = self._unsaved, None
                if fresh is None:
                    self._writing = None
                    return
            try:
                settings.save(fresh, self._folder)
            except OSError as error:
                log.warning("The settings could not be saved: %s", error)

    # Recent projects ---------------------------------------------------------------------------------------

    def pin(self, folder: Path, on: bool) -> None:
        """Keeps a project at the front of the recent ones, or no longer."""
        self.change("projects", pinned=self.values.projects.with_pin(folder, on=on).pinned)

    def forget(self, folder: Path) -> None:
        """Takes a project off the recent ones, pinned or not."""
        kept = self.values.projects.forgotten(folder)
        self.change("projects", recent=kept.recent, times=kept.times, pinned=kept.pinned)

    def forget_all(self) -> None:
        """Takes all off the recent ones but those that are pinned."""
        kept = self.values.projects.cleared()
        self.change("projects", recent=kept.recent, times=kept.times)
