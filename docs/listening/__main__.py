"""Makes the listening sheet: what the music plugin writes for seeds 0 to 5, all of it, unchosen.

    python docs/listening [--only NAME ...]

Every piece is made by the command line, as a designer makes it: a MIDI file, its score and the spectrogram
of its sound. Nothing is chosen, changed or left out.
"""

from __future__ import annotations

import argparse
import io
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageOps
from scipy import signal
from studio_music.core.midi_file import read_song
from studio_music.core.sound.font import OUR_FONT, SoundFont
from studio_music.core.sound.mix import mix_blocks
from studio_music.core.sound.synth import RATE
from studio_music.formats.printing import score_files

HERE = Path(__file__).parent
SEEDS = range(6)
PIECES: dict[str, tuple[str, list[str]]] = {
    "melody": (
        "A melody in 6/8",
        ["--ensemble", "solo", "--meter", "6/8", "--key", "D major", "--bars", "16"],
    ),
    "chords": ("A melody to given chords", ["--chords", "Am F C G", "--bars", "16"]),
    "choir": ("A choir in four parts", ["--ensemble", "choir", "--key", "G minor", "--bars", "8"]),
    "quartet": ("A string quartet", ["--ensemble", "strings", "--key", "F major", "--bars", "8"]),
    "piano": ("Piano, wistful", ["--ensemble", "piano", "--mood", "wistful", "--bars", "16"]),
    "band": (
        "A loop for a small band",
        ["--ensemble", "band", "--mood", "bright", "--chords", "C | G/B | Am | F G", "--bars", "8", "--loop"],
    ),
}
WIDE = 1000
"""Pixels of a picture."""
FLOOR = -80.0
"""Decibels below the loudest moment at which a spectrogram is black."""


def studio(*arguments: str) -> None:
    subprocess.run([sys.executable, "-m", "studio", "run", *arguments], check=True, stdout=subprocess.DEVNULL)


def spectrogram(audio: Any, target: str) -> None:
    """Of frames x 2: time to the right, 27 Hz to 14 kHz upwards by octaves, loud is bright."""
    spectrum = signal.ShortTimeFFT(signal.windows.hann(8192), 2048, RATE).stft(audio.mean(axis=1))
    level = 20 * np.log10(np.abs(spectrum) + 1e-9)
    bands = 27.5 * 2 ** (np.arange(9 * 24) / 24)
    rows = np.clip((bands / RATE * 8192).astype(int), 0, len(level) - 1)
    shade = np.clip((level[rows] - level.max() - FLOOR) / -FLOOR, 0, 1)
    picture = Image.fromarray((shade[::-1] * 255).astype(np.uint8))
    ImageOps.colorize(picture.resize((WIDE, 216)), "#101418", "#ffe9b0", "#d9541e").save(target, quality=70)


def score(page_file: bytes, target: str) -> None:
    """The first page, without the empty paper below."""
    page = Image.open(io.BytesIO(page_file)).convert("L")
    box = ImageOps.invert(page).getbbox()
    assert box is not None, f"{target} is empty"
    page = ImageOps.expand(page.crop(box), 20, 255)
    page.resize((WIDE, page.height * WIDE // page.width), Image.Resampling.LANCZOS).save(target, quality=60)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", nargs="+", choices=list(PIECES), default=list(PIECES))
    for name in parser.parse_args().only:
        for seed in SEEDS:
            piece = HERE / f"{name}-{seed}"
            tune = piece.with_suffix(".mid")
            studio("music/compose", *PIECES[name][1], "--seed", str(seed), "--out", str(tune))
            song = read_song(tune)
            with SoundFont(OUR_FONT) as font:
                spectrogram(
                    np.concatenate([block for _, _, block in mix_blocks(song, font)]), f"{piece}-sound.webp"
                )
            score(score_files(song, song.title, "png")[0], f"{piece}-score.webp")
            print(tune.name, flush=True)
    (HERE / "README.md").write_text(sheet(), encoding="utf-8")


def sheet() -> str:
    lines = [
        "# Listening sheet",
        "",
        "What the music plugin wrote for the seeds 0 to 5: nothing was chosen, changed or left out.",
        "`python docs/listening` makes this folder; do not change it by hand.",
    ]
    for name, (title, arguments) in PIECES.items():
        words = " ".join(f'"{one}"' if " " in one else one for one in arguments)
        lines += ["", f"## {title}", "", f"`studio run music/compose {words} --seed N`"]
        for seed in SEEDS:
            piece = f"{name}-{seed}"
            lines += [
                "",
                f"**Seed {seed}**, [MIDI]({piece}.mid)",
                "",
                f"![Score of {piece}]({piece}-score.webp)",
                "",
                f"![Spectrogram of {piece}]({piece}-sound.webp)",
            ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
