"""Studies and the shapes that they name: from files, into files, and back from the parts that were made."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from shiboken6 import isValid

from studio.api.values import StudioError, mark, tr
from studio.ui.api import Item, RoomContext, choose_file, choose_target
from studio_product.core.studies.catalog import said
from studio_product.core.studies.study import Solid, Study
from studio_product.core.studies.study_value import files_of
from studio_product.room.part.page import SET_UP
from studio_product.room.study.flow import StudyFlow

if TYPE_CHECKING:
    from studio_product.room.study.files import Brought, Opened

ENDING = ".json"
STUDIES = mark("Studies (*.json)")
SHAPES = mark("Shapes (*.stl *.3mf *.glb *.gltf *.obj)")


class StudyFiling(QObject):
    def __init__(self, context: RoomContext, flow: StudyFlow) -> None:
        super().__init__(flow)
        self._context, self._flow = context, flow
        flow.page.made.connect(self._on_made)

    def _on_made(self, tab: int) -> None:
        if tab != SET_UP:
            return
        pane = self._flow.pane
        pane.open_wanted.connect(self.ask_open)
        pane.save_wanted.connect(self.ask_save)
        pane.file_wanted.connect(self.ask_shape)
        pane.study_dropped.connect(self.open)
        pane.shape_dropped.connect(self.bring)

    # Shapes ------------------------------------------------------------------------------------------------

    def ask_shape(self, take: Callable[[Solid], object]) -> None:
        """Asks for the file of a shape, and gives it to the study."""
        if self._can_bring():
            choose_file(
                self._context.window,
                tr("Use a shape from a file"),
                SHAPES,
                lambda file: self.bring(file, take),
            )

    def bring(self, file: Path, take: Callable[[Solid], object]) -> None:
        """Brings a shape from a file into the project; `take` is given it once it is there."""
        from studio_product.room.study.files import bring_shape, too_many

        project, generator = self._context.project, self._flow.generator
        if generator is None or not self._can_bring():
            return
        used, given = files_of(self._flow.pane.model.study), self._flow.given
        free = [slot for slot in generator.fed_slots if slot not in used]
        free.sort(key=lambda slot: slot in given)  # those that a step back could need come last
        if not free:
            self._context.report(too_many(len(generator.fed_slots)))
            return

        def done(brought: Brought) -> None:
            if self._is_there(project):
                self._flow.take_shapes([brought])
                take(Solid(file=brought.slot))

        title = tr("Bringing the shape in")
        self._context.tasks.start(title, lambda _: bring_shape(self._context.items, file, free[0]), done)

    # Studies -----------------------------------------------------------------------------------------------

    def ask_open(self) -> None:
        if self._can_bring():
            choose_file(self._context.window, tr("Open study"), STUDIES, self.open)

    def open(self, file: Path) -> None:
        """A study from a file, with its shapes, in place of the one at hand."""
        from studio_product.room.study.files import open_study

        project, generator = self._context.project, self._flow.generator
        if generator is None or not self._can_bring():
            return
        slots = generator.fed_slots

        def done(opened: Opened) -> None:
            if self._is_there(project):
                self._flow.show()
                self._flow.take_shapes(opened.shapes)
                self._flow.pane.begin(opened.study)

        title = tr("Opening the study")
        self._context.tasks.start(title, lambda _: open_study(self._context.items, file, slots), done)

    def ask_save(self) -> None:
        from studio.api.values import safe_name
        from studio_product.room.study.files import save_study

        if not self._context.project:
            return
        study, items = self._flow.pane.model.study, dict(self._flow.given)

        def chosen(file: Path) -> None:
            self._context.tasks.start(
                tr("Saving the study"),
                lambda _: save_study(self._context.items, file, study, items),
                lambda _: self._context.say(tr("The study is saved as “{name}”.", name=file.name)),
            )

        suggested = Path.home() / safe_name(said(study.name), ENDING)
        choose_target(self._context.window, tr("Save study"), suggested, chosen, names=STUDIES)

    def edit_study(self, item: Item) -> None:
        """The study that a part was made for, to be changed."""
        project, items = self._context.project, self._context.items
        try:
            recipe = items.recipe(item)
            inputs = recipe.inputs if recipe is not None else {}
            by_digest = {parent.digest: parent for parent in items.parents(item)}
        except StudioError as error:
            self._context.report(error)
            return
        known = {slot: by_digest[digest] for slot, digest in inputs.items() if digest in by_digest}

        def work(_: object) -> Study:
            from studio_product.core.files.partfile import read_part_facts

            return read_part_facts(items.file(item)).study

        def done(study: Study) -> None:
            if not self._is_there(project):
                return
            self._flow.show()
            self._flow.give(known)
            self._flow.pane.begin(study)

        self._context.tasks.start(tr("Reading the study"), work, done)

    def _is_there(self, project: str) -> bool:
        """Whether this window still is, with this project open."""
        return isValid(self._flow.page) and self._context.project == project

    def _can_bring(self) -> bool:
        """Whether something can be brought into the project; told where it cannot."""
        if not self._context.project or self._flow.generator is None:
            return False
        if self._context.read_only:
            told = StudioError(tr("This project is open read-only."), tr("Open another one first."))
            self._context.report(told)
        return not self._context.read_only
