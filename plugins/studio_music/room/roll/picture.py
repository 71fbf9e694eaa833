"""The picture of the field: backdrop and notes, kept until something on it is another."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QImage, QPainter

from studio_music.room.roll.arrays import NoteArrays
from studio_music.room.roll.backdrop import paint_backdrop
from studio_music.room.roll.colors import readable_on
from studio_music.room.roll.raster import Frame, Layer, paint_notes, pixels_of
from studio_music.room.roll.state import RollState
from studio_music.room.roll.words import pitch_name

_MOST_NAMES = 600
"""Names of pitches that are written into notes at most."""


class FieldPicture:
    """An image of the size of the field. `paint` brings it up to date."""

    def __init__(self, state: RollState) -> None:
        self._state = state
        self._back = self._front = QImage()
        self._backdrop_stale = self._notes_stale = True
        self.preview: NoteArrays | None = None
        """Notes that a hand moves now; they look selected."""
        self.hidden: np.ndarray | None = None
        """Mask of the active track's notes that are not drawn meanwhile."""
        self.marked: np.ndarray | None = None
        """Mask of those that a rubber band would choose; None: those that are chosen."""

    def renew(self, *, backdrop: bool = False) -> None:
        """Something is another: the notes, or with `backdrop` everything."""
        self._notes_stale = True
        self._backdrop_stale = self._backdrop_stale or backdrop

    def paint(self) -> QImage:
        """The picture as it is now."""
        view = self._state.view
        wide, high = round(view.width * view.ratio), round(view.height * view.ratio)
        if (self._back.width(), self._back.height()) != (wide, high):
            self._back = QImage(wide, high, QImage.Format.Format_RGB32)
            self._front = QImage(wide, high, QImage.Format.Format_RGB32)
            self._backdrop_stale = True
        if self._backdrop_stale:
            paint_backdrop(pixels_of(self._back)[:, :wide], self._state)
        if self._backdrop_stale or self._notes_stale:
            self._paint_notes(wide)
        self._backdrop_stale = self._notes_stale = False
        return self._front

    def _paint_notes(self, wide: int) -> None:
        view = self._state.view
        self._front.setDevicePixelRatio(1)
        pixels, behind = pixels_of(self._front)[:, :wide], pixels_of(self._back)[:, :wide]
        np.copyto(pixels, behind)
        frame = Frame(
            view.per_tick,
            round(view.left * view.ratio),
            round(view.top * view.ratio),
            round(view.row * view.ratio),
            view.ratio,
        )
        layers = self.layers()
        paint_notes(pixels, behind, layers, frame)
        self._front.setDevicePixelRatio(view.ratio)
        self._name_notes(layers[-2:])

    def layers(self) -> list[Layer]:
        """All notes by how they look: other tracks, then the active one, then what is chosen of it."""
        state, song = self._state, self._state.song
        if song is None:
            return []
        made = []
        active = state.model.active
        soloed = any(track.solo for track in song.tracks)
        for place, track in enumerate(song.tracks):
            if place != active and place not in state.hidden and track.is_drums == state.is_drums:
                silent = track.muted or (soloed and not track.solo)
                made.append(Layer(state.arrays[place], *state.ink.others(place, muted=silent)))
        notes = state.active
        chosen = self.marked if self.marked is not None else state.chosen_mask
        shown = np.ones(len(notes), bool) if self.hidden is None else ~self.hidden
        made.append(Layer(notes.picked(shown & ~chosen), *state.ink.notes(active)))
        front = (
            notes.picked(shown & chosen)
            if self.preview is None
            else _both(notes.picked(shown & chosen), self.preview)
        )
        made.append(Layer(front, *state.ink.chosen(active)))
        return made

    def _name_notes(self, layers: list[Layer]) -> None:
        """Writes pitches into notes that have room for them."""
        state, view = self._state, self._state.view
        size = min(state.ink.theme.small_px - 1, int(view.row * 0.72))
        if size < 9 or state.is_drums:
            return
        font = QFont()
        font.setPixelSize(size)
        metrics = QFontMetricsF(font)
        room = metrics.horizontalAdvance("G♯4") + 8
        start, end = view.visible()
        low, high = view.pitch_at(view.height), view.pitch_at(0)
        with QPainter(self._front) as painter:
            painter.setFont(font)
            for layer in layers:
                notes = layer.notes
                seen = notes.between(start, end, low, high)
                seen &= (notes.ends - notes.starts) * view.per_tick >= room
                for note in notes.picked(np.flatnonzero(seen)[:_MOST_NAMES]).notes():
                    painter.setPen(readable_on(QColor.fromRgb(int(layer.fill[note.velocity]))))
                    x = max(view.x_of(note.start), 0.0)
                    box = QRectF(x + 4, view.y_of(note.pitch), view.x_of(note.end) - x - 6, view.row - 1)
                    if box.width() >= room - 8:
                        name = pitch_name(note.pitch, state.key_at(note.start))
                        painter.drawText(
                            box, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, name
                        )


def _both(first: NoteArrays, second: NoteArrays) -> NoteArrays:
    if not len(first):
        return second
    pairs = zip(
        (first.starts, first.ends, first.pitches, first.velocities),
        (second.starts, second.ends, second.pitches, second.velocities),
        strict=True,
    )
    return NoteArrays(*(np.concatenate(pair) for pair in pairs)) if len(second) else first
