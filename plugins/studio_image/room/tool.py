"""The tools of the mask canvas."""

from __future__ import annotations

from enum import StrEnum

SMALLEST_BRUSH, LARGEST_BRUSH = 1, 2000
"""Diameters, picture pixels."""


class Tool(StrEnum):
    BRUSH = "brush"
    ERASER = "eraser"
    LASSO = "lasso"
    RECTANGLE = "rectangle"
    FLOOD = "flood"
