"""What shows a comparison, for any kind of item; `studio.ui.compare.kinds` says when it is asked what."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from msgspec import Struct
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from studio.ui.items.compare_model import Comparison, Mode


class Option(Struct, frozen=True):
    """The one number that a mode may have, for a slider in the bar."""

    title: str
    low: int
    high: int
    value: int
    words: str
    """The value as it is said: "50 %", "8×"."""


class CompareWidget(QWidget):
    """Shows the items of a comparison. Subclasses override all that is here."""

    failed = Signal(object)
    """StudioError."""
    told = Signal(str)
    """What is known of the difference now, in words; "" while it is not."""
    chosen = Signal(int)
    """An item was pointed at: it is the one that is worked on."""

    def show_comparison(self, comparison: Comparison) -> None:
        """Shows the items; what is loaded already stays. Called again when pair or `shown` change."""
        raise NotImplementedError

    def set_mode(self, mode: Mode) -> None:
        raise NotImplementedError

    def set_file_to_hand(self, give: Callable[[Path], Path]) -> None:
        """Which file other programs get for one that is dragged out; kinds without a drag ignore it."""

    def has_captions(self, mode: Mode) -> bool:
        """Whether it names the items itself in this mode, so that the window need not."""
        return False

    def option(self) -> Option | None:
        """The number of the current mode."""
        return None

    def set_option(self, value: int) -> None:
        """Raises nothing: a value beyond the range is held in it."""

    def zoom(self, way: int) -> None:
        """1: nearer, -1: farther, 0: all of it. Kinds without a zoom ignore it."""

    def take_state(self) -> object:
        """Zoom, place and options, for a widget of the same class."""
        return None

    def restore(self, state: object) -> None:
        """Takes what `take_state` gave; anything else is ignored."""

    def clear(self) -> None:
        """Lets go of all that was loaded."""
