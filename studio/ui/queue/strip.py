"""The line at the foot of the window: what runs, how far it is, how to stop it, and what else waits."""

from __future__ import annotations

import base64
from collections.abc import Mapping

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QIcon, QMouseEvent, QPixmap
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QToolButton, QWidget

from studio.core.item import JobState
from studio.jobs.events import JobPreview
from studio.ui.items.queue_words import SEPARATOR, left_words
from studio.ui.kit import locales
from studio.ui.kit.controls import BusyBar, ElidedLabel, button
from studio.ui.kit.icons import icon
from studio.ui.kit.theme import UNIT, Theme
from studio.ui.queue.model import Current
from studio.words import tr, trn

_PREVIEW = 3 * UNIT
_LARGE = 256
"""Pixels: of the preview in its tool tip."""
_LARGER = f'<img {{side}}="{_LARGE}" src="data:image;base64,{{data}}">'
_BAR, _TITLE, _WIDEST, _WORDS = 14 * UNIT, 14 * UNIT, 36 * UNIT, 21 * UNIT
"""Widths: of the bar; of the name at least and at most; of what is said beside the bar."""
_HEIGHT = 4 * UNIT


class Strip(QWidget):
    """Always there, so that nothing moves when work begins. A click on it opens the queue, or closes it."""

    queue_wanted = Signal()
    cancel_wanted = Signal(object)
    """(Current): what is shown shall end."""
    resume_wanted = Signal()
    """The queue, which is paused, shall go on."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setAccessibleName(tr("What is running"))
        self.current: Current | None = None
        self.preview = QLabel()
        self.preview.setAccessibleName(tr("Preview"))
        self.preview.setFixedSize(_PREVIEW, _PREVIEW)
        self.preview.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._previewed = ""
        self.title = ElidedLabel("", "running", Qt.TextElideMode.ElideMiddle)
        self.title.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.title.setMinimumWidth(_TITLE)
        self.bar = BusyBar()
        self.bar.setFixedWidth(_BAR)
        self.bar.setAccessibleName(tr("Progress"))
        self.words = ElidedLabel("", "small")
        self.words.setFixedWidth(theme.px(_WORDS))
        self.cancel = _tool()
        self.go_on = button(tr("Go on"), "quiet")
        self.rest = button("", "quiet")
        self.rest.setCheckable(True)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(UNIT)
        for part in (self.preview, self.title, self.bar, self.words, self.cancel, self.go_on, self.rest):
            row.addWidget(part, 0, Qt.AlignmentFlag.AlignVCenter)
        self.cancel.clicked.connect(lambda: self.cancel_wanted.emit(self.current))
        self.go_on.clicked.connect(self.resume_wanted)
        self.rest.clicked.connect(self.queue_wanted)
        self.setMinimumHeight(theme.px(_HEIGHT))
        self.set_theme(theme)
        self.tell(None, {}, is_paused=False)

    def set_theme(self, theme: Theme) -> None:
        self.cancel.setIcon(QIcon(icon("cancel", theme.color("muted"))))
        self.rest.setIcon(QIcon(icon("queue", theme.color("muted"))))

    def tell(self, current: Current | None, counts: Mapping[JobState, int], *, is_paused: bool) -> None:
        """`current` is None where nothing runs or waits."""
        self.current = current
        is_held = is_paused and current is not None and not counts.get(JobState.RUNNING)
        for part in (self.title, self.bar, self.words, self.cancel):
            part.setVisible(current is not None)
        self.go_on.setVisible(is_held)
        self.rest.setText(_rest_words(current, counts) or tr("Queue"))
        self._forget_preview()
        if current is None:
            return
        if self.title.whole_text() != current.title:
            self.title.setText(current.title)
            wish = self.title.fontMetrics().horizontalAdvance(self.title.whole_text()) + 2
            self.title.setFixedWidth(min(max(wish, _TITLE), _WIDEST))
        self.words.setText(tr("The queue is paused") if is_held else _words(current))
        self.bar.setRange(0, 1000 if current.fraction > 0 or not current.running else 0)
        self.bar.setValue(round(current.fraction * 1000))
        self.cancel.setToolTip(tr("Cancel what is left of this batch") if current.size > 1 else tr("Cancel"))
        self.cancel.setAccessibleName(self.cancel.toolTip())

    def show_open(self, on: bool) -> None:
        """Whether the queue is seen."""
        self.rest.setChecked(on)
        words = tr("Close the queue") if on else tr("Open the queue")
        for part in (self, self.rest):
            part.setToolTip(words)

    def show_preview(self, event: JobPreview) -> None:
        """What the job that is shown has made so far; the tool tip has it larger."""
        pixmap = QPixmap()
        if (
            self.current is None
            or self.current.job_id != event.job_id
            or not pixmap.loadFromData(event.image)
        ):
            return
        self._previewed = event.job_id
        aspect, smooth = Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
        scale = self.preview.devicePixelRatio()
        small = pixmap.scaled(self.preview.size() * scale, aspect, smooth)
        small.setDevicePixelRatio(scale)
        self.preview.setPixmap(small)
        side = "width" if pixmap.width() >= pixmap.height() else "height"
        data = base64.b64encode(event.image).decode()
        self.preview.setToolTip(_LARGER.format(side=side, data=data))
        self.preview.show()

    def _forget_preview(self) -> None:
        """It belongs to another job."""
        if self.current is None or self.current.job_id != self._previewed:
            self._previewed = ""
            self.preview.clear()
            self.preview.hide()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.queue_wanted.emit()


def _words(current: Current) -> str:
    """How far it is: "3 of 8", and how long it still takes; what it is doing while that is not known."""
    if not current.running:
        return tr("Waiting")
    left = left_words(current.time_left)
    if current.size > 1:
        over, size = locales.number(current.over), locales.number(current.size)
        return SEPARATOR.join(filter(None, (tr("{over} of {size}", over=over, size=size), left)))
    return left or current.message or tr("Starting…")


def _rest_words(current: Current | None, counts: Mapping[JobState, int]) -> str:
    """What there is beside what is shown: "1 running, 3 waiting"."""
    running = counts.get(JobState.RUNNING, 0)
    waiting = counts.get(JobState.QUEUED, 0) + counts.get(JobState.PAUSED, 0)
    if current is not None:
        running, waiting = running - current.running, waiting - (current.left - current.running)
    parts = [trn("{count} running", "{count} running", running)] if running > 0 else []
    if waiting > 0:
        parts.append(trn("{count} waiting", "{count} waiting", waiting))
    return ", ".join(parts)


def _tool() -> QToolButton:
    made = QToolButton()
    made.setIconSize(QSize(16, 16))
    made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return made
