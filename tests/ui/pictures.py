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


def decode(studio: StudioWindow, *items: Item) -> None:
    """Has the service decode items of the open project: they open at once then."""
    project, (side, _) = studio.context.project, studio.thumbnails.sides
    assert project is not None
    for item in items:
        file = project.blob_path(item.digest)
        studio.context.service.thumbnail_now(item.kind, file, item.digest, side)
