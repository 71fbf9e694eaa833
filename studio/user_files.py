"""Small files of the user's own (settings, presets, prompts, translations): how they are written, and where a
broken one goes.
"""

from __future__ import annotations

import os
from pathlib import Path


def read(file: Path, most: int) -> bytes:
    """At most one byte more than `most`, so that a file that is too large can be told. Raises OSError."""
    with file.open("rb") as opened:
        return opened.read(most + 1)


def write(file: Path, data: bytes) -> None:
    """Whole or not at all; makes the folder. Raises OSError."""
    file.parent.mkdir(parents=True, exist_ok=True)
    fresh = file.with_name(f"{file.name}.{os.getpid()}.new")
    try:
        fresh.write_bytes(data)
        fresh.replace(file)
    finally:
        fresh.unlink(missing_ok=True)


def put_aside(file: Path) -> Path | None:
    """Renames a broken file to `NAME.broken` and tells where it is now; None if it must stay where it is."""
    kept = file.with_name(f"{file.name}.broken")
    try:
        return file.replace(kept)
    except OSError:
        return None
