"""Panels and dialogs look as their references do; see `pixels.py` for how that is told and renewed."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace
from PIL import Image, ImageDraw
from PySide6.QtCore import QLocale, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QWidget

from studio import words
from studio.core.generator import NewArtifact
from studio.core.item import Item, Label
from studio.core.kind import Kind
from studio.errors import StudioError
from studio.jobs.events import JobProgress, QueueChanged
from studio.jobs.queue import Queue
from studio.jobs.runner import Runner
from studio.jobs.time_left import Left
from studio.project.order import Group
from studio.project.store import Project
from studio.ui.items.compare_model import Mode
from studio.ui.kit import theme
from studio.ui.shell import looks
from studio.ui.shell.palette import Palette
from studio.ui.shell.studio_window import StudioWindow
from tests.ui.builders import Sample, catalog_of, describe, recipe
from tests.ui.pictures import canvas_of
from tests.ui.pixels import BLOCK_MOST, check, difference, shot

pytestmark = pytest.mark.slow

MORNING = 1_773_300_000.0
"""In March 2026."""
LOOKS = (("light", "en"), ("dark", "en"), ("light", "de"), ("dark", "de"))


def landscape(path: Path, hue: int) -> Path:
    """A picture with large shapes, which every machine scales alike."""
    image = Image.new("RGB", (320, 200), (90 + hue, 140, 200 - hue))
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 130, 320, 200), fill=(60, 110 + hue // 2, 70))
    draw.ellipse((200, 30, 250, 80), fill=(250, 220, 120))
    image.save(path)
    return path


def made_of(project: Project, folder: Path) -> None:
    """A photo, four results of it with stars and labels."""
    photo = project.add_asset(landscape(folder / "lake.png", 0), kind=Kind.IMAGE)
    queue = Queue(project)
    recipes = [recipe(seed, steps=20 + seed).changed(inputs={"image": photo.digest}) for seed in range(4)]
    queue.submit(recipes, title="Lakes", titles=[f"Seed {seed}" for seed in range(4)])
    results = []
    for number in range(4):
        file = landscape(folder / f"{number}.png", 20 + 30 * number)
        artifact = NewArtifact(path=file, kind=Kind.IMAGE, name=f"lake {number + 1}")
        job = queue.claim()
        results += queue.complete(job.id, [artifact], env={}, seconds=1.5, peak_memory=0, first_input="image")
    project.set_stars([results[3].uid], 4)
    project.set_label([results[2].uid], Label.GREEN)
    project.set_rejected([results[0].uid], True)
    project.make_collection("For the calendar", [results[3].uid, results[2].uid])


def named(studio: StudioWindow, name: str) -> Item:
    return next(item for item in studio.context.project.items() if item.name == name)


def work_in(studio: StudioWindow) -> None:
    """A batch in which one job runs, one has failed and two wait; nobody works it off."""
    queue = studio.context.runner.queue
    recipes = [recipe(seed, steps=20 + seed) for seed in range(4)]
    batch = queue.submit(recipes, title="Lake, four seeds", titles=[f"Seed {seed}" for seed in range(4)])
    queue.fail(queue.claim().id, StudioError("Not enough memory."), seconds=1.0)
    running = queue.claim()
    studio.context.bridge.post(QueueChanged())
    studio.context.bridge.post(JobProgress(running.id, 0.6, "", Left(600, 900)))
    studio.queue.model.set_open(batch[0].batch, True)


def mirror(which: looks.Looks, _: object) -> str:
    """English, as it would look in a language that is read from the right."""
    which.language = words.ENGLISH
    which._app.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    return words.use(words.ENGLISH, [], Path())


Made = Callable[..., StudioWindow]


@pytest.fixture
def make(another, home: Path, tmp_path: Path, until, qapp: QApplication, monkeypatch) -> Iterator[Made]:
    """Windows in a theme and a language; region, clock and cursor are held."""
    monkeypatch.setenv("TZ", "UTC")
    monkeypatch.setenv("HOME", str(tmp_path))
    time.tzset()
    monkeypatch.setattr(time, "time", lambda: MORNING)
    regions = {"en": "en_US", "de": "de_DE"}
    monkeypatch.setattr(looks, "locale_of", lambda language, _: QLocale(regions[language]))
    monkeypatch.setattr(Runner, "start", lambda _: 0)
    monkeypatch.setattr(Runner, "warm_up", lambda _: None)
    flash, direction = qapp.cursorFlashTime(), qapp.layoutDirection()
    qapp.setCursorFlashTime(0)

    def build(colors: str, language: str, *, mirrored: bool = False) -> StudioWindow:
        folder = tmp_path / "Lakes.studio"
        with Project.create(folder) as project:
            made_of(project, tmp_path)
        if mirrored:
            monkeypatch.setattr(looks.Looks, "speak", mirror)
        studio = another()
        studio.context.change_settings(
            "appearance", theme=colors, language="" if mirrored else language, reduced_motion=True
        )
        until(lambda: mirrored or studio.session.looks.language == language)
        studio.set_catalog(catalog_of(describe(Sample), describe(Sample, "test/two", "Second")))
        studio.window.resize(1280, 800)
        studio.window.show()
        studio.gallery.news.timer.setInterval(3_600_000)  # results stay new until a test has looked at them
        studio.projects.open(folder)
        until(lambda: studio.context.runner is not None and not studio.context.tasks.running)
        work_in(studio)
        studio.panel.seed.set_seed(7)
        studio.gallery.select(named(studio, "lake 4").uid)
        studio.window.say("Lakes.studio")
        studio.context.change_settings("exporting", folder="Calendar")
        settle(studio, until)
        return studio

    yield build
    qapp.setCursorFlashTime(flash)
    qapp.setLayoutDirection(direction)
    QLocale.setDefault(QLocale("en_US"))
    monkeypatch.undo()
    time.tzset()


def settle(studio: StudioWindow, until, seconds: float = 0.3) -> None:
    """Waits for so long, and on a busy computer until nothing moves any more."""
    until(lambda: not studio.context.tasks.running)
    end = time.monotonic() + seconds
    until(lambda: time.monotonic() > end)
    seen: list[QImage] = []

    def is_still() -> bool:
        seen.append(studio.window.grab().toImage())
        QTest.qWait(50)
        return len(seen) > 3 and seen[-1] == seen[-2] == seen[-3]

    until(is_still)


def dialog() -> QDialog:
    (found,) = [one for one in QApplication.topLevelWidgets() if isinstance(one, QDialog) and one.isVisible()]
    return found


def views(studio: StudioWindow, until) -> Iterator[tuple[str, QWidget]]:
    """Every panel, and what opens over them, one after the other."""
    panels = studio.window.panels
    yield "gallery", panels["gallery"]
    yield "recipe", panels["recipe"]
    yield "queue", panels["queue"]
    studio.gallery.news.timer.timeout.emit()
    studio.items.go_on_with(named(studio, "lake"))
    settle(studio, until)
    yield "canvas", studio.workspace
    studio.panel.form.show_advanced(True)
    studio.gallery.set_group(Group.DAY)
    studio.gallery.parts.collections_button.setChecked(True)
    results = [named(studio, name) for name in ("lake 4", "lake 3")]
    studio.items.compare(results[:1])
    studio.workspace.compare.set_mode(Mode.SIDE_BY_SIDE)
    studio.items.show_selection(results)
    settle(studio, until)
    yield "form", panels["generate"]
    yield "gallery-groups", panels["gallery"]
    yield "difference", panels["recipe"]
    yield "compare", studio.workspace
    studio.show_palette()
    found = next(one for one in studio.window.findChildren(Palette) if one.isVisible())
    yield "palette", found
    found.close()
    for name, show in (
        ("export", lambda: studio.items.export(results)),
        ("matrix", studio.generating.ask_many),
        ("preferences", studio.show_preferences),
        ("plugins", studio.help.show_plugins),
    ):
        show()
        settle(studio, until, 0.1)
        opened = dialog()
        opened.resize(720, 560)
        settle(studio, until, 0.05)
        yield name, opened
        opened.close()
        settle(studio, until, 0.05)
    studio.window.show_welcome(True)
    settle(studio, until)
    studio.window.welcome.setFocus()
    yield "welcome", studio.window.welcome


@pytest.mark.parametrize(("colors", "language"), LOOKS, ids=["-".join(one) for one in LOOKS])
def test_everything_looks_as_it_did(make: Made, until, tmp_path: Path, colors: str, language: str) -> None:
    studio = make(colors, language)
    wrong = []
    for name, widget in views(studio, until):
        try:
            check(f"{name}-{colors}-{language}", widget, tmp_path.parent)
        except AssertionError as error:
            wrong.append(str(error))
    assert not wrong, "\n".join(wrong)


def test_the_window_mirrored(make: Made, until, tmp_path: Path) -> None:
    studio = make("light", "en", mirrored=True)
    studio.gallery.news.timer.timeout.emit()
    studio.items.go_on_with(named(studio, "lake"))  # not what it begins with, which comes when it can
    until(lambda: canvas_of(studio).mask_model is not None)
    settle(studio, until)
    check("window-mirrored", studio.window, tmp_path.parent)


# The comparison itself -------------------------------------------------------------------------------------


@pytest.fixture
def plain(make: Made) -> StudioWindow:
    return make("light", "en")


def test_what_nobody_means_is_caught(plain: StudioWindow, until) -> None:
    panel, app = plain.panel, plain.app
    before = shot(panel)
    layout = panel._column
    was = layout.contentsMargins()
    layout.setContentsMargins(was.left() + 8, was.top(), was.right(), was.bottom())
    settle(plain, until, 0.05)
    assert not difference(before, shot(panel)).is_meant
    layout.setContentsMargins(was)
    settle(plain, until, 0.05)
    assert difference(before, shot(panel)).is_meant

    panel.foot.many.hide()
    settle(plain, until, 0.05)
    assert not difference(before, shot(panel)).is_meant
    panel.foot.many.show()

    other = replace(theme.LIGHT, muted=theme.LIGHT.accent)
    app.setStyleSheet(theme.style_sheet(other))
    settle(plain, until, 0.05)
    assert not difference(before, shot(panel)).is_meant
    app.setStyleSheet(theme.style_sheet(theme.LIGHT))
    settle(plain, until, 0.05)
    assert difference(before, shot(panel)).block < BLOCK_MOST


@pytest.mark.parametrize("ratio", [1.25, 1.5, 2.0, 3.0])
def test_another_rounding_and_smoothing_is_not(plain: StudioWindow, ratio: float) -> None:
    for panel in plain.window.panels.values():
        found = difference(shot(panel), shot(panel, ratio))
        assert found.is_meant, f"{panel.objectName()}: {found}"
