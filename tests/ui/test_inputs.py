"""Generators that work from something other than a photo and its mask."""

from __future__ import annotations

import gc
import weakref
from pathlib import Path
from types import SimpleNamespace

import msgspec
import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent

from studio.core.generator import Input
from studio.core.kind import Kind
from studio.core.recipe import Recipe
from studio.core.titles import told
from studio.jobs.estimate import History, work_of
from studio.ui.generate.batch_dialog import BatchDialog
from studio.ui.generate.input_slots import SlotRow
from studio.ui.generate.matrix_dialog import MatrixDialog
from studio.ui.generate.matrix_model import SEED, Axis, Matrix
from studio.ui.items.handing import ITEM_MIME
from studio.ui.shell.studio_window import StudioWindow
from tests.ui.builders import PHOTO_AND_MASK, Sample, catalog_of, describe, picture, recipe
from tests.ui.pictures import canvas_of, photo_of

PHOTO, MASK = PHOTO_AND_MASK


class Taker:
    """A runner that only takes jobs."""

    def __init__(self) -> None:
        self.taken: list[tuple[Recipe, str]] = []
        self.queue = SimpleNamespace(job=lambda _: None)
        self.history = History()

    def learn(self) -> None:
        """Nothing was done before."""

    def submit(self, recipes, *, title, titles, first=False, assets=None):
        self.taken += zip(recipes, map(told, titles), strict=True)
        if assets is not None:
            with assets._project.db.transaction() as connection:
                assets.insert(connection)
        return [SimpleNamespace(batch="batch")] * len(recipes)


@pytest.fixture
def ready(studio: StudioWindow, tmp_path: Path, until):
    """A function that gives the window with one generator that has these inputs, and its runner."""

    def make(*inputs: Input) -> tuple[StudioWindow, Taker]:
        studio.projects.start_runner = lambda: None
        studio.projects.create(tmp_path / "P.studio")
        until(lambda: studio.context.project is not None)
        studio.set_catalog(catalog_of(describe(Sample, inputs=inputs)))
        runner = Taker()
        studio.context.runner = runner
        studio.generating.refresh()
        return studio, runner

    yield make
    studio.context.runner = None


def press(studio: StudioWindow, runner: Taker, until) -> tuple[Recipe, str]:
    before = len(runner.taken)
    studio.generating._submit = lambda work, follow: studio.context.tasks.start("", work, lambda _: None)
    assert studio.panel.button.isEnabled(), studio.panel.reason.text()
    studio.panel.button.click()
    until(lambda: len(runner.taken) > before)
    return runner.taken[-1]


def bring_in(studio: StudioWindow, tmp_path: Path, until) -> None:
    studio.items.bring_in([picture(tmp_path / "beach.png")])
    until(lambda: photo_of(studio) is not None)
    until(lambda: canvas_of(studio).mask_model is not None)


def test_nothing_is_needed(ready, until) -> None:
    studio, runner = ready()
    made, title = press(studio, runner, until)
    assert made.inputs == {}
    assert title == "Test"
    assert not studio.panel.from_folders.isVisible()
    studio.generating.ask_batch()
    assert studio.window.findChild(BatchDialog) is None


def test_a_photo_that_does_not_matter_is_left_out(ready, tmp_path: Path, until) -> None:
    studio, runner = ready()
    bring_in(studio, tmp_path, until)
    made, title = press(studio, runner, until)
    assert made.inputs == {}
    assert title == "Test"


def test_a_photo_alone(ready, tmp_path: Path, until) -> None:
    studio, runner = ready(PHOTO)
    assert studio.panel.reason.text() == "Drop a photo on the canvas to begin."
    bring_in(studio, tmp_path, until)
    canvas_of(studio).invert()
    made, title = press(studio, runner, until)
    assert list(made.inputs) == ["image"]
    assert title == "Test – beach"


def test_an_optional_mask_goes_along_once_it_is_painted(ready, tmp_path: Path, until) -> None:
    studio, runner = ready(PHOTO, msgspec.structs.replace(MASK, required=False))
    bring_in(studio, tmp_path, until)
    assert list(press(studio, runner, until)[0].inputs) == ["image"]
    canvas_of(studio).invert()
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
def test_what_the_canvas_does_not_give_is_asked_for(ready, slot: Input) -> None:
    studio, _ = ready(PHOTO, slot)
    assert studio.panel.reason.text().startswith("Choose “Style”: select an item in the gallery")
    assert not studio.panel.button.isEnabled()


def test_photos_of_a_folder_without_masks(ready, tmp_path: Path, until) -> None:
    studio, runner = ready(PHOTO)
    folder = tmp_path / "photos"
    folder.mkdir()
    for name in ("a", "b"):
        picture(folder / f"{name}.png")
    studio.items.show_room("image")  # an empty project begins with the first page
    assert studio.panel.from_folders.isVisible()
    studio.panel.from_folders.click()
    dialog = studio.window.findChild(BatchDialog)
    assert not dialog.masks.isVisible()
    dialog.photos.setText(str(folder))
    until(lambda: dialog.found.text() == "2 photos")
    dialog.go.click()
    until(lambda: len(runner.taken) == 2)
    assert [(list(recipe.inputs), title) for recipe, title in runner.taken] == [
        (["image"], "a.png"),
        (["image"], "b.png"),
    ]


# What the user gives ---------------------------------------------------------------------------------------

STYLE = Input(name="style", title="Style", kind=Kind.IMAGE)
WORDS = Input(name="words", title="Brief", kind=Kind.TEXT, required=False)


def test_an_item_of_the_gallery_is_given_to_an_input(ready, tmp_path: Path, until) -> None:
    studio, runner = ready(PHOTO, STYLE)
    bring_in(studio, tmp_path, until)
    style = studio.context.project.add_asset(picture(tmp_path / "style.png", (9, 9, 9)), kind=Kind.IMAGE)
    row = studio.panel.slots.rows["style"]
    assert row.given.whole_text() == "Nothing chosen"
    assert studio.panel.slots.rows["image"].given.whole_text() == "beach, on the canvas"
    studio.generating.note_selection([style])
    row.use.click()
    assert row.given.whole_text() == "style"
    made, title = press(studio, runner, until)
    assert made.inputs == {"image": photo_of(studio).digest, "style": style.digest}
    assert title == "Test – beach"
    row.clear.click()
    assert not studio.panel.button.isEnabled()


def test_a_chosen_photo_comes_before_the_canvas(ready, tmp_path: Path, until) -> None:
    studio, runner = ready(PHOTO)
    other = studio.context.project.add_asset(picture(tmp_path / "other.png"), kind=Kind.IMAGE)
    studio.generating.set_input("image", other)
    made, title = press(studio, runner, until)
    assert made.inputs == {"image": other.digest}
    assert title == "Test – other"
    assert studio.generating.state()["inputs"] == {"test/one": {"image": other}}
    studio.generating.forget()
    studio.generating.restore({"inputs": {"test/one": {"image": other}}, "waiting_for": None})
    assert studio.panel.slots.rows["image"].given.whole_text() == "other"


def test_what_does_not_fit_an_input_is_refused_in_words(ready, tmp_path: Path, until) -> None:
    studio, _ = ready(WORDS)
    photo = studio.context.project.add_asset(picture(tmp_path / "photo.png"), kind=Kind.IMAGE)
    studio.generating.note_selection([photo])
    assert not studio.panel.slots.rows["words"].use.isEnabled()
    studio.generating.set_input("words", photo)
    assert "is not what “Brief” takes" in studio.workspace.notice.text.whole_text()
    studio.generating.set_input("gone", photo)
    assert studio.panel.slots.rows["words"].given.whole_text() == "Nothing chosen (optional)"


def test_items_and_files_are_dropped_on_an_input(ready, tmp_path: Path, until) -> None:
    studio, _ = ready(STYLE, Input(name="second", title="Second", kind=Kind.IMAGE))
    item = studio.context.project.add_asset(picture(tmp_path / "inside.png"), kind=Kind.IMAGE)
    rows = studio.panel.slots.rows
    dragged = QMimeData()
    dragged.setData(ITEM_MIME, item.uid.encode())
    drop_on(rows["second"], dragged)
    assert rows["second"].given.whole_text() == "inside"
    outside = QMimeData()
    outside.setUrls([QUrl.fromLocalFile(str(picture(tmp_path / "outside.png", (1, 2, 3))))])
    drop_on(rows["style"], outside)
    until(lambda: rows["style"].given.whole_text() == "outside")
    assert studio.context.project.count() == 2


def drop_on(row: SlotRow, data: QMimeData) -> None:
    copy, left, none = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(QPoint(4, 4), copy, data, left, none)
    row.dragEnterEvent(enter)
    assert enter.isAccepted()
    row.dropEvent(QDropEvent(QPointF(4, 4), copy, data, left, none))
    assert not row.property("over")


def test_text_needs_no_photo(ready, until) -> None:
    studio, runner = ready()
    text = msgspec.structs.replace(describe(Sample, id="text/brief", inputs=()), kind=Kind.TEXT)
    studio.set_catalog(catalog_of(text))
    assert studio.generating.missing() == ""
    assert not studio.panel.slots.isVisible()
    assert press(studio, runner, until)[0].generator == "text/brief"


# Into the queue --------------------------------------------------------------------------------------------


class Keeper(Taker):
    """A runner that also keeps how it was asked."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[tuple[str, int, bool]] = []

    def submit(self, recipes, *, title, titles, first=False, assets=None):
        self.asked.append((told(title), len(recipes), first))
        jobs = super().submit(recipes, title=title, titles=titles, first=first, assets=assets)
        return [SimpleNamespace(id=place, batch=job.batch) for place, job in enumerate(jobs)]


@pytest.fixture
def keeper(ready):
    studio, _ = ready()
    studio.context.runner = Keeper()
    studio.generating.refresh()
    return studio, studio.context.runner


def test_queue_puts_it_at_the_end_and_leaves_the_eye_alone(keeper, until) -> None:
    studio, runner = keeper
    seed = studio.panel.seed.seed()
    studio.panel.foot.queue.click()
    until(lambda: studio.workspace.notice.isVisible())
    assert runner.asked == [("Test", 1, False)]
    assert studio.generating.waiting_for is None
    assert studio.panel.seed.recent() == (seed,)
    assert studio.panel.seed.seed() != seed


def test_prompts_are_kept_once_they_are_used(keeper, until) -> None:
    studio, runner = keeper
    studio.panel.set_value("prompt", "a lake")
    studio.generating.queue()
    until(lambda: runner.asked)
    history = studio.panel._tools.history
    assert history.prompts("test/one", "prompt") == ["a lake"]


def test_variants_are_one_batch_of_other_seeds(keeper, until) -> None:
    studio, runner = keeper
    studio.generating.vary(recipe(seed=7, steps=3), 5)
    until(lambda: runner.asked)
    assert runner.asked == [("Test, other seeds", 5, True)]
    assert len({one.seed for one, _ in runner.taken}) == 5
    assert all(one.params == {"steps": 3} for one, _ in runner.taken)
    assert runner.taken[0][1] == f"Seed {runner.taken[0][0].seed}"


def test_many_become_one_batch_with_readable_titles(keeper, until) -> None:
    studio, runner = keeper
    studio.panel.seed.set_seed(5)
    studio.panel.foot.many.click()
    dialog = studio.window.findChild(MatrixDialog)
    row = dialog.rows[0]
    row.choose.setCurrentIndex(row.choose.findText("Steps"))
    row.choose.activated.emit(row.choose.currentIndex())
    row.editor.list.setText("20; 30")
    dialog.count.setValue(2)
    dialog.refresh()
    dialog.go.click()
    until(lambda: runner.asked)
    assert runner.asked == [("Test", 4, False)]
    assert [(one.params["steps"], one.seed, title) for one, title in runner.taken] == [
        (20, 5, "Steps 20, No. 1"),
        (20, 6, "Steps 20, No. 2"),
        (30, 5, "Steps 30, No. 1"),
        (30, 6, "Steps 30, No. 2"),
    ]
    until(lambda: studio.workspace.notice.isVisible())
    assert "4 results were added" in studio.workspace.notice.text.whole_text()


def test_a_photo_and_its_mask_are_brought_in_once_for_many(ready, tmp_path: Path, until) -> None:
    studio, runner = ready(PHOTO, MASK)
    bring_in(studio, tmp_path, until)
    canvas_of(studio).invert()
    until(lambda: not studio.generating.missing())
    request = studio.generating.request()
    axis = Axis("steps", "Steps", (20, 30, 40), ("20", "30", "40"))
    request.start_many(Matrix(request.ask.generator.params_schema, request.ask.values, [axis], 5))
    until(lambda: len(runner.taken) == 3)
    assert len({tuple(sorted(one.inputs.items())) for one, _ in runner.taken}) == 1
    assert studio.context.project.count() == 2


def test_nothing_is_queued_while_a_field_is_wrong(keeper, monkeypatch) -> None:
    studio, runner = keeper
    started: list[str] = []
    monkeypatch.setattr(studio.context.tasks, "start", lambda title, *_: started.append(title))
    studio.panel.set_value("steps", 0)
    assert studio.panel.button.isEnabled()
    for press_it in (studio.panel.button.click, studio.panel.foot.queue.click, studio.panel.foot.many.click):
        press_it()
    assert studio.generating.missing() == "Steps must be at least 1."
    assert started == runner.asked == []
    assert studio.window.findChild(MatrixDialog) is None


def test_every_command_of_the_form_has_its_action(keeper) -> None:
    studio, _ = keeper
    ids = {command.id for command in studio.generating.commands()}
    assert ids <= set(studio.actions)
    assert {"generate.now", "generate.queue", "generate.many", "generate.reset"} <= ids
    studio.panel.set_value("steps", 33)
    studio.actions["generate.reset"].trigger()
    assert studio.panel.values()["steps"] == 20
    before = studio.panel.seed.seed()
    studio.actions["generate.dice"].trigger()
    assert studio.panel.seed.seed() != before


def test_the_cost_is_told_as_soon_as_it_is_known(keeper) -> None:
    studio, runner = keeper
    assert studio.panel.reason.text() == "Time and memory are not known yet."
    generator = studio.panel.generator
    runner.history.add(work_of(generator, studio.panel.values(), "cpu"), 12.0, 1_400_000_000)
    studio.generating.refresh()
    assert studio.panel.reason.text() == "About 12 s, 1.3 GB"
    studio.panel.set_value("steps", 40)
    assert studio.panel.reason.text() == "About 24 s, 1.3 GB"
    studio.panel.set_value("method", "onnx")
    assert studio.panel.reason.text() == "Choose a file for “Model”."
    studio.panel.reset_all()
    studio.generating.ask_many()
    assert studio.window.findChild(MatrixDialog).told.text() == "4 results, about 48 s."


def test_many_can_be_given_up_while_they_are_built(keeper, until) -> None:
    studio, runner = keeper
    request = studio.generating.request()
    seeds = tuple(range(5000))
    axis = Axis(SEED, "Seed", seeds, tuple(map(str, seeds)))
    request.start_many(Matrix(request.ask.generator.params_schema, request.ask.values, [axis], 5))
    studio.context.tasks.running[-1].cancel()
    until(lambda: not studio.context.tasks.running)
    assert runner.asked == []


def test_the_form_outlives_a_change_of_language_and_the_old_panel_does_not(
    ready, tmp_path: Path, until
) -> None:
    studio, runner = ready(PHOTO)
    other = studio.context.project.add_asset(picture(tmp_path / "other.png"), kind=Kind.IMAGE)
    studio.generating.set_input("image", other)
    studio.panel.set_value("steps", 33)
    studio.panel.seed.set_seed(77)
    studio.panel.presets._write("Night", "")
    studio.panel.toggle_advanced()
    old, studio.context.runner = weakref.ref(studio.panel), None  # a queue that only takes cannot be shown
    studio.rebuild()
    studio.context.runner = runner
    studio.generating.refresh()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    until(lambda: not studio.context.tasks.running)
    gc.collect()
    assert old() is None
    assert studio.panel.values()["steps"] == 33
    assert studio.panel.seed.seed() == 77
    assert studio.panel.presets.name == "Night"
    assert studio.panel.form.shows_advanced
    assert studio.panel.slots.rows["image"].given.whole_text() == "other"
    assert press(studio, runner, until)[0].inputs == {"image": other.digest}
