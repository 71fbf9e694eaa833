"""Songs: one in the roll with its score, three beside each other, and the chords in the form.

The songs are those of the listening sheet, which `studio run music/compose` made with these settings.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PySide6.QtWidgets import QWidget
from stage import GENERATOR as PHOTOS
from stage import Stage, rest, until
from studio_music.core.midi_file import read_song
from studio_music.room.room import MusicRoom

from studio.core.generator import NewArtifact
from studio.core.item import Item
from studio.jobs.events import ItemsAdded
from studio.project.intake import Intake

MADE = Path(__file__).parent.parent / "listening"
GENERATOR = "music/compose"
VALUES = {"mood": "bright", "ensemble": "band", "chords": "C | G/B | Am | F G", "bars": 8, "loop": True}
SEEDS = (0, 1, 2)
SECONDS = 1.0


def room_of(stage: Stage) -> MusicRoom:
    room = stage.studio.parts.rooms.get("music")
    assert isinstance(room, MusicRoom)
    return room


@contextmanager
def songs(stage: Stage) -> Iterator[list[Item]]:
    """As if they had just been composed, with their settings in the form; all is as before afterwards."""
    studio, project, queue = stage.studio, stage.project, stage.studio.context.runner.queue
    studio.panel.choose(GENERATOR)
    studio.panel.set_values({**studio.panel.values(), **VALUES})
    items: list[Item] = []
    jobs = []
    for seed in SEEDS:
        studio.panel.seed.set_seed(seed)
        request = studio.generating.request()
        queue.submit([request.recipe({}, Intake(project))], title=request.title(), first=True)
        job = queue.claim()
        jobs.append(job)
        file = stage.home / f"band-{seed}.mid"  # which the project takes for its own
        shutil.copyfile(MADE / file.name, file)
        made = NewArtifact(file, "music", read_song(file).title)
        items += queue.complete(job.id, [made], env={}, seconds=0.0, peak_memory=0)
        studio.context.bridge.post(ItemsAdded(tuple(items[-1:]), job.id))
    try:
        yield items
    finally:
        studio.context.bridge.post(project.trash([item.uid for item in items]))
        project.purge_trash(-1)
        with project.db.transaction() as connection:
            for job in jobs:
                connection.execute("DELETE FROM job WHERE id = ?", (job.id,))
                connection.execute("DELETE FROM batch WHERE id = ?", (job.batch,))
        studio.items.show_room("image")
        stage.settle()
        studio.panel.choose(PHOTOS)
        stage.settle()


def in_the_roll(stage: Stage, item: Item, *, score: bool) -> None:
    """One song on the stage, with or without its score."""
    stage.studio.items.open([item])
    page = room_of(stage).page
    until(lambda: page.is_built and page.shows_song)
    page.show_score(score)
    stage.settle(SECONDS)
    if score:
        until(lambda: page.score.views)
        rest(SECONDS)


def music(stage: Stage) -> Iterator[QWidget]:
    """The window with a song; the stage with its score; three songs beside each other; the form."""
    with songs(stage) as items:
        in_the_roll(stage, items[-1], score=False)
        yield stage.studio.window
        in_the_roll(stage, items[-1], score=True)
        yield stage.studio.workspace
        room_of(stage).page.show_score(False)
        yield stage.studio.panel
        stage.studio.items.compare(items)
        stage.settle(SECONDS)
        yield stage.studio.workspace
