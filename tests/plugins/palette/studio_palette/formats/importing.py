from __future__ import annotations

from pathlib import Path

from studio.api.values import read_at_most, safe_name, write_whole
from studio_palette.core.palette import EXTENSION, read, to_json
from studio_palette.formats.ase import from_ase

MOST_BYTES = 8 * 2**20


def load(source: Path, folder: Path) -> list[Path]:
    """The palette of an Adobe Swatch Exchange file, or of a file of our own. Raises `BadInput`."""
    if source.suffix.lower() == EXTENSION:
        palette = read(source)
    else:
        palette = from_ase(read_at_most(source, MOST_BYTES), source.name)
    target = folder / safe_name(source.stem, EXTENSION)
    write_whole(target, to_json(palette))
    return [target]
