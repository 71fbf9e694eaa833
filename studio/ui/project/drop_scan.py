"""What a drop of files and folders holds: photos, projects, packs, presets, and what is of no use.

Reads the disk, so it belongs on a thread. Nothing is opened that could block (a pipe, a device), links to
folders are not followed (they may lead in circles), and a folder that cannot be read is a reason, not an end.
"""

from __future__ import annotations

import os
import stat
import zipfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from msgspec import Struct, field

from studio.project.layout import CARD, DATABASE
from studio.words import tr

MOST_FILES = 100_000
"""Of one drop: above that somebody has dropped their whole disk by mistake."""
DEEPEST = 32
"""Folders within folders."""
PRESET_MARK = b'"studio_preset"'
"""Near the beginning of every preset's file."""

_PACK_ENTRIES = 1000
_STEP = 50


class Refused(Struct, frozen=True):
    path: Path
    reason: str

    def __str__(self) -> str:
        return f"{self.path}: {self.reason}"


class Found(Struct):
    photos: list[Path] = field(default_factory=list)
    """What may be one: nothing was read of it yet."""
    projects: list[Path] = field(default_factory=list)
    packs: list[Path] = field(default_factory=list)
    presets: list[Path] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)

    @property
    def count(self) -> int:
        kinds = (self.photos, self.projects, self.packs, self.presets, self.refused)
        return sum(len(kind) for kind in kinds)


def scan(dropped: Iterable[Path], tell: Callable[[int], object]) -> Found:
    """Sorts what was dropped, folders with all that is below them. `tell(count)` is called now and then."""
    found = Found()
    for path in dropped:
        for file, reason in _files(path):
            if found.count >= MOST_FILES:
                found.refused.append(Refused(file, tr("more than a drop may hold; drop it by itself")))
                return found
            if reason:
                found.refused.append(Refused(file, reason))
            else:
                _sort(file, found)
            if found.count % _STEP == 0:
                tell(found.count)
    return found


def is_project(folder: Path) -> bool:
    return any((folder / name).is_file() for name in (CARD, DATABASE))


def is_pack(file: Path) -> bool:
    """Whether a zip file holds a project."""
    try:
        with zipfile.ZipFile(file) as opened:
            return any(name.endswith(f"/{CARD}") for name in opened.namelist()[:_PACK_ENTRIES])
    except (OSError, zipfile.BadZipFile, ValueError, NotImplementedError):
        return False


def is_preset(file: Path) -> bool:
    try:
        with file.open("rb") as opened:
            return PRESET_MARK in opened.read(500)
    except OSError:
        return False


def _files(path: Path, depth: int = 0) -> Iterator[tuple[Path, str]]:
    """The file itself or all files of a folder, each with why it is of no use ("" if it may be of some)."""
    try:
        status = path.stat()
    except (OSError, ValueError) as error:
        yield path, _why(error)
        return
    if not stat.S_ISDIR(status.st_mode):
        yield path, "" if stat.S_ISREG(status.st_mode) else tr("neither a file nor a folder")
        return
    if is_project(path):
        yield path, "" if depth == 0 else tr("a project; drop it by itself to open it")
        return
    if depth and path.is_symlink():
        yield path, tr("a link to a folder, which is not followed")
        return
    if depth > DEEPEST:
        yield path, tr("too many folders within each other")
        return
    try:
        with os.scandir(path) as entries:
            inside = sorted((Path(entry.path) for entry in entries), key=lambda one: one.name.casefold())
    except OSError as error:
        yield path, _why(error)
        return
    for one in inside:
        if not one.name.startswith("."):
            yield from _files(one, depth + 1)


def _sort(file: Path, found: Found) -> None:
    name = file.name.lower()
    if file.is_dir():
        found.projects.append(file)
    elif name.endswith(".json"):
        if is_preset(file):
            found.presets.append(file)
        else:
            found.refused.append(Refused(file, tr("neither a picture nor a preset")))
    elif name.endswith(".zip"):
        if is_pack(file):
            found.packs.append(file)
        else:
            found.refused.append(Refused(file, tr("an archive; unpack it first")))
    else:
        found.photos.append(file)


def _why(error: Exception) -> str:
    strerror = error.strerror if isinstance(error, OSError) and error.strerror else ""
    return tr("it cannot be read ({reason})", reason=strerror) if strerror else tr("it cannot be read")
