"""A command: one thing that the user can ask for, known by an id.

Panels and flows say which commands they have (`commands() -> list[Command]`); the window makes one `QAction`
of each, and the menus, the palette, the shortcut editor and the tool tips all show that same action.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from msgspec import Struct

Needs = Literal["", "project", "writing", "selection", "writing selection"]
"""When a command is on: always; with a project; one that can be written; something selected there."""

Menu = Literal["", "file", "edit", "item", "view", "room", "generate", "queue", "window", "help"]
"""Where it stands in the menu bar: "room" is the menu of the room that is shown; "" is for the palette and
its shortcut only."""


class Command(Struct, frozen=True):
    """One thing that the user can ask for, in menus, the palette and by its keys."""

    id: str
    """Stable, "panel.verb": the user's own shortcuts are kept by it."""
    title: str
    """In the current language, as a menu says it ("&Rename…"): the palette leaves the mark out."""
    act: Callable[[], object]
    menu: Menu = ""
    keys: str = ""
    """The default shortcut as portable text ("Ctrl+Shift+P"); several are parted by "; "."""
    needs: Needs = ""
    group: str = ""
    """Commands of one group stand together in their menu, separated from the next; or a submenu's title after
    a slash: "rating/Stars"."""
    icon: str = ""
    checkable: bool = False
    scope: Literal["window", "panel"] = "window"
    """A panel's shortcut (a single letter or digit) works only while the panel has the focus."""
    words: str = ""
    """Other words that the palette should find it by."""
