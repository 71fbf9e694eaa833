"""The room for pictures in a whole window."""

from __future__ import annotations

from studio_image.room.canvas import MaskCanvas
from studio_image.room.room import ImageRoom

from studio.core.item import Item
from studio.ui.shell.studio_window import StudioWindow


def picture_room(studio: StudioWindow) -> ImageRoom:
    room = studio.parts.rooms.get("image")
    assert isinstance(room, ImageRoom)
    return room


def canvas_of(studio: StudioWindow) -> MaskCanvas:
    return picture_room(studio).canvas


def photo_of(studio: StudioWindow) -> Item | None:
    """The photo on the window's canvas, once it is an item of the project."""
    return picture_room(studio).photo
