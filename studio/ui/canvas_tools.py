"""The tools around the mask canvas: a strip of tools, a bar of options, a line of facts."""

from __future__ import annotations

import math
from collections.abc import Callable

from PySide6.QtCore import QEvent, QSignalBlocker, QSize, Qt
from PySide6.QtGui import QAction, QColor, QPalette, QPixmap, QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QMenu,
    QSlider,
    QSpinBox,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
    QWidgetAction,
)

from studio.ui.canvas import MaskCanvas
from studio.ui.canvas_tool import LARGEST_BRUSH, SMALLEST_BRUSH, Tool
from studio.ui.controls import ElidedLabel
from studio.ui.icons import icon

_ICON = QSize(20, 20)
_CHEVRON = QSize(14, 14)
_NARROWEST, _ROOM_FOR_WORDS, _ROOM_FOR_SLIDERS = 340, 428, 600
"""Widths of the option bar, device-independent pixels."""
_TICKS = 1000
_ZOOMS = (0.25, 0.5, 2.0, 4.0, 8.0, 16.0)
_SWATCH = 12


class CanvasPanel(QWidget):
    """The canvas with all of its tools. `canvas` is the MaskCanvas."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.canvas = MaskCanvas()
        self.strip = ToolStrip(self.canvas)
        self.options = OptionBar(self.canvas)
        self.facts = FactLine(self.canvas)
        row = QHBoxLayout()
        row.setSpacing(0)
        row.addWidget(self.strip)
        row.addWidget(self.canvas, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.options)
        column.addLayout(row, 1)
        column.addWidget(self.facts)
        self.setFocusProxy(self.canvas)


class ToolStrip(QFrame):
    """A column of buttons: the tools, undo and redo, zoom."""

    def __init__(self, canvas: MaskCanvas, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "panel")
        self.setAccessibleName("Mask tools")
        commands = canvas.commands
        column = QVBoxLayout(self)
        column.setContentsMargins(4, 8, 4, 8)
        column.setSpacing(2)
        for actions in (
            list(commands.tools.values()),
            [commands.undo, commands.redo],
            [commands.fit, commands.actual],
        ):
            if column.count():
                column.addSpacing(6)
                column.addWidget(_line())
                column.addSpacing(6)
            for action in actions:
                button = QToolButton()
                button.setDefaultAction(action)
                button.setIconSize(_ICON)
                button.setAccessibleName(action.text())
                button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
                column.addWidget(button)
        column.addStretch(1)


class OptionBar(QFrame):
    """What the chosen tool can be set to, what can be done to the whole mask, and the zoom."""

    def __init__(self, canvas: MaskCanvas, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "bar")
        self._canvas = canvas
        self.diameter = Dial("Size", "px", SMALLEST_BRUSH, LARGEST_BRUSH, self._set_size, curved=True)
        self.diameter.setToolTip("Diameter of the brush ([ and ])")
        self.hardness = Dial("Hardness", "%", 0, 100, self._set_hardness)
        self.hardness.setToolTip("How sharp the brush's edge is (Shift+[ and Shift+])")
        self.tolerance = Dial("Tolerance", "", 0, 255, self._set_tolerance)
        self.tolerance.setToolTip(
            "How different from the clicked color a neighbor may be and still be filled"
        )
        self._pages = QStackedWidget()
        brush = _row(self.diameter, self.hardness)
        flood = _row(self.tolerance)
        lasso = _hint("Draw around what should go. Hold Alt to take away.")
        rectangle = _hint("Drag from corner to corner. Hold Alt to take away.")
        self._page_of = {
            Tool.BRUSH: brush,
            Tool.ERASER: brush,
            Tool.LASSO: lasso,
            Tool.RECTANGLE: rectangle,
            Tool.FLOOD: flood,
        }
        for page in (brush, flood, lasso, rectangle):
            self._pages.addWidget(page)
        self.mask_button = _menu_button("Mask", self._mask_menu())
        self.mask_button.setToolTip("Grow, shrink, feather, invert, clear, load, save")
        self.zoom_button = _menu_button("100 %", self._zoom_menu())
        self.zoom_button.setAccessibleName("Zoom")
        self.zoom_button.setToolTip("Zoom")
        self.zoom_button.setFixedWidth(self.fontMetrics().horizontalAdvance("3200 %") + 32)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 4, 4, 4)
        row.setSpacing(4)
        row.addWidget(self._pages, 1)
        row.addWidget(self.mask_button)
        row.addWidget(self.zoom_button)
        canvas.tool_changed.connect(self._show_tool)
        canvas.brush_changed.connect(self._show_values)
        canvas.zoom_changed.connect(self._show_zoom)
        canvas.image_changed.connect(self._show_enabled)
        self._color_chevrons()
        self._show_tool(canvas.tool)
        self._show_values()
        self._show_enabled()

    def _mask_menu(self) -> QMenu:
        commands = self._canvas.commands
        menu = QMenu(self)
        self.amount = Dial("Amount", "px", 1, 250, self._set_amount)
        self.amount.setContentsMargins(12, 4, 12, 4)
        self.amount.setMinimumWidth(240)
        holder = QWidgetAction(menu)
        holder.setDefaultWidget(self.amount)
        menu.addAction(holder)
        menu.addActions([commands.grow, commands.shrink, commands.feather])
        menu.addSeparator()
        menu.addActions([commands.invert, commands.clear])
        menu.addSeparator()
        menu.addActions([commands.last, commands.load, commands.save])
        return menu

    def _zoom_menu(self) -> QMenu:
        commands = self._canvas.commands
        menu = QMenu(self)
        menu.addActions([commands.fit, commands.actual])
        menu.addSeparator()
        for zoom in _ZOOMS:
            action = QAction(f"{zoom:.0%}".replace("%", " %"), menu)
            action.triggered.connect(lambda _checked=False, zoom=zoom: self._canvas.zoom_to(zoom))
            menu.addAction(action)
        menu.addSeparator()
        menu.addActions([commands.zoom_in, commands.zoom_out])
        return menu

    def minimumSizeHint(self) -> QSize:
        """Narrow enough for a small window: there the sliders give way to the numbers, then the words."""
        return QSize(_NARROWEST, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        width = event.size().width()
        for dial in (self.diameter, self.hardness):
            dial.slider.setVisible(width >= _ROOM_FOR_SLIDERS)
            dial.name.setVisible(width >= _ROOM_FOR_WORDS)
        super().resizeEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.PaletteChange:
            self._color_chevrons()
        super().changeEvent(event)

    def _color_chevrons(self) -> None:
        chevron = icon("chevron-down", self.palette().color(QPalette.ColorRole.PlaceholderText))
        for button in (self.mask_button, self.zoom_button):
            button.setIcon(chevron)

    def _set_size(self, value: int) -> None:
        self._canvas.brush_size = value

    def _set_hardness(self, value: int) -> None:
        self._canvas.hardness = value / 100

    def _set_tolerance(self, value: int) -> None:
        self._canvas.tolerance = value

    def _set_amount(self, value: int) -> None:
        self._canvas.amount = value

    def _show_tool(self, tool: Tool) -> None:
        self._pages.setCurrentWidget(self._page_of[tool])

    def _show_values(self) -> None:
        self.diameter.show_value(self._canvas.brush_size)
        self.hardness.show_value(round(self._canvas.hardness * 100))
        self.tolerance.show_value(self._canvas.tolerance)
        self.amount.show_value(self._canvas.amount)

    def _show_zoom(self, zoom: float) -> None:
        percent = zoom * 100
        self.zoom_button.setText(f"{percent:.0f} %" if percent >= 10 else f"{percent:.1f} %")

    def _show_enabled(self) -> None:
        ready = self._canvas.mask_model is not None
        self.mask_button.setEnabled(ready)
        self.zoom_button.setEnabled(ready)


class FactLine(QFrame):
    """The photo's size, how much is masked, and the pixel under the pointer."""

    def __init__(self, canvas: MaskCanvas, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "panel")
        self._canvas = canvas
        self._photo = _small("")
        self._swatch = QLabel()
        self._swatch.setFixedSize(_SWATCH, _SWATCH)
        self._pixel = _small("")
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 4, 12, 4)
        row.setSpacing(8)
        row.addWidget(self._photo)
        row.addStretch(1)
        row.addWidget(self._swatch)
        row.addWidget(self._pixel)
        canvas.image_changed.connect(self._show_photo)
        canvas.mask_changed.connect(self._show_photo)
        canvas.pixel_changed.connect(self._show_pixel)
        self._show_photo()

    def _show_photo(self) -> None:
        model = self._canvas.mask_model
        if model is None:
            self._photo.setText(" ")
            return
        width, height = model.size
        self._photo.setText(f"{width} × {height} px   ·   {_part(model.coverage)}")

    def _show_pixel(self, pixel: tuple[int, int, QColor] | None) -> None:
        if pixel is None:
            self._swatch.setPixmap(QPixmap())
            self._pixel.setText("")
            return
        x, y, color = pixel
        swatch = QPixmap(_SWATCH, _SWATCH)
        swatch.fill(color)
        self._swatch.setPixmap(swatch)
        self._pixel.setText(f"{x}, {y}   {color.name()}")


class Dial(QWidget):
    """A labelled slider with a numeric entry. `curved` gives small values more of the slider."""

    def __init__(
        self,
        name: str,
        unit: str,
        low: int,
        high: int,
        changed: Callable[[int], None],
        *,
        curved: bool = False,
    ) -> None:
        super().__init__()
        self._low, self._high, self._curved, self._changed = low, high, curved, changed
        self.name = QLabel(name)
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setRange(0, _TICKS)
        self.slider.setSingleStep(10)
        self.slider.setPageStep(100)
        self.slider.setMinimumWidth(56)
        self.setMaximumWidth(320)
        self.slider.setAccessibleName(name)
        self.spin = QSpinBox()
        self.spin.setRange(low, high)
        self.spin.setSuffix(f" {unit}" if unit else "")
        self.spin.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.spin.lineEdit().setTextMargins(0, 0, 4, 0)
        self.spin.setKeyboardTracking(False)
        self.spin.setFixedWidth(self.fontMetrics().horizontalAdvance(f"{high} {unit}") + 20)
        self.spin.setAccessibleName(name)
        self.name.setBuddy(self.spin)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.name)
        row.addWidget(self.slider, 1000)
        row.addWidget(self.spin)
        row.addStretch(1)
        self.slider.valueChanged.connect(lambda tick: changed(self._value(tick)))
        self.spin.valueChanged.connect(changed)

    def show_value(self, value: int) -> None:
        with QSignalBlocker(self.slider), QSignalBlocker(self.spin):
            self.spin.setValue(value)
            if self._value(self.slider.value()) != value:
                self.slider.setValue(self._tick(value))

    def _value(self, tick: int) -> int:
        part = tick / _TICKS
        if self._curved:
            return round(self._low * math.pow(self._high / self._low, part))
        return round(self._low + part * (self._high - self._low))

    def _tick(self, value: int) -> int:
        if self._curved:
            return round(_TICKS * math.log(value / self._low) / math.log(self._high / self._low))
        return round(_TICKS * (value - self._low) / (self._high - self._low))


def _row(*dials: Dial) -> QWidget:
    page = QWidget()
    row = QHBoxLayout(page)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(12)
    for dial in dials:
        row.addWidget(dial, 100)
    row.addStretch(1)
    return page


def _line() -> QFrame:
    line = QFrame()
    line.setProperty("role", "line")
    line.setFixedHeight(1)
    return line


def _small(text: str) -> QLabel:
    label = QLabel(text)
    label.setProperty("role", "small")
    return label


def _hint(text: str) -> QLabel:
    return ElidedLabel(text, "muted")


def _menu_button(text: str, menu: QMenu) -> QToolButton:
    button = QToolButton()
    button.setText(text)
    button.setMenu(menu)
    button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
    button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
    button.setIconSize(_CHEVRON)
    button.setLayoutDirection(Qt.LayoutDirection.RightToLeft)  # the chevron goes after the words
    return button


def _part(coverage: float) -> str:
    percent = coverage * 100
    if percent == 0:
        return "nothing to repaint yet"
    return f"{percent:.1f} % to repaint" if percent >= 0.1 else "under 0.1 % to repaint"
