"""What the window tells of itself: its plugins, its log, a job's log, what it is."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtGui import QGuiApplication

from studio.core.item import JobState
from studio.ui.context import WindowContext, diagnostics

if TYPE_CHECKING:
    from studio.jobs.queue import Job


class HelpFlow(QObject):
    """`look_again` has the plugins described anew."""

    def __init__(self, context: WindowContext, look_again: Callable[[], object]) -> None:
        super().__init__()
        self._context, self._look_again = context, look_again

    def show_job(self, job: Job) -> None:
        """Why a job failed, and what it printed."""
        from studio.ui.shell.log_viewer import LogViewer

        viewer = LogViewer(self._context.window, self._context)
        error = job.error if job.state is JobState.FAILED else None
        viewer.show_job(job.id, job.title, f"{error.message} {error.hint}".strip() if error else "")
        viewer.open()

    def show_plugins(self) -> None:
        if self._context.catalog is not None:
            from studio.ui.kit.dialogs import PluginsDialog

            PluginsDialog(self._context.window, self._context.catalog, self._look_again).open()

    def show_log(self) -> None:
        from studio.ui.shell.log_viewer import LogViewer

        LogViewer(self._context.window, self._context).open()

    def copy_diagnostics(self) -> None:
        QGuiApplication.clipboard().setText(diagnostics("", self._context.catalog))

    def show_about(self) -> None:
        from studio.ui.shell.about import AboutDialog

        AboutDialog(self._context.window, self._context.catalog).open()
