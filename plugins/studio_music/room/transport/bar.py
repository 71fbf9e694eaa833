"""The transport bar."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from studio.api.values import tr
from studio.ui.api import UNIT, ElidedLabel, NarrowBar, locales
from studio_music.room.drawings import DrawingButton
from studio_music.room.transport.fields import KeyField, MeterField, TempoField
from studio_music.room.transport.meter import LevelMeter


class TransportBar(NarrowBar):
    """Buttons and numbers; it knows neither the song nor the player."""

    play_wanted = Signal()
    """To play, or to pause."""
    stop_wanted = Signal()
    start_wanted = Signal()
    loop_changed = Signal(bool)
    metronome_changed = Signal(bool)
    count_in_changed = Signal(bool)
    tracks_changed = Signal(bool)
    score_changed = Signal(bool)
    told_again = Signal(str)
    """Why nothing is heard: the user has asked."""

    def __init__(self) -> None:
        super().__init__()
        self._is_playing = False
        self._why_silent = ""
        self.to_start = DrawingButton("to-start", tr("To the start"))
        self.play = DrawingButton("resume", tr("Play"))
        self.stop = DrawingButton("stop", tr("Stop"))
        self.loop = DrawingButton("loop", tr("Loop: plays the marked bars again and again"), checkable=True)
        self.metronome = DrawingButton("metronome", tr("Metronome"), checkable=True)
        self.count_in = DrawingButton("count-in", tr("Counts in one bar before it plays"), checkable=True)
        self.place = _Digits(tr("Position: bar and beat"), "888.8")
        self.place.setProperty("role", "heading")
        self.time = _Digits(tr("Position: time"), "88:88.8 / 88:88")
        self.time.setProperty("role", "small")
        self.tempo, self.key, self.meter = TempoField(), KeyField(), MeterField()
        self.level = LevelMeter()
        self.silence = ElidedLabel("", "small")
        self.silent = DrawingButton("silent", "")
        self.silent.clicked.connect(lambda: self.told_again.emit(self._why_silent))
        self.tracks = DrawingButton("tracks", tr("Tracks and mixer"), checkable=True)
        self.score = DrawingButton("score", tr("Score"), checkable=True)
        self._build()
        self.play.clicked.connect(lambda: self.play_wanted.emit())
        self.stop.clicked.connect(lambda: self.stop_wanted.emit())
        self.to_start.clicked.connect(lambda: self.start_wanted.emit())
        for one, tell in (
            (self.loop, self.loop_changed),
            (self.metronome, self.metronome_changed),
            (self.count_in, self.count_in_changed),
            (self.tracks, self.tracks_changed),
            (self.score, self.score_changed),
        ):
            one.clicked.connect(tell)

    def _build(self) -> None:
        row = self._row
        row.setSpacing(UNIT // 2)
        for button in (self.to_start, self.play, self.stop, self.loop):
            row.addWidget(button)
        self._gaps: list[QWidget] = []
        for group in (
            (self.place, self.time),
            (self.tempo, self.key, self.meter),
            (self.metronome, self.count_in),
        ):
            self._gap()
            for part in group:
                row.addWidget(part)
        row.addWidget(self.silence, 1)
        row.addWidget(self.silent)
        row.addWidget(self.level)
        self._gap()
        row.addWidget(self.tracks)
        row.addWidget(self.score)

    def _gap(self) -> None:
        line = QWidget()
        line.setFixedWidth(UNIT // 2)
        self._gaps.append(line)
        self._row.addWidget(line)

    # What it shows -----------------------------------------------------------------------------------------

    @property
    def is_playing(self) -> bool:
        return self._is_playing

    def show_playing(self, on: bool) -> None:
        if on != self._is_playing:
            self._is_playing = on
            self.play.show_drawing("pause" if on else "resume")
            self.play.say(tr("Pause") if on else tr("Play"))

    def show_place(self, bar: int, beat: int, seconds: float, whole: float) -> None:
        """Bar and beat are counted from 1."""
        self.place.setText(f"{bar}.{beat}")
        self.time.setText(f"{clock(seconds, tenths=True)} / {clock(whole)}")

    def say_silence(self, words: str) -> None:
        """Why nothing is heard; "" if it can be."""
        self._why_silent = words
        self.silent.say(words)
        self.share_room()

    def color(self) -> None:
        """The parts color themselves."""

    def minimumSizeHint(self) -> QSize:
        """Its parts give way."""
        return QSize(30 * UNIT, super().minimumSizeHint().height())

    # Room --------------------------------------------------------------------------------------------------

    def share_room(self) -> None:
        """What matters least goes first where there is no room for all."""
        optional: Sequence[QWidget] = (
            self.level,
            self.time,
            self.count_in,
            self.to_start,
            self.metronome,
            self.meter,
            self.key,
        )
        margins = self._row.contentsMargins()
        room = self.width() - margins.left() - margins.right()
        every = self.findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly)
        words = self._why_silent
        said = self.fontMetrics().horizontalAdvance(words) + UNIT
        apart = (self.silence, self.silent)
        parts = [part for part in every if self._row.indexOf(part) >= 0 and part not in apart]
        needed = sum(part.sizeHint().width() if part not in self._gaps else part.width() for part in parts)
        needed += self._row.spacing() * len(parts)
        self.silent.setVisible(bool(words) and needed + said > room)
        if not self.silent.isHidden():
            needed += self.silent.width() + self._row.spacing()
        self.silence.setText(words if self.silent.isHidden() else "")
        gone: list[QWidget] = []
        for part in optional:
            if needed > room:
                gone.append(part)
                needed -= part.sizeHint().width() + self._row.spacing()
        for part in reversed(gone):  # a wide part may have made room for a narrow one
            width = part.sizeHint().width() + self._row.spacing()
            if needed + width <= room:
                gone.remove(part)
                needed += width
        for part in optional:
            part.setVisible(part not in gone)


class _Digits(QLabel):
    """Digits of one width each, so that nothing moves while they run; as wide as `widest`."""

    def __init__(self, name: str, widest: str) -> None:
        super().__init__()
        self._widest = widest
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setAlignment(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setToolTip(name)
        self.setAccessibleName(name)
        self._even()

    def sizeHint(self) -> QSize:
        return QSize(self.fontMetrics().horizontalAdvance(self._widest) + 4, super().sizeHint().height())

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.FontChange:
            self._even()

    def _even(self) -> None:
        font = self.font()
        tabular = QFont.Tag("tnum")
        if font.featureValue(tabular) != 1:
            font.setFeature(tabular, 1)
            self.setFont(font)
            self.updateGeometry()


def clock(seconds: float, *, tenths: bool = False) -> str:
    """1:07, or 1:07.3."""
    whole = int(seconds)
    words = f"{whole // 60}:{whole % 60:02d}"
    if tenths:
        words += f"{locales.number(0.5, 1)[1]}{int(seconds * 10) % 10}"
    return words
