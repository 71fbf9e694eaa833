"""All tracks below each other, to choose the active one and to mix them."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QScrollArea, QVBoxLayout, QWidget

from studio.api.values import mark, stored, tr
from studio.ui.api import UNIT, IconButton, KeyMenu, clear, entry, label, renew_tab_order
from studio_music.core.song import MOST_TRACKS, Song
from studio_music.room.tracks.strip import TrackStrip

WIDE = 27 * UNIT


class TracksPanel(QFrame):
    """Shows a song's tracks, and tells what the user wants of them: it changes nothing itself."""

    activated = Signal(int)
    """Place of the track that notes are drawn in."""
    changed = Signal(int, str, dict)
    """(place, title of the step, fields of the track with their new values)."""
    mix_moved = Signal(int, dict)
    """(place, volume, pan or reverb): while a fader is moved, to be heard at once."""
    add_wanted = Signal(bool)
    """Whether for drums."""
    duplicate_wanted = Signal(int)
    remove_wanted = Signal(int)
    move_wanted = Signal(int, int)
    """(from where, to where)."""

    def __init__(self, color_of: Callable[[int], QColor]) -> None:
        """`color_of` is the color of the track at a place."""
        super().__init__()
        self._color_of = color_of
        self.strips: list[TrackStrip] = []
        self.active = 0
        self.setProperty("role", "panel")
        self.setAccessibleName(tr("Tracks"))
        self.add = IconButton("add", tr("Add a track"))
        self.add_menu = KeyMenu(self.add)
        entry(self.add_menu, tr("&Instrument"), lambda: self.add_wanted.emit(False))
        entry(self.add_menu, tr("&Drums"), lambda: self.add_wanted.emit(True))
        self.add.clicked.connect(
            lambda: self.add_menu.popup(self.add.mapToGlobal(self.add.rect().bottomLeft()))
        )
        head = QHBoxLayout()
        head.setContentsMargins(UNIT + 4, UNIT // 2, UNIT // 2, 0)
        head.addWidget(label(tr("Tracks"), "group"), 1)
        head.addWidget(self.add)
        self._inside = QWidget()
        self._column = QVBoxLayout(self._inside)
        self._column.setContentsMargins(UNIT // 2, 0, UNIT // 2, UNIT)
        self._column.setSpacing(2)
        self._column.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidget(self._inside)
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.area = scroll
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(UNIT // 2)
        column.addLayout(head)
        column.addWidget(scroll, 1)

    def sizeHint(self) -> QSize:
        return QSize(WIDE, 40 * UNIT)

    def minimumSizeHint(self) -> QSize:
        return QSize(22 * UNIT, 16 * UNIT)

    def show_song(self, song: Song) -> None:
        """Strips are kept as far as there are tracks for them."""
        fresh = len(self.strips) != len(song.tracks)
        while len(self.strips) > len(song.tracks):
            gone = self.strips.pop()
            self._column.removeWidget(gone)
            gone.hide()
            gone.deleteLater()
        for place, track in enumerate(song.tracks):
            if place < len(self.strips):
                self.strips[place].show_track(track, self._color_of(place))
            else:
                strip = TrackStrip(track, self._color_of(place))
                self.strips.append(strip)
                self._column.insertWidget(place, strip)
                self._connect(place, strip)
        self.add.setEnabled(len(song.tracks) < MOST_TRACKS)
        self.show_active(min(self.active, max(0, len(self.strips) - 1)))
        if fresh and self.window().isVisible():
            renew_tab_order(self)

    def show_active(self, place: int) -> None:
        self.active = place
        for number, strip in enumerate(self.strips):
            strip.set_active(number == place)
        if place < len(self.strips) and self.isVisible():
            self.area.ensureWidgetVisible(self.strips[place], 0, UNIT)

    def _connect(self, place: int, strip: TrackStrip) -> None:
        tell = partial(self._tell, place)
        strip.activated.connect(lambda: self.activated.emit(place))
        strip.step_wanted.connect(partial(self._step, place))
        strip.renamed.connect(lambda name: tell(stored(mark("Name of a track")), name=name))
        strip.instrument_chosen.connect(lambda program: tell(stored(mark("Instrument")), program=program))
        strip.mute_changed.connect(lambda on: tell(stored(mark("Mute")), muted=on))
        strip.solo_changed.connect(lambda on: tell(stored(mark("Solo")), solo=on))
        strip.mix_moved.connect(lambda name, value: self.mix_moved.emit(place, {name: value}))
        strip.mix_chosen.connect(lambda name, value: tell(stored(_MIX[name]), **{name: value}))
        strip.menu_wanted.connect(partial(self._fill_menu, place))

    def _tell(self, place: int, title: str, **fields: object) -> None:
        self.changed.emit(place, title, fields)

    def _fill_menu(self, place: int, menu: QMenu) -> None:
        clear(menu)
        last = len(self.strips) - 1
        entry(menu, tr("Re&name"), self.strips[place].begin_naming)
        entry(
            menu,
            tr("&Duplicate"),
            lambda: self.duplicate_wanted.emit(place),
            on=len(self.strips) < MOST_TRACKS,
        )
        entry(menu, tr("Move &up"), lambda: self.move_wanted.emit(place, place - 1), on=place > 0)
        entry(menu, tr("Move d&own"), lambda: self.move_wanted.emit(place, place + 1), on=place < last)
        menu.addSeparator()
        entry(menu, tr("&Remove"), lambda: self.remove_wanted.emit(place))

    def _step(self, place: int, step: int) -> None:
        """The keys up and down choose a track."""
        there = min(max(place + step, 0), len(self.strips) - 1)
        self.activated.emit(there)
        self.strips[there].setFocus()

    def recolor(self) -> None:
        """After another theme came."""
        for place, strip in enumerate(self.strips):
            strip.show_track(strip.track, self._color_of(place))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.PaletteChange:
            self.recolor()


_MIX = {
    "volume": mark("Volume"),
    "pan": mark("Pan"),
    "reverb": mark("Reverb"),
}
