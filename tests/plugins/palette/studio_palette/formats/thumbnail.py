from __future__ import annotations

from pathlib import Path

from studio.api.values import Swatches
from studio_palette.core.palette import read


def thumbnail(source: Path, side: int) -> Swatches:
    return Swatches(read(source).colors)
