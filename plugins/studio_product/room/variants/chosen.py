"""Which variants are chosen: one answer for the grid, the chart, the table and the gallery."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from PySide6.QtCore import QObject, Signal


class Chosen(QObject):
    """By the items' uids, in the order in which the variants were given."""

    changed = Signal()
    """Others are chosen, or another one is the current one."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._all: tuple[str, ...] = ()
        self._chosen: frozenset[str] = frozenset()
        self.current = ""
        """Where the keys are; "" while there is nothing."""

    @property
    def uids(self) -> tuple[str, ...]:
        return tuple(uid for uid in self._all if uid in self._chosen)

    def __contains__(self, uid: str) -> bool:
        return uid in self._chosen

    def offer(self, uids: Sequence[str]) -> None:
        """These can be chosen now; what was chosen of them stays so."""
        self._all = tuple(uids)
        current = self.current if self.current in self._all else next(iter(uids), "")
        self._set(self._chosen & frozenset(uids), current)

    def choose(self, uids: Iterable[str], current: str | None = None) -> None:
        """These and no others; the first of them becomes the current one, if none is named."""
        chosen = frozenset(uids) & frozenset(self._all)
        if current is None:
            current = self.current if self.current in chosen else self._first(chosen)
        self._set(chosen, current or self.current)

    def toggle(self, uid: str) -> None:
        """It becomes the current one, whether it is chosen then or not."""
        self._set(self._chosen ^ {uid}, uid)

    def add(self, uids: Iterable[str]) -> None:
        self.choose(self._chosen | frozenset(uids))

    def move_to(self, uid: str) -> None:
        """Chooses it alone."""
        self._set(frozenset({uid}), uid)

    def _first(self, chosen: frozenset[str]) -> str:
        return next((uid for uid in self._all if uid in chosen), "")

    def _set(self, chosen: frozenset[str], current: str) -> None:
        if (chosen, current) != (self._chosen, self.current):
            self._chosen, self.current = chosen, current
            self.changed.emit()
