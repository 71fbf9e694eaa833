"""The stage of the pictures: the real program on a project that real generations have filled.

All that would differ from run to run is held: the clock, the seeds, the folders that are shown, what runs.
"""

from __future__ import annotations

import datetime
import os
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT))

from PIL import Image, ImageChops, ImageDraw  # noqa: E402
from PySide6.QtCore import QDateTime  # noqa: E402
from PySide6.QtWidgets import QApplication  # noqa: E402
from studio_image.room.canvas import MaskCanvas  # noqa: E402
from studio_image.room.room import ImageRoom  # noqa: E402
from studio_product.room.room import ProductRoom  # noqa: E402

from studio.core.generator import NewArtifact  # noqa: E402
from studio.core.item import Item, JobState, Label, Origin  # noqa: E402
from studio.core.recipe import Recipe  # noqa: E402
from studio.errors import StudioError  # noqa: E402
from studio.jobs.estimate import History  # noqa: E402
from studio.jobs.events import JobProgress, QueueChanged  # noqa: E402
from studio.jobs.queue import Queue  # noqa: E402
from studio.jobs.time_left import Left  # noqa: E402
from studio.ui.generate.presets import Preset, PresetStore  # noqa: E402
from studio.ui.items import queue_words  # noqa: E402
from studio.ui.kit import locales  # noqa: E402
from studio.ui.shell import app  # noqa: E402
from studio.ui.shell.studio_window import StudioWindow  # noqa: E402
from studio.words import tr  # noqa: E402

SAMPLES = ROOT / "resources" / "samples"
NOON = datetime.datetime(2026, 3, 12, 11, 20, tzinfo=datetime.UTC).timestamp()
DAY = 86400.0
SECONDS, MEMORY = 1.4, 286_000_000
GENERATOR = "image/inpaint"
PROMPTS = (
    "quiet green water, soft morning light",
    "the bare branch of a pine, out of focus behind",
    "smooth sand with the shadow of a cloud",
)


class Clock:
    """A clock that stands still until it is set."""

    def __init__(self) -> None:
        self.now = NOON

    def hold(self) -> None:
        """Whoever asks from here on is told the time of this clock. Measured spans are not touched."""
        os.environ["TZ"] = "UTC"
        time.tzset()
        time.time = lambda: self.now
        clock = self

        class Held(datetime.datetime):
            @classmethod
            def now(cls, tz: datetime.tzinfo | None = None) -> Held:
                return cls.fromtimestamp(clock.now, tz)

        class HeldQt(QDateTime):
            @staticmethod
            def currentDateTime() -> QDateTime:
                return QDateTime.fromMSecsSinceEpoch(round(clock.now * 1000))

        locales.datetime = Held
        queue_words.QDateTime = HeldQt


def until(is_so: Callable[[], object], seconds: float = 120.0) -> None:
    end = time.monotonic() + seconds
    while not is_so():
        if time.monotonic() > end:
            raise TimeoutError("The window never became what it should show.")
        QApplication.processEvents()
        time.sleep(0.005)


def rest(seconds: float = 0.25) -> None:
    """Lets thumbnails come and everything be drawn."""
    end = time.monotonic() + seconds
    until(lambda: time.monotonic() > end)


def hold_measures() -> None:
    """What a job took is told as on one machine: it would be another number each time."""
    complete, learn = Queue.complete, History.add

    def completed(queue: Queue, job_id: str, made: Sequence[NewArtifact], **given: Any) -> list[Item]:
        return complete(queue, job_id, made, **given | {"seconds": SECONDS, "peak_memory": MEMORY})

    Queue.complete = completed  # type: ignore[method-assign]
    History.add = lambda history, work, *_: learn(history, work, SECONDS, MEMORY)  # type: ignore[method-assign]


class Stage:
    """`home` is the folder that counts as the user's; it is theirs alone."""

    def __init__(self, home: Path) -> None:
        os.environ.update(HOME=str(home), STUDIO_HOME=str(home / "Studio"))
        self.clock = Clock()
        self.clock.hold()
        hold_measures()
        self.home = home
        self._write_own_files()
        self.studio: StudioWindow = app.start()
        sys.excepthook = sys.__excepthook__  # an error here belongs to nobody's window
        self.studio.app.setCursorFlashTime(0)
        self.session = self.studio.session
        self.studio.context.change_settings("appearance", language="en", theme="light", reduced_motion=True)
        self.settle()
        until(lambda: self.studio.panel.generator is not None)
        self.progress: list[JobProgress] = []

    @property
    def project(self):  # type: ignore[no-untyped-def]
        assert self.studio.context.project is not None
        return self.studio.context.project

    @property
    def product(self) -> ProductRoom:
        room = self.studio.parts.rooms.get("product")
        assert isinstance(room, ProductRoom)
        return room

    def settle(self, seconds: float = 0.25) -> None:
        until(lambda: not self.studio.context.tasks.running)
        rest(seconds)

    def look(self, language: str, theme: str) -> None:
        """Another language, another theme."""
        self.studio.context.change_settings("appearance", language=language, theme=theme)
        until(lambda: self.session.looks.language == language)
        rest()
        self.studio.to_front()
        rest()
        for event in self.progress:
            self.studio.context.bridge.post(event)
        self._say_where()
        self.settle()
        self.studio.queue.refresh()

    def size(self, width: int, height: int) -> None:
        """The window as somebody finds it who starts it at this size."""
        self.studio.window.resize(width, height)
        rest(0.05)
        self.studio.window.reset_layout()
        self.settle()

    def named(self, name: str, *, origin: Origin = Origin.ARTIFACT) -> Item:
        """The newest item of this name."""
        return next(item for item in self.project.items() if item.name == name and item.origin is origin)

    def photo(self, name: str) -> Item:
        return self.named(name, origin=Origin.ASSET)

    # What is on it -----------------------------------------------------------------------------------------

    def begin(self) -> None:
        """A project with some photos."""
        studio = self.studio
        self.clock.now = NOON - 2 * DAY
        studio.projects.create(self.home / "Documents" / "Studio" / "Birds and skies.studio")
        until(lambda: studio.context.runner is not None)
        studio.items.bring_in(sorted(SAMPLES.glob("*.jpg")))
        until(lambda: studio.workspace.is_begun)
        self.settle()

    def work(self) -> None:
        """Two days of it."""
        self._repair("dune", SAMPLES / "dune_mask.png", (3, 11))
        self._repair("wren", SAMPLES / "wren_mask.png", (5, 8, 21))
        self.clock.now = NOON - DAY
        self._repair("osprey", SAMPLES / "osprey_mask.png", (7, 12, 40))
        self._repair("rocket", self._part("rocket", left=True), (2,))
        self._repair("rocket", self._part("rocket", left=False), (2, 9), upon="rocket")
        self.clock.now = NOON - 3000
        self._repair("otters", self._part("otters", top=False), (4, 18))
        self._repair("otters", self._part("otters", top=True), (4, 6), upon="otters")
        self.clock.now = NOON
        self._judge()

    @property
    def canvas(self) -> MaskCanvas:
        room = self.studio.parts.rooms.get("image")
        assert isinstance(room, ImageRoom)
        return room.canvas

    def _repair(self, photo: str, mask: Path, seeds: Sequence[int], *, upon: str = "") -> None:
        """The first seed as a hand does it, the others as variants of it."""
        studio, canvas = self.studio, self.canvas
        item = self.named(upon) if upon else self.photo(photo)
        studio.items.go_on_with(item)
        until(lambda: canvas.mask_model is not None and canvas.photo.path.stem == item.digest)
        canvas.set_mask(mask)
        studio.panel.seed.set_seed(seeds[0])
        self.clock.now += 60
        made = self._results()
        until(lambda: not studio.generating.missing(), 20)
        studio.generating.generate()
        until(lambda: self._results() > made and studio.generating.waiting_for is None, 40)
        self.settle(0.1)
        recipe = self.project.recipe_of(self.named(photo).uid)
        if len(seeds) > 1:
            titles = [tr("Seed {seed}", seed=seed) for seed in seeds[1:]]
            recipes = [recipe.changed(seed=seed) for seed in seeds[1:]]
            runner = studio.context.runner
            for title, one in zip(titles, recipes, strict=True):
                self.clock.now += 60
                runner.wait([job.id for job in runner.submit([one], title=title)], 120)
        self.clock.now += 600
        self.settle(0.1)

    def _results(self) -> int:
        return len(self.project.items(origin=Origin.ARTIFACT))

    def _part(self, name: str, *, left: bool | None = None, top: bool | None = None) -> Path:
        """A part of a sample's mask, for repairing one thing after the other."""
        with Image.open(SAMPLES / f"{name}_mask.png") as opened:
            mask = opened.convert("L")
        width, height = mask.size
        box = [0, 0, width, height]
        if left is not None:
            box[0 if not left else 2] = width // 2
        if top is not None:
            box[1 if not top else 3] = height // 3
        window = Image.new("L", mask.size)
        ImageDraw.Draw(window).rectangle(box, fill=255)
        file = self.home / f"{name}-{left}-{top}.png"
        ImageChops.multiply(mask, window).save(file)
        return file

    def _judge(self) -> None:
        """Stars, labels, tags and collections, as somebody leaves them who has chosen."""
        project, post = self.project, self.studio.context.bridge.post
        results = project.items(origin=Origin.ARTIFACT)
        of = {name: [item for item in results if item.name == name] for name in ("otters", "osprey", "wren")}
        post(project.set_stars([of["otters"][0].uid], 5))
        post(project.set_stars([of["osprey"][0].uid, of["wren"][0].uid], 4))
        post(project.set_stars([of["wren"][1].uid], 2))
        post(project.set_label([of["otters"][0].uid, self.named("rocket").uid], Label.GREEN))
        post(project.set_label([of["osprey"][1].uid], Label.YELLOW))
        post(project.set_label([self.named("dune").uid], Label.BLUE))
        post(project.set_rejected([of["wren"][2].uid], True))
        post(project.add_tags([item.uid for item in of["otters"]], ["water", "animals"]))
        post(project.add_tags([item.uid for item in of["osprey"] + of["wren"]], ["animals", "birds"]))
        chosen = [of["otters"][0].uid, of["osprey"][0].uid, of["wren"][0].uid]
        post(project.make_collection("For the calendar", chosen)[0])
        post(project.make_collection("Client, first round", [of["osprey"][0].uid])[0])
        post(project.make_collection("Skies", [self.named("dune").uid, self.named("rocket").uid])[0])
        self.studio.gallery.select(of["otters"][0].uid)
        self.settle()

    def queue_up(self) -> None:
        """A batch of which one job runs, one has failed and the others wait; no worker goes on with them."""
        studio, desk = self.studio, self.studio.context
        runner = desk.runner
        runner.stop()
        queue = runner.queue
        base: Recipe = self.project.recipe_of(self.named("osprey").uid)
        recipes = [base.changed(seed=seed) for seed in range(101, 113)]
        self.clock.now = NOON - 400
        titles = [tr("Seed {seed}", seed=recipe.seed) for recipe in recipes]
        queue.submit(recipes, title="Remove or replace: osprey, 12 seeds", titles=titles)
        queue.submit([base.changed(seed=77)], title="Remove or replace: wren")
        failing = queue.claim()
        self.clock.now = NOON - 300
        error = StudioError(
            "Not enough memory on the device.", "Choose a smaller photo, or close other programs."
        )
        queue.fail(failing.id, error, seconds=4.2)
        running = queue.claim()
        self.clock.now = NOON
        assert running.state is JobState.RUNNING
        self.progress = [JobProgress(running.id, 0.62, "Filling", Left(620, 900))]
        desk.bridge.post(QueueChanged())
        desk.bridge.post(self.progress[0])
        self.batch = running.batch
        studio.queue.model.set_open(running.batch, True)
        self.settle()

    def _say_where(self) -> None:
        self.studio.window.say(str(Path("~") / "Documents" / "Studio" / self.project.folder.name))

    def _write_own_files(self) -> None:
        """Presets, prompts and snippets of a user, and the log of a quiet day."""
        config, data = self.home / "Studio" / "config", self.home / "Studio" / "data"
        store = PresetStore(config / "presets")
        for name, values in (
            ("Soft edges", {"method": "fill", "feather": 12}),
            ("Careful repaint", {"method": "diffusion", "steps": 40, "strength": 0.8}),
        ):
            store.write(name, Preset(GENERATOR, "1", values, "For photos of animals"))
        from studio.ui.generate.prompt_store import PromptHistory, Snippets

        history = PromptHistory(data / "prompts")
        for prompt in reversed(PROMPTS):
            history.add(GENERATOR, {"prompt": prompt})
        Snippets(config / "snippets.json").save(
            {"soft": "soft morning light, no people", "film": "grain of an old film, muted colors"}
        )
