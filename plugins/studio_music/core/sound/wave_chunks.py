"""What a WAV file says of itself as a loop: chunks that samplers and music programs read.

Sources: Microsoft, "Multimedia Data Standards Update", 1994 (`smpl`); the `acid` chunk as libsndfile and
Ardour read it (Sonic Foundry never published it).
"""

from __future__ import annotations

import struct
from pathlib import Path

from studio_music.core.meter import TICKS
from studio_music.core.song import Song

__all__ = ["add_loop_chunks"]

_MIDDLE_C = 60


def add_loop_chunks(path: Path, song: Song, loop: tuple[int, int], rate: int, frames: int) -> None:
    """Writes into a WAV file that all of it is a loop, and of which tempo. Raises `OSError`."""
    chunks = _chunk(b"smpl", _sampler(rate, frames)) + _chunk(b"acid", _acid(song, loop, rate, frames))
    with path.open("r+b") as file:
        size = file.seek(0, 2)
        if size % 2:
            file.write(b"\0")
        file.write(chunks)
        size = file.tell()
        file.seek(4)
        file.write(struct.pack("<I", size - 8))


def _chunk(kind: bytes, data: bytes) -> bytes:
    return kind + struct.pack("<I", len(data)) + data


def _sampler(rate: int, frames: int) -> bytes:
    head = struct.pack("<9I", 0, 0, round(1e9 / rate), _MIDDLE_C, 0, 0, 0, 1, 0)
    return head + struct.pack("<6I", 0, 0, 0, frames - 1, 0, 0)


def _acid(song: Song, loop: tuple[int, int], rate: int, frames: int) -> bytes:
    meter = song.meter_at(loop[0])
    quarters = (loop[1] - loop[0]) / TICKS
    tempo = quarters * 60.0 * rate / frames
    return struct.pack(
        "<IHHfIHHf", 0, _MIDDLE_C, 0x8000, 0.0, round(quarters), meter.unit, meter.beats, tempo
    )
