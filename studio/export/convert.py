"""Pictures in another file format. The libraries for it are imported on first use."""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING, Any

from studio.export.tiff import encode_tiff16

if TYPE_CHECKING:
    from studio.core.images import Picture

EXTENSIONS: dict[str, str] = {"png": ".png", "jpeg": ".jpg", "webp": ".webp", "tiff": ".tif"}
"""The formats that export offers, with the extension of each."""

ALIASES: dict[str, tuple[str, ...]] = {"jpeg": (".jpeg", ".jpe"), "tiff": (".tiff",)}
"""Further extensions that such files have."""

_QUALITY: dict[str, dict[str, Any]] = {
    "jpeg": {"quality": 95, "subsampling": 0, "optimize": True},
    "webp": {"quality": 92, "method": 4},
    "tiff": {"compression": "tiff_adobe_deflate"},
}


def convert(source: Path, format: str) -> bytes:
    """The picture in this file, encoded as `format`.

    Its color profile stays. PNG and TIFF keep 16 bits per channel, JPEG and WebP have 8. JPEG has no
    transparency: the picture is laid on white.

    Raises:
        BadInput: it is not a picture that we read.
    """
    from studio.core.images import load_image
    from studio.core.png import encode_png

    picture = load_image(source)
    if format == "png":
        return encode_png(picture)
    if format == "tiff" and picture.bits == 16:
        return encode_tiff16(picture)
    return _encode(picture, format)


def _encode(picture: Picture, format: str) -> bytes:
    import numpy as np
    from PIL import Image

    pixels = picture.pixels
    if pixels.dtype == np.uint16:
        pixels = ((pixels.astype(np.uint32) + 128) // 257).astype(np.uint8)
    image = Image.fromarray(pixels[..., 0] if pixels.shape[2] == 1 else pixels)
    if format == "jpeg" and image.mode in ("LA", "RGBA"):
        opaque = image.convert("RGBA")
        ground = Image.new("RGBA", opaque.size, "white")
        ground.alpha_composite(opaque)
        image = ground.convert("L" if image.mode == "LA" else "RGB")
    encoded = io.BytesIO()
    profile = {"icc_profile": picture.icc} if picture.icc else {}
    image.save(encoded, format.upper(), **_QUALITY[format], **profile)
    return encoded.getvalue()
