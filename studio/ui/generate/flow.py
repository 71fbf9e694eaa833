"""From the form and the stage to jobs, and from a finished job back to the eye."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction
from shiboken6 import isValid

from studio.core.generator import GeneratorDescription
from studio.core.item import Item, JobState
from studio.core.recipe import Recipe
from studio.core.titles import stored
from studio.errors import InvalidParams, StudioError
from studio.jobs.events import ItemsAdded, JobChanged
from studio.jobs.queue import Job
from studio.project.intake import Intake
from studio.ui.context import WindowContext
from studio.ui.generate.commands import commands_of
from studio.ui.generate.cost import Costs
from studio.ui.generate.input_flow import InputFlow
from studio.ui.generate.panel import Ask, GeneratePanel
from studio.ui.kit.commands import Command
from studio.ui.kit.notice import Notice
from studio.ui.kit.room import Given
from studio.ui.kit.tasks import Task
from studio.words import mark, tr, trn

if TYPE_CHECKING:
    from studio.ui.generate.recipes import Request

log = logging.getLogger(__name__)


class Stage(Protocol):
    """The stage of the room that the form's generator belongs to. See `studio.ui.kit.room.Room`."""

    def given(self, generator: GeneratorDescription) -> Mapping[str, Given]: ...
    def subject(self) -> str: ...
    def obstacle(self) -> str: ...
    def cost(self) -> str: ...
    def follow(self, job: Job) -> None: ...


class GenerateFlow(QObject):
    """Knows what the stage gives to the form's generator, and the job that the user waits for."""

    refreshed = Signal()
    """What the stage gives, what the form says, or what is missing may be another now."""
    finished = Signal(object, bool)
    """Artifacts of the job that the user waited for; False if the user went on with something else."""

    def __init__(
        self,
        context: WindowContext,
        panel: GeneratePanel,
        stage: Stage,
        notice: Notice,
    ) -> None:
        super().__init__()
        self._context, self._panel, self._stage = context, panel, stage
        self._notice = notice
        self.inputs = InputFlow(context, panel, stage.given)
        self._costs = Costs(context)
        self._actions: Mapping[str, QAction] = {}
        self.waiting_for: str | None = None
        """The id of the job whose result comes onto the stage."""
        self._batch = ""
        """The id of the batch that was asked for last; "" once the user has gone on with something else."""
        self._submitting = False
        self._edits = 0
        self._edits_at_submit = 0
        panel.generate.connect(self.generate)
        panel.queue.connect(self.queue)
        panel.many.connect(self.ask_many)
        panel.batch.connect(self.ask_batch)
        panel.changed.connect(self.refresh)
        panel.notice.connect(notice.say)
        self.inputs.notice.connect(notice.say)
        self.inputs.changed.connect(self.refresh)
        context.bridge.listen(self.on_event)

    def note_selection(self, items: Sequence[Item]) -> None:
        """What is selected in the gallery: it can be given to an input."""
        self.inputs.note_selection(items)

    def set_input(self, slot: str, item: Item | None) -> None:
        """Gives an item to an input of the current generator; None lets go of it."""
        self.inputs.set(slot, item)

    # What is missing ---------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Enables the buttons, or says what is missing; shows the inputs and the cost."""
        if not isValid(self._panel):
            return  # a task ended after the window was built anew
        panel, reason = self._panel, self.missing()
        in_form = bool(reason) and reason == panel.missing()
        panel.set_busy(self._submitting)
        panel.from_folders.setEnabled(self._context.runner is not None and not panel.missing())
        panel.foot.offer_folders(self.inputs.takes_folders())
        self.inputs.show()
        self._costs.learn(self.refresh)
        learned = self._costs.words(panel, self.inputs.picture())
        panel.foot.show_cost(self._stage.cost() or learned, fits=self._costs.fits)
        panel.set_ready(reason, in_form=in_form)
        for id in ("generate.now", "generate.queue", "generate.many"):
            if id in self._actions:
                self._actions[id].setEnabled(not reason or in_form)
        self.refreshed.emit()

    def missing(self) -> str:
        """Why nothing can be generated now, in words; "" if it can."""
        context = self._context
        if context.project is None:
            return tr("Open or make a project first.")
        if context.project.read_only:
            return tr("This project is open read-only.")
        if context.catalog is None:
            return tr("Still looking at the plugins…")
        generator = self._panel.generator
        if generator is None:
            return tr("No plugin offers a generator.")
        missing = self.inputs.missing(generator) or self._panel.missing() or self._stage.obstacle()
        if missing:
            return missing
        if context.runner is None:
            return tr("The queue is starting…")
        return tr("Adding to the queue…") if self._submitting else ""

    # Making ----------------------------------------------------------------------------------------------

    def generate(self) -> None:
        """Puts what the form and the stage say into the queue, ahead of what waits; the stage follows it."""
        self._make_one(first=True)

    def queue(self) -> None:
        """The same at the end of the queue."""
        self._make_one(first=False)

    def make_again(self, recipe: Recipe, title: str) -> None:
        """The very same recipe once more."""
        self.submit([recipe], [title], title, first=True)

    def vary(self, recipe: Recipe, count: int) -> None:
        """The same recipe with other seeds, as one batch."""
        from studio.ui.generate.matrix_model import random_seeds

        seeds = random_seeds(count, recipe.seed)
        catalog = self._context.catalog
        generator = catalog.generators.get(recipe.generator) if catalog is not None else None
        name = stored(generator.title) if generator is not None else recipe.generator
        self.submit(
            [recipe.changed(seed=seed) for seed in seeds],
            [stored(mark("Seed {seed}"), seed=seed) for seed in seeds],
            stored(mark("{name}, other seeds"), name=name),
            first=True,
        )

    def submit(
        self, recipes: Sequence[Recipe], titles: Sequence[str], title: str, *, first: bool = False
    ) -> None:
        """Puts recipes into the queue as one batch; a single one that comes first is followed by the eye."""
        runner = self._context.runner
        if runner is not None and recipes:
            self._submit(
                lambda _: runner.submit(recipes, title=title, titles=titles, first=first),
                follow=first and len(recipes) == 1,
            )

    def ask_many(self) -> None:
        """Every combination of several values."""
        if self._stopped_by_form():
            return
        from studio.ui.generate.matrix_dialog import MatrixDialog

        request = self.request()
        form = self._panel.form
        if request is None or form is None:
            return
        MatrixDialog(
            self._context.window,
            form.model,
            request.ask.seed,
            self._panel.model_choices,
            lambda count: self._costs.for_many(self._panel, self.inputs.picture(), count),
            request.start_many,
        ).open()

    def ask_batch(self) -> None:
        """A folder of photos."""
        request = self.request()
        if request is not None and self.inputs.takes_folders():
            request.ask_folders()

    def request(self) -> Request | None:
        """What the form, the stage and the chosen inputs say now; None where the form is not right."""
        from studio.ui.generate.recipes import Request

        try:
            ask = self._panel.ask()
        except InvalidParams as error:
            self._context.report(error)
            return None
        chosen, given = dict(self.inputs.chosen(ask.generator)), self.inputs.given(ask.generator)
        return Request(self._context, ask, chosen, given, self._stage.subject(), self._on_batch)

    # What happens ----------------------------------------------------------------------------------------

    def on_event(self, event: object) -> None:
        """From the bridge."""
        if isinstance(event, JobChanged):
            if event.job.state is JobState.DONE:
                self.refresh()  # the next one's cost is known better
            if event.job.id == self.waiting_for:
                self._follow(event.job)
        elif isinstance(event, ItemsAdded) and event.job_id == self.waiting_for and event.items:
            self.waiting_for = None
            self.finished.emit(event.items, self._edits == self._edits_at_submit)

    def forget(self) -> None:
        """When the project is closed."""
        self.waiting_for = None
        self._batch = ""
        self.inputs.forget()
        self.refresh()

    def commands(self) -> list[Command]:
        return commands_of(self, self._panel)

    def attach_actions(self, actions: Mapping[str, QAction]) -> None:
        self._actions = actions
        self.refresh()

    def state(self) -> dict[str, Any]:
        """For the flow that takes this one's place."""
        return {"inputs": self.inputs.state(), "waiting_for": self.waiting_for}

    def restore(self, state: dict[str, Any]) -> None:
        self.inputs.restore(state["inputs"])
        self.refresh()
        waiting_for = state["waiting_for"]
        runner = self._context.runner
        if waiting_for is not None and runner is not None:
            job = runner.queue.job(waiting_for)
            if not job.state.is_final:
                self.waiting_for = job.id
                self._stage.follow(job)

    # Within ----------------------------------------------------------------------------------------------

    def _make_one(self, *, first: bool) -> None:
        if self._stopped_by_form() or self.missing():
            return
        request = self.request()
        runner, project = self._context.runner, self._context.project
        if request is None or runner is None or project is None:
            return
        self._panel.remember_prompts(request.ask)

        def work(_: Task) -> list[Job]:
            title, assets = request.title(), Intake(project)
            with request.files() as inputs:
                recipe = request.recipe(inputs, assets)
            return runner.submit([recipe], title=title, titles=[title], first=first, assets=assets)

        self._submit(work, follow=first)

    def _stopped_by_form(self) -> bool:
        """Whether a field is not right; it has the focus then."""
        return bool(self._panel.missing()) and self._panel.go_to_missing()

    def _submit(self, work: Callable[[Task], list[Job]], *, follow: bool) -> None:
        self._submitting = True
        self._batch = ""
        self._edits_at_submit = self._edits
        self.refresh()

        def done(jobs: Sequence[Job]) -> None:
            self._submitting = False
            if not isValid(self._panel):
                return  # the jobs are in the queue all the same
            self._panel.seed.used()
            self.refresh()
            if not follow:
                self._batch = jobs[0].batch
                words = trn("Added to the queue.", "{count} added to the queue.", len(jobs))
                self._notice.say(words)
                return
            runner = self._context.runner
            job = runner.queue.job(jobs[0].id) if runner is not None else jobs[0]
            if not job.state.is_final:
                self.waiting_for = job.id
                self._stage.follow(job)
            elif job.state is JobState.DONE and self._context.project is not None:
                made = self._context.project.items(job=job.id)  # it was faster than we
                if made:
                    self.finished.emit(made[::-1], self._edits == self._edits_at_submit)

        def failed(error: BaseException) -> None:
            self._submitting = False
            self.refresh()
            self._context.report(error)

        self._context.tasks.start(tr("Adding to the queue"), work, done, failed)

    def _follow(self, job: Job) -> None:
        if not job.state.is_final:
            self._stage.follow(job)
        elif job.state is JobState.FAILED:
            self.waiting_for = None
            self._tell_failed(job, job.error or StudioError(tr("The job failed.")))
        elif job.state is JobState.CANCELLED:
            self.waiting_for = None

    def _tell_failed(self, job: Job, error: StudioError) -> None:
        """In the status line, where it waits until it is read: the user may be at something else by now."""
        log.warning("%s %s", error.code, error)
        told = tr("“{title}” failed: {reason}", title=job.title, reason=error.message)
        self._notice.say_wrong(told, tr("What to do"), lambda: self._context.show_error(error))

    def _on_batch(self, ask: Ask, jobs: Sequence[Job]) -> None:
        """Many jobs were added."""
        if not isValid(self._panel):
            return
        count, self._batch, self._edits_at_submit = len(jobs), jobs[0].batch, self._edits
        self._panel.remember_prompts(ask)
        self._panel.seed.used()
        words = trn(
            "One result was added to the queue. You can go on working.",
            "{count} results were added to the queue. You can go on working.",
            count,
        )
        self._notice.say(words)

    def awaits(self, batch: str) -> bool:
        """Whether the user has gone on with nothing since this batch was asked for."""
        return batch == self._batch and self._edits == self._edits_at_submit

    def forget_batch(self) -> None:
        """The user looks at something else meanwhile: the results of the batch shall not take its place."""
        self._batch = ""

    def stage_edited(self) -> None:
        """The user goes on with something on the stage: a result that comes later does not take its place."""
        self._edits += 1
