"""A shaded view of a part in a file of any kind that Studio reads. Imported on a thumbnail's thread: numpy
takes a while."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PySide6.QtGui import QImage
from studio_product.core.files.mesh_files import mesh_from_bytes
from studio_product.core.view.body import body_of
from studio_product.core.view.camera import Camera
from studio_product.core.view.render import Layer, render

from studio.errors import BadInput

MAX_BYTES = 64 * 2**20
MAX_FACES = 400_000
"""Beyond that a part is too busy for a small picture."""
_SMALLEST = 1e-6
"""mm"""


def part(source: Path, side: int) -> QImage:
    """The part from its front right and above, on nothing; null if it cannot be read."""
    if source.stat().st_size > MAX_BYTES:
        return QImage()
    try:
        mesh = mesh_from_bytes(source.read_bytes(), source.name)
    except BadInput:
        return QImage()
    low, high = mesh.bounds
    if len(mesh.faces) > MAX_FACES or float((high - low).max()) < _SMALLEST:
        return QImage()
    camera = Camera(azimuth=30, elevation=24).fit((low, high), margin=0.03)
    pixels = np.ascontiguousarray(render([Layer(body_of(mesh))], camera, side, side).color)
    image = QImage(pixels.tobytes(), side, side, side * 4, QImage.Format.Format_RGBA8888)
    return image.convertToFormat(QImage.Format.Format_ARGB32_Premultiplied)
