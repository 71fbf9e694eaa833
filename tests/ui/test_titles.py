"""What the queue and its notices are called follows the language, however it was asked for."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QLocale

from studio import words
from studio.core.kind import Kind
from studio.jobs.queue import Queue
from studio.project.store import Project
from studio.ui.generate.matrix_model import SEED, Axis, Matrix
from studio.ui.shell.studio_window import StudioWindow
from tests.ui.builders import Sample, catalog_of, describe, picture, recipe
from tests.ui.pictures import canvas_of
from tests.ui.test_session import english  # noqa: F401

ENGLISH = ("Remove", "Steps", "Seed", "Again", "seeds", "On", "fill")
"""Of what is made below; none of it is a German word."""


@pytest.fixture
def opened(studio: StudioWindow, tmp_path: Path, until) -> StudioWindow:
    with Project.create(tmp_path / "Beach.studio") as made:
        made.add_asset(picture(tmp_path / "beach.png"), kind=Kind.IMAGE)
    studio.projects.open(made.folder)
    until(lambda: studio.context.project is not None)
    studio.set_catalog(catalog_of(describe(Sample, title="Remove or replace")))
    until(lambda: studio.context.runner is not None)
    studio.context.runner.pause_all()
    until(lambda: canvas_of(studio).mask_model is not None)
    return studio


def titles(queue: Queue) -> list[str]:
    found: list[str] = []
    for batch in queue.batches():
        found += [batch.title, *(job.title for job in queue.jobs() if job.batch == batch.id)]
    return found


def test_every_kind_of_title_follows_the_language(opened, tmp_path: Path, until, english) -> None:  # noqa: F811
    studio, queue = opened, opened.context.runner.queue
    canvas_of(studio).invert()
    until(lambda: not studio.generating.missing())
    studio.generating.queue()
    until(lambda: len(queue.batches()) == 1)
    request = studio.generating.request()
    schema = request.ask.generator.params_schema
    axes = [
        Axis("steps", "Steps", (20, 30), ("20 steps", "30 steps")),
        Axis("tile", "Tile", (True, False), ("On", "Off")),
        Axis("method", "Method", ("fill",), ("Content-aware fill",)),
        Axis(SEED, "Seed", (4,), ("4",)),
    ]
    request.start_many(Matrix(schema, request.ask.values, axes, 5, count=2))
    until(lambda: len(queue.batches()) == 2)
    photo = picture(tmp_path / "lake.png")
    request.start_folders([(photo, photo)])
    until(lambda: len(queue.batches()) == 3)
    made = recipe(seed=3).changed(generator="test/one")
    studio.generating.vary(made, 2)
    until(lambda: len(queue.batches()) == 4)
    studio.items.again._recipe_of = lambda item: made
    studio.items.again.make_again(next(iter(studio.context.project.items())))
    until(lambda: len(queue.batches()) == 5)
    before = titles(queue)
    assert all(any(word in title for title in before) for word in ENGLISH)
    studio.context.change_settings("appearance", language="de")
    until(lambda: QLocale().language() == QLocale.Language.German)
    until(lambda: studio.parts.queue.model.rowCount() > 0)
    panel = studio.parts.queue
    for batch in queue.batches():
        panel.model.set_open(batch.id, True)
    shown = [panel.model.row(number).title for number in range(panel.model.rowCount())]
    assert len(shown) >= len(queue.batches())
    for title in [*titles(queue), *shown]:
        assert not any(word in title for word in ENGLISH), title
    assert any("Schritte 20" in title and "Startwert 4" in title for title in shown)
    assert words.language() == "de"
