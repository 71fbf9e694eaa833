"""What was asked for at one moment, and its way into the queue: one recipe, or many."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from studio.backends.device import default_threads
from studio.core.item import Item
from studio.core.kind import Kind
from studio.core.params import named_value
from studio.core.recipe import Recipe
from studio.core.titles import stored, told
from studio.jobs.queue import Job
from studio.project.intake import Intake
from studio.ui.context import WindowContext
from studio.ui.generate.matrix_model import Matrix
from studio.ui.generate.panel import Ask
from studio.ui.items.inputs import first_of_kind
from studio.ui.kit.room import Given
from studio.ui.kit.tasks import Task
from studio.words import mark, tr

if TYPE_CHECKING:
    from studio.ui.generate.batch_dialog import Pairs

Files = dict[str, Path | Item]
"""What each input is given, by input."""


@dataclass(frozen=True)
class Request:
    """`chosen` are items by input, `given` is what the stage gives to the others, `subject` what the job is
    about in its title. `added(ask, jobs)` is called in the window's thread once many jobs are queued."""

    context: WindowContext
    ask: Ask
    chosen: Mapping[str, Item]
    given: Mapping[str, Given]
    subject: str
    added: Callable[[Ask, Sequence[Job]], object]

    def title(self) -> str:
        """The generator and what it works from, to be stored."""
        name = stored(self.ask.generator.title)
        first = self.ask.generator.inputs[0].name if self.ask.generator.inputs else ""
        item = self.chosen.get(first)
        subject = (
            self.subject or stored(named_value(self.ask.values)) or (item.name if item is not None else "")
        )
        return stored(mark("{generator} – {item}"), generator=name, item=subject) if subject else name

    @contextmanager
    def files(self) -> Iterator[Files]:
        """What each input is given; what the stage makes lies in a file as long as this lasts. Not on the
        window's thread: it writes."""
        inputs: Files = {}
        with ExitStack() as made:
            for slot, given in self.given.items():
                if given.item is not None:
                    inputs[slot] = given.item
                elif given.make is not None:
                    file = given.make()
                    made.callback(shutil.rmtree, file.parent, ignore_errors=True)
                    inputs[slot] = file
            yield {**inputs, **self.chosen}

    def recipe(
        self,
        inputs: Files,
        assets: Intake,
        values: Mapping[str, Any] | None = None,
        seed: int | None = None,
    ) -> Recipe:
        """A recipe with these inputs, and with other values or another seed where they are given. What is a
        file comes in with the job, through `assets`."""
        from studio.jobs.prepare import make_recipe

        assert self.context.project is not None
        return make_recipe(
            self.context.project,
            self.ask.generator,
            self.ask.values if values is None else values,
            inputs,
            seed=self.ask.seed if seed is None else seed,
            device=self.ask.device,
            threads=default_threads(),
            models=self.context.models,
            assets=assets,
        )

    def start_many(self, matrix: Matrix) -> None:
        """Every combination as one batch; built beside the window's thread, with progress, and cancelable."""
        project, runner = self.context.project, self.context.runner
        if project is None or runner is None:
            return

        def work(task: Task) -> list[Job]:
            total = matrix.total
            recipes, titles, assets = [], [], Intake(project)
            with self.files() as inputs:
                kinds = {slot.name: slot.kind for slot in self.ask.generator.inputs}
                items: Files = {
                    name: given if isinstance(given, Item) else assets.add_asset(given, kind=kinds[name])
                    for name, given in inputs.items()
                }
                for number, one in enumerate(matrix):
                    task.progress(number, total, told(one.title))
                    recipes.append(self.recipe(items, assets, one.values, one.seed))
                    titles.append(one.title or self.title())
                task.progress(total, total)
            return runner.submit(recipes, title=self.title(), titles=titles, assets=assets)

        self.context.start_with_progress(tr("Adding to the queue"), work, self._done)

    def ask_folders(self) -> None:
        """Asks for a folder of photos, and of masks where the generator takes one."""
        from studio.jobs.prepare import pair_folders, pictures_in
        from studio.ui.generate.batch_dialog import BatchDialog

        generator = self.ask.generator
        mask_slot = first_of_kind(generator, Kind.MASK)

        def alone(photos: Path, _: Path) -> list[tuple[Path, Path | None]]:
            return [(photo, None) for photo in pictures_in(photos)]

        with_masks = mask_slot is not None and mask_slot.name not in self.chosen
        BatchDialog(
            self.context.window,
            self.context.tasks,
            tr(generator.title),
            pair_folders if with_masks else alone,
            self.start_folders,
            masks=with_masks,
        ).open()

    def start_folders(self, pairs: Pairs) -> None:
        project, runner = self.context.project, self.context.runner
        generator = self.ask.generator
        photo_slot, mask_slot = first_of_kind(generator, Kind.IMAGE), first_of_kind(generator, Kind.MASK)
        if project is None or runner is None or photo_slot is None or not pairs:
            return
        photo_name, mask_name = photo_slot.name, mask_slot.name if mask_slot is not None else ""

        def work(task: Task) -> list[Job]:
            recipes, assets = [], Intake(project)
            for number, (photo, mask) in enumerate(pairs):
                task.progress(number, len(pairs), photo.name)
                inputs: Files = {**self.chosen, photo_name: photo}
                if mask_name and mask is not None:
                    inputs[mask_name] = mask
                recipes.append(self.recipe(inputs, assets))
            folder = pairs[0][0].parent.name
            title = stored(mark("{generator} – {item}"), generator=stored(generator.title), item=folder)
            titles = [photo.name for photo, _ in pairs]
            return runner.submit(recipes, title=title, titles=titles, assets=assets)

        self.context.start_with_progress(tr("Bringing the photos in"), work, self._done)

    def _done(self, jobs: list[Job]) -> None:
        self.added(self.ask, jobs)
