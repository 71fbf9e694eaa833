"""A thumbnail as a file: a small picture (JPEG, or WebP where it is transparent) or a drawing as JSON.

The window reads nothing of an item's own file: only these, which the service process has written.
"""

from __future__ import annotations

import os
import re
import threading
from pathlib import Path

import msgspec

from studio.core.thumbnail import Drawing, Notes, Pixels, Swatches, TextPage, Wave

MAX_BYTES = 4 * 2**20
"""Of a drawing."""
MOST_VALUES = 20_000
"""Peaks, colors or notes of a drawing."""
_MAX_LINES, _MAX_LINE = 60, 500
_COLOR = re.compile(r"#[0-9a-fA-F]{6}")
_QUALITY = 90


class WrongThumbnailError(Exception):
    """What a plugin gave is no thumbnail; the text says why, for its author."""


def write_thumbnail(made: object, side: int, target: Path) -> None:
    """Checks what a plugin gave and writes it, whole or not at all.

    Raises:
        WrongThumbnailError: it is no thumbnail of at most `side` pixels.
        OSError: the file cannot be written.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    fresh = target.with_name(f"{target.name}.{os.getpid()}.{threading.get_ident()}.new")
    try:
        if isinstance(made, Pixels):
            _check_pixels(made, side)
            _write_pixels(made, fresh)
        else:
            fresh.write_bytes(msgspec.json.encode(_checked(made)))
        fresh.replace(target)
    finally:
        fresh.unlink(missing_ok=True)


def read_drawing(data: bytes) -> Drawing | None:
    """The drawing in a thumbnail's file; None if it is a picture or damaged."""
    if not data.startswith(b"{") or len(data) > MAX_BYTES:
        return None
    try:
        return _checked(msgspec.json.decode(data, type=Drawing))
    except (msgspec.DecodeError, WrongThumbnailError, ValueError, RecursionError):
        return None


def _check_pixels(made: Pixels, side: int) -> None:
    width, height = made.width, made.height
    if not all(isinstance(length, int) and 1 <= length <= side for length in (width, height)):
        raise WrongThumbnailError(f"{width!r} x {height!r} pixels, where {side} x {side} are asked for")
    if not isinstance(made.rgba, bytes) or len(made.rgba) != width * height * 4:
        raise WrongThumbnailError("the pixels are not bytes, four for each")


def _write_pixels(made: Pixels, file: Path) -> None:
    from PIL import Image  # only where there are pixels

    image = Image.frombytes("RGBA", (made.width, made.height), made.rgba)
    if image.getchannel("A").getextrema() == (255, 255):
        image.convert("RGB").save(file, "JPEG", quality=_QUALITY, subsampling=0)
    else:
        from PIL import WebPImagePlugin  # noqa: F401 - else all formats of Pillow are imported

        image.save(file, "WEBP", quality=_QUALITY, method=0)


def _checked(made: object) -> Drawing:
    """The drawing, its values as they are declared and not too many. Raises `WrongThumbnailError`."""
    if not isinstance(made, TextPage | Wave | Swatches | Notes):
        raise WrongThumbnailError(f"a {type(made).__name__} is no thumbnail")
    try:
        plain: Drawing = msgspec.convert(msgspec.to_builtins(made), Drawing)
    except (msgspec.ValidationError, TypeError, ValueError, RecursionError) as error:
        raise WrongThumbnailError(str(error)) from error
    match plain:
        case TextPage(lines):
            cut = (line[:_MAX_LINE].encode("utf-8", "replace").decode() for line in lines[:_MAX_LINES])
            return TextPage(tuple(cut))
        case Wave(peaks):
            _check(peaks, all(-1 <= low <= 1 and -1 <= high <= 1 for low, high in peaks))
        case Swatches(colors):
            _check(colors, all(_COLOR.fullmatch(color) for color in colors))
        case Notes(notes):
            _check(notes, all(_is_note(*note) for note in notes))
    return plain


def _check(values: tuple[object, ...], good: bool) -> None:
    if not good or not 0 < len(values) <= MOST_VALUES:
        raise WrongThumbnailError(f"of its {len(values)} values some cannot be drawn, or there are too many")


def _is_note(start: int, end: int, pitch: int, channel: int) -> bool:
    return 0 <= start <= end < 2**53 and 0 <= pitch <= 127 and 0 <= channel <= 15
