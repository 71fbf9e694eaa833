"""Lets a classifier that knows nothing of our measures tell ours, and Markov's, from held-out scores.

Features are those of jSymbolic (McKay 2010) as music21 computes them. The lower the accuracy, the more
alike; half is chance.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

import music21
import numpy as np
from numpy.typing import NDArray

from studio_music.core.compose.model import MusicModel
from studio_music.core.tokens import vocabulary as v
from studio_music.training.evaluate import COMPOSED, pools_of
from studio_music.training.examples import Sampler
from studio_music.training.markov import Markov
from studio_music.training.measures import Tune
from studio_music.training.prepare import read_works

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


def _chosen() -> list[Any]:
    modules = music21.features.jSymbolic.featureExtractors
    return [
        found
        for found in modules
        if found.id and found.id[0] in "MPRT" and not any(word in found.__name__ for word in SKIPPED)
    ]


EXTRACTORS = _chosen()


def accuracy(one: NDArray[np.float64], other: NDArray[np.float64], folds: int = 6) -> float:
    """Of ridge regression onto the two classes, each fold judged by what the others taught."""
    data = np.concatenate([one, other])
    truth = np.concatenate([np.ones(len(one)), -np.ones(len(other))])
    spread = data.std(0)
    data = (data - data.mean(0))[:, spread > 1e-9] / spread[spread > 1e-9]
    order = np.random.default_rng(0).permutation(len(data))
    right = 0
    for fold in range(folds):
        test = order[fold::folds]
        rest = np.setdiff1d(order, test)
        known, means = data[rest], truth[rest].mean()
        kernel = known @ known.T + 0.3 * data.shape[1] * np.eye(len(rest))
        weights = known.T @ np.linalg.solve(kernel, truth[rest] - means)
        right += int((np.sign(data[test] @ weights + means) == truth[test]).sum())
    return right / len(data)


def main(arguments: list[str]) -> None:
    reader = argparse.ArgumentParser()
    reader.add_argument("--works", type=Path, required=True)
    reader.add_argument("--model", type=Path, required=True)
    reader.add_argument("--count", type=int, default=60)
    chosen = reader.parse_args(arguments)
    works = read_works(chosen.works)
    markov = Markov()
    sampler = Sampler([work for work in works if work.split == "train"], 5)
    for _ in range(6000):
        markov.learn(sampler.draw())
    models: dict[str, Any] = {"ours": MusicModel.load(chosen.model), "Markov": markov}
    for ensemble in COMPOSED:
        pools, _ = pools_of(models, works, ensemble, chosen.count)
        rows = {name: np.array([features(tune) for tune in tunes]) for name, tunes in pools.items()}
        real = rows["held-out scores"]
        print(
            f"| {ensemble} | {accuracy(rows['ours'], real):.3f} | {accuracy(rows['Markov'], real):.3f} |",
            flush=True,
        )


if __name__ == "__main__":
    main(sys.argv[1:])
