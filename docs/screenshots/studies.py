"""Studies of parts while they are set up: a load of an example, an empty space with its remarks."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtWidgets import QWidget
from stage import GENERATOR, Stage, until
from studio_product.core.studies.catalog import in_words, materials, preset
from studio_product.room.part.page import SET_UP
from studio_product.room.study.blank import blank
from studio_product.room.study.pane import SetUpPane
from studio_product.room.study.places import STUDY, Place

SECONDS = 1.0


def study(stage: Stage) -> Iterator[QWidget]:
    studio = stage.studio
    studio.items.show_room("product")
    page = stage.product.page
    page.show_tab(SET_UP)
    pane: SetUpPane = page.set_up
    pane.begin(in_words(preset("shelf-bracket")))
    pane.select(Place("load", 0, 0))
    yield _seen(stage, pane)
    pane.begin(blank(3, materials()[0]))
    pane.select(Place("supports"))
    until(lambda: pane.remarks.errors)
    yield _seen(stage, pane)
    pane.begin(in_words(preset("shelf-bracket")))
    pane.select(STUDY)
    studio.items.show_room("image")
    stage.settle()
    studio.panel.choose(GENERATOR)
    stage.settle()


def _seen(stage: Stage, pane: SetUpPane) -> QWidget:
    until(lambda: pane.remarks.is_known)
    stage.settle(SECONDS)
    return stage.studio.workspace
