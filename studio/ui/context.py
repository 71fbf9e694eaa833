"""What the window's parts share: made by the composition root, passed to each of them."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from studio.core.kind import Kinds
from studio.errors import ProjectClosed, StudioError
from studio.plugins.media import Media
from studio.project.watch import watched
from studio.service.service import Service
from studio.ui.kit.bridge import Bridge
from studio.ui.kit.shared_settings import SharedSettings
from studio.ui.kit.tasks import Task, Tasks
from studio.words import language

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from studio.jobs.runner import Runner
    from studio.models.store import ModelStore
    from studio.plugins.catalog import Catalog
    from studio.project.edits import Edits
    from studio.project.store import Project
    from studio.settings import Settings
    from studio.ui.kit.dialogs import ErrorDialog
    from studio.ui.models.work import ModelWork

log = logging.getLogger(__name__)


class WindowContext:
    """The open project with its runner, the plugins as data, what all windows share; how to tell the user."""

    def __init__(
        self,
        bridge: Bridge,
        shared: SharedSettings,
        models: ModelStore,
        model_work: ModelWork,
        *,
        media: Media,
        service: Service,
    ) -> None:
        """
        Args:
            model_work: what all windows share of it.
            media: what the plugins' manifests say: kinds of items, rooms, formats.
            service: makes thumbnails, imports and exports in a process of its own.
        """
        self.bridge = bridge
        self.tasks = Tasks(bridge, self.report)
        self.models = models
        self.model_work = model_work
        self.shared = shared
        self.media = media
        self.kinds: Kinds = media.kinds
        self.service = service
        self.catalog: Catalog | None = None
        self.project: Project | None = None
        self.edits: Edits | None = None
        """The journal of the project's unfinished work; it stays while the project's folder is gone."""
        self.runner: Runner | None = None
        self.window: QWidget | None = None
        self.keeps_back: Callable[[BaseException], bool] = lambda _: False
        """Whether an error need not be shown now: it may be one of many that a pulled drive causes."""
        self._dialog: ErrorDialog | None = None

    @property
    def settings(self) -> Settings:
        return self.shared.values

    def change_settings(self, section: str, **values: Any) -> None:
        """Changes a few settings of one section and writes them down. In "keys", None takes an entry away."""
        self.shared.change(section, **values)

    def report(self, error: BaseException) -> None:
        """Shows an error: one dialog at a time; what fails while one is open goes to the log.

        That a project was closed under what was still at work on it is no news to who has closed it.
        """
        if isinstance(error, StudioError):
            log.warning("%s %s", error.code, error)
        else:
            log.error("Unexpected", exc_info=error)
        if not isinstance(error, ProjectClosed) and not self.keeps_back(error):
            self.show_error(error)

    def show_error(self, error: BaseException) -> None:
        """As `report` does, without asking whether it should be kept back."""
        if self._dialog is None:
            from studio.ui.kit.dialogs import ErrorDialog

            self._dialog = ErrorDialog(self.window, error, lambda text: diagnostics(text, self.catalog))
            self._dialog.finished.connect(self._forget_dialog)
            self._dialog.open()

    def start_with_progress(
        self,
        title: str,
        work: Callable[[Task], Any],
        done: Callable[[Any], None],
        failed: Callable[[BaseException], None] | None = None,
        *,
        stoppable: bool = True,
        takes_back: bool = False,
        stopped: Callable[[], object] = lambda: None,
    ) -> Task:
        """Like `Tasks.start`, with a dialog that shows how far it is and, where that makes sense, cancels it.

        What is not stoppable holds the window's hands still until it is done: it must not take long. What
        `takes_back` leaves nothing when it is stopped, and the dialog waits for that.
        """
        from studio.ui.kit.dialogs import ProgressDialog

        task = self.tasks.start(title, work, done, failed, stopped=stopped)
        dialog = ProgressDialog(self.window, task, stoppable=stoppable, takes_back=takes_back)
        listener = dialog.on_event
        self.bridge.listen(listener)
        dialog.finished.connect(lambda _: self.bridge.unlisten(listener))
        dialog.destroyed.connect(lambda: self.bridge.unlisten(listener))  # with a window built anew
        dialog.open()
        return task

    def start_watched(
        self,
        title: str,
        work: Callable[[], Any],
        done: Callable[[Any], None],
        failed: Callable[[BaseException], None] | None = None,
        stopped: Callable[[], object] = lambda: None,
    ) -> Task:
        """Like `start_with_progress`, for what a project does in one step (`studio.project.watch`): it shows
        how far that is, and stopping it takes the whole step back. `stopped` is called then.
        """

        def watch(task: Task) -> Any:
            with watched(task.progress):
                return work()

        return self.start_with_progress(title, watch, done, failed, takes_back=True, stopped=stopped)

    def take_dialog(self) -> BaseException | None:
        """The error that is being shown, whose dialog goes: for a window that takes another one's place."""
        if self._dialog is None:
            return None
        error = self._dialog.error
        self._dialog.close()
        self._dialog = None
        return error

    def quit(self) -> None:
        if self.window is not None:
            self.window.close()

    def _forget_dialog(self) -> None:
        self._dialog = None


def diagnostics(text: str, catalog: Catalog | None) -> str:
    """What "Copy diagnostics" copies: an error, if there is one, screens, versions, the log's end."""
    from PySide6.QtCore import qVersion
    from PySide6.QtGui import QGuiApplication

    from studio.log import diagnostics as collect

    screens = [
        f"{one.size().width()} x {one.size().height()} at {one.devicePixelRatio():g}"
        for one in QGuiApplication.screens()
    ]
    shown = f"Qt {qVersion()} on {QGuiApplication.platformName()}, language {language()}; " + ", ".join(
        screens
    )
    return f"{text}\n\n{shown}\n{collect(catalog)}".strip()
