"""Checks the inferred chords against the Bach analyses in Roman text that music21 ships."""

from __future__ import annotations

import logging
import re
from pathlib import Path

import music21

from studio_music.core.meter import parse_meter
from studio_music.core.tokens import vocabulary as v
from studio_music.core.tokens.sketch import Event, bar_positions, half_positions
from studio_music.training import chords
from studio_music.training.corpus import pieces_of
from studio_music.training.prepare import find_key

log = logging.getLogger("roman")


def agreement() -> tuple[float, float, int]:
    """Shares of beats with the root of the analysis, inferred per beat and per half bar; and the beats."""
    shipped = Path(music21.__file__).parent / "corpus" / "bach"
    per_beat = per_half = beats = 0
    for file in sorted((shipped / "choraleAnalyses").glob("*.rntxt")):
        analysis = music21.converter.parse(file, format="romanText", forceSource=True)
        number = next(
            line.split(":")[1].strip()
            for line in file.read_text("utf8").splitlines()
            if line.startswith("BWV")
        )
        number = re.sub(r"^(\d+)\((\d+)\)\.(\d+)$", r"\1.\3-\2", number)  # parts of the Christmas Oratorio
        source = shipped / f"bwv{number}.mxl"
        if not source.exists():
            log.info("left out bwv%s: music21 has no score of this name", number)
            continue
        score = music21.converter.parse(source, forceSource=True)
        pieces = list(pieces_of(score, "bach", number, "choir"))
        if len(pieces) != 1:
            log.info("left out bwv%s: in %d pieces", number, len(pieces))
            continue
        piece = pieces[0]
        grid = v.GRID
        voices = [
            [Event(start // grid, length // grid, pitch) for start, length, pitch in part]
            for part in piece.parts
        ]
        tonic, mode = find_key(voices, final=True)
        moved = [[Event(e.start, e.length, e.pitch - tonic) for e in events] for events in voices]
        bar, half = bar_positions(parse_meter(piece.meter)), half_positions(parse_meter(piece.meter))
        by_beat = chords.infer(moved, piece.bars * bar // 24, 24, mode, change=chords.CHANGE * 0.5)
        by_half = chords.infer(moved, piece.bars * bar // half, half, mode)
        found = _roots(analysis, bar)
        last = max(found)
        root = None
        for position in range(min(found), min(piece.bars * bar, last + 24), 24):
            root = next((found[at] for at in range(position, position - 24, -1) if at in found), root)
            truth = (root - tonic) % 12 if root is not None else None
            per_beat += _root(int(by_beat[position // 24])) == truth
            per_half += _root(int(by_half[position // half])) == truth
            beats += 1
    return per_beat / beats, per_half / beats, beats


def _roots(analysis: music21.stream.Score, bar: int) -> dict[int, int]:
    """The root at each position where the analysis names a chord."""
    measures = list(analysis.parts[0].getElementsByClass(music21.stream.Measure))
    first = measures[0].number
    found: dict[int, int] = {}
    for measure in measures:
        for numeral in measure.getElementsByClass(music21.roman.RomanNumeral):
            if measure.numberSuffix:
                continue
            position = (measure.number - first) * bar + round((numeral.beat - 1) * 24)
            found[position] = numeral.root().pitchClass
    return found


def _root(label: int) -> int | None:
    tones = v.label_tones(label)
    return tones[0] if tones else None


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    beat, half, count = agreement()
    print(f"root agreement per beat {beat:.3f}, per half bar {half:.3f}, of {count} beats")
