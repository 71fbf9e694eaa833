"""The parts with chords: comping, a left hand, strings that hold."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from studio_music.core.arrange.dynamics import Feel
from studio_music.core.arrange.harmony import Ceiling, ChordSpan, Harmony
from studio_music.core.arrange.tabs import Hit
from studio_music.core.arrange.voicing import nearest, voiced, wide
from studio_music.core.chords import QUALITIES
from studio_music.core.meter import TICKS
from studio_music.core.song import BarSpan, Note

CHORDS_RANGE = (50, 74)
LEFT_RANGE = (48, 66)
LEFT_BASS = (38, 50)
"""D2 to D3: lower fifths and sevenths would be muddy."""
STRINGS_RANGE = (53, 77)


@dataclass(frozen=True)
class Struck:
    """A hit with the chord that it sounds in."""

    bar: BarSpan
    hit: Hit
    span: ChordSpan


def with_chords(bars: Iterable[tuple[BarSpan, list[Hit]]], harmony: Harmony) -> list[Struck]:
    """Hits with their chords: one that is held over a change is struck again there.

    What is struck off the beat right before a change, and held over it, anticipates the new chord.
    """
    struck: list[Struck] = []
    for bar, hits in bars:
        starts = {hit.start for hit in hits}
        for hit in hits:
            span = harmony.at(hit.start)
            end = hit.start + hit.length
            early = span.end - hit.start <= TICKS // 2 and (hit.start - bar.start) % bar.meter.beat_ticks
            if span.end < end and early:
                span = harmony.at(span.end)
            while span.end < end:
                struck.append(Struck(bar, hit._replace(length=span.end - hit.start), span))
                hit = hit._replace(start=span.end, length=end - span.end)
                span = harmony.at(hit.start)
                if hit.start in starts:
                    break
            else:
                struck.append(Struck(bar, hit, span))
    return struck


def comp(struck: Sequence[Struck], ceiling: Ceiling, feel: Feel, count: int, with_bass: bool) -> list[Note]:
    """Chords in the middle of the range; with a bass below, rich chords need no root."""
    low, high = CHORDS_RANGE
    voicings = _voicings(struck, ceiling, low, high, count, with_bass)
    notes: list[Note] = []
    for one in struck:
        voicing = voicings(one)
        if voicing:
            notes += _sounded(one, _chosen(one.hit.sign, voicing), feel)
    return notes


def left_hand(struck: Sequence[Struck], ceiling: Ceiling, feel: Feel, lowest: int) -> list[Note]:
    """A left hand of the piano, or a guitar that plays alone: bass notes, chords and broken chords.

    `lowest`: the lowest pitch of the instrument.
    """
    basses = (max(LEFT_BASS[0], lowest), max(LEFT_BASS[1], lowest + 12))
    low, high = LEFT_RANGE
    alone = not any(one.hit.sign in "b1" for one in struck[: len(struck) // 2])
    voicings = _voicings(struck, ceiling, low, high, 3, not alone, alone)
    notes: list[Note] = []
    home = sum(basses) / 2 - 1
    bass = home
    span_start = -1
    for one in struck:
        chord = one.span.chord
        voicing = voicings(one)
        if chord is None or not voicing:
            continue
        root = nearest(chord.lowest, 0.7 * bass + 0.3 * home, *basses)
        sign = one.hit.sign
        begins = one.span.start != span_start
        span_start = one.span.start
        if sign in "b12345":
            bass = root
        pitches: Sequence[int]
        if sign == "b" or (begins and sign in "f12345"):  # every chord begins with its bass
            pitches = (root,)
        elif sign == "f":
            pitches = (other_bass(chord.root, chord.lowest, QUALITIES[chord.quality], root, basses),)
        elif sign in "12345":
            note = wide(chord, root)[int(sign) - 1]
            pitches = (note if note <= high + 3 else note - 12,)
        else:
            pitches = [pitch for pitch in _chosen(sign, voicing) if pitch > root] or voicing[-1:]
            if begins and not alone:
                pitches = (root, *pitches)
        notes += _sounded(one, pitches, feel)
    return _once(notes)


def hold(
    harmony: Harmony, bars: Sequence[BarSpan], ceiling: Ceiling, feel: Feel, from_tick: int
) -> list[Note]:
    """Strings: one voicing for each chord, common notes held over."""
    low, high = STRINGS_RANGE
    before: tuple[int, ...] = ()
    notes: list[Note] = []
    sounding: dict[int, int] = {}
    for span in harmony.spans:
        if span.chord is None or span.end <= from_tick:
            sounding = {}
            continue
        start = max(span.start, from_tick)
        voicing = voiced(span.chord, before, low, high, 3, ceiling.over(start, span.end))
        bar = max((bar for bar in bars if bar.start <= start), key=lambda bar: bar.start)
        held: dict[int, int] = {}
        for pitch in voicing:
            place = sounding.get(pitch)
            if place is not None and notes[place].length < 2 * (bar.end - bar.start):
                notes[place] = notes[place]._replace(length=span.end - notes[place].start)
                held[pitch] = place
            else:
                held[pitch] = len(notes)
                notes.append(Note(start, span.end - start, pitch, feel.velocity(bar, start)))
        before, sounding = voicing, held
    return notes


def other_bass(root: int, lowest: int, intervals: Sequence[int], bass: int, limits: tuple[int, int]) -> int:
    """The bass note that alternates with the first one: the fifth below, or above where that is too low."""
    fifth = next((step for step in intervals if step in (6, 7, 8)), 7)
    tone = (root + fifth) % 12 if lowest == root else root
    below = bass - (bass - tone) % 12
    return below if below >= limits[0] else below + 12


def _voicings(
    struck: Sequence[Struck],
    ceiling: Ceiling,
    low: int,
    high: int,
    count: int,
    rootless: bool,
    lowest: bool = False,
) -> Callable[[Struck], tuple[int, ...]]:
    """A voicing for each span of the harmony, in the order in which they come."""
    ends = {one.span.start: max(one.span.end, one.bar.end) for one in struck}
    made: dict[int, tuple[int, ...]] = {}
    before: list[tuple[int, ...]] = [()]

    def voicing_of(one: Struck) -> tuple[int, ...]:
        span = one.span
        if span.chord is None:
            return ()
        if span.start not in made:
            top = ceiling.over(span.start, ends[span.start])
            made[span.start] = voiced(span.chord, before[0], low, high, count, top, rootless, lowest)
            before[0] = made[span.start]
        return made[span.start]

    return voicing_of


def _chosen(sign: str, voicing: tuple[int, ...]) -> Sequence[int]:
    if sign == "l":
        return voicing[:1]
    if sign == "m":
        return voicing[1:-1][-1:]
    if sign == "h":
        return voicing[-1:]
    return voicing


def _sounded(one: Struck, pitches: Sequence[int], feel: Feel) -> list[Note]:
    start, length, sign = one.hit
    velocity = feel.velocity(one.bar, start, sign)
    # The highest note of a chord is brought out a little, as a hand does it.
    return [
        Note(start, length, pitch, min(127, velocity + 4) if pitch == pitches[-1] else velocity)
        for pitch in pitches
    ]


def _once(notes: list[Note]) -> list[Note]:
    """Notes of which none begins twice at the same pitch."""
    return list({(note.start, note.pitch): note for note in notes}.values())
