"""Makes a song longer, at its end or at its beginning."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from studio.api.values import BadInput, tr
from studio_music.core.arrange.dynamics import PHRASE
from studio_music.core.arrange.transfer import transferred
from studio_music.core.chords import PlacedChord, chord_at, parse_grid
from studio_music.core.compose.request import MOST_BARS, Cadence
from studio_music.core.filling import Filling
from studio_music.core.given import Voices, check_meter, chords_of, key_of, voices_of
from studio_music.core.progressions import suggest
from studio_music.core.song import Note, Song, Track


@dataclass(frozen=True)
class Longer:
    """A song with room for new bars."""

    song: Song
    """The other tracks go on already; the voices that the model writes have no notes in the new bars."""
    new: tuple[int, ...]
    """The new bars, counted from 0."""
    shift: int
    """By how many ticks the old notes come later."""
    filling: Filling


def longer(
    song: Song, left: bool, bars: int, grid: str, closes: bool, surprise: float, rng: np.random.Generator
) -> Longer:
    """Makes room for bars, plans their chords and lets the accompaniment go on.

    Args:
        left: whether the new bars come before the old ones.
        grid: chords for the new bars; empty: as the song goes on, or suggested ones.
        closes: whether the new end is to close, for bars at the end.

    Raises:
        BadInput: the meter there is not composed in, the song has no melody, or it would be too long.
    """
    if not song.bars:
        raise BadInput(tr("The song has no bars to continue."), tr("Choose a song that has notes."))
    beside = song.bars[0] if left else song.bars[-1]
    check_meter(beside.meter)
    if bars >= MOST_BARS:
        raise BadInput(
            tr("At most {count} bars are written at once.", count=MOST_BARS - 1), tr("Ask for fewer bars.")
        )
    voices = voices_of(song)
    meter = beside.meter
    shift = bars * meter.bar_ticks if left else 0
    others = [
        place for place in range(len(song.tracks)) if place not in voices.places and song.tracks[place].notes
    ]
    old_chords = chords_of(song, voices.places if not song.chords else ())
    given = parse_grid(grid, meter, bars)
    if not given and (song.chords or others):
        edge = None if left else chord_at(old_chords, song.length - 1)
        given = suggest(key_of(song), meter, bars, rng, ends=closes and not left, after=edge)
    wider = _with_room(song, bars * meter.bar_ticks, shift)
    at = 0 if left else song.length
    new_chords = _joined(old_chords, given, at, shift, bars * meter.bar_ticks) if given or song.chords else ()
    wider = replace(wider, chords=new_chords)
    first = 0 if left else len(song.bars)
    new = tuple(range(first, first + bars))
    tracks = list(wider.tracks)
    for place in others:
        if new_chords or song.tracks[place].is_drums:
            added = _gone_on(song, place, wider, new, left, old_chords)
            tracks[place] = replace(tracks[place], notes=tuple(sorted([*tracks[place].notes, *added])))
    wider = replace(wider, tracks=tuple(tracks))
    return Longer(wider, new, shift, _filling(wider, voices, new, closes and not left, surprise))


def _filling(song: Song, voices: Voices, new: tuple[int, ...], closes: bool, surprise: float) -> Filling:
    last = chord_at(song.chords, song.length - 1)
    cadence: Cadence = "full" if closes and (last is None or song.key.tonic in last.pitch_classes) else "none"
    return Filling(
        voices,
        new,
        chords=song.chords,
        cadence=cadence,
        ends=closes or new[-1] + 1 != len(song.bars),
        surprise=surprise,
    )


def _with_room(song: Song, ticks: int, shift: int) -> Song:
    """The song longer by some ticks, all of it moved by `shift`."""
    tracks = song.tracks
    if shift:
        tracks = tuple(
            replace(track, notes=tuple(note._replace(start=note.start + shift) for note in track.notes))
            for track in tracks
        )

    def start(at: int) -> int:
        return at + shift if at else 0

    return replace(
        song,
        tracks=tracks,
        length=song.bars[-1].end + ticks,
        tempos=tuple(change._replace(start=start(change.start)) for change in song.tempos),
        meters=tuple(change._replace(start=start(change.start)) for change in song.meters),
        keys=tuple(change._replace(start=start(change.start)) for change in song.keys),
        loop=None if song.loop is None else (0, song.bars[-1].end + ticks),
    )


def _joined(
    old: Sequence[PlacedChord], new: Sequence[PlacedChord], at: int, shift: int, ticks: int
) -> tuple[PlacedChord, ...]:
    """Old chords and those of the new bars, which begin at tick `at`."""
    moved = [PlacedChord(start + shift, chord) for start, chord in old]
    added = [PlacedChord(start + at, chord) for start, chord in new]
    chords = sorted([*moved, *added], key=lambda chord: chord.start)
    if shift and not any(
        chord.start == shift for chord in moved
    ):  # before the first old chord there was none
        chords = sorted([*chords, PlacedChord(ticks, None)], key=lambda chord: chord.start)
    found: list[PlacedChord] = []
    for chord in chords:
        if not found or found[-1].chord != chord.chord:
            found.append(chord)
    return tuple(found)


def _gone_on(
    song: Song, place: int, wider: Song, new: tuple[int, ...], left: bool, old_chords: Sequence[PlacedChord]
) -> list[Note]:
    """What a track of rules plays in the new bars: patterns of the nearest phrase over the new chords."""
    track: Track = song.tracks[place]
    length = wider.bars[new[0]].end - wider.bars[new[0]].start
    played = {song.bar_at(note.start).number for note in track.notes}
    sources = [bar for bar in song.bars if bar.end - bar.start == length and bar.number in played]
    if len(sources) > PHRASE and not left:
        sources = sources[:-1]  # a last bar that closes is no pattern
    sources = sources[: 2 * PHRASE] if left else sources[-2 * PHRASE :]
    if not sources:
        return []
    sources = sources[len(sources) % PHRASE :] if len(sources) > PHRASE and not left else sources
    notes: list[Note] = []
    for number, bar in enumerate(new):
        source = sources[number % len(sources)]
        notes += transferred(track, source, wider.bars[bar], old_chords, wider.chords, wider.key)
    return notes
