"""Songs as files for other programs: the exporters that the manifest names, but for audio."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from studio.api.values import ExportRequest
from studio_music.core.midi_file import read_song, song_bytes
from studio_music.core.score.musicxml import musicxml
from studio_music.core.song import Song
from studio_music.formats.printing import score_files


def export_midi(source: Path, target: Path, request: ExportRequest) -> list[Path]:
    """Writes a song as a MIDI file. Raises `BadInput`."""
    target.write_bytes(song_bytes(read_song(source)))
    return [target]


def export_musicxml(source: Path, target: Path, request: ExportRequest) -> list[Path]:
    """Writes a song as a score in MusicXML. Raises `BadInput`."""
    target.write_text(musicxml(titled(source, request)), "utf-8", newline="\n")
    return [target]


def export_score(source: Path, target: Path, request: ExportRequest) -> list[Path]:
    """Writes a song as an engraved score in SVG, PNG or PDF: further pages beside the first, with their
    number.

    Raises:
        BadInput: the engraver is not installed, or the score is too large.
        StudioError: it could not be engraved or printed.
    """
    format = target.suffix.lower().removeprefix(".")
    song = titled(source, request)
    return write_beside(target, score_files(song, song.title, format))


def titled(source: Path, request: ExportRequest) -> Song:
    """The song, which has the name of its item where it has no title."""
    song = read_song(source)
    return song if song.title.strip() else replace(song, title=request.name.removesuffix(source.suffix))


def write_beside(target: Path, files: Sequence[bytes]) -> list[Path]:
    """Writes the first file as `target`, the others beside it: `score-2.png`."""
    written = [
        target if number == 0 else target.with_name(f"{target.stem}-{number + 1}{target.suffix}")
        for number in range(len(files))
    ]
    for file, content in zip(written, files, strict=True):
        file.write_bytes(content)
    return written
