"""The fields for a key and for an instrument in the form."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from studio.api.values import BadInput, tr
from studio.ui.api import UNIT, ComboBox, Editor, KeyMenu, clear, entry, plain_text
from studio_music.core.instruments import program_title
from studio_music.core.keys import MODE_TITLES, SCALES, Key, parse_key
from studio_music.core.words import instrument_named
from studio_music.room.tracks.instrument_menu import fill_instruments

KEY_HINT, INSTRUMENT_HINT = "music-key", "music-instrument"


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
