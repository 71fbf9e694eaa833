"""Lets a classifier that knows nothing of our measures tell ours, and Markov's, from held-out scores.

Features are those of jSymbolic (McKay 2010) as music21 computes them. The lower the accuracy, the more
alike; half is chance. What tells most is said too.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import music21
import numpy as np
from numpy.typing import NDArray

from studio_music.core.compose.model import MusicModel
from studio_music.core.tokens import vocabulary as v
from studio_music.training.markov import Markov
from studio_music.training.measures import Tune
from studio_music.training.prepare import read_works
from studio_music.training.windows import COMPOSED, Window, composed, real, windows_of

SKIPPED = (
    "Instrument",
    "Dynamic",
    "Tempo",
    "Vibrato",
    "Glissando",
    "String",
    "Brass",
    "Woodwind",
    "Orchestral",
)
FOLDS = 6
ROUNDS = 5
"""Ways to part the windows into folds, whose verdicts are averaged."""
DRAWS = 2000
"""Of works, with replacement, for the intervals."""
TOLD = 8
"""Features that are named."""


def _extractors() -> list[Any]:
    modules = music21.features.jSymbolic.featureExtractors
    return [
        found
        for found in modules
        if found.id and found.id[0] in "MPRT" and not any(word in found.__name__ for word in SKIPPED)
    ]


EXTRACTORS = _extractors()
NAMES = [
    found.__name__.removesuffix("Feature") + (f" {place}" if found().dimensions > 1 else "")
    for found in EXTRACTORS
    for place in range(found().dimensions)
]


def features(tune: Tune) -> NDArray[np.float64]:
    """jSymbolic's features of pitch, melody, rhythm and texture."""
    score = music21.stream.Score()
    for events in tune.voices:
        part = music21.stream.Part()
        for event in events:
            note = music21.note.Note(event.pitch, quarterLength=event.length / v.PER_QUARTER)
            part.insert(event.start / v.PER_QUARTER, note)
        score.insert(0, part)
    values: list[float] = []
    data = music21.features.DataInstance(score)
    for extractor in EXTRACTORS:
        feature = extractor(data)
        try:
            values += [float(value) for value in feature.extract().vector]
        except (
            music21.features.jSymbolic.JSymbolicFeatureException,
            ZeroDivisionError,
            ValueError,
            IndexError,
        ):
            values += [0.0] * feature.dimensions
    found: NDArray[np.float64] = np.nan_to_num(np.array(values))
    return found


class Cache:
    """Features by the digest of a tune, kept in a folder: what has not changed is not computed again."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def all(self, tunes: Iterable[Tune]) -> NDArray[np.float64]:
        return np.array([self._one(tune) for tune in tunes])

    def _one(self, tune: Tune) -> NDArray[np.float64]:
        said = repr((music21.__version__, NAMES, tune.bar, [[tuple(e) for e in row] for row in tune.voices]))
        file = self._folder / f"{hashlib.sha256(said.encode()).hexdigest()}.npy"
        if not file.exists():
            np.save(file, features(tune))
        found: NDArray[np.float64] = np.load(file)
        return found


def verdicts(
    one: NDArray[np.float64], other: NDArray[np.float64], works: list[str], seed: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Of ridge regression onto the two classes: each fold is judged by what the others taught.

    Args:
        one, other: features (windows, features); row i of both goes with the same window.
        works: the work of each window. All of a work, and what was composed after it, is in one fold.

    Returns:
        For each window the share of its two verdicts that are right (0, 0.5 or 1); and each feature's part
        in the verdicts.
    """
    data = np.concatenate([one, other])
    truth = np.concatenate([np.ones(len(one)), -np.ones(len(other))])
    spread = data.std(0)
    used = spread > 1e-9
    data = (data - data.mean(0))[:, used] / spread[used]
    names = sorted(set(works))
    parts = dict(zip(names, np.random.default_rng(seed).permutation(len(names)) % FOLDS, strict=True))
    folds = np.array([parts[work] for work in works] * 2)
    right = np.zeros(len(data))
    parting = np.zeros(len(used))
    for fold in range(FOLDS):
        test, rest = folds == fold, folds != fold
        known, means = data[rest], truth[rest].mean()
        kernel = known @ known.T + 0.3 * data.shape[1] * np.eye(len(known))
        weights = known.T @ np.linalg.solve(kernel, truth[rest] - means)
        right[test] = np.sign(data[test] @ weights + means) == truth[test]
        parting[used] += weights * data[truth > 0].mean(0) / FOLDS
    return (right[: len(one)] + right[len(one) :]) / 2, parting


def judged(
    one: NDArray[np.float64], other: NDArray[np.float64], works: list[str]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """`verdicts`, averaged over several ways to part the windows into folds."""
    rounds = [verdicts(one, other, works, seed) for seed in range(ROUNDS)]
    return np.mean([right for right, _ in rounds], 0), np.mean([parting for _, parting in rounds], 0)


def interval(values: NDArray[np.float64], works: list[str]) -> tuple[float, float]:
    """95 % of the means that one gets when works, not windows, are drawn anew with replacement."""
    names = sorted(set(works))
    place = {name: number for number, name in enumerate(names)}
    sums, counts = np.zeros(len(names)), np.zeros(len(names))
    for value, work in zip(values, works, strict=True):
        sums[place[work]] += value
        counts[place[work]] += 1
    drawn = np.random.default_rng(0).integers(0, len(names), (DRAWS, len(names)))
    means = sums[drawn].sum(1) / counts[drawn].sum(1)
    low, high = np.quantile(means, [0.025, 0.975])
    return float(low), float(high)


def row_of(
    rows: dict[str, NDArray[np.float64]], scores: NDArray[np.float64], windows: list[Window]
) -> list[str]:
    """Cells of the table: windows and works, accuracies with their intervals, and their difference."""
    works = [window.work for window in windows]
    right = {name: judged(found, scores, works)[0] for name, found in rows.items()}
    cells = [f"{len(windows)} of {len(set(works))}"]
    for values in (right["ours"], right["Markov"], right["ours"] - right["Markov"]):
        low, high = interval(values, works)
        cells.append(f"{values.mean():.3f} ({low:.3f} to {high:.3f})")
    return cells


def telling(one: NDArray[np.float64], scores: NDArray[np.float64], works: list[str]) -> list[str]:
    """The features that part compositions from scores most, each with its two means."""
    parting = judged(one, scores, works)[1]
    return [
        f"{NAMES[place]} {one[:, place].mean():.3g} for {scores[:, place].mean():.3g}"
        for place in np.argsort(-parting)[:TOLD]
    ]


def main(arguments: list[str]) -> None:
    reader = argparse.ArgumentParser()
    reader.add_argument("--works", type=Path, required=True)
    reader.add_argument("--model", type=Path, required=True)
    reader.add_argument("--cache", type=Path, required=True, help="a folder for what has been computed")
    reader.add_argument("--count", type=int, default=200, help="windows of each ensemble, at most")
    reader.add_argument("--split", default="test")
    reader.add_argument("--ensembles", nargs="+", default=list(COMPOSED), choices=COMPOSED)
    chosen = reader.parse_args(arguments)
    works = read_works(chosen.works)
    markov = Markov.of_works(work for work in works if work.split == "train")
    models: dict[str, Any] = {"ours": MusicModel.load(chosen.model), "Markov": markov}
    cache = Cache(chosen.cache)
    print(
        "| ensemble | windows of works | ours | Markov | difference |",
        "| --- | --- | --- | --- | --- |",
        sep="\n",
    )
    told = []
    for ensemble in chosen.ensembles:
        windows = windows_of(works, ensemble, chosen.count, chosen.split)
        scores = cache.all(real(windows))
        for masks in (False, True):
            name = f"{ensemble}, masks {'on' if masks else 'off'}"
            rows = {who: cache.all(composed(model, windows, masks)) for who, model in models.items()}
            print("| " + " | ".join([name, *row_of(rows, scores, windows)]) + " |", flush=True)
            found = telling(rows["ours"], scores, [window.work for window in windows])
            told.append(f"- {name}: {'; '.join(found)}")
    print("\nWhat tells ours most, mean of ours for mean of scores:\n", *told, sep="\n")


if __name__ == "__main__":
    main(sys.argv[1:])
