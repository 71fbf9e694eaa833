"""The row of what can be done with the song, above the roll."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from msgspec import Struct
from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QPushButton, QWidget

from studio.api.values import tr
from studio.ui.api import UNIT, ElidedLabel, KeyMenu, NarrowBar, button, clear, entry
from studio_music.room.drag_button import DragButton
from studio_music.room.drawings import DrawingButton


class Act(Struct, frozen=True):
    """One button."""

    id: str
    title: str
    tip: str
    act: Callable[[], object]
    needs: Callable[[], str] = lambda: ""
    """Why it cannot be done now, in words; "" if it can."""


class ActsBar(NarrowBar):
    """Buttons as far as there is room, the rest in a menu; at its end what keeps and takes out the song."""

    keep_wanted = Signal()
    again_changed = Signal(bool)
    hum_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._acts: Sequence[Act] = ()
        self.buttons: dict[str, QPushButton] = {}
        self.more = button(tr("More"), "compact")
        self.more_menu = KeyMenu(self.more)
        self.more_menu.aboutToShow.connect(self._fill)
        self.more.setMenu(self.more_menu)
        self.state = ElidedLabel("", "small")
        self.hum = DrawingButton("microphone", tr("Hum a tune: what you sing becomes notes"))
        self.hum.clicked.connect(lambda: self.hum_wanted.emit())
        self.again = DrawingButton(
            "again", tr("Again on each repeat: makes another one each time the loop begins"), checkable=True
        )
        self.midi = DragButton("drag-out", tr("Drag the song out as a MIDI file"))
        self.audio = DragButton("sound", tr("Drag the song out as audio (WAV)"))
        self.keep = button(tr("Keep"), "primary")
        self.keep.setToolTip(tr("Keeps the song as it is now as an item of its own"))
        self.keep.clicked.connect(lambda: self.keep_wanted.emit())
        self.again.clicked.connect(self.again_changed)
        self._row.setSpacing(UNIT // 2)
        for part in (self.more, self.state, self.hum, self.again, self.midi, self.audio, self.keep):
            self._row.addWidget(part, 1 if part is self.state else 0)

    def set_acts(self, acts: Sequence[Act]) -> None:
        """Once: the most wanted first."""
        self._acts = acts
        for place, act in enumerate(acts):
            made = button(act.title, "compact")
            made.clicked.connect(partial(_press, act))
            self.buttons[act.id] = made
            self._row.insertWidget(place, made)
        self.refresh()

    def refresh(self) -> None:
        """After what can be done may have changed."""
        for act in self._acts:
            why = act.needs()
            self.buttons[act.id].setEnabled(not why)
            self.buttons[act.id].setToolTip(why or act.tip)

    def say_state(self, words: str) -> None:
        self.state.setText(words)

    def color(self) -> None:
        """The parts color themselves."""

    def minimumSizeHint(self) -> QSize:
        """Its parts give way."""
        return QSize(30 * UNIT, super().minimumSizeHint().height())

    def share_room(self) -> None:
        margins = self._row.contentsMargins()
        room = self.width() - margins.left() - margins.right()
        ends: Sequence[QWidget] = (self.hum, self.again, self.midi, self.audio, self.keep)
        room -= sum(part.sizeHint().width() + self._row.spacing() for part in ends)
        widths = {act.id: self.buttons[act.id].sizeHint().width() + self._row.spacing() for act in self._acts}
        fits = sum(widths.values()) <= room
        if not fits:
            room -= self.more.sizeHint().width() + self._row.spacing()
        for act in self._acts:
            room -= widths[act.id]
            self.buttons[act.id].setVisible(room >= 0)
        self.more.setVisible(not fits)

    def _fill(self) -> None:
        clear(self.more_menu)
        for act in self._acts:
            if self.buttons[act.id].isHidden():
                entry(self.more_menu, act.title, act.act, on=not act.needs())


def _press(act: Act, _checked: bool = False) -> None:
    act.act()
