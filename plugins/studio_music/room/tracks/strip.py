"""One track in the panel."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
)
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QPushButton, QSizePolicy, QVBoxLayout

from studio.api.values import tr
from studio.ui.api import RADIUS, UNIT, ElidedLabel, IconButton, KeyMenu
from studio_music.core.song import Track
from studio_music.room.tracks.instrument_menu import InstrumentButton
from studio_music.room.tracks.mix import Fader, NamedFader, PanFader

_COLOR_WIDE = 4
_AROUND = 20
"""Pixels of a switch that are not for its letter."""


class NameField(QLineEdit):
    """The track's name, where it is being changed."""

    left = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)


class TrackStrip(QFrame):
    """Name, instrument, mute and solo, volume; of the active track pan and reverb too."""

    activated = Signal()
    step_wanted = Signal(int)
    """To the strip so many places further down."""
    renamed = Signal(str)
    instrument_chosen = Signal(int)
    """Program; of a drum track that of a kit."""
    mute_changed = Signal(bool)
    solo_changed = Signal(bool)
    mix_moved = Signal(str, int)
    """(volume, pan or reverb; its value): while a fader is moved."""
    mix_chosen = Signal(str, int)
    menu_wanted = Signal(object)
    """(QMenu): to be filled with what can be done to the track."""

    def __init__(self, track: Track, color: QColor) -> None:
        super().__init__()
        self.track = track
        self._tint = color
        self.is_active = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.name = ElidedLabel(track.name, "strong")
        self.field = NameField()
        self.field.hide()
        self.field.editingFinished.connect(self._rename)
        self.field.left.connect(self._stop_naming)
        self.mute = _Letter(tr("M"), tr("Mute"))
        self.solo = _Letter(tr("S"), tr("Solo: only such tracks are heard"))
        self.mute.clicked.connect(self.mute_changed)
        self.solo.clicked.connect(self.solo_changed)
        self.more = IconButton("more", tr("More"))
        self.menu = KeyMenu(self.more)
        self.menu.aboutToShow.connect(lambda: self.menu_wanted.emit(self.menu))
        self.more.clicked.connect(self._open_menu)
        self.instrument = InstrumentButton()
        self.instrument.chosen.connect(self.instrument_chosen)
        self.faders = {
            "volume": Fader(tr("Volume"), 100),
            "pan": PanFader(),
            "reverb": Fader(tr("Reverb"), 40),
        }
        for name, fader in self.faders.items():
            fader.moved.connect(lambda value, name=name: self.mix_moved.emit(name, value))
            fader.settled.connect(lambda value, name=name: self.mix_chosen.emit(name, value))
        self._build()
        self.show_track(track, color)

    def _build(self) -> None:
        words = {"volume": tr("Volume"), "pan": tr("Pan"), "reverb": tr("Reverb")}
        wide = max(self.fontMetrics().horizontalAdvance(one) for one in words.values())
        self.rows = {name: NamedFader(self.faders[name], words[name], wide) for name in words}
        head = QHBoxLayout()
        head.setSpacing(UNIT // 2)
        head.addWidget(self.name, 1)
        head.addWidget(self.field, 1)
        head.addWidget(self.mute)
        head.addWidget(self.solo)
        head.addWidget(self.more)
        column = QVBoxLayout(self)
        column.setContentsMargins(UNIT + _COLOR_WIDE, UNIT // 2, UNIT // 2, UNIT // 2)
        column.setSpacing(2)
        column.addLayout(head)
        column.addWidget(self.instrument)
        for row in self.rows.values():
            column.addWidget(row)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def show_track(self, track: Track, color: QColor) -> None:
        self.track, self._tint = track, color
        self.name.setText(track.name or tr("Track"))
        self.instrument.show_instrument(track.program, is_drums=track.is_drums)
        self.mute.setChecked(track.muted)
        self.solo.setChecked(track.solo)
        for name, fader in self.faders.items():
            if not fader.isSliderDown():
                fader.show_value(getattr(track, name))
        self.setAccessibleName(tr("Track {name}", name=track.name))
        self.update()

    def set_active(self, on: bool) -> None:
        self.is_active = on
        for name in ("pan", "reverb"):
            self.rows[name].setVisible(on)
        self.update()

    def begin_naming(self) -> None:
        """Puts a field in the place of the name."""
        self.field.setText(self.track.name)
        self.name.hide()
        self.field.show()
        self.field.selectAll()
        self.field.setFocus()

    def _rename(self) -> None:
        if self.field.isHidden():
            return
        name = " ".join(self.field.text().split())[:80]
        self._stop_naming()
        if name and name != self.track.name:
            self.renamed.emit(name)

    def _stop_naming(self) -> None:
        self.field.hide()
        self.name.show()

    def _open_menu(self) -> None:
        self.activated.emit()
        self.menu.popup(self.more.mapToGlobal(self.more.rect().bottomLeft()))

    # Hands -------------------------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.activated.emit()
        super().mousePressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if self.name.geometry().contains(event.position().toPoint()):
            self.begin_naming()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.activated.emit()
        self.menu.popup(event.globalPos())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.activated.emit()
        elif event.key() == Qt.Key.Key_F2:
            self.begin_naming()
        elif event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.step_wanted.emit(1 if event.key() == Qt.Key.Key_Down else -1)
        else:
            super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.PaletteChange:
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        colors = self.palette()
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            area = self.rect()
            if self.is_active:
                painter.setBrush(colors.base())
                painter.drawRoundedRect(area, RADIUS, RADIUS)
            painter.setBrush(self._tint)
            painter.setOpacity(0.35 if self.track.muted else 1.0)
            painter.drawRoundedRect(QRect(2, 6, _COLOR_WIDE, area.height() - 12), 2, 2)
            painter.setOpacity(1.0)
            if self.hasFocus():
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.setPen(colors.accent().color())
                painter.drawRoundedRect(area.adjusted(0, 0, -1, -1), RADIUS, RADIUS)


class _Letter(QPushButton):
    """A switch that is a letter."""

    def __init__(self, text: str, name: str) -> None:
        super().__init__(text)
        self.setProperty("role", "segment")
        self.setCheckable(True)
        self.setToolTip(name)
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        metrics = self.fontMetrics()
        return QSize(max(30, metrics.horizontalAdvance(self.text()) + _AROUND), max(26, metrics.height() + 8))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()
