"""Songs for the tests of the room."""

from __future__ import annotations

from studio_music.core.chords import parse_grid
from studio_music.core.keys import Key
from studio_music.core.meter import Meter
from studio_music.core.song import KeyChange, MeterChange, Note, Song, TempoChange, Track

BAR = 1920


def song(title: str = "Tide", bars: int = 8, pitch: int = 69) -> Song:
    """A melody of quarters, chords and drums in A minor, at 120 quarters a minute."""
    quarters = range(0, bars * BAR, 480)
    melody = tuple(Note(start, 440, pitch + start // 480 % 4) for start in quarters)
    chords = tuple(Note(number * BAR, BAR, 57 + step) for number in range(bars) for step in (0, 3, 7))
    drums = tuple(Note(start, 100, 38) for start in quarters)
    return Song(
        title,
        (
            Track("Flute", melody, 73, role="melody"),
            Track("Piano", chords, 0, role="chords"),
            Track("Kit", drums, 0, is_drums=True, role="drums"),
        ),
        bars * BAR,
        (TempoChange(0, 120.0),),
        (MeterChange(0, Meter(4, 4)),),
        (KeyChange(0, Key(9, "minor")),),
        parse_grid("Am | F | C | G", Meter(4, 4), bars),
    )
