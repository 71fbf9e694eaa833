"""Walks a window as somebody who works by keyboard and screen reader does."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLineEdit,
    QPushButton,
    QToolButton,
    QWidget,
)

_MOST_STEPS = 400


def stops(window: QWidget) -> list[QWidget]:
    """Everything in the window that Tab should reach now."""
    return [
        widget
        for widget in window.findChildren(QWidget)
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        and widget.isVisible()
        and widget.isEnabled()
        and widget.window() is window
        and widget.focusProxy() is None
        and not _is_inside(widget)
    ]


def _is_inside(widget: QWidget) -> bool:
    """Part of a control that takes the focus as a whole."""
    parent = widget.parentWidget()
    while parent is not None and not parent.isWindow():
        if isinstance(parent, (QAbstractSpinBox, QComboBox)):
            return True
        if isinstance(parent, QAbstractScrollArea) and widget is parent.viewport():
            return True
        parent = parent.parentWidget()
    return False


def told(widget: QWidget, what: QAccessible.Text = QAccessible.Text.Name) -> str:
    """What a screen reader says of it."""
    interface = QAccessible.queryAccessibleInterface(widget)
    return interface.text(what).strip() if interface is not None else ""


def role(widget: QWidget) -> QAccessible.Role:
    interface = QAccessible.queryAccessibleInterface(widget)
    return interface.role() if interface is not None else QAccessible.Role.NoRole


def called(widget: QWidget) -> str:
    """For a failed test: which widget this is."""
    names = [type(widget).__name__, widget.objectName()]
    parent = widget.parentWidget()
    if parent is not None:
        names.append(f"in {type(parent).__name__}")
    return " ".join(name for name in names if name)


def by_tab(window: QWidget, *, backwards: bool = False) -> Iterator[QWidget]:
    """Presses Tab until the focus is where it began; yields each stop once.

    Raises AssertionError where the focus is caught.
    """
    key = Qt.Key.Key_Backtab if backwards else Qt.Key.Key_Tab
    first = window.focusWidget()
    assert first is not None, "nothing has the focus"
    seen: list[QWidget] = []
    here = first
    for _ in range(_MOST_STEPS):
        yield here
        seen.append(here)
        QTest.keyClick(here, key)
        QApplication.processEvents()
        following = window.focusWidget()
        assert following is not None
        assert following is not here, f"the focus is caught in {called(here)}"
        here = following
        if here is first:
            return
        assert here not in seen, f"the focus goes round between {called(here)} and {called(seen[-1])}"
    raise AssertionError("Tab never came back to where it began")


def nameless(window: QWidget) -> list[str]:
    return [called(widget) for widget in stops(window) if not told(widget)]


def without_role(window: QWidget) -> list[str]:
    vague = (QAccessible.Role.NoRole, QAccessible.Role.Client)
    return [called(widget) for widget in stops(window) if role(widget) in vague]


def unexplained(window: QWidget) -> list[str]:
    """Buttons that show an icon only, and neither say nor tell what they do."""
    found = []
    for button in window.findChildren(QAbstractButton):
        if not button.isVisible() or not isinstance(button, (QPushButton, QToolButton)):
            continue
        if isinstance(button.parent(), QLineEdit):
            continue  # Qt's own inside a field; the keyboard does the same in the text
        wordless = not button.text() or (
            isinstance(button, QToolButton)
            and button.toolButtonStyle() == Qt.ToolButtonStyle.ToolButtonIconOnly
            and not button.icon().isNull()
        )
        if wordless and not (button.toolTip() and told(button)):
            found.append(called(button))
    return found
