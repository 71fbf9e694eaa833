"""What is on a mask canvas: handed over when the window is built anew, so that no work is lost."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct
from PySide6.QtCore import QPointF

from studio_image.room.tool import Tool

if TYPE_CHECKING:
    from studio.ui.api import Photo, Rect
    from studio_image.room.mask import KeptMask, MaskModel
    from studio_image.room.mask.model import Pixels


class Look(Struct, frozen=True):
    """Where a view stands: independent of its size."""

    zoom: float
    """Device pixels per picture pixel."""
    middle: QPointF
    """What of the picture is in the middle of the view."""
    fitted: bool


class Brushes(Struct, frozen=True):
    tool: Tool
    size: int
    hardness: float
    tolerance: int
    amount: int


class MaskState(Struct, frozen=True):
    """A photo and its mask with all steps of undo; what was still being read or computed goes on."""

    photo: Photo | None
    model: MaskModel | None
    last_mask: Pixels | None
    look: Look
    loading: Path | None
    keep_mask: bool
    kept: KeptMask | None
    wanted_mask: Path | None
    editing: tuple[str, Callable[[], tuple[Rect, Pixels]]] | None
    """A long edit that has not ended: its words, and what computes it."""


class CanvasState(Struct, frozen=True):
    mask: MaskState
    brushes: Brushes
