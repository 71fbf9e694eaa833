"""Pictures of a part for generators of images: shaded, how far away each place is, and which way it faces."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray
from PySide6.QtGui import QImage

from studio.api.values import DiskFull, Kind, mark, tr
from studio.ui.api import Item, ItemAccess, NewFile
from studio_product.core.view.camera import Camera
from studio_product.core.view.render import Frame, render
from studio_product.room.part.looking import Looking, Solid, layer_of

SIDE = 1024
"""Pixels."""
TAG = "appearance only"
"""Of every such picture: it shows a part, and proves nothing of it."""
_CLAY = (0.72, 0.74, 0.78)
_BACK = (0.93, 0.94, 0.95)
_FARTHEST = 0.1
"""How bright the farthest place of the part is in the picture of depths; the background is black."""
SHADED, DEPTH, NORMALS = "shaded", "depth", "normals"
_TITLES = {
    SHADED: mark("{name} – shaded (appearance only)"),
    DEPTH: mark("{name} – depth (appearance only)"),
    NORMALS: mark("{name} – normals (appearance only)"),
}


class Sight(Struct, frozen=True):
    """A part as somebody looks at it."""

    item: Item
    solid: Solid
    camera: Camera


def draw_pictures(sight: Sight, side: int) -> dict[str, NDArray[np.uint8]]:
    """Square, (side, side, 3) each, from the same direction as near as shows all of it; colored by nothing.

    Depth: white is nearest, as networks that are steered by depth have it. Normals: red is to the right,
    green upwards, blue towards the eye, from -1 to 1.
    """
    camera = sight.camera.fit(sight.solid.bounds, side, side, margin=0.08)
    frame = render([layer_of(sight.solid, Looking(), _CLAY)], camera, side, side, background=_BACK)
    return {SHADED: frame.color[..., :3], DEPTH: depth_picture(frame), NORMALS: normal_picture(frame)}


def depth_picture(frame: Frame) -> NDArray[np.uint8]:
    """(height, width, 3), gray: bright is near; in proportion to 1 / depth, as estimated depths are."""
    there = np.isfinite(frame.depth)
    shown = np.zeros(frame.depth.shape, np.float64)
    if there.any():
        near = 1 / frame.depth[there].astype(np.float64)
        low, high = near.min(), near.max()
        share = (near - low) / (high - low) if high > low else np.ones_like(near)
        shown[there] = _FARTHEST + (1 - _FARTHEST) * share
    return np.repeat(np.round(shown * 255).astype(np.uint8)[..., None], 3, axis=2)


def normal_picture(frame: Frame) -> NDArray[np.uint8]:
    """(height, width, 3); the background faces the eye."""
    normals = np.where(np.isfinite(frame.depth)[..., None], frame.normals, (0.0, 0.0, 1.0))
    shown: NDArray[np.uint8] = np.round((normals + 1) / 2 * 255).astype(np.uint8)
    return shown


def add_pictures(
    items: ItemAccess, sight: Sight, progress: Callable[[float, float], None]
) -> dict[str, Item]:
    """Draws them into the project as tagged items, by what they show: `SHADED`, `DEPTH` and `NORMALS`.

    Raises:
        DiskFull, ProjectReadOnly, ProjectClosed.
    """
    name = sight.item.name.removesuffix(sight.item.extension)
    with TemporaryDirectory(prefix="studio-part-") as folder:
        pictures = draw_pictures(sight, SIDE)
        progress(1, 2)
        files = [
            NewFile(
                _written(Path(folder) / f"{what}.png", pixels),
                Kind.IMAGE,
                tr(_TITLES[what], name=name),
                (TAG,),
            )
            for what, pixels in pictures.items()
        ]
        return dict(zip(pictures, items.bring_in(files), strict=True))


def _written(file: Path, pixels: NDArray[np.uint8]) -> Path:
    rows = np.ascontiguousarray(pixels)
    height, width = rows.shape[:2]
    image = QImage(rows.data, width, height, 3 * width, QImage.Format.Format_RGB888)
    if not image.save(str(file), "PNG"):  # type: ignore[call-overload]
        raise DiskFull(tr("The pictures of the part cannot be written."), tr("Free some space."))
    return file
