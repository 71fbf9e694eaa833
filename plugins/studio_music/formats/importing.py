"""Files of other programs as songs: the importers that the manifest names."""

from __future__ import annotations

from pathlib import Path

from studio.api.values import read_at_most, safe_name
from studio_music.core.midi_file import read_song, song_bytes
from studio_music.core.midi_limits import MOST_BYTES, too_many_bytes
from studio_music.core.song import Song
from studio_music.formats.reading.abc_reader import read_abc
from studio_music.formats.reading.kern_reader import read_kern
from studio_music.formats.reading.musicxml_reader import read_musicxml
from studio_music.formats.reading.xml_tree import unpacked


def load_midi(source: Path, folder: Path) -> list[Path]:
    """The MIDI file as it is, where it holds a song. Raises `BadInput`."""
    song, data = read_song(source), _bytes(source)
    if not data.startswith(b"MThd"):  # wrapped into another file, as RMID
        return _written([song], source, folder)
    target = folder / f"{source.stem}.mid"
    target.write_bytes(data)
    return [target]


def load_musicxml(source: Path, folder: Path) -> list[Path]:
    """The song in a MusicXML file, compressed or not. Raises `BadInput`."""
    data = _bytes(source)
    if data[:2] == b"PK":
        data = unpacked(data, source.name)
    return _written([read_musicxml(data, source.name)], source, folder)


def load_abc(source: Path, folder: Path) -> list[Path]:
    """The tunes in an ABC file: each is a song. Raises `BadInput`."""
    return _written(read_abc(_bytes(source), source.name), source, folder)


def load_kern(source: Path, folder: Path) -> list[Path]:
    """The song in a **kern file. Raises `BadInput`."""
    return _written([read_kern(_bytes(source), source.name)], source, folder)


def _bytes(source: Path) -> bytes:
    data = read_at_most(source, MOST_BYTES)
    if len(data) > MOST_BYTES:
        raise too_many_bytes(source.name)
    return data


def _written(songs: list[Song], source: Path, folder: Path) -> list[Path]:
    """A MIDI file for each song, called as the source, or as the songs where there are several."""
    written: list[Path] = []
    for number, song in enumerate(songs):
        name = source.stem
        if len(songs) > 1:
            name = safe_name(song.title if song.title.strip() else f"{source.stem}-{number + 1}")
        target = folder / f"{name}.mid"
        if target in written:
            target = folder / f"{name}-{number + 1}.mid"
        target.write_bytes(song_bytes(song))
        written.append(target)
    return written
