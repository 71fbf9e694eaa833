"""The room of product design: a study is set up, parts are looked at, variants are compared."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from weakref import WeakSet

from msgspec import Struct
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from studio.api.values import stored
from studio.ui.api import Command, Editor, Item, Room, RoomContext, StageHistory
from studio_product.core.studies.study_value import HINT
from studio_product.room.part.commands import part_commands
from studio_product.room.part.flow import PartFlow
from studio_product.room.part.page import PART, SET_UP, VARIANTS, PageState, PartPage
from studio_product.room.study.commands import study_commands
from studio_product.room.study.editor import StudyEditor
from studio_product.room.study.filing import StudyFiling
from studio_product.room.study.flow import StudyFlow

BESIDE = ("generate", "gallery", "recipe", "queue")
"""Panels that step back while a study is set up: of them it needs none, and of the space all. The form's
button stands above the stage meanwhile."""


class HandedOver(Struct, frozen=True):
    """What the room of a rebuilt window takes over."""

    page: PageState
    given: dict[str, Item]
    """What was chosen for the shapes of the study, by input."""


class ProductRoom(Room):
    """Its page is built when the room is shown, and each tab when it is seen first."""

    def __init__(self, context: RoomContext) -> None:
        super().__init__(context)
        self.page = PartPage()
        self.study = StudyFlow(context, self.page)
        self.filing = StudyFiling(context, self.study)
        self.parts = PartFlow(context, self.page, self.filing)
        self._fields: WeakSet[StudyEditor] = WeakSet()
        """Fields of forms that take a study."""
        self.page.changed.connect(self._on_page)
        self.page.edited.connect(context.history_changed)
        context.project_changed.connect(self._on_project)

    @classmethod
    def prepare(cls) -> None:
        import studio_product.room.part.pane
        import studio_product.room.study.pane
        import studio_product.room.variants.pane  # noqa: F401

    def stage(self) -> QWidget:
        return self.page

    def begin(self) -> None:
        self.context.new_project(self.study.begin)

    def theme_changed(self) -> None:
        if self.page.has(SET_UP) and self.page.set_up.beginnings is not None:
            self.page.set_up.beginnings.set_theme(self.context.theme)

    def open(self, items: Sequence[Item]) -> None:
        self.parts.open(items[0])

    def compare(self, items: Sequence[Item]) -> bool:
        self.parts.compare(items)
        return True

    def shown(self) -> Sequence[Item]:
        page = self.page
        if page.tab == PART and page.has(PART) and page.part.item is not None:
            return [page.part.item]
        if page.tab == VARIANTS and page.has(VARIANTS):
            return page.variants.chosen_items()
        return ()

    def subject(self) -> str:
        return stored(self.study.name)

    def obstacle(self) -> str:
        return self.study.error()

    def cost(self) -> str:
        return self.study.cost()

    def commands(self) -> Sequence[Command]:
        return [
            *study_commands(self.study, self.filing),
            *self.parts.commands(),
            *part_commands(self.page),
        ]

    def editors(self) -> Mapping[str, Callable[[], Editor]]:
        return {HINT: self._field}

    def history(self) -> StageHistory | None:
        return self.page.set_up.model if self.page.tab == SET_UP and self.page.has(SET_UP) else None

    def hand_over(self) -> object:
        return HandedOver(self.page.state(), self.study.given)

    def take_over(self, state: object) -> None:
        assert isinstance(state, HandedOver)
        self.study.give(state.given)
        self.page.restore(state.page)

    def close(self) -> None:
        self.page.close_panel()
        if self.page.parent() is None:  # the room was asked something, and never shown
            self.page.deleteLater()

    def _field(self) -> Editor:
        made = StudyEditor(self.study.show)
        if self.page.tab == SET_UP:
            made.offer_set_up(False)
        self._fields.add(made)
        return made

    def _on_page(self) -> None:
        is_set_up = self.page.tab == SET_UP
        self.context.name_stage(self.page.name)
        self.context.step_back(BESIDE if is_set_up else ())
        for field in self._fields:
            if isValid(field.focus):
                field.offer_set_up(not is_set_up)

    def _on_project(self) -> None:
        if not self.context.project:
            self.study.forget()
            self.parts.forget()
