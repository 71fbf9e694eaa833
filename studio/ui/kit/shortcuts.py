"""Shortcuts as data: reading them, and finding those that stand in each other's way."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from msgspec import Struct
from PySide6.QtCore import QKeyCombination, Qt
from PySide6.QtGui import QKeySequence

_PORTABLE = QKeySequence.SequenceFormat.PortableText
_NATIVE = QKeySequence.SequenceFormat.NativeText
MAX_TEXT = 200


class Holder(Struct, frozen=True):
    """An action by its id, with its shortcuts. `place`: the panel in which they work; "" is the window."""

    id: str
    keys: tuple[QKeySequence, ...]
    place: str = ""


def parse(text: str) -> tuple[QKeySequence, ...] | None:
    """Portable text as sequences, several parted by "; "; empty text is none. None if it makes no sense."""
    if not text.strip():
        return ()
    if len(text) > MAX_TEXT:
        return None
    found = tuple(QKeySequence.fromString(part, _PORTABLE) for part in text.split("; "))
    return found if all(_is_whole(sequence) for sequence in found) else None


def portable(keys: Iterable[QKeySequence]) -> str:
    return "; ".join(sequence.toString(_PORTABLE) for sequence in keys)


def native(keys: Sequence[QKeySequence]) -> str:
    """The first of them as the keyboard in front of the user has it; "" if there is none."""
    return keys[0].toString(_NATIVE) if keys else ""


def collide(first: QKeySequence, second: QKeySequence) -> bool:
    """True where one of them is the other or begins it: Qt could not tell which is meant."""
    none = QKeySequence.SequenceMatch.NoMatch
    return first.matches(second) != none or second.matches(first) != none


def meet(first: str, second: str) -> bool:
    """Whether shortcuts of two places can be meant at once: the window's are heard in every panel."""
    return not first or not second or first == second


def conflicts(
    holders: Iterable[Holder], may_share: Callable[[str, str], bool] = lambda *_: False
) -> dict[str, set[str]]:
    """For every holder in whose way another stands: the ids of those others. Two that may share never do."""
    found: dict[str, set[str]] = {}
    known: dict[int, list[tuple[QKeySequence, Holder]]] = {}
    for holder in holders:
        for sequence in holder.keys:
            peers = known.setdefault(_combinations(sequence)[0].toCombined(), [])
            for other, owner in peers:
                if owner.id == holder.id or may_share(owner.id, holder.id):
                    continue
                if meet(owner.place, holder.place) and collide(sequence, other):
                    found.setdefault(holder.id, set()).add(owner.id)
                    found.setdefault(owner.id, set()).add(holder.id)
            peers.append((sequence, holder))
    return found


def usable(own: Mapping[str, str]) -> tuple[dict[str, tuple[QKeySequence, ...]], list[str]]:
    """The user's shortcuts by id, and the ids whose text makes no sense (which keep their default)."""
    good: dict[str, tuple[QKeySequence, ...]] = {}
    broken = []
    for id, text in own.items():
        keys = parse(text)
        if keys is None:
            broken.append(id)
        else:
            good[id] = keys
    return good, broken


def _is_whole(sequence: QKeySequence) -> bool:
    combinations = _combinations(sequence)
    return bool(combinations) and all(
        one.key() not in (Qt.Key.Key_unknown, Qt.Key(0)) for one in combinations
    )


def _combinations(sequence: QKeySequence) -> list[QKeyCombination]:
    return [sequence[place] for place in range(sequence.count())]  # type: ignore[index]
