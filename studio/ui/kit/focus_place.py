"""Where the focus is in a window, said in a way that holds for a window which is built anew."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

Place = tuple[tuple[str, int], ...]
"""From the window down: a class, and which one among its siblings of that class."""


def place_of_focus(window: QWidget) -> Place:
    """Empty if nothing in the window has it."""
    steps: list[tuple[str, int]] = []
    at = window.focusWidget()
    while at is not None and at is not window:
        parent = at.parentWidget()
        if parent is None:
            return ()
        steps.append((type(at).__name__, _alike(parent, type(at).__name__).index(at)))
        at = parent
    return tuple(reversed(steps))


def focus_at(window: QWidget, place: Place, otherwise: QWidget) -> None:
    """Gives the focus to what stands there, or to another widget where that is gone or hidden."""
    at: QWidget | None = window
    for name, number in place:
        alike = _alike(at, name) if at is not None else []
        at = alike[number] if number < len(alike) else None
    found = at is not None and at is not window
    wanted = at if found and at.isVisibleTo(window) and at.isEnabled() else otherwise
    wanted.setFocus(Qt.FocusReason.OtherFocusReason)


def _alike(parent: QWidget, name: str) -> list[QWidget]:
    direct = parent.findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly)
    return [child for child in direct if type(child).__name__ == name]
