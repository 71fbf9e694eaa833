"""The grooves, as tabs. Sixteenths or eighths fill a bar, triplets where it swings."""

from __future__ import annotations

from collections.abc import Mapping

from studio.api.values import mark, tr
from studio_music.core.arrange.groove import Groove, Patterns, drum_tabs, family_of
from studio_music.core.meter import Meter

_NO_DRUMS: tuple[Mapping[str, str], ...] = ({},)

_WALTZ = Patterns(
    chords=("..x-x-", "..x-xx"),
    left=("b-x-x-", "b-xxx-", "b-x-f-"),
    bass=("1-----", "1---5-", "1---a-"),
    drums=(
        drum_tabs("kick X.....\nstick ..x.x.\nride x.x.xx"),
        drum_tabs("kick X.....\nsnare ..o.o.\nhat x.x.x."),
    ),
)
_JIG = Patterns(
    chords=("X-xX-x", "X-xx-x"),
    left=("b-xf-x", "b-xbxx"),
    bass=("1--5--", "1--1-5", "1--5-a"),
    drums=(
        drum_tabs("shaker X.xxx.X.xxx.\nkick X.....x.....\nsnare ....o.....x."),
        drum_tabs("tamb ......X.....\nhat x.x.x.x.x.x.\nkick X.........?."),
    ),
)
_SLOW_SIX = Patterns(
    chords=("X-----x-----", "X-----x---x-"),
    left=("1-2-3-4-3-2-", "1-2-3-2-4-3-"),
    bass=("1-----------", "1---------5-", "1-----5---a-"),
    drums=(
        drum_tabs("hat x.x.x.x.x.x.\nkick X.........?.\nsnare ......X....."),
        drum_tabs("ride x.o.x.x.o.x.\nkick X...?.......\nstick ......X....o"),
    ),
)

POP = Groove(
    "pop",
    mark("Pop"),
    {
        "4": Patterns(
            chords=("X---x---x---x---", "X-----x-x---x---", "X-----x-....x-x-"),
            left=("1-2-3-2-4-2-3-2-", "b-x-x-x-b-x-x-x-", "1---2-3-1---2-3-"),
            bass=("1-1-1-1-1-1-1-1-", "1-----1-1---5---", "1-----1-8---1-a-"),
            drums=(
                drum_tabs("hat X.x.X.x.X.x.X.x.\nsnare ....X.......X..?\nkick X.....x.x......."),
                drum_tabs("hat X.x.X.x.X.x.X.x.\nsnare ....X..o....X...\nkick X.......x.x...?."),
            ),
        ),
        "3": Patterns(
            chords=("X---x---x---", "X-----x-x---"),
            left=("1-2-3-4-3-2-", "b-x-x-x-x-x-"),
            bass=("1-----1-5---", "1-------1-a-"),
            drums=(drum_tabs("hat X.x.X.x.X.x.\nsnare ....x...x..o\nkick X.........?."),),
        ),
        "6/8": _SLOW_SIX,
    },
)
ROCK = Groove(
    "rock",
    mark("Rock"),
    {
        "4": Patterns(
            chords=("XxxxXxxx", "X-xxX-xx", "X--x--x-"),
            left=("b-x-bxx-", "bxbxbxbx"),
            bass=("11111111", "1-111-15", "11111-8a"),
            drums=(
                drum_tabs("hat X.x.X.x.X.x.X.x.\nsnare ....X.......X...\nkick X.....x.x.x....."),
                drum_tabs("hat X.x.X.x.X.x.X.x.\nsnare ....X..o.o..X...\nkick X.x.......x.?..."),
            ),
        ),
        "3": Patterns(
            chords=("Xxxxxx", "X-xx-x"),
            left=("b-xxxx", "bxbxbx"),
            bass=("111111", "1-1-5a"),
            drums=(drum_tabs("hat X.x.X.x.X.x.\nsnare ....X.......\nkick X.......x.?."),),
        ),
        "6/8": Patterns(
            chords=("XxxXxx", "X--x--"),
            left=("b-xx-x", "1-2323"),
            bass=("111111", "1--1-5"),
            drums=(
                drum_tabs("hat X.x.x.X.x.x.\nsnare ......X.....\nkick X...?.....x."),
                drum_tabs("hat X.x.x.X.x.x.\nsnare ......X....o\nkick X...x......."),
            ),
        ),
    },
    chords_program=27,
)
DANCE = Groove(
    "dance",
    mark("Dance"),
    {
        "4": Patterns(
            chords=(".x.x.x.x", "X-.X-.X-", ".x.xx.x."),
            left=("bxbxbxbx", "b-xbx-xb"),
            bass=("18181818", "1-81-815", ".1.1.1.1"),
            drums=(
                drum_tabs(
                    "kick X...X...X...X...\nclap ....X.......X...\nopen ..x...x...x...x.\nhat x.x.x.x."
                ),
                drum_tabs("kick X...X...X...X..?\nsnare ....X.......X...\nhat xxXxxxXxxxXxxxXx"),
            ),
        ),
    },
    chords_program=4,
    bass_program=38,
)
LOFI = Groove(
    "lofi",
    mark("Lo-fi"),
    {
        "4": Patterns(
            chords=("X---------x-----", "x-----x---------", "X-----....x-----"),
            left=("1---2---3-----2-", "b-------x-----x-"),
            bass=("1---------1-5---", "1-----5---1-----", "1-------..1---a-"),
            drums=(
                drum_tabs("hat x.x.x.o.x.x.x.o.\nsnare ....X.......X..o\nkick X......o..x....."),
                drum_tabs("hat x.o.x.x.x.o.x.x.\nstick ....X.......X...\nkick X.......?.x...o."),
            ),
        ),
        "6/8": _SLOW_SIX,
    },
    swing=0.58,
    chords_program=4,
    voices=4,
)
BALLAD = Groove(
    "ballad",
    mark("Ballad"),
    {
        "4": Patterns(
            chords=("X-------x-------", "X-------x---x---", "X-----x-x-------"),
            left=("1-2-3-4-5-4-3-2-", "1-2-3---4-3-2---", "1---2---3---2---"),
            bass=("1-------5-------", "1-----1-5-----a-", "1-----------5---"),
            drums=(
                drum_tabs("hat x.x.x.x.x.x.x.x.\nstick ........X.......\nkick X.........?....."),
                drum_tabs("ride x...x.o.x...x...\nsnare ........X......o\nkick X.....x........."),
            ),
        ),
        "3": Patterns(
            chords=("X-----------", "X-------x---"),
            left=("1-2-3-4-3-2-", "1---2-3-4---"),
            bass=("1-----------", "1-------5---", "1-------a---"),
            drums=(drum_tabs("ride x...x...x.o.\nstick ........x...\nkick X.........?."),),
        ),
        "6/8": _SLOW_SIX,
    },
    pad=True,
)
FOLK = Groove(
    "folk",
    mark("Folk"),
    {
        "4": Patterns(
            chords=("X-xx-xxx", "X-x-xxx-", "X-xxX-xx"),
            left=("b-x-f-x-", "b-xxf-xx"),
            bass=("1---5---", "1---5-a-", "1-1-5-5-"),
            drums=(
                drum_tabs("shaker X.xxX.xxX.xxX.xx\nkick X.......x.?.....\ntamb ....x.......x..."),
                drum_tabs("shaker XxxxXxxxXxxxXxxx\nkick X.....?.x.......\nstick ....x.......x..."),
            ),
        ),
        "3": Patterns(
            chords=("X-xxxx", "X-x-xx"),
            left=("b-x-x-", "b-xxxx"),
            bass=("1-----", "1---5-", "1---a-"),
            drums=(drum_tabs("shaker X.xxX.xxX.xx\nkick X...........\ntamb ....x...x..."),),
        ),
        "6/8": _JIG,
    },
    chords_program=25,
    bass_program=32,
    voices=4,
)
JIG = Groove(
    "jig",
    mark("Jig and reel"),
    {
        "4": Patterns(
            chords=(".x.x.x.x", "X-xxX-xx", ".x.xx-xx"),
            left=("bxfxbxfx", "b-xxf-xx"),
            bass=("1-5-1-5-", "1---5---", "1-5-1-5a"),
            drums=(drum_tabs("shaker X.xxX.xxX.xxX.xx\nkick X...x...X...x...\nsnare ..o...o...o...ox"),),
        ),
        "3": _WALTZ,
        "6/8": _JIG,
    },
    chords_program=25,
    bass_program=32,
    voices=4,
)
WALTZ = Groove(
    "waltz",
    mark("Waltz"),
    {
        "3": _WALTZ,
        "6/8": Patterns(
            chords=(".xx.xx", ".x-.x-"),
            left=("bxxfxx", "bxxbxx"),
            bass=("1--5--", "1--1--"),
            drums=(drum_tabs("kick X..o..\nstick .xx.xx"),),
        ),
    },
    bass_program=32,
    pad=True,
)
SWING = Groove(
    "swing",
    mark("Swing"),
    {
        "4": Patterns(
            chords=("X-...x-.....", "..x-.....x-.", "x-....x-...x", "x-.x-.x-.x-."),
            left=("b-.x-.f-.x-.", "b-.x-.f-.x-x"),
            bass=("w--w--w--w--",),
            drums=(
                drum_tabs("ride X..x.xX..x.x\npedal ...x.....x..\nkick o..o..o..o..\nsnare .....o......"),
                drum_tabs("ride X..x.xX..x.x\npedal ...x.....x..\nkick o.....o....?\nsnare ..?.....o..?"),
            ),
        ),
        "3": Patterns(
            chords=("...x-.x-.", "X-...x-..", ".....x-.."),
            left=("b-.x-.x-.", "b-.x-.f-."),
            bass=("w--w--w--", "1-----w--"),
            drums=(drum_tabs("ride X..x.xx..\npedal ...x..x..\nkick o........\nsnare ......?.o"),),
        ),
    },
    swing=0.66,
    bass_program=32,
    voices=4,
    fills="swing",
)
BOSSA = Groove(
    "bossa",
    mark("Bossa nova"),
    {
        "4": Patterns(
            chords=("X--x--x-..x--x--", "x-..x--x--x-..x-", "X--x--x---x-..x-"),
            left=("b--x--x-f--x--x-", "b-x---x-f-..x---"),
            bass=("1-----5-5-----1-", "1-----5-5-----a-"),
            drums=(
                drum_tabs("hat xxxxxxxxxxxxxxxx\nstick x..x..x...x..x..\nkick X.....o.X.....o."),
                drum_tabs("shaker XxxxXxxxXxxxXxxx\nstick ..x..x...x..x...\nkick X.....o.X.....o."),
            ),
        ),
    },
    chords_program=24,
    bass_program=32,
    voices=4,
    fills="",
)
MARCH = Groove(
    "march",
    mark("March"),
    {
        "4": Patterns(
            chords=(".x.x.x.x", ".x.x.x.x", "X-x-X-xx"),
            left=("bxfxbxfx", "b-x-f-x-"),
            bass=("1-5-1-5-", "1-5-1-a-"),
            drums=(
                drum_tabs("snare X.xxX.xxX.xxXxxx\nkick X...x...X...x..."),
                drum_tabs("snare X..xX.x.X..xX.xx\nkick X.......X......."),
            ),
        ),
        "3": _WALTZ,
        "6/8": Patterns(
            chords=(".xx.xx", "..x..x"),
            left=("b-xf-x", "bxxfxx"),
            bass=("1--5--", "1--5-a"),
            drums=(
                drum_tabs("snare X..xx.X..xx.\nkick X.....X....."),
                drum_tabs("snare X.x.x.X.xxxx\nkick X.....x....."),
            ),
        ),
    },
    chords_program=61,
    bass_program=58,
)
ARPEGGIO = Groove(
    "arpeggio",
    mark("Slow arpeggio"),
    {
        "4": Patterns(
            chords=("l-m-h-m-l-m-h-m-", "l-h-m-h-l-h-m-h-"),
            left=("1-2-3-4-5-4-3-2-", "1-2-3-4-3-4-3-2-", "1---2---3-4-3-2-"),
            bass=("1---------------", "1-------1-------"),
            drums=(
                drum_tabs("ride x.......x...o...\nkick X.........o....."),
                drum_tabs("hat x...x...x...x...\nkick X...............\nstick ........o......."),
            ),
        ),
        "3": Patterns(
            chords=("l-m-h-m-h-m-",),
            left=("1-2-3-4-3-2-", "1-2-3-4-5-4-"),
            bass=("1-----------",),
            drums=(drum_tabs("ride x.......o...\nkick X..........."),),
        ),
        "6/8": Patterns(
            chords=("l-m-h-h-m-l-", "l-m-h-m-h-m-"),
            left=("1-2-3-4-3-2-", "1-2-3-5-4-3-"),
            bass=("1-----------",),
            drums=(drum_tabs("ride x.....o.....\nkick X..........."),),
        ),
    },
    chords_program=46,
    bass_program=32,
    fills="",
    pad=True,
)
EPIC = Groove(
    "epic",
    mark("Epic"),
    {
        "4": Patterns(
            chords=("lmhmlmhm", "lhmhlhmh", "X.xxX.xx"),
            left=("11213121", "b-xxb-xx"),
            bass=("1-------", "1-----1-", "1---1-8-"),
            drums=(
                drum_tabs("kick X.....x.X.......\nfloor ..x.x...x.x.x.xx\nlow ......o......x.."),
                drum_tabs("kick X.......X.....?.\nfloor x..x..x.x..x..x.\nsnare ............X..."),
            ),
        ),
        "3": Patterns(
            chords=("lmhmhm", "X.xxxx"),
            left=("112131", "b-xxxx"),
            bass=("1-----", "1---1-"),
            drums=(drum_tabs("kick X...........\nfloor ..x.x...x.xx\nsnare ........x..."),),
        ),
        "6/8": Patterns(
            chords=("lmhlmh", "XxxXxx"),
            left=("123123", "bxxbxx"),
            bass=("1-----", "1----5"),
            drums=(
                drum_tabs("kick X.....x.....\nfloor ..x.x...x.xx"),
                drum_tabs("kick X...........\nfloor x..x..x.x.x.\nsnare ......X....."),
            ),
        ),
    },
    chords_program=48,
    bass_program=43,
    pad=True,
)
CLASSICAL = Groove(
    "classical",
    mark("Classical"),
    {
        "4": Patterns(
            chords=("X---x---x---x---", "X-------x-------", "..x-..x-..x-..x-"),
            left=("lhmhlhmh", "lhmhl-h-"),
            bass=("1-------1-------", "1---5---1---5---", "1---....1---a---"),
            drums=_NO_DRUMS,
        ),
        "3": Patterns(
            chords=("..x-x-", "X-----", "X-x-x-"),
            left=("lhmhmh", "l-h-m-"),
            bass=("1-----", "1---5-", "1---a-"),
            drums=_NO_DRUMS,
        ),
        "6/8": Patterns(
            chords=("X--x--", ".xx.xx"),
            left=("lmhlmh", "lhmlhm"),
            bass=("1--1--", "1--5--", "1--1-a"),
            drums=_NO_DRUMS,
        ),
    },
    chords_program=48,
    bass_program=43,
)

GROOVES: dict[str, Groove] = {
    groove.name: groove
    for groove in (
        POP, ROCK, DANCE, LOFI, BALLAD, FOLK, JIG, WALTZ, SWING, BOSSA, MARCH, ARPEGGIO, EPIC, CLASSICAL,
    )
}  # fmt: skip
INSTEAD: dict[str, Groove] = {"4": BALLAD, "3": WALTZ, "6/8": JIG}
"""Whose tabs are played in meters that a groove has none for."""


def played_instead(groove: str, meter: Meter) -> str:
    """A sentence where a groove has no tabs for a meter, and those of another one are played; else empty."""
    family = family_of(meter)
    if family in GROOVES[groove].patterns:
        return ""
    return tr(
        "The groove “{groove}” has no patterns in {meter}: those of “{other}” are played.",
        groove=tr(GROOVES[groove].title),
        meter=str(meter),
        other=tr(INSTEAD[family].title),
    )


SMALL_FILLS: dict[str, tuple[dict[str, str], ...]] = {
    "straight": (
        drum_tabs("snare oxxX"),
        drum_tabs("snare xx..\nmid ..x.\nfloor ...x"),
        drum_tabs("snare X.o.\nlow ..xx"),
        drum_tabs("high x...\nmid .xx.\nfloor ...X"),
        drum_tabs("snare ..xX\nkick x..."),
    ),
    "swing": (
        drum_tabs("snare oxX"),
        drum_tabs("snare x..\nlow ..x\npedal x.."),
        drum_tabs("snare .xx\nkick x.."),
    ),
    "compound": (
        drum_tabs("snare o.xxX."),
        drum_tabs("snare x.....\nmid ..x...\nfloor ....x."),
        drum_tabs("snare X...xx"),
    ),
}
"""Of the last beat of a phrase, by the way its beats are divided."""
LARGE_FILLS: dict[str, tuple[dict[str, str], ...]] = {
    "straight": (
        drum_tabs("snare X.xx....\nhigh ....xx..\nmid ......x.\nfloor .......X"),
        drum_tabs("snare oxoxxxX.\nkick x...x...\nfloor .......x"),
        drum_tabs("snare x.x.....\nmid ...xx...\nlow .....x..\nfloor ......xx"),
        drum_tabs("snare X..X..X.\nkick .x..x..x"),
    ),
    "swing": (
        drum_tabs("snare x.xx.x\nkick x..x.."),
        drum_tabs("snare X.x...\nmid ...x..\nfloor .....x"),
    ),
    "compound": (
        drum_tabs("snare X...x.......\nmid ......x.x...\nfloor ..........xX"),
        drum_tabs("snare o.x.x.X.....\nlow ........x.x."),
    ),
}
"""Of the last two beats before a new section."""
