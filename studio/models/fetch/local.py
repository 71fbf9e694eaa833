"""Files that a person has already: one file, or a folder that holds those of a model."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from studio.core.disk import is_full
from studio.core.model import SpecFile
from studio.errors import BadInput
from studio.given_paths import is_file, is_folder
from studio.models.bundle_file import FILES, is_bundle, read_bundle
from studio.models.fetch.failed import SourceFailed, other_size
from studio.models.fetch.partial import Origin, Partial
from studio.models.writing import CHUNK, Writer
from studio.words import mark, tr

_MAX_ENTRIES = 2000
"""Of a folder: one with more is somebody's home, not a model."""


class LocalSource:
    """Copies and verifies; the copy is ours, so what becomes of the original does not matter."""

    origin: Origin = "local"
    title = mark("Your files")
    packed = False

    def __init__(self, path: Path) -> None:
        self._path = path

    def fetch(self, file: SpecFile, partial: Partial) -> None:
        """Raises SourceFailed, Cancelled, OSError (of writing)."""
        if is_bundle(self._path):
            self._from_bundle(file, partial)
            return
        failed: SourceFailed | None = None
        for candidate in self._candidates(file, single=len(partial.spec.files) == 1):
            try:
                self._copy(candidate, file, partial)
                return
            except SourceFailed as error:
                failed = failed or error
        raise failed or SourceFailed(
            tr("“{name}” is not in “{folder}”", name=file.name, folder=self._path.name or str(self._path)),
            tr("Choose the file itself, or the folder that holds it."),
        )

    def _candidates(self, file: SpecFile, *, single: bool) -> Iterator[Path]:
        """Most likely first: by its name, then by its size under any name."""
        if not is_folder(self._path):
            if is_file(self._path) and (single or self._path.name == Path(file.name).name):
                yield self._path
            return
        named = dict.fromkeys((self._path / file.name, self._path / Path(file.name).name))
        yield from (path for path in named if is_file(path))
        if file.size and file.sha256:
            yield from (
                path for path in self._entries() if path not in named and path.stat().st_size == file.size
            )

    def _entries(self) -> Iterator[Path]:
        try:
            for number, path in enumerate(sorted(self._path.iterdir())):
                if number == _MAX_ENTRIES:
                    return
                if is_file(path):
                    yield path
        except OSError:
            return

    def _from_bundle(self, file: SpecFile, partial: Partial) -> None:
        try:
            bundle = read_bundle(self._path)
        except BadInput as error:
            raise SourceFailed(error.message.rstrip("."), error.hint, error.detail) from error
        expected = partial.expected(file)
        found = bundle.file(expected) if expected else None
        if found is None:
            raise SourceFailed(
                tr("the bundle “{folder}” does not hold “{name}”", folder=self._path.name, name=file.name),
                tr("Choose another bundle, or import what it holds."),
            )
        copy_verified([self._path / FILES / part for part in found.parts], file, partial)

    def _copy(self, source: Path, file: SpecFile, partial: Partial) -> None:
        size = source.stat().st_size
        if file.size and size != file.size:
            raise other_size(source.name, file.size, size)
        copy_verified([source], file, partial)


def copy_verified(pieces: Sequence[Path], file: SpecFile, partial: Partial) -> None:
    """Raises Damaged, SourceFailed, Cancelled, OSError (of a full disk)."""
    part = partial.part(file, "local")
    words = tr("Copying “{name}”", name=file.name)
    try:
        with Writer(part) as writer:
            for piece in pieces:
                with piece.open("rb") as reading:
                    while chunk := reading.read(CHUNK):
                        writer.write(chunk)
                        partial.meter.tell(writer.size, words)
            writer.sync()
        partial.keep(file, part, writer.digest)
    except OSError as error:
        part.unlink(missing_ok=True)
        if is_full(error):
            raise
        raise SourceFailed(
            tr("“{name}” cannot be read", name=file.name), tr("Check that it is still there."), ascii(error)
        ) from error
    except BaseException:
        part.unlink(missing_ok=True)
        raise
