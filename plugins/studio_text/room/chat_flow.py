"""Asks a model about the text on the page, and takes the new version that it may propose."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct
from PySide6.QtCore import QObject, Signal
from shiboken6 import isValid

from studio.core.item import Item, JobState
from studio.core.recipe import MAX_SEED
from studio.errors import StudioError
from studio.jobs.events import ItemsAdded, JobChanged, JobPlanned, JobProgress, JobText
from studio.words import tr
from studio_text.room.read import read_draft

if TYPE_CHECKING:
    from studio.jobs.queue import Job
    from studio.ui.context import WindowContext
    from studio.ui.generate.panel import GeneratePanel
    from studio_text.room.chat import ChatView
    from studio_text.room.page import DocumentPage

CHAT = "text/chat"


class Turn(Struct, frozen=True):
    """As `text/chat` takes it."""

    role: str
    """"user" or "assistant"."""
    content: str


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

    def __init__(self, context: WindowContext, panel: GeneratePanel, page: DocumentPage) -> None:
        super().__init__()
        self._context, self._panel, self._page = context, panel, page
        self.turns: list[Turn] = []
        self.proposal = ""
        self._source = ""
        self._job = ""
        self._item: Item | None = None
        """Of the proposal."""
        page.built.connect(self._attach)
        context.bridge.listen(self.on_event)

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
        self.turns, self.proposal, self._job = [], "", ""
        if self._page.is_built and self._page.pane.has_chat:
            self._show()

    def ask(self, message: str) -> None:
        project, runner, catalog = self._context.project, self._context.runner, self._context.catalog
        generator = catalog.generators.get(CHAT) if catalog is not None else None
        if project is None or runner is None or generator is None:
            told = tr("No plugin that talks about texts is installed.")
            self._context.report(StudioError(told, tr("Help > Plugins says which ones there are.")))
            return
        values = {
            "message": message,
            "draft": self._page.pane.editor.text(),
            "conversation": msgspec.json.encode(self._answered()).decode(),
        }
        device, models, title = self._panel.foot.device_id(), self._context.models, tr(generator.title)
        self.turns = [*self._answered(), Turn("user", message)]
        self.proposal = ""
        self._show()
        self.view.show_busy(True, tr("Waiting for its turn…"))

        def submit(_: object) -> list[Job]:
            import secrets

            from studio.backends.device import default_threads
            from studio.jobs.prepare import make_recipe

            recipe = make_recipe(
                project,
                generator,
                values,
                {},
                seed=secrets.randbelow(MAX_SEED + 1),
                device=device,
                threads=default_threads(),
                models=models,
            )
            return runner.submit([recipe], title=title, titles=[title], first=True)

        self._context.tasks.start(title, submit, self._on_submitted, self._on_failed)

    def _answered(self) -> list[Turn]:
        """The conversation without a question that had no answer."""
        return self.turns[: len(self.turns) - len(self.turns) % 2]

    def stop(self) -> None:
        if self._job and self._context.runner is not None:
            self._context.runner.cancel(self._job)

    def use(self) -> None:
        """The proposed version takes the place of the text; undo brings that back."""
        if self.proposal:
            if self._item is not None:
                self.taken.emit(self._item)
            self._page.pane.editor.replace_all(self.proposal, self._source)
            self.proposal = ""
            self._show()

    # What happens ------------------------------------------------------------------------------------------

    def on_event(self, event: object) -> None:
        """From the bridge."""
        if not self._job or not isValid(self._page):
            return
        if isinstance(event, JobText) and event.job_id == self._job:
            self.view.grow(event.text)
        elif isinstance(event, JobProgress) and event.job_id == self._job:
            if not self.view.live and event.message:
                self.view.state.setText(event.message)
        elif isinstance(event, JobPlanned) and event.job_id == self._job:
            self.view.show_turns(self.turns)
        elif isinstance(event, ItemsAdded) and event.job_id == self._job:
            self._on_answer(event.items)
        elif isinstance(event, JobChanged) and event.job.id == self._job:
            self._on_job(event.job)

    def _on_submitted(self, jobs: Sequence[Job]) -> None:
        if not isValid(self._page) or self._context.runner is None:
            return
        self._job = jobs[0].id
        self._source = jobs[0].recipe.digest
        now = self._context.runner.queue.job(self._job)
        if now.state is JobState.DONE and self._context.project is not None:
            self._on_answer(self._context.project.items(job=self._job)[::-1])  # it was faster than we
        elif now.state.is_final:
            self._on_job(now)

    def _on_failed(self, error: BaseException) -> None:
        self._context.report(error)
        self._end("")

    def _on_answer(self, items: Sequence[Item]) -> None:
        project = self._context.project
        assert project is not None
        try:
            texts = [read_draft(project, item) for item in items]
        except StudioError as error:
            self._on_failed(error)
            return
        if texts:
            self.turns = [*self.turns, Turn("assistant", texts[0].strip())]
            self.proposal = texts[1] if len(texts) > 1 else ""
            self._item = items[1] if len(items) > 1 else None
        self._end("")

    def _on_job(self, job: Job) -> None:
        if job.state is JobState.FAILED:
            self._end(job.error.message if job.error is not None else tr("It failed."))
        elif job.state is JobState.CANCELLED:
            self._end(tr("Stopped."))

    def _end(self, words: str) -> None:
        self._job = ""
        if isValid(self._page) and self._page.pane.has_chat:
            self._show()
            self.view.show_busy(False, words)
            self.view.line.setFocus()

    def _show(self) -> None:
        self.view.show_turns(self.turns)
        self.view.offer(bool(self.proposal))
        self.view.show_busy(bool(self._job))

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
