"""The bar over the canvas: what the chosen tool can be set to, what can be done to the mask, the zoom."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from PySide6.QtCore import QEvent, QSize, Qt, Slot
from PySide6.QtGui import QAction, QPalette, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QStackedWidget, QToolButton, QWidget, QWidgetAction

from studio.api.values import tr
from studio.ui.api import Dial, ElidedLabel, KeyMenu, entry, icon, locales
from studio_image.room.canvas import MaskCanvas
from studio_image.room.tint_button import TintButton
from studio_image.room.tool import LARGEST_BRUSH, SMALLEST_BRUSH, Tool

_CHEVRON = QSize(14, 14)
_GAP, _BETWEEN_DIALS = 4, 12
_ZOOMS = (0.25, 0.5, 2.0, 4.0, 8.0, 16.0)
_MASK = ("grow", "shrink", "feather", "", "invert", "clear", "", "last", "load", "save")


class OptionBar(QFrame):
    """Where there is little room the sliders give way first, then the words, at last the hardness."""

    def __init__(self, canvas: MaskCanvas, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "bar")
        self.setAccessibleName(tr("Tool options"))
        self._canvas = canvas
        self.diameter = Dial(tr("Size"), tr("px"), SMALLEST_BRUSH, LARGEST_BRUSH, self._set_size, curved=True)
        self.diameter.setToolTip(tr("Diameter of the brush ([ and ])"))
        self.hardness = Dial(tr("Hardness"), "%", 0, 100, self._set_hardness)
        self.hardness.setToolTip(tr("How sharp the brush's edge is (Shift+[ and Shift+])"))
        self.tolerance = Dial(tr("Tolerance"), "", 0, 255, self._set_tolerance)
        self.tolerance.setToolTip(
            tr("How different from the clicked color a neighbor may be and still be filled")
        )
        self._pages = QStackedWidget()
        brush = _row(self.diameter, self.hardness)
        flood = _row(self.tolerance)
        lasso = ElidedLabel(tr("Draw around what should go. Hold Alt to take away."), "muted")
        rectangle = ElidedLabel(tr("Drag from corner to corner. Hold Alt to take away."), "muted")
        self._page_of: dict[Tool, QWidget] = {
            Tool.BRUSH: brush,
            Tool.ERASER: brush,
            Tool.LASSO: lasso,
            Tool.RECTANGLE: rectangle,
            Tool.FLOOD: flood,
        }
        for page in (brush, flood, lasso, rectangle):
            self._pages.addWidget(page)
        self.amount = Dial(tr("Amount"), tr("px"), 1, 250, self._set_amount)
        self.amount.setContentsMargins(12, 4, 12, 4)
        self.amount.setMinimumWidth(240)
        self.tint = TintButton()
        self.tint.show_tint(canvas.overlay_color, automatic=False)
        self.mask_button = _menu_button(tr("Mask"))
        self.mask_button.setToolTip(tr("Grow, shrink, feather, invert, clear, load, save"))
        self.zoom_button = _menu_button(locales.percent(1.0))
        self.zoom_button.setToolTip(tr("Zoom"))
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 4, 4, 4)
        row.setSpacing(_GAP)
        row.addWidget(self._pages, 1)
        row.addWidget(self.tint)
        row.addWidget(self.mask_button)
        row.addWidget(self.zoom_button)
        canvas.tool_changed.connect(self._show_tool)
        canvas.brush_changed.connect(self._show_values)
        canvas.zoom_changed.connect(self._show_zoom)
        canvas.image_changed.connect(self._show_enabled)
        self._fit_zoom()
        self._color_chevrons()
        self._show_tool(canvas.tool)
        self._show_values()
        self._show_zoom(canvas.zoom)
        self._show_enabled()

    def attach(self, actions: Mapping[str, QAction]) -> None:
        """Fills the two menus with the window's actions."""
        menu = KeyMenu(self)
        holder = QWidgetAction(menu)
        holder.setDefaultWidget(self.amount)
        menu.addAction(holder)
        for verb in _MASK:
            if verb:
                menu.addAction(actions[f"mask.{verb}"])
            else:
                menu.addSeparator()
        self.mask_button.setMenu(menu)
        menu.setLayoutDirection(self.layoutDirection())  # not the button's, which is turned around
        menu = KeyMenu(self)
        menu.addActions([actions["mask.fit"], actions["mask.actual"]])
        menu.addSeparator()
        for zoom in _ZOOMS:
            entry(menu, locales.percent(zoom), partial(self._zoom_to, zoom))
        menu.addSeparator()
        menu.addActions([actions["mask.zoom_in"], actions["mask.zoom_out"]])
        self.zoom_button.setMenu(menu)
        menu.setLayoutDirection(self.layoutDirection())

    # Room --------------------------------------------------------------------------------------------------

    def minimumSizeHint(self) -> QSize:
        least = self._width_with([self.diameter], words=False, slider=False)
        return QSize(least, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._share_room()
        super().resizeEvent(event)

    def _share_room(self) -> None:
        both = [self.diameter, self.hardness]
        slider = self.width() >= self._width_with(both, words=True, slider=True)
        words = self.width() >= self._width_with(both, words=True, slider=False)
        for dial in both:
            dial.show_parts(words=words, slider=slider)
        self.hardness.setVisible(self.width() >= self._width_with(both, words=False, slider=False))

    def _width_with(self, shown: Sequence[Dial], *, words: bool, slider: bool) -> int:
        dials = sum(dial.width_with(words=words, slider=slider) + _BETWEEN_DIALS for dial in shown)
        buttons = self.mask_button.sizeHint().width() + self.zoom_button.minimumWidth()
        buttons += self.tint.sizeHint().width() + _GAP
        margins = self.contentsMargins()
        return dials + buttons + 2 * _GAP + margins.left() + margins.right() + 16

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._color_chevrons()
        elif event.type() == QEvent.Type.FontChange:
            self._fit_zoom()
            self._share_room()

    def _fit_zoom(self) -> None:
        self.zoom_button.setFixedWidth(self.fontMetrics().horizontalAdvance(locales.percent(32.0)) + 36)

    def _color_chevrons(self) -> None:
        chevron = icon("chevron-down", self.palette().color(QPalette.ColorRole.PlaceholderText))
        for button in (self.mask_button, self.zoom_button):
            button.setIcon(chevron)

    # Values ------------------------------------------------------------------------------------------------

    def _set_size(self, value: int) -> None:
        self._canvas.brush_size = value

    def _set_hardness(self, value: int) -> None:
        self._canvas.hardness = value / 100

    def _set_tolerance(self, value: int) -> None:
        self._canvas.tolerance = value

    def _set_amount(self, value: int) -> None:
        self._canvas.amount = value

    def _zoom_to(self, zoom: float, _checked: bool = False) -> None:
        self._canvas.zoom_to(zoom)

    @Slot(object)
    def _show_tool(self, tool: Tool) -> None:
        self._pages.setCurrentWidget(self._page_of[tool])

    @Slot()
    def _show_values(self) -> None:
        self.diameter.show_value(self._canvas.brush_size)
        self.hardness.show_value(round(self._canvas.hardness * 100))
        self.tolerance.show_value(self._canvas.tolerance)
        self.amount.show_value(self._canvas.amount)

    @Slot(float)
    def _show_zoom(self, zoom: float) -> None:
        percent = zoom * 100
        number = locales.number(round(percent)) if percent >= 10 else locales.number(percent, 1)
        words = tr("{number} %", number=number)
        self.zoom_button.setText(words)
        self.zoom_button.setAccessibleName(tr("Zoom: {zoom}", zoom=words))

    @Slot()
    def _show_enabled(self) -> None:
        ready = self._canvas.mask_model is not None
        self.mask_button.setEnabled(ready)
        self.zoom_button.setEnabled(ready)


def _row(*dials: Dial) -> QWidget:
    page = QWidget()
    row = QHBoxLayout(page)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(_BETWEEN_DIALS)
    for dial in dials:
        row.addWidget(dial, 100)
    row.addStretch(1)
    return page


class _MenuButton(QToolButton):
    """Words, then a chevron: the other way round than Qt lays it out, in both directions of writing."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.setText(text)
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.setIconSize(_CHEVRON)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        left, right = Qt.LayoutDirection.LeftToRight, Qt.LayoutDirection.RightToLeft
        self.setLayoutDirection(left if self.layoutDirection() is right else right)


def _menu_button(text: str) -> QToolButton:
    return _MenuButton(text)
