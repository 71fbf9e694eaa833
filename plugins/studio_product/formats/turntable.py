"""A part turning once around itself, as an animated PNG, and still pictures from the usual sides."""

from __future__ import annotations

import io
import math
from dataclasses import replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from studio_product.core.mesh import Mesh
from studio_product.core.view.body import Body, body_of
from studio_product.core.view.camera import Camera
from studio_product.core.view.render import Layer, render

SIDE = 512
"""Pixels, of the turning picture."""
FRAMES = 36
_SECONDS = 4.0
"""Of one turn."""
_STILL = 1024
Up = Literal["y", "z"]
"""Which axis points upwards: z for solids, y for plates."""
_VIEWS = {"front": (0.0, 0.0), "right": (90.0, 0.0), "top": (0.0, 90.0), "perspective": (35.0, 25.0)}
"""Azimuth and elevation of each still."""


def as_turntable(mesh: Mesh, up: Up = "z") -> bytes:
    """An animated PNG on a see-through ground; programs without animation show its first picture."""
    from PIL import Image

    body = body_of(mesh)
    first = _whole(mesh, up)
    frames = [
        Image.fromarray(_picture(body, replace(first, azimuth=first.azimuth + 360 * n / FRAMES), SIDE))
        for n in range(FRAMES)
    ]
    stream = io.BytesIO()
    frames[0].save(
        stream, "PNG", save_all=True, append_images=frames[1:], duration=1000 * _SECONDS / FRAMES, loop=0,
        disposal=1,
    )  # fmt: skip
    return stream.getvalue()


def stills(mesh: Mesh, up: Up = "z") -> dict[str, bytes]:
    """PNG files by view: front, right, top and a perspective one."""
    from PIL import Image

    body = body_of(mesh)
    found = {}
    for name, (azimuth, elevation) in _VIEWS.items():
        camera = Camera(azimuth=azimuth, elevation=elevation, parallel=name != "perspective", up=up)
        image = Image.fromarray(_picture(body, camera.fit(mesh.bounds), _STILL))
        stream = io.BytesIO()
        image.save(stream, "PNG")
        found[name] = stream.getvalue()
    return found


def _whole(mesh: Mesh, up: Up) -> Camera:
    """From where the part stays in the picture all around: the ball around its box just fits in."""
    low, high = mesh.bounds
    x, y, z = ((low + high) / 2).tolist()
    azimuth, elevation = _VIEWS["perspective"]
    camera = Camera((x, y, z), azimuth=azimuth, elevation=elevation, up=up)
    radius = float(np.linalg.norm(high - low)) / 2
    return replace(camera, distance=radius / math.sin(math.radians(camera.fov) / 2))


def _picture(body: Body, camera: Camera, side: int) -> NDArray[np.uint8]:
    return render([Layer(body)], camera, side, side).color
