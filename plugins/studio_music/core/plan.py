"""Plans a new song: from what a designer asks for to what the model is asked, phrase by phrase."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from studio.api.values import BadInput, tr
from studio_music.core.arrange.accompany import Wish, accompaniment
from studio_music.core.arrange.dynamics import PHRASE, shaped
from studio_music.core.arrange.groove import family_of
from studio_music.core.arrange.grooves import GROOVES, played_instead
from studio_music.core.arrange.swing import swung
from studio_music.core.chords import Chord, PlacedChord, chord_at, parse_grid
from studio_music.core.compose.request import Cadence, FillRequest, Voice
from studio_music.core.ensembles import ENSEMBLES, Ensemble
from studio_music.core.finding import key_of_chords
from studio_music.core.instruments import INSTRUMENTS
from studio_music.core.keys import Key, parse_key
from studio_music.core.meter import Meter
from studio_music.core.moods import MOODS, Mood
from studio_music.core.pitches import parse_range, pitch_name
from studio_music.core.progressions import suggest
from studio_music.core.song import KeyChange, MeterChange, Note, Song, TempoChange, Track

_COMMON = Meter(4, 4)
FEWEST_NOTES = 4
"""Notes of the key that a range must hold."""
_USUAL_WIDTH = 14
"""Semitones that an instrument's range must share with a melody's for it to stay in its octave."""
_MAJOR_TONICS = (0, 7, 2, 5, 10, 9, 3, 4)
_MINOR_TONICS = (9, 4, 2, 7, 0, 11, 5)


@dataclass(frozen=True)
class Wishes:
    """What a designer asks of a new song."""

    key: str = ""
    """Empty: the one that the chords are in, or one that fits the mood."""
    meter: Meter = _COMMON
    tempo: int = 0
    """Quarter notes per minute; 0: what fits the mood."""
    bars: int = 16
    ensemble: str = "chords"
    """One of `ENSEMBLES`."""
    mood: str = "bright"
    """One of `MOODS`."""
    density: int = 0
    """1 to 5; 0: what fits the mood."""
    range: str = ""
    """Of the melody, as `C4-A5`; empty: what fits mood and instrument."""
    chords: str = ""
    """A chord grid; empty: suggested ones, or none."""
    suggest: bool = True
    """Whether chords are suggested where none are written."""
    loop: bool = False
    """Whether the last bar leads back to the first one."""
    repeats: bool = True
    """Whether phrases come again."""
    groove: str = ""
    """One of `GROOVES`; empty: one that fits the mood and the meter."""
    instrument: int | None = None
    """General MIDI program of the melody; None: what fits the mood."""
    surprise: float = 1.0


@dataclass(frozen=True)
class Plan:
    """Everything about a new song but the notes of its voices."""

    song: Song
    """With chords, and with a track without notes for each voice."""
    ensemble: Ensemble
    mood: Mood
    ranges: tuple[tuple[int, int], ...]
    """Of each voice, MIDI pitches."""
    density: int
    cadence: Cadence
    loop: bool
    repeats: bool
    surprise: float
    accompaniment: Wish | None
    notes: tuple[str, ...] = ()
    """What a person should know of it, each in a sentence."""


def planned(wishes: Wishes, rng: np.random.Generator) -> Plan:
    """Chooses what is not asked for.

    Raises:
        BadInput: wishes collide; the message says which.
    """
    mood, ensemble = MOODS[wishes.mood], ENSEMBLES[wishes.ensemble]
    if wishes.loop and wishes.bars < 2:
        raise BadInput(
            tr("A loop of one bar has no room for a cadence that leads back to it."),
            tr("Ask for two bars or more, or switch the loop off."),
        )
    chords = parse_grid(wishes.chords, wishes.meter, wishes.bars)
    key = _key(wishes, chords, mood, rng)
    remarks: list[str] = []
    if not chords and (wishes.suggest or ensemble.parts):
        chords = suggest(key, wishes.meter, wishes.bars, rng, taste=mood.taste, ends=not wishes.loop)
    tempo = wishes.tempo or int(rng.integers(mood.tempo[0] // 2, mood.tempo[1] // 2 + 1)) * 2
    groove = _groove(wishes, mood, rng)
    program = wishes.instrument
    if program is None:
        program = int(rng.choice(mood.melodies))
    ranges = _ranges(wishes, ensemble, mood, program)
    for low, high in ranges:
        _check_range(low, high, key, chords)
    cadence = _cadence(chords, key, wishes.meter, wishes.bars, wishes.loop)
    if chords and cadence == "none" and not wishes.loop:
        last = chord_at(chords, wishes.bars * wishes.meter.bar_ticks - 1)
        if last is not None:
            remarks.append(
                tr(
                    "The last chord, {chord}, has not the tonic of {key}: the tune ends open.",
                    chord=last.symbol(key),
                    key=key.name,
                )
            )
    if ensemble.parts and (remark := played_instead(groove, wishes.meter)):
        remarks.append(remark)
    length = wishes.bars * wishes.meter.bar_ticks
    song = Song(
        f"{ensemble.title} in {key.name}",
        tuple(_track(part.track, ensemble, program) for part in ensemble.voices),
        length,
        (TempoChange(0, float(tempo)),),
        (MeterChange(0, wishes.meter),),
        (KeyChange(0, key),),
        chords,
        (0, length) if wishes.loop else None,
    )
    return Plan(
        song,
        ensemble,
        mood,
        ranges,
        wishes.density or mood.density,
        cadence,
        wishes.loop,
        wishes.repeats,
        wishes.surprise,
        _accompaniment(ensemble, groove, mood, wishes.loop, rng),
        tuple(remarks),
    )


def stages(plan: Plan) -> Iterator[tuple[range, int]]:
    """The phrases from first to last: their bars, and how many of these come from an earlier phrase.

    Phrases come again as folk tunes and hymns have it, A A' B A': a repeated phrase begins as the first one
    does, where its chords are the same, and goes another way.
    """
    bars = len(plan.song.bars)
    for start in range(0, bars, PHRASE):
        yield range(start, min(start + PHRASE, bars)), 0 if _source(plan, start) is None else PHRASE // 2


def repeated(plan: Plan, start: int, written: Sequence[Sequence[Note]]) -> list[list[Note]]:
    """The notes of each voice that begin the phrase from bar `start`, where it repeats an earlier one."""
    source = _source(plan, start)
    ticks = plan.song.meter.bar_ticks
    if source is None:
        return [[] for _ in written]
    first, last, shift = source * ticks, (source + PHRASE // 2) * ticks, (start - source) * ticks
    return [
        [
            note._replace(start=note.start + shift, length=min(note.length, last - note.start))
            for note in notes
            if first <= note.start < last
        ]
        for notes in written
    ]


def request(plan: Plan, phrase: range, kept: int, written: Sequence[Sequence[Note]]) -> FillRequest:
    """What the model is asked for a phrase, all of whose bars but the first `kept` ones are to be written.

    `written`: the notes of each voice so far, with the repeated ones.
    """
    bars = phrase.stop
    last = bars == len(plan.song.bars)
    end = bars * plan.song.meter.bar_ticks
    return FillRequest(
        plan.ensemble.learnt,
        tuple(
            Voice(part.track.role, low, high, tuple(sorted(notes)))
            for part, (low, high), notes in zip(plan.ensemble.voices, plan.ranges, written, strict=True)
        ),
        plan.song.key,
        plan.song.meter,
        bars,
        frozenset((bar, voice) for bar in phrase[kept:] for voice in range(len(written))),
        tempo=plan.song.tempo,
        density=plan.density,
        chords=tuple(chord for chord in plan.song.chords if chord.start < end),
        begins=True,
        ends=last and not plan.loop,
        cadence=plan.cadence if last else "none",
        temperature=plan.surprise,
    )


def closed(plan: Plan, notes: Sequence[Note]) -> list[Note]:
    """A voice whose last note lasts until the end, where the piece closes and the note is in its last bar."""
    last = max(notes, default=None)
    end = plan.song.length
    if plan.cadence != "full" or last is None or last.start < end - plan.song.meter.bar_ticks:
        return list(notes)
    return [*(note for note in notes if note != last), last._replace(length=end - last.start)]


def finished(plan: Plan, written: Sequence[Sequence[Note]], rng: np.random.Generator) -> Song:
    """The whole song: voices with dynamics, and the accompaniment."""
    level = 76.0 + 24.0 * (plan.mood.energy - 0.5)
    tracks = [
        replace(track, notes=shaped(plan.song, sorted(notes), level, rng))
        for track, notes in zip(plan.song.tracks, written, strict=True)
    ]
    song = replace(plan.song, tracks=tuple(tracks))
    if plan.accompaniment is not None:
        added = accompaniment(song, plan.accompaniment, rng)
        if plan.ensemble.name == "piano":
            added = tuple(
                replace(one, name="Left hand", role="left hand", pan=64, volume=104) for one in added
            )
        song = swung(replace(song, tracks=(*tracks, *added)), plan.accompaniment.swing_ratio)
    return song


def _source(plan: Plan, start: int) -> int | None:
    """The bar that begins the phrase which the one from `start` repeats; None for a new phrase."""
    place = start // PHRASE
    if not plan.repeats or place == 0 or place % 4 == 2 or start + PHRASE > len(plan.song.bars):
        return None
    source = start - PHRASE if place % 4 == 1 else 0
    half = plan.song.meter.beat_ticks
    ticks = plan.song.meter.bar_ticks
    same = all(
        plan.song.chord_at(start * ticks + at) == plan.song.chord_at(source * ticks + at)
        for at in range(0, PHRASE // 2 * ticks, half)
    )
    return source if same else None


def _key(wishes: Wishes, chords: Sequence[PlacedChord], mood: Mood, rng: np.random.Generator) -> Key:
    if wishes.key.strip():
        return parse_key(wishes.key)
    if chords:
        return key_of_chords(chords)
    mode = str(rng.choice(mood.modes))
    tonics = _MINOR_TONICS if Key(0, mode).is_minor else _MAJOR_TONICS
    return Key(int(rng.choice(tonics)), mode)


def _groove(wishes: Wishes, mood: Mood, rng: np.random.Generator) -> str:
    if wishes.groove:
        return wishes.groove
    fitting = [name for name in mood.grooves if family_of(wishes.meter) in GROOVES[name].patterns]
    return str(rng.choice(fitting or ["ballad"]))


def _ranges(wishes: Wishes, ensemble: Ensemble, mood: Mood, program: int) -> tuple[tuple[int, int], ...]:
    given = parse_range(wishes.range)
    if not ensemble.has_melody:
        usual = [(part.low, part.high) for part in ensemble.voices]
        if given is None:
            return tuple(usual)
        cut = tuple((max(low, given[0]), min(high, given[1])) for low, high in usual)
        for part, (low, high) in zip(ensemble.voices, cut, strict=True):
            if high - low < 7:
                raise BadInput(
                    tr(
                        "The range leaves the voice {voice} fewer notes than a fifth.",
                        voice=tr(part.track.name),
                    ),
                    tr("Choose a wider range, or leave it empty for the usual ranges of four voices."),
                )
        return cut
    if given is not None:
        return (given,)
    part = ensemble.voices[0]
    low, high = part.low + mood.lift, part.high + mood.lift
    if ensemble.name != "piano":  # an octave higher or lower where the instrument lies there
        lowest, highest = INSTRUMENTS[program].low, INSTRUMENTS[program].high
        while high - lowest < _USUAL_WIDTH and high + 12 <= 108:
            low, high = low + 12, high + 12
        while highest - low < _USUAL_WIDTH and low - 12 >= max(lowest, 36):
            low, high = low - 12, high - 12
        low, high = max(low, lowest), min(high, highest)
    return ((low, high),)


def _check_range(low: int, high: int, key: Key, chords: Sequence[PlacedChord]) -> None:
    inside = [pitch for pitch in range(low, high + 1) if pitch % 12 in key.pitch_classes]
    if len(inside) < FEWEST_NOTES:
        raise BadInput(
            tr(
                "The range {low}-{high} and the key {key} collide: only {count} of its notes lie in it.",
                low=pitch_name(low, key),
                high=pitch_name(high, key),
                key=key.name,
                count=len(inside),
            ),
            tr("Choose a wider range, or another key."),
        )
    classes = {pitch % 12 for pitch in range(low, high + 1)}
    for placed in chords:
        if placed.chord is not None and not placed.chord.pitch_classes & classes:
            raise BadInput(
                tr(
                    "The range {low}-{high} and the chord {chord} collide: none of its notes lies in it.",
                    low=pitch_name(low, key),
                    high=pitch_name(high, key),
                    chord=placed.chord.symbol(key),
                ),
                tr("Choose a wider range, or another chord."),
            )


def _cadence(chords: Sequence[PlacedChord], key: Key, meter: Meter, bars: int, loop: bool) -> Cadence:
    """How the last bar can close over its chord."""
    last = chord_at(chords, bars * meter.bar_ticks - 1)
    if loop:
        dominant = Chord((key.tonic + 7) % 12, "7").pitch_classes | {(key.tonic + 10) % 12}
        return "loop" if last is None or last.pitch_classes & dominant & key.pitch_classes else "none"
    return "full" if last is None or key.tonic in last.pitch_classes else "none"


def _track(track: Track, ensemble: Ensemble, program: int) -> Track:
    """The track of a voice. Instruments whose notes fade are turned up, so that a melody stands out."""
    if not ensemble.has_melody or ensemble.name == "piano":
        return track
    fades = program < 16 or 24 <= program < 29 or program in (45, 46)
    return replace(track, program=program, volume=122 if fades else track.volume)


def _accompaniment(
    ensemble: Ensemble, groove: str, mood: Mood, loop: bool, rng: np.random.Generator
) -> Wish | None:
    if not ensemble.parts:
        return None
    parts = ensemble.parts
    if ensemble.name == "band" and GROOVES[groove].pad:
        parts = (*parts, "strings")
    programs: Mapping[str, int] = {}
    if ensemble.name == "piano":
        programs = {"left hand": 0}
    elif mood.chords_programs:
        programs = {part: int(rng.choice(mood.chords_programs)) for part in ("left hand", "chords")}
    return Wish(groove, parts, mood.energy, ends=not loop, programs=programs)
