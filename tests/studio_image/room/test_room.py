"""The room for pictures, with a stand-in for the window."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from studio_image.room.room import ImageRoom
from studio_image.room.tool import Tool

from studio.core.generator import GeneratorDescription, Input
from studio.core.images import read_mask
from studio.core.item import Item
from tests.studio_image.room.canvas_driving import drag, equip, write_photo
from tests.studio_image.room.fake_context import FakeContext

INPAINT = GeneratorDescription(
    id="image/inpaint",
    title="Inpaint",
    kind="image",
    version="1",
    summary="",
    inputs=(
        Input(name="image", title="Photo", kind="image"),
        Input(name="mask", title="Mask", kind="mask"),
        Input(name="style", title="Style", kind="image", required=False),
    ),
    params_schema={},
)


@pytest.fixture
def context(tmp_path: Path) -> FakeContext:
    made = FakeContext(tmp_path)
    made.form.generator = INPAINT
    for name in ("lake", "harbor", "mended", "roof"):
        write_photo(tmp_path / f"{name}.png")
        if name != "mended":
            made.items.add(name)
    return made


@pytest.fixture
def another(context: FakeContext, qtbot) -> Iterator[Callable[[], ImageRoom]]:
    made: list[ImageRoom] = []

    def build() -> ImageRoom:
        room = ImageRoom(context)  # type: ignore[arg-type]
        qtbot.addWidget(room.stage())
        room.stage().resize(640, 480)
        room.stage().show()
        made.append(room)
        return room

    yield build
    for room in made:
        room.close()


@pytest.fixture
def room(another: Callable[[], ImageRoom]) -> ImageRoom:
    return another()


@pytest.fixture
def lake(context: FakeContext) -> Item:
    return context.items.all["uid-lake"]


@pytest.fixture
def harbor(context: FakeContext) -> Item:
    return context.items.all["uid-harbor"]


@pytest.fixture
def painted(room: ImageRoom, lake: Item, until) -> ImageRoom:
    """The lake is on the canvas, with a stroke."""
    open_it(room, lake, until)
    drag(room.canvas, (60, 75), (140, 75))
    return room


def open_it(room: ImageRoom, item: Item, until) -> None:
    room.open([item])
    until(lambda: room.canvas.mask_model is not None)


def test_an_empty_canvas_offers_a_photo_of_the_users_or_samples(
    room: ImageRoom, context: FakeContext, qtbot
) -> None:
    offered = room.panel.beginning
    assert offered.isVisible()
    assert room.canvas.rect().contains(offered.geometry())
    offered.choose.click()
    offered.sample.click()
    room.begin()
    assert context.asked == ["files", "sample", "files"]
    room.open([context.items.add("lake")])
    qtbot.waitUntil(lambda: room.canvas.mask_model is not None)
    assert not offered.isVisible()
    room.clear()
    assert offered.isVisible()


def test_a_photo_that_was_brought_in_goes_onto_the_canvas(
    room: ImageRoom, context: FakeContext, lake: Item, until
) -> None:
    open_it(room, lake, until)
    assert room.canvas.photo.path == context.items.file(lake)
    assert room.photo == lake and list(room.shown()) == [lake]
    assert context.title == "lake" and context.compared == []
    assert context.form.told and not context.reported


def test_what_is_selected_is_exported_before_the_photo(
    room: ImageRoom, context: FakeContext, lake: Item, harbor: Item, until
) -> None:
    open_it(room, lake, until)
    assert list(room.to_export()) == [lake]
    context.selection = [lake, harbor]
    assert not room.to_export()


def test_a_result_is_compared_over_the_photo_that_it_was_made_from(
    painted: ImageRoom, context: FakeContext, lake: Item, until
) -> None:
    result = context.items.add("mended", parent=lake)
    mask = painted.canvas.mask_model
    painted.open([result])
    assert context.compared == [[result]]
    assert painted.photo == lake and painted.canvas.mask_model is mask and not mask.is_empty


def test_a_result_brings_its_photo_back_with_the_mask(
    painted: ImageRoom, context: FakeContext, lake: Item, harbor: Item, until
) -> None:
    result = context.items.add("mended", parent=lake)
    open_it(painted, harbor, until)
    painted.open([result])
    until(lambda: painted.canvas.mask_model is not None)
    assert painted.photo == lake and not painted.canvas.mask_model.is_empty


def test_to_go_on_with_a_result_puts_itself_onto_the_canvas(
    painted: ImageRoom, context: FakeContext, lake: Item, until
) -> None:
    result = context.items.add("mended", parent=lake)
    painted.edit(result)
    until(lambda: painted.canvas.mask_model is not None)
    assert painted.photo == result and painted.canvas.mask_model.is_empty
    assert context.compared == []


def test_a_picture_of_something_else_goes_onto_the_canvas(
    room: ImageRoom, context: FakeContext, until
) -> None:
    text = context.items.add("words", kind="text")
    drawn = context.items.add("mended", parent=text)
    open_it(room, drawn, until)
    assert room.photo == drawn and context.compared == []


def test_a_mask_is_looked_at_and_leaves_the_canvas_alone(
    painted: ImageRoom, context: FakeContext, lake: Item
) -> None:
    mask = context.items.add("stroke", kind="mask")
    painted.open([mask])
    assert context.compared == [[mask]] and painted.photo == lake


def test_each_photo_keeps_its_mask_and_what_can_be_taken_back(
    painted: ImageRoom, lake: Item, harbor: Item, until
) -> None:
    before = painted.canvas.mask_model.pixels.copy()
    open_it(painted, harbor, until)
    assert painted.canvas.mask_model.is_empty and not painted.canvas.mask_model.history.can_undo
    open_it(painted, lake, until)
    assert np.array_equal(painted.canvas.mask_model.pixels, before)
    painted.history().undo()
    assert painted.canvas.mask_model.is_empty
    painted.history().redo()
    assert np.array_equal(painted.canvas.mask_model.pixels, before)


def test_a_mask_survives_photos_that_are_passed_over_before_they_are_read(
    painted: ImageRoom, lake: Item, harbor: Item, context: FakeContext, until
) -> None:
    before = painted.canvas.mask_model.pixels.copy()
    for item in (harbor, lake, harbor, context.items.all["uid-roof"], lake):
        painted.open([item])
    until(lambda: painted.canvas.mask_model is not None)
    assert painted.photo == lake
    assert np.array_equal(painted.canvas.mask_model.pixels, before)


def test_a_photo_that_cannot_be_read_is_told_and_leaves_an_empty_canvas(
    painted: ImageRoom, context: FakeContext, lake: Item, until
) -> None:
    (context.items.folder / "broken.png").write_bytes(b"no picture")
    painted.open([context.items.add("broken")])
    until(lambda: context.reported)
    assert painted.photo is None and painted.canvas.photo is None and context.title == ""
    open_it(painted, lake, until)
    assert not painted.canvas.mask_model.is_empty


def test_what_the_stage_gives(
    room: ImageRoom, context: FakeContext, lake: Item, until, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("studio_image.room.room.mkdtemp", lambda **_: str(tmp_path))
    given = room.given(INPAINT)
    assert set(given) == {"image", "mask"} and given["image"].item is None
    assert given["image"].missing == given["mask"].missing == "Drop a photo on the canvas to begin."
    open_it(room, lake, until)
    given = room.given(INPAINT)
    assert given["image"].item == lake and given["image"].missing == ""
    assert given["image"].words == "lake, on the canvas"
    assert given["mask"].missing == "Paint over what should change." and given["mask"].make is None
    drag(room.canvas, (60, 75), (140, 75))
    make = room.given(INPAINT)["mask"].make
    room.canvas.invert()
    file = make()
    assert file.name == "Mask of lake.png"
    mask = read_mask(file, room.canvas.mask_model.size)
    assert np.array_equal(mask, 255 - room.canvas.mask_model.pixels), "as it was when it was asked for"
    assert room.subject() == "lake"
    context.form.give("image", lake)
    assert room.subject() == ""


def test_a_recipe_that_is_used_again_brings_photo_and_mask(
    room: ImageRoom, context: FakeContext, lake: Item, harbor: Item, until
) -> None:
    Image.fromarray(np.full((150, 200), 255, np.uint8)).save(context.items.folder / "stroke.png")
    mask = context.items.add("stroke", kind="mask")
    room.reuse({"image": lake, "mask": mask, "style": harbor})
    until(lambda: room.canvas.mask_model is not None and room.canvas.mask_model.is_full)
    assert room.photo == lake and context.in_front
    assert context.form.given() == {"style": harbor}


def test_the_canvas_comes_back_after_a_restart(
    painted: ImageRoom, another: Callable[[], ImageRoom], context: FakeContext, lake: Item, until
) -> None:
    painted.canvas.tool, painted.canvas.brush_size = Tool.LASSO, 33
    saved = painted.save()
    assert 0 < len(saved) < 200
    other = another()
    other.restore(saved, ImageRoom.FORMAT)
    until(lambda: other.canvas.mask_model is not None)
    assert other.photo == lake and context.title == "lake"
    assert np.array_equal(other.canvas.mask_model.pixels, painted.canvas.mask_model.pixels)
    assert (other.canvas.tool, other.canvas.brush_size) == (Tool.LASSO, 33)


def test_what_is_restored_is_saved_again_before_its_photo_has_been_read(
    painted: ImageRoom, another: Callable[[], ImageRoom]
) -> None:
    saved = painted.save()
    other = another()
    other.restore(saved, ImageRoom.FORMAT)
    assert other.canvas.mask_model is None and other.save() == saved


def test_each_photo_has_its_mask_again_with_its_undo(
    painted: ImageRoom,
    another: Callable[[], ImageRoom],
    context: FakeContext,
    lake: Item,
    harbor: Item,
    until,
) -> None:
    lakes = painted.canvas.mask_model.pixels.copy()
    open_it(painted, harbor, until)
    painted.canvas.invert()
    other = another()
    open_it(other, lake, until)
    assert np.array_equal(other.canvas.mask_model.pixels, lakes)
    other.history().undo()
    assert other.canvas.mask_model.is_empty
    open_it(other, harbor, until)
    assert other.canvas.mask_model.is_full
    third = another()
    open_it(third, lake, until)
    assert third.canvas.mask_model.is_empty and third.history().redo_title == "mask edit"


def test_a_stroke_is_kept_when_it_ends(painted: ImageRoom, context: FakeContext, lake: Item) -> None:
    before = len(context.kept.of("mask lake"))
    drag(painted.canvas, (20, 20), (60, 20))
    assert len(context.kept.of("mask lake")) == before + 1


@pytest.mark.parametrize(
    "spoil", [lambda _: b"", lambda data: data[:-9], lambda data: data[:40] + b"\0" * 60]
)
def test_what_cannot_be_read_is_left(
    painted: ImageRoom, another: Callable[[], ImageRoom], spoil: Callable[[bytes], bytes]
) -> None:
    saved = painted.save()
    other = another()
    other.restore(spoil(saved), ImageRoom.FORMAT)
    other.restore(saved, ImageRoom.FORMAT + 1)
    assert other.photo is None and other.save() == b""


def test_a_photo_that_is_gone_stays_away(
    painted: ImageRoom, another: Callable[[], ImageRoom], context: FakeContext
) -> None:
    saved = painted.save()
    context.items.all.clear()
    other = another()
    other.restore(saved, ImageRoom.FORMAT)
    assert other.photo is None and not context.reported


def test_a_window_that_is_built_anew_takes_over_all_of_it(
    painted: ImageRoom, another: Callable[[], ImageRoom], lake: Item, harbor: Item, until
) -> None:
    lakes = painted.canvas.mask_model.pixels.copy()
    open_it(painted, harbor, until)
    painted.canvas.invert()
    saved = painted.save()
    other = another()
    handed = painted.hand_over()
    assert painted.save() == saved, "what closes the old window must not lose it"
    other.restore(saved, ImageRoom.FORMAT)  # as the window does with a room that was just loaded
    other.take_over(handed)
    assert other.photo == harbor and other.canvas.mask_model.is_full
    assert other.history().undo_title == "mask edit"
    other.history().undo()
    assert other.canvas.mask_model.is_empty
    open_it(other, lake, until)
    assert np.array_equal(other.canvas.mask_model.pixels, lakes)


def test_nothing_of_a_project_stays_when_it_is_closed(
    painted: ImageRoom, context: FakeContext, lake: Item, harbor: Item, until
) -> None:
    open_it(painted, harbor, until)
    context.project = ""
    context.kept.all.clear()  # the journal went with it
    context.project_changed.emit()
    assert painted.photo is None and painted.canvas.photo is None and painted.save() == b""
    open_it(painted, lake, until)
    assert painted.canvas.mask_model.is_empty


def test_the_window_is_told_of_edits(painted: ImageRoom, context: FakeContext) -> None:
    told, steps, changes = context.form.told, context.steps, context.changes
    drag(painted.canvas, (20, 20), (60, 20))
    assert context.form.told > told and context.steps > steps and context.changes == changes + 1


def test_its_commands_are_its_own_menu_and_fill_its_tools(painted: ImageRoom) -> None:
    commands = painted.commands()
    assert {command.menu for command in commands} == {"room", ""}
    actions = equip(painted.panel)
    painted.attach_actions(actions)
    assert actions["mask.undo"].isEnabled()
    actions["mask.undo"].trigger()
    assert painted.canvas.mask_model.is_empty and not actions["mask.undo"].isEnabled()
