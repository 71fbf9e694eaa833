"""Undo where a study is set up: of steps, of a name that is being typed, and of what the form brought."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QLineEdit
from studio_product.core.studies.catalog import preset
from studio_product.core.studies.study_value import value_of
from studio_product.room.study.places import Place

from studio.ui.shell.studio_window import StudioWindow
from tests.studio_product.room.studying import studying


@pytest.mark.slow
def test_a_name_is_taken_back_before_the_study_is(studio: StudioWindow, tmp_path: Path, until, qtbot) -> None:
    pane = studying(studio, tmp_path / "Test.studio", until).pane
    pane.add("support")
    added = pane.model.study
    pane.select(Place("support", 0))
    name = pane.properties.sheet("support").editors["name"].focus
    assert isinstance(name, QLineEdit)
    name.setFocus()
    name.selectAll()
    qtbot.keyClicks(name, "Wall")
    studio.undo._step(forward=False)
    assert pane.model.study == added and name.text() != "Wall"
    pane.outline.setFocus()
    assert pane.model.study == added
    studio.undo._step(forward=False)
    assert pane.model.study != added


@pytest.mark.slow
def test_a_study_that_came_with_the_form_is_taken_back(studio: StudioWindow, tmp_path: Path, until) -> None:
    desk = studying(studio, tmp_path / "Test.studio", until)
    desk.pane.add("support")
    mine = desk.pane.model.study
    studio.panel.set_value("study", value_of(preset("chair")))  # as a recipe does that is used again
    assert desk.pane.model.study == preset("chair")
    desk.pane.undo()
    assert desk.pane.model.study == mine
    assert desk.value == value_of(mine)
