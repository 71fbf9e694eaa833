"""Content-aware fill of a photo: see `core.fill` for how."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

from studio.api import Picture, Run, encode_png, tr
from studio_image.core.fill import fill
from studio_image.core.region import Floats, color, edge_weight, paste, pieces, to_float

if TYPE_CHECKING:
    from studio_image.core.region import Mask
    from studio_image.generators.params import InpaintParams

_LEAST_CONTEXT = 96
_CONTEXT_RATIO = 0.75
_PREVIEW_SIDE = 512


def repaint(picture: Picture, mask: Mask, params: InpaintParams, run: Run) -> None:
    """Fills the mask's part of the picture, in place."""
    parts = list(pieces(mask, least=_LEAST_CONTEXT, ratio=_CONTEXT_RATIO))
    weight = edge_weight(mask, params.feather)
    for index, (box, part) in enumerate(parts):

        def tick(done: float, so_far: Floats, index: int = index) -> None:
            run.progress(index + done, len(parts), tr("Filling"))
            if len(parts) == 1:
                run.preview(_preview(so_far))

        new = fill(_planes(picture.pixels[box.cut]), mask[box.cut] > 0, run.seed, tick)
        if picture.has_alpha:
            new[..., :3] *= 255 / np.maximum(new[..., 3:], 1)
        paste(picture, box, new, np.where(part > 0, weight[box.cut], 0).astype(np.float32))


def _planes(pixels: np.ndarray) -> Floats:
    """(H, W, 3) or (H, W, 4): color, and alpha where there is one; color is premultiplied by it."""
    values = color(pixels)
    if pixels.shape[2] in (1, 3):
        return values
    alpha = to_float(pixels[..., -1:])
    return np.concatenate([values * alpha / 255, alpha], axis=2)


def _preview(image: Floats) -> bytes:
    scale = min(1.0, _PREVIEW_SIDE / max(image.shape[:2]))
    size = (max(1, round(image.shape[1] * scale)), max(1, round(image.shape[0] * scale)))
    small = cv2.resize(image[..., :3], size, interpolation=cv2.INTER_AREA)
    return encode_png(Picture(np.clip(np.rint(small), 0, 255).astype(np.uint8)))
