"""What widgets that paint themselves are to a screen reader: Qt knows the roles of its own classes only."""

from __future__ import annotations

from functools import cache

from PySide6.QtCore import QObject
from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtWidgets import QAccessibleWidget, QWidget


@cache
def install() -> None:
    """Gives each widget whose class says so its role: `accessible_role = QAccessible.Role.Canvas`."""
    QAccessible.installFactory(_interface)


def _interface(_class_name: str, thing: QObject) -> QAccessibleInterface | None:
    role = getattr(type(thing), "accessible_role", None)
    if role is None or not isinstance(thing, QWidget):
        return None
    made = QAccessibleWidget(thing, role)
    thing.accessible_interface = made  # type: ignore[attr-defined]  # Qt does not hold it for Python
    return made
