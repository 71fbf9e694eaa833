"""Tempo, key and meter in the transport bar: each shows what the song has, and tells what the user wants."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QEvent, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QActionGroup, QValidator, QWheelEvent
from PySide6.QtWidgets import QDoubleSpinBox, QMenu, QPushButton, QSizePolicy

from studio.api.values import tr
from studio.ui.api import KeyMenu, clear, entry
from studio_music.core.keys import MODE_TITLES, SCALES, Key
from studio_music.core.meter import Meter, parse_meter

SLOWEST, FASTEST = 20.0, 400.0
_TURNED_MS = 250
"""After the last turn of the wheel the tempo counts as chosen: one step to undo for all of them."""
_METERS = ("2/4", "3/4", "4/4", "5/4", "6/4", "7/4", "2/2", "3/8", "6/8", "7/8", "9/8", "12/8")


class TempoField(QDoubleSpinBox):
    """Quarter notes per minute."""

    chosen = Signal(float)

    def __init__(self) -> None:
        super().__init__()
        self.setRange(SLOWEST, FASTEST)
        self.setDecimals(0)
        self.setSuffix(tr(" bpm"))
        self.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.lineEdit().setTextMargins(0, 0, 4, 0)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setKeyboardTracking(False)
        self.setAccessibleName(tr("Tempo"))
        self.setToolTip(tr("Tempo, in quarter notes per minute"))
        self._shown = 0.0
        self._timer = QTimer(self, singleShot=True, interval=_TURNED_MS)
        self._timer.timeout.connect(self._tell)
        self.valueChanged.connect(self._timer.start)
        self.editingFinished.connect(self._tell)

    def show_tempo(self, bpm: float) -> None:
        """Shows it, and tells nobody."""
        if self._timer.isActive():
            return  # the user is about to choose another
        self.blockSignals(True)
        self.setDecimals(0 if abs(bpm - round(bpm)) < 0.05 else 1)
        self.setValue(bpm)
        self._shown = self.value()
        self.blockSignals(False)

    def sizeHint(self) -> QSize:
        wide = self.fontMetrics().horizontalAdvance(f"888{self.suffix()}") + 24
        return QSize(wide, super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.FontChange:
            self.updateGeometry()

    def validate(self, text: str, place: int) -> tuple[QValidator.State, str, int]:
        own = self.locale().decimalPoint()
        other = "." if own == "," else ","
        return super().validate(text.replace(other, own), place)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()

    def _tell(self) -> None:
        self._timer.stop()
        if self.value() != self._shown:
            self._shown = self.value()
            self.chosen.emit(self.value())


class MenuField(QPushButton):
    """A button that says a value, with a menu of others."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._name = name
        self.setProperty("role", "compact")
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.list = KeyMenu(self)
        self.list.aboutToShow.connect(self._fill)
        self.setMenu(self.list)

    def say(self, words: str, tip: str) -> None:
        self.setText(words)
        self.setAccessibleName(f"{self._name}: {words}")
        self.setToolTip(tip)

    def fill(self) -> None:
        """Puts the entries into the empty menu."""
        raise NotImplementedError

    def _fill(self) -> None:
        clear(self.list)
        self.fill()


class KeyField(MenuField):
    """The key, with every other one by its mode."""

    chosen = Signal(Key)

    def __init__(self) -> None:
        super().__init__(tr("Key"))
        self._key = Key(0)
        self._keys = QActionGroup(self)
        self.moves = True
        """Whether notes and chords shall be transposed along."""
        self.show_key(self._key)

    def show_key(self, key: Key) -> None:
        self._key = key
        self.say(key_words(key), tr("The song's key"))

    def fill(self) -> None:
        moving = QAction(tr("&Transpose the notes along"), self.list, checkable=True, checked=self.moves)
        moving.toggled.connect(self._set_moves)
        self.list.addAction(moving)
        self.list.addSeparator()
        for tonic in range(12):
            self._add(self.list, Key(tonic, self._key.mode))
        self.list.addSeparator()
        for mode in SCALES:
            if mode == self._key.mode:
                continue
            made: QMenu = KeyMenu(tr(MODE_TITLES[mode]), self.list)
            self.list.addMenu(made)
            for tonic in range(12):
                self._add(made, Key(tonic, mode))

    def _add(self, menu: QMenu, key: Key) -> None:
        action = entry(menu, key_words(key), lambda: self.chosen.emit(key))
        action.setCheckable(True)
        action.setChecked(key == self._key)
        self._keys.addAction(action)

    def _set_moves(self, on: bool) -> None:
        self.moves = on


class MeterField(MenuField):
    chosen = Signal(Meter)

    def __init__(self) -> None:
        super().__init__(tr("Meter"))
        self._meter = Meter(4, 4)
        self.show_meter(self._meter)

    def show_meter(self, meter: Meter) -> None:
        self._meter = meter
        self.say(str(meter), tr("The song's meter"))

    def fill(self) -> None:
        own = str(self._meter)
        for words in _METERS if own in _METERS else (own, *_METERS):
            meter = parse_meter(words)
            action = entry(self.list, words, partial(self.chosen.emit, meter))
            action.setCheckable(True)
            action.setChecked(meter == self._meter)


def key_words(key: Key) -> str:
    """ "A minor", "F♯ Dorian", in the language of the window."""
    tonic = key.tonic_name.replace("#", "♯").replace("b", "♭")
    return tr("{tonic} {mode}", tonic=tonic, mode=tr(MODE_TITLES[key.mode]))
