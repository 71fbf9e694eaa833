"""Files as other programs get them: under the item's name, and never the project's own bytes."""

from __future__ import annotations

import os
import shutil
import time
from pathlib import Path

from studio.core.item import Item
from studio.export.naming import safe_name

KEEP_SECONDS = 24 * 3600
"""A program that was given a file may still read it long after the drag."""


def hand_out(item: Item, blob: Path, folder: Path) -> Path:
    """A copy of `blob` in `folder`, named after its item; one that was made before serves again.

    A copy and not a hard link: whoever gets it may write into it. Where it cannot be made (a full disk), the
    blob itself serves.
    """
    place = folder / item.digest[:16]
    file = place / safe_name(item.name.removesuffix(item.extension), item.extension)
    try:
        place.mkdir(parents=True, exist_ok=True)
        if not file.exists() or file.stat().st_size != item.size or _is_touched(file, blob):
            part = place / f".{os.getpid()}.part"
            shutil.copyfile(blob, part)
            shutil.copystat(blob, part)
            part.replace(file)
        os.utime(place)
    except OSError:
        return blob
    return file


def _is_touched(file: Path, blob: Path) -> bool:
    return file.stat().st_mtime_ns != blob.stat().st_mtime_ns


def sweep(folder: Path) -> None:
    """Removes what was handed out more than a day ago."""
    before = time.time() - KEEP_SECONDS
    for place in folder.iterdir() if folder.is_dir() else ():
        if place.stat().st_mtime < before:
            shutil.rmtree(place, ignore_errors=True)
