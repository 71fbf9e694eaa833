"""How the notes of a song are written: as sharps or flats, by the keys, the chords and the notes around.

After the algorithm ps13s1 of D. Meredith (The ps13 Pitch Spelling Algorithm, Journal of New Music Research
35, 2006): each pitch class near a note counts as a tonic that would spell the note as its chromatic scale
does.
"""

from __future__ import annotations

from collections import Counter
from functools import lru_cache

from studio_music.core.chords import Chord
from studio_music.core.keys import STEPS, Key, Spelling, spell
from studio_music.core.song import Song

_BEFORE, _AFTER = 10, 42
"""Notes around one that count (the paper's values)."""
_DEGREES = (0, 1, 1, 2, 2, 3, 3, 4, 5, 5, 6, 6)
"""Letters above a tonic, by semitones: the harmonic chromatic scale."""
_KEY_WEIGHT, _CHORD_WEIGHT = 12.0, 60.0
_STEP_CLASSES = (0, 2, 4, 5, 7, 9, 11)
_FLAT_FIFTHS = frozenset(["dim", "m7b5", "dim7", "7b5"])
_SHARP_FIFTHS = frozenset(["aug", "7#5"])


def spellings(song: Song) -> list[list[Spelling]]:
    """For each track, how each of its notes is written. Drums have none."""
    order = sorted(
        (note.start, note.pitch, track, place)
        for track, played in enumerate(song.tracks)
        if not played.is_drums
        for place, note in enumerate(played.notes)
    )
    written: list[list[Spelling]] = [
        [] if track.is_drums else [Spelling("C", 0, 4)] * len(track.notes) for track in song.tracks
    ]
    around: Counter[int] = Counter(pitch % 12 for _, pitch, _, _ in order[:_AFTER])
    known: dict[tuple[int, Key, Chord | None, tuple[int, ...]], tuple[int, int]] = {}
    for number, (start, pitch, track, place) in enumerate(order):
        if number + _AFTER < len(order):
            around[order[number + _AFTER][1] % 12] += 1
        if number > _BEFORE:
            around[order[number - _BEFORE - 1][1] % 12] -= 1
        key, chord = song.key_at(start), song.chord_at(start)
        weights = tuple(around[tonic] for tonic in range(12))
        asked = (pitch % 12, key, chord, weights)
        if asked not in known:
            known[asked] = _letter(*asked)
        letter, alter = known[asked]
        written[track][place] = Spelling(STEPS[letter], alter, (pitch - alter) // 12 - 1)
    return written


def _letter(pitch_class: int, key: Key, chord: Chord | None, weights: tuple[int, ...]) -> tuple[int, int]:
    """The letter, and how far it is altered."""
    plain = spell(60 + pitch_class, key)
    if pitch_class in key.pitch_classes and key.mode in ("major", "minor"):
        usual = STEPS.index(plain.step), plain.alter
        if chord is None:
            return usual
    votes: dict[int, float] = dict.fromkeys(range(7), 0.0)
    for tonic, weight in enumerate(weights):
        if weight:
            votes[_by(tonic, pitch_class, key)] += weight
    votes[_by(key.tonic, pitch_class, key)] += _KEY_WEIGHT
    votes[STEPS.index(plain.step)] += _KEY_WEIGHT / 2
    if chord is not None and pitch_class in chord.tones:
        letter = _by(chord.root, pitch_class, key)
        above = (pitch_class - chord.root) % 12
        if (above == 6 and chord.quality in _FLAT_FIFTHS) or (above == 8 and chord.quality in _SHARP_FIFTHS):
            letter = (STEPS.index(spell(60 + chord.root, key).step) + 4) % 7
        votes[letter] += _CHORD_WEIGHT
    letter = max(votes, key=lambda one: votes[one])
    alter = _alter(letter, pitch_class)
    if abs(alter) > 1 and abs(key.fifths) < 4:
        return STEPS.index(plain.step), plain.alter
    return letter, alter


@lru_cache(maxsize=8192)
def _by(tonic: int, pitch_class: int, key: Key) -> int:
    """The letter of a pitch class in the chromatic scale on a tonic that is written as in the key."""
    return (STEPS.index(spell(60 + tonic, key).step) + _DEGREES[(pitch_class - tonic) % 12]) % 7


def _alter(letter: int, pitch_class: int) -> int:
    return (pitch_class - _STEP_CLASSES[letter] + 6) % 12 - 6
