"""The middle of the window: the canvas, the comparison, and what goes on over them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from studio.core.item import Item
from studio.ui.canvas_tools import CanvasPanel
from studio.ui.controls import ElidedLabel, Segments, button
from studio.ui.progress_card import ProgressCard
from studio.ui.theme import UNIT
from studio.ui.viewer import CompareViewer

CANVAS, COMPARE = 0, 1


class Notice(QFrame):
    """One sentence above the canvas, with at most one thing to do about it. Goes when it is closed."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "notice")
        self.text = ElidedLabel()
        self.action = button("", "quiet")
        self.close_button = button("Dismiss", "quiet")
        row = QHBoxLayout(self)
        row.setContentsMargins(UNIT + 4, 4, 4, 4)
        row.setSpacing(UNIT)
        row.addWidget(self.text, 1)
        row.addWidget(self.action)
        row.addWidget(self.close_button)
        self._act: Callable[[], object] | None = None
        self.action.clicked.connect(self._run)
        self.close_button.clicked.connect(self.hide)
        self.hide()

    def say(self, text: str, words: str = "", act: Callable[[], object] | None = None) -> None:
        self.text.setText(text)
        self.action.setText(words)
        self.action.setVisible(act is not None)
        self._act = act
        self.show()

    def _run(self) -> None:
        self.hide()
        if self._act is not None:
            self._act()


class Workspace(QWidget):
    """Canvas | Compare."""

    edit_result = Signal(object)
    export_result = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "panel")
        self.canvas_panel = CanvasPanel()
        self.canvas = self.canvas_panel.canvas
        self.viewer = CompareViewer()
        self.result: Item | None = None
        """What the comparison shows."""
        self.views = Segments(("Canvas", "Compare"))
        self.views.part(COMPARE).setEnabled(False)
        self.views.part(COMPARE).setToolTip("The result beside its original, once there is one")
        self.photo_name = ElidedLabel("", "muted", Qt.TextElideMode.ElideMiddle)
        self.result_name = ElidedLabel("", "muted", Qt.TextElideMode.ElideMiddle)
        self.edit = button("Go on with result")
        self.edit.setToolTip("Puts the result on the canvas, to change more of it")
        self.export = button("Export…", "primary")
        self.edit.clicked.connect(lambda: self.edit_result.emit(self.result))
        self.export.clicked.connect(lambda: self.export_result.emit(self.result))
        self.notice = Notice()

        self._for_result = (self.result_name, self.edit, self.export)
        bar = QFrame()
        bar.setProperty("role", "bar")
        head = QHBoxLayout(bar)
        head.setContentsMargins(UNIT + 4, UNIT // 2, UNIT + 4, UNIT // 2)
        head.setSpacing(UNIT)
        head.addWidget(self.views)
        head.addSpacing(UNIT)
        head.addWidget(self.photo_name, 1)
        head.addWidget(self.result_name, 1)
        head.addWidget(self.edit)
        head.addWidget(self.export)

        self._stack = QStackedWidget()
        self._stack.addWidget(self.canvas_panel)
        self._stack.addWidget(self.viewer)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(bar)
        column.addWidget(self.notice)
        column.addWidget(self._stack, 1)
        self.card = ProgressCard(self._stack)
        self.views.chosen.connect(self.show_view)
        self.show_view(CANVAS)

    def show_view(self, view: int) -> None:
        """CANVAS or COMPARE."""
        self.views.choose(view)
        self._stack.setCurrentIndex(view)
        for part in self._for_result:
            part.setVisible(view == COMPARE)
        self.photo_name.setVisible(view == CANVAS)
        self.card.raise_()

    @property
    def shows_result(self) -> bool:
        return self._stack.currentIndex() == COMPARE

    def show_photo(self, path: Path, *, keep_mask: bool = False) -> None:
        """Puts a photo on the canvas, with the brush ready."""
        self.canvas.set_image(path, keep_mask=keep_mask)
        self.show_view(CANVAS)
        self.canvas.setFocus()

    def show_result(self, item: Item, before: Path | None, after: Path) -> None:
        self.result = item
        self.result_name.setText(item.name)
        self.views.part(COMPARE).setEnabled(True)
        self.viewer.set_pair(before, after)
        self.show_view(COMPARE)

    def clear(self) -> None:
        """When the project is closed."""
        self.canvas.clear_image()
        self.viewer.clear()
        self.result = None
        self.views.part(COMPARE).setEnabled(False)
        self.card.follow(None)
        self.notice.hide()
        self.show_view(CANVAS)
