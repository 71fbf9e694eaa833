"""The middle of the window: the canvas, the comparison, texts, parts, and what goes on over them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, cast

from msgspec import Struct
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from studio.core.item import Item
from studio.core.kind import Kinds
from studio.ui.canvas.tools import CanvasPanel
from studio.ui.compare.kinds import KINDS
from studio.ui.compare.panel import ComparePanel
from studio.ui.document.page import DocumentPage
from studio.ui.items.compare_model import Compared
from studio.ui.items.progress_card import ProgressCard
from studio.ui.kit.commands import Command
from studio.ui.kit.controls import ElidedLabel, Segments
from studio.ui.kit.notice import Notice
from studio.ui.part.page import SET_UP, PartPage
from studio.ui.shell.workspace_bar import WorkspaceBar
from studio.words import tr

if TYPE_CHECKING:
    from studio.ui.compare.images import ImageCompare
    from studio.ui.items.viewer import CompareViewer

CANVAS, COMPARE, TEXT, PART = 0, 1, 2, 3

__all__ = ["CANVAS", "COMPARE", "PART", "TEXT", "Notice", "Workspace", "WorkspaceState"]


class WorkspaceState(Struct, frozen=True):
    """What a rebuilt window takes over; the canvas and the comparison hand over their own."""

    view: int


class Workspace(QWidget):
    """Canvas | Compare | Text | Part."""

    edit_result = Signal(object)
    export_result = Signal(object)
    paste_wanted = Signal()
    text_export_wanted = Signal()
    part_export_wanted = Signal()

    def __init__(self, kinds: Kinds) -> None:
        super().__init__()
        self.setProperty("role", "panel")
        self.canvas_panel = CanvasPanel()
        self.canvas = self.canvas_panel.canvas
        self.compare = ComparePanel(kinds)
        self.text = DocumentPage()
        self.part = PartPage()
        self.views = Segments((tr("Canvas"), tr("Compare"), tr("Text"), tr("Part")))
        self.views.setAccessibleName(tr("View"))
        self.photo_name = ElidedLabel("", "muted", Qt.TextElideMode.ElideMiddle)
        self.result_name = ElidedLabel("", "muted", Qt.TextElideMode.ElideMiddle)
        self.text_name = ElidedLabel("", "muted", Qt.TextElideMode.ElideMiddle)
        self.part_name = ElidedLabel("", "muted", Qt.TextElideMode.ElideMiddle)
        self.head = WorkspaceBar(self.views)
        self.edit, self.export = self.head.edit, self.head.export
        self.edit.clicked.connect(lambda: self.edit_result.emit(self.result))
        self.export.clicked.connect(self._on_export)
        self.notice = Notice()

        self._for_result = (self.result_name, self.edit)
        self.head.set_names(self.photo_name, self.result_name, self.text_name, self.part_name)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.canvas_panel)
        self._stack.addWidget(self.compare)
        self._stack.addWidget(self.text)
        self._stack.addWidget(self.part)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.head)
        column.addWidget(self._stack, 1)
        self.card = ProgressCard(self._stack)
        self.notice.float_over(self._stack)
        self.views.chosen.connect(self.show_view)
        self.compare.changed.connect(self._on_compare)
        self.text.changed.connect(self._enable_export)
        self.part.changed.connect(self._enable_export)
        self._on_compare()
        self.show_view(CANVAS)

    @property
    def result(self) -> Item | None:
        """What the comparison is about: the item that is worked on there."""
        return self.compare.item

    @property
    def viewer(self) -> CompareViewer:
        """What shows two pictures; it is made when it is asked for first."""
        return cast("ImageCompare", self.compare.widget_of(KINDS[0])).viewer

    def show_view(self, view: int) -> None:
        """CANVAS, COMPARE, TEXT or PART."""
        self.views.choose(view)
        self._stack.setCurrentIndex(view)
        for part in self._for_result:
            part.setVisible(view == COMPARE)
        self.photo_name.setVisible(view == CANVAS)
        self.text_name.setVisible(view == TEXT)
        self.part_name.setVisible(view == PART)
        self._enable_export()
        self.head.share_room()
        self.card.raise_()
        self.notice.raise_()

    def show_text(self) -> None:
        self.show_view(TEXT)

    def show_part(self, tab: int | None = None) -> None:
        """One of the tabs of `PartPage`, or the one that was shown last."""
        self.show_view(PART)
        if tab is not None:
            self.part.show_tab(tab)

    @property
    def shows_result(self) -> bool:
        return self._stack.currentIndex() == COMPARE

    def show_photo(self, path: Path, *, keep_mask: bool = False) -> None:
        """Puts a photo on the canvas, with the brush ready."""
        self.canvas.set_image(path, keep_mask=keep_mask)
        self.show_view(CANVAS)
        self.canvas.setFocus()

    def show_comparison(self, items: Sequence[Compared]) -> None:
        """One item alone, or up to eight; the last one is worked on."""
        self.compare.compare(items)
        self.show_view(COMPARE)
        self.compare.focus_view()

    def clear(self) -> None:
        """When the project is closed."""
        self.canvas.clear_image()
        self.compare.clear()
        self.card.follow(None)
        self.notice.clear()
        self.show_view(CANVAS)
        self._on_compare()

    def commands(self) -> list[Command]:
        return [
            Command(
                "workspace.paste",
                tr("&Paste picture"),
                self.paste_wanted.emit,
                keys="Ctrl+V",
                scope="panel",
                words=tr("clipboard import files"),
            )
        ]

    def state(self) -> WorkspaceState:
        return WorkspaceState(self._stack.currentIndex())

    def restore(self, state: WorkspaceState) -> None:
        self.show_view(state.view)

    def _on_export(self) -> None:
        if self._stack.currentIndex() == TEXT:
            self.text_export_wanted.emit()
        elif self._stack.currentIndex() == PART:
            self.part_export_wanted.emit()
        else:
            self.export_result.emit(self.result)

    def _enable_export(self) -> None:
        view = self._stack.currentIndex()
        self.export.setVisible(view != CANVAS and not (view == PART and self.part.tab == SET_UP))
        is_text_ready = not (self.text.is_empty or self.text.is_live)
        self.export.setEnabled(
            is_text_ready if view == TEXT else bool(self.part.name) if view == PART else True
        )
        self.text_name.setText(self.text.title)
        self.part_name.setText(self.part.name)

    def _on_compare(self) -> None:
        item = self.result
        self.result_name.setText(item.name if item is not None else "")
        part = self.views.part(COMPARE)
        part.setEnabled(item is not None)
        part.setToolTip("" if item is not None else tr("The result beside its original, once there is one"))
