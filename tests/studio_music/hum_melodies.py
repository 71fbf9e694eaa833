"""Beginnings of real tunes, all in the public domain, for the tests of humming.

From O'Neill's Music of Ireland (1903), Ryan's Mammoth Collection (1883), Aird's Selection of Airs (1782)
and sopranos of Bach's chorales, as music21's corpus has them. The costs of the note tracking were chosen on
the half of these collections that `KNOWN` is from; the other half, of `UNSEEN`, was put aside until then.
"""

from __future__ import annotations

from typing import NamedTuple


class Tune(NamedTuple):
    title: str
    meter: str
    notes: str
    """Semitones from the tune's middle, a slash, twelfths of a quarter note; after `_` a rest follows."""

    def sung(self, middle: int, shortest: float) -> list[tuple[float, float, int]]:
        """Start and end in seconds, and MIDI pitch: around `middle`, the shortest note lasting `shortest`."""
        read = [note.replace("_", "/").split("/") for note in self.notes.split()]
        unit = shortest / min(int(parts[1]) for parts in read)
        at, made = 0.0, []
        for pitch, length, *rest in read:
            end = at + int(length) * unit
            made.append((at, end, middle + int(pitch)))
            at = end + (int(rest[0]) if rest else 0) * unit
        return made


KNOWN = (
    Tune(
        "Fragrant Blossoms",
        "6/8",
        "-7/6 -2/12 +2/6 +2/6 +3/6 +5/6 +0/12 +0/6 +0/6 +2/6 +3/6 +2/12 -2/6 -5/12 +0/6 -3/6 -7/12_12 -7/6",
    ),
    Tune(
        "The Humors Of Castlelyons",
        "6/8",
        "-4/18 +0/6 -2/6 -4/6 +3/12 -4/6 +0/6 -2/6 -4/6 -2/12 +0/6 +1/12 +3/6 +5/6 +7/6 +5/6 +3/6 +0/6",
    ),
    Tune(
        "Bodachan A Garidh",
        "2/2",
        "+1/6 +0/12 -4/6 +0/6 +3/6 -2/6 -2/6 +1/6 +0/12 -4/6 +0/6 -2/6 -5/6 -9/6 +1/6 +0/12 -4/6 +0/6",
    ),
    Tune(
        "Baltiorum",
        "9/8",
        "+2/12 +2/6 -1/6 +2/6 -1/6 -3/6 -6/6 -10/6 +2/12 +2/6 -1/6 +2/6 -1/6 +1/12 -3/6 +2/12 +2/6 -1/6",
    ),
    Tune(
        "Top The Candle",
        "1/8",
        "-2/6 +0/6 -2/6 +5/6_6 +2/6 +2/12 -2/6 -3/6 +0/6 +0/6_6 +2/6 +3/12 +0/6 -2/6 +0/6 -2/6 +5/6_6 -2/6",
    ),
    Tune(
        "BWV 159.5",
        "4/4",
        "+0/12 -2/12 -4/12 -2/12 +0/12 +1/12 +3/24 +5/12 +3/12 +1/12 +0/6 -2/6 -2/24 -4/24 +0/12 "
        "+3/12 +1/12 +0/12",
    ),
    Tune(
        "A Whack At The Whigs",
        "9/8",
        "+5/6 +3/6 +0/6 -2/6 -2/12 +5/6 -2/12 +5/6 +3/6 +0/6 -2/6 -2/12 +5/6 +3/6 +0/6 -2/6 +3/6 +0/6",
    ),
    Tune(
        "Lady Eliza Callander's Favourite",
        "6/8",
        "+5/6 +1/6 +1/6 +0/6 +3/6 -4/6 -2/9 +1/3 -2/6 -4/12 -7/6 +5/6 +1/6 +1/6 +0/6 +3/6 -4/6 -2/9",
    ),
    Tune(
        "Down By The River Side",
        "3/4",
        "+3/6 +1/6 +0/12 -4/12 -4/12 -5/12 -4/12 -2/12 +0/12 -4/12 +0/12 +1/24 +0/12 +3/12 +8/12 "
        "+8/12 +3/12 +5/12",
    ),
    Tune(
        "New Boston Sicillian Circle",
        "2/4",
        "-7/6 -5/6 -3/6 -2/6 +0/6 +0/6 +5/6 +0/6 +2/6 +2/6 +5/6 +2/6 +0/18 +0/6 +0/6 -2/6 -2/6 -2/6",
    ),
    Tune(
        "BWV 195.6",
        "4/4",
        "-7/12 +0/12 +0/12 +0/12 +0/12 +2/12 +0/6 -2/6 -3/12 -5/12 -3/6 -1/6 +0/12 +0/12 -1/12 +0/36 "
        "+0/12 +0/12",
    ),
    Tune(
        "The Fair Maidens",
        "2/2",
        "-8/12 -3/6 -8/6 -3/6 -1/6 +1/6 -3/6 +1/6 +4/6 +9/6 +8/6 +6/6 +4/6 +2/6 +1/6 -1/6 -3/6 -1/6",
    ),
)
UNSEEN = (
    Tune(
        "The Road To Athlone",
        "9/8",
        "+7/6 +2/6 +4/6 +0/6 -1/6 +0/6 -3/6 -5/6 -1/6 +2/6 +2/6 -1/6 -5/6 -5/6 -1/6 +2/6 +4/12 +7/6",
    ),
    Tune(
        "Limerick Junction",
        "2/2",
        "+3/9 +1/3 +0/12 +0/9 -2/3 +0/9 +3/3 +8/9 +3/3 +5/9 +1/3 +0/12 -5/9 -4/3 -2/12 +0/9 +3/3 +8/9",
    ),
    Tune(
        "Cherish The Ladies",
        "6/8",
        "+3/2 +5/2 +7/2 +8/6 +0/6 +0/6 +3/6 +0/6 +0/6 -4/6 +0/6 +3/6 +3/6 +1/6 +0/6 +5/6 -2/6 -2/6",
    ),
    Tune(
        "Olive-Branch -- Hornpipe",
        "2/2",
        "-3/12 +1/6 -3/6 +4/9 -3/3 +6/6 -3/6 +4/9 -3/3 +6/9 -3/3 +4/9 +1/3 -1/9 +1/3 -3/12 +1/9 -3/3",
    ),
    Tune(
        "BWV 197.7",
        "4/4",
        "+0/12 -3/12 -7/12 +0/12 +0/12 +2/24_12 +2/12 -5/12 -5/12 +0/12 -2/12 -3/12 -5/12 -7/12 +0/12 "
        "+2/12 +2/12 +0/12",
    ),
    Tune(
        "Garryowen",
        "6/8",
        "+7/3 +6/3 +4/6 +2/6 +0/6 -1/6 -3/6 -5/6 -1/9 +0/3 -1/6 -1/6 +7/6 +6/6 +4/6 +2/6 +0/6 -1/6",
    ),
    Tune(
        "The Green Bushes",
        "3/4",
        "-5/6 -5/6 +0/12 +4/12 +0/12 -1/9 +0/3 +2/6 +4/6 +5/12 +7/12 +9/6 +5/6 +2/9 +0/3 -1/24 -5/4 -3/4",
    ),
    Tune(
        "BWV 17.7",
        "3/4",
        "-1/12 -1/24 -2/12 -4/24 -6/12 -1/12 +1/24 +3/24 +3/12 +3/12 +1/12 +3/12 +3/24 +1/12 -1/12 "
        "+1/24 -1/24 -1/12",
    ),
    Tune(
        "New Bedford -- Reel",
        "2/4",
        "-6/2 -4/2 -3/2 -1/6 -4/3 -6/3 -8/3 -4/3 -1/3 +3/3 +4/3 +6/3 +8/3 +11/3 +9/3 +6/3 +4/3 +1/3",
    ),
    Tune(
        "The Ladus -- Reel",
        "2/2",
        "+4/6 +2/6 +1/6 -3/6 -3/6 +1/6 +4/12 +2/6 +1/6 -1/6 -8/6 -8/6 -6/6 -4/6 -3/6 -1/6 +2/6 +1/6",
    ),
    Tune(
        "My Lodging Is On The Cold Ground",
        "6/8",
        "+1/3 -1/3 -3/6 -1/6 -3/6 -3/6 +1/6 +4/6 +6/18 +9/12 +6/6 +4/6 +1/6 -3/6 -3/6 -1/6 +1/6 -1/6",
    ),
    Tune(
        "Young Terence Mac Donough",
        "3/4",
        "-2/9 -4/3 -7/12 -2/12 +0/9 -3/3 -2/24 -2/6 +0/6 +1/12 +5/12 +3/6 +1/6 +3/24 +3/12 +5/12 "
        "+10/12 +10/6",
    ),
)
