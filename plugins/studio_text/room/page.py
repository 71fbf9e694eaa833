"""The middle of the window for texts: drafts beside each other, and the document that is made of them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from msgspec import Struct
from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSplitter, QStackedWidget, QVBoxLayout, QWidget

from studio.api.values import tr
from studio.ui.api import UNIT, EmptyState, button, renew_tab_order
from studio_text.core.passages import Passage
from studio_text.room.words import Limits

if TYPE_CHECKING:
    from studio_text.core.markdown import Passage as Piece
    from studio_text.room.drafts_view import DraftsState, DraftsView
    from studio_text.room.pane import DocumentPane

_SIDE_BY_SIDE = 100 * UNIT
"""From this width on drafts and document stand beside each other; below it one is over the other."""
_BOTH = 64 * UNIT
"""Below this height too there is room for one of them only."""


class PageState(Struct, frozen=True):
    """What a rebuilt window takes over."""

    drafts: DraftsState | None
    passages: Sequence[Passage]
    name: str
    limits: Limits
    view: int
    has_document: bool
    shows_drafts: bool


class DocumentPage(QWidget):
    """Empty, drafts, a document, or both. What is in it is made with the first text."""

    built = Signal()
    """There are `drafts` and `pane` now."""
    changed = Signal()
    """Drafts or a document came or went."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "panel")
        self.is_built = False
        self.has_document = False
        self.shows_drafts = False
        self.limits = Limits()
        self._was_alone = False
        self.empty = EmptyState(tr("No text yet"), "")
        self.brief = button(tr("Write the first brief"))
        """Leads into the form, whose button is the one with the accent."""
        self.empty.offer(self.brief)
        self.empty.setProperty("role", "panel")
        self.empty.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.empty)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._stack)

    def tell_button(self, words: str) -> None:
        """What the button below the form says, which leads to the first text."""
        self.empty.text.setText(
            tr("Fill in the form and press “{button}”, or open a text from the gallery.", button=words)
        )

    @cached_property
    def _split(self) -> QSplitter:
        made = QSplitter(Qt.Orientation.Horizontal)
        made.setChildrenCollapsible(False)
        made.setHandleWidth(4)
        self._stack.addWidget(made)
        return made

    @cached_property
    def drafts(self) -> DraftsView:
        from studio_text.room.drafts_view import DraftsView

        return DraftsView()

    @cached_property
    def pane(self) -> DocumentPane:
        from studio_text.room.pane import DocumentPane

        return DocumentPane()

    def build(self) -> None:
        """Makes what is in it, if it is not there."""
        if self.is_built:
            return
        self.is_built = True
        self._split.addWidget(self.drafts)
        self._split.addWidget(self.pane)
        self.pane.drafts_wanted.connect(self.show_drafts)
        self.drafts.back_wanted.connect(lambda: self.show_drafts(False))
        self.pane.settled.connect(self.mark_used)
        self.built.emit()
        self.refresh()
        if self.window().isVisible():
            renew_tab_order(self)

    @property
    def title(self) -> str:
        """What is looked at."""
        if self.is_empty:
            return ""
        return (self.pane.name if self.has_document else self.drafts.title).whole_text()

    @property
    def is_empty(self) -> bool:
        return not self.is_built or (not self.has_document and self.drafts.is_empty)

    @property
    def is_live(self) -> bool:
        """Whether drafts are being written."""
        return self.is_built and self.drafts.is_live

    def show_drafts(self, on: bool) -> None:
        self.shows_drafts = on
        self.build()
        self.refresh()

    def open_document(self, name: str, passages: Sequence[Passage], limits: Limits) -> None:
        """Shows a text for editing."""
        self.build()
        self.has_document = True
        self.limits = limits
        self.pane.load(name, passages, limits)
        self.refresh()

    def set_limits(self, limits: Limits) -> None:
        self.limits = limits
        self.pane.set_limits(limits)

    def clear(self) -> None:
        self.has_document = self.shows_drafts = False
        if not self.is_built:
            return
        self.drafts.clear()
        self.pane.load("", [], Limits())
        self.refresh()

    def refresh(self) -> None:
        """Shows what is there."""
        drafts = not self.drafts.is_empty and (self.shows_drafts or not self.has_document)
        alone = self._has_room_for_one()
        self._stack.setCurrentWidget(self.empty if self.is_empty else self._split)
        self.drafts.setVisible(drafts)
        self.drafts.back.setVisible(drafts and self.has_document and alone)
        self.pane.setVisible(self.has_document and not (drafts and alone))
        self.pane.drafts.setVisible(not self.drafts.is_empty)
        self.pane.drafts.setChecked(drafts)
        self._turn()
        self.mark_used()
        self.changed.emit()

    def mark_used(self) -> None:
        """Which passages of the drafts are in the document."""
        text = self.pane.editor.text() if self.has_document else ""

        def is_used(piece: Piece) -> bool:
            return bool(text) and piece.source.strip() in text

        for column in self.drafts.columns:
            column.view.mark_used(is_used)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        was = self._was_alone
        if self.is_built and was != self._has_room_for_one():
            self.refresh()
        if self.is_built:
            self._turn()

    def minimumSizeHint(self) -> QSize:
        return QSize(44 * UNIT, 32 * UNIT)

    def _has_room_for_one(self) -> bool:
        self._was_alone = self.width() < _SIDE_BY_SIDE and self.height() < _BOTH
        return self._was_alone

    def _turn(self) -> None:
        """Beside each other where there is room, else the drafts above."""
        wide = self.width() >= _SIDE_BY_SIDE
        way = Qt.Orientation.Horizontal if wide else Qt.Orientation.Vertical
        if self._split.orientation() != way:
            self._split.setOrientation(way)
            whole = self.width() if wide else self.height()
            self._split.setSizes([whole // 2, whole - whole // 2])

    def state(self) -> PageState | None:
        if not self.is_built:
            return None
        pane = self.pane
        return PageState(
            None if self.drafts.is_empty else self.drafts.state(),
            pane.editor.passages(),
            pane.name.whole_text(),
            self.limits,
            pane.view,
            self.has_document,
            self.shows_drafts,
        )

    def restore(self, state: PageState | None) -> None:
        if state is None:
            return
        self.build()
        if state.drafts is not None:
            self.drafts.restore(state.drafts)
        else:
            self.drafts.clear()
        if state.has_document:
            self.open_document(state.name, state.passages, state.limits)
            self.pane.show_view(state.view)
        self.show_drafts(state.shows_drafts)
