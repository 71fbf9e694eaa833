"""Masks as picture files."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from studio.core.images import image_extension, load_image
from studio.errors import BadInput, DiskFull, StudioError

Pixels = np.ndarray[Any, np.dtype[np.uint8]]

_LOSSY = (".jpg", ".webp")
_NOISE = 16
"""Values under this are what lossy compression leaves of black, as in `images.load_mask`."""


def read(path: Path, size: tuple[int, int]) -> Pixels:
    """The mask in a picture, (H, W) uint8: its alpha if that is all it varies in, else its brightness.

    `size` is the photo's (width, height). Raises BadInput for another size, or for what is no picture.
    """
    picture = load_image(path)
    if picture.size != size:
        raise BadInput(
            f"The mask “{path.name}” has {picture.size[0]} × {picture.size[1]} pixels, "
            f"but the photo has {size[0]} × {size[1]}.",
            "Choose the mask that was made for this photo, or paint a new one.",
        )
    color, alpha = picture.rgb8(), picture.pixels[..., -1]
    if picture.has_alpha:
        alpha = (alpha >> (picture.bits - 8)).astype(np.uint8)
        seen = color[alpha > 0]
        if not len(seen) or (seen == seen[0]).all():
            return alpha
    mask = cv2.cvtColor(np.ascontiguousarray(color), cv2.COLOR_RGB2GRAY)
    if picture.has_alpha:
        mask = cv2.multiply(mask, alpha, scale=1 / 255)
    if image_extension(path) in _LOSSY:
        mask[mask < _NOISE] = 0
    return mask


def write(path: Path, pixels: Pixels) -> None:
    """Raises DiskFull, or StudioError for a place that cannot be written to: an older file stays whole."""
    from PIL import Image

    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        Image.fromarray(pixels).save(part, format="PNG", compress_level=1)
        part.replace(path)
    except OSError as error:
        part.unlink(missing_ok=True)
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise DiskFull(
                "The disk is full; the mask was not saved.", "Free some space and save again."
            ) from error
        raise StudioError(
            f"The mask cannot be saved as “{path.name}”: {error.strerror or error}.", "Choose another folder."
        ) from error
