"""Studies of parts while they are set up: examples, one of their loads, an empty space with its remarks."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtWidgets import QWidget
from stage import Stage, until

from studio.parts.library import materials, preset
from studio.ui.part.page import SET_UP
from studio.ui.study.blank import blank
from studio.ui.study.pane import SetUpPane
from studio.ui.study.places import STUDY, Place
from studio.ui.workspace import CANVAS

SECONDS = 1.0


def study(stage: Stage) -> Iterator[QWidget]:
    studio = stage.studio
    before = studio.panel.generator
    studio.workspace.show_part(SET_UP)
    pane: SetUpPane = studio.workspace.part.set_up
    pane.begin(preset("shelf-bracket"))
    yield _seen(stage, pane)
    pane.begin(preset("chair"))
    pane.select(Place("load", 0, 0))
    yield _seen(stage, pane)
    pane.begin(preset("mbb-beam"))
    pane.select(Place("support", 0))
    yield _seen(stage, pane)
    pane.begin(blank(3, materials()[0]))
    pane.select(Place("supports"))
    until(lambda: pane.remarks.errors)
    yield _seen(stage, pane)
    pane.begin(preset("shelf-bracket"))
    pane.select(STUDY)
    if before is not None:
        studio.panel.choose(before.id)
    studio.workspace.show_view(CANVAS)


def _seen(stage: Stage, pane: SetUpPane) -> QWidget:
    until(lambda: pane.remarks.is_known)
    stage.settle(SECONDS)
    return stage.studio.workspace
