"""What the recipe panel is given of one item."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from msgspec import Struct

from studio.core.item import Item
from studio.core.recipe import Recipe
from studio.ui.items.recipe_model import Line

if TYPE_CHECKING:
    from studio.ui.items.lineage_model import Source


class Target(Struct, frozen=True):
    """An input that an item fits into."""

    generator: str
    title: str
    slot: str
    slot_title: str


class Shown(Struct, frozen=True):
    """All that the panel says about one item."""

    item: Item
    recipe: Recipe | None
    lines: Sequence[Line]
    family: Source | None = None
    obstacles: Sequence[str] = ()
    """Why it cannot be made again, or not quite alike; whole sentences."""
    can_make: bool = False
    """Whether a job can be started from it now."""
    can_reuse: bool = False
    """Whether the form can take its settings."""
    has_source: bool = False
    targets: Sequence[Target] = ()
