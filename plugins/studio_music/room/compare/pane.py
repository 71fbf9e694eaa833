"""Songs below each other, each with a button to hear it at the place where the one before was."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from studio.api.values import tr, trn
from studio.ui.api import UNIT, ElidedLabel, Item, Theme, button, label, renew_tab_order, restyle
from studio_music.core.song import Song
from studio_music.room.compare.mini_roll import MiniRoll
from studio_music.room.drawings import DrawingButton
from studio_music.room.roll.colors import track_color
from studio_music.room.transport.bar import clock
from studio_music.room.transport.fields import key_words


@dataclass(frozen=True)
class Compared:
    item: Item
    song: Song


class _Card(QFrame):
    def __init__(self, compared: Compared, letter: str, color_of: Callable[[int], QColor]) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self.play = DrawingButton("resume", tr("Play “{name}”", name=compared.item.name))
        self.letter = label(letter, "heading")
        self.name = ElidedLabel(compared.item.name, "strong")
        self.facts = ElidedLabel(_facts(compared.song), "small")
        self.open = button(tr("Open"), "compact")
        self.roll = MiniRoll(color_of)
        self.roll.show_song(compared.song)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self.name)
        words.addWidget(self.facts)
        head = QHBoxLayout()
        head.setSpacing(UNIT)
        head.addWidget(self.play)
        head.addWidget(self.letter)
        head.addLayout(words, 1)
        head.addWidget(self.open)
        column = QVBoxLayout(self)
        column.setContentsMargins(UNIT, UNIT, UNIT, UNIT)
        column.addLayout(head)
        column.addWidget(self.roll, 1)


class ComparePane(QFrame):
    play_wanted = Signal(int)
    """Place of the song to be heard now; the one that plays pauses."""
    seek_wanted = Signal(float)
    """Place, 0 to 1 of the song."""
    open_wanted = Signal(object)
    """(Item)"""

    def __init__(self, theme: Callable[[], Theme]) -> None:
        super().__init__()
        self._theme = theme
        self.setProperty("role", "panel")
        self.setAccessibleName(tr("Songs beside each other"))
        self.cards: list[_Card] = []
        self.compared: Sequence[Compared] = ()
        self.current = 0
        """Place of the song that is heard."""
        self.title = label("", "heading")
        hint = label(
            tr("Each begins where the one before was. Digits switch between them."), "small", wrap=True
        )
        self._inside = QWidget()
        self._column = QVBoxLayout(self._inside)
        self._column.setContentsMargins(UNIT + 4, 0, UNIT + 4, UNIT + 4)
        self._column.setSpacing(UNIT)
        scroll = QScrollArea()
        scroll.setWidget(self._inside)
        scroll.setWidgetResizable(True)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        head = QVBoxLayout()
        head.setContentsMargins(UNIT + 4, UNIT + 4, UNIT + 4, UNIT // 2)
        head.setSpacing(2)
        head.addWidget(self.title)
        head.addWidget(hint)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(head)
        column.addWidget(scroll, 1)

    def show_songs(self, compared: Sequence[Compared]) -> None:
        for card in self.cards:
            self._column.removeWidget(card)
            card.hide()
            card.deleteLater()
        self.cards, self.compared, self.current = [], compared, 0
        self.title.setText(trn("One song", "{count} songs", len(compared)))
        for place, one in enumerate(compared):
            card = _Card(one, chr(ord("A") + place), lambda number: track_color(self._theme(), number))
            card.play.clicked.connect(partial(self._play, place))
            card.open.clicked.connect(partial(self._open, one.item))
            card.roll.seek_wanted.connect(self.seek_wanted)
            self.cards.append(card)
            self._column.addWidget(card, 1)
        if self.window().isVisible():
            renew_tab_order(self)

    @property
    def song(self) -> Song | None:
        return self.compared[self.current].song if self.compared else None

    def show_playing(self, place: int, *, on: bool) -> None:
        self.current = place
        for number, card in enumerate(self.cards):
            here = on and number == place
            card.play.show_drawing("pause" if here else "resume")
            restyle(card, "chosen", "true" if number == place else "false")
            if number != place:
                card.roll.set_cursor(None)

    def set_cursor(self, place: float) -> None:
        if self.cards:
            self.cards[self.current].roll.set_cursor(place)

    def recolor(self) -> None:
        for card in self.cards:
            card.roll.redraw()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        digit = event.key() - Qt.Key.Key_1
        if 0 <= digit < len(self.cards) and event.modifiers() == Qt.KeyboardModifier.NoModifier:
            self.play_wanted.emit(digit)
        else:
            super().keyPressEvent(event)

    def _play(self, place: int, _checked: bool = False) -> None:
        self.play_wanted.emit(place)

    def _open(self, item: Item, _checked: bool = False) -> None:
        self.open_wanted.emit(item)


def _facts(song: Song) -> str:
    """Key, meter, tempo, length and tracks in a line."""
    return tr(
        "{key} · {meter} · {tempo} bpm · {bars} · {time}",
        key=key_words(song.key),
        meter=str(song.meter),
        tempo=round(song.tempo),
        bars=trn("1 bar", "{count} bars", len(song.bars)),
        time=clock(song.duration),
    )
