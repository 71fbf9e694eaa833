"""The room of texts: drafts are compared while they are written, and become a document that is edited."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from msgspec import Struct
from PySide6.QtCore import QTimer
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from studio.api.values import tr
from studio.ui.api import Command, Item, Job, Room, RoomContext, StageHistory
from studio_text.room.chat_flow import ChatFlow, ChatState
from studio_text.room.commands import document_commands
from studio_text.room.flow import DocumentFlow
from studio_text.room.page import DocumentPage, PageState
from studio_text.room.saving import Working
from studio_text.room.working import FORMAT, packed


class HandedOver(Struct, frozen=True):
    """What the room of a rebuilt window takes over."""

    page: PageState | None
    working: Working
    chat: ChatState


class TextRoom(Room):
    FORMAT = FORMAT

    def __init__(self, context: RoomContext) -> None:
        super().__init__(context)
        self.page = DocumentPage()
        self.document = DocumentFlow(context, self.page)
        self.chat = ChatFlow(context, self.page)
        self._project = context.project
        """The one that the page belongs to."""
        self._is_back = False
        """A document was brought back, and nobody was told yet."""
        self._known: tuple[str, ...] = ()
        """Generators, when they were asked for last."""
        self.document.begun.connect(self.chat.clear)
        self.chat.taken.connect(self.document.use)
        self.page.changed.connect(lambda: context.name_stage(self.page.title))
        self.page.brief.clicked.connect(self.begin)
        self._wires: list[tuple[Any, Any]] = [
            (context.jobs.happened, self.document.on_event),
            (context.jobs.happened, self.chat.on_event),
            (context.items.added, self.document.on_items),
            (context.items.added, self.chat.on_items),
            (context.form.changed, self._on_form),
            (context.project_changed, self._on_project),
        ]
        for signal, slot in self._wires:
            signal.connect(slot)

    @classmethod
    def prepare(cls) -> None:
        from studio_text.room import chat, drafts_view, pane  # noqa: F401 - what the first text is shown with

    def stage(self) -> QWidget:
        self._tell_button()
        return self.page

    def begin(self) -> None:
        """Into the form: to what is still to be filled in or chosen there."""

        def show() -> None:
            self.context.show()
            self.context.form.go_to_missing()

        self.context.new_project(show)

    def open(self, items: Sequence[Item]) -> None:
        if self.chat.takes(items[0]):
            self.context.select(self.document.shown())
        else:
            self.document.open(items[0])

    def edit(self, item: Item) -> None:
        self.document.edit(item)

    def shown(self) -> Sequence[Item]:
        return self.document.shown()

    def to_export(self) -> Sequence[Item]:
        return self.document.to_export()

    def follow(self, job: Job) -> None:
        if not self.chat.follow(job):
            self.document.follow(job)

    def commands(self) -> Sequence[Command]:
        return document_commands(self.document)

    def attach_actions(self, actions: Mapping[str, QAction]) -> None:
        self.document.attach_actions(actions)

    def history(self) -> StageHistory | None:
        """The text's, also while the drafts beside it have the focus, from which passages are taken."""
        return _Steps(self.page) if self.page.has_document else None

    def save(self) -> bytes | Callable[[], bytes]:
        kept = self.document.kept()
        return partial(packed, kept) if kept is not None else b""

    def restore(self, state: bytes, format: int) -> None:
        if self.document.bring_back(state, format):
            self._is_back = True
            QTimer.singleShot(0, self.page, self._tell_back)

    def hand_over(self) -> object:
        return HandedOver(self.page.state(), self.document.working, self.chat.state())

    def take_over(self, state: object) -> None:
        assert isinstance(state, HandedOver)
        self._is_back = False
        self.page.restore(state.page)
        self.document.take_over(state.working)
        self.chat.restore(state.chat)
        self.document.generators_changed()

    def close(self) -> None:
        for signal, slot in self._wires:
            signal.disconnect(slot)
        if self.page.parent() is None:  # the room was asked something, and never shown
            self.page.deleteLater()

    def _tell_back(self) -> None:
        """Unless it was there all the time, in a window that is built anew."""
        if self._is_back and self.page.has_document:
            self._is_back = False
            self.context.say(
                tr("“{name}” is back as you left it; it was not saved yet.", name=self.document.working.name),
                tr("Show"),
                self.context.show,
            )

    def _on_project(self) -> None:
        if self.context.project != self._project:
            self._project = self.context.project
            if isValid(self.page):
                self.document.forget()

    def _tell_button(self) -> None:
        form = self.context.form
        if form.generator is not None:
            self.page.tell_button(form.generator.action(form.values()))

    def _on_form(self) -> None:
        self._tell_button()
        known = tuple(one.id for one in self.context.form.generators())
        if known != self._known:
            self._known = known
            self.document.generators_changed()


class _Steps:
    """What can be taken back in the text."""

    def __init__(self, page: DocumentPage) -> None:
        self._editor = page.pane.editor

    @property
    def undo_title(self) -> str | None:
        return tr("typing") if self._editor.document().isUndoAvailable() else None

    @property
    def redo_title(self) -> str | None:
        return tr("typing") if self._editor.document().isRedoAvailable() else None

    def undo(self) -> None:
        self._editor.undo()

    def redo(self) -> None:
        self._editor.redo()
