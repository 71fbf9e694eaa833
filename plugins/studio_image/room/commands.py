"""The commands of the mask canvas, and when each of them is on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QFileDialog

from studio.api.values import StudioError, path_of, tr
from studio.ui.api import Command, locales
from studio_image.room.canvas import MaskCanvas
from studio_image.room.tool import Tool

TOOLS = tuple(f"mask.{tool.value}" for tool in Tool)
UNDO, REDO = "mask.undo", "mask.redo"


class CanvasCommands(QObject):
    """The window makes an action of each command and attaches them; until then there is nothing to press."""

    def __init__(self, canvas: MaskCanvas) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self._actions: Mapping[str, QAction] = {}
        self._exclusive: QActionGroup | None = None
        self.all = self._tools() + self._brush() + self._mask() + self._files() + self._zoom()
        canvas.tool_changed.connect(self._show_tool)
        canvas.brush_changed.connect(self._show_amount)
        canvas.image_changed.connect(self._show_possible)
        canvas.mask_changed.connect(self._show_possible)
        canvas.editing_changed.connect(self._show_possible)

    def attach(self, actions: Mapping[str, QAction]) -> None:
        """Takes the actions that were made of `all`; others in it are left alone."""
        self._actions = {one.id: actions[one.id] for one in self.all}
        self._exclusive = QActionGroup(self)
        for tool in TOOLS:
            self._exclusive.addAction(self._actions[tool])
        self._show_tool(self._canvas.tool)
        self._show_amount()
        self._show_possible()

    # What there is -----------------------------------------------------------------------------------------

    def _tools(self) -> list[Command]:
        words = {
            Tool.BRUSH: (tr("&Brush"), "B"),
            Tool.ERASER: (tr("&Eraser"), "E"),
            Tool.LASSO: (tr("&Lasso"), "L"),
            Tool.RECTANGLE: (tr("&Rectangle"), "R"),
            Tool.FLOOD: (tr("&Fill by color"), "G"),
        }
        return [
            Command(
                f"mask.{tool.value}",
                title,
                partial(self._choose, tool),
                menu="room",
                keys=key,
                group="tools",
                icon=tool.value,
                checkable=True,
                scope="panel",
            )
            for tool, (title, key) in words.items()
        ]

    def _brush(self) -> list[Command]:
        canvas = self._canvas
        size, edge = canvas.change_brush_size, canvas.change_hardness
        return [
            _on_canvas("swap", tr("Swap brush and eraser"), canvas.swap_brush, "X", "brush", "swap"),
            _on_canvas("smaller", tr("Smaller brush"), partial(size, -1), "[", "brush"),
            _on_canvas("larger", tr("Larger brush"), partial(size, 1), "]", "brush"),
            _on_canvas("softer", tr("Softer brush"), partial(edge, -1), "Shift+[; {; Shift+{", "brush"),
            _on_canvas("harder", tr("Harder brush"), partial(edge, 1), "Shift+]; }; Shift+}", "brush"),
        ]

    def _mask(self) -> list[Command]:
        canvas = self._canvas
        return [
            # Without keys and menu: the window's own undo, which has them, takes the mask back on the canvas.
            Command(UNDO, tr("Undo mask edit"), canvas.undo, icon="undo", scope="panel"),
            Command(REDO, tr("Redo mask edit"), canvas.redo, icon="redo", scope="panel"),
            _on_canvas("invert", tr("&Invert mask"), canvas.invert, "I", "mask", "invert"),
            _on_canvas("clear", tr("&Clear mask"), canvas.clear_mask, "", "mask", "clear"),
            _on_canvas("grow", tr("Grow mask"), canvas.grow, "", "mask", "grow"),
            _on_canvas("shrink", tr("Shrink mask"), canvas.shrink, "", "mask", "shrink"),
            _on_canvas("feather", tr("Feather mask"), canvas.feather, "", "mask", "feather"),
        ]

    def _files(self) -> list[Command]:
        canvas = self._canvas
        return [
            _on_canvas("last", tr("Use last mask"), canvas.use_last_mask, "", "files", "last-mask"),
            _on_canvas("load", tr("L&oad mask…"), self._ask_load, "", "files", "load-mask"),
            _on_canvas("save", tr("&Save mask as…"), self._ask_save, "", "files", "save-mask"),
        ]

    def _zoom(self) -> list[Command]:
        canvas = self._canvas
        return [
            _in_view("zoom_in", tr("Zoom &in"), canvas.zoom_in, "+; =", "zoom-in"),
            _in_view("zoom_out", tr("Zoom &out"), canvas.zoom_out, "-", "zoom-out"),
            _in_view("fit", tr("Fit to &view"), canvas.fit, "0", "fit"),
            _in_view("actual", tr("&Actual size"), canvas.actual_size, "1", "actual-size"),
        ]

    # When it is on -----------------------------------------------------------------------------------------

    def _choose(self, tool: Tool) -> None:
        self._canvas.tool = tool

    @Slot(object)
    def _show_tool(self, tool: Tool) -> None:
        action = self._actions.get(f"mask.{tool.value}")
        if action is not None:
            action.setChecked(True)

    @Slot()
    def _show_amount(self) -> None:
        if self._actions:
            pixels = locales.number(self._canvas.amount)
            self._actions["mask.grow"].setText(tr("&Grow by {pixels} px", pixels=pixels))
            self._actions["mask.shrink"].setText(tr("S&hrink by {pixels} px", pixels=pixels))
            self._actions["mask.feather"].setText(tr("Fea&ther by {pixels} px", pixels=pixels))

    @Slot()
    def _show_possible(self) -> None:
        canvas = self._canvas
        model = None if canvas.is_editing else canvas.mask_model
        for id, action in self._actions.items():
            if id == UNDO:
                action.setEnabled(model is not None and model.history.can_undo)
            elif id == REDO:
                action.setEnabled(model is not None and model.history.can_redo)
            elif id == "mask.last":
                action.setEnabled(model is not None and canvas.has_last_mask)
            else:
                action.setEnabled(model is not None)

    # Files -------------------------------------------------------------------------------------------------

    def _ask_load(self) -> None:
        kinds = tr("Pictures ({endings})", endings="*.png *.jpg *.jpeg *.webp *.tif *.tiff *.bmp")
        name, _ = QFileDialog.getOpenFileName(self._canvas, tr("Load mask"), "", kinds)
        if name:
            self._canvas.set_mask(path_of(name))

    def _ask_save(self) -> None:
        kinds = tr("PNG picture ({endings})", endings="*.png")
        name, _ = QFileDialog.getSaveFileName(self._canvas, tr("Save mask"), tr("mask") + ".png", kinds)
        if not name:
            return
        path = path_of(name)
        try:
            self._canvas.save_mask(path if path.suffix else path.with_suffix(".png"))
        except StudioError as error:
            self._canvas.failed.emit(error)


def _on_canvas(
    verb: str, title: str, act: Callable[[], object], keys: str, group: str, drawing: str = ""
) -> Command:
    return Command(
        f"mask.{verb}", title, act, menu="room", keys=keys, group=group, icon=drawing, scope="panel"
    )


def _in_view(verb: str, title: str, act: Callable[[], object], keys: str, drawing: str) -> Command:
    return Command(
        f"mask.{verb}", title, act, menu="room", keys=keys, group="zoom", icon=drawing, scope="panel"
    )
