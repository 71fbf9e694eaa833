"""The room in a whole window, with a queue that the test plays and a player that is only written down."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog
from studio_music.core.live import Live, line_of
from studio_music.core.midi_file import write_song
from studio_music.core.song import Song
from studio_music.room.room import MusicRoom

from studio.core.authoring import Ui, json_schema
from studio.core.generator import GeneratorDescription, Input, NewArtifact
from studio.core.item import Item, JobState
from studio.core.params_base import Params
from studio.core.recipe import Recipe
from studio.jobs.events import ItemsAdded, JobChanged, JobText
from studio.jobs.queue import Job, Queue
from studio.project.store import Project
from studio.ui.shell.studio_window import StudioWindow
from tests.ui.builders import catalog_of

SONG = Input(name="song", title="Song", kind="music")
AUDIO = Input(name="recording", title="Recording", kind="audio")


class Compose(Params):
    mood: Literal["bright", "dark"] = "bright"
    bars: int = 16
    chords: Annotated[str, Ui(hint="chord-grid")] = ""


class Infill(Params):
    bars: str = ""
    track: str = ""


class Vary(Params):
    strength: Annotated[int, Field(ge=5, le=100)] = 35
    track: str = ""
    count: Annotated[int, Field(ge=1, le=8)] = 2


class Change(Params):
    words: Annotated[str, Ui(hint="prompt")] = ""


class Plain(Params):
    count: Annotated[int, Field(ge=1, le=8)] = 1


class Edited(Params):
    midi: str = ""


def _generator(
    name: str, params: type[Params], inputs: tuple[Input, ...] = (SONG,), *, listed: bool = True
) -> GeneratorDescription:
    return GeneratorDescription(
        id=f"music/{name}",
        title=name.capitalize(),
        kind="music",
        version="1",
        summary="Makes music.",
        inputs=inputs,
        params_schema=json_schema(params),
        listed=listed,
    )


GENERATORS = (
    _generator("compose", Compose, ()),
    _generator("continue", Plain),
    _generator("infill", Infill),
    _generator("harmonize", Plain),
    _generator("vary", Vary),
    _generator("accompany", Plain),
    _generator("change", Change),
    _generator("hum", Plain, (AUDIO,)),
    _generator("edited", Edited, listed=False),
)


class FakePlayer:
    """Writes down what it is told; a test posts what it would answer."""

    made: list[FakePlayer] = []

    def __init__(self, post: Callable[[object], object]) -> None:
        self.post, self.calls = post, list[tuple[Any, ...]]()
        FakePlayer.made.append(self)

    def __getattr__(self, name: str) -> Callable[..., None]:
        def call(*arguments: Any, **named: Any) -> None:
            self.calls.append((name, *arguments, *named.items()))

        return call

    def told(self, name: str) -> list[tuple[Any, ...]]:
        """The arguments of each call of a method."""
        return [call[1:] for call in self.calls if call[0] == name]


class FakeFinder:
    """Writes down which songs peaks were wanted of; a test posts them."""

    made: list[FakeFinder] = []

    def __init__(self, post: Callable[[object], object]) -> None:
        self.post, self.wanted, self.is_closed = post, list[tuple[Song, Path | None]](), False
        FakeFinder.made.append(self)

    def find(self, song: Song, font: Path | None) -> int:
        self.wanted.append((song, font))
        return len(self.wanted)

    def close(self) -> None:
        self.is_closed = True


@dataclass
class Desk:
    studio: StudioWindow
    project: Project
    queue: Queue
    until: Callable[..., None]

    @property
    def room(self) -> MusicRoom:
        room = self.studio.parts.rooms.get("music")
        assert isinstance(room, MusicRoom)
        return room

    @property
    def song(self) -> Song:
        song = self.room.model.song
        assert song is not None
        return song

    @property
    def player(self) -> FakePlayer:
        return FakePlayer.made[-1]

    def add(self, song: Song) -> Item:
        """A song that the user brought in."""
        file = self.project.staging() / "song.mid"
        write_song(song, file)
        item = self.project.add_asset(file, kind="music", name=song.title)
        self.studio.context.bridge.post(ItemsAdded((item,), ""))
        return item

    def open(self, song: Song) -> Item:
        """Brings a song in, and onto the stage."""
        item = self.add(song)
        self.studio.items.open([item])
        self.until(lambda: self.room.document.item is not None and self.room.document.item.uid == item.uid)
        return item

    def jobs(self) -> list[Job]:
        return [job for job in self.queue.jobs() if not job.state.is_final]

    def newest_job(self) -> Job:
        """What was put into the queue last."""
        self.until(lambda: self.jobs())
        return max(self.jobs(), key=lambda job: job.created)

    def run(self, job: Job) -> Job:
        with self.project.db.transaction() as connection:
            connection.execute("UPDATE job SET state = 'running', started = 1 WHERE id = ?", (job.id,))
        job = self.queue.job(job.id)
        self.studio.context.bridge.post(JobChanged(job))
        QTest.qWait(1)
        return job

    def say(self, job: Job, *lines: Live) -> None:
        self.studio.context.bridge.post(JobText(job.id, 0, "".join(map(line_of, lines))))
        QTest.qWait(1)

    def finish(self, job: Job, songs: Sequence[Song]) -> list[Item]:
        if self.queue.job(job.id).state is JobState.QUEUED:
            self.run(job)
        made = []
        for number, song in enumerate(songs):
            file = self.project.staging() / f"{number}.mid"
            write_song(song, file)
            made.append(NewArtifact(file, "music", song.title))
        items = self.queue.complete(job.id, made, env={}, seconds=1, peak_memory=1)
        self.studio.context.bridge.post(ItemsAdded(tuple(items), job.id))
        self.studio.context.bridge.post(JobChanged(self.queue.job(job.id)))
        return items

    def cancel(self, job: Job) -> None:
        self.queue.cancel(job.id)
        self.studio.context.bridge.post(JobChanged(self.queue.job(job.id)))
        QTest.qWait(1)

    def recipe(self, item: Item) -> Recipe:
        recipe = self.project.recipe_of(item.uid)
        assert recipe is not None
        return recipe


def desk_of(studio: StudioWindow, folder: Path, until: Callable[..., None]) -> Desk:
    """Opens a new project in the window, describes the generators to it, and shows the room."""
    Project.create(folder).close()
    studio.projects.open(folder)
    until(lambda: studio.context.project is not None)
    studio.set_catalog(catalog_of(*GENERATORS))
    until(lambda: studio.context.runner is not None)
    assert studio.context.project is not None
    queue = Queue(studio.context.project)
    queue.pause_all()
    studio.items.show_room("music")
    QTest.qWait(1)  # so that its stage is laid out
    return Desk(studio, studio.context.project, queue, until)


def said(desk: Desk) -> str:
    """What the notice says."""
    return desk.studio.workspace.notice.text.whole_text()


def change(desk: Desk) -> None:
    """An edit by hand: the first track is muted, or is heard again."""
    desk.room.page.tracks.strips[0].mute.click()


def shown(kind: type[QDialog]) -> list[QDialog]:
    return [one for one in QApplication.topLevelWidgets() if isinstance(one, kind) and one.isVisible()]
