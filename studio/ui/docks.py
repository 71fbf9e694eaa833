"""Panels around the middle: a dock with a quiet title."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QDockWidget, QHBoxLayout, QToolButton, QWidget

from studio.ui.controls import label
from studio.ui.icons import icon
from studio.ui.theme import UNIT, Theme


class Panel(QDockWidget):
    """`name` is what the remembered layout knows it by. `extra` goes into the title, at its end."""

    def __init__(
        self, name: str, title: str, widget: QWidget, theme: Theme, extra: QWidget | None = None
    ) -> None:
        super().__init__(title)
        self.setObjectName(name)
        self.setWidget(widget)
        bar = QWidget()
        bar.setProperty("role", "panel")
        bar.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        widget.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        row = QHBoxLayout(bar)
        row.setContentsMargins(UNIT + 4, UNIT // 2, UNIT // 2, UNIT // 2)
        row.setSpacing(UNIT)
        row.addWidget(label(title, "strong"))
        row.addStretch(1)
        if extra is not None:
            row.addWidget(extra)
        self._close = QToolButton()
        self._close.setIconSize(QSize(14, 14))
        self._close.setFixedSize(24, 24)
        self._close.setToolTip(f"Hide {title.lower()} (View > Panels brings it back)")
        self._close.setAccessibleName(f"Hide {title}")
        self._close.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._close.clicked.connect(self.close)
        row.addWidget(self._close)
        self.setTitleBarWidget(bar)
        self.set_theme(theme)

    def set_theme(self, theme: Theme) -> None:
        self._close.setIcon(QIcon(icon("close", theme.color("muted"))))
