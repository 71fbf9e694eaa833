"""What a comparison is about: which items, which two of them, in which mode. Without a widget."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from studio.core.item import Item
from studio.ui.kit.locales import clock
from studio.words import mark, tr

MOST = 8
"""How many items are compared at once."""


class Mode(StrEnum):
    """A way to look at several items. The values are kept in the settings."""

    SLIDER = "slider"
    SIDE_BY_SIDE = "side_by_side"
    FLIP = "flip"
    ONION = "onion"
    DIFFERENCE = "difference"
    UNIFIED = "unified"


_TITLES = {
    Mode.SLIDER: mark("Slider"),
    Mode.SIDE_BY_SIDE: mark("Side by side"),
    Mode.FLIP: mark("Flip"),
    Mode.ONION: mark("Onion"),
    Mode.DIFFERENCE: mark("Difference"),
    Mode.UNIFIED: mark("Unified"),
}


def mode_title(mode: Mode) -> str:
    return tr(_TITLES[mode])


class Compared(Struct, frozen=True):
    """One item of a comparison."""

    item: Item
    path: Path
    caption: str = ""
    """The values of its recipe in which it differs from the others: "Seed 41"."""


class Comparison(Struct, frozen=True):
    """Two to `MOST` items, or one alone. `first` is the reference, `second` the one that is set against it.

    `shown` is the one that the flip shows.
    """

    items: tuple[Compared, ...]
    first: int = 0
    second: int = 0
    shown: int = 0

    @classmethod
    def of(cls, items: Sequence[Compared]) -> Comparison:
        """The first is the reference, and the newest choice, the last, is set against it."""
        items = tuple(items[:MOST])
        last = len(items) - 1
        return cls(items, 0, last, last)

    @property
    def is_alone(self) -> bool:
        return len(self.items) < 2

    def choose(self, place: int) -> Comparison:
        """Sets an item against the reference. The reference itself changes places with the other one."""
        if place == self.first:
            return self.swapped()
        return replace(self, second=place, shown=place)

    def swapped(self) -> Comparison:
        return replace(self, first=self.second, second=self.first, shown=self.first)

    def with_reference(self, place: int) -> Comparison:
        if place == self.second:
            return self.swapped()
        return replace(self, first=place)

    def stepped(self, step: int) -> Comparison:
        """The next or the previous one is set against the reference."""
        if self.is_alone:
            return self
        others = [place for place in range(len(self.items)) if place != self.first]
        at = others.index(self.second) if self.second in others else -1
        return self.choose(others[(at + step) % len(others)])

    def flipped(self) -> Comparison:
        """The flip goes through all of them; with two it goes back and forth."""
        return replace(self, shown=(self.shown + 1) % len(self.items))

    def changed(self, item: Item) -> Comparison:
        """With another state of one of its items: stars, a name."""
        items = tuple(replace(one, item=item) if one.item.uid == item.uid else one for one in self.items)
        return replace(self, items=items)

    def label_of(self, place: int) -> str:
        """What stands on its picture: before and after where one was made from the other, else in what they
        differ, else its side."""
        one, first = self.items[place], self.items[self.first].item
        made = [other for other in self.items if other.item.parent == first.uid]
        if place == self.first and made and len(made) == len(self.items) - 1:
            return tr("Before")
        if one.item.parent == first.uid and len(self.items) == 2:
            return tr("After")
        return one.caption or self.side_of(place)

    def title_of(self, place: int) -> str:
        """What its caption begins with: its name, or where all have the same one what tells it from them."""
        label = self.label_of(place)
        return label if self._share_name and label != self.side_of(place) else self.items[place].item.name

    def detail_of(self, place: int) -> str:
        """What its caption says beside the title: in what it differs; its name and time where all have one
        name."""
        one, title = self.items[place], self.title_of(place)
        parts = [one.caption] if one.caption != title else []
        if self._share_name:
            parts = [*([one.item.name] if title != one.item.name else []), *parts, clock(one.item.created)]
        return " · ".join(filter(None, parts))

    @property
    def _share_name(self) -> bool:
        return len(self.items) > 1 and len({one.item.name for one in self.items}) == 1

    def side_of(self, place: int) -> str:
        """ "A" for the reference, "B" for what is set against it, else its number."""
        if place == self.first:
            return tr("A")
        return tr("B") if place == self.second else str(place + 1)
