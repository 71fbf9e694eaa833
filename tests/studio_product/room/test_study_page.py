"""The page on which a study is set up, and the form that generates from it, in a whole window."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLineEdit, QPushButton
from studio_product.core.studies.catalog import materials, preset
from studio_product.core.studies.study import Box, Face
from studio_product.core.studies.study_value import study_of
from studio_product.room.part.page import PART, SET_UP
from studio_product.room.study import edits
from studio_product.room.study.blank import blank
from studio_product.room.study.places import Place
from studio_product.room.study.rows import Quantity

from studio.core.titles import told
from studio.ui.shell.studio_window import StudioWindow
from tests.studio_product.room.rooms import room_of
from tests.studio_product.room.studying import GENERATOR, OTHER, Optimize, Studying, studying
from tests.ui.builders import catalog_of
from tests.ui.reach import by_tab, called, nameless, stops, unexplained, without_role

pytestmark = pytest.mark.slow


@pytest.fixture
def desk(studio: StudioWindow, tmp_path: Path, until) -> Studying:
    studio.window.resize(1600, 950)
    return studying(studio, tmp_path / "Test.studio", until)


def test_the_form_begins_with_an_example_and_takes_what_is_typed(desk: Studying, until) -> None:
    assert study_of(desk.value) == preset("shelf-bracket")
    assert desk.pane.model.study == preset("shelf-bracket")
    assert desk.studio.panel.slots.rows == {}, "shapes are given on the page"
    row = desk.studio.panel.form.rows["study"]
    assert desk.pane.model.study.name in [label.text() for label in row.findChildren(type(row.title))]
    assert desk.studio.panel.button.isEnabled()
    assert desk.studio.workspace.name.whole_text() == "Shelf bracket"
    pane = desk.pane
    pane.select(Place("load", 0, 0))
    boxes = pane.properties.sheet("load").findChildren(Quantity)
    box = next(one for one in boxes if one.accessibleName() == "Force, Z")
    box.setFocus()
    box.selectAll()
    QTest.keyClicks(box, "-250")
    assert pane.model.study.cases[0].loads[0].force == (0.0, 0.0, -250.0)
    until(lambda: study_of(desk.value).cases[0].loads[0].force[2] == -250.0)
    assert desk.studio.actions["edit.undo"].text() == "&Undo change Books"
    desk.studio.undo.undo()
    assert pane.model.study == preset("shelf-bracket")
    assert desk.studio.actions["edit.redo"].text() == "&Redo change Books"
    desk.studio.undo.redo()
    assert pane.model.study.cases[0].loads[0].force[2] == -250.0


def test_remarks_lead_to_what_they_speak_of(desk: Studying, until) -> None:
    pane = desk.pane
    pane.begin(blank(3, materials()[0]))
    until(lambda: {remark.code for remark in pane.remarks.remarks} >= {"no-support", "no-load"})
    assert not desk.studio.panel.foot.now.isEnabled()
    assert desk.studio.panel.foot.reason.text() == pane.remarks.errors[0].message

    def shows() -> dict[str, QPushButton]:
        found = pane.remarks.findChildren(QPushButton)
        return {one.accessibleName(): one for one in found if one.isVisible()}

    until(lambda: [*shows()] == ["Show “Supports”", "Show “Load cases”"])
    shows()["Show “Supports”"].click()
    assert pane.model.place == Place("supports")
    study, _ = edits.with_support(pane.model.study, Face(side="x-"), "Wall")
    study, _ = edits.with_load(study, Box(corner=(200, 0, 0), size=(1, 1, 1)), (0, 0, -1), name="Far")
    pane.begin(study)
    until(lambda: "Far" in [remark.about for remark in pane.remarks.remarks])
    until(lambda: "Show “Far”" in shows())
    shows()["Show “Far”"].click()
    assert pane.model.place == Place("load", 0, 0)
    assert isinstance(QApplication.focusWidget(), QLineEdit)
    study, place = edits.with_region(
        pane.model.study, "keep-in", Box(corner=(0, 0, 0), size=(9, 9, 0)), "Flat"
    )
    pane.model.edit("add", study, place)
    until(lambda: pane.remarks.errors and pane.remarks.errors[0].code == "not-valid")
    assert pane.remarks.errors[0].about == "Flat"
    until(lambda: desk.studio.panel.values()["study"] != {})
    pane.undo()
    until(lambda: "not-valid" not in [remark.code for remark in pane.remarks.remarks])


def test_the_form_tells_what_the_study_costs_at_each_quality(desk: Studying, until) -> None:
    panel = desk.studio.panel
    costs: list[str] = []
    for quality in ("draft", "normal", "fine"):
        panel.set_value("quality", quality)
        until(lambda: panel.foot.reason.text().startswith("About ") and panel.foot.reason.text() not in costs)
        costs.append(panel.foot.reason.text())
    assert told(desk.studio.generating.request().title()) == "Part variants – Shelf bracket"
    desk.pane.hands.add("keep-out")
    assert study_of(desk.value) == desk.pane.model.study, "what is generated is what the page shows"


def test_the_form_of_studies_comes_with_their_tab(desk: Studying, until) -> None:
    page, panel = room_of(desk.studio).page, desk.studio.panel
    page.show_tab(PART)
    panel.choose(OTHER.id)
    assert panel.generator is not None and panel.generator.id == OTHER.id
    desk.studio.items.show_room("product")
    page.tabs.part(SET_UP).click()
    until(lambda: panel.generator is not None and panel.generator.id == GENERATOR.id)
    assert study_of(desk.value) == desk.pane.model.study


def test_the_page_follows_the_form_and_brings_it_back(desk: Studying, until) -> None:
    pane, panel = desk.pane, desk.studio.panel
    panel.set_value("quality", "fine")
    panel.choose(OTHER.id)
    assert room_of(desk.studio).page.tab == SET_UP, "the form is another room's"
    fresh = Optimize()
    asked = desk.flow._asked()
    assert (asked.variants, asked.quality) == (fresh.variants, fresh.quality), "of a form yet to come"
    pane.begin(preset("chair"))
    until(lambda: panel.generator is not None and panel.generator.id == GENERATOR.id)
    assert study_of(desk.value).name == "Chair"
    panel.set_value("study", {**desk.value, "name": "Stool"})
    assert pane.model.study.name == "Stool"
    panel.reset_all()
    assert pane.model.study.name == "Stool", "an empty form takes what the page has"
    assert study_of(desk.value).name == "Stool"


def test_another_window_of_widgets_has_the_same_study(desk: Studying, until) -> None:
    pane = desk.pane
    pane.hands.add("keep-out")
    pane.view.turn(40, 0)
    camera, study = pane.view.camera, pane.model.study
    desk.studio.rebuild()
    fresh = desk.pane
    assert fresh is not pane
    assert fresh.model.study == study
    assert fresh.view.camera == camera
    assert fresh.model.undo_title == "keep material out"
    assert desk.studio.workspace.room == "product"
    until(lambda: fresh.remarks.is_known)
    fresh.undo()
    until(lambda: study_of(desk.value) == preset("shelf-bracket"))


def test_everything_is_reached_by_keyboard_and_has_a_name(desk: Studying) -> None:
    page, window = room_of(desk.studio).page, desk.studio.window
    places = [Place("load", 0, 0), Place("support", 0), Place("material"), Place("making"), Place("target")]
    for place in places:
        desk.pane.select(place)
        QApplication.processEvents()
        desk.studio.order_tabs()
        desk.pane.outline.setFocus()
        wanted = [one for one in stops(window) if page.isAncestorOf(one)]
        found = list(by_tab(window))
        missed = [one for one in wanted if one not in found]
        # Of segments that exclude each other the chosen one is reached, the others by arrow keys.
        assert [called(one) for one in missed if not (isinstance(one, QAbstractButton) and one.group())] == []
    assert nameless(window) == []
    assert without_role(window) == []
    assert unexplained(window) == []


def test_commands_add_and_show(desk: Studying) -> None:
    studio = desk.studio
    room_of(studio).page.show_tab(PART)
    studio.actions["study.load"].trigger()
    assert room_of(studio).page.tab == SET_UP
    assert desk.pane.model.place == Place("load", 1, 0)
    room_of(studio).page.show_tab(PART)
    row = studio.panel.form.rows["study"]
    button = next(one for one in row.findChildren(QPushButton) if one.text() == "Set up…")
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert studio.workspace.room == "product"
    assert room_of(studio).page.tab == SET_UP


def test_the_first_page_leads_to_a_study(
    studio: StudioWindow, tmp_path: Path, until, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("studio.ui.project.flow.projects_folder", lambda: tmp_path)
    studio.set_catalog(catalog_of(GENERATOR, OTHER))
    studio.window.welcome.rooms["product"].click()
    until(lambda: studio.context.project is not None and room_of(studio).page.has(SET_UP))
    assert room_of(studio).page.isVisible()
    assert room_of(studio).page.set_up.model.study == preset("shelf-bracket")
