"""Everything of the window that a plugin's room may import, and nothing else.

Values, errors and `tr` are in `studio.api.values`. Provisional for rooms of third parties until more media
have used it.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from studio.core.generator import GeneratorDescription, Input
from studio.core.item import Item, JobState, Origin
from studio.core.kind import Kinds
from studio.core.model import Number
from studio.core.recipe import Recipe
from studio.given_paths import is_file, path_of
from studio.jobs.events import ItemsAdded, JobChanged, JobNumbers, JobPlanned, JobProgress, JobText
from studio.jobs.queue import Job
from studio.ui.kit import accessible, locales
from studio.ui.kit.bridge import Bridge
from studio.ui.kit.card_grid import CardGrid
from studio.ui.kit.choosers import choose_file, choose_target
from studio.ui.kit.commands import Command, Needs
from studio.ui.kit.controls import (
    BusyBar,
    ComboBox,
    ElidedLabel,
    EmptyState,
    Segments,
    Slider,
    button,
    frame,
    label,
    restyle,
)
from studio.ui.kit.dial import Dial
from studio.ui.kit.editor import Editor
from studio.ui.kit.form_model import fields_of
from studio.ui.kit.form_parts import IconButton
from studio.ui.kit.icons import icon
from studio.ui.kit.local_files import local_files
from studio.ui.kit.menu_entries import clear, entry, plain_text
from studio.ui.kit.menu_keys import KeyMenu
from studio.ui.kit.narrow_bar import NarrowBar
from studio.ui.kit.number_field import NumberField
from studio.ui.kit.photo import Photo
from studio.ui.kit.picture_card import PictureCard, picture_for
from studio.ui.kit.picture_paint import as_image, blit
from studio.ui.kit.picture_view import PictureView
from studio.ui.kit.rect import Rect, Window
from studio.ui.kit.room import (
    FormAccess,
    Given,
    ItemAccess,
    JobAccess,
    Kept,
    NewFile,
    Room,
    RoomContext,
    StageHistory,
)
from studio.ui.kit.tab_order import renew_tab_order
from studio.ui.kit.tasks import Task, Tasks
from studio.ui.kit.theme import RADIUS, UNIT, Theme, on_photo

# What draws pixels brings numpy and OpenCV along: it is imported when it is first asked for.
if TYPE_CHECKING:
    from studio.ui.kit.pyramid import Pyramid
    from studio.ui.kit.scrolled_image import ScrolledImage
else:
    _HOMES = {"Pyramid": "studio.ui.kit.pyramid", "ScrolledImage": "studio.ui.kit.scrolled_image"}

    def __getattr__(name: str) -> object:
        if name not in _HOMES:
            raise AttributeError(f"studio.ui.api has no {name}")
        found = globals()[name] = getattr(import_module(_HOMES[name]), name)
        return found


__all__ = [
    "RADIUS",
    "UNIT",
    "Bridge",
    "BusyBar",
    "CardGrid",
    "ComboBox",
    "Command",
    "Dial",
    "Editor",
    "ElidedLabel",
    "EmptyState",
    "FormAccess",
    "GeneratorDescription",
    "Given",
    "IconButton",
    "Input",
    "Item",
    "ItemAccess",
    "ItemsAdded",
    "Job",
    "JobAccess",
    "JobChanged",
    "JobNumbers",
    "JobPlanned",
    "JobProgress",
    "JobState",
    "JobText",
    "Kept",
    "KeyMenu",
    "Kinds",
    "NarrowBar",
    "Needs",
    "NewFile",
    "Number",
    "NumberField",
    "Origin",
    "Photo",
    "PictureCard",
    "PictureView",
    "Pyramid",
    "Recipe",
    "Rect",
    "Room",
    "RoomContext",
    "ScrolledImage",
    "Segments",
    "Slider",
    "StageHistory",
    "Task",
    "Tasks",
    "Theme",
    "Window",
    "accessible",
    "as_image",
    "blit",
    "button",
    "choose_file",
    "choose_target",
    "clear",
    "entry",
    "fields_of",
    "frame",
    "icon",
    "is_file",
    "label",
    "local_files",
    "locales",
    "on_photo",
    "path_of",
    "picture_for",
    "plain_text",
    "renew_tab_order",
    "restyle",
]
