"""The room of product design in a window."""

from __future__ import annotations

from studio_product.room.part.page import SET_UP
from studio_product.room.room import ProductRoom

from studio.ui.shell.studio_window import StudioWindow


def room_of(studio: StudioWindow) -> ProductRoom:
    room = studio.parts.rooms.get("product")
    assert isinstance(room, ProductRoom)
    return room


def show(studio: StudioWindow, tab: int | None = None) -> None:
    """The room, and one of its tabs or the one that was shown last."""
    studio.items.show_room("product")
    page = room_of(studio).page
    if page.has(SET_UP):
        page.set_up.show_set_up()  # instead of what one may begin with
    if tab is not None:
        room_of(studio).page.show_tab(tab)
