"""A palette: a few colors with a name, and its file, which is JSON."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path

from studio.api.values import BadInput, read_at_most, tr

KIND = "palette"
EXTENSION = ".palette"
FORMAT = 1
MOST_COLORS = 64
MOST_BYTES = 64 * 1024
_COLOR = re.compile(r"#[0-9a-f]{6}")


@dataclass(frozen=True)
class Palette:
    name: str
    colors: tuple[str, ...]
    """Each as "#rrggbb", in lower case."""


def to_json(palette: Palette) -> bytes:
    """The bytes of a palette's file: the same palette always gives the same."""
    values = {"palette": FORMAT, "name": palette.name, "colors": list(palette.colors)}
    return (json.dumps(values, ensure_ascii=False, indent=1) + "\n").encode()


def read(source: Path) -> Palette:
    """The palette in a file. Raises `BadInput` where there is none in it."""
    try:
        data = read_at_most(source, MOST_BYTES)
    except OSError as error:
        raise _no_palette(source.name) from error
    if len(data) > MOST_BYTES:
        raise _no_palette(source.name)
    return from_json(data, source.name)


def from_json(data: bytes, file: str) -> Palette:
    """`file` is what messages call it. Raises `BadInput`."""
    try:
        values = json.loads(data)
        name, colors, format = values["name"], values["colors"], values["palette"]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise _no_palette(file) from error
    if format != FORMAT or not isinstance(name, str) or not isinstance(colors, list):
        raise _no_palette(file)
    if not 0 < len(colors) <= MOST_COLORS or not all(is_color(color) for color in colors):
        raise _no_palette(file)
    return Palette(name, tuple(colors))


def is_color(value: object) -> bool:
    return isinstance(value, str) and _COLOR.fullmatch(value) is not None


def of_bytes(red: int, green: int, blue: int) -> str:
    return f"#{red:02x}{green:02x}{blue:02x}"


def of_parts(red: float, green: float, blue: float) -> str:
    """From parts of 1; what lies outside is clipped, and no number counts as 0."""
    return of_bytes(
        *(round(255 * min(max(part, 0.0), 1.0)) if part == part else 0 for part in (red, green, blue))
    )


def parts_of(color: str) -> tuple[float, float, float]:
    """Red, green and blue of "#rrggbb" as parts of 1."""
    return (int(color[1:3], 16) / 255, int(color[3:5], 16) / 255, int(color[5:7], 16) / 255)


def _no_palette(file: str) -> BadInput:
    return BadInput(
        tr("“{name}” is no palette.", name=file),
        tr("Choose a .palette file with 1 to {most} colors.", most=MOST_COLORS),
    )
