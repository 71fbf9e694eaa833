"""What the left button does on the field."""

from __future__ import annotations

from enum import Enum


class Tool(Enum):
    SELECT = "select"
    """Selects, moves and stretches; a double click draws a note, or deletes one."""
    PENCIL = "pencil"
    """Draws notes where there are none."""
    ERASER = "eraser"
    """Deletes notes that it is dragged over."""
