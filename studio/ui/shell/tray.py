"""Progress outside the window: an icon in the desktop's tray, the window's title, and a word at the end.

A batch is watched from when the first of it runs until nothing of it is left; then a notification tells of
it, if it was long and no window is in front.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from msgspec import Struct
from PySide6.QtCore import QObject, QRect, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QIcon, QPainter, QPen, QPixmap
from PySide6.QtWidgets import QApplication, QMenu, QSystemTrayIcon, QWidget

from studio.core.item import JobState
from studio.jobs.overview import Group, jobs_of
from studio.jobs.queue import Queue
from studio.ui.kit import locales
from studio.ui.kit.icons import icon
from studio.ui.kit.menu_entries import entry
from studio.ui.kit.menu_keys import KeyMenu
from studio.words import tr, trn

if TYPE_CHECKING:
    from studio.ui.context import WindowContext
    from studio.ui.kit.theme import Theme
    from studio.ui.queue.panel import QueuePanel

LONG_SECONDS = 20.0
MANY_JOBS = 3
SIDE = 64
"""Of the drawn icon, in pixels: desktops scale it down."""
SHOWN_MS = 10_000


class Ended(Struct, frozen=True):
    """A batch that is over."""

    title: str
    done: int
    failed: int
    reason: str
    """Why the first of its failed jobs failed."""

    def words(self) -> str:
        if not self.failed:
            return trn("{count} result is ready.", "{count} results are ready.", self.done)
        words = trn(
            "{count} of {all} failed.",
            "{count} of {all} failed.",
            self.failed,
            all=locales.number(self.failed + self.done),
        )
        return f"{words} {self.reason}".strip()


class BatchWatch:
    """Tells which batches have ended, and whether they were long enough to speak of."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._began: dict[str, float] = {}
        self._sizes: dict[str, int] = {}

    def look(self, groups: Iterable[Group]) -> list[str]:
        """The long batches that are over now; `groups` are those that are not."""
        now = self._clock()
        still = set()
        for group in groups:
            still.add(group.batch)
            if group.counts[JobState.RUNNING] or group.batch in self._began:
                self._began.setdefault(group.batch, now)
                self._sizes[group.batch] = max(group.left, self._sizes.get(group.batch, 0))
        over = [batch for batch in self._began if batch not in still]
        long = [
            batch
            for batch in over
            if now - self._began[batch] > LONG_SECONDS or self._sizes[batch] > MANY_JOBS
        ]
        for batch in over:
            del self._began[batch], self._sizes[batch]
        return long

    def forget(self) -> None:
        self._began.clear()
        self._sizes.clear()


class Outside(QObject):
    """What the desktop sees of the queue. One for a window; ends with `close`."""

    show_wanted = Signal()
    """The user asked for the window: by the tray or by a click on a notification."""
    quit_wanted = Signal()

    def __init__(self, context: WindowContext, queue: QueuePanel, window: QWidget, theme: Theme) -> None:
        super().__init__(window)
        self._context, self._queue, self._window, self._theme = context, queue, window, theme
        self.watch = BatchWatch()
        self.tray: QSystemTrayIcon | None = None
        self._shown: tuple[int, bool] | None = None
        self._title = ""
        self._menu: QMenu | None = None
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(200)
        self._later.timeout.connect(self.refresh)
        queue.changed.connect(self._soon)
        self._soon()

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self._shown = None
        self._soon()

    def close(self) -> None:
        """Takes the icon away."""
        self._queue.changed.disconnect(self._soon)
        self._later.stop()
        self._drop_tray()

    def _soon(self) -> None:
        if not self._later.isActive():
            self._later.start()

    def refresh(self) -> None:
        """Looks at the queue again."""
        model = self._queue.model
        is_busy = any(model.counts.get(state) for state in (JobState.RUNNING, JobState.QUEUED))
        percent = round(model.fraction() * 100) if is_busy else -1
        self._in_title(percent)
        self._in_tray(percent, self._queue.is_paused)
        if self._context.runner is None:
            self.watch.forget()
        else:
            for batch in self.watch.look(model.whole.open_groups()):
                self._tell(batch)

    # Title -------------------------------------------------------------------------------------------------

    def _in_title(self, percent: int) -> None:
        """The percent stand before the name: a taskbar shows only the beginning."""
        current = self._window.windowTitle()
        plain = current.removeprefix(self._title)
        self._title = f"{locales.percent(percent / 100)} – " if percent >= 0 else ""
        if current != self._title + plain:
            self._window.setWindowTitle(self._title + plain)

    # Tray --------------------------------------------------------------------------------------------------

    def _in_tray(self, percent: int, is_paused: bool) -> None:
        wanted = (
            percent >= 0 and self._context.settings.notices.tray and QSystemTrayIcon.isSystemTrayAvailable()
        )
        if not wanted:
            self._drop_tray()
            return
        tray = self.tray or self._make_tray()
        if (percent, is_paused) != self._shown:
            self._shown = (percent, is_paused)
            tray.setIcon(drawn(percent, is_paused, self._theme))
            told = tr("Paused at {percent}", percent=locales.percent(percent / 100))
            if not is_paused:
                told = tr("{percent} done", percent=locales.percent(percent / 100))
            tray.setToolTip(f"Studio\n{told}\n{self._queue.end.whole_text()}".strip())

    def _make_tray(self) -> QSystemTrayIcon:
        self.tray = QSystemTrayIcon(self)
        self._menu = KeyMenu()
        entry(self._menu, tr("Show Studio"), self.show_wanted.emit)
        self._pause = entry(self._menu, "", self._queue.acts.toggle_all)
        self._menu.addSeparator()
        entry(self._menu, tr("Quit"), self.quit_wanted.emit)
        self._menu.aboutToShow.connect(self._word_menu)
        self._word_menu()
        self.tray.setContextMenu(self._menu)
        self.tray.activated.connect(self._activated)
        self.tray.messageClicked.connect(self.show_wanted)
        self.tray.setIcon(drawn(0, False, self._theme))
        self.tray.show()
        return self.tray

    def _word_menu(self) -> None:
        self._pause.setText(tr("Go on with all") if self._queue.is_paused else tr("Pause all"))

    def _activated(self, reason: QSystemTrayIcon.ActivationReason) -> None:
        if reason is QSystemTrayIcon.ActivationReason.Trigger:
            self.show_wanted.emit()

    def _drop_tray(self) -> None:
        if self.tray is not None:
            self.tray.hide()
            self.tray.deleteLater()
            self.tray = None
            self._shown = None
        if self._menu is not None:
            self._menu.deleteLater()
            self._menu = None

    # At the end --------------------------------------------------------------------------------------------

    def _tell(self, batch: str) -> None:
        runner = self._context.runner
        is_in_front = QApplication.activeWindow() is not None
        if runner is None or is_in_front or not self._context.settings.notices.notify:
            return
        ended = ended_of(runner.queue, batch)
        if ended is None:
            return
        has_tray = QSystemTrayIcon.isSystemTrayAvailable() and QSystemTrayIcon.supportsMessages()
        if self.tray is None and has_tray:
            self._make_tray()
            QTimer.singleShot(SHOWN_MS, self, self._soon)
        if self.tray is not None:
            icons = QSystemTrayIcon.MessageIcon
            kind = icons.Warning if ended.failed else icons.Information
            self.tray.showMessage(ended.title, ended.words(), kind, SHOWN_MS)
        else:
            QApplication.alert(self._window)


def ended_of(queue: Queue, batch: str) -> Ended | None:
    """None for a batch of another project, which was closed meanwhile."""
    group = next((one for one in queue.batches() if one.id == batch), None)
    if group is None:
        return None
    failed = jobs_of(queue, batch, (JobState.FAILED,), limit=1)
    reason = failed[0].error.message if failed and failed[0].error is not None else ""
    counts = group.counts
    return Ended(group.title, counts.get(JobState.DONE, 0), counts.get(JobState.FAILED, 0), reason)


def drawn(percent: int, is_paused: bool, theme: Theme) -> QIcon:
    """The studio's mark in a ring that fills clockwise from the top; two bars in it while all is paused."""
    pixmap = QPixmap(QSize(SIDE, SIDE))
    pixmap.fill(Qt.GlobalColor.transparent)
    with QPainter(pixmap) as painter:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ring = QRectF(5, 5, SIDE - 10, SIDE - 10)
        painter.setBrush(theme.color("raised"))
        painter.setPen(QPen(theme.color("outline"), 7))
        painter.drawEllipse(ring)
        pen = QPen(theme.color("warning" if is_paused else "accent"), 7)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.setPen(pen)
        painter.drawArc(ring, 90 * 16, -round(max(1, percent) / 100 * 360 * 16))
        mark = QRect(SIDE // 4, SIDE // 4, SIDE // 2, SIDE // 2)
        icon("pause" if is_paused else "generate", theme.color("text")).paint(painter, mark)
    return QIcon(pixmap)
