"""The thumbnail of a part: a shaded view of it, from its front right and above."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from studio.api.values import BadInput, Pixels, tr
from studio_product.core.files.mesh_files import mesh_from_bytes
from studio_product.core.view.body import body_of
from studio_product.core.view.camera import Camera
from studio_product.core.view.render import Layer, render

MAX_BYTES = 64 * 2**20
MAX_FACES = 400_000
"""Beyond that a part is too busy for a small picture."""
_SMALLEST = 1e-6
"""mm"""


def thumbnail(source: Path, side: int) -> Pixels:
    """The part on nothing. Raises `BadInput` for a file that cannot be read or is too large to be drawn."""
    if source.stat().st_size > MAX_BYTES:
        raise _not_drawn(source)
    mesh = mesh_from_bytes(source.read_bytes(), source.name)
    low, high = mesh.bounds
    if len(mesh.faces) > MAX_FACES or float((high - low).max()) < _SMALLEST:
        raise _not_drawn(source)
    camera = Camera(azimuth=30, elevation=24).fit((low, high), margin=0.03)
    color = np.ascontiguousarray(render([Layer(body_of(mesh))], camera, side, side).color)
    return Pixels(side, side, color.tobytes())


def _not_drawn(source: Path) -> BadInput:
    return BadInput(
        tr("“{name}” is too large or too small for a small picture.", name=source.name),
        tr("It can be opened all the same."),
    )
