"""Fills in bars of a song with the model; all other notes stay as they are."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from studio.api.values import BadInput, tr
from studio_music.core.arrange.dynamics import shaped
from studio_music.core.chords import PlacedChord, chord_at
from studio_music.core.compose.engine import fill
from studio_music.core.compose.model import MusicModel
from studio_music.core.compose.request import MOST_BARS, Cadence, FillRequest, Voice
from studio_music.core.given import Voices, check_meter, key_of, level_of, range_of
from studio_music.core.live import BarDone, with_bar
from studio_music.core.song import Note, Song

Tell = Callable[[BarDone], None]


@dataclass(frozen=True)
class Filling:
    """What is to be filled in."""

    voices: Voices
    bars: tuple[int, ...]
    """Counted from 0, sorted; not empty."""
    written: frozenset[int] = frozenset()
    """Places within `voices` of those that are written; empty: all of them."""
    ranges: tuple[tuple[int, int], ...] = ()
    """Of each voice; empty: where their notes lie now."""
    chords: tuple[PlacedChord, ...] = ()
    """To keep to; empty: none."""
    cadence: Cadence = "none"
    """How the last bar of the song closes, where it is filled in."""
    ends: bool = True
    """Whether the song ends with its last bar; False: it leads back to its beginning."""
    density: int | None = None
    surprise: float = 1.0


def fill_in(song: Song, filling: Filling, model: MusicModel, rng: np.random.Generator, tell: Tell) -> Song:
    """The song with its bars filled in. `tell` is called with each bar as soon as it is written.

    Raises:
        BadInput: the bars are in a meter that is not composed in, or constraints collide.
    """
    for start, end in _windows(song, filling.bars):
        song = _fill_window(song, filling, start, end, model, rng, tell)
    return song


def new_notes_of(filling: Filling) -> frozenset[int]:
    """The places within the voices of those that are written."""
    return filling.written or frozenset(range(len(filling.voices.places)))


def _windows(song: Song, wanted: Sequence[int]) -> list[tuple[int, int]]:
    """Spans of at most `MOST_BARS` bars in one meter that hold what is wanted, with what is around it."""
    found: list[tuple[int, int]] = []
    left = list(wanted)
    bars = song.bars
    while left:
        meter = bars[left[0]].meter
        check_meter(meter)
        first, last = left[0], left[0]
        for bar in left:
            if bars[bar].meter != meter or bar - first >= MOST_BARS:
                break
            if any(bars[between].meter != meter for between in range(last, bar)):
                break
            last = bar
        start, end = first, last + 1
        while end - start < MOST_BARS and (grown := _grown(song, start, end)) != (start, end):
            start, end = grown
        if any(bars[bar].end - bars[bar].start != meter.bar_ticks for bar in range(first, last + 1)):
            raise BadInput(
                tr("Bar {bar} is cut short by a change of meter: it cannot be filled in.", bar=first + 1),
                tr("Choose whole bars."),
            )
        found.append((start, end))
        left = [bar for bar in left if bar > last]
    return found


def _grown(song: Song, start: int, end: int) -> tuple[int, int]:
    """One more bar on each side, as far as they are whole and of the same meter."""
    bars, meter = song.bars, song.bars[start].meter

    def fits(place: int) -> bool:
        bar = bars[place]
        return bar.meter == meter and bar.end - bar.start == meter.bar_ticks

    if start > 0 and fits(start - 1):
        start -= 1
    if end - start < MOST_BARS and end < len(bars) and fits(end):
        end += 1
    return start, end


def _fill_window(
    song: Song,
    filling: Filling,
    start: int,
    end: int,
    model: MusicModel,
    rng: np.random.Generator,
    tell: Tell,
) -> Song:
    origin = song.bars[start].start
    limit = song.bars[end - 1].end
    wanted = [bar for bar in filling.bars if start <= bar < end]
    whole = end == len(song.bars)
    places = filling.voices.places
    request = FillRequest(
        filling.voices.learnt,
        tuple(
            Voice(
                song.tracks[place].role,
                *_range(song, filling, number),
                _within(song.tracks[place].notes, origin, limit),
            )
            for number, place in enumerate(places)
        ),
        key_of(song) if start == 0 else song.key_at(origin),
        song.bars[start].meter,
        end - start,
        frozenset((bar - start, voice) for bar in wanted for voice in new_notes_of(filling)),
        tempo=song.tempo,
        density=filling.density,
        chords=_chords(filling.chords, origin, limit),
        begins=start == 0,
        ends=whole and filling.ends,
        cadence=filling.cadence if whole else "none",
        temperature=filling.surprise,
    )
    for bar in fill(model, request, rng):
        here = song.bars[start + bar.bar]
        notes = {
            places[voice]: _shaped(
                song, places[voice], [note._replace(start=note.start + origin) for note in new], rng
            )
            for voice, new in bar.notes.items()
        }
        done = BarDone(here.number, here.start, here.end, notes)
        song = with_bar(song, done)
        tell(done)
    return song


def _range(song: Song, filling: Filling, number: int) -> tuple[int, int]:
    if filling.ranges:
        return filling.ranges[number]
    return range_of(song.tracks[filling.voices.places[number]])


def _within(notes: Sequence[Note], origin: int, limit: int) -> tuple[Note, ...]:
    return tuple(note._replace(start=note.start - origin) for note in notes if origin <= note.start < limit)


def _chords(chords: Sequence[PlacedChord], origin: int, limit: int) -> tuple[PlacedChord, ...]:
    if not chords:
        return ()
    later = [PlacedChord(at - origin, chord) for at, chord in chords if origin < at < limit]
    return (PlacedChord(0, chord_at(chords, origin)), *later)


def _shaped(song: Song, place: int, new: list[Note], rng: np.random.Generator) -> tuple[Note, ...]:
    """New notes as loud as those of their track."""
    return shaped(song, new, level_of(song.tracks[place]), rng)
