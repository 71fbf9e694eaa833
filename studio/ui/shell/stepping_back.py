"""Panels that fold while the stage needs the window, and come back when it does not any more."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from PySide6.QtCore import QSettings, QSize, Qt
from PySide6.QtWidgets import QMainWindow

from studio.ui.shell.docks import Panel
from studio.ui.shell.room_host import LIBRARY

_OPENED_ELSEWHERE = ("queue",)
"""Panels that the foot of the window opens: one that has stepped back leaves not even its title behind."""


class SteppingBack:
    """A room names the panels (`wish`), and a small window does (`demand`). One that the user unfolds all the
    same stays open in that room, and one that was folded or hidden before stays as it was."""

    def __init__(self, inner: QMainWindow, panels: Mapping[str, Panel], memory: QSettings) -> None:
        """`memory` keeps which panels the user wants beside a room's stage."""
        self._inner, self._panels, self._memory = inner, panels, memory
        self._wishes: dict[str, tuple[str, ...]] = {}
        self._beside: tuple[str, ...] = ()
        self._below: tuple[str, ...] = ()
        self._room = ""
        self._folded: dict[str, QSize] = {}
        """Those that have stepped back, with the sizes that they had."""
        self._is_acting = False
        for name, panel in panels.items():
            panel.folded.connect(partial(self._on_folded, name))

    def wish(self, room: str, panels: Sequence[str]) -> None:
        """These step back whenever the room is in front; none lets them come back."""
        self._wishes[room] = tuple(panels)
        if room == self._room:
            self.apply()

    def demand(self, beside: Sequence[str], below: Sequence[str]) -> None:
        """The window has no room for these beside a room's stage, and for these below any stage, the library
        too; none lets them come back."""
        if (tuple(beside), tuple(below)) != (self._beside, self._below):
            self._beside, self._below = tuple(beside), tuple(below)
            self.apply()

    def show_room(self, room: str) -> None:
        """Another room is in front."""
        self._room = room
        self.apply()

    def apply(self) -> None:
        """Folds what should step back now, and unfolds what should not any more."""
        if not self._inner.isVisible():
            return
        wanted = self._wanted()
        kept = self._kept(self._room)
        self._unfold([name for name in self._folded if name not in wanted or name in kept])
        panels = {name: self._panels[name] for name in wanted if name not in kept and name in self._panels}
        sizes = {name: panel.size() for name, panel in panels.items()}
        self._is_acting = True
        for name, panel in panels.items():
            if not (panel.is_folded or panel.isHidden()):
                panel.set_folded(True)
                if panel.is_folded:
                    self._folded[name] = sizes[name]
                    if name in _OPENED_ELSEWHERE:
                        panel.hide()
        self._is_acting = False

    def come_back(self) -> None:
        """All are as the user left them, until `apply` is called again."""
        self._unfold([*self._folded])

    def reset(self) -> None:
        """Forgets what the user wanted beside stages."""
        self._memory.remove("beside")
        self._folded.clear()
        self.apply()

    @property
    def names(self) -> Sequence[str]:
        """Those that have stepped back."""
        return tuple(self._folded)

    def _wanted(self) -> dict[str, None]:
        """Those that should step back now, unless the user wants them."""
        if self._room == LIBRARY:
            return dict.fromkeys(self._below)
        return dict.fromkeys((*self._wishes.get(self._room, ()), *self._beside, *self._below))

    def _unfold(self, names: Sequence[str]) -> None:
        sizes = {name: self._folded.pop(name) for name in names}
        back = [name for name in names if self._panels[name].is_folded]
        self._is_acting = True
        for name in back:
            self._panels[name].set_folded(False)
            if name in _OPENED_ELSEWHERE:
                self._panels[name].show()
        self._is_acting = False
        docks = [self._panels[name] for name in back]
        if docks:
            across, down = Qt.Orientation.Horizontal, Qt.Orientation.Vertical
            self._inner.resizeDocks(docks, [sizes[name].width() for name in back], across)
            self._inner.resizeDocks(docks, [sizes[name].height() for name in back], down)

    def _on_folded(self, name: str, on: bool) -> None:
        """By the user's hand: a choice for this room, which is remembered."""
        if self._is_acting or name not in self._wanted():
            return
        kept = self._kept(self._room)
        if on:
            kept.discard(name)
            self._folded.setdefault(name, self._panels[name].size())
        else:
            kept.add(name)
            self._folded.pop(name, None)
        self._memory.setValue(f"beside/{self._room}", " ".join(sorted(kept)))

    def _kept(self, room: str) -> set[str]:
        return set(str(self._memory.value(f"beside/{room}") or "").split())
