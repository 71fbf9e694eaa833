"""The fields for a key, an instrument and a track in the form."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget
from shiboken6 import isValid

from studio.api.values import BadInput, tr
from studio.ui.api import UNIT, ComboBox, Editor, KeyMenu, clear, entry, plain_text
from studio_music.core.instruments import program_title
from studio_music.core.keys import MODE_TITLES, SCALES, Key, parse_key
from studio_music.core.words import instrument_named
from studio_music.room.roll.model import SongModel
from studio_music.room.tracks.instrument_menu import fill_instruments

KEY_HINT, INSTRUMENT_HINT, TRACK_HINT = "music-key", "music-instrument", "music-track"


class KeyEditor(Editor):
    """A tonic and a mode; where no tonic is chosen, the key is left open."""

    def __init__(self) -> None:
        self.tonic, self.mode = ComboBox(), ComboBox()
        self.tonic.setAccessibleName(tr("Tonic"))
        self.mode.setAccessibleName(tr("Mode"))
        for name in SCALES:
            self.mode.addItem(tr(MODE_TITLES[name]), name)
        self._name_tonics("major")
        row = QWidget()
        line = QHBoxLayout(row)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(UNIT)
        line.addWidget(self.tonic, 1)
        line.addWidget(self.mode, 1)
        super().__init__(self.tonic, below=row)
        self.tonic.activated.connect(lambda _: self._tell())
        self.mode.activated.connect(lambda _: self._on_mode())
        self._enable()

    def show(self, value: Any) -> None:
        try:
            key = parse_key(value) if isinstance(value, str) and value.strip() else None
        except BadInput:
            key = None
        if key is not None:
            self._name_tonics(key.mode)
            self.mode.setCurrentIndex(self.mode.findData(key.mode))
        self.tonic.setCurrentIndex(0 if key is None else key.tonic + 1)
        self._enable()

    def _on_mode(self) -> None:
        self._name_tonics(self.mode.currentData())
        self._tell()

    def _name_tonics(self, mode: str) -> None:
        """As they are written in this mode."""
        chosen = max(0, self.tonic.currentIndex())
        self.tonic.clear()
        self.tonic.addItem(tr("What fits"))
        for tonic in range(12):
            self.tonic.addItem(Key(tonic, mode).tonic_name.replace("#", "♯").replace("b", "♭"))
        self.tonic.setCurrentIndex(chosen)

    def _tell(self) -> None:
        self._enable()
        tonic = self.tonic.currentIndex() - 1
        self.changed(Key(tonic, self.mode.currentData()).name if tonic >= 0 else "")

    def _enable(self) -> None:
        self.mode.setEnabled(self.tonic.currentIndex() > 0)


class InstrumentEditor(Editor):
    """An instrument of General MIDI by its name; empty leaves it to the mood."""

    def __init__(self) -> None:
        self.button = QPushButton()
        self.button.setAccessibleName(tr("Instrument"))
        self._program: int | None = None
        self.menu = KeyMenu(self.button)
        self.menu.aboutToShow.connect(self._fill)
        self.button.setMenu(self.menu)
        super().__init__(self.button, below=self.button)
        self.show("")

    def show(self, value: Any) -> None:
        self._program = None
        if isinstance(value, str) and value.strip():
            try:
                self._program = instrument_named(value)
            except BadInput:
                self._program = None
        title = tr("What fits") if self._program is None else tr(program_title(self._program))
        self.button.setText(plain_text(title))

    def _fill(self) -> None:
        clear(self.menu)
        entry(self.menu, tr("What fits"), lambda: self._choose(None))
        self.menu.addSeparator()
        fill_instruments(self.menu, self._program, self._choose)

    def _choose(self, program: int | None) -> None:
        name = "" if program is None else program_title(program)
        self.show(name)
        self.changed(name)


class TrackEditor(Editor):
    """One of the tracks of the song on the stage, by its number; empty leaves the choice to the generator."""

    def __init__(self, model: SongModel) -> None:
        self.choice = ComboBox()
        self.choice.setAccessibleName(tr("Track"))
        super().__init__(self.choice, below=self.choice)
        self._model, self._value = model, ""
        self.choice.activated.connect(lambda _: self._tell())
        model.changed.connect(self._on_song)
        self._fill()

    def show(self, value: Any) -> None:
        self._value = value.strip() if isinstance(value, str) else ""
        self._fill()

    def _on_song(self, *_: object) -> None:
        if isValid(self.choice):
            self._fill()

    def _fill(self) -> None:
        song = self._model.song
        names = [track.name for track in song.tracks] if song is not None else []
        self.choice.clear()
        self.choice.addItem(tr("What fits"), "")
        for number, name in enumerate(names, start=1):
            self.choice.addItem(name, str(number))
        known = self.choice.findData(self._value)
        if known < 0:  # a name, or a track of another song
            known = next((place for place, name in enumerate(names, start=1) if name == self._value), -1)
        if known < 0:
            self.choice.addItem(self._value, self._value)
            known = self.choice.count() - 1
        self.choice.setCurrentIndex(known)

    def _tell(self) -> None:
        self._value = self.choice.currentData()
        self.changed(self._value)
