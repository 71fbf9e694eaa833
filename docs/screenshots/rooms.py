"""The rooms as one finds them: the library, the first pages, what the button says, one that has stopped."""

from __future__ import annotations

import logging
from collections.abc import Iterator

from drafts import PAGE, tell_cost, texts
from parts import GENERATOR as PARTS
from PySide6.QtWidgets import QWidget
from stage import GENERATOR, Stage
from studio_product.room.part.page import SET_UP

ASKED = (
    (GENERATOR, {}),
    (PAGE, {"drafts": 3}),
    (PARTS, {}),
)
"""Generators whose button is shown, with values that it speaks of."""


def library(stage: Stage) -> Iterator[QWidget]:
    """The gallery over the whole window."""
    stage.studio.items.go_to("library")
    stage.settle(0.6)
    yield stage.studio.window
    _back(stage)


def first_pages(stage: Stage) -> Iterator[QWidget]:
    """Rooms in which there is nothing yet."""
    stage.studio.panel.choose(PARTS)
    stage.product.page.show_tab(SET_UP)
    for room in ("music", "text", "product"):
        stage.studio.items.go_to(room)
        stage.settle(0.6)
        yield stage.studio.window
    _back(stage)


def button(stage: Stage) -> Iterator[QWidget]:
    """What stands below the form of three generators."""
    panel = stage.studio.panel
    with texts(stage):
        for generator, values in ASKED:
            panel.choose(generator)
            panel.set_values({**panel.values(), **values})
            stage.settle()
            if generator == PAGE:
                tell_cost(stage)
            yield panel.foot
    panel.choose(GENERATOR)
    _back(stage)


def stopped(stage: Stage) -> Iterator[QWidget]:
    """A room whose code has failed; the rest of the window goes on."""
    studio, rooms = stage.studio, stage.studio.parts.rooms
    studio.items.go_to("text")
    log = logging.getLogger("studio.ui.shell.room_host")
    log.disabled = True  # it is meant to fail
    rooms.call("text", _fail, None)
    log.disabled = False
    studio.context.take_dialog()
    stage.settle()
    yield studio.window
    rooms.reopen("text")
    _back(stage)


def _fail(_: object) -> None:
    raise ValueError("no place for 3 drafts")


def _back(stage: Stage) -> None:
    stage.studio.items.show_room("image")
    stage.settle()
