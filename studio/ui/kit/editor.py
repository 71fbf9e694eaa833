"""What every editor of a field is: it shows a value, and calls `changed` with the user's."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtWidgets import QWidget


class Editor:
    """Where a field is edited: `beside` its title, `below` it, or both. `focus` is the one to tab to.

    `tools` are small buttons beside the title; `foot` shares the line where errors are told.
    """

    def __init__(
        self,
        focus: QWidget,
        *,
        beside: QWidget | None = None,
        below: QWidget | None = None,
        tools: Sequence[QWidget] = (),
        foot: QWidget | None = None,
    ) -> None:
        self.focus = focus
        self.beside = beside
        self.below = below
        self.tools = tuple(tools)
        self.foot = foot
        self.changed: Callable[[Any], None] = lambda value: None

    def show(self, value: Any) -> None:
        """Shows a value, and tells nobody."""
        raise NotImplementedError

    def set_choices(self, choices: Sequence[tuple[str, str]]) -> None:
        """For the editor of a model: what there is to choose from."""
        raise NotImplementedError
