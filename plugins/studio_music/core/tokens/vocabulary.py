"""The tokens and the features that go with each of them.

A note is two tokens, pitch and duration. Where in the bar it begins, whose voice it is, which chord sounds
there and how many bars are left is not written as tokens: it follows from what was written before, and goes
along with every token as features of what comes next. Pitches are relative to the tonic, so no
transposition is needed in training.
"""

from __future__ import annotations

from studio_music.core.chords import QUALITIES, Chord
from studio_music.core.meter import TICKS

PER_QUARTER = 24
"""Positions per quarter note: divides triplets and thirty-seconds alike."""
GRID = TICKS // PER_QUARTER
"""Ticks of a position."""
MOST_VOICES = 4
MOST_BARS = 64
MODES = ("major", "minor", "dorian", "mixolydian")
NEAREST_MODE = {
    "phrygian": "minor",
    "locrian": "minor",
    "lydian": "major",
    "harmonic minor": "minor",
    "melodic minor": "minor",
    "major pentatonic": "major",
    "minor pentatonic": "minor",
    "blues": "minor",
    "chromatic": "major",
}
"""What the model takes other scales for; masks keep the notes within them."""
METERS = ("2/4", "3/4", "4/4", "2/2", "3/8", "6/8", "9/8", "12/8", "6/4", "3/2")
ENSEMBLES = ("solo", "choir", "strings")
TEMPO_EDGES = (66.0, 88.0, 108.0, 132.0, 168.0)
"""Quarter notes per minute between the tempo classes."""
DENSITY_EDGES = (0.75, 1.15, 1.6, 2.2)
"""Onsets per quarter note and voice between the densities 1 to 5."""
LOWEST, HIGHEST = 21, 108
RANGE_STEP = 4
"""Semitones of a step of the range tokens."""
DURATIONS = (
    1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 14, 15, 16, 18, 20, 21, 22, 24, 27, 28, 30, 32, 33, 36, 40, 42,
    44, 45, 48, 54, 56, 60, 64, 66, 68, 72, 78, 80, 84, 90, 96, 102, 108, 114, 120, 126, 132, 138, 144, 168,
    192,
)  # fmt: skip
"""In positions."""


def _numbered() -> dict[str, int]:
    names = ["pad", "bar", "fill", "hold", "separator", "rest", "begins", "middle", "ends", "open"]
    names += ["chords", "no chords", "context"]
    names += [f"ensemble {name}" for name in ENSEMBLES]
    names += [f"mode {name}" for name in MODES]
    names += [f"meter {name}" for name in METERS]
    names += ["tempo unknown", *(f"tempo {place}" for place in range(len(TEMPO_EDGES) + 1))]
    names += ["density unknown", *(f"density {place + 1}" for place in range(len(DENSITY_EDGES) + 1))]
    steps = range((HIGHEST - LOWEST) // RANGE_STEP + 1)
    names += ["range unknown", *(f"low {step}" for step in steps), *(f"high {step}" for step in steps)]
    names += [f"bars {count + 1}" for count in range(MOST_BARS)]
    names += [f"duration {length}" for length in DURATIONS]
    names += [f"pitch {pitch}" for pitch in range(LOWEST, HIGHEST + 1)]
    return {name: number for number, name in enumerate(names)}


IDS = _numbered()
"""Token numbers by name."""
SIZE = len(IDS)
PAD, BAR, FILL, HOLD, SEPARATOR, REST = (
    IDS[name] for name in ("pad", "bar", "fill", "hold", "separator", "rest")
)
FIRST_DURATION = IDS[f"duration {DURATIONS[0]}"]
FIRST_PITCH = IDS[f"pitch {LOWEST}"]

CHORD_QUALITIES = ("", "m", "7", "maj7", "m7", "dim", "m7b5", "dim7", "aug", "sus4")
"""The qualities that the model tells apart."""
_NEAREST_QUALITY = {
    "sus2": "sus4", "7sus4": "sus4", "6": "", "m6": "m", "mMaj7": "m", "5": "", "add9": "", "madd9": "m",
    "9": "7", "maj9": "maj7", "m9": "m7", "6/9": "", "11": "sus4", "13": "7", "7b9": "7", "7#9": "7",
    "7#5": "aug", "7b5": "7",
}  # fmt: skip
NO_CHORD = 12 * len(CHORD_QUALITIES)
"""The label of N.C."""
UNKNOWN_CHORD = NO_CHORD + 1
"""The label where nothing is known or given."""
CHORD_LABELS = NO_CHORD + 2

MOST_POSITIONS = 144
"""Positions of the longest bar, 12/8 or 3/2."""
NO_VOICE = MOST_VOICES
NO_POSITION = MOST_POSITIONS
FEATURES = ("token", "position", "voice", "chord", "next chord", "bar", "bars left")
"""The columns of the model's input; all but the token describe what comes next."""
FEATURE_SIZES = (
    SIZE,
    MOST_POSITIONS + 1,
    MOST_VOICES + 1,
    CHORD_LABELS,
    CHORD_LABELS,
    MOST_BARS + 1,
    MOST_BARS + 1,
)


def duration_token(length: int) -> int:
    """The token of the longest duration that is not longer; `length` in positions, at least 1."""
    place = max(place for place, duration in enumerate(DURATIONS) if duration <= length)
    return FIRST_DURATION + place


def pitch_token(pitch: int) -> int:
    """A pitch relative to the tonic: 60 is the tonic near middle C. From `LOWEST` to `HIGHEST`."""
    return FIRST_PITCH + pitch - LOWEST


def class_of(value: float, edges: tuple[float, ...]) -> int:
    """How many of the edges a value reaches."""
    return sum(value >= edge for edge in edges)


def chord_label(chord: Chord | None, tonic: int) -> int:
    """The label of a chord relative to the tonic, by the nearest quality that the model knows."""
    if chord is None:
        return NO_CHORD
    quality = _NEAREST_QUALITY.get(chord.quality, chord.quality)
    return (chord.root - tonic) % 12 * len(CHORD_QUALITIES) + CHORD_QUALITIES.index(quality)


def label_tones(label: int) -> tuple[int, ...]:
    """The pitch classes of a label relative to the tonic, root first; none for N.C. and unknown."""
    if label >= NO_CHORD:
        return ()
    root, quality = divmod(label, len(CHORD_QUALITIES))
    return tuple((root + step) % 12 for step in QUALITIES[CHORD_QUALITIES[quality]])
