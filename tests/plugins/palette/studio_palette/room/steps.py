"""The palette on the stage, and the steps that Ctrl+Z takes back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from studio.api.values import tr
from studio_palette.core.palette import MOST_COLORS, Palette


class Steps:
    """One palette being edited. It is the `StageHistory` of the room."""

    def __init__(self, changed: Callable[[], object]) -> None:
        self._changed = changed
        self._done: list[tuple[str, Palette]] = []
        """Titles of the steps, with what was there before."""
        self._undone: list[tuple[str, Palette]] = []
        self._was_edited = False
        self.palette: Palette | None = None

    def begin(self, palette: Palette | None, *, edited: bool = False) -> None:
        """Shows another palette: what was done to the last one cannot be taken back any more.

        `edited` tells of one that was left unfinished.
        """
        self._done, self._undone, self.palette, self._was_edited = [], [], palette, edited
        self._changed()

    @property
    def is_edited(self) -> bool:
        """Whether something would be lost with it."""
        return self._was_edited or bool(self._done)

    def change(self, place: int, color: str) -> None:
        if self.palette is not None and self.palette.colors[place] != color:
            colors = (*self.palette.colors[:place], color, *self.palette.colors[place + 1 :])
            self._step(tr("Change of a color"), colors)

    def add(self) -> None:
        """One more color: the last one again, to be changed."""
        if self.palette is not None and len(self.palette.colors) < MOST_COLORS:
            self._step(tr("New color"), (*self.palette.colors, self.palette.colors[-1]))

    def remove(self) -> None:
        """The last color goes, unless it is the only one."""
        if self.palette is not None and len(self.palette.colors) > 1:
            self._step(tr("Removal of a color"), self.palette.colors[:-1])

    @property
    def undo_title(self) -> str | None:
        return self._done[-1][0] if self._done else None

    @property
    def redo_title(self) -> str | None:
        return self._undone[-1][0] if self._undone else None

    def undo(self) -> None:
        self._move(self._done, self._undone)

    def redo(self) -> None:
        self._move(self._undone, self._done)

    def _step(self, title: str, colors: tuple[str, ...]) -> None:
        assert self.palette is not None
        self._done.append((title, self.palette))
        self._undone.clear()
        self.palette = replace(self.palette, colors=colors)
        self._changed()

    def _move(self, source: list[tuple[str, Palette]], target: list[tuple[str, Palette]]) -> None:
        if source and self.palette is not None:
            title, palette = source.pop()
            target.append((title, self.palette))
            self.palette = palette
            self._changed()
