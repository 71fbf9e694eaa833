"""A window with a project and a generator that works from studies, whose jobs nobody runs."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field
from studio_product.room.study.flow import StudyFlow
from studio_product.room.study.pane import SetUpPane

from studio.core.authoring import Ui, json_schema
from studio.core.generator import GeneratorDescription, Input
from studio.core.params_base import Params
from studio.jobs.queue import Queue
from studio.project.store import Project
from studio.ui.shell.studio_window import StudioWindow
from tests.studio_product.room.rooms import room_of, show
from tests.ui.builders import catalog_of, describe


class Optimize(Params):
    study: Annotated[dict[str, Any], Ui(hint="study")] = {}
    variants: Annotated[int, Field(ge=1, le=12)] = 6
    quality: Literal["draft", "normal", "fine"] = "draft"


class Other(Params):
    steps: int = 20


SHAPES = tuple(
    Input(name=f"shape_{place}", title=f"Shape {place}", kind="part", required=False, fed_by="study")
    for place in range(1, 5)
)
GENERATOR = GeneratorDescription(
    id="product/optimize",
    title="Part variants",
    kind="part",
    version="1",
    summary="Designs parts.",
    inputs=SHAPES,
    params_schema=json_schema(Optimize),
)
OTHER = describe(Other, "test/other", "Other", ())


class Studying:
    """What the tests of studies ask a window for."""

    def __init__(self, studio: StudioWindow) -> None:
        self.studio = studio
        assert studio.context.project is not None
        self.project: Project = studio.context.project
        self.queue = Queue(self.project)
        self.queue.pause_all()

    @property
    def flow(self) -> StudyFlow:
        return room_of(self.studio).study

    @property
    def pane(self) -> SetUpPane:
        return self.flow.pane

    @property
    def value(self) -> dict[str, Any]:
        """The form's study."""
        found: dict[str, Any] = self.studio.panel.values()["study"]
        return found


def studying(
    studio: StudioWindow,
    folder: Path,
    until: Callable[..., None],
    *generators: GeneratorDescription,
) -> Studying:
    """Opens a new project in the window, and shows where studies are set up."""
    Project.create(folder).close()
    studio.projects.open(folder)
    until(lambda: studio.context.project is not None)
    studio.set_catalog(catalog_of(*(generators or (GENERATOR, OTHER))))
    until(lambda: studio.context.runner is not None)
    made = Studying(studio)
    show(studio)
    until(lambda: made.pane.remarks.is_known)
    return made
