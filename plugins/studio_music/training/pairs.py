"""Draws pairs of pieces for blind readings: ours beside Markov's, and, as an anchor, ours beside real scores.

Each piece is a picture: the score on top, the spectrogram of its sound beneath. Nothing is chosen: windows
come in their fixed order, and seeds count up. Which is which stands beside the folder, not in it, for
afterwards; `tally.py` counts what readers have answered.
"""

from __future__ import annotations

import argparse
import io
import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageOps
from scipy import signal

from studio_music.core.compose.model import MusicModel
from studio_music.core.compose.request import Ensemble
from studio_music.core.ensembles import ENSEMBLES
from studio_music.core.keys import Key
from studio_music.core.song import KeyChange, MeterChange, Note, Song, TempoChange, Track
from studio_music.core.sound.font import open_font
from studio_music.core.sound.mix import mix_blocks
from studio_music.core.sound.synth import RATE
from studio_music.core.tokens import vocabulary as v
from studio_music.formats.printing import score_files
from studio_music.training.markov import Markov
from studio_music.training.measures import Tune
from studio_music.training.prepare import read_works
from studio_music.training.windows import composed, real, windows_of

SHARES: dict[Ensemble, tuple[int, int, int]] = {"solo": (16, 12, 4), "choir": (8, 9, 3), "strings": (8, 9, 3)}
"""Bars of a piece, pairs with Markov, and pairs with real scores."""
WIDE = 1200
"""Pixels of a picture."""
FLOOR = -60.0
"""Decibels below the loudest moment at which a spectrogram is black."""
WORDS = """# Blind reading

In this folder are pairs of short pieces of music, `01-a.png` and `01-b.png` and so on. Each picture has the
score on top and, beneath it, the spectrogram of its sound (time to the right, pitch upwards, loud is
bright). All are in the same sound, at the same tempo, with C as tonic. A piece may be cut out of a longer
one, so it need not begin at a beginning or end with an ending.

For each pair say which of the two is better music, a or b, in three respects and then as a whole:

- **phrase**: lines go somewhere, breathe, and have a shape that can be sung or played; the rhythm suits the
  meter.
- **repetition**: ideas come again, as they were or changed, as much as one wishes to hear them; neither
  aimless nor stuck.
- **cadence**: harmony moves and comes to rest where phrases end; the last bar closes or leads on with sense.
- **whole**: which of the two you would keep.

Do not guess who or what wrote a piece, and do not look for it; there is no such question. Both can be good
or bad: choose all the same, no ties. Look at every picture before you answer for its pair, and read the
pairs in their order. Do not speak with the other reader, and do not look at files outside of this folder.

Write one line for each pair, in this order and nothing else, to a file outside of this folder:

    01 phrase a repetition b cadence a whole a
"""


def song_of(tune: Tune, title: str) -> Song:
    """A tune in C, all notes equally loud, at one tempo: nothing but the notes tells who wrote it."""
    meter = tune.meter
    tracks = tuple(
        Track(
            part.track.name,
            tuple(Note(e.start * v.GRID, e.length * v.GRID, e.pitch) for e in events),
            program=0,
            role=part.track.role,
        )
        for part, events in zip(ENSEMBLES[tune.ensemble].voices, tune.voices, strict=True)
    )
    return Song(
        title,
        tracks,
        tune.bars * meter.bar_ticks,
        (TempoChange(0, 100.0),),
        (MeterChange(0, meter),),
        (KeyChange(0, Key(0, tune.mode)),),
    )


def picture_of(song: Song, font: Any) -> Image.Image:
    """The score, all pages of it below one another, and the spectrogram."""
    parts = []
    for page_file in score_files(song, song.title, "png"):
        page = Image.open(io.BytesIO(page_file)).convert("L")
        box = ImageOps.invert(page).getbbox()
        if box is not None:
            page = page.crop((0, box[1], page.width, box[3]))
        parts.append(page.resize((WIDE, page.height * WIDE // page.width), Image.Resampling.LANCZOS))
    parts.append(_spectrogram(np.concatenate([block for _, _, block in mix_blocks(song, font)])))
    gap = 24
    picture = Image.new("L", (WIDE, sum(part.height + gap for part in parts) + gap), 255)
    top = gap
    for part in parts:
        picture.paste(part, (0, top))
        top += part.height + gap
    return picture


def _spectrogram(audio: Any) -> Image.Image:
    """Of frames x 2: time to the right, 55 Hz to 7 kHz upwards by octaves, loud is bright."""
    spectrum = signal.ShortTimeFFT(signal.windows.hann(8192), 2048, RATE).stft(audio.mean(axis=1))
    level = 20 * np.log10(np.abs(spectrum) + 1e-9)
    rows = np.clip((55 * 2 ** (np.arange(7 * 36) / 36) / RATE * 8192).astype(int), 0, len(level) - 1)
    shade = np.clip((level[rows] - level.max() - FLOOR) / -FLOOR, 0, 1)
    return Image.fromarray((shade[::-1] * 255).astype(np.uint8)).resize((WIDE, 252))


def main(arguments: list[str]) -> None:
    reader = argparse.ArgumentParser()
    reader.add_argument("--works", type=Path, required=True)
    reader.add_argument("--model", type=Path, required=True)
    reader.add_argument("--out", type=Path, required=True, help="the folder that is written; not there yet")
    reader.add_argument("--key", type=Path, required=True, help="who wrote what, for afterwards (JSON)")
    chosen = reader.parse_args(arguments)
    if chosen.key.resolve().is_relative_to(chosen.out.resolve()):
        reader.error("the key lies in the folder of the readers")
    works = read_works(chosen.works)
    models: dict[str, Any] = {
        "ours": MusicModel.load(chosen.model),
        "Markov": Markov.of_works(work for work in works if work.split == "train"),
    }
    pairs: list[tuple[Ensemble, dict[str, Tune]]] = []
    for ensemble, (bars, count, anchors) in SHARES.items():
        windows = windows_of(works, ensemble, count + anchors, "test", bars)
        ours = composed(models["ours"], windows)
        others = composed(models["Markov"], windows[:count])
        true = real(windows)[count:]
        pairs += [(ensemble, {"ours": a, "Markov": b}) for a, b in zip(ours, others, strict=False)]
        pairs += [(ensemble, {"ours": a, "true": b}) for a, b in zip(ours[count:], true, strict=True)]
    rng = np.random.default_rng(17)
    key: dict[str, dict[str, str]] = {}
    chosen.out.mkdir(parents=True)
    (chosen.out / "README.md").write_text(WORDS, "utf8")
    with open_font() as font:
        for number, place in enumerate(rng.permutation(len(pairs)), 1):
            ensemble, sides = pairs[place]
            name = f"{number:02d}"
            key[name] = {"ensemble": ensemble}
            for letter, who in zip("ab", rng.permutation(list(sides)).tolist(), strict=True):
                picture = picture_of(song_of(sides[who], f"{name}-{letter}"), font)
                picture.save(chosen.out / f"{name}-{letter}.png", optimize=True)
                key[name][letter] = who
            print(name, flush=True)
    chosen.key.write_text(json.dumps(key, indent=1), "utf8")


if __name__ == "__main__":
    main(sys.argv[1:])
