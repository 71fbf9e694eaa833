"""Bytes by their SHA-256: written once, never changed, with their real extension so people can open them."""

from __future__ import annotations

import errno
import hashlib
import os
import re
import shutil
import threading
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from studio.core.given_files import regular_file, shown
from studio.errors import BadInput, MissingBlob
from studio.project import files
from studio.words import tr

_CHUNK = 1 << 20
_EXTENSION = re.compile(r"\.[a-z0-9]{1,10}")
NAME = re.compile(r"([0-9a-f]{64})(\.[a-z0-9]{1,10})")
"""The file name of a blob: digest and extension."""


class Blobs:
    """`blobs/ab/<digest>.<extension>`, and `trash/` for what no item names any more."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "blobs"
        self._tmp = folder / "tmp"
        self._trash = folder / "trash"
        self._unnamed: set[tuple[str, str]] = set()
        """Stored, and waiting for the row that will name them: emptying the trash must not take them."""
        self._lock = threading.Lock()

    def path(self, digest: str, extension: str) -> Path:
        """Where the blob lies, or would lie."""
        return self.folder / digest[:2] / f"{digest}{extension}"

    def find(self, digest: str, extensions: list[str]) -> Path:
        """The blob's file, looked for under these extensions first and then under any.

        Raises:
            MissingBlob: it is gone, or a link stands in its place.
        """
        for candidate in self._candidates(digest, extensions):
            if candidate.is_file() and not candidate.is_symlink():
                return candidate
        raise MissingBlob(
            tr("A file of this project is missing. The recipe is kept."),
            tr("Locate the file and drop it on the project again, or generate it again."),
            f"{digest}{extensions[0] if extensions else ''}",
        )

    def _candidates(self, digest: str, extensions: list[str]) -> Iterator[Path]:
        yield from (self.path(digest, extension) for extension in extensions)
        if digest.isalnum():
            yield from sorted(self.folder.joinpath(digest[:2]).glob(f"{digest}.*"))

    def store(self, source: Path, extension: str, *, move: bool) -> tuple[str, int]:
        """Brings a file in; it is on the disk when this returns.

        Args:
            move: take the file itself where it lies on the same disk; `source` is gone afterwards.

        Returns: digest and size in bytes.

        Raises:
            DiskFull: nothing was changed. BadInput: the source is no readable file.
        """
        extension = real_extension(extension)
        needed = regular_file(source).st_size
        try:
            if move:
                stored = self._take(source, extension)
                if stored:
                    return stored
            stored = self._copy(source, extension, needed)
            if move:
                source.unlink()
            return stored
        except OSError as error:
            raise files.as_studio_error(error, self.folder, f"“{shown(source.name)}”", needed) from error

    def _take(self, source: Path, extension: str) -> tuple[str, int] | None:
        """Renames the source into place; None where it lies on another disk."""
        if source.is_symlink():
            raise BadInput(
                tr("“{name}” is a link, not a file.", name=shown(source.name)),
                tr("Use the file that it leads to."),
            )
        with source.open("r+b") as file:  # fsync on Windows wants a file opened for writing
            digest, size = hashlib.sha256(), 0
            while chunk := file.read(_CHUNK):
                digest.update(chunk)
                size += len(chunk)
            files.sync_file(file.fileno())
        try:
            self._place(source, self.path(digest.hexdigest(), extension), size)
        except OSError as error:
            if error.errno == errno.EXDEV:
                return None
            raise
        return digest.hexdigest(), size

    def _copy(self, source: Path, extension: str, needed: int) -> tuple[str, int]:
        if needed > shutil.disk_usage(self.folder).free:
            raise files.disk_full(self.folder, f"“{shown(source.name)}”", needed)
        part = self._tmp / f"{uuid.uuid4().hex}.part"
        try:
            with _readable(source) as reading, part.open("xb", buffering=0) as writing:
                digest, size = hashlib.sha256(), 0
                while chunk := reading.read(_CHUNK):
                    digest.update(chunk)
                    size += len(chunk)
                    _write_all(writing.fileno(), chunk)
                files.sync_file(writing.fileno())
            self._place(part, self.path(digest.hexdigest(), extension), size)
        finally:
            part.unlink(missing_ok=True)
        return digest.hexdigest(), size

    def _place(self, part: Path, target: Path, size: int) -> None:
        with self._lock:
            self._unnamed.add((target.stem, target.suffix))
        if not target.parent.is_dir():
            target.parent.mkdir(exist_ok=True)
            files.sync_folder(self.folder)
        if target.is_symlink() or not target.is_file() or target.stat().st_size != size:
            part.replace(target)
        else:
            part.unlink()
        # Also for one that was there: whoever put it may have been killed before this.
        files.sync_folder(target.parent)

    def named(self, digest: str, extension: str) -> None:
        """Tells that a row names the blob now."""
        with self._lock:
            self._unnamed.discard((digest, extension))

    def discard(self, digest: str, extension: str) -> None:
        """Moves a blob that no item names any more to the trash."""
        path = self.path(digest, extension)
        with self._lock:
            if (digest, extension) not in self._unnamed and path.is_file():
                self.set_aside(path)

    def set_aside(self, path: Path, name: str = "") -> None:
        """Moves any file of the blob folder to the trash, where its age counts from now."""
        target = self._trash / (name or path.name)
        path.replace(target)
        if not target.is_symlink():
            os.utime(target)

    def bring_back(self, digest: str, extension: str) -> bool:
        """Takes a blob out of the trash again, if it is there and nothing else is in its place."""
        waiting, target = self._trash / f"{digest}{extension}", self.path(digest, extension)
        if target.exists() or waiting.is_symlink() or not waiting.is_file():
            return False
        target.parent.mkdir(exist_ok=True)
        waiting.replace(target)
        files.sync_folder(target.parent)
        return True

    def empty_trash(self, older_than_days: float) -> int:
        """Removes what has been in the trash for so long; returns how many files that were."""
        limit, removed = time.time() - older_than_days * 86400, 0
        for path in self._trash.iterdir():
            if path.lstat().st_mtime > limit:
                continue
            if path.is_dir() and not path.is_symlink():  # a damaged database, kept by recovery
                shutil.rmtree(path)
            else:
                path.unlink()
            removed += 1
        return removed

    def all(self) -> Iterator[Path]:
        """Every file below `blobs/`, in no order, whatever its name."""
        for folder in self.folder.iterdir():
            if folder.is_dir() and not folder.is_symlink():
                yield from folder.iterdir()
            else:
                yield folder


def real_extension(suffix: str) -> str:
    """A file's suffix as blobs have it: lower case; ".bin" for what is no plain suffix."""
    return suffix.lower() if _EXTENSION.fullmatch(suffix.lower()) else ".bin"


def digest_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _readable(source: Path) -> BinaryIO:
    try:
        return source.open("rb")
    except OSError as error:
        raise BadInput(
            tr("“{name}” cannot be read.", name=shown(source.name)),
            tr("Check its permissions."),
            ascii(error),
        ) from error


def _write_all(descriptor: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]
