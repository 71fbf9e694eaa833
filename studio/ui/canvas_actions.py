"""Every command of the mask canvas as an action: for its keys, the tool strip and the window's menus."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QAction, QActionGroup, QKeySequence, QPalette
from PySide6.QtWidgets import QFileDialog

from studio.errors import StudioError
from studio.ui.canvas_tool import Tool
from studio.ui.icons import icon

if TYPE_CHECKING:
    from studio.ui.canvas import MaskCanvas

_TOOLS = (
    (Tool.BRUSH, "Brush", "B"),
    (Tool.ERASER, "Eraser", "E"),
    (Tool.LASSO, "Lasso", "L"),
    (Tool.RECTANGLE, "Rectangle", "R"),
    (Tool.FLOOD, "Fill by color", "G"),
)
_PICTURES = "Pictures (*.png *.jpg *.jpeg *.webp *.tif *.tiff *.bmp)"


class CanvasActions(QObject):
    """`groups` maps a heading to its actions. The keys work while the canvas has the focus."""

    def __init__(self, canvas: MaskCanvas) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self._icons: list[tuple[QAction, str]] = []
        self.tools: dict[Tool, QAction] = {}
        exclusive = QActionGroup(self)
        for tool, text, key in _TOOLS:
            action = self._add(text, tool.value, [key], lambda checked=False, tool=tool: self._choose(tool))
            action.setCheckable(True)
            exclusive.addAction(action)
            self.tools[tool] = action
        step = canvas.change_brush_size
        turn = canvas.change_hardness
        self.swap = self._add("Swap brush and eraser", "swap", ["X"], canvas.swap_brush)
        self.smaller = self._add("Smaller brush", "", ["["], lambda: step(-1))
        self.larger = self._add("Larger brush", "", ["]"], lambda: step(1))
        self.softer = self._add("Softer brush", "", ["Shift+[", "{", "Shift+{"], lambda: turn(-1))
        self.harder = self._add("Harder brush", "", ["Shift+]", "}", "Shift+}"], lambda: turn(1))
        self.undo = self._add("Undo mask edit", "undo", ["Ctrl+Z"], canvas.undo)
        self.redo = self._add("Redo mask edit", "redo", ["Ctrl+Shift+Z", "Ctrl+Y"], canvas.redo)
        self.grow = self._add("Grow", "grow", [], canvas.grow)
        self.shrink = self._add("Shrink", "shrink", [], canvas.shrink)
        self.feather = self._add("Feather", "feather", [], canvas.feather)
        self.invert = self._add("Invert mask", "invert", ["I"], canvas.invert)
        self.clear = self._add("Clear mask", "clear", [], canvas.clear_mask)
        self.last = self._add("Use last mask", "last-mask", [], canvas.use_last_mask)
        self.load = self._add("Load mask…", "load-mask", [], self._ask_load)
        self.save = self._add("Save mask as…", "save-mask", [], self._ask_save)
        self.zoom_in = self._add("Zoom in", "zoom-in", ["+", "="], canvas.zoom_in)
        self.zoom_out = self._add("Zoom out", "zoom-out", ["-"], canvas.zoom_out)
        self.fit = self._add("Fit to view", "fit", ["0"], canvas.fit)
        self.actual = self._add("Actual size", "actual-size", ["1"], canvas.actual_size)
        self.groups: dict[str, list[QAction]] = {
            "Tools": list(self.tools.values()),
            "Brush": [self.swap, self.smaller, self.larger, self.softer, self.harder],
            "Edit": [self.undo, self.redo],
            "Mask": [
                *(self.grow, self.shrink, self.feather, self.invert, self.clear),
                *(self.last, self.load, self.save),
            ],
            "View": [self.zoom_in, self.zoom_out, self.fit, self.actual],
        }
        canvas.tool_changed.connect(lambda tool: self.tools[tool].setChecked(True))
        canvas.brush_changed.connect(self._show_amount)
        canvas.image_changed.connect(self._show_possible)
        canvas.mask_changed.connect(self._show_possible)
        canvas.editing_changed.connect(self._show_possible)
        canvas.installEventFilter(self)
        self.tools[canvas.tool].setChecked(True)
        self._show_amount()
        self._show_possible()
        self._color_icons()

    def _add(self, text: str, drawing: str, keys: list[str], run: Callable[..., object]) -> QAction:
        action = QAction(text, self)
        action.setShortcuts([QKeySequence(key) for key in keys])
        action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        action.triggered.connect(lambda _checked=False: run())
        if drawing:
            self._icons.append((action, drawing))
        self._name(action, text)
        self._canvas.addAction(action)
        return action

    def _name(self, action: QAction, text: str) -> None:
        action.setText(text)
        key = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
        plain = text.rstrip("…")
        action.setToolTip(f"{plain} ({key})" if key else plain)

    def _choose(self, tool: Tool) -> None:
        self._canvas.tool = tool

    def _show_amount(self) -> None:
        amount = self._canvas.amount
        self._name(self.grow, f"Grow by {amount} px")
        self._name(self.shrink, f"Shrink by {amount} px")
        self._name(self.feather, f"Feather by {amount} px")

    def _show_possible(self) -> None:
        model = None if self._canvas.is_editing else self._canvas.mask_model
        for actions in self.groups.values():
            for action in actions:
                action.setEnabled(model is not None)
        self.undo.setEnabled(model is not None and model.history.can_undo)
        self.redo.setEnabled(model is not None and model.history.can_redo)
        self.last.setEnabled(model is not None and self._canvas.has_last_mask)

    def _color_icons(self) -> None:
        color = self._canvas.palette().color(QPalette.ColorRole.ButtonText)
        for action, drawing in self._icons:
            action.setIcon(icon(drawing, color))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.PaletteChange:
            self._color_icons()
        return False

    def _ask_load(self) -> None:
        name, _ = QFileDialog.getOpenFileName(self._canvas, "Load mask", "", _PICTURES)
        if name:
            self._canvas.set_mask(Path(name))

    def _ask_save(self) -> None:
        name, _ = QFileDialog.getSaveFileName(self._canvas, "Save mask", "mask.png", "PNG picture (*.png)")
        if not name:
            return
        path = Path(name)
        try:
            self._canvas.save_mask(path if path.suffix else path.with_suffix(".png"))
        except StudioError as error:
            self._canvas.failed.emit(error)
