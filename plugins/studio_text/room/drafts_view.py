"""The drafts of a job beside each other, from the first word on."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from functools import partial

from msgspec import Struct
from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from studio.api.values import mark, tr
from studio.ui.api import UNIT, ElidedLabel, Item, Number, button, locales, renew_tab_order
from studio_text.room.drafts_column import NARROWEST, DraftColumn
from studio_text.room.words import Limits

MOST = 6
FRAME_MS = 33
"""Words that come within one frame are shown together."""
_SHARE = 4
"""Showing words takes at most one part in so many of the window's time: long texts are shown less often."""

_KNOWN = {
    "tokens_per_second": mark("{value} tokens per second"),
    "first_token": mark("first word after {value} s"),
    "prompt_tokens": mark("{value} prompt tokens"),
    "context_left": mark("{value} tokens left"),
}


class DraftsState(Struct, frozen=True):
    """What a rebuilt window takes over."""

    job_id: str
    title: str
    texts: Sequence[str]
    items: Sequence[Item | None]
    source: str
    limits: Limits
    is_live: bool
    numbers: Mapping[str, Number]
    message: str


class DraftsView(QWidget):
    picked = Signal(object)
    """DraftColumn."""
    passage_wanted = Signal(object, object)
    """(DraftColumn, Passage)."""
    copy_wanted = Signal(object)
    back_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.job_id = ""
        self.is_live = False
        self.source = ""
        self.limits = Limits()
        self.columns: list[DraftColumn] = []
        self._numbers: dict[str, Number] = {}
        self._fresh: dict[int, list[str]] = {}
        self._uses = (tr("Use this draft"), "")
        self._pause = FRAME_MS
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self.flush)
        self.title = ElidedLabel("", "strong", Qt.TextElideMode.ElideMiddle)
        self.message = ElidedLabel("", "small")
        self.back = button(tr("Back to the text"), "quiet")
        self.back.clicked.connect(self.back_wanted)
        self.back.hide()
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self.title)
        words.addWidget(self.message)
        head = QHBoxLayout()
        head.setContentsMargins(2 * UNIT, UNIT, 2 * UNIT, UNIT)
        head.setSpacing(UNIT)
        head.addLayout(words, 1)
        head.addWidget(self.back)
        self._inner = QWidget()
        self._row = QHBoxLayout(self._inner)
        self._row.setContentsMargins(UNIT + 4, UNIT // 2, UNIT + 4, UNIT + 4)
        self._row.setSpacing(UNIT)
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        self._scroll.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setWidget(self._inner)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(self._scroll, 1)

    def minimumSizeHint(self) -> QSize:
        return QSize(NARROWEST + 4 * UNIT, 32 * UNIT)

    # What is shown -----------------------------------------------------------------------------------------

    def follow(self, job_id: str, title: str, count: int, source: str, limits: Limits) -> None:
        """Shows a job from its beginning: so many empty columns."""
        self.job_id, self.is_live, self.source, self.limits = job_id, True, source, limits
        self._numbers.clear()
        self._fresh.clear()
        self.title.setText(title)
        self._have(min(max(count, 1), MOST))
        for column in self.columns:
            column.begin()
        self._scroll.horizontalScrollBar().setValue(0)
        self.message.setText(tr("Waiting for its turn…"))

    def begin_anew(self, how: str) -> None:
        """The job begins, perhaps for the second time: what it has written so far does not count.

        `how` tells how it is computed.
        """
        self._fresh.clear()
        self._numbers.clear()
        for column in self.columns:
            column.begin()
        self.message.setText(how)

    def add(self, draft: int, words: str) -> None:
        """Words for one of the drafts; they are seen with the next frame."""
        if 0 <= draft < MOST:
            self._fresh.setdefault(draft, []).append(words)
            if not self._timer.isActive():
                self._timer.start(self._pause)

    def flush(self) -> None:
        """Shows what has come since the last frame."""
        self._timer.stop()
        fresh, self._fresh = self._fresh, {}
        if not fresh or not self.is_live:
            return
        began = time.perf_counter()
        self._have(max(len(self.columns), max(fresh) + 1))
        for draft, parts in fresh.items():
            self.columns[draft].grow("".join(parts))
        took = (time.perf_counter() - began) * 1000
        self._pause = max(FRAME_MS, round(took * _SHARE))

    def show_numbers(self, numbers: Sequence[Number]) -> None:
        self._numbers.update((number.name, number) for number in numbers)
        self.message.setText(numbers_words(list(self._numbers.values())))

    def say(self, words: str) -> None:
        """What the job is doing, until there are numbers. How far it is stands at the foot of the window."""
        if words and not self._numbers:
            self.message.setText(words)

    def show_items(
        self,
        title: str,
        items: Sequence[Item],
        texts: Sequence[str],
        source: str,
        limits: Limits,
        *,
        job_id: str = "",
        numbers: Sequence[Number] = (),
    ) -> None:
        """Finished drafts."""
        self.job_id, self.is_live, self.source, self.limits = job_id, False, source, limits
        self._fresh.clear()
        self._numbers = {number.name: number for number in numbers} or self._numbers
        self.title.setText(title)
        self._have(len(items))
        for column, item, text in zip(self.columns, items, texts, strict=True):
            column.finish(text, item, source, limits)
            column.set_chosen(False)
        self.message.setText(numbers_words(list(self._numbers.values())))

    def tell(self, title: str, limits: Limits) -> None:
        """What finished drafts are called, and what they are held against."""
        self.title.setText(title)
        self.limits = limits
        for column in self.columns:
            column.set_limits(limits)

    def end(self, words: str) -> None:
        """It was stopped, or failed: what is there stays."""
        self.flush()
        self.is_live = False
        for column in self.columns:
            if not column.is_done:
                column.finish(column.view.text, None, self.source, self.limits)
        self.message.setText(words)

    def clear(self) -> None:
        self.job_id, self.is_live = "", False
        self._fresh.clear()
        self._numbers.clear()
        self._have(0)

    def set_use(self, words: str, tip: str = "") -> None:
        self._uses = (words, tip)
        for column in self.columns:
            column.set_use(words, tip)
        self._share_room()

    @property
    def is_empty(self) -> bool:
        return not self.columns

    def _have(self, count: int) -> None:
        had = len(self.columns)
        while len(self.columns) > count:
            column = self.columns.pop()
            self._row.removeWidget(column)
            column.hide()
            column.deleteLater()
        while len(self.columns) < count:
            column = DraftColumn(len(self.columns))
            column.set_use(*self._uses)
            column.picked.connect(partial(self.picked.emit, column))
            column.copied.connect(partial(self.copy_wanted.emit, column))
            column.view.taken.connect(partial(self.passage_wanted.emit, column))
            self.columns.append(column)
            self._row.addWidget(column)
        self._share_room()
        QTimer.singleShot(0, self, self._share_room)  # once new ones are dressed
        if had != count and self.window().isVisible():  # else the window orders all of them at once
            renew_tab_order(self)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._share_room()

    def _share_room(self) -> None:
        """Where not all columns fit, as many as do share the room, so that none is cut; others are beyond."""
        margins = self._row.contentsMargins()
        room = self.width() - margins.left() - margins.right()
        narrowest = max((column.narrowest for column in self.columns), default=NARROWEST)
        fitting = max(1, min(len(self.columns), (room + UNIT) // (narrowest + UNIT)))
        width = (room - (fitting - 1) * UNIT) // fitting
        for column in self.columns:
            column.setFixedWidth(max(narrowest, width))

    # Handing over ------------------------------------------------------------------------------------------

    def state(self) -> DraftsState:
        self.flush()
        return DraftsState(
            self.job_id,
            self.title.whole_text(),
            [column.view.text for column in self.columns],
            [column.item for column in self.columns],
            self.source,
            self.limits,
            self.is_live,
            dict(self._numbers),
            self.message.whole_text(),
        )

    def restore(self, state: DraftsState) -> None:
        self.follow(state.job_id, state.title, len(state.texts), state.source, state.limits)
        self._have(len(state.texts))
        self._numbers = dict(state.numbers)
        self.is_live = state.is_live
        for column, text, item in zip(self.columns, state.texts, state.items, strict=True):
            if state.is_live:
                column.grow(text)
            else:
                column.finish(text, item, state.source, state.limits)
        words = numbers_words(list(self._numbers.values()))  # in the language of now
        self.message.setText(words or state.message)


def numbers_words(numbers: Sequence[Number]) -> str:
    """Measured numbers as one line, those that everybody asks for first."""
    by_name = {number.name: number for number in numbers}
    order = [*(name for name in _KNOWN if name in by_name), *(name for name in by_name if name not in _KNOWN)]
    said = []
    for name in order:
        number = by_name[name]
        value = locales.number(number.value, 1 if number.value < 100 and number.value % 1 else 0)
        if name in _KNOWN:
            said.append(tr(_KNOWN[name], value=value))
        else:
            unit = tr(number.unit) if number.unit else ""
            said.append(" ".join(filter(None, (f"{tr(number.title)}:", value, unit))))
    return "  ·  ".join(said)
