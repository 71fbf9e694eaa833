"""How a running job tells of a song that is being written, bar by bar: lines of JSON in the job's text.

A generator says `run.text(line_of(...), draft)`, one line for a thing; `draft` counts the songs that one
job writes. The room feeds what comes, in pieces of any length, to a `LiveReader` for each draft.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace

from studio_music.core.chords import PlacedChord, parse_chord
from studio_music.core.keys import parse_key
from studio_music.core.meter import parse_meter
from studio_music.core.song import KeyChange, MeterChange, Note, Song, TempoChange, Track


@dataclass(frozen=True)
class SongBegun:
    """The song as it is before the first bar is written."""

    song: Song
    """Its tracks have no notes, its chords are all there. Tempo, meter and key are those of its beginning."""
    shift: int | None = None
    """Where a given song is worked on: by how many ticks its notes come later in the new one. None: nothing
    is
    given, the song is new. Tracks keep their places; new ones come behind."""


@dataclass(frozen=True)
class BarDone:
    """One bar has been written."""

    bar: int
    """Counted from 0."""
    start: int
    end: int
    """Ticks of the new song."""
    notes: Mapping[int, tuple[Note, ...]]
    """All notes that begin in the bar, by the place of their track; other tracks stay as they are."""


Live = SongBegun | BarDone


def line_of(thing: Live) -> str:
    """One line, with its line end."""
    if isinstance(thing, SongBegun):
        song = thing.song
        value: dict[str, object] = {
            "title": song.title,
            "tempo": song.tempo,
            "meter": str(song.meter),
            "key": song.key.name,
            "length": song.length,
            "shift": thing.shift,
            "chords": [
                [at, "N.C." if chord is None else chord.symbol(song.key)] for at, chord in song.chords
            ],
            "tracks": [[track.name, track.program, track.is_drums, track.role] for track in song.tracks],
        }
    else:
        value = {
            "bar": thing.bar,
            "start": thing.start,
            "end": thing.end,
            "notes": {str(place): [list(note) for note in notes] for place, notes in thing.notes.items()},
        }
    return json.dumps(value, separators=(",", ":")) + "\n"


class LiveReader:
    """Reads what one draft of a job tells."""

    def __init__(self) -> None:
        self._rest = ""

    def feed(self, text: str) -> list[Live]:
        """What is whole by now. Raises `ValueError` where the text is not what `line_of` writes."""
        *lines, self._rest = (self._rest + text).split("\n")
        return [_read(line) for line in lines]


def with_bar(song: Song, done: BarDone) -> Song:
    """The song with a bar that has been written."""
    tracks = list(song.tracks)
    for place, notes in done.notes.items():
        kept = [note for note in tracks[place].notes if not done.start <= note.start < done.end]
        tracks[place] = replace(tracks[place], notes=tuple(sorted([*kept, *notes])))
    return replace(song, tracks=tuple(tracks))


def _read(line: str) -> Live:
    value = json.loads(line)
    if "bar" in value:
        notes = {int(place): tuple(Note(*note) for note in notes) for place, notes in value["notes"].items()}
        return BarDone(value["bar"], value["start"], value["end"], notes)
    tracks = tuple(
        Track(name, (), program, is_drums=drums, role=role) for name, program, drums, role in value["tracks"]
    )
    song = Song(
        value["title"],
        tracks,
        value["length"],
        (TempoChange(0, value["tempo"]),),
        (MeterChange(0, parse_meter(value["meter"])),),
        (KeyChange(0, parse_key(value["key"])),),
        tuple(PlacedChord(at, parse_chord(symbol)) for at, symbol in value["chords"]),
    )
    return SongBegun(song, value["shift"])
