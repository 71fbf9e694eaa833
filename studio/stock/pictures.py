"""Decoding a picture small, with Pillow: what the thumbnail of a picture or mask shows.

The file is a stranger's. Its format is told by its first bytes, its header is held against limits before
anything is decoded, and a JPEG is decoded at a fraction of its size.
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

from PIL import Image, ImageOps

from studio.core.signatures import HEAD, picture_format
from studio.core.thumbnail import Pixels
from studio.errors import BadInput
from studio.words import tr

MAX_BYTES = 512 * 2**20
"""Of the decoded pixels of one picture."""

_PLUGINS = {
    "png": "PngImagePlugin",
    "jpeg": "JpegImagePlugin",
    "webp": "WebPImagePlugin",
    "tiff": "TiffImagePlugin",
    "gif": "GifImagePlugin",
    "bmp": "BmpImagePlugin",
}
"""The formats that are read, and the one module of Pillow that each needs: with all of them the process grows
by 20 MB."""
_BYTES = {"1": 1, "L": 1, "P": 1, "LA": 4, "PA": 4, "I": 4, "F": 4}
"""Of a pixel in Pillow's memory by mode; 16 bits take 2, the others 4."""


def small_picture(source: Path, side: int) -> Pixels:
    """The picture in a square of `side` pixels, turned as its EXIF says; never larger than it is.

    Raises:
        BadInput: it is no picture of a format that is read, it is damaged, or too large.
    """
    try:
        image = _decoded(source, side)
        if image.mode in ("P", "PA", "1"):
            image = image.convert("RGBA" if "transparency" in image.info or image.mode == "PA" else "RGB")
        image.thumbnail((side, side), Image.Resampling.BICUBIC, reducing_gap=2.0)
        if image.mode.startswith("I;16"):
            image = image.convert("I").point(lambda level: level / 256).convert("L")
        image = ImageOps.exif_transpose(image).convert("RGBA")
        return Pixels(image.width, image.height, image.tobytes())
    except BadInput:
        raise
    except OSError as error:
        raise _unreadable(source) from error
    except Exception as error:  # Pillow's parsers raise nearly anything for damaged bytes
        raise _unreadable(source) from error


def _decoded(source: Path, side: int) -> Image.Image:
    with source.open("rb") as opened:
        format = picture_format(opened.read(HEAD))
        if format is None:
            raise _unreadable(source)
        import_module(f"PIL.{_PLUGINS[format]}")
        opened.seek(0)
        with Image.open(opened, formats=[format.upper()]) as image:
            image.draft("RGB", (side, side))
            each = 2 if image.mode.startswith("I;16") else _BYTES.get(image.mode, 4)
            if image.width * image.height * each > MAX_BYTES:
                raise BadInput(
                    tr("“{name}” is too large to be shown.", name=source.name), tr("Make it smaller first.")
                )
            image.load()
            return image


def _unreadable(source: Path) -> BadInput:
    return BadInput(
        tr("“{name}” cannot be read as a picture.", name=source.name),
        tr("It may be damaged; import it again, or save it as PNG or JPEG."),
    )
