"""Texts from the first word of a draft to a saved document: what the room does with them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction, QGuiApplication
from shiboken6 import isValid

from studio.api.values import Kind, StudioError, tr
from studio.ui.api import (
    Item,
    Job,
    JobChanged,
    JobNumbers,
    JobPlanned,
    JobProgress,
    JobState,
    JobText,
    Recipe,
    RoomContext,
)
from studio_text.core import markdown
from studio_text.core.passages import GENERATOR, Passage, passages_of, text_of
from studio_text.room.asks import CONTINUE, Asks
from studio_text.room.page import DocumentPage
from studio_text.room.read import generator_of, read_draft
from studio_text.room.saving import DocumentSaving, Working
from studio_text.room.words import Limits

if TYPE_CHECKING:
    from studio_text.core.markdown import Passage as Piece
    from studio_text.room.drafts_column import DraftColumn


class DocumentFlow(DocumentSaving):
    """The rest is in `DocumentSaving`."""

    begun = Signal()
    """Another document is at hand, or none."""

    def __init__(self, context: RoomContext, page: DocumentPage) -> None:
        super().__init__(context, page)
        self.asks = Asks(context, page)
        self._opened: Item | None = None
        """What was to be shown last, perhaps after its file was decoded elsewhere."""
        self._actions: Mapping[str, QAction] = {}
        page.built.connect(self._attach)
        page.changed.connect(self._enable)

    def _attach(self) -> None:
        """The page has widgets now."""
        drafts, pane = self.page.drafts, self.page.pane
        drafts.picked.connect(self.pick)
        drafts.passage_wanted.connect(self.take)
        drafts.copy_wanted.connect(self._copy)
        pane.changed.connect(self._tell_state)
        pane.changed.connect(self._context.changed)
        pane.save_wanted.connect(self.save)
        pane.copied.connect(self._context.say)
        for able in (pane.editor.undoAvailable, pane.editor.redoAvailable):
            able.connect(self._context.history_changed)
        self.asks.attach(pane)
        if "document.save" in self._actions:
            pane.save.setToolTip(self._actions["document.save"].toolTip())

    # Drafts ------------------------------------------------------------------------------------------------

    def follow(self, job: Job) -> None:
        """Shows the drafts of a job that the user waits for."""
        self.page.build()
        drafts = self.page.drafts
        if drafts.job_id == job.id:
            return
        count = job.recipe.params.get("drafts", 1)
        drafts.follow(
            job.id,
            job.title,
            count if isinstance(count, int) else 1,
            job.recipe.digest,
            self._limits(job.recipe),
        )
        self._tell_use(job.recipe)
        self.page.show_drafts(True)
        self._context.show()

    def _tell_use(self, recipe: Recipe | None) -> None:
        """What picking a draft means: it becomes the document, or takes the place that was asked about."""
        anchor = self.asks.anchor
        if anchor is None or recipe is None or not anchor.fits(recipe):
            self.asks.anchor = None
            self.page.drafts.set_use(tr("Use this draft"), tr("Makes it your text"))
        elif anchor.generator == CONTINUE:
            self.page.drafts.set_use(tr("Insert"), tr("Puts it where the text was to go on"))
        else:
            self.page.drafts.set_use(tr("Replace selection"), tr("Puts it in place of what was rewritten"))

    def on_event(self, event: object) -> None:
        """Of any job: for each word that comes, so that the most frequent events are asked for first."""
        if not self.page.is_built:
            return
        drafts = self.page.drafts
        if isinstance(event, JobText):
            if event.job_id == drafts.job_id:
                drafts.add(event.draft, event.text)
        elif isinstance(event, JobProgress):
            if event.job_id == drafts.job_id and drafts.is_live:
                drafts.say(event.message)
        elif isinstance(event, JobNumbers):
            if event.job_id == drafts.job_id and drafts.is_live:
                drafts.show_numbers(event.numbers)
        elif isinstance(event, JobPlanned):
            if event.job_id == drafts.job_id and drafts.is_live:
                drafts.begin_anew(event.choice.words())
        elif isinstance(event, JobChanged) and event.job.id == drafts.job_id and drafts.is_live:
            self._on_job(event.job)

    def on_items(self, items: Sequence[Item], job: str) -> None:
        """The project has new ones."""
        page = self.page
        if job and page.is_built and page.drafts.is_live and job == page.drafts.job_id:
            self._show_made(items)

    def _on_job(self, job: Job) -> None:
        if job.state is JobState.FAILED:
            self.page.drafts.end(str(job.error.message if job.error is not None else tr("It failed.")))
        elif job.state is JobState.CANCELLED:
            is_empty = all(not column.view.text.strip() for column in self.page.drafts.columns)
            wrote = tr("Stopped. Pick what you want to keep of it.")
            self.page.drafts.end(tr("Stopped before a word was written.") if is_empty else wrote)
        self.page.refresh()

    def _show_made(self, items: Sequence[Item]) -> None:
        drafts = self.page.drafts
        job = drafts.job_id

        def show(texts: Sequence[Item]) -> None:
            if not isValid(self.page) or drafts.job_id != job:
                return
            drafts.flush()
            self._show_drafts(texts, drafts.title.whole_text(), drafts.limits, drafts.source, job)
            self.page.refresh()

        self._context.decode([item for item in items if item.kind == Kind.TEXT], show)

    def _show_drafts(
        self, items: Sequence[Item], title: str, limits: Limits, source: str, job_id: str
    ) -> None:
        known = self._context.items
        try:
            texts = [read_draft(known, item) for item in items]
            numbers = known.numbers(job_id)
        except StudioError as error:
            self._context.report(error)
            return
        self.page.drafts.show_items(title, items, texts, source, limits, job_id=job_id, numbers=numbers)

    def _copy(self, column: DraftColumn) -> None:
        from studio_text.room.pane import formatted

        QGuiApplication.clipboard().setMimeData(formatted(column.view.text))
        self._context.say(tr("Copied with formatting."))

    # Opening -----------------------------------------------------------------------------------------------

    def open(self, item: Item) -> None:
        """A draft among others is shown beside them; any other text is opened for editing."""
        items = self._context.items
        try:
            recipe = items.recipe(item)
            siblings = items.of_job(item.job, (Kind.TEXT,)) if item.job is not None else []
        except StudioError as error:
            self._context.report(error)
            return
        anchor = self.asks.anchor
        is_answer = anchor is not None and recipe is not None and anchor.fits(recipe)
        if recipe is None or recipe.generator == GENERATOR or (len(siblings) < 2 and not is_answer):
            self.edit(item)
            return
        self._opened = item
        self._context.decode(siblings, lambda readable: self._open_among(readable, item, recipe))

    def _open_among(self, siblings: Sequence[Item], item: Item, recipe: Recipe) -> None:
        """A draft, beside those that were written with it."""
        if not isValid(self.page) or self._opened is not item:
            return  # something else was opened meanwhile
        self.page.build()
        if self.page.drafts.is_live and self.page.drafts.job_id != item.job:
            self.page.drafts.clear()
        title = self._title(recipe)
        self._show_drafts(siblings, title, self._limits(recipe), recipe.digest, item.job or "")
        self._tell_use(recipe)
        for column in self.page.drafts.columns:
            column.set_chosen(column.item is not None and column.item.uid == item.uid)
        self.page.show_drafts(True)
        self._context.show()

    def generators_changed(self) -> None:
        """What generators say of their texts is known, perhaps only after such texts were shown."""
        if not self.page.is_built:
            return
        drafts = self.page.drafts
        item = next((column.item for column in drafts.columns if column.item is not None), None)
        if item is not None and not drafts.is_live:
            with suppress(StudioError):
                if (recipe := self._context.items.recipe(item)) is not None:
                    drafts.tell(self._title(recipe), self._limits(recipe))
                    self.page.refresh()
        if self.page.has_document and (self.working.base is not None or self.working.drafts):
            self.page.set_limits(self._working_limits())

    def edit(self, item: Item) -> None:
        """Opens a text as the document; what was edited before it is saved first."""
        self._opened = item
        try:
            text = read_draft(self._context.items, item)
            recipe = self._context.items.recipe(item)
        except StudioError as error:
            self._context.report(error)
            return
        if item == self.working.base and self.page.has_document:
            self._context.show()
            return
        if not self._leave():
            return
        passages = passages_of(recipe.generator, recipe.params) if recipe is not None else []
        if text_of(passages) != text:
            passages = [Passage(text, recipe.digest if recipe is not None else "")]
        self._begin(Working(item.name, item), passages, Limits())
        self.page.set_limits(self._working_limits())

    def new(self) -> None:
        """An empty document."""
        if self._context.project and self._leave():
            self._begin(Working(tr("New text")), [], Limits())
            self._context.select([])
            self.page.pane.editor.setFocus()

    def _begin(self, working: Working, passages: Sequence[Passage], limits: Limits) -> None:
        self.working = working
        self.asks.anchor = None
        self.begun.emit()
        self.page.open_document(working.name, passages, limits)
        if working.base is not None:
            self.working = Working(working.name, working.base, working.drafts, self.page.pane.editor.text())
        self._tell_state()
        self._context.show()

    def _leave(self) -> bool:
        """Saves what has changed, before another text takes its place; False if that failed."""
        if not self.is_changed:
            return True
        name = self.working.name
        if self._save() is None:
            return False
        self._context.say(tr("“{name}” was saved as a new version.", name=name))
        return True

    def forget(self) -> None:
        """The project was closed."""
        self.working = Working()
        self.page.clear()
        self.asks.anchor = None
        self.begun.emit()

    # Picking and merging -----------------------------------------------------------------------------------

    def pick(self, column: DraftColumn) -> None:
        """A draft becomes the document, or takes the place that it was asked for.

        Among the drafts that the document is from it changes places with what is there; one of another job is
        another text, before which this one is saved.
        """
        text, drafts = column.view.text, self.page.drafts
        editor = self.page.pane.editor
        anchor = self.asks.anchor
        if anchor is not None and self.page.has_document:
            self.use(column.item)
            fresh = text.strip("\n") if anchor.generator != CONTINUE else text.rstrip("\n")
            editor.put(fresh, drafts.source, anchor.cursor)
            editor.setTextCursor(anchor.cursor)
        elif self.page.has_document and editor.text().strip() and self._is_from(drafts.job_id):
            self.use(column.item)
            editor.replace_all(text, drafts.source)
        else:
            if not self._leave():
                return
            working = Working(self._name_of(column), column.item)
            self._begin(working, [Passage(text, drafts.source)], drafts.limits)
        if anchor is None:
            self.page.set_limits(drafts.limits)
            self._select(column.item)
        else:
            self._select(self.working.base)
        self.page.show_drafts(False)
        editor.setFocus()
        self._tell_state()

    def _is_from(self, job_id: str) -> bool:
        """Whether the document was made of what this job wrote."""
        used = (self.working.base, *self.working.drafts)
        return any(item is not None and item.job == job_id for item in used)

    def take(self, column: DraftColumn, piece: Piece) -> None:
        """A passage of a draft goes into the document; the first one begins it."""
        if not self.page.has_document:
            self._begin(Working(self._name_of(column)), [], self.page.drafts.limits)
        self.use(column.item)
        self.page.pane.editor.add_passage(piece.source, self.page.drafts.source)
        self.page.show_drafts(True)
        if self.page.pane.isHidden():
            self._context.say(tr("Added to your text."))

    def use(self, item: Item | None) -> None:
        """Remembers what the document was made of."""
        working = self.working
        if item is not None and item not in working.drafts:
            self.working = Working(working.name, working.base, (*working.drafts, item), working.saved)

    def _name_of(self, column: DraftColumn) -> str:
        return markdown.title_of(column.view.text) or (
            column.item.name if column.item is not None else self.page.drafts.title.whole_text()
        )

    def take_over(self, working: Working) -> None:
        """Of a window that was built anew: the page has its text by now."""
        self.working = working
        self._tell_state()

    # Words and commands ------------------------------------------------------------------------------------

    def _tell_state(self) -> None:
        words = ""
        if not self.page.is_built:
            return
        if self.page.has_document:
            words = tr("Not saved yet") if self.is_changed else tr("Saved") if self.working.base else ""
        self.page.pane.say_state(words)
        self._enable()

    def attach_actions(self, actions: Mapping[str, QAction]) -> None:
        self._actions = actions
        self._enable()

    def _enable(self) -> None:
        can_write = not self._context.read_only
        if self.page.is_built:
            self.page.pane.save.setEnabled(can_write and self.is_changed)
        for id in ("document.copy", "document.copy_markdown", "document.continue"):
            if id in self._actions:
                self._actions[id].setEnabled(self.page.has_document)
        if "document.save" in self._actions:
            self._actions["document.save"].setEnabled(can_write and self.page.has_document)

    def _title(self, recipe: Recipe) -> str:
        generator = generator_of(self._context, recipe.generator)
        return tr(generator.title) if generator is not None else recipe.generator
