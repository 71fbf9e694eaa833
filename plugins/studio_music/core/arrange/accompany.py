"""Accompanies a song that has chords: adds tracks by the rules of a groove."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from studio_music.core.arrange.bass import bass_line
from studio_music.core.arrange.comping import comp, hold, left_hand, with_chords
from studio_music.core.arrange.drums import drum_part
from studio_music.core.arrange.dynamics import PHRASE, Feel
from studio_music.core.arrange.groove import Groove, bar_hits
from studio_music.core.arrange.grooves import GROOVES, INSTEAD
from studio_music.core.arrange.harmony import Ceiling, Harmony
from studio_music.core.arrange.tabs import Hit
from studio_music.core.instruments import INSTRUMENTS
from studio_music.core.song import BarSpan, Note, Song, Track

PARTS = ("left hand", "chords", "bass", "drums", "strings")
"""What can be added. `left hand` plays bass and chords at once, as one player does."""
_STAGE = {
    "left hand": Track("Accompaniment", role="chords", volume=106, pan=56, reverb=45),
    "chords": Track("Chords", role="chords", volume=97, pan=46, reverb=42),
    "bass": Track("Bass", role="bass", volume=88, pan=64, reverb=18),
    "drums": Track("Drums", role="drums", is_drums=True, volume=92, pan=64, reverb=26),
    "strings": Track("Strings", program=48, role="other", volume=74, pan=80, reverb=70),
}
"""The tracks as they stand in the mix."""
_LEVELS = {"left hand": 56.0, "chords": 55.0, "bass": 76.0, "drums": 80.0, "strings": 50.0}
_LONG = 16
"""Bars from which an arrangement grows: its first phrase is played lightly."""
_USUAL_CEILING = 84


@dataclass(frozen=True)
class Wish:
    """How a song is to be accompanied."""

    groove: str
    """One of `GROOVES`."""
    parts: tuple[str, ...]
    """Of `PARTS`, in the order of the tracks."""
    energy: float = 0.5
    """0 (soft and sparse) to 1 (loud and busy)."""
    swing: float | None = None
    """Where off-beat eighths fall, 0.5 to 0.75; None: as the groove has it."""
    fills: bool = True
    """Whether drums fill the ends of phrases."""
    ends: bool = True
    """Whether the last bar closes; False: it leads back to the first, as loops do."""
    programs: Mapping[str, int] = field(default_factory=dict)
    """General MIDI programs by part; the groove has one for the others."""

    @property
    def swing_ratio(self) -> float:
        return GROOVES[self.groove].swing if self.swing is None else self.swing


def accompaniment(song: Song, wish: Wish, rng: np.random.Generator) -> tuple[Track, ...]:
    """The new tracks for a song, one for each part; they are straight where the groove swings (see `swung`).

    Where the song says no chord, only drums play.
    """
    groove = GROOVES[wish.groove]
    harmony = Harmony.of(song)
    ceiling = Ceiling(_melody(song), _USUAL_CEILING)
    light = PHRASE if wish.ends and len(song.bars) >= _LONG else 0
    tracks = []
    for part in wish.parts:
        chance = np.random.default_rng(rng.integers(2**63))
        feel = Feel(_LEVELS[part] + 26 * (wish.energy - 0.5), chance)
        if part == "drums":
            notes = drum_part(
                groove,
                song.bars,
                feel,
                chance,
                energy=wish.energy,
                fills=wish.fills,
                ends=wish.ends,
                light=light,
            )
        elif part == "strings":
            from_tick = song.bars[light].start if light else 0
            notes = hold(harmony, song.bars, ceiling, feel, from_tick)
        else:
            choices = _choices(song, chance)
            struck = with_chords(_hits(groove, part, song.bars, choices, wish.ends), harmony)
            if part == "bass":
                notes = bass_line(struck, harmony, song.key, feel, chance)
            elif part == "left hand":
                notes = left_hand(struck, ceiling, feel, INSTRUMENTS[_program(part, groove, wish)].low)
            else:
                notes = comp(struck, ceiling, feel, groove.voices, "bass" in wish.parts)
        tracks.append(
            replace(_STAGE[part], notes=_sorted(notes, song.length), program=_program(part, groove, wish))
        )
    return tuple(tracks)


def _program(part: str, groove: Groove, wish: Wish) -> int:
    usual = {"bass": groove.bass_program, "drums": 0, "strings": 48}
    return wish.programs.get(part, usual.get(part, groove.chords_program))


def _choices(song: Song, rng: np.random.Generator) -> list[int]:
    """Which tab each bar takes: one for two phrases, another one in the last bar of each, as players do."""
    count = len(song.bars) // (2 * PHRASE) + 1
    drawn = [int(choice) for choice in rng.integers(12, size=count)]
    for place in range(1, count):
        if drawn[place] % 6 == drawn[place - 1] % 6:
            drawn[place] += 1
    return [
        drawn[bar.number // (2 * PHRASE)]
        + (bar.number % PHRASE == PHRASE - 1) * (1 + bar.number // PHRASE % 2)
        for bar in song.bars
    ]


def _hits(
    groove: Groove, part: str, bars: Sequence[BarSpan], choices: Sequence[int], ends: bool
) -> list[tuple[BarSpan, list[Hit]]]:
    tab = {"left hand": "left", "bass": "bass", "chords": "chords"}[part]
    found = [(bar, bar_hits(groove, tab, bar, choices[bar.number], INSTEAD)) for bar in bars]
    if ends and found:
        bar = bars[-1]
        signs = {"left hand": "bx", "bass": "1", "chords": "x"}[part]
        found[-1] = (bar, [Hit(bar.start, bar.end - bar.start, sign) for sign in signs])
    return found


def _melody(song: Song) -> tuple[Note, ...]:
    """What an accompaniment must not cover: the melody, or else the highest track."""
    pitched = [track for track in song.tracks if track.notes and not track.is_drums]
    melodies = [track for track in pitched if track.role in ("melody", "right hand", "soprano")]
    if not melodies and pitched:
        melodies = [max(pitched, key=lambda track: float(np.mean([note.pitch for note in track.notes])))]
    return tuple(note for track in melodies for note in track.notes)


def _sorted(notes: Sequence[Note], length: int) -> tuple[Note, ...]:
    return tuple(sorted(note._replace(length=min(note.length, length - note.start)) for note in notes))
