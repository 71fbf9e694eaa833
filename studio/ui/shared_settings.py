"""The settings that all windows of the program share, and the news of their changes."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal

from studio import settings

log = logging.getLogger(__name__)


class SharedSettings(QObject):
    """`values` is replaced as a whole with every change; it is written down at once."""

    changed = Signal(str)
    """The section in which a value is another one now."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self._folder = folder
        self.values, self.notice = settings.load(folder)

    def change(self, section: str, **values: Any) -> None:
        """Changes a few settings of one section. In "keys", None takes an entry away."""
        fresh = self.values.with_section(section, values)
        if fresh == self.values:
            return
        self.values = fresh
        try:
            settings.save(fresh, self._folder)
        except OSError as error:
            log.warning("The settings could not be saved: %s", error)
        self.changed.emit(section)

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
