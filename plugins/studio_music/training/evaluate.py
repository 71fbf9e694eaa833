"""Measures the model on what was held out, beside a Markov model of the same data and chance within the key.

Writes the tables as Markdown, for the model card.
"""

from __future__ import annotations

import argparse
import itertools
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch

from studio_music.core.chords import chord_at, parse_grid
from studio_music.core.compose.engine import fill
from studio_music.core.compose.model import MusicModel
from studio_music.core.compose.request import Ensemble, FillRequest, Voice
from studio_music.core.keys import Key, parse_key
from studio_music.core.meter import Meter, parse_meter
from studio_music.core.song import Note
from studio_music.core.tokens import vocabulary as v
from studio_music.core.tokens.sketch import Event
from studio_music.training import measures, train
from studio_music.training.examples import Sampler, cut
from studio_music.training.export import load_network
from studio_music.training.markov import Chance, Markov
from studio_music.training.network import Network
from studio_music.training.prepare import Work, read_works
from studio_music.training.table import table
from studio_music.training.windows import COMPOSED, RANGES, composed, notes_of, real, tune_of, windows_of

PROGRESSIONS = (
    ("C", "C G Am F C G F C"),
    ("Am", "Am F C G Am F C Am"),
    ("G", "Em C G D Em C D G"),
    ("C", "Dm7 G7 Cmaj7 Am7 Dm7 G7 Cmaj7 Cmaj7"),
    ("F", "Fmaj7 Dm7 Gm7 C7 Am7 Dm7 Gm7 F"),
    ("D minor", "Dm Bb F C Dm Bb A7 Dm"),
    ("A", "A E F#m D A E D A"),
    ("Bb", "Bb Gm Eb F Bb Gm Eb Bb"),
    ("E minor", "Em Am D7 G C F#m7b5 B7 Em"),
    ("C", "C E7 Am Fm C A7 D7 G7"),
    ("G", "G B7 Em C G A7 D7 G"),
    ("C minor", "Cm Ab Eb Bb Cm Fm G7 Cm"),
    ("Eb", "Eb Ab Bb Cm Ab Fm Bb7 Eb"),
    ("D", "D Dmaj7 D7 G Gm D A7 D"),
    ("A minor", "Am G F E7 Am G F E7"),
    ("F# minor", "F#m D A E F#m D E F#m"),
    ("C", "Csus4 C Gsus4 G F Fmaj7 Gsus4 C"),
    ("Ab", "Ab Db Eb7 Ab Fm Bbm Eb7 Ab"),
    ("B minor", "Bm G D A Bm Em F#7 Bm"),
    ("E", "E C#m A B7 G#m C#m F#m B7"),
)
"""Typed as people type them, foreign to the corpus: songs of today and turns of jazz."""


def typed(ensemble: Ensemble, key: Key, meter: Meter, bars: int, grid: str, masks: bool) -> FillRequest:
    """A request for bars over chords that somebody has typed."""
    voices = tuple(Voice(*row) for row in RANGES[ensemble])
    return FillRequest(
        ensemble,
        voices,
        key,
        meter,
        bars,
        FillRequest.everything(bars, len(voices)),
        chords=parse_grid(grid, meter, bars),
        masks=masks,
    )


def likelihood(
    checkpoint: Path, markov: Markov, works: list[Work], count: int
) -> dict[str, dict[str, float]]:
    """Nats per note on the test split, by ensemble."""
    network = load_network(checkpoint)
    table: dict[str, dict[str, float]] = {}
    for ensemble in v.ENSEMBLES:
        sampler = Sampler([work for work in works if work.split == "test"], 7, {ensemble: 1.0})
        examples = [sampler.draw() for _ in range(count)]
        notes = sum(example.notes for example in examples)
        ours = train.held_out(network, examples)["all per note"]
        table[ensemble] = {
            "ours": ours,
            "Markov": sum(markov.nats(example) for example in examples) / notes,
            "chance in the key": sum(Chance().nats(example) for example in examples) / notes,
        }
    return table


def keeping(models: dict[str, Any], ensemble: Ensemble) -> list[dict[str, Any]]:
    """How well key and chords are kept on the typed progressions, with masks off and on."""
    rows = []
    meter = Meter(4, 4)
    for (name, model), masks in itertools.product(models.items(), (False, True)):
        inside = tones = resolving = strong = total = 0
        tunes = []
        for number, (key, grid) in enumerate(PROGRESSIONS):
            request = typed(ensemble, parse_key(key), meter, 8, grid, masks)
            notes = notes_of(model, request, number)
            tunes.append(tune_of(request, notes))
            changes = {placed.start for placed in request.chords}
            for voice in notes:
                total += len(voice)
                for note, following in itertools.zip_longest(voice, voice[1:]):
                    chord = chord_at(request.chords, note.start)
                    if chord is None:
                        continue
                    inside += note.pitch % 12 in request.key.pitch_classes | chord.pitch_classes
                    if note.start % meter.bar_ticks not in meter.strong_ticks() and note.start not in changes:
                        continue
                    strong += 1
                    if note.pitch % 12 in chord.pitch_classes:
                        tones += 1
                    elif following is not None:
                        after = chord_at(request.chords, following.start)
                        by_step = 0 < abs(following.pitch - note.pitch) <= 2
                        soon = following.start - note.start <= meter.beat_ticks
                        resolves = after is None or following.pitch % 12 in after.pitch_classes
                        resolving += by_step and soon and resolves
        rows.append(
            {
                "model": name,
                "masks": "on" if masks else "off",
                "in key or chord": inside / max(1, total),
                "chord tones on strong beats": tones / max(1, strong),
                "with those that resolve": (tones + resolving) / max(1, strong),
                "bars of the right length": measures.right_bars(tunes),
            }
        )
    return rows


def free(models: dict[str, Any], works: list[Work], ensemble: Ensemble, count: int) -> list[dict[str, Any]]:
    """What is measured of compositions without chords, beside the windows that they are to be like."""
    windows = windows_of(works, ensemble, count, "test")
    scores = real(windows)
    known = {
        gram
        for work in works
        if work.split == "train"
        for events in work.voices
        for gram in measures.grams(events)
    }
    pools = {("held-out scores", ""): scores}
    for (name, model), masks in itertools.product(models.items(), (False, True)):
        pools[name, "on" if masks else "off"] = composed(model, windows, masks)
    rows = []
    for (name, masked), tunes in pools.items():
        row: dict[str, Any] = {
            "what": name,
            "masks": masked,
            "in key": measures.in_key(tunes),
            "pitch classes, distance": measures.distance(
                measures.pitch_classes(tunes), measures.pitch_classes(scores)
            ),
            "durations, distance": measures.distance(measures.durations(tunes), measures.durations(scores)),
            "self-similarity": measures.self_similarity(tunes),
            "bars of the right length": measures.right_bars(tunes),
            "copied 8-grams": measures.copied(tunes, known),
        }
        if ensemble == "choir":
            limits = [(low, high) for _, low, high in RANGES["choir"]]
            row |= measures.leading_faults(tunes)
            row["out of range"] = measures.out_of_range(tunes, limits)
        rows.append(row)
    return rows


def infill_voice(models: dict[str, Any], works: list[Work], count: int) -> list[dict[str, Any]]:
    """The alto of eight bars is taken out of held-out chorales and written anew."""
    sums: dict[str, list[float]] = {name: [] for name in models}
    for number, window in enumerate(windows_of(works, "choir", count, "test")):
        sketch = window.sketch
        request = FillRequest(
            "choir",
            tuple(
                Voice(*row, tuple(Note(e.start * v.GRID, e.length * v.GRID, e.pitch) for e in events))
                for row, events in zip(_around(sketch.voices), sketch.voices, strict=True)
            ),
            Key(0, sketch.mode),
            sketch.meter,
            sketch.bars,
            frozenset((bar, 1) for bar in range(sketch.bars)),
            temperature=0.8,
            begins=sketch.begins,
            ends=sketch.ends,
        )
        for name, model in models.items():
            found = [
                Event(note.start // v.GRID, note.length // v.GRID, note.pitch)
                for note in notes_of(model, request, number)[1]
            ]
            sums[name].append(measures.agreement(found, sketch.voices[1], 0, sketch.length))
    return [{"model": name, "same pitch sounding": float(np.mean(shares))} for name, shares in sums.items()]


def _around(voices: Sequence[Sequence[Event]]) -> list[tuple[str, int, int]]:
    """Roles and ranges of a choir's voices, as far as they go in a window."""
    lows = [min(event.pitch for event in events) for events in voices]
    highs = [max(event.pitch for event in events) for events in voices]
    roles = [row[0] for row in RANGES["choir"]]
    return list(zip(roles, lows, highs, strict=True))


def infill(models: dict[str, Any], works: list[Work], count: int) -> list[dict[str, Any]]:
    """Two bars of eight are taken out of held-out melodies and written anew: how much comes out as it was."""
    test = [work for work in works if work.split == "test" and work.ensemble == "solo" and work.bars >= 8]
    rng = np.random.default_rng(11)
    sums: dict[str, list[float]] = {name: [] for name in models}
    for number in range(count):
        work = test[int(rng.integers(len(test)))]
        meter = parse_meter(work.meter)
        sketch = cut(work, 0, 8, meter)
        if sketch is None:
            continue
        bar, first = sketch.bar_length, int(rng.integers(1, 6))
        notes = tuple(Note(e.start * v.GRID, e.length * v.GRID, e.pitch) for e in sketch.voices[0])
        request = FillRequest(
            "solo",
            (Voice("melody", 55, 90, notes),),
            Key(0, sketch.mode),
            meter,
            8,
            frozenset({(first, 0), (first + 1, 0)}),
            temperature=0.8,
            begins=sketch.begins,
            ends=sketch.ends,
        )
        for name, model in models.items():
            found = [
                Event(note.start // v.GRID, note.length // v.GRID, note.pitch)
                for filled in fill(model, request, np.random.default_rng(number))
                for note in filled.notes.get(0, ())
            ]
            true = [event for event in sketch.voices[0] if first <= event.start // bar <= first + 1]
            sums[name].append(measures.agreement(found, true, first * bar, (first + 2) * bar))
    return [{"model": name, "same pitch sounding": float(np.mean(shares))} for name, shares in sums.items()]


def speed(network: Network, model: MusicModel, steps: int = 128) -> dict[str, float]:
    """Milliseconds for each further token after 256, one thread: by ONNX Runtime, and by torch."""
    torch.set_num_threads(1)
    rows = np.ones((256 + steps, len(v.FEATURES)), np.int64)
    model.start()
    model.feed(rows[:256])
    began = time.perf_counter()
    for place in range(256, 256 + steps):
        model.feed(rows[place : place + 1])
    ours = time.perf_counter() - began
    with torch.inference_mode():
        _, past = network.step(torch.from_numpy(rows[None, :256]), network.nothing())
        began = time.perf_counter()
        for place in range(256, 256 + steps):
            _, past = network.step(torch.from_numpy(rows[None, place : place + 1]), past)
        eager = time.perf_counter() - began
    return {"ONNX Runtime": 1000 * ours / steps, "torch, eager": 1000 * eager / steps}


def main(arguments: list[str]) -> None:
    reader = argparse.ArgumentParser()
    reader.add_argument("--works", type=Path, required=True)
    reader.add_argument("--checkpoint", type=Path, required=True)
    reader.add_argument("--model", type=Path, required=True, help="the same checkpoint as ONNX")
    reader.add_argument("--out", type=Path, required=True, help="the Markdown file that is written")
    reader.add_argument("--count", type=int, default=60, help="windows of each ensemble")
    chosen = reader.parse_args(arguments)
    works = read_works(chosen.works)
    markov = Markov.of_works(work for work in works if work.split == "train")
    models: dict[str, Any] = {
        "ours": MusicModel.load(chosen.model),
        "Markov": markov,
        "chance in the key": Chance(),
    }
    parts: list[str] = []

    def part(title: str, rows: list[dict[str, Any]]) -> None:
        parts.extend((f"### {title}", "", table(rows), ""))
        print("\n".join(parts[-4:]), flush=True)

    found = likelihood(chosen.checkpoint, markov, works, chosen.count)
    part("Nats per note on the test split", [{"ensemble": name, **row} for name, row in found.items()])
    for ensemble in COMPOSED:
        part(f"Twenty typed progressions, {ensemble}", keeping(models, ensemble))
    for ensemble in COMPOSED:
        part(f"Eight bars without chords, {ensemble}", free(models, works, ensemble, chosen.count))
    part("Two bars of eight filled in, held-out melodies", infill(models, works, chosen.count))
    part("The alto of eight bars filled in, held-out chorales", infill_voice(models, works, chosen.count))
    part(
        "Milliseconds for a token, one thread, after 256 tokens",
        [speed(load_network(chosen.checkpoint), models["ours"])],
    )
    chosen.out.write_text("\n".join(parts), "utf8")


if __name__ == "__main__":
    main(sys.argv[1:])
