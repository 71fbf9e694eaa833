"""Masks as picture files."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import Any

import numpy as np

from studio.api import read_mask
from studio.api.values import DiskFull, StudioError, tr

Pixels = np.ndarray[Any, np.dtype[np.uint8]]


def read(path: Path, size: tuple[int, int]) -> Pixels:
    """The mask in a picture, (H, W) uint8, by the same rule that the generators read it by.

    `size` is the photo's (width, height). Raises BadInput for another size, or for what is no picture.
    """
    return read_mask(path, size)


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
                tr("The disk is full; the mask was not saved."), tr("Free some space and save again.")
            ) from error
        raise StudioError(
            tr(
                "The mask cannot be saved as “{name}”: {why}.",
                name=path.name,
                why=error.strerror or str(error),
            ),
            tr("Choose another folder."),
        ) from error
