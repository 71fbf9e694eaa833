"""Adobe Swatch Exchange: big-endian blocks after the signature "ASEF", version 1.0 and their number.

A block is its type (two bytes), its length (four) and its body. The body of a group's start is its name; that
of a color is its name, the color model (four letters), one 32-bit float for each channel, and the color's
type. A name is the number of its UTF-16 units (two bytes), the closing zero among them, and these units.
"""

from __future__ import annotations

import struct

from studio.api.values import BadInput, tr
from studio_palette.core.palette import MOST_COLORS, Palette, of_parts, parts_of

_HEAD = b"ASEF" + struct.pack(">HH", 1, 0)
_GROUP, _GROUP_END, _COLOR = 0xC001, 0xC002, 0x0001
_GLOBAL = 0
_CHANNELS = {b"RGB ": 3, b"CMYK": 4, b"LAB ": 3, b"Gray": 1}


def to_ase(palette: Palette) -> bytes:
    """One group that is called as the palette is; each color is called by its number."""
    blocks = [_block(_GROUP, _name(palette.name))]
    for color in palette.colors:
        body = _name(color) + b"RGB " + struct.pack(">3fH", *parts_of(color), _GLOBAL)
        blocks.append(_block(_COLOR, body))
    blocks.append(_block(_GROUP_END, b""))
    return _HEAD + struct.pack(">I", len(blocks)) + b"".join(blocks)


def from_ase(data: bytes, file: str) -> Palette:
    """All colors of a file, whatever groups they are in, called as its first group is.

    Raises:
        BadInput: it is no such file, or has no color or too many.
    """
    try:
        name, colors = _read(data)
    except (struct.error, UnicodeDecodeError, KeyError, IndexError) as error:
        raise _unreadable(file) from error
    if not data.startswith(b"ASEF") or not 0 < len(colors) <= MOST_COLORS:
        raise _unreadable(file)
    return Palette(name or file, tuple(colors))


def _read(data: bytes) -> tuple[str, list[str]]:
    (count,) = struct.unpack_from(">I", data, 8)
    name, colors, at = "", [], 12
    for _ in range(min(count, len(data) // 6)):
        kind, length = struct.unpack_from(">HI", data, at)
        body = data[at + 6 : at + 6 + length]
        at += 6 + length
        if kind == _GROUP:
            name = name or _text(body)[0]
        elif kind == _COLOR:
            colors.append(_color(body))
    return name, colors


def _color(body: bytes) -> str:
    _, at = _text(body)
    model = body[at : at + 4]
    values = struct.unpack_from(f">{_CHANNELS[model]}f", body, at + 4)
    if model == b"CMYK":
        return of_parts(*((1 - part) * (1 - values[3]) for part in values[:3]))
    if model == b"LAB ":
        return of_parts(*_rgb_of_lab(*values))
    return of_parts(*(values * 3)[:3])


def _rgb_of_lab(lightness: float, a: float, b: float) -> tuple[float, ...]:
    """Lightness as a part of 1, a and b from -128 to 127, for daylight D50; sRGB as parts of 1."""
    y = (lightness * 100 + 16) / 116
    x, z = y + a / 500, y - b / 200
    white = (0.9642, 1.0, 0.8249)
    xyz = [
        w * (t**3 if t > 6 / 29 else (t - 4 / 29) * 3 * (6 / 29) ** 2)
        for w, t in zip(white, (x, y, z), strict=True)
    ]
    rows = (
        (3.1338561, -1.6168667, -0.4906146),
        (-0.9787684, 1.9161415, 0.0334540),
        (0.0719453, -0.2289914, 1.4052427),
    )
    linear = (sum(factor * part for factor, part in zip(row, xyz, strict=True)) for row in rows)
    return tuple(12.92 * v if v <= 0.0031308 else 1.055 * v ** (1 / 2.4) - 0.055 for v in linear)


def _block(kind: int, body: bytes) -> bytes:
    return struct.pack(">HI", kind, len(body)) + body


def _name(text: str) -> bytes:
    units = (text + "\0").encode("utf-16-be", "replace")
    return struct.pack(">H", len(units) // 2) + units


def _text(body: bytes) -> tuple[str, int]:
    """The name at the beginning of a block's body, and where it ends."""
    (units,) = struct.unpack_from(">H", body)
    end = 2 + 2 * units
    return body[2:end].decode("utf-16-be").rstrip("\0"), end


def _unreadable(file: str) -> BadInput:
    return BadInput(
        tr("“{name}” is no Adobe Swatch Exchange file that can be read.", name=file),
        tr("Save it again with 1 to {most} colors.", most=MOST_COLORS),
    )
