"""What the window's parts share: made by the composition root, passed to each of them."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from studio import settings
from studio.errors import StudioError
from studio.ui.bridge import Bridge
from studio.ui.tasks import Task, Tasks

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from studio.jobs.runner import Runner
    from studio.models.store import ModelStore
    from studio.plugins.catalog import Catalog
    from studio.project.store import Project
    from studio.ui.dialogs import ErrorDialog

log = logging.getLogger(__name__)


class Desk:
    """The open project with its runner, the settings, the plugins as data; how to tell the user."""

    def __init__(self, bridge: Bridge, config: Path, models: ModelStore) -> None:
        self.bridge = bridge
        self.tasks = Tasks(bridge, self.report)
        self.models = models
        self.settings, self.notice = settings.load(config)
        self.catalog: Catalog | None = None
        self.project: Project | None = None
        self.runner: Runner | None = None
        self.window: QWidget | None = None
        self._config = config
        self._dialog: ErrorDialog | None = None

    def change_settings(self, section: str, **values: Any) -> None:
        """Changes a few settings of one section and writes them down."""
        changed = getattr(self.settings, section).model_copy(update=values)
        self.settings = self.settings.model_copy(update={section: changed})
        try:
            settings.save(self.settings, self._config)
        except OSError as error:
            log.warning("The settings could not be saved: %s", error)

    def report(self, error: BaseException) -> None:
        """Shows an error: one dialog at a time; what fails while one is open goes to the log."""
        if isinstance(error, StudioError):
            log.warning("%s %s", error.code, error)
        else:
            log.error("Unexpected", exc_info=error)
        if self._dialog is None:
            from studio.ui.dialogs import ErrorDialog

            self._dialog = ErrorDialog(self.window, error, lambda text: diagnostics(text, self.catalog))
            self._dialog.finished.connect(self._forget_dialog)
            self._dialog.open()

    def start_with_progress(
        self,
        title: str,
        work: Callable[[Task], Any],
        done: Callable[[Any], None],
        failed: Callable[[BaseException], None] | None = None,
    ) -> Task:
        """Like `Tasks.start`, with a dialog that shows how far it is and can cancel it."""
        from studio.ui.dialogs import ProgressDialog

        task = self.tasks.start(title, work, done, failed)
        dialog = ProgressDialog(self.window, task)
        self.bridge.listen(dialog.on_event)
        dialog.finished.connect(lambda _: self.bridge.unlisten(dialog.on_event))
        dialog.open()
        return task

    def quit(self) -> None:
        if self.window is not None:
            self.window.close()

    def _forget_dialog(self) -> None:
        self._dialog = None


def diagnostics(text: str, catalog: Catalog | None) -> str:
    """What "Copy diagnostics" copies: the error, if there is one, then versions and the end of the log."""
    from studio.log import diagnostics as collect

    return f"{text}\n\n{collect(catalog)}".strip()
