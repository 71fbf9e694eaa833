"""A study is edited step by step, and every step can be taken back."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from studio_product.core.studies.catalog import presets
from studio_product.core.studies.study import Box, Face, LoadCase, Material, Space, Study, to_json
from studio_product.core.studies.study_file import study_from_json
from studio_product.room.study import edits
from studio_product.room.study.blank import blank
from studio_product.room.study.hands import StudyHands
from studio_product.room.study.model import StudyModel
from studio_product.room.study.places import (
    STUDY,
    Place,
    name_at,
    parent_of,
    place_named,
    places_of,
    thing_at,
)
from studio_product.room.study.words import summary, title_at, words_at

STEEL = Material(name="Steel", youngs_modulus=210_000, poissons_ratio=0.3, density=7.85, yield_strength=235)
PATCH = Box(corner=(0, 0, 10), size=(5, 5, 0))
BLOCK = Box(corner=(0, 0, 10), size=(5, 5, 5))


@pytest.fixture
def study() -> Study:
    return Study(name="Shelf", space=Space(size=(100, 50, 60)), material=STEEL)


@pytest.fixture
def full(study: Study) -> Study:
    study, _ = edits.with_support(study, Face(side="x-"), "Wall")
    study, _ = edits.with_load(study, PATCH, (0, 0, -100))
    study, _ = edits.with_load(study, PATCH, (10, 0, 0))
    study, _ = edits.with_region(study, "keep-in", BLOCK)
    study, _ = edits.with_region(study, "keep-out", BLOCK)
    return study


def test_what_is_added_has_a_name_of_its_own(full: Study) -> None:
    names = [name_at(full, place) for place in places_of(full) if place != STUDY and name_at(full, place)]
    assert names == ["Wall", "Load case", "Load", "Load 2", "Keep in", "Keep out"]
    again, place = edits.with_support(full, Face(side="x+"), "Wall")
    assert name_at(again, place) == "Wall 2"


def test_a_load_without_a_case_makes_one(study: Study) -> None:
    made, place = edits.with_load(study, PATCH, (0, 0, -1))
    assert place == Place("load", 0, 0)
    assert [case.name for case in made.cases] == ["Load case"]


def test_a_plate_is_held_in_its_plane(study: Study) -> None:
    flat = msgspec.structs.replace(study, dimensions=2)
    made, _ = edits.with_support(flat, Face(side="x-"))
    assert made.supports[0].fixed == ("x", "y")


@pytest.mark.parametrize("name", ["", "   ", "Wall"])
def test_a_name_that_says_nothing_new_changes_nothing(full: Study, name: str) -> None:
    assert edits.renamed(full, Place("support", 0), name) is full


def test_a_name_that_is_taken_gets_a_number(full: Study) -> None:
    made = edits.renamed(full, Place("support", 0), " Load ")
    assert made.supports[0].name == "Load 3"
    assert edits.renamed(full, STUDY, "Load").name == "Load", "the study's own name is no thing's"


def test_what_is_removed_leaves_its_neighbor_chosen(full: Study) -> None:
    made, after = edits.removed(full, Place("load", 0, 0))
    assert [load.name for load in made.cases[0].loads] == ["Load 2"]
    assert after == Place("load", 0, 0)
    made, after = edits.removed(made, after)
    assert after == Place("case", 0)
    made, after = edits.removed(made, after)
    assert (made.cases, after) == ((), Place("cases"))
    made, after = edits.removed(full, Place("region", 0))
    assert after == Place("keep-in"), "the keep-out is beside others"


def test_what_is_doubled_stands_at_the_end_under_another_name(full: Study) -> None:
    made, place = edits.doubled(full, Place("case", 0))
    assert place == Place("case", 1)
    assert [load.name for load in made.cases[1].loads] == ["Load 3", "Load 4"]
    assert made.cases[1].loads[1].force == full.cases[0].loads[1].force
    for place in (Place("support", 0), Place("region", 1), Place("load", 0, 0)):
        made, after = edits.doubled(full, place)
        assert msgspec.structs.replace(thing_at(made, after), name="") == msgspec.structs.replace(
            thing_at(full, place), name=""
        )
    assert study_from_json(to_json(edits.doubled(full, Place("case", 0))[0]))


def test_everything_has_a_place_a_title_and_words() -> None:
    for study in [*presets().values(), blank(2, STEEL), blank(3, STEEL)]:
        places = list(places_of(study))
        assert len(set(places)) == len(places)
        for place in places:
            assert title_at(study, place)
            assert "None" not in words_at(study, place).replace("None yet", "")
            over = parent_of(study, place)
            assert over is None or over in places
            if name_at(study, place):
                assert name_at(study, place_named(study, name_at(study, place))) == name_at(study, place)
        assert study.material.name in summary(study)
        assert study_from_json(to_json(study)) == study


def test_a_name_that_nothing_has_is_the_study(full: Study) -> None:
    assert place_named(full, "Wall") == Place("support", 0)
    assert place_named(full, "Moon") == STUDY


# Steps ------------------------------------------------------------------------------------------------------


def test_steps_go_back_and_forward_with_what_was_chosen(study: Study) -> None:
    model = StudyModel(study)
    told: list[str] = []
    model.changed = lambda: told.append(model.study.name)
    made, place = edits.with_support(study, Face(side="x-"))
    model.edit("add a support", made, place)
    assert (model.place, model.undo_title, model.redo_title) == (place, "add a support", None)
    model.undo()
    assert (model.study, model.place, model.undo_title) == (study, STUDY, None)
    assert model.redo_title == "add a support"
    model.redo()
    assert (model.study, model.place) == (made, place)
    model.undo()
    model.undo()
    model.edit("rename", edits.renamed(study, STUDY, "Other"))
    assert model.redo_title is None
    assert told == ["Shelf", "Shelf", "Shelf", "Shelf", "Other"]


def test_a_number_that_is_typed_is_one_step_until_something_else_is_done(full: Study) -> None:
    model = StudyModel(full)
    place = Place("load", 0, 0)
    model.select(place)
    for newtons in (1.0, 12.0, 120.0):
        study = edits.changed(model.study, place, force=(0.0, 0.0, -newtons))
        model.edit("change Load", study, merge="load force")
    model.undo()
    assert model.study == full
    model.redo()
    assert model.study.cases[0].loads[0].force == (0.0, 0.0, -120.0)
    model.select(STUDY)
    model.select(place)
    model.edit("change Load", full, merge="load force")
    model.undo()
    assert model.study.cases[0].loads[0].force == (0.0, 0.0, -120.0)


def test_the_same_study_again_is_no_step(study: Study) -> None:
    model = StudyModel(study)
    model.edit("nothing", study, Place("space"))
    assert model.undo_title is None
    assert model.place == Place("space")


def test_another_study_has_no_way_back(study: Study, full: Study) -> None:
    model = StudyModel(study)
    model.edit("begin", full, Place("support", 0))
    model.load(study)
    assert (model.undo_title, model.place) == (None, STUDY)


acts = st.lists(
    st.sampled_from(
        ["support", "load", "case", "keep-in", "keep-out", "double", "remove", "rename", "undo", "redo"]
    ),
    max_size=25,
)


@given(acts, st.data())
def test_whatever_is_done_the_study_stays_one_and_comes_back(done: list[str], data: st.DataObject) -> None:
    dimensions = data.draw(st.sampled_from([2, 3]))
    begin = blank(dimensions, STEEL)
    model = StudyModel(begin)
    hands = StudyHands(model)
    for act in done:
        place = data.draw(st.sampled_from(list(places_of(model.study))))
        model.select(place)
        match act:
            case "double":
                hands.double(place)
            case "remove":
                hands.remove(place)
            case "rename":
                if name_at(model.study, place):
                    hands.rename(place, "Load")
            case "undo":
                model.undo()
            case "redo":
                model.redo()
            case _:
                hands.add(act)
        assert study_from_json(to_json(model.study)) == model.study
    last = model.study
    while model.undo_title is not None:
        model.undo()
    assert model.study == begin
    while model.redo_title is not None:
        model.redo()
    assert model.study == last or "undo" in done


def test_loads_go_into_the_case_that_is_looked_at(full: Study) -> None:
    hands = StudyHands(StudyModel(full))
    hands.add("case")
    assert hands.model.place == Place("case", 1)
    hands.add("load")
    assert hands.model.place == Place("load", 0, 1)
    assert isinstance(thing_at(hands.study, Place("case", 1)), LoadCase)


def test_a_changed_name_is_made_its_own(full: Study) -> None:
    hands = StudyHands(StudyModel(full))
    place = Place("support", 0)
    hands.change(place, msgspec.structs.replace(thing_at(full, place), name="Load"), "name")
    assert hands.study.supports[0].name == "Load 3"
