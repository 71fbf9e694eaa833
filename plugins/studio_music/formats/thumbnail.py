"""The thumbnail of a song: its notes as a small piano roll."""

from __future__ import annotations

from pathlib import Path

from studio.api.values import Notes, TextPage
from studio_music.core.midi_file import read_song
from studio_music.core.midi_write import DRUM_CHANNEL

_MOST = 4000
"""Notes; of longer songs every second, third … is drawn."""


def thumbnail(source: Path, side: int) -> Notes | TextPage:
    """The notes, each track in the color of a channel of its own; the title of a song that has none.

    Raises `BadInput` for a broken file.
    """
    song = read_song(source)
    drawn: list[tuple[int, int, int, int]] = []
    melodic = 0
    for track in song.tracks:
        channel = DRUM_CHANNEL
        if not track.is_drums:
            channel = melodic % 15 + (melodic % 15 >= DRUM_CHANNEL)
            melodic += 1
        drawn += [(note.start, note.end, note.pitch, channel) for note in track.notes]
    if not drawn:
        return TextPage((f"# {song.title}",))
    return Notes(tuple(sorted(drawn)[:: -(-len(drawn) // _MOST) or 1]))
