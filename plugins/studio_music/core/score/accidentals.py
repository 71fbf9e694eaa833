"""Which accidentals are printed."""

from __future__ import annotations

from studio_music.core.keys import Key, Spelling

_SHARPS, _FLATS = "FCGDAEB", "BEADGCF"
NAMES = {-2: "flat-flat", -1: "flat", 0: "natural", 1: "sharp", 2: "double-sharp"}


def signature(key: Key) -> dict[str, int]:
    """How each letter is altered by the key signature."""
    fifths = key.fifths
    if fifths >= 0:
        return dict.fromkeys(_SHARPS[:fifths], 1)
    return dict.fromkeys(_FLATS[:-fifths], -1)


class Accidentals:
    """Goes along a staff, note by note, and tells what has to be printed."""

    def __init__(self) -> None:
        self._signature: dict[str, int] = {}
        self._here: dict[tuple[str, int], int] = {}
        self._before: dict[tuple[str, int], int] = {}

    def begin_bar(self, key: Key) -> None:
        self._signature = signature(key)
        self._before, self._here = self._here, {}

    def print_for(self, written: Spelling, is_tied: bool) -> str:
        """MusicXML's name of the accidental that stands before the note; empty where there is none.

        A reminder stands before what was altered in the bar before, or is altered in another octave.
        """
        place = written.step, written.octave
        usual = self._signature.get(written.step, 0)
        if is_tied:
            return ""
        holds = self._here.get(place)
        shown = written.alter != (usual if holds is None else holds)
        if not shown and holds is None:
            shown = self._before.get(place, usual) != written.alter or any(
                step == written.step and alter != written.alter for (step, _), alter in self._here.items()
            )
        self._here[place] = written.alter
        return NAMES.get(written.alter, "") if shown else ""
