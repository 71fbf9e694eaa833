"""Measures the model on what was held out, beside a Markov model of the same data and chance within the key.

Writes the tables as Markdown, for the model card.
"""

from __future__ import annotations

import argparse
import itertools
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import torch

from studio_music.core.chords import chord_at, parse_grid
from studio_music.core.compose.engine import fill
from studio_music.core.compose.frame import Frame
from studio_music.core.compose.model import MusicModel
from studio_music.core.compose.request import Ensemble, FillRequest, Voice
from studio_music.core.keys import Key, parse_key
from studio_music.core.meter import Meter, parse_meter
from studio_music.core.song import Note
from studio_music.core.tokens import vocabulary as v
from studio_music.core.tokens.sketch import Event, Sketch, bar_positions
from studio_music.training import measures, train
from studio_music.training.examples import Sampler, cut
from studio_music.training.export import load_network
from studio_music.training.markov import Chance, Markov, nats
from studio_music.training.measures import Tune
from studio_music.training.network import Network
from studio_music.training.prepare import Work, read_works

RANGES: dict[str, tuple[tuple[str, int, int], ...]] = {
    "solo": (("melody", 57, 84),),
    "choir": (("soprano", 60, 81), ("alto", 53, 74), ("tenor", 48, 69), ("bass", 36, 64)),
    "strings": (("melody", 55, 91), ("other", 55, 84), ("other", 48, 76), ("bass", 36, 67)),
}
COMPOSED: tuple[Ensemble, ...] = ("solo", "choir", "strings")
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


def like(sketch: Sketch) -> FillRequest:
    """A request for what a sketch is in meter, mode, ranges and place within its work; none of its notes."""
    voices = tuple(
        Voice("other", min(event.pitch for event in events), max(event.pitch for event in events))
        for events in sketch.voices
    )
    return FillRequest(
        sketch.ensemble,  # type: ignore[arg-type]
        voices,
        Key(0, sketch.mode),
        sketch.meter,
        sketch.bars,
        FillRequest.everything(sketch.bars, len(voices)),
        begins=sketch.begins,
        ends=sketch.ends,
        cadence="full" if sketch.ends and sketch.voices[-1][-1].pitch % 12 == 0 else "none",
    )


def notes_of(model: Any, request: FillRequest, seed: int) -> list[list[Note]]:
    """What a model or a baseline writes: the notes of each voice."""
    notes: list[list[Note]] = [[] for _ in request.voices]
    for filled in fill(model, request, np.random.default_rng(seed)):
        for voice, found in filled.notes.items():
            notes[voice] += found
    return notes


def tune_of(request: FillRequest, notes: list[list[Note]]) -> Tune:
    up = Frame.of(request).up
    mode = request.key.mode if request.key.mode in v.MODES else v.NEAREST_MODE[request.key.mode]
    voices = tuple(
        tuple(Event(note.start // v.GRID, note.length // v.GRID, note.pitch + up[place]) for note in found)
        for place, found in enumerate(notes)
    )
    return Tune(request.ensemble, mode, bar_positions(request.meter), request.bars, voices)


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
            "Markov": sum(nats(markov, example) for example in examples) / notes,
            "chance in the key": sum(nats(Chance(), example) for example in examples) / notes,
        }
    return table


def keeping(models: dict[str, Any], ensemble: Ensemble) -> list[dict[str, Any]]:
    """How well key and chords are kept on the typed progressions, with masks off and on."""
    rows = []
    for (name, model), masks in itertools.product(models.items(), (False, True)):
        inside = tones = strong = bars_right = bars = 0
        tunes = []
        for number, (key, grid) in enumerate(PROGRESSIONS):
            meter = Meter(4, 4)
            request = typed(ensemble, parse_key(key), meter, 8, grid, masks)
            notes = notes_of(model, request, number)
            tunes.append(tune_of(request, notes))
            changes = {placed.start for placed in request.chords}
            for voice in notes:
                for note in voice:
                    chord = chord_at(request.chords, note.start)
                    if chord is None:
                        continue
                    allowed = request.key.pitch_classes | chord.pitch_classes
                    inside += note.pitch % 12 in allowed
                    if note.start % meter.bar_ticks in meter.strong_ticks() or note.start in changes:
                        strong += 1
                        tones += note.pitch % 12 in chord.pitch_classes
                bars += request.bars
                bars_right += request.bars if not voice or voice[-1].end <= 8 * meter.bar_ticks else 0
        total = sum(len(voice) for tune in tunes for voice in tune.voices)
        rows.append(
            {
                "model": name,
                "masks": "on" if masks else "off",
                "in key or chord": inside / max(1, total),
                "chord tones on strong beats": tones / max(1, strong),
                "bars of the right length": bars_right / bars,
            }
        )
    return rows


def pools_of(
    models: dict[str, Any], works: list[Work], ensemble: Ensemble, count: int
) -> tuple[dict[str, list[Tune]], set[int]]:
    """Windows of held-out works, and as many compositions without chords, each like one of them.

    Returns:
        The tunes by where they come from, and the runs of notes that stand in the training set.
    """
    test = [work for work in works if work.split == "test" and work.ensemble == ensemble and work.bars >= 10]
    rng = np.random.default_rng(3)
    sketches: list[Sketch] = []
    while len(sketches) < count:
        work = test[int(rng.integers(len(test)))]
        first = 1 if len(sketches) % 2 == 0 else work.bars - 8  # after the anacrusis, or up to the end
        sketch = cut(work, first, 8, parse_meter(work.meter))
        if sketch is not None and all(sketch.voices):
            sketches.append(replace(sketch, begins=work.begins and first == 1))
    real = [measures.of_sketch(sketch) for sketch in sketches]
    known = {
        gram
        for work in works
        if work.split == "train"
        for events in work.voices
        for gram in measures.grams(events)
    }
    pools: dict[str, list[Tune]] = {"held-out scores": real}
    for name, model in models.items():
        pools[name] = []
        for number, sketch in enumerate(sketches):
            request = like(sketch)
            pools[name].append(tune_of(request, notes_of(model, request, number)))
    return pools, known


def free(models: dict[str, Any], works: list[Work], ensemble: Ensemble, count: int) -> list[dict[str, Any]]:
    """What is measured of compositions without chords, beside held-out works."""
    pools, known = pools_of(models, works, ensemble, count)
    real = pools["held-out scores"]
    rows = []
    for name, tunes in pools.items():
        row: dict[str, Any] = {
            "what": name,
            "in key": measures.in_key(tunes),
            "pitch classes, distance": measures.distance(
                measures.pitch_classes(tunes), measures.pitch_classes(real)
            ),
            "durations, distance": measures.distance(measures.durations(tunes), measures.durations(real)),
            "self-similarity": measures.self_similarity(tunes),
            "copied 8-grams": measures.copied(tunes, known),
        }
        if ensemble == "choir":
            row |= measures.leading_faults(tunes)
        rows.append(row)
    return rows


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


def table(rows: list[dict[str, Any]]) -> str:
    """Rows as a Markdown table."""
    lines = ["| " + " | ".join(rows[0]) + " |", "|" + " --- |" * len(rows[0])]
    for row in rows:
        cells = [f"{cell:.3f}" if isinstance(cell, float) else str(cell) for cell in row.values()]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def main(arguments: list[str]) -> None:
    reader = argparse.ArgumentParser()
    reader.add_argument("--works", type=Path, required=True)
    reader.add_argument("--checkpoint", type=Path, required=True)
    reader.add_argument("--model", type=Path, required=True, help="the same checkpoint as ONNX")
    reader.add_argument("--out", type=Path, required=True, help="the Markdown file that is written")
    reader.add_argument("--count", type=int, default=60)
    chosen = reader.parse_args(arguments)
    works = read_works(chosen.works)
    markov = Markov()
    sampler = Sampler([work for work in works if work.split == "train"], 5)
    for _ in range(6000):
        markov.learn(sampler.draw())
    models: dict[str, Any] = {
        "ours": MusicModel.load(chosen.model),
        "Markov": markov,
        "chance in the key": Chance(),
    }
    parts = ["### Nats per note on the test split", ""]
    found = likelihood(chosen.checkpoint, markov, works, chosen.count)
    parts += [table([{"ensemble": name, **row} for name, row in found.items()]), ""]
    for ensemble in COMPOSED[:2]:
        parts += [f"### Twenty typed progressions, {ensemble}", "", table(keeping(models, ensemble)), ""]
    for ensemble in COMPOSED:
        rows = free(models, works, ensemble, chosen.count)
        parts += [f"### Eight bars without chords, {ensemble}", "", table(rows), ""]
    parts += ["### Two bars of eight filled in, held-out melodies", ""]
    parts += [table(infill(models, works, chosen.count)), ""]
    parts += ["### Milliseconds for a token, one thread, after 256 tokens", ""]
    parts += [table([speed(load_network(chosen.checkpoint), models["ours"])]), ""]
    chosen.out.write_text("\n".join(parts), "utf8")
    print("\n".join(parts))


if __name__ == "__main__":
    main(sys.argv[1:])
