"""Generators that work from something other than a photo and its mask."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import msgspec
import pytest

from studio.core.generator import Input
from studio.core.item import Kind
from studio.core.recipe import Recipe
from studio.ui.batch_dialog import BatchDialog
from studio.ui.studio_window import StudioWindow
from tests.ui.builders import PHOTO_AND_MASK, Sample, catalog_of, describe, picture

PHOTO, MASK = PHOTO_AND_MASK


class Taker:
    """A runner that only takes jobs."""

    def __init__(self) -> None:
        self.taken: list[tuple[Recipe, str]] = []
        self.queue = SimpleNamespace(job=lambda _: None)

    def submit(self, recipes, *, title, titles, first=False):
        self.taken += zip(recipes, titles, strict=True)
        return []


@pytest.fixture
def ready(studio: StudioWindow, tmp_path: Path, until):
    """A function that gives the window with one generator that has these inputs, and its runner."""

    def make(*inputs: Input) -> tuple[StudioWindow, Taker]:
        studio.projects.start_runner = lambda: None
        studio.projects.create(tmp_path / "P.studio")
        until(lambda: studio.desk.project is not None)
        studio.set_catalog(catalog_of(describe(Sample, inputs=inputs)))
        runner = Taker()
        studio.desk.runner = runner
        studio.generating.refresh()
        return studio, runner

    yield make
    studio.desk.runner = None


def press(studio: StudioWindow, runner: Taker, until) -> tuple[Recipe, str]:
    before = len(runner.taken)
    studio.generating._submit = lambda work: studio.desk.tasks.start("", work, lambda _: None)
    assert studio.panel.button.isEnabled(), studio.panel.reason.text()
    studio.panel.button.click()
    until(lambda: len(runner.taken) > before)
    return runner.taken[-1]


def bring_in(studio: StudioWindow, tmp_path: Path, until) -> None:
    studio.items.bring_in([picture(tmp_path / "beach.png")])
    until(lambda: studio.generating.photo is not None)
    until(lambda: studio.workspace.canvas.mask_model is not None)


def test_nothing_is_needed(ready, until) -> None:
    studio, runner = ready()
    recipe, title = press(studio, runner, until)
    assert recipe.inputs == {}
    assert title == "Test"
    assert not studio.panel.from_folders.isVisible()
    studio.generating.ask_batch()
    assert studio.window.findChild(BatchDialog) is None


def test_a_photo_that_does_not_matter_is_left_out(ready, tmp_path: Path, until) -> None:
    studio, runner = ready()
    bring_in(studio, tmp_path, until)
    recipe, title = press(studio, runner, until)
    assert recipe.inputs == {}
    assert title == "Test"


def test_a_photo_alone(ready, tmp_path: Path, until) -> None:
    studio, runner = ready(PHOTO)
    assert studio.panel.reason.text() == "Drop a photo on the canvas to begin."
    bring_in(studio, tmp_path, until)
    studio.workspace.canvas.invert()
    recipe, title = press(studio, runner, until)
    assert list(recipe.inputs) == ["image"]
    assert title == "Test – beach"


def test_an_optional_mask_goes_along_once_it_is_painted(ready, tmp_path: Path, until) -> None:
    studio, runner = ready(PHOTO, msgspec.structs.replace(MASK, required=False))
    bring_in(studio, tmp_path, until)
    assert list(press(studio, runner, until)[0].inputs) == ["image"]
    studio.workspace.canvas.invert()
    assert sorted(press(studio, runner, until)[0].inputs) == ["image", "mask"]


def test_a_mask_alone_needs_a_photo_to_paint_on(ready, tmp_path: Path, until) -> None:
    studio, _ = ready(MASK)
    assert studio.panel.reason.text() == "Drop a photo on the canvas to begin."
    bring_in(studio, tmp_path, until)
    assert studio.panel.reason.text() == "Paint over what should change."
    assert not studio.panel.from_folders.isVisible()


@pytest.mark.parametrize(
    "slot",
    [
        Input(name="style", title="Style", kind=Kind.IMAGE),
        Input(name="words", title="Style", kind=Kind.TEXT),
    ],
)
def test_what_the_window_cannot_give_is_said(ready, slot: Input) -> None:
    studio, _ = ready(PHOTO, slot)
    assert "“Style” cannot be given in the window yet" in studio.panel.reason.text()
    assert not studio.panel.button.isEnabled()


def test_photos_of_a_folder_without_masks(ready, tmp_path: Path, until) -> None:
    studio, runner = ready(PHOTO)
    folder = tmp_path / "photos"
    folder.mkdir()
    for name in ("a", "b"):
        picture(folder / f"{name}.png")
    assert studio.panel.from_folders.isVisible()
    studio.panel.from_folders.click()
    dialog = studio.window.findChild(BatchDialog)
    assert not dialog.masks.isVisible()
    dialog.photos.setText(str(folder))
    assert dialog.found.text() == "2 photos"
    dialog.go.click()
    until(lambda: len(runner.taken) == 2)
    assert [(list(recipe.inputs), title) for recipe, title in runner.taken] == [
        (["image"], "a.png"),
        (["image"], "b.png"),
    ]
