"""The instruments of General MIDI: their names, groups and ranges, and the notes of the drum kit.

Sources: General MIDI Level 1 (MIDI Manufacturers Association, RP-003) for programs and drum notes, Roland GS
for the programs of drum kits; ranges after S. Adler, The Study of Orchestration (2002), as they sound.
"""

from __future__ import annotations

from typing import NamedTuple

from studio.api.values import mark


class Instrument(NamedTuple):
    """A General MIDI program."""

    title: str
    """English: say `tr(title)` where it is shown."""
    low: int
    high: int
    """The MIDI pitches that it plays in reality, as they sound."""


GROUPS = (
    mark("Pianos"),
    mark("Chromatic percussion"),
    mark("Organs"),
    mark("Guitars"),
    mark("Basses"),
    mark("Strings"),
    mark("Ensembles"),
    mark("Brass"),
    mark("Reeds"),
    mark("Pipes"),
    mark("Synth leads"),
    mark("Synth pads"),
    mark("Synth effects"),
    mark("World instruments"),
    mark("Percussive"),
    mark("Sound effects"),
)
"""Titles of the groups of eight programs each, in their order."""

INSTRUMENTS = (
    Instrument(mark("Grand piano"), 21, 108),
    Instrument(mark("Bright piano"), 21, 108),
    Instrument(mark("Electric grand piano"), 21, 108),
    Instrument(mark("Honky-tonk piano"), 21, 108),
    Instrument(mark("Electric piano 1"), 28, 103),
    Instrument(mark("Electric piano 2"), 28, 103),
    Instrument(mark("Harpsichord"), 29, 89),
    Instrument(mark("Clavinet"), 36, 96),
    Instrument(mark("Celesta"), 60, 108),
    Instrument(mark("Glockenspiel"), 72, 108),
    Instrument(mark("Music box"), 60, 96),
    Instrument(mark("Vibraphone"), 53, 89),
    Instrument(mark("Marimba"), 45, 96),
    Instrument(mark("Xylophone"), 65, 108),
    Instrument(mark("Tubular bells"), 60, 77),
    Instrument(mark("Dulcimer"), 48, 84),
    Instrument(mark("Drawbar organ"), 36, 96),
    Instrument(mark("Percussive organ"), 36, 96),
    Instrument(mark("Rock organ"), 36, 96),
    Instrument(mark("Church organ"), 24, 108),
    Instrument(mark("Reed organ"), 36, 96),
    Instrument(mark("Accordion"), 41, 93),
    Instrument(mark("Harmonica"), 60, 96),
    Instrument(mark("Bandoneon"), 36, 93),
    Instrument(mark("Nylon-string guitar"), 40, 83),
    Instrument(mark("Steel-string guitar"), 40, 84),
    Instrument(mark("Jazz guitar"), 40, 86),
    Instrument(mark("Clean electric guitar"), 40, 88),
    Instrument(mark("Muted electric guitar"), 40, 88),
    Instrument(mark("Overdriven guitar"), 40, 88),
    Instrument(mark("Distorted guitar"), 40, 88),
    Instrument(mark("Guitar harmonics"), 40, 100),
    Instrument(mark("Double bass, plucked"), 28, 67),
    Instrument(mark("Fingered bass guitar"), 28, 67),
    Instrument(mark("Picked bass guitar"), 28, 67),
    Instrument(mark("Fretless bass guitar"), 28, 67),
    Instrument(mark("Slap bass 1"), 28, 67),
    Instrument(mark("Slap bass 2"), 28, 67),
    Instrument(mark("Synth bass 1"), 24, 72),
    Instrument(mark("Synth bass 2"), 24, 72),
    Instrument(mark("Violin"), 55, 103),
    Instrument(mark("Viola"), 48, 91),
    Instrument(mark("Cello"), 36, 81),
    Instrument(mark("Double bass, bowed"), 28, 67),
    Instrument(mark("Tremolo strings"), 28, 103),
    Instrument(mark("Pizzicato strings"), 28, 103),
    Instrument(mark("Harp"), 23, 103),
    Instrument(mark("Timpani"), 36, 60),
    Instrument(mark("String ensemble 1"), 28, 103),
    Instrument(mark("String ensemble 2"), 28, 103),
    Instrument(mark("Synth strings 1"), 24, 108),
    Instrument(mark("Synth strings 2"), 24, 108),
    Instrument(mark("Choir, aahs"), 40, 84),
    Instrument(mark("Voice, oohs"), 40, 84),
    Instrument(mark("Synth voice"), 40, 84),
    Instrument(mark("Orchestra hit"), 36, 84),
    Instrument(mark("Trumpet"), 54, 86),
    Instrument(mark("Trombone"), 40, 74),
    Instrument(mark("Tuba"), 26, 65),
    Instrument(mark("Muted trumpet"), 54, 86),
    Instrument(mark("French horn"), 34, 77),
    Instrument(mark("Brass section"), 34, 86),
    Instrument(mark("Synth brass 1"), 24, 96),
    Instrument(mark("Synth brass 2"), 24, 96),
    Instrument(mark("Soprano saxophone"), 56, 88),
    Instrument(mark("Alto saxophone"), 49, 81),
    Instrument(mark("Tenor saxophone"), 44, 76),
    Instrument(mark("Baritone saxophone"), 36, 69),
    Instrument(mark("Oboe"), 58, 91),
    Instrument(mark("English horn"), 52, 81),
    Instrument(mark("Bassoon"), 34, 76),
    Instrument(mark("Clarinet"), 50, 94),
    Instrument(mark("Piccolo"), 74, 108),
    Instrument(mark("Flute"), 60, 96),
    Instrument(mark("Recorder"), 60, 98),
    Instrument(mark("Pan flute"), 60, 96),
    Instrument(mark("Blown bottle"), 60, 96),
    Instrument(mark("Shakuhachi"), 55, 84),
    Instrument(mark("Whistle"), 60, 96),
    Instrument(mark("Ocarina"), 60, 84),
    Instrument(mark("Square lead"), 21, 108),
    Instrument(mark("Sawtooth lead"), 21, 108),
    Instrument(mark("Calliope lead"), 36, 96),
    Instrument(mark("Chiff lead"), 36, 96),
    Instrument(mark("Charang lead"), 36, 96),
    Instrument(mark("Voice lead"), 36, 96),
    Instrument(mark("Fifths lead"), 36, 96),
    Instrument(mark("Bass and lead"), 21, 108),
    Instrument(mark("New age pad"), 36, 96),
    Instrument(mark("Warm pad"), 36, 96),
    Instrument(mark("Polysynth pad"), 36, 96),
    Instrument(mark("Choir pad"), 36, 96),
    Instrument(mark("Bowed pad"), 36, 96),
    Instrument(mark("Metallic pad"), 36, 96),
    Instrument(mark("Halo pad"), 36, 96),
    Instrument(mark("Sweep pad"), 36, 96),
    Instrument(mark("Rain"), 36, 96),
    Instrument(mark("Soundtrack"), 36, 96),
    Instrument(mark("Crystal"), 36, 96),
    Instrument(mark("Atmosphere"), 36, 96),
    Instrument(mark("Brightness"), 36, 96),
    Instrument(mark("Goblins"), 36, 96),
    Instrument(mark("Echoes"), 36, 96),
    Instrument(mark("Science fiction"), 36, 96),
    Instrument(mark("Sitar"), 48, 77),
    Instrument(mark("Banjo"), 48, 84),
    Instrument(mark("Shamisen"), 50, 79),
    Instrument(mark("Koto"), 55, 84),
    Instrument(mark("Kalimba"), 48, 79),
    Instrument(mark("Bagpipe"), 57, 81),
    Instrument(mark("Fiddle"), 55, 96),
    Instrument(mark("Shanai"), 48, 72),
    Instrument(mark("Tinkle bell"), 72, 84),
    Instrument(mark("Agogo"), 60, 72),
    Instrument(mark("Steel drums"), 52, 76),
    Instrument(mark("Woodblock"), 60, 84),
    Instrument(mark("Taiko drum"), 36, 72),
    Instrument(mark("Melodic tom"), 36, 72),
    Instrument(mark("Synth drum"), 36, 72),
    Instrument(mark("Reverse cymbal"), 0, 127),
    Instrument(mark("Guitar fret noise"), 0, 127),
    Instrument(mark("Breath noise"), 0, 127),
    Instrument(mark("Seashore"), 0, 127),
    Instrument(mark("Bird tweet"), 0, 127),
    Instrument(mark("Telephone ring"), 0, 127),
    Instrument(mark("Helicopter"), 0, 127),
    Instrument(mark("Applause"), 0, 127),
    Instrument(mark("Gunshot"), 0, 127),
)
"""By program, 0 to 127."""

DRUM_KITS = {
    0: mark("Standard drum kit"),
    8: mark("Room drum kit"),
    16: mark("Power drum kit"),
    24: mark("Electronic drum kit"),
    25: mark("Analog drum kit"),
    32: mark("Jazz drum kit"),
    40: mark("Brush drum kit"),
    48: mark("Orchestra drum kit"),
}
"""Titles of drum kits by program."""

DRUM_NOTES = {
    35: mark("Acoustic bass drum"),
    36: mark("Bass drum"),
    37: mark("Side stick"),
    38: mark("Snare drum"),
    39: mark("Hand clap"),
    40: mark("Electric snare drum"),
    41: mark("Low floor tom"),
    42: mark("Closed hi-hat"),
    43: mark("High floor tom"),
    44: mark("Pedal hi-hat"),
    45: mark("Low tom"),
    46: mark("Open hi-hat"),
    47: mark("Low mid tom"),
    48: mark("High mid tom"),
    49: mark("Crash cymbal 1"),
    50: mark("High tom"),
    51: mark("Ride cymbal 1"),
    52: mark("Chinese cymbal"),
    53: mark("Ride bell"),
    54: mark("Tambourine"),
    55: mark("Splash cymbal"),
    56: mark("Cowbell"),
    57: mark("Crash cymbal 2"),
    58: mark("Vibraslap"),
    59: mark("Ride cymbal 2"),
    60: mark("High bongo"),
    61: mark("Low bongo"),
    62: mark("Muted high conga"),
    63: mark("Open high conga"),
    64: mark("Low conga"),
    65: mark("High timbale"),
    66: mark("Low timbale"),
    67: mark("High agogo"),
    68: mark("Low agogo"),
    69: mark("Cabasa"),
    70: mark("Maracas"),
    71: mark("Short whistle"),
    72: mark("Long whistle"),
    73: mark("Short guiro"),
    74: mark("Long guiro"),
    75: mark("Claves"),
    76: mark("High woodblock"),
    77: mark("Low woodblock"),
    78: mark("Muted cuica"),
    79: mark("Open cuica"),
    80: mark("Muted triangle"),
    81: mark("Open triangle"),
}
"""Titles of the drums by pitch, 35 to 81."""

PIANO, GUITAR, BASS_GUITAR, VIOLIN, VIOLA, CELLO, STRINGS, CHOIR = 0, 25, 33, 40, 41, 42, 48, 52
_FLUTE, _CLARINET = 73, 71

_USUAL = {
    "melody": PIANO,
    "chords": PIANO,
    "bass": BASS_GUITAR,
    "drums": 0,
    "soprano": CHOIR,
    "alto": CHOIR,
    "tenor": CHOIR,
    "bass voice": CHOIR,
    "right hand": PIANO,
    "left hand": PIANO,
}
_USUAL_IN = {
    "solo": {"melody": _FLUTE},
    "strings": {"soprano": VIOLIN, "alto": VIOLIN, "tenor": VIOLA, "bass voice": CELLO, "melody": VIOLIN},
    "band": {"melody": _CLARINET, "chords": GUITAR},
}


def program_title(program: int) -> str:
    """The English title of a General MIDI program, 0 to 127."""
    return INSTRUMENTS[program].title


def group_title(program: int) -> str:
    """The English title of the group that a program belongs to."""
    return GROUPS[program // 8]


def drum_kit_title(program: int) -> str:
    """The English title of the drum kit of a program: of the nearest kit below, as synthesizers choose it."""
    return DRUM_KITS[max(kit for kit in DRUM_KITS if kit <= program)]


def usual_program(role: str, ensemble: str = "") -> int:
    """The program that a role of `song.ROLES` has where nobody chose one, in an ensemble where that matters.

    Ensembles that matter: `solo`, `strings`, `band`.
    """
    return _USUAL_IN.get(ensemble, {}).get(role, _USUAL.get(role, PIANO))
