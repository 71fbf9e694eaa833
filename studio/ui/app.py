"""The composition root of the window: builds every object, passes it to those who need it, runs, and ends."""

from __future__ import annotations

import os
import sys
import threading
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from studio import paths
from studio.log import set_up as set_up_log
from studio.models.store import ModelStore
from studio.ui import theme
from studio.ui.bridge import Bridge
from studio.ui.desk import Desk
from studio.ui.studio_window import StudioWindow


def main(project: Path | None = None) -> int:
    """Runs the window until it is closed; returns the exit code.

    Without `project` it opens the one of the last time, or a page to begin from.
    """
    # xcb where there is a display, else off the screen: without this, Qt aborts the process.
    if sys.platform.startswith("linux") and not os.environ.get("QT_QPA_PLATFORM"):
        os.environ["QT_QPA_PLATFORM"] = "wayland;xcb;offscreen" if _has_wayland() else "xcb;offscreen"
    set_up_log()
    app = make_application()
    studio = build(app)
    catch_everything(studio.desk)
    studio.window.show()
    QTimer.singleShot(0, lambda: studio.begin(project))
    try:
        return app.exec()
    finally:
        studio.end()


def make_application() -> QApplication:
    app = QApplication(sys.argv[:1])
    app.setApplicationName("Studio")
    app.setApplicationDisplayName("Studio")
    app.setDesktopFileName("studio")
    return app


def build(app: QApplication) -> StudioWindow:
    """Everything but the project and the plugins, which come once the window is shown."""
    bridge = Bridge()
    desk = Desk(bridge, paths.config_folder(), ModelStore(paths.data_folder() / "models"))
    theme.apply(theme.resolve(desk.settings.appearance.theme, app), app)
    return StudioWindow(app, desk)


@dataclass(frozen=True)
class Unexpected:
    """An exception that nobody caught, from any thread."""

    error: BaseException


def catch_everything(desk: Desk) -> None:
    """The one exception hook: whatever nobody caught, in whichever thread, is shown and logged."""

    def show(event: object) -> None:
        if isinstance(event, Unexpected):
            desk.report(event.error)

    def in_window(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if isinstance(error, KeyboardInterrupt):
            QApplication.quit()
        else:
            desk.bridge.post(Unexpected(error))

    def in_thread(args: threading.ExceptHookArgs) -> None:
        if args.exc_value is not None:
            desk.bridge.post(Unexpected(args.exc_value))

    desk.bridge.listen(show)
    sys.excepthook = in_window
    threading.excepthook = in_thread


def _has_wayland() -> bool:
    return bool(os.environ.get("WAYLAND_DISPLAY"))
