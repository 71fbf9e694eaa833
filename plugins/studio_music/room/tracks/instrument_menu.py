"""The button that says a track's instrument, with all others by the groups of General MIDI."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QMenu, QPushButton, QSizePolicy

from studio.api.values import tr
from studio.ui.api import KeyMenu, clear, entry, plain_text
from studio_music.core.instruments import DRUM_KITS, GROUPS, drum_kit_title, program_title

_GROUP = 8
"""Programs in a group."""
_ROOM = 24
"""Pixels of the button that are not for words."""


class InstrumentButton(QPushButton):
    """Its menu is filled when it is opened: a song has many tracks."""

    chosen = Signal(int)
    """Program; of a drum track that of a kit."""

    def __init__(self) -> None:
        super().__init__()
        self._program, self._is_drums = 0, False
        self.setProperty("role", "disclosure")
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.list = KeyMenu(self)
        self.list.aboutToShow.connect(self._fill)
        self.setMenu(self.list)

    def show_instrument(self, program: int, *, is_drums: bool) -> None:
        self._program, self._is_drums = program, is_drums
        title = self._title()
        self.setToolTip(tr("Instrument: {name}", name=title))
        self.setAccessibleName(tr("Instrument: {name}", name=title))
        self._elide()

    def sizeHint(self) -> QSize:
        return QSize(80, super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._elide()

    def _title(self) -> str:
        return tr(drum_kit_title(self._program) if self._is_drums else program_title(self._program))

    def _elide(self) -> None:
        room = max(0, self.width() - _ROOM)
        words = self.fontMetrics().elidedText(self._title(), Qt.TextElideMode.ElideRight, room)
        self.setText(plain_text(words))

    def _fill(self) -> None:
        clear(self.list)
        if self._is_drums:
            for program, title in DRUM_KITS.items():
                _add(
                    self.list,
                    tr(title),
                    partial(self.chosen.emit, program),
                    program == self._program,
                )
        else:
            fill_instruments(self.list, self._program, self.chosen.emit)


def fill_instruments(menu: QMenu, current: int | None, choose: Callable[[int], object]) -> None:
    """Adds a submenu for each group of General MIDI; `choose` gets the program."""
    for number, title in enumerate(GROUPS):
        group = KeyMenu(plain_text(tr(title)), menu)
        menu.addMenu(group)
        for program in range(number * _GROUP, (number + 1) * _GROUP):
            _add(group, tr(program_title(program)), partial(choose, program), program == current)
        if current is not None and current // _GROUP == number:
            menu.setActiveAction(group.menuAction())


def _add(menu: QMenu, title: str, act: Callable[[], object], is_current: bool) -> None:
    action = entry(menu, plain_text(title), act)
    action.setCheckable(True)
    action.setChecked(is_current)
