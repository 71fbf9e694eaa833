"""The job that the user waits for, as a card over the stage."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QProgressBar, QVBoxLayout, QWidget

from studio.core.item import JobState
from studio.jobs.events import JobProgress
from studio.jobs.queue import Job
from studio.ui.items.queue_words import state_words
from studio.ui.kit.controls import ElidedLabel, button
from studio.ui.kit.theme import UNIT
from studio.words import tr

_PREVIEW = QSize(24 * UNIT, 18 * UNIT)
_WIDE, _WIDEST = 48 * UNIT, 64 * UNIT
"""Without a preview, and with one."""
_FLOAT = 5 * UNIT
"""Above a line of facts at the foot of the stage."""


class ProgressCard(QFrame):
    """Lies at the bottom of `over`, in its middle, while `job` is set."""

    cancel_wanted = Signal(str)

    def __init__(self, over: QWidget) -> None:
        super().__init__(over)
        self.setProperty("role", "card")
        self.job: Job | None = None
        self.paused = False
        """Whether the whole queue is; see `hold`."""
        self._progress: JobProgress | None = None
        self.preview = QLabel()
        self.preview.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.title = ElidedLabel("", "strong", Qt.TextElideMode.ElideMiddle)
        self.message = ElidedLabel("", "muted")
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(tr("Progress"))
        self.preview.setAccessibleName(tr("Preview"))
        self.cancel = button(tr("Cancel"))
        self.cancel.clicked.connect(self._ask_cancel)
        words = QVBoxLayout()
        words.setSpacing(UNIT // 2)
        words.addWidget(self.title)
        words.addWidget(self.message)
        words.addSpacing(UNIT // 2)
        words.addWidget(self.bar)
        row = QHBoxLayout(self)
        row.setContentsMargins(2 * UNIT, UNIT + 4, 2 * UNIT, UNIT + 4)
        row.setSpacing(2 * UNIT)
        row.addWidget(self.preview)
        row.addLayout(words, 1)
        row.addWidget(self.cancel, 0, Qt.AlignmentFlag.AlignVCenter)
        over.installEventFilter(self)
        self.hide()

    def follow(self, job: Job | None) -> None:
        """Begins to show this job, or ends."""
        if job is None or self.job is None or job.id != self.job.id:
            self._progress = None
            self.preview.clear()
            self.preview.hide()
        self.job = job
        if job is None:
            self.hide()
            return
        self._refresh()
        self.show()
        self.raise_()
        self._place()

    def hold(self, paused: bool) -> None:
        """The queue was paused, or goes on."""
        self.paused = paused
        if self.job is not None:
            self._refresh()

    def progress(self, event: JobProgress) -> None:
        if self.job is not None and event.job_id == self.job.id:
            self._progress = event
            self._refresh()

    def show_preview(self, image: bytes) -> None:
        pixmap = QPixmap()
        if pixmap.loadFromData(image):
            self.preview.setPixmap(
                pixmap.scaled(
                    _PREVIEW, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
                )
            )
            self.preview.show()
            self._place()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and self.job is not None:
            self._place()
        return False

    def _ask_cancel(self) -> None:
        if self.job is not None:
            self.cancel_wanted.emit(self.job.id)

    def _refresh(self) -> None:
        assert self.job is not None
        self.title.setText(self.job.title)
        held = self.paused and self.job.state is JobState.QUEUED
        self.message.setText(tr("The queue is paused") if held else state_words(self.job, self._progress))
        fraction = self._progress.fraction if self._progress is not None else 0.0
        waiting = self.job.state in (JobState.QUEUED, JobState.PAUSED)
        self.bar.setRange(0, 1000 if waiting or fraction > 0 else 0)
        self.bar.setValue(round(fraction * 1000))

    def _place(self) -> None:
        over = self.parentWidget()
        wide = _WIDE if self.preview.isHidden() else _WIDEST
        self.setFixedWidth(min(wide, over.width() - 14 * UNIT))  # clear of the tools at the left
        self.adjustSize()
        self.move((over.width() - self.width()) // 2, over.height() - self.height() - _FLOAT)
