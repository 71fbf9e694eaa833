"""What a picture of parts is made of, and what it is."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from studio_product.core.view.body import Body

Color = tuple[float, float, float]
"""Red, green, blue as screens know them (sRGB): 0 to 1."""
CLAY: Color = (0.76, 0.78, 0.82)


@dataclass(frozen=True)
class Layer:
    """A body and how it looks."""

    body: Body
    color: Color | NDArray[np.float32] = CLAY
    """Of all, or (vertices of the mesh, 3) with a color for each."""
    opacity: float = 1.0
    """Below 1 it is see-through, and drawn over everything that is not."""
    outline: float = 0.5
    """How dark its silhouettes are drawn, 0 to 1; of opaque layers, in smooth pictures."""
    pickable: bool = True
    """Whether `Frame.ids` and `Frame.faces` see it."""


@dataclass(frozen=True)
class Lines:
    """Straight lines, hidden by what is in front of them."""

    ends: NDArray[np.float64]
    """(lines, 2, 3), mm"""
    color: Color
    opacity: float = 1.0
    width: float = 1.0
    """Pixels."""


@dataclass(frozen=True)
class Section:
    """A cut: what lies on the side that the normal points to is taken away, and the cut faces are filled."""

    point: tuple[float, float, float]
    normal: tuple[float, float, float]
    color: Color = (0.86, 0.52, 0.28)


@dataclass(frozen=True)
class Frame:
    """A picture and what is known of each of its pixels."""

    color: NDArray[np.uint8]
    """(height, width, 4): sRGB and coverage, not premultiplied."""
    depth: NDArray[np.float32]
    """(height, width): mm along the view to the nearest opaque surface; infinite where there is none."""
    normals: NDArray[np.float32]
    """(height, width, 3) of the same surface: to the right, upwards, towards the eye; 0 where none is."""
    ids: NDArray[np.int32]
    """(height, width): the nearest pickable layer by its place in `layers`, see-through ones too; or -1."""
    faces: NDArray[np.int32]
    """(height, width): the face of that layer's body; or -1."""
