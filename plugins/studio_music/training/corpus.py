"""Reads scores with music21 into a compact cache of pieces: one JSON object a line.

A piece has one meter all through; where the meter changes or a bar has a wrong length, a new piece begins.
Times are ticks (480 per quarter note) from the beginning of the first bar; an anacrusis lies at that bar's
end.
"""

from __future__ import annotations

import argparse
import itertools
import json
import logging
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

import music21

TICKS = 480
GRID = 20
"""Ticks of one position: 24 positions per quarter note."""
HERE = Path(__file__).parent
SHORTEST = 4
"""Bars: shorter pieces are left out."""

log = logging.getLogger("corpus")


@dataclass
class Piece:
    collection: str
    path: str
    title: str
    ensemble: str
    """solo, choir or strings."""
    tonic: int | None
    """Pitch class by the file's own key; None where it says none."""
    mode: str | None
    meter: str
    tempo: float | None
    """Quarter notes per minute."""
    bars: int
    begins: bool
    """Whether the piece's beginning is that of the work or movement."""
    ends: bool
    parts: list[list[tuple[int, int, int]]] = field(default_factory=list)
    """For each voice from high to low its notes: start, length, pitch."""


def pieces_of(score: music21.stream.Score, collection: str, path: str, ensemble: str) -> Iterator[Piece]:
    """The pieces of one score; none where its voices are not those of the ensemble."""
    parts = _voices(score, ensemble)
    if parts is None:
        return
    title = (score.metadata.title if score.metadata else None) or Path(path).stem
    measures = [list(part.getElementsByClass(music21.stream.Measure)) for part in parts]
    count = min(len(column) for column in measures)
    if count < SHORTEST or max(len(column) for column in measures) > count + 1:
        return
    skipped = _first_endings(parts[0])
    meter = None
    tempo = None
    tonic = mode = None
    segment: _Segment | None = None
    for number in range(count):
        lead = measures[0][number]
        if lead.id in skipped:
            continue
        found = lead.timeSignature
        changed = False
        if found is not None and str(found.ratioString) != meter:
            meter, changed = str(found.ratioString), True
        keys = list(lead.getElementsByClass(music21.key.KeySignature))
        if keys:
            changed = changed or number > 0
            key = keys[0]
            tonic = key.tonic.pitchClass if isinstance(key, music21.key.Key) else None
            mode = key.mode if isinstance(key, music21.key.Key) else None
        for mark in lead.getElementsByClass(music21.tempo.MetronomeMark):
            if mark.number:
                tempo = float(mark.getQuarterBPM() or 0) or None
        if meter is None:
            continue
        length = max(_ticks(column[number].duration.quarterLength) for column in measures)
        bar = _ticks(Fraction(4 * int(meter.split("/")[0]), int(meter.split("/")[1])))
        if segment is not None and (changed or not segment.takes(length)):
            yield from segment.piece(collection, path, title, ensemble, False)
            segment = None
        if length > bar:
            continue
        if segment is None:
            segment = _Segment(bar, meter, tonic, mode, tempo, len(parts), begins=number == 0)
            segment.place = (bar - length) % bar
        for voice, column in enumerate(measures):
            segment.add(voice, column[number], ensemble)
        segment.place += length
    if segment is not None:
        yield from segment.piece(collection, path, title, ensemble, True)


class _Segment:
    def __init__(
        self,
        bar: int,
        meter: str,
        tonic: int | None,
        mode: str | None,
        tempo: float | None,
        voices: int,
        begins: bool,
    ) -> None:
        self.bar, self.meter, self.tonic, self.mode, self.tempo = bar, meter, tonic, mode, tempo
        self.begins = begins
        self.place = 0
        self.parts: list[list[tuple[int, int, int]]] = [[] for _ in range(voices)]
        self.tied: list[bool] = [False] * voices

    def takes(self, length: int) -> bool:
        """Whether a measure of this length keeps the bars regular: it fills up what has begun."""
        begun = self.place % self.bar
        return begun + length <= self.bar if begun else True

    def add(self, voice: int, measure: music21.stream.Measure, ensemble: str) -> None:
        notes = self.parts[voice]
        low = ensemble == "strings" and voice == len(self.parts) - 1
        line = measure.voices[0] if measure.voices else measure
        for element in line.notes:
            if element.duration.isGrace or element.duration.quarterLength == 0:
                continue
            if isinstance(element, music21.harmony.ChordSymbol) or not element.pitches:
                continue
            pitches = sorted(pitch.midi for pitch in element.pitches)
            pitch = pitches[0] if low else pitches[-1]
            start = self.place + _ticks(element.offset)
            end = self.place + _ticks(element.offset + element.duration.quarterLength)
            start, end = round(start / GRID) * GRID, round(end / GRID) * GRID
            tie = element.tie or (element.notes[0].tie if isinstance(element, music21.chord.Chord) else None)
            joins = tie is not None and tie.type in ("stop", "continue")
            if joins and notes and notes[-1][2] == pitch and notes[-1][0] + notes[-1][1] == start:
                begun = notes.pop()
                notes.append((begun[0], end - begun[0], pitch))
                continue
            if notes and notes[-1][0] + notes[-1][1] > start:  # a voice is monophonic
                begun = notes.pop()
                if start > begun[0]:
                    notes.append((begun[0], start - begun[0], begun[2]))
            if end > start:
                notes.append((start, end - start, pitch))

    def piece(self, collection: str, path: str, title: str, ensemble: str, ends: bool) -> Iterator[Piece]:
        bars = -(-self.place // self.bar)
        sounding = sum(1 for part in self.parts if part)
        if bars < SHORTEST or sounding < len(self.parts) or sum(map(len, self.parts)) < 2 * bars:
            return
        yield Piece(
            collection,
            path,
            title,
            ensemble,
            self.tonic,
            self.mode,
            self.meter,
            self.tempo,
            bars,
            self.begins,
            ends,
            self.parts,
        )


def _ticks(quarters: Any) -> int:
    return round(Fraction(quarters).limit_denominator(1000) * TICKS)


def _voices(score: music21.stream.Score, ensemble: str) -> list[Any] | None:
    parts = list(score.parts) if isinstance(score, music21.stream.Score) else [score]
    if ensemble == "solo":
        return parts[:1] if parts else None
    if ensemble == "choir":
        names = {(part.partName or "").strip().lower(): part for part in parts}
        chosen = [names.get(name) for name in ("soprano", "alto", "tenor", "bass")]
        if all(part is not None for part in chosen):
            return chosen
        return parts if len(parts) == 4 else None
    return parts if len(parts) == 4 else None


def _first_endings(part: Any) -> set[Any]:
    """The ids of measures that are played the first time only."""
    brackets = list(part.spannerBundle.getByClass(music21.spanner.RepeatBracket))
    if not brackets:
        brackets = list(part.recurse().getElementsByClass(music21.spanner.RepeatBracket))
    skipped: set[Any] = set()
    for bracket, following in itertools.pairwise(brackets):
        if str(bracket.number).startswith("1") and str(following.number) == "2":
            skipped.update(measure.id for measure in bracket.getSpannedElements())
    return skipped


def scores_in(path: Path) -> Iterator[tuple[str, Any]]:
    parsed = music21.converter.parse(path, forceSource=True)
    if isinstance(parsed, music21.stream.Opus):
        for number, score in enumerate(parsed.scores):
            yield f"#{number}", score
    else:
        yield "", parsed


def main(arguments: list[str]) -> None:
    """Parses every file of the collections that are let in, those already in the cache aside."""
    reader = argparse.ArgumentParser()
    reader.add_argument("--cache", type=Path, required=True, help="the .jsonl file that is written")
    reader.add_argument("--only", nargs="*", help="these collections")
    reader.add_argument("--extra", type=Path, help="folder with collections that music21 does not ship")
    chosen = reader.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    music21.environment.UserSettings()
    collections = tomllib.loads((HERE / "collections.toml").read_text("utf8"))["collection"]
    shipped = Path(music21.__file__).parent / "corpus"
    done: set[str] = set()
    progress = chosen.cache.with_suffix(".done")
    if progress.exists():
        done = set(progress.read_text("utf8").splitlines())
    for collection in collections:
        if not collection["in"] or (chosen.only and collection["id"] not in chosen.only):
            continue
        root = shipped if collection["source"] == "music21" else chosen.extra
        if root is None:
            continue
        for file in sorted(root.glob(collection["files"])):
            name = str(file.relative_to(root))
            if name in done or any(word in name for word in collection.get("but", [])):
                continue
            rows: list[str] = []
            try:
                for number, score in scores_in(file):
                    try:
                        for piece in pieces_of(
                            score, collection["id"], name + number, collection["ensemble"]
                        ):
                            rows.append(json.dumps(asdict(piece), ensure_ascii=False))
                    except Exception as error:  # noqa: BLE001 - one tune of many that music21 cannot cope with
                        log.info("left out %s%s: %r", name, number, error)
            except Exception as error:  # noqa: BLE001 - music21 raises anything at a broken file
                log.info("left out %s: %r", name, error)
            with chosen.cache.open("a", encoding="utf8") as out:
                out.writelines(row + "\n" for row in rows)
            with progress.open("a", encoding="utf8") as out:
                out.write(name + "\n")
            log.info("%s: %d pieces", name, len(rows))


if __name__ == "__main__":
    main(sys.argv[1:])
