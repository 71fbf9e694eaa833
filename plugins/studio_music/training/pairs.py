"""Writes pairs of MIDI files for blind readings: ours against Markov's, ours against held-out scores.

Which is which stands in `key.json`, for afterwards. Nothing is chosen: seeds count up.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

import numpy as np

from studio_music.core.compose.model import MusicModel
from studio_music.core.keys import Key
from studio_music.core.meter import Meter
from studio_music.core.midi_file import write_song
from studio_music.core.song import KeyChange, MeterChange, Note, Song, TempoChange, Track
from studio_music.core.tokens import vocabulary as v
from studio_music.core.tokens.sketch import bar_positions
from studio_music.training.evaluate import RANGES, pools_of
from studio_music.training.examples import Sampler
from studio_music.training.markov import Markov
from studio_music.training.measures import Tune
from studio_music.training.prepare import read_works

SHARES = {"solo": 18, "choir": 12}
"""Pairs of each ensemble for each opponent."""


def song_of(tune: Tune, title: str) -> Song:
    """A tune in C, all notes equally loud, at one tempo: nothing but the notes tells who wrote it."""
    meter = next(
        meter for text in v.METERS if bar_positions(meter := Meter(*map(int, text.split("/")))) == tune.bar
    )
    names = [row[0] for row in RANGES[tune.ensemble]]
    tracks = tuple(
        Track(name, tuple(Note(e.start * v.GRID, e.length * v.GRID, e.pitch) for e in events), role="other")
        for name, events in zip(names, tune.voices, strict=True)
    )
    return Song(
        title,
        tracks,
        tune.bars * meter.bar_ticks,
        (TempoChange(0, 100.0),),
        (MeterChange(0, meter),),
        (KeyChange(0, Key(0, "minor" if tune.mode in ("minor", "dorian") else "major")),),
    )


def main(arguments: list[str]) -> None:
    reader = argparse.ArgumentParser()
    reader.add_argument("--works", type=Path, required=True)
    reader.add_argument("--model", type=Path, required=True)
    reader.add_argument("--out", type=Path, required=True, help="the folder that is written")
    chosen = reader.parse_args(arguments)
    works = read_works(chosen.works)
    markov = Markov()
    sampler = Sampler([work for work in works if work.split == "train"], 5)
    for _ in range(6000):
        markov.learn(sampler.draw())
    models: dict[str, Any] = {"ours": MusicModel.load(chosen.model), "Markov": markov}
    chosen.out.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(17)
    key: dict[str, dict[str, str]] = {}
    for ensemble, count in (("solo", SHARES["solo"]), ("choir", SHARES["choir"])):
        pools, _ = pools_of(models, works, ensemble, count)  # type: ignore[arg-type]
        for opponent in ("Markov", "held-out scores"):
            for number in range(count):
                sides = ["ours", opponent] if rng.random() < 0.5 else [opponent, "ours"]
                name = f"{len(key) + 1:02d}"
                for letter, who in zip("ab", sides, strict=True):
                    write_song(song_of(pools[who][number], name), chosen.out / f"{name}{letter}.mid")
                key[name] = {"a": sides[0], "b": sides[1], "ensemble": ensemble}
    (chosen.out / "key.json").write_text(json.dumps(key, indent=1), "utf8")


if __name__ == "__main__":
    main(sys.argv[1:])
