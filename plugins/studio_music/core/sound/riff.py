"""The chunks of a sound font file: found, measured and checked before anything in them is believed.

Source: SoundFont Technical Specification 2.04, section 4. An .sf3 file is the same with samples in Ogg
Vorbis.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from studio.api.values import BadInput, tr

__all__ = ["RECORD_BYTES", "Chunk", "FontChunks", "font_chunks"]

RECORD_BYTES = {
    b"phdr": 38,
    b"pbag": 4,
    b"pmod": 10,
    b"pgen": 4,
    b"inst": 22,
    b"ibag": 4,
    b"imod": 10,
    b"igen": 4,
    b"shdr": 46,
}
"""The tables of `pdta`, and how large one record of each is."""
_MOST_TABLE_BYTES = 16 << 20
_MOST_FILE_BYTES = 4 << 30
_MOST_CHUNKS = 64


@dataclass(frozen=True)
class Chunk:
    start: int
    """Bytes from the beginning of the file to the chunk's data."""
    size: int


@dataclass(frozen=True)
class FontChunks:
    samples: Chunk
    """All samples one behind the other."""
    tables: dict[bytes, bytes]
    """The tables of `RECORD_BYTES`, each with a last record that only says where the one before it ends."""
    version: int
    """2 for .sf2, 3 for .sf3."""
    name: str


def broken(name: str, why: str) -> BadInput:
    return BadInput(
        tr("“{name}” is no sound font that can be played: {why}.", name=name, why=why),
        tr("Choose another .sf2 or .sf3 file, or none: the studio brings one of its own."),
    )


def font_chunks(file: BinaryIO, path: Path) -> FontChunks:
    """Where everything is in an open sound font.

    Raises:
        BadInput: it is no sound font, or it is cut off, or a table does not fit.
        OSError: it cannot be read.
    """
    size = file.seek(0, 2)
    file.seek(0)
    head = file.read(12)
    if len(head) < 12 or head[:4] != b"RIFF" or head[8:] != b"sfbk":
        raise broken(path.name, tr("it does not begin as one"))
    if size > _MOST_FILE_BYTES:
        raise broken(path.name, tr("it is larger than 4 GB"))
    told = struct.unpack("<I", head[4:8])[0] + 8
    if told > size:
        raise broken(
            path.name, tr("its end is missing ({there} of {told} bytes are there)", there=size, told=told)
        )
    found: dict[bytes, Chunk] = {}
    for kind, outer in _chunks(file, path, 12, told):
        if kind != b"LIST" or outer.size < 4:
            continue
        for inner_kind, inner in _chunks(file, path, outer.start + 4, outer.start + outer.size):
            found.setdefault(inner_kind, inner)
    return _checked(file, path, found)


def _chunks(file: BinaryIO, path: Path, start: int, end: int) -> list[tuple[bytes, Chunk]]:
    """The chunks that lie one behind the other from `start` to `end`."""
    found: list[tuple[bytes, Chunk]] = []
    while start + 8 <= end:
        file.seek(start)
        head = file.read(8)
        kind, size = head[:4], struct.unpack("<I", head[4:])[0]
        if start + 8 + size > end:
            raise broken(path.name, tr("a part of it claims to be longer than the file"))
        found.append((kind, Chunk(start + 8, size)))
        if len(found) > _MOST_CHUNKS:
            raise broken(path.name, tr("it has too many parts"))
        start += 8 + size
        if size % 2 and not _begins_chunk(file, start, end):
            start += 1  # chunks begin at even places; MuseScore's .sf3 files leave the filling byte out
    return found


def _begins_chunk(file: BinaryIO, start: int, end: int) -> bool:
    file.seek(start)
    return start + 8 <= end and file.read(4) in (b"LIST", *RECORD_BYTES)


def _checked(file: BinaryIO, path: Path, found: dict[bytes, Chunk]) -> FontChunks:
    samples = found.get(b"smpl")
    if samples is None or not samples.size:
        raise broken(path.name, tr("it has no samples"))
    tables: dict[bytes, bytes] = {}
    for kind, record in RECORD_BYTES.items():
        chunk = found.get(kind)
        if chunk is None or chunk.size % record or chunk.size < record:
            raise broken(path.name, tr("its table “{kind}” is missing or damaged", kind=kind.decode()))
        if chunk.size > _MOST_TABLE_BYTES:
            raise broken(path.name, tr("its table “{kind}” is too large", kind=kind.decode()))
        tables[kind] = _read(file, chunk)
    for kind in (b"phdr", b"inst", b"shdr"):
        if len(tables[kind]) < 2 * RECORD_BYTES[kind]:
            raise broken(path.name, tr("its table “{kind}” is empty", kind=kind.decode()))
    version = _read(file, found[b"ifil"])[:2] if b"ifil" in found else b"\2\0"
    name = _read(file, found[b"INAM"])[:256] if b"INAM" in found else b""
    return FontChunks(
        samples,
        tables,
        int.from_bytes(version, "little"),
        name.split(b"\0")[0].decode("latin-1").strip() or path.stem,
    )


def _read(file: BinaryIO, chunk: Chunk) -> bytes:
    file.seek(chunk.start)
    return file.read(chunk.size)
