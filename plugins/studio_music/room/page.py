"""The middle of the window for music: what to do first, a song, or several beside each other."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QHideEvent, QKeyEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from studio.api.values import tr, trn
from studio.ui.api import UNIT, EmptyState, Theme, button, local_files, renew_tab_order
from studio_music.room.acts_bar import ActsBar
from studio_music.room.job_strip import JobStrip
from studio_music.room.transport.bar import TransportBar

if TYPE_CHECKING:
    from studio_music.room.compare.pane import ComparePane
    from studio_music.room.roll.model import SongModel
    from studio_music.room.roll.roll import Roll
    from studio_music.room.score_pane.pane import ScorePane
    from studio_music.room.tracks.panel import TracksPanel

_BESIDE = 150 * UNIT
"""From this width on the score stands beside the roll, else below it."""
_WITH_TRACKS = 84 * UNIT
"""From this width on the tracks are shown, unless the user decides."""
_ONE_ABOVE_OTHER = 64 * UNIT
"""Below this height, where the score has no room beside the roll, it takes the roll's place."""
AUDIO = frozenset({".wav", ".flac", ".ogg", ".mp3", ".aif", ".aiff"})
"""Endings of recordings that can become notes."""


class MusicPage(QWidget):
    """Its parts are made with the first song."""

    built = Signal()
    """There are `roll` and `tracks` now."""
    audio_dropped = Signal(object)
    """(Path): a recording was dropped onto the stage."""
    score_shown = Signal(bool)
    seen = Signal(bool)
    """It comes onto the screen, or leaves it."""

    def __init__(self, model: SongModel, theme: Callable[[], Theme]) -> None:
        super().__init__()
        self._model, self._theme = model, theme
        self.is_built = False
        self.tracks_wanted: bool | None = None
        """Whether the user wants to see them; None while nobody said so."""
        self.setProperty("role", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAcceptDrops(True)
        self.empty = EmptyState(
            tr("No song yet"),
            tr("Compose one from a mood and chords, open one in the gallery, or drop a MIDI file here."),
        )
        self.compose = button(tr("Compose"))
        """Does what the form's button does, which has the accent."""
        self.empty.offer(self.compose)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.empty)
        self.strip = JobStrip()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._stack, 1)
        column.addWidget(self.strip)

    def tell_bars(self, count: int | None) -> None:
        """How long the first song will be; None where the form does not say it."""
        words = trn("Compose one bar", "Compose {count} bars", count) if count else tr("Compose")
        self.compose.setText(words)

    # Parts -------------------------------------------------------------------------------------------------

    @cached_property
    def transport(self) -> TransportBar:
        return TransportBar()

    @cached_property
    def acts(self) -> ActsBar:
        return ActsBar()

    @cached_property
    def roll(self) -> Roll:
        from studio_music.room.roll.roll import Roll

        return Roll(self._model, self._theme())

    @cached_property
    def tracks(self) -> TracksPanel:
        from studio_music.room.roll.colors import track_color
        from studio_music.room.tracks.panel import TracksPanel

        return TracksPanel(lambda place: track_color(self._theme(), place))

    @cached_property
    def score(self) -> ScorePane:
        """Made when it is wanted first."""
        from studio_music.room.score_pane.pane import ScorePane

        made = ScorePane()
        self._split.addWidget(made)
        return made

    @property
    def has_score(self) -> bool:
        return "score" in self.__dict__

    @cached_property
    def comparison(self) -> ComparePane:
        from studio_music.room.compare.pane import ComparePane

        made = ComparePane(self._theme)
        self._stack.addWidget(made)
        return made

    @property
    def has_comparison(self) -> bool:
        return "comparison" in self.__dict__

    def build(self) -> None:
        """Makes what a song is shown with, if it is not there."""
        if self.is_built:
            return
        from studio_music.room.roll.toolbar import RollBar

        self.is_built = True
        self._song = QWidget()
        column = QVBoxLayout(self._song)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self._work = QWidget()
        inner = QVBoxLayout(self._work)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(0)
        inner.addWidget(RollBar(self.roll))
        inner.addWidget(self.roll, 1)
        self._split = _split(Qt.Orientation.Horizontal)
        self._split.addWidget(self._work)
        self._across = _split(Qt.Orientation.Horizontal)
        self._across.addWidget(self.tracks)
        self._across.addWidget(self._split)
        self._across.setStretchFactor(0, 0)
        self._across.setStretchFactor(1, 1)
        column.addWidget(self.transport)
        column.addWidget(self.acts)
        column.addWidget(self._across, 1)
        self._stack.addWidget(self._song)
        self._show_tracks(self.width() >= _WITH_TRACKS)
        self.built.emit()
        if self.window().isVisible():
            renew_tab_order(self)

    # What is shown -----------------------------------------------------------------------------------------

    def show_empty(self) -> None:
        self._stack.setCurrentWidget(self.empty)

    def show_song(self) -> None:
        self.build()
        self._stack.setCurrentWidget(self._song)
        self.setFocusProxy(self.roll)

    def show_comparison(self) -> None:
        self._stack.setCurrentWidget(self.comparison)
        self.setFocusProxy(self.comparison)

    @property
    def shows_song(self) -> bool:
        return self.is_built and self._stack.currentWidget() is self._song

    @property
    def shows_comparison(self) -> bool:
        return self.has_comparison and self._stack.currentWidget() is self.comparison

    @property
    def shows_tracks(self) -> bool:
        return self.is_built and not self.tracks.isHidden()

    @property
    def shows_score(self) -> bool:
        return self.has_score and not self.score.isHidden()

    def show_tracks(self, on: bool | None) -> None:
        """As the user wants it; None where nobody has said so yet."""
        self.tracks_wanted = on
        self._show_tracks(self.width() >= _WITH_TRACKS if on is None else on)

    def _show_tracks(self, on: bool) -> None:
        self.tracks.setVisible(on)
        self.transport.tracks.set_on(on)
        if on:
            wide = self.tracks.sizeHint().width()
            self._across.setSizes([wide, max(1, self.width() - wide)])

    def show_score(self, on: bool) -> None:
        if on or self.has_score:
            self.score.setVisible(on)
        self.transport.score.set_on(on)
        self._turn(fresh=on)
        if on and self.window().isVisible():
            renew_tab_order(self)
        self.score_shown.emit(on)

    def minimumSizeHint(self) -> QSize:
        return QSize(44 * UNIT, 32 * UNIT)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.seen.emit(True)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.seen.emit(False)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self.is_built:
            self._share_width()
            self._turn()

    def _share_width(self) -> None:
        """Tracks are shown where there is room, as long as the user has not decided."""
        fits = self.width() >= _WITH_TRACKS
        if self.tracks_wanted is None and fits != self.shows_tracks:
            self._show_tracks(fits)

    def _turn(self, *, fresh: bool = False) -> None:
        """The score beside the roll where there is room, else below it, or in its place."""
        if not self.has_score:
            return
        wide = self.width() >= _BESIDE
        self._work.setVisible(wide or not self.shows_score or self.height() >= _ONE_ABOVE_OTHER)
        way = Qt.Orientation.Horizontal if wide else Qt.Orientation.Vertical
        if fresh or self._split.orientation() != way:
            self._split.setOrientation(way)
            whole = self._split.width() if wide else self._split.height()
            roll = whole * 58 // 100
            self._split.setSizes([roll, whole - roll])

    # Hands -------------------------------------------------------------------------------------------------

    def event(self, event: QEvent) -> bool:
        """A button that the keyboard has reached is pressed by the space bar; else that plays."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride:
            focus = QApplication.focusWidget()
            plain = event.modifiers() == Qt.KeyboardModifier.NoModifier
            is_button = isinstance(focus, QAbstractButton) and not focus.property("byMouse")
            if plain and event.key() == Qt.Key.Key_Space and is_button:
                event.accept()
                return True
        return super().event(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Recordings are taken here; all else is left to the window."""
        if _recording(event) is not None:
            event.acceptProposedAction()
        else:
            event.ignore()

    def dropEvent(self, event: QDropEvent) -> None:
        file = _recording(event)
        if file is not None:
            event.acceptProposedAction()
            self.audio_dropped.emit(file)


def _recording(event: QDropEvent) -> Path | None:
    files = local_files(event.mimeData().urls())
    return files[0] if len(files) == 1 and files[0].suffix.lower() in AUDIO else None


def _split(way: Qt.Orientation) -> QSplitter:
    made = QSplitter(way)
    made.setChildrenCollapsible(False)
    made.setHandleWidth(4)
    return made
