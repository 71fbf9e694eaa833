"""Masks as picture files."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import Any

import numpy as np

from studio.errors import BadInput, DiskFull, StudioError

Pixels = np.ndarray[Any, np.dtype[np.uint8]]


def read(path: Path, size: tuple[int, int]) -> Pixels:
    """The mask in a picture of any mode, (H, W) uint8: its alpha if that is all it varies in, else its luminance.

    `size` is the photo's (width, height). Raises BadInput for another size or what is no picture.
    """
    from PIL import Image, UnidentifiedImageError

    try:
        with Image.open(path) as image:
            if image.size != size:
                raise BadInput(
                    f"The mask “{path.name}” is {image.width} × {image.height} pixels, "
                    f"but the photo is {size[0]} × {size[1]}.",
                    "Choose the mask that was made for this photo, or paint a new one.",
                )
            return _from_image(image)
    except (UnidentifiedImageError, Image.DecompressionBombError, SyntaxError, ValueError) as error:
        raise BadInput(f"“{path.name}” is not a picture that can be read.", "Choose a PNG file.", str(error)) from error
    except OSError as error:
        raise BadInput(f"The mask “{path.name}” cannot be read: {error.strerror or 'it is damaged'}.", "", str(error)) from error


def _from_image(image: Any) -> Pixels:
    if image.mode.startswith(("I", "F")):
        values = np.asarray(image, np.float64)
        top = 65535.0 if values.max() > 255 else 255.0
        return np.round(np.clip(values / top, 0, 1) * 255).astype(np.uint8)
    if image.has_transparency_data:
        pixels = np.asarray(image.convert("RGBA"))
        seen = pixels[pixels[..., 3] > 0][:, :3]
        if not len(seen) or (seen == seen[0]).all():
            return pixels[..., 3].copy()
    return np.array(image.convert("L"))


def write(path: Path, pixels: Pixels) -> None:
    """Raises DiskFull, or StudioError for a place that cannot be written to; an older file then stays whole."""
    from PIL import Image

    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        Image.fromarray(pixels).save(part, format="PNG", compress_level=1)
        part.replace(path)
    except OSError as error:
        part.unlink(missing_ok=True)
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise DiskFull("The disk is full; the mask was not saved.", "Free some space and save again.") from error
        raise StudioError(
            f"The mask cannot be saved as “{path.name}”: {error.strerror or error}.", "Choose another folder."
        ) from error
