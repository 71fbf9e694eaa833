"""Turns the cache of pieces into the training set: keys, near-duplicates, and a fixed split by work."""

from __future__ import annotations

import argparse
import collections
import hashlib
import itertools
import json
import pickle
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from studio_music.core.meter import parse_meter
from studio_music.core.tokens import vocabulary as v
from studio_music.core.tokens.sketch import Event, bar_positions, half_positions
from studio_music.training import chords

GRAM = 10
"""Intervals of an n-gram."""
COPY = 0.6
"""A piece that shares this much of its n-grams with a longer one is left out."""
RELATED = 0.2
"""Pieces that share this much lie on the same side of the split."""
_MAJOR = np.array([6.35, 2.23, 3.48, 2.33, 4.38, 4.09, 2.52, 5.19, 2.39, 3.66, 2.29, 2.88])
_MINOR = np.array([6.33, 2.68, 3.52, 5.38, 2.60, 3.53, 2.54, 4.75, 3.98, 2.69, 3.34, 3.17])
"""Key profiles. Source: Krumhansl, "Cognitive Foundations of Musical Pitch" (1990)."""


@dataclass
class Work:
    """A piece that is ready to be learnt from: pitches are as written, the tonic says how to move them."""

    collection: str
    path: str
    title: str
    ensemble: str
    tonic: int
    mode: str
    meter: str
    tempo: float | None
    bars: int
    begins: bool
    ends: bool
    voices: list[list[Event]]
    labels: NDArray[np.int16]
    """The chord of each half bar, relative to C."""
    split: str = "train"

    @property
    def notes(self) -> int:
        return sum(map(len, self.voices))


def load(cache: Path) -> tuple[list[Work], dict[str, dict[str, int]]]:
    """Reads the cache. Returns the works, split, and for each collection what became of its pieces."""
    works: list[Work] = []
    table: dict[str, dict[str, int]] = collections.defaultdict(lambda: collections.defaultdict(int))
    for line in cache.read_text("utf8").splitlines():
        piece = json.loads(line)
        table[piece["collection"]]["pieces"] += 1
        if piece["meter"] not in v.METERS:
            table[piece["collection"]]["other meters"] += 1
            continue
        works.append(_work(piece))
    kept = _without_copies(works, table)
    for work in kept:
        table[work.collection][work.split] += 1
        table[work.collection]["notes"] += work.notes
        table[work.collection][work.split + " notes"] += work.notes
    return kept, table


def _work(piece: dict) -> Work:  # type: ignore[type-arg]
    grid = v.GRID
    voices = [
        [Event(start // grid, max(1, length // grid), pitch) for start, length, pitch in part]
        for part in piece["parts"]
    ]
    tonic, mode = piece["tonic"], piece["mode"]
    if piece["ensemble"] == "solo" and tonic is not None:
        mode = v.NEAREST_MODE.get(mode, mode) if mode not in v.MODES else mode
    else:
        tonic, mode = find_key(voices, final=piece["ends"])
    return Work(
        piece["collection"],
        piece["path"],
        piece["title"],
        piece["ensemble"],
        tonic,
        mode,
        piece["meter"],
        piece["tempo"],
        piece["bars"],
        piece["begins"],
        piece["ends"],
        voices,
        infer_labels(voices, tonic, mode, piece["meter"], piece["bars"]),
    )


def infer_labels(
    voices: list[list[Event]], tonic: int, mode: str, meter: str, bars: int
) -> NDArray[np.int16]:
    """The chord of each half bar, relative to C."""
    half = half_positions(parse_meter(meter))
    moved = [[Event(event.start, event.length, event.pitch - tonic) for event in events] for events in voices]
    labels = chords.infer(moved, bars * bar_positions(parse_meter(meter)) // half, half, mode)
    return moved_labels(labels, tonic)


def moved_labels(labels: NDArray[np.int16], up: int) -> NDArray[np.int16]:
    """Chord labels with their roots moved up by semitones."""
    count = len(v.CHORD_QUALITIES)
    moved = (labels // count + up) % 12 * count + labels % count
    return np.where(labels < v.NO_CHORD, moved, labels).astype(np.int16)


def find_key(
    voices: Iterable[Iterable[Event]], final: bool = False, bias: tuple[int, str] | None = None
) -> tuple[int, str]:
    """Tonic and mode (major or minor) by Krumhansl's profiles, leaning towards the final bass note, or
    towards a key."""
    counts = np.zeros(12)
    last = None
    for events in voices:
        events = list(events)
        for event in events:
            counts[event.pitch % 12] += event.length
        last = events[-1] if events else last
    if counts.sum() == 0:
        return bias or (0, "major")
    best: tuple[float, int, str] = (-9.0, 0, "major")
    for mode, profile in (("major", _MAJOR), ("minor", _MINOR)):
        for tonic in range(12):
            score = float(np.corrcoef(counts, np.roll(profile, tonic))[0, 1])
            if final and last is not None and last.pitch % 12 == tonic:
                score += 0.12
            if bias == (tonic, mode):
                score += 0.08
            best = max(best, (score, tonic, mode))
    return best[1], best[2]


def _grams(events: list[Event], size: int = GRAM) -> set[int]:
    steps = [following.pitch - event.pitch for event, following in itertools.pairwise(events)]
    return {hash(tuple(steps[place : place + size])) for place in range(len(steps) - size + 1)}


def _without_copies(works: list[Work], table: dict[str, dict[str, int]]) -> list[Work]:
    """Leaves near-copies out, and puts related works on the same side of the split."""
    order = sorted(range(len(works)), key=lambda place: -works[place].notes)
    tops = [_grams(work.voices[0]) for work in works]
    lows = [_grams(work.voices[-1]) for work in works]
    holders: dict[int, list[int]] = collections.defaultdict(list)
    parent = list(range(len(works)))

    def root(place: int) -> int:
        while parent[place] != place:
            parent[place] = parent[parent[place]]
            place = parent[place]
        return place

    kept: list[int] = []
    first_of: dict[str, int] = {}
    for place in order:
        name = f"{works[place].collection}/{_work_name(works[place].path)}"
        parent[root(place)] = root(first_of.setdefault(name, place))
        shared: collections.Counter[int] = collections.Counter()
        for gram in tops[place]:
            shared.update(holders[gram])
        size = max(1, len(tops[place]))
        copy = False
        for other, count in shared.items():
            if count / size >= RELATED and count >= 3:
                parent[root(place)] = root(other)
            same_work = name == f"{works[other].collection}/{_work_name(works[other].path)}"
            if count / size >= COPY and not (same_work and works[place].ensemble == "strings"):
                if works[place].ensemble == "choir":  # chorales share melodies: only the bass tells a copy
                    common = len(lows[place] & lows[other]) / max(1, len(lows[place]))
                    copy = copy or common >= COPY
                else:
                    copy = True
        if copy:
            table[works[place].collection]["near-duplicates"] += 1
            continue
        kept.append(place)
        for gram in tops[place]:
            holders[gram].append(place)
    names: dict[int, str] = {}
    for place in sorted(kept, key=lambda place: (works[place].collection, works[place].path)):
        names.setdefault(root(place), works[place].collection + works[place].path)
    for place in kept:
        works[place].split = split_of(names[root(place)])
    return [works[place] for place in sorted(kept)]


def _work_name(path: str) -> str:
    """The tune of an ABC file; the quartet of a movement; else the file."""
    if "/movement" in path:
        return path.rsplit("/", 1)[0]
    return path


def split_of(name: str) -> str:
    """train, valid or test (90, 5, 5 of 100), by digest: stays as it is when works are added."""
    number = int(hashlib.sha256(name.encode()).hexdigest()[:8], 16) % 100
    return "train" if number < 90 else "valid" if number < 95 else "test"


def main(arguments: list[str]) -> None:
    """Prepares the works once, and says what became of each collection."""
    reader = argparse.ArgumentParser()
    reader.add_argument("--cache", type=Path, required=True)
    reader.add_argument("--works", type=Path, required=True, help="the pickle that is written")
    chosen = reader.parse_args(arguments)
    works, table = load(chosen.cache)
    with chosen.works.open("wb") as out:
        pickle.dump(works, out)
    chosen.works.with_suffix(".json").write_text(json.dumps(table, indent=1), "utf8")
    for name, row in table.items():
        print(name, dict(row))


def read_works(path: Path) -> list[Work]:
    """What `main` has written: our own file."""
    with path.open("rb") as file:
        works: list[Work] = pickle.load(file)
    return works


if __name__ == "__main__":
    from studio_music.training import prepare  # so that the pickle names the module, not the script

    prepare.main(sys.argv[1:])
