"""Settings that several generators have."""

from __future__ import annotations

from typing import Annotated, Literal

from studio.api import Field, Input, Ui, mark
from studio_music.core.arrange.grooves import GROOVES
from studio_music.core.ensembles import ENSEMBLES
from studio_music.core.moods import MOODS

MUSIC = mark("Music")
CHORDS = mark("Chords")
SOUND = mark("Players")
CHANCE = mark("Chance")
WHAT_FITS = mark("What fits")

MOST_BARS = 64

EnsembleName = Literal["solo", "chords", "choir", "strings", "piano", "band"]
MoodName = Literal["calm", "bright", "dark", "playful", "epic", "wistful", "tense", "solemn"]
MeterName = Literal["4/4", "3/4", "2/4", "6/8", "9/8", "12/8", "3/8", "2/2", "3/2", "6/4"]
GrooveName = Literal[
    "auto", "pop", "rock", "dance", "lofi", "ballad", "folk", "jig", "waltz", "swing", "bossa", "march",
    "arpeggio", "epic", "classical",
]  # fmt: skip

KEY = Annotated[
    str,
    Ui(group=MUSIC, hint="music-key"),
    Field(
        title=mark("Key"),
        description=mark(
            "Such as A minor, Bb or F# dorian. Empty: the key of the chords, or one that fits the mood."
        ),
        max_length=40,
    ),
]
METER = Annotated[
    MeterName,
    Ui(group=MUSIC, hint="choice"),
    Field(title=mark("Meter")),
]
TEMPO = Annotated[
    int,
    Ui(group=MUSIC, unit=mark("bpm"), labels=(("0", WHAT_FITS),)),
    Field(
        title=mark("Tempo"),
        description=mark("Quarter notes per minute, 20 to 300. 0: what fits the mood."),
        ge=0,
        le=300,
    ),
]
BARS = Annotated[
    int,
    Ui(group=MUSIC, unit=mark("bars"), hint="slider"),
    Field(title=mark("Length"), ge=1, le=MOST_BARS),
]
MOOD = Annotated[
    MoodName,
    Ui(group=MUSIC, hint="choice", labels=tuple((mood.name, mood.title) for mood in MOODS.values())),
    Field(
        title=mark("Mood"),
        description=mark("Sets what you leave open: key, tempo, density, chords, groove and instruments."),
    ),
]
ENSEMBLE = Annotated[
    EnsembleName,
    Ui(group=MUSIC, hint="choice", labels=tuple((one.name, one.title) for one in ENSEMBLES.values())),
    Field(
        title=mark("Ensemble"),
        description=mark(
            "The model writes melodies, choirs and quartets. "
            "Chords, left hands, basses and drums come from rules."
        ),
    ),
]
DENSITY = Annotated[
    int,
    Ui(group=MUSIC, hint="slider", labels=(("0", WHAT_FITS),)),
    Field(
        title=mark("Density"),
        description=mark("From 1, few notes, to 5, many. 0: what fits the mood."),
        ge=0,
        le=5,
    ),
]
RANGE = Annotated[
    str,
    Ui(group=MUSIC, advanced=True),
    Field(
        title=mark("Range"),
        description=mark(
            "Of the melody, such as C4-A5; C4 is middle C. Empty: what fits the instrument and the mood."
        ),
        max_length=20,
    ),
]
GRID = Annotated[
    str,
    Ui(group=CHORDS, hint="chord-grid"),
    Field(
        title=mark("Chords"),
        description=mark(
            "Such as Am F C G, one for each bar, or with bar lines: Am7 | Dm7 G7 | % | C/E | N.C. "
            "The grid is repeated until the last bar."
        ),
        max_length=8000,
    ),
]
GROOVE = Annotated[
    GrooveName,
    Ui(
        group=SOUND,
        hint="choice",
        labels=(("auto", mark("As the mood has it")), *((one.name, one.title) for one in GROOVES.values())),
    ),
    Field(title=mark("Groove"), description=mark("How chords, bass and drums play.")),
]
INSTRUMENT = Annotated[
    str,
    Ui(group=SOUND, hint="music-instrument"),
    Field(
        title=mark("Melody instrument"),
        description=mark(
            "By its name, such as Flute, or its General MIDI number, 1 to 128. Empty: by the mood."
        ),
        max_length=60,
    ),
]
COUNT = Annotated[
    int,
    Ui(group=CHANCE, hint="slider"),
    Field(title=mark("Variants"), description=mark("Different pieces from the same settings."), ge=1, le=8),
]
SURPRISE = Annotated[
    float,
    Ui(group=CHANCE, hint="slider", advanced=True),
    Field(
        title=mark("Surprise"),
        description=mark("Below 1 the model takes what is likely, above 1 what is not."),
        ge=0.3,
        le=1.6,
    ),
]
WEIGHTS = Annotated[
    Literal["studio", "other"],
    Ui(
        group=CHANCE,
        hint="choice",
        labels=(("studio", mark("The studio's own")), ("other", mark("Another one"))),
        advanced=True,
    ),
    Field(title=mark("Music model")),
]
MODEL = Annotated[
    str,
    Ui(group=CHANCE, model=("onnx",), when=("weights", ("other",)), advanced=True),
    Field(
        title=mark("Model"),
        description=mark("Other weights for the studio's music model, as an ONNX file."),
        max_length=4096,
    ),
]
GROOVE_LABELS = (
    ("auto", mark("What fits meter and tempo")),
    *((one.name, one.title) for one in GROOVES.values()),
)
SONG = Input(name="song", title=mark("Song"), kind="music")
TRACK = Annotated[
    str,
    Ui(group=MUSIC, hint="music-track"),
    Field(
        title=mark("Track"),
        description=mark(
            "Its name or its number. Empty: the melody, or all four voices of a choir or quartet."
        ),
        max_length=120,
    ),
]
SWING = Annotated[
    int,
    Ui(group=SOUND, hint="slider", unit="%", labels=(("0", WHAT_FITS),)),
    Field(
        title=mark("Swing"),
        description=mark(
            "Where off-beat eighths fall, the melody's too: 50 is straight, 67 a triplet. "
            "0: as the groove has it."
        ),
        ge=0,
        le=75,
    ),
]
ENERGY = Annotated[
    int,
    Ui(group=SOUND, hint="slider", unit="%"),
    Field(title=mark("Energy"), description=mark("How loud and how busy the players are."), ge=0, le=100),
]
FILLS = Annotated[
    bool,
    Ui(group=SOUND),
    Field(title=mark("Drum fills"), description=mark("At the ends of phrases.")),
]


def groove_of(name: str) -> str:
    """The groove as the core takes it: empty where it is to be chosen."""
    return "" if name == "auto" else name
