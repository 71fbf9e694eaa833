"""Tab goes through a panel as the eye does: by its layouts, whatever was made first."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from operator import itemgetter
from weakref import ReferenceType, WeakKeyDictionary, ref

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

_DIRECT = Qt.FindChildOption.FindDirectChildrenOnly

_panels: WeakKeyDictionary[QWidget, list[ReferenceType[QWidget]]] = WeakKeyDictionary()
"""By window, in the order of Tab."""


def set_tab_order(*panels: QWidget) -> None:
    """Orders all that can have the focus in these panels of a window, one after the other.

    Call `renew_tab_order` after parts were added: Qt puts what is made later at the end of the whole window.
    """
    _panels[panels[0].window()] = [ref(panel) for panel in panels]
    _put_in_a_row([stop for panel in panels for stop in _stops(panel)])


def renew_tab_order(part: QWidget) -> None:
    """Orders the panel that this part belongs to, behind the one before it."""
    # Qt's own chain is not asked: `nextInFocusChain` of PySide 6.12 gives each widget to the one before it as
    # its child, and what Qt has made inside of it is unusable when that one dies.
    panels = [panel for known in _panels.get(part.window(), ()) if (panel := known()) is not None]
    number = next((n for n, one in enumerate(panels) if one is part or one.isAncestorOf(part)), None)
    if number is None:
        _put_in_a_row([*_stops(part)])
        return
    before = next((stops for one in reversed(panels[:number]) if (stops := [*_stops(one)])), [])
    _put_in_a_row([*before[-1:], *_stops(panels[number])])


def _put_in_a_row(stops: list[QWidget]) -> None:
    for one, following in pairwise(stops):
        if one.window() is following.window():  # a panel that floats is a window of its own
            QWidget.setTabOrder(one, following)


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
        inner = list(laid_out(layout))
    for child in inner:
        if child is not None:
            yield child


def laid_out(layout: QLayout) -> Iterator[QWidget]:
    """The widgets of a layout and of those inside of it, in its order.

    `itemAt` is not asked: PySide6 keeps what it gives for as long as the layout lives. The items of widgets
    that have gone meanwhile then stand for what lies in their place, and the program crashes.
    """
    home = layout.parentWidget()
    inner: list[QWidget | QLayout] = (
        [*home.findChildren(QWidget, options=_DIRECT)] if home is not None else []
    )
    inner += layout.findChildren(QLayout, options=_DIRECT)
    placed = [(place, one) for one in inner if (place := layout.indexOf(one)) >= 0]
    for _, one in sorted(placed, key=itemgetter(0)):
        if isinstance(one, QLayout):
            yield from laid_out(one)
        else:
            yield one
