"""Zip files from strangers. Python's own `extractall` writes "../evil" as "evil" and unpacks bombs."""

from __future__ import annotations

import errno
import stat
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from studio.core.given_files import shown
from studio.errors import BadInput, StudioError
from studio.project import files, watch
from studio.words import tr

MOST_ENTRIES = 100_000
MOST_BYTES = 20_000_000_000
HIGHEST_RATIO = 100
"""Unpacked to packed: text reaches about 20, a bomb 1000."""

_CHUNK = 1 << 20
_DEVICES = {"con", "prn", "aux", "nul"} | {
    f"{port}{number}" for port in ("com", "lpt") for number in "123456789¹²³"
}
_BROKEN = (
    zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, struct.error, EOFError, NotImplementedError,
    RuntimeError, ValueError, UnicodeError, OverflowError,
)  # fmt: skip
"""What `zipfile` raises for files that are no zip, or not one that it can read."""


def extract(
    archive: Path, folder: Path, *, most_entries: int = MOST_ENTRIES, most_bytes: int = MOST_BYTES
) -> list[PurePosixPath]:
    """Unpacks an archive into a folder that is new and empty.

    Nothing is written before every entry was found harmless: no absolute name, "..", backslash, drive letter,
    link, encryption or name that stands for a device; no two names that are one on a system that ignores
    case.

    Returns: the files, relative to `folder`.

    Raises:
        BadInput: refused, or damaged. DiskFull: it does not fit. What was written so far is the caller's to
        remove.
    """
    try:
        with zipfile.ZipFile(archive) as opened:
            entries = _harmless(opened.infolist(), archive, most_entries, most_bytes)
            needed = sum(entry.file_size for entry in entries)
            if needed > files.free(folder):
                raise files.disk_full(folder, f"“{shown(archive.name)}”", needed)
            for entry in watch.each(entries, len(entries)):
                target = folder.joinpath(*entry.filename.split("/"))
                target.parent.mkdir(parents=True, exist_ok=True)
                _write(opened, entry, target)
            return [PurePosixPath(entry.filename) for entry in entries]
    except _BROKEN as error:
        raise _refused(archive, tr("it is damaged or no zip file"), error) from error
    except OSError as error:
        if error.errno == errno.EINVAL:  # zipfile was told to seek to where no place is
            raise _refused(archive, tr("it is damaged or no zip file"), error) from error
        raise files.as_studio_error(error, folder, f"“{shown(archive.name)}”") from error


def _write(opened: zipfile.ZipFile, entry: zipfile.ZipInfo, target: Path) -> None:
    with opened.open(entry) as reading, target.open("xb") as writing:
        while chunk := reading.read(_CHUNK):  # at most file_size bytes, whatever is packed
            writing.write(chunk)
        writing.flush()
        files.sync_file(writing.fileno())


def _harmless(
    entries: list[zipfile.ZipInfo], archive: Path, most_entries: int, most_bytes: int
) -> list[zipfile.ZipInfo]:
    """The entries that are files. Raises BadInput for any that is not harmless."""
    if len(entries) > most_entries:
        raise _refused(
            archive, tr("it has {count} entries, over {most}", count=len(entries), most=most_entries)
        )
    unpacked, packed = sum(entry.file_size for entry in entries), archive.stat().st_size
    if unpacked > most_bytes:
        raise _refused(archive, tr("it would unpack to {unpacked}", unpacked=files.in_words(unpacked)))
    if unpacked > HIGHEST_RATIO * max(packed, 1):
        raise _refused(
            archive,
            tr(
                "it would unpack to {unpacked} from {packed}",
                unpacked=files.in_words(unpacked),
                packed=files.in_words(packed),
            ),
        )
    taken: set[str] = set()
    folders: set[str] = set()
    for entry in entries:
        name = unicodedata.normalize("NFC", entry.filename.casefold()).rstrip("/")
        above = set(_above(name))
        wrong = _wrong_with(entry)
        if not wrong and (name in taken or above & taken or (name in folders and not entry.is_dir())):
            wrong = tr("a name that occurs twice")
        if wrong:
            raise _refused(
                archive, tr("it contains {what} ({file})", what=wrong, file=ascii(entry.filename[:80]))
            )
        folders |= above
        (folders if entry.is_dir() else taken).add(name)
    return [entry for entry in entries if not entry.is_dir()]


def _above(name: str) -> Iterator[str]:
    """The folders that a name lies in."""
    parts = name.split("/")
    return ("/".join(parts[:end]) for end in range(1, len(parts)))


def _wrong_with(entry: zipfile.ZipInfo) -> str:
    """In words; empty for a harmless entry."""
    name = entry.orig_filename  # before zipfile cut it at a NUL and turned this system's separators
    kind = stat.S_IFMT(entry.external_attr >> 16)
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
        return tr("a link or a device")
    if entry.flag_bits & 0x1:
        return tr("an encrypted file")
    if name.startswith("/") or "\\" in name or ":" in name:
        return tr("a path from outside its folder")
    parts = name.removesuffix("/").split("/")
    if any(part in ("", ".", "..") for part in parts):
        return tr("a path from outside its folder")
    if any(part.split(".")[0].rstrip(" ").lower() in _DEVICES or part[-1] in ". " for part in parts):
        return tr("a name that some systems reserve")
    if any(unicodedata.category(character) in ("Cc", "Cs") for character in name):
        return tr("a name with control characters")
    if any(len(part.encode()) > 255 for part in parts) or len(name) > 1000:
        return tr("a name that is too long")
    return ""


def _refused(archive: Path, why: str, error: Exception | None = None) -> StudioError:
    return BadInput(
        tr("“{name}” was not unpacked: {why}.", name=shown(archive.name), why=why),
        tr("Ask whoever sent it to pack it again with Studio."),
        ascii(error) if error else "",
    )
