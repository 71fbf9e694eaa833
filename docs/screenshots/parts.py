"""Parts: six shelf brackets that the program made, compared and alone, and the form of a family.

`brackets.tar.xz` holds what `studio run product/optimize --study bracket.json --variants 6 --seed 7` made of
the example study on 30 x 9 x 25 cells, parts and numbers: making them anew would take minutes each time.
"""

from __future__ import annotations

import json
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PySide6.QtWidgets import QWidget
from stage import GENERATOR as PHOTOS
from stage import Stage, until
from studio_product.core.studies.catalog import in_words, preset
from studio_product.room.part.looking import Coloring
from studio_product.room.part.page import SET_UP, VARIANTS
from studio_product.room.part.pane import PartPane
from studio_product.room.variants.pane import VariantsPane

from studio.core.generator import NewArtifact
from studio.core.item import Item
from studio.jobs.events import ItemsAdded
from studio.project.intake import Intake

MADE = Path(__file__).parent / "brackets.tar.xz"
GENERATOR, FAMILY = "product/optimize", "product/chair"
SECONDS = 1.0


@contextmanager
def brackets(stage: Stage) -> Iterator[list[Item]]:
    """As if they had just been generated, with their study in the form; all is as before afterwards."""
    studio, project, queue = stage.studio, stage.project, stage.studio.context.runner.queue
    studio.panel.choose(GENERATOR)
    studio.items.show_room("product")
    page = stage.product.page
    page.show_tab(SET_UP)
    pane = page.set_up
    pane.begin(in_words(preset("shelf-bracket")))
    until(lambda: pane.remarks.is_known)
    request = studio.generating.request()
    (waiting,) = queue.submit([request.recipe({}, Intake(project))], title=request.title(), first=True)
    job = queue.claim()
    assert job.id == waiting.id
    folder = stage.home / "brackets"
    with tarfile.open(MADE) as archive:
        archive.extractall(folder, filter="data")
    made = [NewArtifact(path, "part", path.stem) for path in sorted(folder.glob("*.glb"))]
    env = json.loads((folder / "job.json").read_text(encoding="utf-8"))
    items = queue.complete(job.id, made, env=env, seconds=0.0, peak_memory=0)
    stage.studio.context.bridge.post(ItemsAdded(tuple(items), job.id))
    try:
        yield items
    finally:
        stage.studio.context.bridge.post(project.trash([item.uid for item in items]))
        project.purge_trash(-1)
        with project.db.transaction() as connection:
            connection.execute("DELETE FROM job WHERE id = ?", (job.id,))
            connection.execute("DELETE FROM batch WHERE id = ?", (job.batch,))
        stage.product.parts.forget()
        studio.items.show_room("image")
        stage.settle()
        studio.panel.choose(PHOTOS)
        stage.settle()


def parts(stage: Stage) -> Iterator[QWidget]:
    """The variants; one of them in the colors of its stress, bent and cut."""
    with brackets(stage) as items:
        yield variants(stage, items)
        yield from _alone(stage, items[1])


def variants(stage: Stage, items: list[Item]) -> QWidget:
    """All beside each other, with their chart and their table."""
    stage.studio.items.compare([items[0]])
    page = stage.product.page
    until(lambda: page.tab == VARIANTS and page.has(VARIANTS))
    pane: VariantsPane = page.variants
    until(lambda: len(pane.variants) == len(items))
    until(lambda: all(cell.solid is not None for cell in pane.grid.shown))
    stage.studio.gallery.select(items[1].uid)
    until(lambda: all(stage.studio.thumbnails.get(item) is not None for item in items))
    stage.settle(SECONDS)
    return stage.studio.workspace


@contextmanager
def room(stage: Stage) -> Iterator[None]:
    """Without the queue below, as somebody works who compares."""
    queue = stage.studio.window.panels["queue"]
    queue.hide()
    stage.settle()
    try:
        yield
    finally:
        queue.show()
        stage.settle()


def _alone(stage: Stage, item: Item) -> Iterator[QWidget]:
    stage.product.parts.show(item)
    pane: PartPane = stage.product.page.part
    until(lambda: pane.solid is not None and pane.item == item)
    pane.look._set(coloring=Coloring.STRESS, bending=0.4, axis="y", from_below=True)
    stage.settle(SECONDS)
    yield stage.studio.workspace
    pane.look._set(coloring=Coloring.NOTHING, bending=0.0, axis="", from_below=False)


def family(stage: Stage) -> Iterator[QWidget]:
    """The ranges within which a chair is searched."""
    panel = stage.studio.panel
    panel.choose(FAMILY)
    stage.settle()
    yield panel
    panel.choose(PHOTOS)
    stage.settle()
