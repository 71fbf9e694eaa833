"""What the user does with items, in the whole window with a real project and plugins that are described."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication

from studio.core.item import Item, JobState, Origin
from studio.core.kind import Kind
from studio.core.recipe import Recipe
from studio.jobs.events import JobChanged
from studio.project.store import Project
from studio.ui.items.compare_model import Mode
from studio.ui.items.recipe_model import DEVICE, GENERATOR, SEED
from studio.ui.kit.dialogs import ErrorDialog
from studio.ui.shell.studio_window import StudioWindow
from tests.ui.builders import Sample, catalog_of, describe, picture, recipe
from tests.ui.pictures import canvas_of, decode


@pytest.fixture
def opened(studio: StudioWindow, tmp_path: Path, until) -> StudioWindow:
    """A project with one photo, and two generators of which the first is chosen."""
    with Project.create(tmp_path / "Beach.studio") as made:
        made.add_asset(picture(tmp_path / "beach.png"), kind=Kind.IMAGE)
    studio.projects.open(made.folder)
    until(lambda: studio.context.project is not None)
    studio.set_catalog(catalog_of(describe(Sample), describe(Sample, "test/two", "Second")))
    until(lambda: studio.context.runner is not None)
    until(lambda: canvas_of(studio).mask_model is not None)
    studio.context.runner.pause_all()
    return studio


def photo_of(studio: StudioWindow) -> Item:
    return next(item for item in studio.context.project.items() if item.origin is Origin.ASSET)


Results = Callable[..., Item]


@pytest.fixture
def result(opened: StudioWindow, tmp_path: Path) -> Results:
    """Records what a job would have made, without one."""
    project = opened.context.project

    def make(made: Recipe, name: str = "result", color: tuple[int, int, int] = (1, 2, 3)) -> Item:
        photo = photo_of(opened)
        made = made.changed(inputs={"image": photo.digest})
        (job,) = opened.context.runner.submit([made], title=name, titles=[name])
        file = picture(tmp_path / f"{name}-{time.monotonic_ns()}.png", color)
        digest, size = project.store_blob(file, extension=".png")
        item = Item(
            f"{name}{time.monotonic_ns()}",
            name,
            Kind.IMAGE,
            Origin.ARTIFACT,
            digest,
            ".png",
            size,
            time.time(),
            job=job.id,
            parent=photo.uid,
        )
        with project.db.transaction() as connection:
            project.insert_items(connection, [item])
        decode(opened, item)
        opened.gallery.items_added()
        return item

    return make


def error_of(studio: StudioWindow) -> ErrorDialog | None:
    return next((one for one in studio.window.findChildren(ErrorDialog) if one.isVisible()), None)


def said(studio: StudioWindow) -> str:
    return studio.workspace.notice.text.whole_text()


def test_one_value_is_reused_and_all_else_stays(opened: StudioWindow, result: Results) -> None:
    item = result(recipe(41, steps=33, prompt="a lake"))
    opened.panel.set_values({"steps": 5, "prompt": "mine"})
    opened.panel.seed.set_seed(7)
    opened.items.reuse_value(item, "steps")
    assert opened.panel.values()["steps"] == 33
    assert opened.panel.values()["prompt"] == "mine"
    assert opened.panel.seed.seed() == 7
    assert said(opened) == "Steps is set to 33 steps."
    opened.items.reuse_value(item, SEED)
    assert opened.panel.seed.seed() == 41
    opened.items.reuse_value(item, DEVICE)
    assert said(opened) == "Computed on is set to Processor."
    opened.items.reuse_value(item, "no such field")
    assert opened.panel.values()["steps"] == 33


def test_a_value_of_another_generator_goes_where_it_fits(opened: StudioWindow, result: Results) -> None:
    item = result(recipe(1, "test/two", steps=44))
    opened.items.reuse_value(item, "steps")
    assert opened.panel.generator.id == "test/one" and opened.panel.values()["steps"] == 44
    opened.items.reuse_value(item, GENERATOR)
    assert opened.panel.generator.id == "test/two"


def test_a_recipe_whose_plugin_is_gone_is_read_only(opened: StudioWindow, result: Results, until) -> None:
    item = result(recipe(1, "gone/away", steps=4))
    opened.gallery.select(item.uid)
    page = opened.recipe.one
    until(lambda: page.isVisible() and page.shown is not None and page.shown.item.uid == item.uid)
    assert "“gone/away” is not installed" in page.notes.text()
    assert not page.again.isEnabled() and not page.reuse.isEnabled()
    assert not any(row.fact.key for row in page.facts.rows)
    opened.items.reuse(item)
    until(lambda: error_of(opened))


def test_inputs_that_are_gone_are_told(opened: StudioWindow, result: Results, until) -> None:
    item = result(recipe(1, steps=4))
    project = opened.context.project
    project.blob_path(photo_of(opened).digest).unlink()
    opened.gallery.select(item.uid)
    page = opened.recipe.one
    until(lambda: page.shown is not None and page.shown.item.uid == item.uid)
    assert "no longer in the project: Photo" in page.notes.text()
    assert not page.again.isEnabled() and page.reuse.isEnabled()


def test_the_panel_follows_one_two_and_many(opened: StudioWindow, result: Results, until) -> None:
    items = [result(recipe(seed, steps=4), f"r{seed}") for seed in (41, 42, 43)]
    opened.items.show_selection(items[:1])
    assert opened.recipe.one.lineage.isVisible()
    counts = opened.recipe.one.lineage.lineage.counts()
    assert counts == (1, 2, 0)
    opened.items.show_selection(items[:2])
    assert {row.fact.name for row in opened.recipe.pair.facts.rows} >= {"", "Seed"}
    opened.items.show_selection(items)
    facts = {row.fact.name: row.fact.values[0] for row in opened.recipe.many.facts.rows}
    assert facts["Selected"] == "3 results" and facts["Steps"] == "4 steps"
    opened.items.show_selection([])
    assert opened.recipe.empty.isVisible()


def test_make_again_and_vary_reach_the_queue(opened: StudioWindow, result: Results, until) -> None:
    item = result(recipe(41, steps=4))
    before = {job.id for job in opened.context.runner.queue.jobs()}

    def fresh() -> list:
        return [job for job in opened.context.runner.queue.jobs() if job.id not in before]

    opened.items.make_again(item)
    until(lambda: len(fresh()) == 1)
    assert fresh()[0].recipe == opened.context.project.recipe_of(item.uid)
    opened.items.vary(item, 3)
    until(lambda: len(fresh()) == 4)
    seeds = {job.recipe.seed for job in fresh()}
    assert len(seeds) == 4 and 41 in seeds


def test_a_batch_ends_in_an_offer_to_choose(opened: StudioWindow, result: Results, qtbot, until) -> None:
    items = [result(recipe(seed, steps=4), f"r{seed}", (seed, 0, 0)) for seed in range(10)]
    context, compare = opened.context, opened.workspace.compare
    jobs = [context.runner.queue.job(item.job) for item in items]
    with context.project.db.transaction() as connection:
        for job in jobs:
            connection.execute("UPDATE job SET batch = ? WHERE id = ?", (jobs[0].batch, job.id))
            connection.execute("UPDATE job SET state = 'done' WHERE id = ?", (job.id,))
    canvas = canvas_of(opened)
    before = canvas.photo
    context.bridge.post(JobChanged(replace(context.runner.queue.job(jobs[0].id), state=JobState.DONE)))
    until(lambda: said(opened) == "10 results are ready.")
    assert canvas.photo is before and not opened.workspace.is_comparing, "the stage is the user's"
    assert opened.workspace.notice.action.text() == "Choose from 10"
    opened.workspace.notice.action.click()
    until(lambda: opened.workspace.is_comparing)
    assert compare.mode is Mode.SIDE_BY_SIDE and len(compare.comparison.items) == 8
    assert compare.item == items[0]
    assert compare.comparison.label_of(3) == "Seed 3"
    for _ in range(8):
        qtbot.keyClick(compare, Qt.Key.Key_Right)
    assert compare.item == items[8] and compare.bar.pages.text() == "9–10 of 10"
    compare.pick()
    until(lambda: compare.item.stars == 1)
    assert context.project.history.undo_title == "Pick “r8”"
    assert compare._preferred is not Mode.SIDE_BY_SIDE, "to choose changes no setting"


def varied(opened: StudioWindow, item: Item, until) -> str:
    """Asks for variants; the id of their batch."""
    queue = opened.context.runner.queue
    before = {job.batch for job in queue.jobs()}
    opened.items.vary(item, 2)
    until(lambda: said(opened) == "2 added to the queue.")
    (batch,) = {job.batch for job in queue.jobs()} - before
    return batch


def end(opened: StudioWindow, batch: str, items: list[Item]) -> None:
    """The jobs of the batch are over, and have made these."""
    context = opened.context
    with context.project.db.transaction() as connection:
        connection.execute("UPDATE job SET state = 'cancelled' WHERE batch = ?", (batch,))
        for item in items:
            connection.execute("UPDATE job SET batch = ?, state = 'done' WHERE id = ?", (batch, item.job))
    context.bridge.post(JobChanged(replace(context.runner.queue.job(items[0].job), state=JobState.DONE)))


def test_variants_end_in_the_grid_to_choose_from(opened: StudioWindow, result: Results, until) -> None:
    items = [result(recipe(seed, steps=4), f"r{seed}", (seed, 0, 0)) for seed in range(3)]
    end(opened, varied(opened, items[0], until), items)
    until(lambda: opened.workspace.is_comparing)
    compare = opened.workspace.compare
    assert compare.mode is Mode.SIDE_BY_SIDE and [one.item.uid for one in compare.comparison.items] == [
        item.uid for item in items
    ]


def test_the_grid_takes_nobodys_place(opened: StudioWindow, result: Results, until) -> None:
    """Who selects something else meanwhile keeps it, and is offered to choose."""
    items = [result(recipe(seed, steps=4), f"r{seed}", (seed, 0, 0)) for seed in range(3)]
    batch = varied(opened, items[0], until)
    opened.items.gallery.items_added()
    opened.items.gallery.select(items[1].uid)
    until(lambda: not opened.generating.awaits(batch) and not opened.items.is_opening)
    end(opened, batch, items)
    until(lambda: said(opened) == "3 results are ready.")
    comparison = opened.workspace.compare.comparison
    assert comparison is None or len(comparison.items) < 3


def test_two_to_eight_are_compared_with_their_differences(
    opened: StudioWindow, result: Results, until
) -> None:
    items = [result(recipe(seed, steps=4), f"r{seed}", (seed, 0, 0)) for seed in range(9)]
    opened.items.compare(items[:3])
    assert opened.workspace.is_comparing
    comparison = opened.workspace.compare.comparison
    assert [one.caption for one in comparison.items] == ["Seed 0", "Seed 1", "Seed 2"]
    assert opened.workspace.result == items[2]
    opened.items.compare(items)
    assert len(opened.workspace.compare.comparison.items) == 8
    assert opened.workspace.compare.bar.pages.text() == "1–8 of 9"
    opened.workspace.compare.turn_page(1)
    assert [one.item for one in opened.workspace.compare.comparison.items] == items[8:]
    opened.workspace.compare.turn_page(1)
    assert opened.workspace.compare.bar.pages.text() == "9–9 of 9"
    opened.items.compare([items[0], photo_of(opened)])
    assert opened.workspace.compare.comparison.items[0].item == photo_of(opened)
    opened.items.compare(items[:1])
    until(lambda: opened.workspace.viewer.is_comparing)
    assert opened.workspace.viewer.labels == ("Before", "After")


def test_the_winner_is_picked_in_the_comparison(opened: StudioWindow, result: Results, until) -> None:
    items = [result(recipe(seed), f"r{seed}") for seed in (1, 2)]
    project = opened.context.project
    opened.items.compare(items)
    compare = opened.workspace.compare
    opened.actions["compare.stars_4"].trigger()
    until(lambda: compare.item.stars == 4)
    assert project.item(items[1].uid).stars == 4
    opened.actions["compare.reject"].trigger()
    until(lambda: compare.item.rejected)
    opened.actions["compare.pick"].trigger()
    until(lambda: not compare.item.rejected)
    compare.choose(0)
    opened.actions["compare.pick"].trigger()
    until(lambda: compare.item.stars == 1)
    opened.undo.undo()
    until(lambda: compare.item.stars == 0)


def test_the_mode_is_kept_in_the_settings(opened: StudioWindow, result: Results) -> None:
    opened.items.compare([result(recipe(seed), f"r{seed}") for seed in (1, 2)])
    opened.workspace.compare.set_mode(Mode.ONION)
    assert opened.context.settings.compare.mode == "onion"


def test_a_window_that_is_built_anew_shows_the_same(opened: StudioWindow, result: Results, until) -> None:
    items = [result(recipe(seed), f"r{seed}", (seed * 60, 0, 0)) for seed in (1, 2, 3)]
    opened.items.compare(items)
    compare = opened.workspace.compare
    compare.choose(1)
    until(lambda: opened.workspace.viewer.is_comparing)
    opened.workspace.viewer.look_at(4.0, QPointF(40, 30))
    opened.rebuild()
    assert opened.workspace.compare is not compare
    assert opened.workspace.is_comparing
    assert opened.workspace.result == items[1]
    until(lambda: opened.workspace.viewer.is_comparing and opened.workspace.viewer.zoom == 4.0)
    assert opened.workspace.is_comparing


def test_use_as_input(opened: StudioWindow, result: Results, until) -> None:
    item = result(recipe(1), "other", (9, 9, 9))
    opened.items.use_as_input(item, "test/two", "image")
    assert opened.panel.generator.id == "test/two"
    assert opened.parts.rooms.get("image").photo == item
    opened.items.use_as_input(item, "test/two", "mask")
    assert opened.generating.inputs.chosen(opened.panel.generator)["mask"] == item
    opened.items.use_as_input(item, "no/such", "image")
    assert opened.panel.generator.id == "test/two"


def test_locate_source(opened: StudioWindow, result: Results) -> None:
    item = result(recipe(1))
    opened.gallery.select(item.uid)
    opened.items.locate_source(item)
    assert [one.uid for one in opened.gallery.selected()] == [photo_of(opened).uid]


def test_what_goes_into_the_trash_can_be_taken_back(opened: StudioWindow, result: Results, until) -> None:
    items = [result(recipe(seed), f"r{seed}") for seed in (1, 2, 3)]
    project = opened.context.project
    opened.context.bridge.post(project.trash([item.uid for item in items]))
    until(lambda: said(opened) == "3 items moved to the trash")
    opened.workspace.notice.action.click()
    assert all(project.item(item.uid).trashed is None for item in items)
    assert project.history.redo_title == "Move 3 items to the trash", "a step back, not a new one"
    opened.context.bridge.post(project.trash([items[0].uid]))
    until(lambda: said(opened) == "1 item moved to the trash")
    project.rename(items[1].uid, "Other")
    opened.workspace.notice.action.click()
    assert project.item(items[0].uid).trashed is None
    assert project.item(items[1].uid).name == "Other", "what was done since is not taken back"
    until(lambda: not opened.workspace.notice.isVisible())


def test_a_picture_is_copied_as_a_picture_and_as_a_file(opened: StudioWindow, result: Results) -> None:
    item = result(recipe(1), "lake", (10, 20, 30))
    opened.items.copy([item])
    data = QApplication.clipboard().mimeData()
    assert data.hasImage() and QImage(data.imageData()).pixelColor(1, 1) == QColor(10, 20, 30)
    assert [Path(url.toLocalFile()).name for url in data.urls()] == ["lake.png"]


def test_pasting_a_picture_files_and_nonsense(opened: StudioWindow, tmp_path: Path, until) -> None:
    project, clipboard = opened.context.project, QApplication.clipboard()
    image = QImage(30, 20, QImage.Format.Format_RGB32)
    image.fill(QColor(1, 2, 3))
    clipboard.setImage(image)
    opened.items.paste()
    until(lambda: project.count() == 2)
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(picture(tmp_path / "pasted.png", (7, 7, 7))))])
    clipboard.setMimeData(data)
    opened.items.paste()
    until(lambda: project.count() == 3)
    for nonsense in ("", "just words", "\0\1"):
        clipboard.setText(nonsense)
        opened.items.paste()
        assert "clipboard" in said(opened).lower()
    broken = QMimeData()
    broken.setData("application/x-studio-items", b"\xff\xfe\0nothing")
    clipboard.setMimeData(broken)
    opened.items.paste()
    assert project.count() == 3
