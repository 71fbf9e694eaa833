from __future__ import annotations

import re
from pathlib import Path

from studio.api.values import ExportRequest, write_whole
from studio_palette.core.palette import Palette, read
from studio_palette.formats.ase import to_ase


def export_ase(source: Path, target: Path, request: ExportRequest) -> list[Path]:
    write_whole(target, to_ase(read(source)))
    return [target]


def export_css(source: Path, target: Path, request: ExportRequest) -> list[Path]:
    palette = read(source)
    write_whole(target, to_css(palette, request.name or palette.name).encode())
    return [target]


def to_css(palette: Palette, name: str) -> str:
    """Custom properties of the whole page, called by name and number."""
    stem = re.sub("[^a-z0-9]+", "-", name.lower()).strip("-") or "color"
    lines = [f"  --{stem}-{number}: {color};" for number, color in enumerate(palette.colors, 1)]
    return "\n".join([":root {", *lines, "}", ""])
