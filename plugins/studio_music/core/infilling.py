"""What is asked for when bars of a song are filled in."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from studio.api.values import BadInput, tr
from studio_music.core.arrange.transfer import transferred
from studio_music.core.filling import Filling
from studio_music.core.given import RULED, chords_of, range_of, track_named, voices_of
from studio_music.core.pitches import parse_range
from studio_music.core.song import Song
from studio_music.core.varying import cadence_of


def is_ruled(song: Song, track: str) -> bool:
    """Whether rules write the part of a track: chords, bass, drums, a left hand. Raises `BadInput`."""
    if not track.strip():
        return False
    named = song.tracks[track_named(song, track)]
    return named.is_drums or named.role in RULED


def infilling(
    song: Song, track: str, bars: tuple[int, ...], density: int | None, new_range: str, surprise: float
) -> tuple[Filling, tuple[str, ...]]:
    """What the model is asked, and what a person should know.

    Args:
        track: a name or a number; empty: the melody, or all four voices. One of four voices is written alone.
        bars: counted from 0.
        new_range: of the new notes, as `C4-A5`; empty: where the old ones lie.

    Raises:
        BadInput: there is no such track, or it has drums.
    """
    written: frozenset[int] = frozenset()
    voices = voices_of(song)
    if track.strip():
        place = track_named(song, track)
        if len(voices.places) == 4 and place in voices.places:
            written = frozenset({voices.places.index(place)})
        else:
            voices = voices_of(song, track)
    remarks = []
    if len(voices.places) == 1 and _has_chords(song, voices.places[0]):
        remarks.append(
            tr(
                "The track “{name}” has chords; the new bars have one line.",
                name=song.tracks[voices.places[0]].name,
            )
        )
    ranges = [range_of(song.tracks[place]) for place in voices.places]
    given = parse_range(new_range)
    if given is not None:
        for number in written or range(len(ranges)):
            if len(ranges) > 1 and not written:
                raise BadInput(
                    tr("One range is given for four voices."), tr("Name one voice, or leave the range empty.")
                )
            ranges[number] = given
    chords = chords_of(song, voices.places if len(voices.places) == 1 else ())
    filling = Filling(
        voices,
        bars,
        written,
        tuple(ranges),
        chords,
        cadence_of(replace(song, chords=chords)),
        song.loop is None,
        density,
        surprise,
    )
    return filling, tuple(remarks)


def other_patterns(song: Song, track: str, bars: tuple[int, ...], rng: np.random.Generator) -> Song:
    """The song with bars of a track of rules as other bars of it are, over their own chords."""
    place = track_named(song, track)
    given = song.tracks[place]
    chords = chords_of(song, (place,))
    notes = list(given.notes)
    played = {song.bar_at(note.start).number for note in notes}
    for bar in bars:
        here = song.bars[bar]
        like = [
            other
            for other in song.bars
            if other.number in played.difference(bars) and other.end - other.start == here.end - here.start
        ]
        if not like:
            raise BadInput(
                tr(
                    "No other bar of “{name}” has a pattern that fits bar {bar}.",
                    name=given.name,
                    bar=bar + 1,
                ),
                tr("Choose fewer bars, or accompany the song anew."),
            )
        source = like[int(rng.integers(len(like)))]
        notes = [note for note in notes if not here.start <= note.start < here.end]
        notes += transferred(given, source, here, chords, chords, song.key)
    return song.with_track(place, replace(given, notes=tuple(sorted(notes))))


def _has_chords(song: Song, place: int) -> bool:
    starts = [note.start for note in song.tracks[place].notes]
    return len(set(starts)) < 0.9 * len(starts)
