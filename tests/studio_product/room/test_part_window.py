"""Parts in the whole window: from the gallery to their page, to the project and on to pictures."""

from __future__ import annotations

import sys
import uuid
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from studio_product.room.part.page import PART, SET_UP, VARIANTS

from studio.core.generator import Input
from studio.core.item import Item, Origin
from studio.core.kind import Kind
from studio.jobs.queue import Queue
from studio.project.store import Project
from studio.ui.shell.studio_window import StudioWindow
from tests.studio_product.room.part_making import block, numbers, part, part_file
from tests.studio_product.room.rooms import room_of, show
from tests.ui.builders import Sample, catalog_of, describe, picture, recipe
from tests.ui.pictures import photo_of
from tests.ui.reach import nameless


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three parts of one job, and a photo."""
    with Project.create(tmp_path / "Parts.studio") as project:
        project.add_asset(picture(tmp_path / "photo.png"), kind=Kind.IMAGE)
        queue = Queue(project)
        (job,) = queue.submit([recipe()], title="Block")
        queue.cancel(job.id)
        made = []
        for n in range(3):
            shape = part(block((60.0, 20.0, 30.0 + n)), numbers(100 - 10 * n, 40 + 10 * n))
            digest, size = project.store_blob(part_file(tmp_path / f"{n}.glb", shape), extension=".glb")
            uid, name = uuid.uuid4().hex, f"Block {n}"
            made.append(
                Item(uid, name, "part", Origin.ARTIFACT, digest, ".glb", size, 1000.0 + n, job=job.id)
            )
        with project.db.transaction() as connection:
            project.insert_items(connection, made)
        return project.folder


@pytest.fixture
def opened(studio: StudioWindow, folder: Path, until) -> StudioWindow:
    studio.projects.open(folder)
    page = room_of(studio).page
    until(lambda: page.has(PART) and page.part.solid is not None)  # it begins with its newest result
    return studio


def parts_of(studio: StudioWindow) -> list[Item]:
    assert studio.context.project is not None
    return studio.context.project.items(kinds=("part",))[::-1]


def compared(studio: StudioWindow, until) -> None:
    studio.items.compare([parts_of(studio)[0]])
    page = room_of(studio).page
    until(lambda: page.has(VARIANTS) and len(page.variants.variants) == 3)
    until(lambda: all(cell.solid is not None for cell in page.variants.grid.shown))


def test_a_double_click_shows_a_part_with_its_numbers(opened: StudioWindow, until) -> None:
    item = parts_of(opened)[1]
    opened.gallery.do.look(item)
    page = room_of(opened).page
    until(lambda: page.part.numbers.tree.topLevelItem(0).text(1) == "90.00 g")
    assert opened.workspace.room == "product"
    assert page.name == "Block 1"
    until(lambda: not page.part.view.image.isNull())


def test_one_part_is_compared_with_those_made_with_it(opened: StudioWindow, until) -> None:
    compared(opened, until)
    assert room_of(opened).page.tab == VARIANTS
    assert [one.item.name for one in room_of(opened).page.variants.variants] == [
        "Block 0",
        "Block 1",
        "Block 2",
    ]
    assert nameless(opened.workspace) == []


def test_an_empty_tab_begins_with_what_was_made_last(opened: StudioWindow, until) -> None:
    page = room_of(opened).page
    page.tabs.part(VARIANTS).click()
    until(lambda: len(page.variants.variants) == 3)
    page.part.clear()
    page.tabs.part(PART).click()
    until(lambda: page.part.title == "Block 2")


def test_several_parts_are_compared_alone(opened: StudioWindow, until) -> None:
    opened.items.compare(parts_of(opened)[:0:-1])
    page = room_of(opened).page
    until(lambda: page.has(VARIANTS) and len(page.variants.variants) == 2)
    assert [one.item.name for one in page.variants.variants] == ["Block 1", "Block 2"], "as they were made"


def test_what_was_asked_for_last_is_compared(opened: StudioWindow, until, monkeypatch) -> None:
    compared(opened, until)  # of a closed stack only the part on top was looked at so far
    asked: list[tuple[Any, Any]] = []
    monkeypatch.setattr(
        opened.context.tasks, "start", lambda _, work, done, *__, **___: asked.append((work, done))
    )
    items = parts_of(opened)
    opened.items.compare(items[1:])
    opened.items.compare(items[:2] * 101)
    monkeypatch.undo()
    for work, done in asked[::-1]:
        done(work(None))
    variants = room_of(opened).page.variants
    assert {one.item.uid for one in variants.variants} == {one.uid for one in items[:2]}
    assert len(variants.variants) == 200
    assert "200 of 202" in opened.workspace.notice.text.text()


def test_one_choice_in_the_gallery_and_among_the_variants(opened: StudioWindow, until) -> None:
    compared(opened, until)
    first, second, third = parts_of(opened)
    variants = room_of(opened).page.variants
    variants.chosen.choose([first.uid, third.uid])
    assert {item.uid for item in opened.gallery.selected()} == {first.uid, third.uid}
    opened.gallery.select(second.uid)
    assert variants.chosen.uids == (second.uid,)
    photo = next(one for one in opened.context.project.items() if one.kind == Kind.IMAGE)
    opened.gallery.select(photo.uid)
    assert variants.chosen.uids == (second.uid,)  # what is not compared changes nothing


def test_stars_and_rejected_are_the_projects(opened: StudioWindow, until, qapp) -> None:
    compared(opened, until)
    first, second, _ = parts_of(opened)
    variants = room_of(opened).page.variants
    variants.chosen.choose([first.uid, second.uid])
    opened.actions["part.stars_4"].trigger()
    opened.actions["part.reject"].trigger()
    project = opened.context.project
    assert [(one.stars, one.rejected) for one in parts_of(opened)] == [(4, True), (4, True), (0, False)]
    until(lambda: variants.variants[0].item.rejected)
    opened.context.bridge.post(project.history.undo())
    opened.context.bridge.post(project.history.undo())
    until(lambda: variants.variants[0].item.stars == 0)


def test_a_variant_that_is_opened_is_shown_alone(opened: StudioWindow, until) -> None:
    compared(opened, until)
    page = room_of(opened).page
    page.variants.chosen.move_to(parts_of(opened)[2].uid)
    scatter = page.variants.chart.scatter
    scatter.setFocus()
    QTest.keyClick(scatter, Qt.Key.Key_Return)
    until(lambda: page.has(PART) and page.part.title == "Block 2")
    assert page.tab == PART


def test_pictures_of_a_part_come_into_the_gallery(opened: StudioWindow, until, monkeypatch) -> None:
    monkeypatch.setattr("studio_product.room.part.pictures.SIDE", 48)
    room_of(opened).parts.show(parts_of(opened)[0])
    pane = room_of(opened).page.part
    until(lambda: pane.solid is not None)
    menu = room_of(opened).parts.pictures.menu(pane.sight(), pane.pictures)
    menu.actions()[0].trigger()
    until(lambda: opened.context.project.count(kinds=(Kind.IMAGE,)) == 4)
    until(lambda: opened.workspace.notice.shown is not None)
    assert "appearance only" in opened.workspace.notice.text.whole_text()
    until(lambda: len(opened.gallery.model.ids) == 7)


def test_a_part_that_is_exported_is_the_one_that_is_seen(opened: StudioWindow, until, monkeypatch) -> None:
    told: list[list[str]] = []
    monkeypatch.setattr(opened.items, "export", lambda items: told.append([one.name for one in items]))
    compared(opened, until)
    room_of(opened).page.variants.chosen.choose([one.uid for one in parts_of(opened)[:2]])
    opened.workspace.export.click()
    room_of(opened).parts.show(parts_of(opened)[2])
    opened.workspace.export.click()
    assert told == [["Block 0", "Block 1"], ["Block 2"]]


def test_another_project_forgets_the_parts(opened: StudioWindow, until) -> None:
    compared(opened, until)
    room_of(opened).parts.show(parts_of(opened)[0])
    opened.projects.close()
    until(lambda: opened.context.project is None)
    page = room_of(opened).page
    assert page.part.item is None
    assert page.variants.variants == ()


def test_a_window_built_anew_shows_the_same_part(opened: StudioWindow, until) -> None:
    room_of(opened).parts.show(parts_of(opened)[1])
    page = room_of(opened).page
    until(lambda: page.part.numbers.tree.topLevelItem(0).text(1) == "90.00 g")
    page.part.view.turn(30, 0)
    camera = page.part.view.camera
    opened.session.shared.change("appearance", font_scale=120)
    until(lambda: room_of(opened).page is not page)
    again = room_of(opened).page
    until(lambda: again.has(PART) and again.part.solid is not None)
    assert again.part.title == "Block 1"
    assert again.part.view.camera == camera
    assert again.tab == PART


def test_the_window_opens_without_what_parts_need(tmp_path: Path) -> None:
    import subprocess

    source = (
        "import sys; from studio.ui.shell.workspace import Workspace; "
        "from studio_product.room.room import ProductRoom;"
        "room = 'studio_product.room'; heavy = {'numpy', f'{room}.part.view', f'{room}.variants.pane'};"
        "print(sorted(heavy & set(sys.modules)))"
    )
    told = subprocess.run([sys.executable, "-c", source], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "[]"


def test_where_a_study_is_set_up_there_is_nothing_to_reject(opened: StudioWindow) -> None:
    opened.gallery.view.clearSelection()
    show(opened, SET_UP)
    assert room_of(opened).page.items_pane is None
    assert not opened.workspace.export.isEnabled()
    opened.actions["part.reject"].trigger()
    assert not any(one.rejected for one in parts_of(opened))


def test_nothing_is_exported_where_no_part_is_shown(opened: StudioWindow) -> None:
    opened.gallery.view.clearSelection()
    assert opened.workspace.export.isEnabled()
    show(opened, VARIANTS)
    assert not opened.workspace.export.isEnabled()
    show(opened, PART)
    assert opened.workspace.export.isEnabled()


def test_a_picture_of_a_part_goes_on_to_a_generator_of_images(
    opened: StudioWindow, until, monkeypatch
) -> None:
    monkeypatch.setattr("studio_product.room.part.pictures.SIDE", 48)
    depth = Input(name="depth", title="Depth", kind=Kind.IMAGE)
    opened.set_catalog(
        catalog_of(
            describe(Sample, "test/inpaint", "Inpaint"),
            describe(Sample, "test/steered", "Steered", (depth,)),
        )
    )
    room_of(opened).parts.show(parts_of(opened)[0])
    pane = room_of(opened).page.part
    menu = room_of(opened).parts.pictures.menu(pane.sight(), pane.pictures)
    titles = [entry.text() for entry in menu.actions() if not entry.isSeparator()]
    assert titles[1:] == ["… and use as “Photo” of Inpaint", "… and use as “Depth” of Steered"]
    menu.actions()[2].trigger()
    until(lambda: photo_of(opened) is not None)
    assert "shaded" in photo_of(opened).name
    assert opened.panel.generator.id == "test/inpaint"
    menu = room_of(opened).parts.pictures.menu(pane.sight(), pane.pictures)
    menu.actions()[3].trigger()
    until(lambda: "depth" in photo_of(opened).name)  # the canvas feeds its first picture
    assert opened.panel.generator.id == "test/steered"
