"""The standard views of a part by name."""

from __future__ import annotations

from enum import StrEnum

from studio.api.values import mark


class Look(StrEnum):
    """The front has x to the right and what is up upwards."""

    ISO = "iso"
    FRONT = "front"
    RIGHT = "right"
    TOP = "top"
    BACK = "back"
    LEFT = "left"
    BOTTOM = "bottom"


TITLES: dict[Look, str] = {
    Look.ISO: mark("Three-quarter view"),
    Look.FRONT: mark("Front"),
    Look.RIGHT: mark("Right"),
    Look.TOP: mark("Top"),
    Look.BACK: mark("Back"),
    Look.LEFT: mark("Left"),
    Look.BOTTOM: mark("Bottom"),
}
