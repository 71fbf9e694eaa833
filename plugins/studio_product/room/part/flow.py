"""Parts between the gallery, their page, the project and generators of images."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from shiboken6 import isValid

from studio.api.values import Number, ProjectError, StudioError, tr, trn
from studio.ui.api import Command, Item, RoomContext
from studio_product.core.kind import PART as KIND
from studio_product.room.part.page import PART, VARIANTS, PartPage

if TYPE_CHECKING:
    from studio_product.room.part.part_files import PartFiles
    from studio_product.room.part.picture_flow import PictureFlow
    from studio_product.room.study.filing import StudyFiling
    from studio_product.room.variants.variant import Variant

MOST_VARIANTS = 200


class PartFlow(QObject):
    """One part alone, and several beside each other: what was made together, or was selected."""

    def __init__(self, context: RoomContext, page: PartPage, filing: StudyFiling) -> None:
        super().__init__()
        self._context, self.page, self._filing = context, page, filing
        self._is_selecting = False
        self._compared: Sequence[Item] = ()
        """What was asked for last: an answer to an earlier question comes too late."""
        self.page.made.connect(self._on_made)
        self.page.changed.connect(self._tell_name)
        self.page.tabs.chosen.connect(self._on_tab)
        context.selection_changed.connect(self._on_selection)
        context.items.changed.connect(self._on_changed)

    @cached_property
    def files(self) -> PartFiles:
        from studio_product.room.part.part_files import PartFiles

        return PartFiles(self._context)

    @cached_property
    def pictures(self) -> PictureFlow:
        from studio_product.room.part.picture_flow import PictureFlow

        return PictureFlow(self._context)

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
        self._show_tab(PART)
        self.page.part.show_item(item)
        self._context.select([item])
        self.page.part.setFocus()

    def show_variants_of(self, item: Item) -> None:
        """It and all that were made with it."""
        if item.job is None:
            return
        try:
            made = self._context.items.of_job(item.job, (KIND,), MOST_VARIANTS)
        except StudioError as error:
            self._context.report(error)
            return
        self._show_variants(made, item.job)

    def compare(self, items: Sequence[Item]) -> None:
        """These parts and no others; one alone with those that were made with it."""
        if len(items) == 1 and items[0].job is not None:
            self.show_variants_of(items[0])
            return
        made = sorted(items, key=lambda item: (item.created, item.name))
        self._show_variants(made[:MOST_VARIANTS])
        if len(items) > MOST_VARIANTS:
            told = tr("The first {count} of {all} are compared.", count=MOST_VARIANTS, all=len(items))
            self._context.say(told)

    def _show_variants(self, items: Sequence[Item], job: str | None = None) -> None:
        """Their numbers are read on a task; their shapes follow one by one. `job`: it made just these."""
        self._compared = items
        title = items[0].name if len(items) == 1 else trn("{count} part", "{count} parts", len(items))
        self._show_tab(VARIANTS)

        def begin(readable: Sequence[Item]) -> None:
            if isValid(self.page) and self._compared is items:
                self._compared = readable
                self._read_variants(readable, job, title)

        self._context.decode(items, begin)

    def _read_variants(self, items: Sequence[Item], job: str | None, title: str) -> None:
        project = self._context.project

        def work(_: object) -> tuple[list[Variant], list[Number]]:
            from studio_product.room.part.part_files import numbers_of
            from studio_product.room.variants.variant import Variant

            access = self._context.items
            variants = [Variant(item, n, numbers_of(access, item)) for n, item in enumerate(items, 1)]
            return variants, access.numbers(job) if job is not None else []

        def done(found: tuple[list[Variant], list[Number]]) -> None:
            if isValid(self.page) and self._context.project == project and self._compared is items:
                self.page.variants.show_variants(found[0], title, found[1])
                self._on_selection()

        self._context.tasks.start(tr("Reading the variants"), work, done)

    def _show_tab(self, tab: int) -> None:
        self._context.show()
        self.page.show_tab(tab)

    # The page ----------------------------------------------------------------------------------------------

    def _on_tab(self, tab: int) -> None:
        """The user has chosen it: it shows what is selected, else what it showed, else what was made last."""
        pane = self.page.items_pane
        if not self._context.project or pane is None:
            return
        selected = next((item for item in self._context.selection if item.kind == KIND), None)
        if selected is not None and selected.uid not in self._shown(tab):
            self.show(selected) if tab == PART else self.show_variants_of(selected)
            return
        if pane.title:
            return
        newest = self._context.items.newest((KIND,), made=True)
        self._context.decode(newest, lambda readable: self._begin(tab, readable))

    def _begin(self, tab: int, newest: Sequence[Item]) -> None:
        if not newest or not isValid(self.page) or self.page.tab != tab:
            return
        if tab == PART:
            self.show(newest[0])
        else:
            self.show_variants_of(newest[0])

    def _shown(self, tab: int) -> set[str]:
        """Uids of what a tab shows."""
        if tab == PART:
            item = self.page.part.item if self.page.has(PART) else None
            return {item.uid} if item is not None else set()
        return {one.item.uid for one in self.page.variants.variants} if self.page.has(VARIANTS) else set()

    def _on_made(self, tab: int) -> None:
        if tab == PART:
            part = self.page.part
            part.attach(self.files.ask)
            part.study_wanted.connect(self._filing.edit_study)
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
        pane.rated.connect(self._context.items.rate)
        pane.rejected.connect(self._context.items.reject)
        pane.named.connect(self._tell_name)

    def _tell_name(self) -> None:
        tab = self.page.tab
        if tab not in (PART, VARIANTS) or not self.page.has(tab):
            return
        self.page.say_name(self.page.part.title if tab == PART else self.page.variants.title)

    # The project -------------------------------------------------------------------------------------------

    def _on_changed(self, uids: frozenset[str]) -> None:
        shown = self._shown(PART) | self._shown(VARIANTS)
        with suppress(ProjectError):
            fresh = [self._context.items.item(uid) for uid in uids & shown]
            if fresh and self.page.has(PART):
                self.page.part.items_changed(fresh)
            if fresh and self.page.has(VARIANTS):
                self.page.variants.items_changed(fresh)

    # The gallery -------------------------------------------------------------------------------------------

    def _on_selection(self) -> None:
        """What is selected there is chosen here, if it is among the variants."""
        if self._is_selecting or not self.page.has(VARIANTS):
            return
        known = {one.item.uid for one in self.page.variants.variants}
        uids = [item.uid for item in self._context.selection if item.uid in known]
        if uids:
            self.page.variants.choose(uids)

    def _select(self, uids: Sequence[str]) -> None:
        """What is chosen here is selected there, as far as it is to be seen."""
        chosen = [one.item for one in self.page.variants.variants if one.item.uid in uids]
        if not chosen or self._is_selecting:
            return
        self._is_selecting = True
        try:
            self._context.select(chosen)
        finally:
            self._is_selecting = False

    # The window --------------------------------------------------------------------------------------------

    def commands(self) -> list[Command]:
        return [
            Command(
                "part.variants",
                tr("Compare variants of the selected parts"),
                self._compare_selected,
                "room",
                needs="selection",
                words=tr("part pareto chart table"),
            )
        ]

    def _compare_selected(self) -> None:
        parts = [item for item in self._context.selection if item.kind == KIND]
        if parts:
            self.compare(parts)
        else:
            self._context.say(tr("Select a part in the gallery first."))

    def forget(self) -> None:
        """The project was closed."""
        if "files" in vars(self):
            self.files.forget()
        if self.page.has(PART):
            self.page.part.clear()
        if self.page.has(VARIANTS):
            self.page.variants.clear()
