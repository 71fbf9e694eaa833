"""Studies and the shapes that they name: from files, into files, and back from the parts that were made."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from shiboken6 import isValid

from studio.core.item import Item
from studio.core.study import Solid, Study
from studio.core.study_value import files_of, shape_slots
from studio.errors import StudioError
from studio.ui.choosers import choose_file, choose_target
from studio.words import tr

if TYPE_CHECKING:
    from studio.ui.desk import Desk
    from studio.ui.generating import GenerateFlow
    from studio.ui.study.files import Brought, Opened
    from studio.ui.study.flow import StudyFlow
    from studio.ui.workspace import Workspace


class StudyFiling(QObject):
    def __init__(self, desk: Desk, flow: StudyFlow, workspace: Workspace, generating: GenerateFlow) -> None:
        super().__init__(flow)
        self._desk, self._flow, self._workspace, self._generating = desk, flow, workspace, generating

    def ask_shape(self, take: Callable[[Solid], object]) -> None:
        """Brings a shape from a file into the project and gives it to the study."""
        from studio.ui.study.files import SHAPES, bring_shape, too_many

        project, generator = self._desk.project, self._flow.generator
        if project is None or generator is None or self._refused():
            return
        slots, used = shape_slots(generator), files_of(self._flow.pane.model.study)
        free = [slot for slot in slots if slot not in used]
        if not free:
            self._desk.report(too_many(len(slots)))
            return

        def done(brought: Brought) -> None:
            if not isValid(self._flow.page):
                return  # the window was built anew
            self._flow.take_shapes([brought])
            take(Solid(file=brought.slot))

        def chosen(file: Path) -> None:
            self._desk.start_with_progress(
                tr("Bringing the shape in"),
                lambda _: bring_shape(project, file, free[0]),
                done,
            )

        choose_file(self._desk.window, tr("Use a shape from a file"), SHAPES, chosen)

    # Studies from elsewhere --------------------------------------------------------------------------------

    def ask_open(self) -> None:
        from studio.ui.study.files import STUDIES, open_study

        project, generator = self._desk.project, self._flow.generator
        if project is None or generator is None or self._refused():
            return
        slots = shape_slots(generator)

        def done(opened: Opened) -> None:
            if isValid(self._flow.page):
                self._flow.show()
                self._flow.take_shapes([*opened.shapes])
                self._flow.pane.begin(opened.study)

        choose_file(
            self._desk.window,
            tr("Open study"),
            STUDIES,
            lambda file: self._desk.start_with_progress(
                tr("Opening the study"), lambda _: open_study(project, file, slots), done
            ),
        )

    def ask_save(self) -> None:
        from studio.export.naming import safe_name
        from studio.ui.study.files import ENDING, STUDIES, save_study

        project = self._desk.project
        if project is None:
            return
        study, items = self._flow.pane.model.study, dict(self._flow.items())

        def chosen(file: Path) -> None:
            self._desk.tasks.start(
                tr("Saving the study"),
                lambda _: save_study(project, file, study, items),
                lambda _: self._workspace.notice.say(tr("The study is saved as “{name}”.", name=file.name)),
            )

        suggested = Path.home() / safe_name(study.name, ENDING)
        choose_target(self._desk.window, tr("Save study"), suggested, chosen, names=STUDIES)

    def edit_study(self, item: Item) -> None:
        """The study that a part was made for, to be changed."""
        project = self._desk.project
        if project is None:
            return
        try:
            recipe = project.recipe_of(item.uid)
            inputs = recipe.inputs if recipe is not None else {}
            known = {slot: project.with_digest(digest) for slot, digest in inputs.items()}
        except StudioError as error:
            self._desk.report(error)
            return
        path = project.blob_path(item.digest)

        def work(_: object) -> Study:
            from studio.parts.partfile import read_part_facts

            return read_part_facts(path).study

        def done(study: Study) -> None:
            if not isValid(self._flow.page):
                return
            self._flow.show()
            self._flow.push()
            for slot, items in known.items():
                if items:
                    self._generating.set_input(slot, items[0])
            self._flow.pane.begin(study)

        self._desk.tasks.start(tr("Reading the study"), work, done)

    def _refused(self) -> bool:
        """Whether nothing can be brought into the project; told then."""
        project = self._desk.project
        if project is not None and project.read_only:
            self._desk.report(
                StudioError(tr("This project is open read-only."), tr("Open another one first."))
            )
            return True
        return False
