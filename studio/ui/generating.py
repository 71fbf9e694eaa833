"""From the form and the canvas to jobs, and from a finished job back to the eye."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from studio.backends.device import default_threads
from studio.core.generator import GeneratorDescription, Input
from studio.core.item import Item, JobState, Kind
from studio.core.recipe import Recipe
from studio.errors import InvalidParams, StudioError
from studio.jobs.events import ItemsAdded, JobChanged, JobPreview, JobProgress, QueueChanged
from studio.jobs.queue import Job
from studio.ui.desk import Desk
from studio.ui.generate_panel import Ask, GeneratePanel
from studio.ui.tasks import Task
from studio.ui.workspace import Workspace

if TYPE_CHECKING:
    from studio.project.store import Project
    from studio.ui.batch_dialog import Pairs


class GenerateFlow(QObject):
    """Knows the photo on the canvas as an item of the project, and the job that the user waits for."""

    finished = Signal(object, bool)
    """An artifact of the job that the user waited for; True if it should take the canvas's place."""
    photo_changed = Signal()

    def __init__(self, desk: Desk, panel: GeneratePanel, workspace: Workspace) -> None:
        super().__init__()
        self._desk, self._panel, self._workspace = desk, panel, workspace
        self._canvas = workspace.canvas
        self.photo: Item | None = None
        """The photo on the canvas, once it is in the project."""
        self.waiting_for: str | None = None
        """The id of the job that the progress card shows."""
        self._submitting = False
        self._edits = 0
        self._edits_at_submit = 0
        panel.generate.connect(self.generate)
        panel.batch.connect(self.ask_batch)
        panel.changed.connect(self.refresh)
        self._canvas.mask_changed.connect(self._on_edit)
        self._canvas.image_changed.connect(self._on_edit)
        self._canvas.editing_changed.connect(self.refresh)
        workspace.card.cancel_wanted.connect(self._cancel)
        desk.bridge.listen(self.on_event)

    def set_photo(self, item: Item | None) -> None:
        """The canvas shows another photo."""
        self.photo = item
        self.refresh()
        self.photo_changed.emit()

    def refresh(self) -> None:
        """Enables the button, or says what is missing."""
        reason = self.missing()
        self._panel.set_ready(reason)
        self._panel.set_busy(self._submitting)
        self._panel.from_folders.setEnabled(self._desk.runner is not None and not self._panel.missing())
        self._panel.from_folders.setVisible(_takes_folders(self._panel.generator))

    def missing(self) -> str:
        """Why nothing can be generated now, in words; "" if it can."""
        desk = self._desk
        if desk.project is None:
            return "Open or make a project first."
        if desk.project.read_only:
            return "This project is open read-only."
        if desk.catalog is None:
            return "Still looking at the plugins…"
        generator = self._panel.generator
        if generator is None:
            return "No plugin offers a generator."
        missing = self._missing_input(generator) or self._panel.missing()
        if missing:
            return missing
        if desk.runner is None:
            return "The queue is starting…"
        return "Adding to the queue…" if self._submitting else ""

    def _missing_input(self, generator: GeneratorDescription) -> str:
        """What the canvas does not give yet, or cannot give at all."""
        canvas, photo_slot, mask_slot = (
            self._canvas,
            _slot(generator, Kind.IMAGE),
            _slot(generator, Kind.MASK),
        )
        for slot in generator.inputs:
            if slot.required and slot not in (photo_slot, mask_slot):
                return f"“{slot.title}” cannot be given in the window yet; the command line takes it."
        needs_mask = mask_slot is not None and mask_slot.required
        if self.photo is None and ((photo_slot is not None and photo_slot.required) or needs_mask):
            return "Drop a photo on the canvas to begin."
        if mask_slot is not None and canvas.is_editing:
            return "The mask is being changed…"
        if needs_mask and canvas.mask_model is None:
            return "The photo is being opened…"
        if needs_mask and canvas.mask_model is not None and canvas.mask_model.is_empty:
            return "Paint over what should change."
        return ""

    def generate(self) -> None:
        """Puts what the form and the canvas say into the queue, ahead of what waits."""
        if self.missing():
            return
        project, runner, photo = self._desk.project, self._desk.runner, self.photo
        assert project is not None
        assert runner is not None
        try:
            ask = self._panel.ask()
        except InvalidParams as error:
            self._desk.report(error)
            return
        model = self._canvas.mask_model
        mask = model.pixels.copy() if model is not None and not model.is_empty else None
        self._edits_at_submit = self._edits

        def work(_: Task) -> list[Job]:
            from studio.export.naming import safe_name
            from studio.ui.mask import files

            photo_slot, mask_slot = _slot(ask.generator, Kind.IMAGE), _slot(ask.generator, Kind.MASK)
            title = ask.generator.title
            with tempfile.TemporaryDirectory(prefix="studio-mask-") as folder:
                inputs: dict[str, Path | Item] = {}
                if photo is not None and photo_slot is not None:
                    inputs[photo_slot.name] = photo
                    title = f"{title} – {photo.name}"
                if photo is not None and mask is not None and mask_slot is not None:
                    file = Path(folder) / safe_name(f"Mask of {photo.name}", ".png")
                    files.write(file, mask)
                    inputs[mask_slot.name] = file
                recipe = self._recipe(project, ask, inputs)
            return runner.submit([recipe], title=title, titles=[title], first=True)

        self._submit(work)

    def make_again(self, recipe: Recipe, title: str) -> None:
        """The very same recipe once more."""
        runner = self._desk.runner
        if runner is not None:
            self._edits_at_submit = self._edits
            self._submit(lambda _: runner.submit([recipe], title=title, titles=[title], first=True))

    def ask_batch(self) -> None:
        generator = self._panel.generator
        if generator is None or not _takes_folders(generator):
            return
        from studio.jobs.prepare import pair_folders, pictures_in
        from studio.ui.batch_dialog import BatchDialog

        if _slot(generator, Kind.MASK) is not None:
            BatchDialog(self._desk.window, generator.title, pair_folders, self._start_batch).open()
            return

        def alone(photos: Path, _: Path) -> list[tuple[Path, Path | None]]:
            return [(photo, None) for photo in pictures_in(photos)]

        BatchDialog(self._desk.window, generator.title, alone, self._start_batch, masks=False).open()

    def on_event(self, event: object) -> None:
        """From the bridge."""
        card = self._workspace.card
        if isinstance(event, JobProgress):
            card.progress(event)
        elif isinstance(event, QueueChanged):
            self._tell_paused()
        elif isinstance(event, JobPreview) and event.job_id == self.waiting_for:
            card.show_preview(event.image)
        elif isinstance(event, JobChanged) and event.job.id == self.waiting_for:
            card.follow(None if event.job.state.is_final else event.job)
            if event.job.state is JobState.FAILED:
                self.waiting_for = None
                self._desk.report(event.job.error or StudioError("The job failed."))
            elif event.job.state is JobState.CANCELLED:
                self.waiting_for = None
        elif isinstance(event, ItemsAdded) and event.job_id == self.waiting_for and event.items:
            self.waiting_for = None
            card.follow(None)
            self.finished.emit(event.items[0], self._edits == self._edits_at_submit)

    def _tell_paused(self) -> None:
        runner = self._desk.runner
        self._workspace.card.hold(runner is not None and runner.queue.paused)

    def forget(self) -> None:
        """When the project is closed."""
        self.waiting_for = None
        self.set_photo(None)

    def _recipe(self, project: Project, ask: Ask, inputs: dict[str, Path | Item]) -> Recipe:
        from studio.jobs.prepare import make_recipe

        return make_recipe(
            project,
            ask.generator,
            ask.values,
            inputs,
            seed=ask.seed,
            device=ask.device,
            threads=default_threads(),
            models=self._desk.models,
        )

    def _submit(self, work: Callable[[Task], list[Job]]) -> None:
        self._submitting = True
        self.refresh()

        def done(jobs: Sequence[Job]) -> None:
            self._submitting = False
            self._panel.seed.used()
            self.refresh()
            runner = self._desk.runner
            job = runner.queue.job(jobs[0].id) if runner is not None else jobs[0]
            if not job.state.is_final:
                self.waiting_for = job.id
                self._tell_paused()
                self._workspace.card.follow(job)
            elif job.state is JobState.DONE and self._desk.project is not None:
                made = self._desk.project.items(job=job.id)  # it was faster than we
                if made:
                    self.finished.emit(made[0], self._edits == self._edits_at_submit)

        def failed(error: BaseException) -> None:
            self._submitting = False
            self.refresh()
            self._desk.report(error)

        self._desk.tasks.start("Adding to the queue", work, done, failed)

    def _start_batch(self, pairs: Pairs) -> None:
        project, runner = self._desk.project, self._desk.runner
        if project is None or runner is None or not pairs:
            return
        try:
            ask = self._panel.ask()
        except InvalidParams as error:
            self._desk.report(error)
            return
        photo_slot, mask_slot = _slot(ask.generator, Kind.IMAGE), _slot(ask.generator, Kind.MASK)
        assert photo_slot is not None

        def work(task: Task) -> list[Job]:
            recipes = []
            for number, (photo_file, mask_file) in enumerate(pairs):
                task.progress(number, len(pairs), photo_file.name)
                inputs: dict[str, Path | Item] = {photo_slot.name: photo_file}
                if mask_slot is not None and mask_file is not None:
                    inputs[mask_slot.name] = mask_file
                recipes.append(self._recipe(project, ask, inputs))
            title = f"{ask.generator.title} – {pairs[0][0].parent.name}"
            return runner.submit(recipes, title=title, titles=[photo.name for photo, _ in pairs])

        def done(jobs: Sequence[Job]) -> None:
            self._panel.seed.used()
            self._workspace.notice.say(f"{len(jobs)} photos were added to the queue. You can go on working.")

        self._desk.start_with_progress("Bringing the photos in", work, done)

    def _cancel(self, job_id: str) -> None:
        if self._desk.runner is not None:
            self._desk.runner.cancel(job_id)

    def _on_edit(self) -> None:
        self._edits += 1
        self.refresh()


def _slot(generator: GeneratorDescription, kind: Kind) -> Input | None:
    """The input that takes the photo on the canvas, or the mask painted on it."""
    return next((slot for slot in generator.inputs if slot.kind is kind), None)


def _takes_folders(generator: GeneratorDescription | None) -> bool:
    """Whether photos, with masks or without, are all that it needs."""
    if generator is None:
        return False
    given = (_slot(generator, Kind.IMAGE), _slot(generator, Kind.MASK))
    return given[0] is not None and all(slot in given for slot in generator.inputs if slot.required)
