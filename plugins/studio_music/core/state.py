"""A song that is being edited, as bytes that outlive the program: what `studio_music.room` keeps."""

from __future__ import annotations

import json
import zlib
from dataclasses import dataclass

from studio.api.values import BadInput
from studio_music.core.midi_file import song_bytes, song_from_bytes
from studio_music.core.song import Song

FORMAT = 1
_LARGEST = 16 * 2**20
"""Bytes of a MIDI file that are unpacked at most."""


@dataclass(frozen=True)
class Unfinished:
    """A song that was edited and not kept."""

    song: Song
    of: str = ""
    """Uid of the item that it began as; "" for none."""
    name: str = ""


def pack(unfinished: Unfinished) -> bytes:
    """A line of JSON, then the song as a MIDI file, compressed."""
    head = json.dumps({"of": unfinished.of, "name": unfinished.name})
    return head.encode() + b"\n" + zlib.compress(song_bytes(unfinished.song), 6)


def unpack(data: bytes, format: int) -> Unfinished | None:
    """What `pack` gave; None for anything else."""
    head, _, body = data.partition(b"\n")
    if format != FORMAT:
        return None
    try:
        values = json.loads(head)
        of, name = values["of"], values["name"]
        reader = zlib.decompressobj()
        midi = reader.decompress(body, _LARGEST)
        if not reader.eof or not isinstance(of, str) or not isinstance(name, str):
            return None
        return Unfinished(song_from_bytes(midi, name), of, name)
    except (ValueError, LookupError, TypeError, zlib.error, BadInput, RecursionError):
        return None
