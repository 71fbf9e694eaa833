"""The composition root of the window: builds every object, passes it to those who need it, runs, and ends.

Nothing heavy is imported at the top: `start` switches the garbage collector off first, which makes the
imports a quarter faster.
"""

from __future__ import annotations

import gc
import os
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from studio.ui import import_qt

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

    from studio.ui.context import WindowContext
    from studio.ui.shell.studio_window import StudioWindow


LAST_SECONDS = 3.0
"""So long the end of the program waits for threads that still read something."""


def main(project: Path | None = None) -> int:
    """Runs the window until it is closed; returns the exit code.

    Without `project` it opens the one of the last time, or a page to begin from.
    """
    studio = start(project)
    try:
        from studio.log import set_up

        set_up()
        code = studio.app.exec()
    finally:
        studio.session.end()
    if not let_threads_end(LAST_SECONDS):
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
    return code


def let_threads_end(seconds: float) -> bool:
    """Waits for all other threads; False where one has not ended in that time.

    Python ends by stopping daemon threads wherever they are. One that is within the C++ code of a library,
    as while a photo's thread imports OpenCV, would take the process down: "terminate called".
    """
    end = time.monotonic() + seconds
    others = [one for one in threading.enumerate() if one is not threading.current_thread()]
    for one in others:
        one.join(max(0.0, end - time.monotonic()))
    return not any(one.is_alive() for one in others)


def start(project: Path | None = None) -> StudioWindow:
    """Shows the window at once; the project and the plugins come while the event loop runs."""
    import_qt()
    from PySide6.QtCore import QTimer

    from studio.ui.kit.garbage import Collector

    gc.disable()
    studio = build(make_application())
    catch_everything(studio.context, studio.session.blame)
    studio.show(project)
    Collector(studio.app)
    QTimer.singleShot(0, studio.app, lambda: show_icon(studio.app))
    return studio


def show_icon(app: QApplication) -> None:
    """In title bars and the taskbar; no window waits for it."""
    from PySide6.QtGui import QIcon

    from studio.paths import resource

    app.setWindowIcon(QIcon(str(resource("studio.svg"))))


def make_application() -> QApplication:
    import_qt()
    from PySide6.QtWidgets import QApplication

    from studio.ui.kit import accessible

    app = QApplication(sys.argv[:1])
    accessible.install()
    app.setApplicationName("Studio")
    app.setApplicationDisplayName("Studio")
    app.setDesktopFileName("studio")
    return app


def build(app: QApplication) -> StudioWindow:
    """The first window, but for the project and the plugins, which come once it is shown."""
    from studio import paths
    from studio.models.store import ModelStore
    from studio.ui.kit.shared_settings import SharedSettings
    from studio.ui.shell.session import Session

    shared = SharedSettings(paths.config_folder())
    session = Session(app, shared, ModelStore(paths.data_folder() / "models"))
    studio = session.new_window()
    session.looks.finish()
    return studio


class Unexpected:
    """An exception that nobody caught, from any thread."""

    def __init__(self, error: BaseException) -> None:
        self.error = error


def catch_everything(context: WindowContext, blame: Callable[[BaseException], bool]) -> None:
    """The one exception hook: whatever nobody caught, in whichever thread, is shown and logged.

    `blame` takes what came out of a room of a plugin: a paint event, a button's slot.
    """

    def show(event: object) -> None:
        if isinstance(event, Unexpected) and not blame(event.error):
            context.report(event.error)

    def in_window(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if isinstance(error, KeyboardInterrupt):
            context.quit()
        else:
            context.bridge.post(Unexpected(error))

    def in_thread(args: threading.ExceptHookArgs) -> None:
        if args.exc_value is not None:
            context.bridge.post(Unexpected(args.exc_value))

    context.bridge.listen(show)
    sys.excepthook = in_window
    threading.excepthook = in_thread
