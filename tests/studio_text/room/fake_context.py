"""All that a room of texts reaches, as a test plays it: items in a folder, a form, and jobs."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from msgspec.structs import replace
from PySide6.QtCore import QObject, Signal

from studio.core.generator import GeneratorDescription
from studio.core.item import Item, JobState, Origin
from studio.core.kind import Kind, Kinds
from studio.core.model import Number
from studio.core.recipe import Recipe
from studio.errors import ProjectError
from studio.jobs.events import JobChanged, JobText
from studio.jobs.job import Job
from studio.ui.kit import theme
from tests.studio_text.room.writing import GENERATORS


class Items(QObject):
    changed = Signal(object)
    added = Signal(object, str)

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.folder = folder
        self.all: dict[str, Item] = {}
        self.recipes: dict[str, Recipe] = {}
        self.refusal: ProjectError | None = None
        """What the next saving ends with."""

    def make(self, text: str, job: str | None = None, recipe: Recipe | None = None, name: str = "") -> Item:
        number = len(self.all)
        path = self.folder / f"{number}.md"
        path.write_text(text, "utf-8", newline="\n")
        item = Item(
            uid=f"item{number}",
            name=name or f"Draft {number}",
            kind=Kind.TEXT,
            origin=Origin.ARTIFACT if job else Origin.ASSET,
            digest=hashlib.sha256(f"{number}{text}".encode()).hexdigest(),
            extension=".md",
            size=path.stat().st_size,
            created=time.time(),
            job=job,
        )
        self.all[item.uid] = item
        if recipe is not None:
            self.recipes[item.uid] = recipe
        return item

    def text(self, item: Item) -> str:
        return self.file(item).read_text("utf-8")

    def item(self, uid: str) -> Item:
        if uid not in self.all:
            raise ProjectError("It is gone.")
        return self.all[uid]

    def of_job(self, job: str, kinds: Sequence[str] = (), limit: int = 200) -> list[Item]:
        return [item for item in self.all.values() if item.job == job]

    def recipe(self, item: Item) -> Recipe | None:
        return self.recipes.get(item.uid)

    def numbers(self, job: str) -> list[Number]:
        return []

    def file(self, item: Item) -> Path:
        return self.folder / f"{item.uid.removeprefix('item')}.md"

    def record(
        self,
        generator: str,
        params: Mapping[str, Any],
        file: Path,
        *,
        kind: str,
        name: str,
        inputs: Mapping[str, Item],
        parent: Item | None = None,
    ) -> Item:
        if self.refusal is not None:
            raise self.refusal
        recipe = Recipe(
            generator=generator,
            generator_version="1",
            params=dict(params),
            inputs={slot: item.digest for slot, item in inputs.items()},
        )
        made = self.make(file.read_text("utf-8"), f"saved{len(self.all)}", recipe, name)
        self.all[made.uid] = made = replace(made, parent=parent.uid if parent is not None else None)
        self.added.emit((made,), made.job)
        return made


class Form(QObject):
    changed = Signal()
    given_changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.known: list[GeneratorDescription] = list(GENERATORS)
        self.chosen = ""
        self.patched: dict[str, Any] = {}
        self.at_missing = False

    def generators(self) -> list[GeneratorDescription]:
        return self.known

    @property
    def generator(self) -> GeneratorDescription | None:
        return next((one for one in self.known if one.id == self.chosen), None)

    def values(self) -> dict[str, Any]:
        return {**self.patched}

    def choose(self, generator: str) -> bool:
        self.chosen = generator
        return True

    def patch(self, values: Mapping[str, Any]) -> list[str]:
        self.patched = dict(values)
        return []

    def go_to_missing(self) -> None:
        self.at_missing = True


class Jobs(QObject):
    happened = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.submitted: list[tuple[str, dict[str, Any]]] = []
        self.failed: Callable[[], object] | None = None
        self.cancelled: list[str] = []

    def submit(
        self,
        generator: str,
        values: Mapping[str, Any],
        inputs: Mapping[str, Item],
        title: str = "",
        failed: Callable[[], object] | None = None,
    ) -> None:
        self.submitted.append((generator, dict(values)))
        self.failed = failed

    def cancel(self, job: str) -> None:
        self.cancelled.append(job)


class FakeContext(QObject):
    """A `RoomContext` as far as texts need it."""

    selection_changed = Signal()
    project_changed = Signal()

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.items, self.form, self.jobs = Items(folder), Form(), Jobs()
        self.kinds, self.theme = Kinds(), theme.LIGHT
        self.project, self.read_only = "one", False
        self.selected: list[Item] = []
        self.is_shown = False
        self.title = ""
        self.said: list[str] = []
        self.reported: list[BaseException] = []
        self.changes = self.steps = 0
        self._jobs = 0

    def select(self, items: Sequence[Item]) -> None:
        self.selected = list(items)

    def show(self) -> None:
        self.is_shown = True

    def new_project(self, then: Callable[[], object]) -> None:
        then()

    def decode(self, items: Sequence[Item], done: Callable[[Sequence[Item]], object]) -> None:
        done(items)

    def name_stage(self, title: str) -> None:
        self.title = title

    def say(self, text: str, words: str = "", act: Callable[[], object] | None = None) -> None:
        self.said.append(text)

    def report(self, error: BaseException) -> None:
        self.reported.append(error)

    def changed(self) -> None:
        self.changes += 1

    def history_changed(self) -> None:
        self.steps += 1

    def set_project(self, project: str) -> None:
        self.project = project
        self.project_changed.emit()

    # What a queue does -------------------------------------------------------------------------------------

    def job(self, generator: str = "text/page", **params: Any) -> Job:
        """A job that runs."""
        self._jobs += 1
        recipe = Recipe(generator=generator, generator_version="1", params={"drafts": 2, **params})
        return Job(
            id=f"job{self._jobs}",
            batch="",
            position=0,
            state=JobState.RUNNING,
            title="Page",
            recipe=recipe,
            error=None,
            created=0,
            started=0,
            finished=None,
            seconds=None,
            peak_memory=None,
            attempts=1,
        )

    def write(self, job: Job, draft: int, words: str) -> None:
        self.jobs.happened.emit(JobText(job.id, draft, words))

    def finish(self, job: Job, texts: Sequence[str]) -> list[Item]:
        made = [self.items.make(text, job.id, job.recipe) for text in texts]
        self.items.added.emit(tuple(made), job.id)
        self.jobs.happened.emit(JobChanged(replace(job, state=JobState.DONE)))
        return made

    def cancel(self, job: Job) -> None:
        self.jobs.happened.emit(JobChanged(replace(job, state=JobState.CANCELLED)))
