"""A window with a project and a generator that writes, whose jobs the tests play themselves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field
from PySide6.QtTest import QTest
from studio_text.room.drafts_view import DraftsView
from studio_text.room.page import DocumentPage
from studio_text.room.room import TextRoom

from studio.core.authoring import Ui, json_schema
from studio.core.generator import GeneratorDescription, NewArtifact
from studio.core.item import Item, JobState
from studio.core.kind import Kind
from studio.core.params_base import Params
from studio.core.recipe import Recipe
from studio.jobs.events import ItemsAdded, JobChanged, JobPlanned, JobText
from studio.jobs.queue import Job, Queue
from studio.project.store import Project
from studio.ui.shell.studio_window import StudioWindow
from tests.ui.builders import catalog_of

FIRST = "# Lumen\n\nA lamp that **follows** you.\n\n- Cast aluminium\n- Spare parts\n"
SECOND = "# Light\n\nGood light is quiet.\n\nIt is built to be opened.\n"


class Write(Params):
    product: str = "Lumen"
    drafts: Annotated[int, Field(ge=1, le=6)] = 2


class Rewrite(Params):
    text: str = ""
    change: Annotated[
        Literal["shorter", "tone"], Ui(labels=(("shorter", "Shorter"), ("tone", "Another tone")))
    ] = "shorter"
    tone: Annotated[str, Ui(when=("change", ("tone",)))] = ""
    drafts: Annotated[int, Field(ge=1, le=6)] = 2


class Continue(Params):
    text: str = ""


class Chat(Params):
    message: str = ""
    draft: str = ""
    conversation: str = "[]"


class Document(Params):
    passages: Annotated[str, Ui(hint="pieces")] = "[]"


def generator(
    name: str, params: type[Params], words: int | None = None, *, listed: bool = True
) -> GeneratorDescription:
    limits = {"x-text": {"limits": {"words": words}}} if words else {}
    return GeneratorDescription(
        id=f"text/{name}",
        title=name.capitalize(),
        kind=Kind.TEXT,
        version="1",
        summary="Writes.",
        inputs=(),
        params_schema={**json_schema(params), **limits},
        listed=listed,
    )


GENERATORS = (
    generator("page", Write, words=9),
    generator("rewrite", Rewrite),
    generator("continue", Continue),
    generator("chat", Chat),
    generator("document", Document, listed=False),
)


def room_of(studio: StudioWindow) -> TextRoom:
    """The window's room of texts, loaded."""
    room = studio.parts.rooms.get("text")
    assert isinstance(room, TextRoom)
    return room


@dataclass
class Desk:
    """The window, with its queue held still: jobs do what a test says."""

    studio: StudioWindow
    project: Project
    queue: Queue

    @property
    def room(self) -> TextRoom:
        return room_of(self.studio)

    @property
    def page(self) -> DocumentPage:
        return self.room.page

    @property
    def drafts(self) -> DraftsView:
        return self.page.drafts

    @property
    def text(self) -> str:
        return self.page.pane.editor.text()

    def begin(self, recipe: Recipe | None = None) -> Job:
        """A job that the user waits for, begun."""
        recipe = recipe or Recipe(
            generator="text/page", generator_version="1", params={"product": "Lumen", "drafts": 2}
        )
        (job,) = self.queue.submit([recipe], title="Page")
        return self.run(job)

    def run(self, job: Job) -> Job:
        job = self.run_quietly(job)
        self.studio.parts.generating.waiting_for = job.id
        self.studio.parts.generating._follow(job)
        QTest.qWait(1)  # so that its columns are laid out
        return job

    def run_quietly(self, job: Job) -> Job:
        """Begins a job that nobody follows."""
        with self.project.db.transaction() as connection:
            connection.execute("UPDATE job SET state = 'running', started = 1 WHERE id = ?", (job.id,))
        return self.queue.job(job.id)

    def say(self, job: Job, draft: int, words: str) -> None:
        self.studio.context.bridge.post(JobText(job.id, draft, words))

    def plan(self, job: Job) -> None:
        from studio.backends.plan import Choice
        from studio.core.model import Plan

        self.studio.context.bridge.post(JobPlanned(job.id, Choice(plan=Plan())))

    def finish(self, job: Job, texts: Sequence[str]) -> list[Item]:
        if self.queue.job(job.id).state is JobState.QUEUED:
            self.run_quietly(job)
        made = []
        for number, text in enumerate(texts):
            file = self.project.staging() / f"{number}.md"
            file.write_text(text, "utf-8", newline="\n")
            made.append(NewArtifact(file, Kind.TEXT, f"Draft {number}"))
        items = self.queue.complete(job.id, made, env={}, seconds=1, peak_memory=1)
        self.studio.context.bridge.post(ItemsAdded(tuple(items), job.id))
        self.studio.context.bridge.post(JobChanged(self.queue.job(job.id)))
        return items

    def cancel(self, job: Job) -> None:
        self.queue.cancel(job.id)
        assert self.queue.job(job.id).state is JobState.CANCELLED
        self.studio.context.bridge.post(JobChanged(self.queue.job(job.id)))


def desk_of(studio: StudioWindow, folder: Path, until) -> Desk:
    """Opens a new project in the window, and describes the generators to it."""
    Project.create(folder).close()
    studio.projects.open(folder)
    until(lambda: studio.context.project is not None)
    studio.set_catalog(catalog_of(*GENERATORS))
    until(lambda: studio.context.runner is not None)
    assert studio.context.project is not None
    queue = Queue(studio.context.project)
    queue.pause_all()
    studio.items.show_room("text")
    QTest.qWait(1)  # so that its stage is laid out
    return Desk(studio, studio.context.project, queue)
