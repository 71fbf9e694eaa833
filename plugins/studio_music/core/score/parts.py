"""The parts of a score: which tracks go together, their staves, clefs and names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from studio.api.values import tr
from studio_music.core.instruments import drum_kit_title, program_title
from studio_music.core.song import Song, Track

_KEYBOARDS = frozenset([*range(8), 8, 11, 12, *range(16, 22), 23, 46])
"""Programs that are written on two staves where they need them."""
_WIDE = 1.2
_VIOLA = 41
_GUITARS, _BASSES = frozenset(range(24, 32)), frozenset([*range(32, 40), 43])
_HIGH = frozenset([8, 9, 10, 13, 72, 78])
_VOICES = frozenset(["soprano", "alto", "tenor", "bass voice"])


@dataclass(frozen=True)
class Clef:
    """A clef, and the middle line of its staff as a MIDI pitch."""

    sign: str
    line: int
    middle: int
    octave: int = 0


TREBLE, BASS, ALTO = Clef("G", 2, 71), Clef("F", 4, 50), Clef("C", 3, 60)
TREBLE_LOW, TREBLE_HIGH, BASS_LOW = Clef("G", 2, 59, -1), Clef("G", 2, 83, 1), Clef("F", 4, 38, -1)
DRUMS = Clef("percussion", 2, 71)


@dataclass
class Part:
    """What has a name at the edge of a score: one staff, or two."""

    tracks: list[int]
    """Places of its tracks in the song."""
    name: str
    clefs: list[Clef] = field(default_factory=list)
    """One for each staff."""
    is_drums: bool = False
    is_choir: bool = False
    divided: bool = False
    """Whether one track has two staves, whose notes have to be shared."""


def titles_of(song: Song) -> list[str]:
    """What the instrument of each track is called, in this process's language."""
    return [
        tr(drum_kit_title(track.program) if track.is_drums else program_title(track.program))
        for track in song.tracks
    ]


def parts_of(song: Song, titles: Sequence[str]) -> list[Part]:
    """The parts in their order. Tracks without notes are left out, unless all have none.

    Args:
        titles: of `titles_of`.
    """
    shown = [place for place, track in enumerate(song.tracks) if track.notes]
    if not shown:
        shown = list(range(len(song.tracks)))
    parts: list[Part] = []
    place = 0
    while place < len(shown):
        here = shown[place]
        track = song.tracks[here]
        following = shown[place + 1] if place + 1 < len(shown) else None
        if track.role == "right hand" and following is not None:
            other = song.tracks[following]
            is_pair = other.role == "left hand" and other.program == track.program
            if is_pair and not track.is_drums and not other.is_drums:
                clefs = [_clef(track, (TREBLE, BASS)), _clef(other, (BASS, TREBLE))]
                parts.append(Part([here, following], titles[here], clefs))
                place += 2
                continue
        parts.append(_part(track, here, track.name or titles[here]))
        place += 1
    return parts


def _part(track: Track, place: int, name: str) -> Part:
    if track.is_drums:
        return Part([place], name, [DRUMS], is_drums=True)
    is_choir = track.role in _VOICES
    if track.program in _KEYBOARDS and not is_choir and _is_wide(track):
        return Part([place], name, [TREBLE, BASS], divided=True)
    return Part([place], name, [_clef(track, _clefs(track))], is_choir=is_choir)


def _is_wide(track: Track) -> bool:
    """Whether the notes need two staves: many lie low, many high, and one clef would need many ledger
    lines."""
    low = sum(note.pitch < 55 for note in track.notes)
    high = sum(note.pitch > 64 for note in track.notes)
    if min(low, high) * 12 < len(track.notes) or not track.notes:
        return False
    return min(_ledger(track, TREBLE), _ledger(track, BASS)) > _WIDE


def _ledger(track: Track, clef: Clef) -> float:
    """How far notes lie outside of a staff with one ledger line: semitones on the average."""
    return sum(max(0, abs(note.pitch - clef.middle) - 9) for note in track.notes) / len(track.notes)


def _clefs(track: Track) -> tuple[Clef, ...]:
    """The clefs that an instrument is written with, the usual one first."""
    if track.program == _VIOLA:
        return ALTO, TREBLE
    if track.role == "tenor" or track.program in _GUITARS:
        return TREBLE_LOW, TREBLE, BASS
    if track.role in ("soprano", "alto"):
        return TREBLE, TREBLE_LOW
    if track.role == "bass voice":
        return BASS, TREBLE_LOW
    if track.program in _BASSES or track.role == "bass":
        return (BASS_LOW, BASS) if track.program in _BASSES else (BASS, BASS_LOW)
    if track.program in _HIGH:
        return TREBLE_HIGH, TREBLE
    return TREBLE, BASS, TREBLE_HIGH, BASS_LOW


def _clef(track: Track, clefs: Sequence[Clef]) -> Clef:
    """The clef whose notes need the fewest ledger lines; the first one wins where it is near enough."""
    if not track.notes:
        return clefs[0]

    def cost(place: int) -> float:
        return _ledger(track, clefs[place]) + (0.0, 0.6, 3.0, 3.0)[place]

    return clefs[min(range(len(clefs)), key=cost)]
