"""A part of a song as it is written: bars of voices of note values, with ties and triplets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from studio_music.core.score.drums import place_of
from studio_music.core.score.grid import Grid, Placed, Window
from studio_music.core.score.parts import Part
from studio_music.core.score.values import Value, divide, triplet_value, value_of
from studio_music.core.score.voices import Sound, hands, voices
from studio_music.core.song import BarSpan, Note, Song


@dataclass
class Written:
    """One note value in a voice: a chord of notes, or a rest where there are none."""

    start: int
    """Ticks from the beginning of the song."""
    end: int
    value: Value | None
    """None: a rest of a whole bar."""
    notes: list[Placed] = field(default_factory=list)
    tied_from: bool = False
    tied_to: bool = False
    ratio: tuple[int, int] | None = None
    """(3, 2): three notes in the time of two."""
    tuplet: str = ""
    """`start`, `stop` or empty: where the bracket of a tuplet begins and ends."""
    beams: list[str] = field(default_factory=list)
    """By level: `begin`, `continue`, `end`, `forward hook`, `backward hook`."""


@dataclass
class WrittenVoice:
    """What a voice has in one bar, without gaps; `number` counts from 1 over all staves of the part."""

    number: int
    staff: int
    """From 0."""
    events: list[Written]
    hidden_rests: bool = False


@dataclass
class WrittenBar:
    bar: BarSpan
    voices: list[WrittenVoice]


_MOST_VOICES = 2


def write_part(song: Song, part: Part, bars: Sequence[BarSpan]) -> list[WrittenBar]:
    """The bars of a part. `bars` are the song's, or some of them that follow each other."""
    numbered = [
        (place, number, note)
        for place in part.tracks
        for number, note in enumerate(song.tracks[place].notes)
        if bars[0].start <= note.start < bars[-1].end
    ]
    notes: list[Note] = [note for _, _, note in numbered]
    grid = Grid(bars, notes)
    staves = [
        voices(staff, _MOST_VOICES) if not part.is_drums else _drum_voices(staff, grid)
        for staff in _staves(grid, part, numbered)
    ]
    written = [WrittenBar(bar, []) for bar in bars]
    for staff, lines in enumerate(staves):
        for place, line in enumerate(lines):
            number = staff * _MOST_VOICES + place + 1
            _write_line(line, number, staff, place > 0, grid, written)
    return written


def _staves(grid: Grid, part: Part, numbered: Sequence[tuple[int, int, Note]]) -> list[list[Placed]]:
    if part.divided:
        return [grid.close_gaps(hand) for hand in hands(grid.placed(numbered))]
    return [
        grid.close_gaps(grid.placed([entry for entry in numbered if entry[0] == place]))
        for place in part.tracks
    ]


def _drum_voices(notes: list[Placed], grid: Grid) -> list[list[Sound]]:
    """Hands above, feet below; drums have no length, so each is written up to the next one or the next
    beat."""
    feet = [note for note in notes if place_of(note.pitch).is_foot]
    others = [note for note in notes if not place_of(note.pitch).is_foot]
    lines = [_struck(others, grid), _struck(feet, grid)]
    return lines if lines[1] else lines[:1]


def _struck(notes: list[Placed], grid: Grid) -> list[Sound]:
    sounds: list[Sound] = []
    for note in notes:
        if sounds and sounds[-1].start == note.start:
            if note.pitch not in [other.pitch for other in sounds[-1].notes]:
                sounds[-1].notes.append(note)
            continue
        sounds.append(Sound(note.start, note.end, [note]))
    for place, sound in enumerate(sounds):
        beat = grid.window_at(sound.start).end
        following = sounds[place + 1].start if place + 1 < len(sounds) else beat
        sound.end = min(beat, following)
    return sounds


def _write_line(
    line: Sequence[Sound],
    number: int,
    staff: int,
    is_lower: bool,
    grid: Grid,
    written: Sequence[WrittenBar],
) -> None:
    """Adds a voice to every bar where it has notes; the first voice of a staff to all."""
    place = 0
    pending: list[Sound] = []
    for bar in written:
        start, end = bar.bar.start, bar.bar.end
        while place < len(line) and line[place].start < end:
            pending.append(line[place])
            place += 1
        inside = [sound for sound in pending if sound.end > start and sound.start < end]
        pending = [sound for sound in inside if sound.end > end]
        if not inside:
            if not is_lower:
                bar.voices.append(WrittenVoice(number, staff, [Written(start, end, None)]))
            continue
        events: list[Written] = []
        at = start
        for sound in inside:
            begins = max(sound.start, start)
            if begins > at:
                events += _values(at, begins, None, bar.bar, grid)
            events += _values(begins, min(sound.end, end), sound, bar.bar, grid)
            at = min(sound.end, end)
        if at < end:
            events += _values(at, end, None, bar.bar, grid)
        _bracket(events, grid)
        bar.voices.append(WrittenVoice(number, staff, events, is_lower))


def _values(start: int, end: int, sound: Sound | None, bar: BarSpan, grid: Grid) -> list[Written]:
    """A sound or a rest within a bar as values that are tied."""
    parts: list[Written] = []
    notes = [] if sound is None else sound.notes
    at = start
    while at < end:
        window = grid.window_at(at)
        if window.is_triplet and (at > window.start or end < window.end):
            stop = min(end, window.end)
            parts += _triplets(at, stop, window, notes)
        else:
            stop = _next_triplets(at, end, grid)
            for low, high in divide(at - bar.start, stop - bar.start, bar.meter, sound is None):
                parts.append(Written(low + bar.start, high + bar.start, value_of(high - low), notes))
        at = stop
    if sound is not None:
        for part in parts:
            part.tied_from = part.start > sound.start
            part.tied_to = part.end < sound.end
    return parts


def _next_triplets(at: int, end: int, grid: Grid) -> int:
    """Where the next window begins whose triplets divide what goes on to `end`; else `end`."""
    window = grid.window_at(end - 1)
    if window.is_triplet and window.start > at and end < window.end:
        return window.start
    return end


def _triplets(start: int, end: int, window: Window, notes: list[Placed]) -> list[Written]:
    """Values within a window of triplets. Those that are straight anyway are written so later."""
    ratio = (6, 4) if window.step == 80 else (3, 2)
    parts: list[Written] = []
    at = start
    while at < end:
        stop = next(
            (stop for stop in range(end, at, -window.step) if triplet_value(stop - at) is not None), end
        )
        parts.append(Written(at, stop, triplet_value(stop - at), notes, ratio=ratio))
        at = stop
    return parts


def _bracket(events: list[Written], grid: Grid) -> None:
    """Marks where tuplets begin and end; half a beat that needs none is written straight."""
    place = 0
    while place < len(events):
        if events[place].ratio is None:
            place += 1
            continue
        window = grid.window_at(events[place].start)
        stop = place
        while stop < len(events) and events[stop].start < window.end:
            stop += 1
        _bracket_window(events[place:stop], window)
        place = stop


def _bracket_window(inside: list[Written], window: Window) -> None:
    middle = (window.start + window.end) // 2
    halves = [
        [event for event in inside if event.start < middle],
        [event for event in inside if event.start >= middle],
    ]
    if window.step == 80 and all(halves) and halves[0][-1].end == middle:
        for half in halves:  # sixteenths in threes: each half of the beat is a tuplet, or straight
            if len(half) == 1:
                half[0].ratio, half[0].value = None, value_of(half[0].end - half[0].start)
            else:
                for event in half:
                    event.ratio = (3, 2)
                half[0].tuplet, half[-1].tuplet = "start", "stop"
        return
    if len(inside) == 1 and value_of(inside[0].end - inside[0].start) is not None:
        inside[0].ratio, inside[0].value = None, value_of(inside[0].end - inside[0].start)
        return
    inside[0].tuplet, inside[-1].tuplet = "start", "stop"
