"""The document at hand: what has changed in it, how it is saved, and how it survives a crash."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from msgspec import Struct
from PySide6.QtCore import QObject

from studio.api.values import Kind, StudioError, tr
from studio.ui.api import Item, Recipe, RoomContext
from studio_text.core import markdown
from studio_text.core.passages import GENERATOR, inputs_of, params_of, text_of, write
from studio_text.room.page import DocumentPage
from studio_text.room.read import generator_of, read_draft
from studio_text.room.words import Limits, limits_of
from studio_text.room.working import Kept, unpacked


class Working(Struct, frozen=True):
    """The document at hand. `saved` is its text as the project has it; "" for one that it has not."""

    name: str = ""
    base: Item | None = None
    drafts: tuple[Item, ...] = ()
    saved: str = ""


class DocumentSaving(QObject):
    """The part of `DocumentFlow` that knows what is saved."""

    def __init__(self, context: RoomContext, page: DocumentPage) -> None:
        super().__init__()
        self._context, self.page = context, page
        self.working = Working()

    def _tell_state(self) -> None:
        """Whether it is saved has changed, or may have."""
        raise NotImplementedError

    # Saving ------------------------------------------------------------------------------------------------

    @property
    def is_changed(self) -> bool:
        if not self.page.has_document:
            return False
        text = self.page.pane.editor.text()
        return text != self.working.saved and bool(text.strip())

    def save(self) -> Item | None:
        """A new version of the document, in the gallery; None where there is nothing new, or it failed."""
        if not self.page.has_document:
            return None
        if not self.is_changed:
            self._context.say(tr("There is nothing new to save."))
            return None
        item = self._save()
        self._select(item)
        return item

    def _save(self) -> Item | None:
        working, editor = self.working, self.page.pane.editor
        passages = editor.passages()
        try:
            with TemporaryDirectory() as folder:
                file = Path(folder) / "document.md"
                write(passages, file)
                item = self._context.items.record(
                    GENERATOR,
                    params_of(passages),
                    file,
                    kind=Kind.TEXT,
                    name=markdown.title_of(editor.text()) or working.name or tr("Document"),
                    inputs=inputs_of(working.base, working.drafts),
                    parent=working.base,
                )
        except StudioError as error:
            self._context.report(error)
            return None
        self.working = Working(item.name, item, working.drafts, editor.text())
        self.page.pane.name.setText(item.name)
        self._context.changed()
        self._tell_state()
        return item

    def shown(self) -> list[Item]:
        """The drafts, where they are in front; else the version that the document goes on from."""
        page = self.page
        if page.has_document and not page.shows_drafts:
            return [self.working.base] if self.working.base is not None else []
        if not page.is_built:
            return []
        return [column.item for column in page.drafts.columns if column.item is not None]

    def to_export(self) -> list[Item]:
        """The document as it is now, else the drafts."""
        if not self.page.has_document:
            return self.shown()
        if self.is_changed:
            self._select(self._save())
        return [self.working.base] if self.working.base is not None and not self.is_changed else []

    def _select(self, item: Item | None) -> None:
        """The stage shows it: so does the gallery."""
        if item is not None:
            self._context.select([item])

    # The working copy --------------------------------------------------------------------------------------

    def kept(self) -> Kept | None:
        """What would be lost in a crash."""
        if not self.is_changed:
            return None
        working = self.working
        return Kept(
            working.name,
            tuple(self.page.pane.editor.passages()),
            working.base.uid if working.base is not None else "",
            tuple(draft.uid for draft in working.drafts),
        )

    def bring_back(self, data: bytes, format: int) -> bool:
        """Shows what was edited in this project and not saved; False where nothing was."""
        kept = unpacked(data, format)
        if kept is None or not text_of(kept.passages).strip():
            return False
        found: list[Item] = []
        for uid in filter(None, (kept.base, *kept.drafts)):
            with suppress(StudioError):
                found.append(self._context.items.item(uid))
        base = next((item for item in found if item.uid == kept.base), None)
        drafts = tuple(item for item in found if item is not base)
        self.working = Working(kept.name, base, drafts)
        self.page.open_document(kept.name, kept.passages, self._working_limits())
        with suppress(StudioError):
            if base is not None:
                self.working = Working(kept.name, base, drafts, read_draft(self._context.items, base))
        self._tell_state()
        return True

    def _working_limits(self) -> Limits:
        """Of the template that the document at hand came from, through all its versions."""
        items, working = self._context.items, self.working
        item = working.base or next(iter(working.drafts), None)
        with suppress(StudioError):
            while item is not None:
                recipe = items.recipe(item)
                if recipe is None or recipe.generator != GENERATOR:
                    return self._limits(recipe)
                item = items.item(item.parent) if item.parent is not None else None
        return Limits()

    def _limits(self, recipe: Recipe | None) -> Limits:
        return limits_of(generator_of(self._context, recipe.generator)) if recipe is not None else Limits()
