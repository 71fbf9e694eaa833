"""Asks a model about the text on the page, and takes the new version that it may propose."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct
from PySide6.QtCore import QObject, Signal
from shiboken6 import isValid

from studio.api.values import StudioError, tr
from studio.ui.api import (
    Item,
    Job,
    JobChanged,
    JobPlanned,
    JobProgress,
    JobState,
    JobText,
    Recipe,
    RoomContext,
)
from studio_text.room.read import generator_of, read_draft
from studio_text.room.turn import Turn

if TYPE_CHECKING:
    from studio_text.room.chat import ChatView
    from studio_text.room.page import DocumentPage

CHAT = "text/chat"


class ChatState(Struct, frozen=True):
    """What a rebuilt window takes over."""

    turns: tuple[Turn, ...]
    job_id: str
    proposal: str
    source: str
    is_shown: bool
    item: Item | None = None


class ChatFlow(QObject):
    taken = Signal(object)
    """The item of a new version that became the text."""

    def __init__(self, context: RoomContext, page: DocumentPage) -> None:
        super().__init__()
        self._context, self._page = context, page
        self.turns: list[Turn] = []
        self.proposal = ""
        self._source = ""
        self._asked = ""
        """The question for which there is no job yet."""
        self._job = ""
        self._answered = ""
        """The job of the last answer, until somebody wants to open that."""
        self._item: Item | None = None
        """Of the proposal."""
        page.built.connect(self._attach)

    @property
    def view(self) -> ChatView:
        return self._page.pane.chat

    def _attach(self) -> None:
        self._page.pane.chat_made.connect(self._attach_view)

    def _attach_view(self) -> None:
        view = self.view
        view.asked.connect(self.ask)
        view.stop_wanted.connect(self.stop)
        view.use_wanted.connect(self.use)

    def clear(self) -> None:
        """Another text: what was said of the one before does not count."""
        self.stop()
        self.turns, self.proposal, self._job, self._asked = [], "", "", ""
        if self._page.is_built and self._page.pane.has_chat:
            self._show()

    def ask(self, message: str) -> None:
        if not self._context.project or generator_of(self._context, CHAT) is None:
            told = tr("No plugin that talks about texts is installed.")
            self._context.report(StudioError(told, tr("Help > Plugins says which ones there are.")))
            return
        values = {
            "message": message,
            "draft": self._page.pane.editor.text(),
            "conversation": msgspec.json.encode(self._said()).decode(),
        }
        self.turns = [*self._said(), Turn("user", message)]
        self.proposal, self._asked = "", message
        self._show()
        self.view.show_busy(True, tr("Waiting for its turn…"))
        self._context.jobs.submit(CHAT, values, {}, failed=lambda: self._end(""))

    def _said(self) -> list[Turn]:
        """The conversation without a question that had no answer."""
        return self.turns[: len(self.turns) - len(self.turns) % 2]

    def stop(self) -> None:
        if self._job:
            self._context.jobs.cancel(self._job)
        elif self._asked:
            self._end(tr("Stopped."))

    def use(self) -> None:
        """The proposed version takes the place of the text; undo brings that back."""
        if self.proposal:
            if self._item is not None:
                self.taken.emit(self._item)
            self._page.pane.editor.replace_all(self.proposal, self._source)
            self.proposal = ""
            self._show()

    # What happens ------------------------------------------------------------------------------------------

    def follow(self, job: Job) -> bool:
        """Whether this job answers what was asked here."""
        if job.id == self._job:
            return True
        if not self._asks(job.recipe):
            return False
        self._job, self._source, self._asked = job.id, job.recipe.digest, ""
        return True

    def takes(self, item: Item) -> bool:
        """Whether an item that is to be opened is the answer that was waited for, which is read here."""
        recipe = self._context.items.recipe(item) if self._asked else None
        if recipe is not None and item.job is not None and self._asks(recipe):  # it was faster than we
            self._source = recipe.digest
            self._on_answer(self._context.items.of_job(item.job))
        taken = item.job is not None and item.job in (self._job, self._answered)
        self._answered = ""
        return taken

    def _asks(self, recipe: Recipe) -> bool:
        return bool(self._asked) and (recipe.generator, recipe.params.get("message")) == (CHAT, self._asked)

    def on_event(self, event: object) -> None:
        """Of any job."""
        if not self._job or not isValid(self._page):
            return
        if isinstance(event, JobText) and event.job_id == self._job:
            self.view.grow(event.text)
        elif isinstance(event, JobProgress) and event.job_id == self._job:
            if not self.view.live and event.message:
                self.view.state.setText(event.message)
        elif isinstance(event, JobPlanned) and event.job_id == self._job:
            self.view.show_turns(self.turns)
        elif isinstance(event, JobChanged) and event.job.id == self._job:
            self._on_job(event.job)

    def on_items(self, items: Sequence[Item], job: str) -> None:
        """The project has new ones."""
        if job and job == self._job and isValid(self._page):
            self._on_answer(items)

    def _on_answer(self, items: Sequence[Item]) -> None:
        try:
            texts = [read_draft(self._context.items, item) for item in items]
        except StudioError as error:
            self._context.report(error)
            texts = []
        if texts:
            self.turns = [*self.turns, Turn("assistant", texts[0].strip())]
            self.proposal = texts[1] if len(texts) > 1 else ""
            self._item = items[1] if len(items) > 1 else None
        self._answered = items[0].job or ""
        self._end("")

    def _on_job(self, job: Job) -> None:
        if job.state is JobState.FAILED:
            self._end(job.error.message if job.error is not None else tr("It failed."))
        elif job.state is JobState.CANCELLED:
            self._end(tr("Stopped."))

    def _end(self, words: str) -> None:
        self._job = self._asked = ""
        if isValid(self._page) and self._page.pane.has_chat:
            self._show()
            self.view.show_busy(False, words)
            self.view.line.setFocus()

    def _show(self) -> None:
        self.view.show_turns(self.turns)
        self.view.offer(bool(self.proposal))
        self.view.show_busy(bool(self._job or self._asked))

    # Handing over ------------------------------------------------------------------------------------------

    def state(self) -> ChatState:
        shown = self._page.is_built and self._page.pane.has_chat and not self._page.pane.chat.isHidden()
        return ChatState(tuple(self.turns), self._job, self.proposal, self._source, shown, self._item)

    def restore(self, state: ChatState) -> None:
        self.turns, self._job = list(state.turns), state.job_id
        self.proposal, self._source, self._item = state.proposal, state.source, state.item
        if self._page.is_built and state.is_shown:
            self._page.pane.show_chat(True)
            self._show()
