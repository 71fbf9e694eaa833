"""The folder that an export writes to: whole files only, and none of someone else's overwritten unasked."""

from __future__ import annotations

import errno
import filecmp
import hashlib
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Literal

from studio.core.file_names import safe_name
from studio.errors import BadInput, DiskFull, ProjectDamaged
from studio.words import tr

Collision = Literal["number", "skip", "replace"]
"""What happens where a file of that name is there already: a number is added, it stays, or it is replaced."""

_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


class FolderRefused(BadInput):
    """The folder cannot be written to, so that every further file would fail the same way."""


class Target:
    """One export's view of its folder, which is made where it is missing.

    Raises:
        FolderRefused: it is no folder, or cannot be made or written to.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._ours: set[str] = set()
        self._numbers: dict[str, int] = {}  # where to go on counting, so that 10,000 equal names stay quick
        with self._in_words("the folder"):
            folder.mkdir(parents=True, exist_ok=True)
            with self._unfinished():
                pass  # better now than after an hour's work

    def has_foreign(self, name: str) -> bool:
        """Whether a file of that name is there which this export did not write."""
        return name.casefold() not in self._ours and os.path.lexists(self.folder / name)

    def find(self, name: str, made: Path) -> tuple[Path, str, int] | None:
        """What `take` would give, where a file of that name holds the very bytes of `made` already."""
        path = self.folder / name
        with suppress(OSError):
            if path.stat().st_size == made.stat().st_size and filecmp.cmp(path, made, shallow=False):
                with path.open("rb") as stream:
                    return path, hashlib.file_digest(stream, "sha256").hexdigest(), path.stat().st_size
        return None

    @contextmanager
    def workroom(self) -> Iterator[Path]:
        """A folder within this one, for files that `take` puts in place; gone afterwards in any case."""
        room = self.folder / f".studio-{secrets.token_hex(8)}.part"
        with self._in_words("the folder"):
            room.mkdir()
        try:
            yield room
        finally:
            shutil.rmtree(room, ignore_errors=True)

    def take(self, name: str, made: Path, collision: Collision) -> tuple[Path, str, int]:
        """As `write`, with a file from a `workroom`, which moves."""
        with self._in_words(f"“{name}”"):
            return self._finish(made, name, collision)

    def free_stem(self, stem: str, extensions: tuple[str, ...]) -> str:
        """The first of "stem", "stem 2", … under which a file with none of these extensions exists."""
        free, number = stem, 1
        while any(os.path.lexists(self.folder / (free + end)) for end in extensions):
            number += 1
            free = f"{stem} {number}"
        return free

    def write(self, name: str, content: bytes, collision: Collision) -> tuple[Path, str, int]:
        """Writes a file that appears only once it is whole and on the disk: its path, SHA-256 and size.

        `name` is a safe file name. A file that this export wrote before is never replaced.

        Raises:
            FolderRefused, DiskFull, BadInput: with nothing left behind.
        """
        with self._in_words(f"“{name}”"), self._unfinished() as rough:
            rough.write_bytes(content)
            return self._finish(rough, name, collision)

    def copy(self, name: str, source: Path, digest: str, collision: Collision) -> tuple[Path, str, int]:
        """As `write`, with the bytes of a file whose SHA-256 is known.

        Raises:
            ProjectDamaged: the bytes are not those.
        """
        with self._in_words(f"“{name}”"), self._unfinished() as rough:
            shutil.copyfile(source, rough)
            return self._finish(rough, name, collision, digest)

    def _finish(
        self, rough: Path, name: str, collision: Collision, expected: str = ""
    ) -> tuple[Path, str, int]:
        with rough.open("rb+") as stream:
            digest = hashlib.file_digest(stream, "sha256").hexdigest()
            os.fsync(stream.fileno())
        if expected and digest != expected:
            raise ProjectDamaged(
                tr("“{name}” was not exported: its file in the project is damaged.", name=name),
                tr("Check the project; the recipe can make it again."),
            )
        size = rough.stat().st_size
        if collision == "replace" and name.casefold() not in self._ours:
            path = rough.replace(self.folder / name)
        else:
            path = self._place(rough, name)
        self._ours.add(path.name.casefold())
        return path, digest, size

    @contextmanager
    def _unfinished(self) -> Iterator[Path]:
        """A file in the folder itself, so that it can be renamed; gone afterwards in any case."""
        rough = self.folder / f".studio-{secrets.token_hex(8)}.part"
        rough.open("xb").close()
        try:
            yield rough
        finally:
            rough.unlink(missing_ok=True)

    def _place(self, rough: Path, name: str) -> Path:
        """Gives the whole file its name: the wanted one, or the first free "name 2.png"."""
        extension = Path(name).suffix
        stem = name[: len(name) - len(extension)]
        number = self._numbers.get(name.casefold(), 1)
        while True:
            path = self.folder / (name if number == 1 else safe_name(stem, extension, f" {number}"))
            number += 1
            try:
                path.open("xb").close()  # ours from here on, on any file system
            except FileExistsError:
                continue
            self._numbers[name.casefold()] = number
            try:
                return rough.replace(path)
            except OSError:
                path.unlink(missing_ok=True)
                raise

    @contextmanager
    def _in_words(self, what: str) -> Iterator[None]:
        try:
            yield
        except IsADirectoryError as error:
            raise BadInput(
                tr("{what} was not exported: a folder has that name.", what=what),
                tr("Choose another file name template."),
            ) from error
        except OSError as error:
            if error.errno in _FULL:
                raise DiskFull(
                    tr(
                        "The disk is full: {what} was not exported. Every file written before is whole.",
                        what=what,
                    ),
                    tr("Free some space or choose another folder, then export again."),
                ) from error
            if not self.folder.is_dir() and os.path.lexists(self.folder):
                raise FolderRefused(
                    tr("“{folder}” is not a folder.", folder=self.folder),
                    tr("Choose a folder to export to."),
                ) from error
            raise FolderRefused(
                tr(
                    "Nothing can be written to “{folder}”: {reason}.",
                    folder=self.folder,
                    reason=error.strerror,
                ),
                tr("Choose a folder that you may write to."),
            ) from error
