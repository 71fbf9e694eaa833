"""The lane below the ruler that shows how the song sounds: its waveform."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QHideEvent, QMouseEvent, QPainter, QShowEvent
from PySide6.QtWidgets import QWidget

from studio.api.values import tr
from studio_music.core.song import Song
from studio_music.room.roll.backdrop import blend, grid_columns, packed
from studio_music.room.roll.colors import mix
from studio_music.room.roll.pixel_lane import PixelLane
from studio_music.room.roll.state import RollState
from studio_music.room.roll.wave import Wave

_LANE_PX = 38
_MARGIN_PX = 2
_SOFTEST = 0.1
"""The wave is as high as the lane where it is loudest; in a song that is softer than this it is lower."""
_DIMMED = 0.72
"""How much of the ground is in what is not true any more."""


class WaveLane(PixelLane):
    """Follows the field's zoom and scroll. A click plays from there. Others compute the wave, and `take` it
    here."""

    seek_wanted = Signal(int)
    seen = Signal(bool)
    """It comes onto the screen, or leaves it."""
    outdated = Signal(bool)
    """The song sounds otherwise than the wave shows it; whether it is another song."""

    def __init__(self, state: RollState, parent: QWidget | None = None) -> None:
        super().__init__(state, parent)
        self.wave = Wave()
        self._is_pressed = False
        self._is_fresh = False
        """Another song comes, not an edit."""
        state.model.begun.connect(self._on_begun)
        state.model.changed.connect(self._follow)
        self._follow(state.song)
        self.setAccessibleName(tr("Waveform"))
        self.setToolTip(tr("The waveform of the song. Click to play from here."))
        for something in (state.bars_changed, state.grid_changed):
            something.connect(self.renew)

    def sizeHint(self) -> QSize:
        return QSize(400, self.state.ink.theme.px(_LANE_PX))

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.seen.emit(True)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.seen.emit(False)

    def take(self, first: int, bins: int, seconds: float, values: np.ndarray) -> None:
        """Some of the wave, as `Wave.take`."""
        self.wave.take(first, bins, seconds, values)
        self.renew()

    def doubt(self) -> None:
        """All of it sounds otherwise now: with another sound font."""
        self.wave.doubt()
        self.renew()
        self.outdated.emit(False)

    def _on_begun(self) -> None:
        self._is_fresh = True

    def _follow(self, song: Song | None) -> None:
        fresh, self._is_fresh = self._is_fresh, False
        if self.wave.follow(song, fresh=fresh):
            self.renew()
            self.outdated.emit(fresh)

    # Painting ----------------------------------------------------------------------------------------------

    def draw(self, painter: QPainter) -> None:
        super().draw(painter)
        painter.fillRect(0, self.height() - 1, self.width(), 1, self.state.ink.bar_line)

    def _paint(self, pixels: np.ndarray, ratio: float) -> None:
        state, ink, song = self.state, self.state.ink, self.state.song
        if song is None:
            pixels[:] = packed(ink.beyond)
            return
        height, width = pixels.shape
        line = np.full(width, packed(ink.field), np.uint32)
        end = grid_columns(line[None], state, song)
        ticks = (np.arange(width + 1) / ratio + state.view.left) / state.view.per_tick
        low, high, true = self.wave.columns(ticks)
        middle, most = (height - ratio) / 2, (height - ratio) / 2 - _MARGIN_PX * ratio
        most /= max(self.wave.loudest, _SOFTEST)
        tops = np.rint(middle - high * most)
        stops = np.rint(middle - low * most)
        stops[:end] = np.maximum(stops[:end], tops[:end] + 1)  # silence is a line
        rows = np.arange(height)[:, None]
        color = mix(ink.accent, ink.text, 0.15)
        inks = np.where(true, packed(color), blend(line, color, 1 - _DIMMED))
        pixels[:] = np.where((rows >= tops) & (rows < stops), inks, line)

    # The pointer -------------------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._is_pressed = event.button() == Qt.MouseButton.LeftButton

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """As on the ruler: on the grid, and freely with Alt."""
        song = self.state.song
        if event.button() != Qt.MouseButton.LeftButton or not self._is_pressed or song is None:
            return
        self._is_pressed = False
        free = bool(event.modifiers() & Qt.KeyboardModifier.AltModifier)
        tick = min(max(self.state.view.tick_at(event.position().x()), 0), song.length)
        self.seek_wanted.emit(round(tick) if free else self.state.grid.snapped(song, tick))
