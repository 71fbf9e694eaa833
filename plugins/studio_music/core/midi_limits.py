"""How large a song and its file may be, in words."""

from __future__ import annotations

from itertools import pairwise

from studio.api.values import BadInput, tr
from studio_music.core.song import MOST_TRACKS, MeterChange, Song

MOST_BYTES = 64 << 20
MOST_NOTES = 200_000
MOST_SECONDS = 2 * 3600
MOST_BARS = 20_000
MOST_EVENTS = 2_000_000
"""In a file, of any sort."""
MOST_LETTERS = 1000
"""Of a name."""
SLOWEST, FASTEST = 1.0, 1000.0
"""Quarter notes per minute."""


def too_many_bytes(name: str) -> BadInput:
    return BadInput(
        tr("“{name}” is larger than {size} MB.", name=name, size=MOST_BYTES >> 20),
        tr("Songs are far smaller: choose another file."),
    )


def too_many_events(name: str) -> BadInput:
    return BadInput(
        tr("“{name}” has more than {count} events.", name=name, count=MOST_EVENTS),
        tr("Thin out its controllers in a music program."),
    )


def too_many_notes(name: str) -> BadInput:
    return BadInput(
        tr("“{name}” has more than {count} notes.", name=name, count=MOST_NOTES),
        tr("Divide it into several songs."),
    )


def too_many_tracks(name: str) -> BadInput:
    return BadInput(
        tr("“{name}” has more than {count} tracks with notes.", name=name, count=MOST_TRACKS),
        tr("Put together tracks that have the same instrument."),
    )


def too_long(name: str) -> BadInput:
    return BadInput(
        tr("“{name}” lasts longer than {hours} hours.", name=name, hours=MOST_SECONDS // 3600),
        tr("Divide it into several songs."),
    )


def check_limits(song: Song, name: str) -> None:
    """Raises `BadInput` where a song is larger than what is read again."""
    if len(song.tracks) > MOST_TRACKS:
        raise too_many_tracks(name)
    if sum(len(track.notes) for track in song.tracks) > MOST_NOTES:
        raise too_many_notes(name)
    if song.duration > MOST_SECONDS:
        raise too_long(name)
    spans = pairwise([*song.meters, MeterChange(song.length, song.meter)])
    if sum(max(0, then.start - here.start) // here.meter.bar_ticks for here, then in spans) > MOST_BARS:
        raise BadInput(
            tr("“{name}” has more than {count} bars.", name=name, count=MOST_BARS),
            tr("Divide it into several songs."),
        )
