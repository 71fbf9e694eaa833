"""What of a model is here already, kept between two tries."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

import msgspec

from studio.core.disk import sync_folder
from studio.core.model import ModelSpec, SpecFile
from studio.errors import StudioError
from studio.models.fetch.failed import other_bytes, other_size
from studio.models.locks import locked
from studio.models.meter import Meter
from studio.models.writing import while_writing
from studio.words import tr

Origin = Literal["hub", "wheels", "local"]

RESUMED: tuple[Origin, ...] = ("hub", "wheels")
"""The sources that go on where they stopped."""


class Partial:
    """The folder `partial/<digest of what is wanted>` of the store. One program at a time works in it."""

    def __init__(self, store: Path, spec: ModelSpec, meter: Meter) -> None:
        wanted = msgspec.json.encode((spec.files, spec.hub))
        self.spec = spec
        self.folder = store / "partial" / hashlib.sha256(wanted).hexdigest()[:16]
        self.meter = meter
        self.pins: dict[str, str] = {}
        """Digests of files, by name, that an earlier download had where nobody verified one."""

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Raises StudioError where another window or command fetches the same."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise while_writing(error, self.folder.parent, self.missing) from error
        try:
            with locked(self.folder / "lock", wait=False):
                yield
        except BlockingIOError as error:
            raise StudioError(
                tr(
                    "“{title}” is being fetched already, by another window or command.", title=self.spec.title
                ),
                tr("Wait until that one is done, or cancel it."),
            ) from error

    def whole(self, file: SpecFile) -> Path:
        """Where a file is once it is here and verified."""
        return self.folder / "whole" / file.name

    def has(self, file: SpecFile) -> bool:
        path = self.whole(file)
        return path.is_file() and file.size in (0, path.stat().st_size)

    @property
    def missing(self) -> int:
        """Bytes that are still to be written, as far as sizes are known."""
        return sum(max(0, file.size - self.begun(file)) for file in self.spec.files if not self.has(file))

    def begun(self, file: SpecFile, sources: Sequence[Origin] = RESUMED) -> int:
        """Bytes of the part of a file that got the furthest."""
        parts = (self.folder / source / f"{file.name}.part" for source in sources)
        return max((part.stat().st_size for part in parts if part.is_file()), default=0)

    def forget(self, file: SpecFile, source: Origin) -> None:
        """Throws away what is here of a file from there."""
        for suffix in ("part", "joined"):
            (self.folder / source / f"{file.name}.{suffix}").unlink(missing_ok=True)

    def part(self, file: SpecFile, source: Origin) -> Path:
        """Where a source writes a file while it is not whole; its folder is there."""
        path = self.folder / source / f"{file.name}.part"
        path.parent.mkdir(parents=True, exist_ok=True)
        return path

    def expected(self, file: SpecFile) -> str:
        """The digest that a file must have; empty where the first download decides."""
        return file.sha256 or self.pins.get(file.name, "")

    def keep(self, file: SpecFile, part: Path, digest: str) -> None:
        """Moves a part that is complete to the whole files.

        Raises:
            Damaged: it is something else; it was thrown away.
        """
        size = part.stat().st_size
        expected = self.expected(file)
        if file.size and size != file.size:
            part.unlink()
            raise other_size(file.name, file.size, size)
        if expected and digest != expected:
            part.unlink()
            raise other_bytes(file.name, expected, digest)
        whole = self.whole(file)
        whole.parent.mkdir(parents=True, exist_ok=True)
        part.replace(whole)
        sync_folder(whole.parent)
        self.meter.whole += size

    def take_back(self, folder: Path) -> None:
        """The files in a folder of a try that was killed after all of them were here. Raises OSError."""
        for file in self.spec.files:
            for place in (folder / file.name, folder / "model" / file.name):
                if not self.has(file) and place.is_file() and file.size in (0, place.stat().st_size):
                    self.whole(file).parent.mkdir(parents=True, exist_ok=True)
                    place.replace(self.whole(file))

    def remove(self) -> None:
        """Everything of this model is elsewhere now. The lock goes with it."""
        shutil.rmtree(self.folder, ignore_errors=True)
