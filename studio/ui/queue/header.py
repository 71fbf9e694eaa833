"""What stands in the title of the queue: its numbers, its end, which jobs are shown, the pause of all."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from PySide6.QtCore import QEvent, QSize
from PySide6.QtGui import QIcon, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from studio.core.item import JobState
from studio.jobs.overview import OPEN
from studio.ui.items.queue_words import SEPARATOR, end_words, span_words, summary_words
from studio.ui.kit.controls import ComboBox, ElidedLabel, button
from studio.ui.kit.icons import icon
from studio.ui.kit.theme import UNIT
from studio.words import tr

_GAP = UNIT + 4
_ARROW, _LEAST = 5 * UNIT, 8 * UNIT
"""What the box needs around its words; how wide it is at least."""
_PAUSE = 22
"""What the button needs around its words or its icon."""


class _Facts(ElidedLabel):
    """As wide as what it shows where there is room. `say` shows less than there is to say."""

    def __init__(self) -> None:
        self._whole = ""
        super().__init__("", "small")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def say(self, whole: str, shown: str) -> None:
        self._whole = " ".join(whole.split())
        self.setText(shown)
        self.setAccessibleName(self._whole)
        self.updateGeometry()

    def setToolTip(self, text: str) -> None:
        super().setToolTip(self._whole if text or self._whole != self.whole_text() else "")

    def width_of(self, text: str) -> int:
        return self.fontMetrics().horizontalAdvance(" ".join(text.split())) + 1 if text else 0

    def sizeHint(self) -> QSize:
        return QSize(self.width_of(self.whole_text()), super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        return QSize(0, super().minimumSizeHint().height())


class _Filter(ComboBox):
    """As wide as what is chosen in it."""

    def __init__(self) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.view().setMinimumWidth(24 * UNIT)

    def sizeHint(self) -> QSize:
        words = self.fontMetrics().horizontalAdvance(self.currentText())
        return QSize(max(words + _ARROW, _LEAST), super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        return QSize(_LEAST, super().minimumSizeHint().height())


class _Way(NamedTuple):
    """What is said; `pause` is "" where an icon says it."""

    summary: str
    end: str
    pause: str


class QueueHeader(QWidget):
    """Where there is little room, what is done is not told, then the time of day of the end, then the end.

    At last the pause becomes an icon, and only what runs is counted.
    """

    def __init__(self) -> None:
        super().__init__()
        self._ways = [_Way("", "", "")]
        """The longest first."""
        self._is_paused = False
        self.summary, self.end = _Facts(), _Facts()
        self.filter = _Filter()
        self.filter.setAccessibleName(tr("Which jobs are shown"))
        for words, states in (
            (tr("All"), ()),
            (tr("Running and waiting"), OPEN),
            (tr("Failed"), (JobState.FAILED,)),
            (tr("Done"), (JobState.DONE,)),
            (tr("Cancelled"), (JobState.CANCELLED,)),
        ):
            self.filter.addItem(words, states)
        self.pause = button(tr("Pause all"), "quiet")
        self.pause.setIconSize(QSize(16, 16))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(_GAP)
        for part in (self.summary, self.end, self.filter, self.pause):
            row.addWidget(part)
        self.filter.currentIndexChanged.connect(self._on_filter)

    def tell(self, counts: Mapping[JobState, int], seconds_left: float | None, *, is_paused: bool) -> None:
        whole = summary_words(counts, is_paused=is_paused)
        rest = {**counts, JobState.DONE: 0}
        brief = summary_words(rest, is_paused=is_paused) or whole
        begin = brief.partition(SEPARATOR)[0]
        end, left = end_words(seconds_left), span_words(seconds_left)
        pause = tr("Go on with all") if is_paused else tr("Pause all")
        self._is_paused = is_paused
        self._ways = [
            _Way(whole, end, pause),
            _Way(brief, end, pause),
            _Way(brief, left, pause),
            _Way(brief, "", pause),
            _Way(brief, "", ""),
            _Way(begin, "", ""),
        ]
        self._share_room()
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        """With all that there is to say."""
        return QSize(self._width_with(self._ways[0]), super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        return QSize(self._width_with(_Way("", "", "")), super().minimumSizeHint().height())

    def _width_with(self, way: _Way) -> int:
        parts = [self.summary.width_of(way.summary), self.end.width_of(way.end)]
        if not self.filter.isHidden():
            parts.append(self.filter.sizeHint().width())
        if not self.pause.isHidden():
            words = self.fontMetrics().horizontalAdvance(way.pause)
            parts.append(_PAUSE + (words or self.pause.iconSize().width()))
        return sum(parts) + _GAP * (len([part for part in parts if part]) - 1)

    def _share_room(self) -> None:
        whole = self._ways[0]
        way = next((one for one in self._ways if self._width_with(one) <= self.width()), self._ways[-1])
        self.summary.say(whole.summary, way.summary)
        self.end.say(whole.end, way.end)
        self.end.setVisible(bool(way.end))
        self.pause.setText(way.pause)
        self.pause.setAccessibleName(whole.pause)
        self.pause.setToolTip("" if way.pause else whole.pause)
        color = self.palette().placeholderText().color()
        self.pause.setIcon(QIcon() if way.pause else icon("resume" if self._is_paused else "pause", color))

    def _on_filter(self) -> None:
        self.filter.updateGeometry()
        self._share_room()
        self.updateGeometry()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._share_room()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.PaletteChange):
            self._share_room()
