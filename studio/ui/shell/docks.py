"""Panels around the middle: docks with a quiet title, that fold to a slim bar."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QRect, QSize, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QHideEvent, QIcon, QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import (
    QDockWidget,
    QHBoxLayout,
    QLayout,
    QMainWindow,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from studio.ui.kit.controls import label
from studio.ui.kit.geometry import edges
from studio.ui.kit.icons import icon
from studio.ui.kit.menu_entries import entry
from studio.ui.kit.menu_keys import KeyMenu
from studio.ui.kit.theme import UNIT, Theme
from studio.words import tr

_SIDES = (Qt.DockWidgetArea.LeftDockWidgetArea, Qt.DockWidgetArea.RightDockWidgetArea)
_NO_LIMIT = 16_777_215
"""Qt's own largest size of a widget."""


class Panel(QDockWidget):
    """`name` is what the remembered layout knows it by. `extra` goes into the title, at its end.

    A double click on the title folds the panel: to its title, or to a slim bar at the side if nothing that is
    unfolded is above or below it.
    """

    folded = Signal(bool)
    shown = Signal(bool)
    """Whether the panel is there at all, under a tab too."""

    def __init__(
        self, name: str, title: str, widget: QWidget, theme: Theme, extra: QWidget | None = None
    ) -> None:
        super().__init__(title)
        self.setObjectName(name)
        self._content = widget
        self.setWidget(_around(widget))
        widget.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._folded = self._was_hidden = False
        self._extra = extra
        self.fold_button = _tool()
        self.fold_button.clicked.connect(self._on_fold)
        self._close = _tool()
        self._close.setToolTip(tr("Hide {panel} (the Window menu brings it back)", panel=title))
        self._close.setAccessibleName(tr("Hide {panel}", panel=title))
        self._close.clicked.connect(self.close)
        self.unfold_button = _tool()
        self.unfold_button.setToolTip(tr("Unfold {panel}", panel=title))
        self.unfold_button.setAccessibleName(tr("Unfold {panel}", panel=title))
        self.unfold_button.clicked.connect(self._on_unfold)
        self._bar = self._make_bar(title)
        self._slim = self._make_slim(title)
        for bar in (self._bar, self._slim):
            bar.setParent(self)  # the one that is not in use dies with the panel
            bar.installEventFilter(self)
        self.setTitleBarWidget(self._bar)
        self.topLevelChanged.connect(self._on_moved)
        self.dockLocationChanged.connect(self._on_moved)
        self._theme = theme
        self.set_theme(theme)

    def lend(self, layout: QLayout) -> None:
        """Its content goes to another place, and the panel hides meanwhile."""
        self._was_hidden = self.isHidden()
        layout.addWidget(self._content)
        self._content.show()
        self.hide()

    def take_back(self) -> None:
        """Its content comes home; the panel is shown unless it was hidden before."""
        self.widget().layout().addWidget(self._content)
        self._content.setVisible(not self._folded)
        self.setVisible(not self._was_hidden)

    def toggle(self) -> None:
        if self.isHidden():
            self.set_folded(False)
            self.show()
        else:
            self.close()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.shown.emit(True)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.shown.emit(not self.isHidden())  # also when the whole window is hidden

    @property
    def is_folded(self) -> bool:
        return self._folded

    def set_folded(self, on: bool) -> None:
        """A panel that floats, or lies with others under tabs, stays as it is."""
        if on == self._folded or (on and not self._can_fold()):
            return
        self._folded = on
        self._content.setVisible(not on)
        self._dress()
        for neighbor in self._neighbors():
            neighbor._dress()
        self.folded.emit(on)

    def _dress(self) -> None:
        """Its title above it, or the slim bar."""
        on = self._folded
        sideways = on and self._is_alone()
        self.setTitleBarWidget(self._slim if sideways else self._bar)
        self._slim.setVisible(sideways)
        self._bar.setVisible(not sideways)
        vertical = QDockWidget.DockWidgetFeature.DockWidgetVerticalTitleBar
        rest = self.features() & ~vertical
        self.setFeatures(rest | vertical if sideways else rest)
        self.setMaximumWidth(self._slim.sizeHint().width() if sideways else _NO_LIMIT)
        self.setMaximumHeight(self._bar.sizeHint().height() if on and not sideways else _NO_LIMIT)
        self.set_theme(self._theme)

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        color = theme.color("muted")
        self._close.setIcon(QIcon(icon("close", color)))
        self.fold_button.setIcon(QIcon(icon("chevron-right" if self._folded else "chevron-down", color)))
        home = self._home()
        is_right = home is not None and home.dockWidgetArea(self) is Qt.DockWidgetArea.RightDockWidgetArea
        self.unfold_button.setIcon(QIcon(icon("chevron-left" if is_right else "chevron-right", color)))
        words = tr("Unfold {panel}") if self._folded else tr("Fold {panel}")
        self.fold_button.setToolTip(words.format(panel=self.windowTitle()))
        self.fold_button.setAccessibleName(self.fold_button.toolTip())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.MouseButtonDblClick and not self.isFloating():
            self.set_folded(not self._folded)
            return True
        if isinstance(event, QContextMenuEvent):
            self._show_menu(event)
            return True
        return False

    def _show_menu(self, event: QContextMenuEvent) -> None:
        menu = KeyMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        can_fold = self._folded or self._can_fold()
        entry(menu, tr("Unfold") if self._folded else tr("Fold"), self._on_fold, on=can_fold)
        entry(menu, tr("Dock") if self.isFloating() else tr("Float"), self._on_float)
        entry(menu, tr("Hide"), self.close)
        menu.popup(event.globalPos())

    def _on_fold(self) -> None:
        self.set_folded(not self._folded)

    def _on_unfold(self) -> None:
        self.set_folded(False)

    def _on_float(self) -> None:
        self.setFloating(not self.isFloating())

    def _on_moved(self) -> None:
        """What has been taken somewhere else is wanted whole."""
        self.fold_button.setVisible(not self.isFloating())
        if self._folded and self.isFloating():
            self.set_folded(False)

    def _can_fold(self) -> bool:
        home = self._home()
        return home is not None and not self.isFloating() and not home.tabifiedDockWidgets(self)

    def _is_alone(self) -> bool:
        """At a side, with nothing above or below it that is unfolded."""
        home = self._home()
        if home is None or home.dockWidgetArea(self) not in _SIDES:
            return False
        return all(one.is_folded for one in self._neighbors())

    def _neighbors(self) -> list[Panel]:
        """Those that are seen at the same side."""
        home = self._home()
        if home is None:
            return []
        area = home.dockWidgetArea(self)
        return [
            one
            for one in home.findChildren(Panel)
            if one is not self
            and home.dockWidgetArea(one) == area
            and not one.isHidden()
            and not one.isFloating()
        ]

    def _home(self) -> QMainWindow | None:
        parent = self.parentWidget()
        return parent if isinstance(parent, QMainWindow) else None

    def _make_bar(self, title: str) -> QWidget:
        bar = _bar()
        row = QHBoxLayout(bar)
        row.setContentsMargins(edges(UNIT + 4, UNIT // 2, UNIT // 2, UNIT // 2))
        row.setSpacing(UNIT)
        row.addWidget(label(title, "strong"))
        row.addStretch(1)
        if self._extra is not None:
            row.addWidget(self._extra)
        tools = QHBoxLayout()
        tools.setSpacing(0)
        tools.addWidget(self.fold_button)
        tools.addWidget(self._close)
        row.addLayout(tools)
        return bar

    def _make_slim(self, title: str) -> QWidget:
        bar = _bar()
        column = QVBoxLayout(bar)
        column.setContentsMargins(UNIT // 2, UNIT // 2, UNIT // 2, UNIT // 2)
        column.setSpacing(UNIT)
        column.addWidget(self.unfold_button)
        column.addWidget(_Upright(title))
        column.addStretch(1)
        bar.hide()
        return bar


class _Upright(QWidget):
    """A title along a slim bar, read from top to bottom."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self._text = text
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(text)

    def sizeHint(self) -> QSize:
        metrics = self.fontMetrics()
        return QSize(metrics.height(), metrics.horizontalAdvance(self._text) + UNIT)

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.rotate(90)
            across = QRect(0, -self.width(), self.height(), self.width())
            painter.drawText(across, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, self._text)


def _around(content: QWidget) -> QWidget:
    """Stays when the content is hidden: a dock without any would shrink to its title on both ways."""
    made = _bar()
    column = QVBoxLayout(made)
    column.setContentsMargins(0, 0, 0, 0)
    column.addWidget(content)
    return made


def _bar() -> QWidget:
    made = QWidget()
    made.setProperty("role", "panel")
    made.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
    return made


def _tool() -> QToolButton:
    made = QToolButton()
    made.setIconSize(QSize(14, 14))
    made.setFixedSize(24, 24)
    made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return made
