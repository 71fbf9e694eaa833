"""The document at hand: what has changed in it, how it is saved, and how it survives a crash."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from msgspec import Struct
from PySide6.QtCore import QObject
from shiboken6 import isValid

from studio.core.item import Item
from studio.core.kind import Kind
from studio.core.recipe import Recipe
from studio.errors import ProjectError, StudioError
from studio.jobs.events import ItemsAdded, JobChanged
from studio.jobs.record import record
from studio.words import tr
from studio_text.core import markdown
from studio_text.core.passages import GENERATOR, inputs_of, params_of, text_of, write
from studio_text.room import keep as document_keep
from studio_text.room.read import read_draft
from studio_text.room.words import Limits, limits_of

if TYPE_CHECKING:
    from studio.project.store import Project
    from studio.ui.context import WindowContext
    from studio.ui.shell.workspace import Workspace


class Working(Struct, frozen=True):
    """The document at hand. `saved` is its text as the project has it; "" for one that it has not."""

    name: str = ""
    base: Item | None = None
    drafts: tuple[Item, ...] = ()
    saved: str = ""


class DocumentSaving(QObject):
    """The part of `DocumentFlow` that knows the project."""

    def __init__(self, context: WindowContext, workspace: Workspace) -> None:
        super().__init__()
        self._context, self._workspace = context, workspace
        self.page = workspace.text
        self.working = Working()
        self._project = ""
        """The uuid of the project that the page belongs to."""

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
            self._workspace.notice.say(tr("There is nothing new to save."))
            return None
        return self._save()

    def _save(self) -> Item | None:
        project, catalog, working = self._context.project, self._context.catalog, self.working
        if project is None:
            return None
        generator = catalog.generators.get(GENERATOR) if catalog is not None else None
        editor = self.page.pane.editor
        name = markdown.title_of(editor.text()) or working.name
        passages, used = editor.passages(), inputs_of(working.base, working.drafts)
        try:
            with TemporaryDirectory() as folder:
                file = Path(folder) / "document.md"
                write(passages, file)
                item = record(
                    project,
                    Recipe(
                        generator=GENERATOR,
                        generator_version=generator.version if generator is not None else "1",
                        params=params_of(passages),
                        inputs={slot: one.digest for slot, one in used.items()},
                    ),
                    file,
                    kind=Kind.TEXT,
                    name=name or tr("Document"),
                    parent=working.base,
                )
        except StudioError as error:
            self._context.report(error)
            return None
        self.working = Working(item.name, item, working.drafts, editor.text())
        self.page.pane.name.setText(item.name)
        document_keep.forget(project.uuid)
        self._tell_state()
        self._context.bridge.post(ItemsAdded((item,), item.job or ""))
        if self._context.runner is not None and item.job is not None:
            self._context.bridge.post(JobChanged(self._context.runner.queue.job(item.job)))
        return item

    def to_export(self) -> list[Item]:
        """The document as it is now, else the drafts."""
        if self.page.has_document:
            item = self._save() if self.is_changed else self.working.base
            return [item] if item is not None else []
        if not self.page.is_built:
            return []
        items = [column.item for column in self.page.drafts.columns]
        return [item for item in items if item is not None]

    # The working copy --------------------------------------------------------------------------------------

    def _keep(self) -> None:
        if not self._project or not self.page.has_document:
            return
        if not self.is_changed:
            document_keep.forget(self._project)
            return
        working = self.working
        document_keep.keep(
            self._project,
            document_keep.Kept(
                working.name,
                tuple(self.page.pane.editor.passages()),
                working.base.uid if working.base is not None else "",
                tuple(draft.uid for draft in working.drafts),
            ),
        )

    def show_project(self, project: Project) -> None:
        """A project is there: so is what was edited in it and not saved."""
        if self._project == project.uuid:
            return
        self._project = project.uuid
        kept = document_keep.kept(project.uuid) if not project.read_only else None
        if kept is None or not text_of(kept.passages).strip():
            return
        found: list[Item] = []
        for uid in (kept.base, *kept.drafts):
            with suppress(ProjectError):
                found.append(project.item(uid))
        base = next((item for item in found if item.uid == kept.base), None)
        drafts = tuple(item for item in found if item is not base)
        self.working = Working(kept.name, base, drafts)
        self.page.open_document(kept.name, kept.passages, self._working_limits())
        with suppress(StudioError):
            if base is not None:
                self.working = Working(kept.name, base, drafts, read_draft(project, base))
        self._tell_state()
        self._workspace.notice.say(
            tr("“{name}” is back as you left it; it was not saved yet.", name=kept.name),
            tr("Show"),
            self._workspace.show_text,
        )

    def forget(self) -> None:
        """The project was closed."""
        self._keep()
        self._project = ""
        self.working = Working()
        self.page.clear()

    def close_panel(self) -> None:
        """The widgets go."""
        if isValid(self.page):
            self._keep()

    def state(self) -> dict[str, Any]:
        return {"working": self.working, "project": self._project}

    def restore(self, state: dict[str, Any]) -> None:
        """The page has its text by now."""
        self.working, self._project = state["working"], state["project"]
        self._tell_state()

    def _working_limits(self) -> Limits:
        """Of the template that the document at hand came from, through all its versions."""
        project, working = self._context.project, self.working
        item = working.base or next(iter(working.drafts), None)
        with suppress(ProjectError):
            while item is not None and project is not None:
                recipe = project.recipe_of(item.uid)
                if recipe is None or recipe.generator != GENERATOR:
                    return self._limits(recipe)
                item = project.item(item.parent) if item.parent is not None else None
        return Limits()

    def _limits(self, recipe: Recipe | None) -> Limits:
        catalog = self._context.catalog
        known = catalog.generators if catalog is not None else {}
        return limits_of(known.get(recipe.generator)) if recipe is not None else Limits()
