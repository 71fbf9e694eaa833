"""Parts between the gallery, their page, the project and generators of images."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from contextlib import suppress
from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from shiboken6 import isValid

from studio.core.item import Item, Origin
from studio.errors import ProjectError, StudioError
from studio.project.history import Changed
from studio.ui.items.job_numbers import job_numbers
from studio.ui.kit.commands import Command
from studio.words import tr, trn
from studio_product.room.part.page import PART, VARIANTS

if TYPE_CHECKING:
    from studio.core.model import Number
    from studio.project.store import Project
    from studio.ui.context import WindowContext
    from studio.ui.gallery.panel import GalleryPanel
    from studio.ui.shell.items import ItemFlow
    from studio.ui.shell.workspace import Workspace
    from studio_product.room.part.part_files import PartFiles
    from studio_product.room.part.picture_flow import PictureFlow
    from studio_product.room.study.flow import StudyFlow
    from studio_product.room.variants.variant import Variant

MOST_VARIANTS = 200


class PartFlow(QObject):
    """One part alone, and several beside each other: what was made together, or was selected."""

    def __init__(
        self,
        context: WindowContext,
        workspace: Workspace,
        items: ItemFlow,
        gallery: GalleryPanel,
        study: StudyFlow,
    ) -> None:
        super().__init__()
        self._context, self._workspace, self._items = context, workspace, items
        self._gallery, self._study = gallery, study
        self.page = workspace.part
        self._is_selecting = False
        self._compared: Sequence[Item] = ()
        """What was asked for last: an answer to an earlier question comes too late."""
        self.page.made.connect(self._on_made)
        self.page.changed.connect(self._tell_name)
        self.page.tabs.chosen.connect(self._on_tab)
        gallery.selection_changed.connect(self._on_gallery)
        context.bridge.listen(self.on_event)

    @cached_property
    def files(self) -> PartFiles:
        from studio_product.room.part.part_files import PartFiles

        return PartFiles(self._context)

    @cached_property
    def pictures(self) -> PictureFlow:
        from studio_product.room.part.picture_flow import PictureFlow

        return PictureFlow(self._context, self._workspace, self._items)

    # Looking -----------------------------------------------------------------------------------------------

    def open(self, item: Item) -> None:
        """A part was selected: among the variants where they are shown, else alone."""
        if self.page.tab == VARIANTS and self.page.has(VARIANTS):
            if item.uid in {one.item.uid for one in self.page.variants.variants}:
                return  # it is chosen there as all that is selected
            if item.job is not None:
                self.show_variants_of(item)
                return
        self.page.show_tab(PART)
        self.page.part.show_item(item)

    def show(self, item: Item) -> None:
        """One part alone."""
        self._workspace.show_part(PART)
        self.page.part.show_item(item)
        self.page.part.setFocus()

    def show_variants_of(self, item: Item) -> None:
        """It and all that were made with it."""
        project = self._context.project
        if project is None or item.job is None:
            return
        try:
            made = project.items(job=item.job, kinds=("part",), limit=MOST_VARIANTS)
        except StudioError as error:
            self._context.report(error)
            return
        self._show_variants(project, made[::-1], item.job)

    def compare(self, items: Sequence[Item]) -> None:
        """These parts and no others; one alone with those that were made with it."""
        project = self._context.project
        if project is None:
            return
        if len(items) == 1 and items[0].job is not None:
            self.show_variants_of(items[0])
            return
        made = sorted(items, key=lambda item: (item.created, item.name))
        self._show_variants(project, made[:MOST_VARIANTS])
        if len(items) > MOST_VARIANTS:
            told = tr("The first {count} of {all} are compared.", count=MOST_VARIANTS, all=len(items))
            self._workspace.notice.say(told)

    def _show_variants(self, project: Project, items: Sequence[Item], job: str | None = None) -> None:
        """Their numbers are read on a task; their shapes follow one by one. `job`: it made just these."""
        self._compared = items

        def work(_: object) -> tuple[list[Variant], list[Number]]:
            from studio_product.room.part.part_files import numbers_of
            from studio_product.room.variants.variant import Variant

            variants = [Variant(item, n, numbers_of(project, item)) for n, item in enumerate(items, 1)]
            return variants, job_numbers(project, job)

        def done(found: tuple[list[Variant], list[Number]]) -> None:
            if isValid(self.page) and self._context.project is project and self._compared is items:
                self.page.variants.show_variants(found[0], title, found[1])
                self._on_gallery(self._gallery.selected())

        title = items[0].name if len(items) == 1 else trn("{count} part", "{count} parts", len(items))
        self._workspace.show_part(VARIANTS)
        self._context.tasks.start(tr("Reading the variants"), work, done)

    def show_result(self, item: Item, undisturbed: bool) -> None:
        """A part that the user waited for."""
        if undisturbed and item.job is not None:
            self.show_variants_of(item)
            return
        told = tr("“{name}” is ready.", name=item.name)
        self._workspace.notice.say(told, tr("Compare variants"), lambda: self.show_variants_of(item))

    # The page ----------------------------------------------------------------------------------------------

    def _on_tab(self, tab: int) -> None:
        """The user has chosen it: where it would be empty, it begins with what was made last."""
        project = self._context.project
        pane = self.page.items_pane
        if project is None or pane is None or pane.title:
            return
        for newest in project.items(kinds=("part",), origin=Origin.ARTIFACT, limit=1):
            if tab == PART:
                self.show(newest)
            else:
                self.show_variants_of(newest)

    def _on_made(self, tab: int) -> None:
        if tab == PART:
            part = self.page.part
            part.attach(self.files.ask)
            part.study_wanted.connect(self._study.filing.edit_study)
            part.variants_wanted.connect(self.show_variants_of)
            part.pictures_wanted.connect(lambda sight: self.pictures.ask(sight, part.pictures))
        elif tab == VARIANTS:
            variants = self.page.variants
            variants.attach(self.files.ask)
            variants.opened.connect(self.show)
            variants.chosen_changed.connect(self._select)
        else:
            return
        pane = self.page.part if tab == PART else self.page.variants
        pane.failed.connect(self._context.report)
        pane.rated.connect(self._rate)
        pane.rejected.connect(self._reject)
        pane.named.connect(self._tell_name)

    def _tell_name(self) -> None:
        tab = self.page.tab
        if tab not in (PART, VARIANTS) or not self.page.has(tab):
            return
        self.page.say_name(self.page.part.title if tab == PART else self.page.variants.title)

    # The project -------------------------------------------------------------------------------------------

    def on_event(self, event: object) -> None:
        """From the bridge."""
        project = self._context.project
        if not isinstance(event, Changed) or project is None:
            return
        shown: set[str] = set()
        if self.page.has(PART) and self.page.part.item is not None:
            shown.add(self.page.part.item.uid)
        if self.page.has(VARIANTS):
            shown |= {one.item.uid for one in self.page.variants.variants}
        with suppress(ProjectError):
            fresh = [project.item(uid) for uid in event.items & shown]
            if fresh and self.page.has(PART):
                self.page.part.items_changed(fresh)
            if fresh and self.page.has(VARIANTS):
                self.page.variants.items_changed(fresh)

    def _rate(self, items: Sequence[Item], stars: int) -> None:
        self._judge(items, stars=stars)

    def _reject(self, items: Sequence[Item], on: bool) -> None:
        self._judge(items, rejected=on)

    def _judge(self, items: Sequence[Item], *, stars: int | None = None, rejected: bool = False) -> None:
        project = self._context.project
        if project is None or project.read_only or not items:
            return
        uids = [item.uid for item in items]
        try:
            changed = (
                project.set_rejected(uids, rejected) if stars is None else project.set_stars(uids, stars)
            )
        except StudioError as error:
            self._context.report(error)
        else:
            self._context.bridge.post(changed)

    # The gallery -------------------------------------------------------------------------------------------

    def _on_gallery(self, items: Sequence[Item]) -> None:
        """What is selected there is chosen here, if it is among the variants."""
        if self._is_selecting or not self.page.has(VARIANTS):
            return
        known = {one.item.uid for one in self.page.variants.variants}
        uids = [item.uid for item in items if item.uid in known]
        if uids:
            self.page.variants.choose(uids)

    def _select(self, uids: Sequence[str]) -> None:
        """What is chosen here is selected there, as far as it is to be seen."""
        project = self._context.project
        if project is None or not uids or self._is_selecting:
            return
        ids = array("q", (one for one in map(project.id_of, uids) if one is not None))
        self._is_selecting = True
        self._gallery.place.select_ids(ids, ids[0] if ids else -1)
        self._is_selecting = False

    # The window --------------------------------------------------------------------------------------------

    def commands(self) -> list[Command]:
        return [
            Command(
                "part.variants",
                tr("Compare variants of the selected parts"),
                self._compare_selected,
                needs="selection",
                words=tr("part pareto chart table"),
            )
        ]

    def _compare_selected(self) -> None:
        parts = [item for item in self._gallery.selected() if item.kind == "part"]
        if parts:
            self.compare(parts)
        else:
            self._workspace.notice.say(tr("Select a part in the gallery first."))

    def forget(self) -> None:
        """The project was closed."""
        if "files" in vars(self):
            self.files.forget()
        if self.page.has(PART):
            self.page.part.clear()
        if self.page.has(VARIANTS):
            self.page.variants.clear()
