"""Tab goes through a panel as the eye does: by its layouts, whatever was made first."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractScrollArea,
    QAbstractSlider,
    QAbstractSpinBox,
    QComboBox,
    QDockWidget,
    QLabel,
    QLayout,
    QLineEdit,
    QPlainTextEdit,
    QScrollArea,
    QSplitter,
    QTextEdit,
    QWidget,
)

_WHOLE = (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QAbstractSpinBox,
    QComboBox,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QTextEdit,
)
"""What has no stops inside. Nor is it looked into, since PySide makes hundreds of classes when it meets Qt's
own private ones there."""


def set_tab_order(*roots: QWidget) -> None:
    """Orders all that can have the focus in these widgets, one after the other, where the first of them was.

    Call it again after parts were added: Qt puts what is made later at the end of the whole window.
    """
    stops = [stop for root in roots for stop in _stops(root)]
    if not stops:
        return
    before = _before(stops)
    if before is not None:
        QWidget.setTabOrder(before, stops[0])
    for one, following in pairwise(stops):
        if one.window() is following.window():  # a panel that floats is a window of its own
            QWidget.setTabOrder(one, following)


def _before(stops: list[QWidget]) -> QWidget | None:
    """The stop that comes before the first of these in the window; None if they are its first."""
    group, last = set(stops), None
    window = stops[0].window()
    here = window.nextInFocusChain()
    while here is not None and here is not window and here not in group:
        if here.focusPolicy() & Qt.FocusPolicy.TabFocus and here.focusProxy() is None:
            last = here
        here = here.nextInFocusChain()
    return last


def _stops(widget: QWidget) -> Iterator[QWidget]:
    if widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.focusProxy() is None:
        yield widget
    if isinstance(widget, _WHOLE):
        return
    for child in _children(widget):
        yield from _stops(child)


def _children(widget: QWidget) -> Iterator[QWidget]:
    inner: list[QWidget | None]
    layout = widget.layout()
    if isinstance(widget, QDockWidget):
        inner = [widget.titleBarWidget(), widget.widget()]
    elif isinstance(widget, QSplitter):
        inner = [widget.widget(number) for number in range(widget.count())]
    elif isinstance(widget, QScrollArea):
        inner = [widget.widget()]
    elif isinstance(widget, QAbstractScrollArea) or layout is None:
        inner = [child for child in widget.children() if isinstance(child, QWidget) and not child.isWindow()]
    else:
        inner = list(_laid_out(layout))
    for child in inner:
        if child is not None:
            yield child


def _laid_out(layout: QLayout) -> Iterator[QWidget]:
    for number in range(layout.count()):
        item = layout.itemAt(number)
        if item is None:
            continue
        inner = item.layout()
        if inner is not None:
            yield from _laid_out(inner)
        else:
            widget = item.widget()
            if widget is not None:
                yield widget
