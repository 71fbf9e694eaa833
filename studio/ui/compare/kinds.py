"""What the comparison asks of a kind of item: pictures and texts are here, others come with their plugins.

To teach the comparison a kind, write a widget after `CompareWidget` and a class after `CompareKind`, and add
it to `KINDS`. The window asks in this order: `show_comparison` with the items (again whenever the pair
changes), `set_mode` with one of `modes`, `set_option` while the mode has an option; `take_state` at the end.

- Music: modes `FLIP` (A/B while it plays on, at the same place and at equal loudness: EBU R 128, measured
  when the item is loaded, never louder than the file) and `SIDE_BY_SIDE` (wave forms, one time axis).

A room may compare its own kinds in its own way: see `Room.compare`.

Whatever a widget loads or computes for longer than 30 ms it does on a thread.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from msgspec import Struct
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from studio.core.kind import Kind, Kinds
from studio.ui.items.compare_model import Comparison, Mode
from studio.words import tr


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


class CompareKind(Protocol):
    """How items of some kinds are compared."""

    kinds: frozenset[str]
    modes: tuple[Mode, ...]
    """The first is the default."""

    def make(self) -> CompareWidget:
        """Called once, when items of this kind are compared first."""
        ...


class Images:
    kinds: frozenset[str] = frozenset({Kind.IMAGE, Kind.MASK})
    modes: tuple[Mode, ...] = (Mode.SLIDER, Mode.SIDE_BY_SIDE, Mode.FLIP, Mode.ONION, Mode.DIFFERENCE)

    def make(self) -> CompareWidget:
        from studio.ui.compare.images import ImageCompare

        return ImageCompare()


class Texts:
    kinds: frozenset[str] = frozenset({Kind.TEXT})
    modes: tuple[Mode, ...] = (Mode.SIDE_BY_SIDE, Mode.UNIFIED)

    def make(self) -> CompareWidget:
        from studio.ui.compare.texts import TextCompare

        return TextCompare()


KINDS: tuple[CompareKind, ...] = (Images(), Texts())


def kind_for(kinds: frozenset[str]) -> CompareKind | None:
    """What compares items of all these kinds together; None if nothing does."""
    return next((one for one in KINDS if kinds and kinds <= one.kinds), None)


def why_not(kinds: frozenset[str], known: Kinds) -> str:
    """Why items of these kinds cannot be compared, for people."""
    names = [tr(kind.plural) for kind in known.several(kinds)]
    if len(names) > 1:
        return tr("Items of different kinds cannot be compared: {kinds}.", kinds=", ".join(names))
    return tr("{kind} cannot be compared yet. The recipe panel shows how they differ.", kind="".join(names))
