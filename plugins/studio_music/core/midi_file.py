"""Songs as Standard MIDI Files, which every music program reads: what an item of the kind `music` is.

A song that was written is read again to the note. Files of other programs are read as far as they can be;
what is left out or mended is said in remarks.
"""

from __future__ import annotations

from pathlib import Path

from studio.api.values import read_at_most, write_whole
from studio_music.core.midi_bytes import parse
from studio_music.core.midi_limits import MOST_BYTES
from studio_music.core.midi_read import song_of
from studio_music.core.midi_write import song_bytes
from studio_music.core.song import Song

__all__ = ["read_song", "read_with_remarks", "song_bytes", "song_from_bytes", "write_song"]


def read_song(path: Path) -> Song:
    """The song in a file. Raises `BadInput` where it holds none, `OSError`."""
    return read_with_remarks(path)[0]


def read_with_remarks(path: Path) -> tuple[Song, tuple[str, ...]]:
    """The song in a file, and what had to be mended or left out, each in a sentence.

    Raises:
        BadInput: it is no MIDI file, it has no notes, or it is larger than `midi_limits` allows.
        OSError: the file cannot be read.
    """
    return _read(read_at_most(path, MOST_BYTES), path.name)


def song_from_bytes(data: bytes, name: str) -> Song:
    """The song in the bytes of a file that is called `name`. Raises `BadInput`."""
    return _read(data, name)[0]


def write_song(song: Song, path: Path) -> None:
    """Writes the song, whole or not at all. Raises `BadInput` for one that is too large, `OSError`."""
    write_whole(path, song_bytes(song))


def _read(data: bytes, name: str) -> tuple[Song, tuple[str, ...]]:
    midi = parse(data, name)
    song = song_of(midi, name)
    return song, tuple(dict.fromkeys(midi.remarks))
