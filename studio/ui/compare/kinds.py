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

from typing import Protocol

from studio.core.kind import Kind, Kinds
from studio.ui.compare.widget import CompareWidget
from studio.ui.items.compare_model import Mode
from studio.words import in_sentence, tr


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
        return tr(
            "Items of different kinds cannot be compared: {kinds}.", kinds=", ".join(map(in_sentence, names))
        )
    return tr("{kind} cannot be compared yet. The recipe panel shows how they differ.", kind="".join(names))
