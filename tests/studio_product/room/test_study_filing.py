"""Studies into files and back, with the shapes that they name; and from parts that were made."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from studio_product.core.studies.catalog import materials, preset
from studio_product.core.studies.study import Solid, Study, to_json
from studio_product.core.studies.study_file import study_from_json
from studio_product.core.studies.study_value import files_of
from studio_product.room.study import edits, files
from studio_product.room.study.blank import blank
from studio_product.room.study.hands import StudyHands
from studio_product.room.study.model import StudyModel
from studio_product.room.study.places import Place
from studio_product.room.study.shapes import box

from studio.errors import BadInput, StudioError
from studio.project.store import Project
from studio.ui.shell.room_access import Items
from studio.ui.shell.studio_window import StudioWindow
from tests.studio_product.room.rooms import room_of
from tests.studio_product.room.studying import studying
from tests.ui.pictures import decode

SLOTS = ("shape_1", "shape_2", "shape_3", "shape_4")


def stl(path: Path, size: tuple[float, float, float] = (10, 20, 30), at: float = 5.0) -> Path:
    """A box as a text STL."""
    mesh = box(np.full(3, at), np.array(size))
    corners = ["\n".join("vertex {} {} {}".format(*corner) for corner in face) for face in mesh.corners]
    facets = [f"facet normal 0 0 0\nouter loop\n{three}\nendloop\nendfacet" for three in corners]
    path.write_text("\n".join(["solid box", *facets, "endsolid box"]))
    return path


@pytest.fixture
def study() -> Study:
    """With one shape as design space and keep-out, another as keep-in."""
    made = edits.changed(blank(3, materials()[0]), Place("space"), shape=Solid(file="body.stl"))
    made, _ = edits.with_region(made, "keep-out", Solid(file="body.stl"))
    return edits.with_region(made, "keep-in", Solid(file="sub/pad.stl"))[0]


def test_a_study_and_its_shapes_come_in_and_go_out_again(study: Study, access: Items, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    (folder / "sub").mkdir(parents=True)
    stl(folder / "body.stl")
    stl(folder / "sub" / "pad.stl", (1, 2, 3))
    (folder / "study.json").write_bytes(to_json(study))
    opened = files.open_study(access, folder / "study.json", SLOTS)
    assert files_of(opened.study) == ["shape_1", "shape_2"]
    assert [one.item.kind for one in opened.shapes] == ["part", "part"]
    assert opened.shapes[1].mesh.volume == pytest.approx(6)
    items = {one.slot: one.item for one in opened.shapes}
    assert files.read_shapes(access, items)["shape_1"].volume == pytest.approx(6000)
    out = tmp_path / "out" / "Bracket.json"
    out.parent.mkdir()
    files.save_study(access, out, opened.study, items)
    saved = study_from_json(out.read_bytes())
    written = {path.name for path in out.parent.iterdir()}
    assert written == {"Bracket body.stl", "Bracket pad.stl", "Bracket.json"}
    assert files_of(saved) == ["Bracket body.stl", "Bracket pad.stl"]
    again = files.open_study(access, out, SLOTS)
    assert again.study == opened.study


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, "cannot be read"),
        (b"no json", "This is no study"),
        (b'{"name": "x"}', "study"),
    ],
)
def test_what_is_no_study_is_told(access: Items, tmp_path: Path, content: bytes | None, words: str) -> None:
    file = tmp_path / "a.json"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(BadInput, match=words):
        files.open_study(access, file, SLOTS)


def test_more_shapes_than_inputs_are_refused(study: Study, access: Items, tmp_path: Path) -> None:
    (tmp_path / "study.json").write_bytes(to_json(study))
    with pytest.raises(BadInput, match="names 2 shapes from files, and 1 can be given"):
        files.open_study(access, tmp_path / "study.json", SLOTS[:1])


def test_no_other_file_gives_way_to_a_saved_shape(
    study: Study, project: Project, access: Items, tmp_path: Path
) -> None:
    shape = project.add_asset(stl(tmp_path / "body.stl"), kind="part")
    items = dict.fromkeys(files_of(study), shape)
    out = tmp_path / "out"
    out.mkdir()
    (out / "A body.stl").write_bytes(b"somebody's work")
    files.save_study(access, out / "A.json", study, items)
    files.save_study(access, out / "A.json", study, items)
    assert (out / "A body.stl").read_bytes() == b"somebody's work"
    named = files_of(study_from_json((out / "A.json").read_bytes()))
    assert {(out / name).read_bytes() for name in named} == {(tmp_path / "body.stl").read_bytes()}
    assert not list(out.glob(".*"))


@pytest.mark.parametrize("name", [os.devnull, "/dev/zero", "shape_1", "a\0b", "x" * 255])
def test_only_files_are_shapes(access: Items, tmp_path: Path, name: str) -> None:
    made = edits.changed(blank(3, materials()[0]), Place("space"), shape=Solid(file=name))
    (tmp_path / "a.json").write_bytes(to_json(made))
    with pytest.raises(BadInput, match="which is not there"):
        files.open_study(access, tmp_path / "a.json", SLOTS)


def test_a_study_whose_shapes_are_lost_is_not_saved(study: Study, access: Items, tmp_path: Path) -> None:
    with pytest.raises(StudioError, match="not there any more"):
        files.save_study(access, tmp_path / "a.json", study, {})
    assert list(tmp_path.glob("*.json")) == []


def test_a_shape_that_is_not_there_is_told(study: Study, access: Items, tmp_path: Path) -> None:
    (tmp_path / "study.json").write_bytes(to_json(study))
    with pytest.raises(BadInput, match=r"body\.stl"):
        files.open_study(access, tmp_path / "study.json", SLOTS)


def test_a_shape_with_a_hole_is_refused_when_it_is_brought_in(access: Items, tmp_path: Path) -> None:
    whole = stl(tmp_path / "body.stl").read_text()
    (tmp_path / "body.stl").write_text("solid box" + whole.split("endfacet", 1)[1])
    with pytest.raises(BadInput, match=r"“body\.stl” is no closed solid"):
        files.bring_shape(access, tmp_path / "body.stl", "shape_1")


def test_the_space_becomes_as_large_as_its_shape() -> None:
    hands = StudyHands(StudyModel(preset("shelf-bracket")))
    hands.meshes = {"shape_1": box(np.full(3, 5.0), np.array([10.0, 20.0, 30.0]))}
    hands.fill_within(Solid(file="shape_1"))
    space = hands.study.space
    assert space.size == (10.0, 20.0, 30.0)
    assert space.shape == Solid(file="shape_1", offset=(-5.0, -5.0, -5.0))
    hands.scale_space(25.4)
    assert hands.study.space.size == (254.0, 508.0, 762.0)
    assert hands.study.space.shape == Solid(file="shape_1", scale=25.4, offset=(-127.0, -127.0, -127.0))
    hands.model.undo()
    hands.fill_within(None)
    assert hands.study.space.shape is None
    hands.model.undo()
    hands.model.undo()
    assert hands.study == preset("shelf-bracket")


@pytest.mark.slow
def test_a_shape_is_brought_in_by_the_window(
    studio: StudioWindow, tmp_path: Path, until, monkeypatch: pytest.MonkeyPatch
) -> None:
    from studio_product.room.study import filing

    desk = studying(studio, tmp_path / "Test.studio", until)
    pane = desk.pane
    file = stl(tmp_path / "body.stl")
    monkeypatch.setattr(filing, "choose_file", lambda _parent, _title, _names, chosen: chosen(file))
    pane.add_file("space")
    until(lambda: pane.model.study.space.shape is not None)
    assert pane.model.study.space.size == (10.0, 20.0, 30.0)
    assert list(pane.meshes) == ["shape_1"]
    generator = desk.studio.panel.generator
    assert generator is not None
    assert desk.flow.given["shape_1"].name == "body"
    assert list(studio.generating.inputs.chosen(generator)) == ["shape_1"]
    until(lambda: studio.gallery.count.text() == "1 item")
    pane.add_file("keep-out")
    until(lambda: len(pane.model.study.regions) > len(preset("shelf-bracket").regions))
    assert files_of(pane.model.study) == ["shape_1", "shape_2"]
    saved = tmp_path / "Saved.json"
    monkeypatch.setattr(filing, "choose_target", lambda _p, _t, _s, chosen, **_: chosen(saved))
    room_of(desk.studio).filing.ask_save()
    until(saved.exists)
    until(lambda: not studio.context.tasks.running)
    before = pane.model.study
    pane.begin(preset("chair"))
    assert list(studio.generating.inputs.chosen(generator)) == [], "nothing that the study does not name"
    pane.undo()
    assert list(studio.generating.inputs.chosen(generator)) == ["shape_1", "shape_2"]
    monkeypatch.setattr(filing, "choose_file", lambda _parent, _title, _names, chosen: chosen(saved))
    room_of(desk.studio).filing.ask_open()
    until(lambda: pane.model.study == before)


@pytest.mark.slow
def test_a_recipe_is_used_again_with_its_shapes(studio: StudioWindow, tmp_path: Path, until) -> None:
    from studio_product.core.studies.study_value import value_of

    from studio.core.recipe import Numerics, Recipe

    desk = studying(studio, tmp_path / "Test.studio", until)
    shape = desk.project.add_asset(stl(tmp_path / "body.stl"), kind="part")
    study = edits.changed(blank(3, materials()[0]), Place("space"), shape=Solid(file="shape_1"))
    recipe = Recipe(
        generator="product/optimize",
        generator_version="1",
        params={"study": value_of(study), "variants": 2, "quality": "normal"},
        inputs={"shape_1": shape.digest},
        seed=3,
        numerics=Numerics(threads=1),
    )
    again = studio.items.again
    again._recipe_of = lambda item: recipe  # type: ignore[method-assign]
    again.reuse(shape)
    assert desk.pane.model.study == study
    until(lambda: "shape_1" in desk.pane.meshes)
    generator = studio.panel.generator
    assert generator is not None
    assert studio.generating.inputs.chosen(generator) == {"shape_1": shape}
    desk.pane.add("support")
    assert studio.generating.inputs.chosen(generator) == {"shape_1": shape}


@pytest.mark.slow
def test_the_study_of_a_part_is_edited_again(
    studio: StudioWindow, tmp_path: Path, until, caplog: pytest.LogCaptureFixture
) -> None:
    from studio_product.core.files.partfile import write_part
    from studio_product.core.part import Part

    desk = studying(studio, tmp_path / "Test.studio", until)
    study = preset("mbb-beam")
    file = tmp_path / "part.glb"
    write_part(file, Part(mesh=box(np.zeros(3), np.array([10.0, 20.0, 30.0])), study=study))
    item = desk.project.add_asset(file, kind="part")
    studio.items.show_room("image")
    room_of(desk.studio).filing.edit_study(item)
    until(lambda: desk.pane.model.study == study)
    assert desk.value["name"] == study.name
    assert room_of(studio).page.isVisible()
    desk.project.blob_path(item.digest).unlink()
    room_of(desk.studio).filing.edit_study(item)
    until(lambda: "missing-blob" in caplog.text)


@pytest.mark.slow
def test_what_was_asked_of_another_project_is_not_shown(
    studio: StudioWindow, tmp_path: Path, until, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = studying(studio, tmp_path / "Test.studio", until)
    shape = desk.project.add_asset(stl(tmp_path / "body.stl"), kind="part")
    other = desk.project.add_asset(stl(tmp_path / "other.stl", (1, 2, 3)), kind="part")
    decode(studio, shape, other)
    asked: list[tuple[Any, Any]] = []
    monkeypatch.setattr(
        studio.context.tasks, "start", lambda _, work, done, *__, **___: asked.append((work, done))
    )
    room_of(desk.studio).filing.edit_study(shape)
    study = edits.changed(blank(3, materials()[0]), Place("space"), shape=Solid(file="shape_1"))
    desk.flow.give({"shape_1": shape})
    desk.pane.begin(study)
    desk.flow.give({"shape_1": other})
    desk.flow._refresh()
    edited, first, second = asked
    second[1](second[0](None))
    first[1](first[0](None))
    assert desk.pane.meshes["shape_1"].volume == pytest.approx(6), "the newest one, whichever was read last"
    monkeypatch.undo()
    studio.projects.close()
    before = desk.pane.model.study
    edited[1](preset("chair"))
    first[1]({"shape_1": desk.pane.meshes.get("shape_1")})
    assert desk.pane.model.study == before
    assert not desk.flow.given
    assert not desk.pane.meshes
