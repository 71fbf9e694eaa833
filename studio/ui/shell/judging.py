"""What the user thinks of items: stars and rejected ones in the comparison, and what went into the trash."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress

from PySide6.QtCore import QObject

from studio.core.item import Item
from studio.errors import ProjectError, StudioError
from studio.project.changes import trash_title
from studio.project.history import Changed
from studio.ui.context import WindowContext
from studio.ui.items.organize import AT_ONCE, Change
from studio.ui.shell.workspace import Workspace
from studio.words import tr, trn


class Judging(QObject):
    """Changes the project as the comparison's buttons say, and offers to undo what went to the trash."""

    def __init__(self, context: WindowContext, workspace: Workspace) -> None:
        super().__init__()
        self._context, self._workspace = context, workspace
        compare = workspace.compare
        compare.rated.connect(self._rate)
        compare.rejected.connect(self._reject)
        compare.picked.connect(self._pick)
        context.bridge.listen(self.on_event)

    def trash(self, items: Sequence[Item]) -> None:
        project = self._context.project
        if project is None or project.read_only:
            return
        try:
            self._context.bridge.post(project.trash([item.uid for item in items]))
        except StudioError as error:
            self._context.report(error)

    def on_event(self, event: object) -> None:
        """From the bridge."""
        project = self._context.project
        if not isinstance(event, Changed) or project is None:
            return
        comparison = self._workspace.compare.comparison
        shown = {one.item.uid for one in comparison.items} if comparison is not None else set()
        with suppress(ProjectError):
            for uid in event.items & shown:
                self._workspace.compare.item_changed(project.item(uid))
        if "trashed" in event.fields and event.items:
            self._on_trash(event.items)

    def _on_trash(self, uids: frozenset[str]) -> None:
        """What went into the trash can be taken back at once."""
        project = self._context.project
        assert project is not None
        with suppress(ProjectError):
            first = project.item(next(iter(uids)))
            if first.trashed is None:
                return
            count = len(uids)
            step = trash_title(count, first.name)
            words = trn("{count} item moved to the trash", "{count} items moved to the trash", count)
            self._workspace.notice.offer_undo(words, lambda: self._take_back(step, uids))

    def _take_back(self, step: str, uids: frozenset[str]) -> None:
        """A step back where that was the last one, else a new one that brings the same items back."""
        project = self._context.project
        if project is None:
            return

        def work() -> Changed:
            return project.history.undo() if project.history.undo_title == step else project.restore([*uids])

        if len(uids) > AT_ONCE:
            self._context.start_watched(tr("Restoring"), work, self._context.bridge.post)
            return
        try:
            self._context.bridge.post(work())
        except StudioError as error:
            self._context.report(error)

    def _rate(self, item: Item, stars: int) -> None:
        self._change(lambda project: project.set_stars([item.uid], stars))

    def _reject(self, item: Item, on: bool) -> None:
        self._change(lambda project: project.set_rejected([item.uid], on))

    def _pick(self, item: Item) -> None:
        """What `is:picked` finds: no longer rejected, and at least one star; on top of its stack too."""
        self._change(lambda project: project.pick([item.uid]))

    def _change(self, change: Change) -> None:
        project = self._context.project
        if project is None or project.read_only:
            return
        try:
            self._context.bridge.post(change(project))
        except StudioError as error:
            self._context.report(error)
