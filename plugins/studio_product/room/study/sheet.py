"""The properties of one thing of a study: titled editors in a column, made from its attributes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from msgspec import structs
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from studio.ui.api import UNIT, Editor, label
from studio_product.core.studies.catalog import said
from studio_product.core.studies.study import Study
from studio_product.room.study.places import STUDY, Place, thing_at
from studio_product.room.study.rows import (
    MOST,
    AxesEditor,
    ChoiceEditor,
    LineEditor,
    NotesEditor,
    QuantityEditor,
    VectorGrid,
)


class Sheet(QWidget):
    edited = Signal(object, str)
    """The changed thing, and which of its attributes."""

    def __init__(self, explanation: str = "") -> None:
        super().__init__()
        self.place = STUDY
        self._thing: Any = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(UNIT + UNIT // 2)
        self.editors: dict[str, Editor] = {}
        self.blocks: dict[str, QWidget] = {}
        """What has the editor with its title and its help."""
        self._grids: list[VectorGrid] = []
        self._axes: list[AxesEditor] = []
        if explanation:
            self._column.addWidget(label(explanation, "muted", wrap=True))

    # Building ----------------------------------------------------------------------------------------------

    def line(self, attribute: str, title: str) -> None:
        self.put(attribute, title, LineEditor(80))

    def notes(self, attribute: str, title: str) -> None:
        self.put(attribute, title, NotesEditor())

    def number(
        self,
        attribute: str,
        title: str,
        unit: str,
        least: float = 0.0,
        most: float = MOST,
        *,
        scale: float = 1.0,
        help: str = "",
    ) -> None:
        self.put(attribute, title, QuantityEditor(unit, least, most, scale), help)

    def choice(
        self, attribute: str, title: str, choices: Sequence[tuple[Any, str]], help: str = ""
    ) -> ChoiceEditor:
        made = ChoiceEditor(choices)
        self.put(attribute, title, made, help)
        return made

    def axes(self, attribute: str, title: str, help: str = "", *, least: int = 0) -> None:
        made = AxesEditor(title, least)
        self._axes.append(made)
        self.put(attribute, title, made, help)

    def vectors(self, *columns: tuple[str, str, str, float], turning: bool = False) -> VectorGrid:
        """Attribute, title, unit and least value of each: three numbers, beside each other."""
        grid = VectorGrid([column[1:] for column in columns], turning=turning)
        self._grids.append(grid)
        for (attribute, title, _, _), vector in zip(columns, grid.vectors, strict=True):
            self._join(attribute, title, vector, "")
        self.add(grid)
        return grid

    def put(self, attribute: str, title: str, editor: Editor, help: str = "") -> None:
        """An editor under its title; `help` says more below it."""
        self._join(attribute, title, editor, help)
        room = self.blocks[attribute] = QWidget()
        block = QVBoxLayout(room)
        block.setContentsMargins(0, 0, 0, 0)
        block.setSpacing(UNIT // 2)
        if title:
            head = label(title, wrap=True)
            head.setBuddy(editor.focus)
            block.addWidget(head)
        if editor.below is not None:
            block.addWidget(editor.below)
        if help:
            block.addWidget(label(help, "small", wrap=True))
        self._column.addWidget(room)

    def add(self, widget: QWidget) -> None:
        self._column.addWidget(widget)

    def _join(self, attribute: str, title: str, editor: Editor, help: str) -> None:
        self.editors[attribute] = editor
        editor.changed = self._teller(attribute)
        if not editor.focus.accessibleName():
            editor.focus.setAccessibleName(title)
        if help:
            editor.focus.setAccessibleDescription(help)

    def _teller(self, attribute: str) -> Callable[[Any], None]:
        return lambda value: self._on_edited(attribute, value)

    # Showing -----------------------------------------------------------------------------------------------

    def show_thing(self, study: Study, place: Place) -> None:
        self.place = place
        self.show_value(thing_at(study, place), study.dimensions)

    def show_value(self, thing: Any, dimensions: int) -> None:
        self._thing = thing
        for grid in self._grids:
            grid.set_dimensions(dimensions)
        for axes in self._axes:
            axes.set_dimensions(dimensions)
        for attribute, editor in self.editors.items():
            editor.show(self.value(attribute))

    def value(self, attribute: str) -> Any:
        found = getattr(self._thing, attribute)
        return said(found) if attribute in ("name", "notes") else found

    @property
    def thing(self) -> Any:
        """What is shown."""
        return self._thing

    def tell(self, attribute: str, **values: Any) -> None:
        """The user has given these values; `attribute` names what they mean."""
        if self._thing is not None:
            self._thing = structs.replace(self._thing, **values)
            self.edited.emit(self._thing, attribute)

    def _on_edited(self, attribute: str, value: Any) -> None:
        self.tell(attribute, **{attribute: value})
