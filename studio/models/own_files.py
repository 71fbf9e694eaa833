"""The studio's own folders of models: one a model, and none that stays behind when a program is killed.

What is being written has a mark beside it, which is locked as long as somebody writes. A mark that nobody
holds is of a program that was killed; what it wrote goes, unless the list names it.
"""

from __future__ import annotations

import contextlib
import itertools
import re
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from uuid import uuid4

from studio.models.locks import locked

_UNFINISHED, _LEAVING = ".unfinished", ".leaving"
_LONGEST = 100
"""Bytes of a folder's name: file systems take 255, and the whole path must stay short on Windows."""
_DEVICES = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\.|$)", re.I)
"""Names that Windows gives to nobody."""


def new_folder(parent: Path, name: str) -> Path:
    """An empty folder for a model of this name. Raises OSError."""
    slug = _slug(name)
    parent.mkdir(parents=True, exist_ok=True)
    for number in itertools.count(1):
        folder = parent / (slug if number == 1 else f"{slug}-{number}")
        with contextlib.suppress(FileExistsError):
            folder.mkdir()
            return folder
    raise AssertionError("there is always another number")


def mark_of(folder: Path) -> Path:
    """What is locked while the folder is being written."""
    return folder.with_name(f".{folder.name}{_UNFINISHED}")


def remove(folder: Path) -> None:
    """At once as far as anybody can see. Raises OSError: it is in use (on Windows), and untouched."""
    leaving = folder.with_name(f".{uuid4().hex[:8]}{_LEAVING}")
    folder.rename(leaving)
    shutil.rmtree(leaving, ignore_errors=True)


def leave(folder: Path) -> None:
    """Removes a folder that nobody needs, or has the next `sweep` do it where it is in use (on Windows)."""
    try:
        remove(folder)
    except OSError:
        mark_of(folder).touch()


def sweep(parent: Path, listed: Sequence[Path], take: Callable[[Path], None], name: str) -> None:
    """Deletes what killed programs left; `take` may have what is a model of this name before.

    Nobody may change the list, or begin a folder, meanwhile.
    """
    slug = _slug(name)
    for leaving in parent.glob(f".*{_LEAVING}"):
        shutil.rmtree(leaving, ignore_errors=True)
    for mark in parent.glob(f".*{_UNFINISHED}"):
        folder = parent / mark.name[1:].removesuffix(_UNFINISHED)
        with contextlib.suppress(OSError):  # somebody writes there
            with locked(mark, wait=False):
                if not any(path.is_relative_to(folder) for path in listed):
                    if re.fullmatch(re.escape(slug) + r"(-\d+)?", folder.name):
                        take(folder)
                    shutil.rmtree(folder, ignore_errors=True)
            mark.unlink()


def _slug(name: str) -> str:
    slug = re.sub(r"[^\w.-]+", "-", name).encode(errors="ignore")[:_LONGEST].decode(errors="ignore")
    slug = slug.strip("-.") or "model"
    return f"model-{slug}" if _DEVICES.match(slug) else slug
