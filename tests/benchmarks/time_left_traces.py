"""Records how real generators tell of their work, for `bench_time_left.py`: six jobs of each sort.

By hand, for some ten minutes: `python -m tests.benchmarks.time_left_traces FOLDER` (an empty one, for files
that the jobs need). The texts' model is the tests' own of random weights, so large that a text takes seconds;
songs are written by the model that ships. Needs scikit-image for its photos.
"""

from __future__ import annotations

import argparse
import json
import math
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from studio.backends.cache import WarmCache
from studio.core.authoring import Generator, describe
from studio.core.params import validate
from studio.core.recipe import Numerics, Recipe
from studio.jobs.run import RunEvent, RunProgress, execute

FILE = Path(__file__).with_name("time_left_traces.json")
JOBS = 6
"""Of each sort: they differ in their seed, and in what they work from where that does not count as a size."""
THREADS = 2

Job = tuple[type[Generator], dict[str, Any], dict[str, Path], dict[str, Path]]
"""Generator, params, inputs, models."""


def fill(folder: Path, number: int, side: int) -> Job:
    from PIL import Image
    from skimage import data
    from studio_image.generators.inpaint import Inpaint

    photo, mask = folder / f"photo-{number}.png", folder / f"mask-{number}.png"
    names = ("astronaut", "coffee", "chelsea", "rocket", "retina", "immunohistochemistry")
    Image.fromarray(getattr(data, names[number])()).convert("RGB").resize((side, side)).save(photo)
    hole = np.zeros((side, side), np.uint8)
    edge = side // 4 + 23 * number
    hole[edge : edge + side // 3, edge : edge + side // 3] = 255
    Image.fromarray(hole).save(mask)
    return Inpaint, {"method": "fill"}, {"image": photo, "mask": mask}, {}


def text(folder: Path, number: int, drafts: int) -> Job:
    from studio_text.generators.continuing import Continue

    from tests.studio_text.generators import tiny_models

    model = folder / "model"
    if not model.exists():
        tiny_models._COMMON |= {
            "hidden_size": 512,
            "intermediate_size": 1536,
            "num_hidden_layers": 12,
            "max_position_embeddings": 2048,
        }
        tiny_models.folder(model, "llama")
    words = ("The lamp folds flat.", "It was late.", "A house by the sea.", "One.", "Two of us.", "Rain.")
    return Continue, {"text": words[number], "drafts": drafts, "length": 150}, {}, {"model": model}


def song(folder: Path, number: int, bars: int, count: int, ensemble: str) -> Job:
    from studio_music.generators.compose import Compose

    return Compose, {"bars": bars, "count": count, "ensemble": ensemble}, {}, {}


def part(folder: Path, number: int, cells: int, variants: int) -> Job:
    import msgspec
    from msgspec.structs import replace
    from studio_product.core.studies.study import Method
    from studio_product.generators.optimize_generator import Optimize

    from tests.studio_product.generators.test_optimize_generator import SMALL

    space = replace(SMALL.space, cells=(2 * cells, cells))
    study = replace(SMALL, space=space, method=Method())
    return Optimize, {"study": msgspec.to_builtins(study), "variants": variants, "tolerance": 30.0}, {}, {}


SORTS: dict[str, tuple[Callable[..., Job], dict[str, Any]]] = {
    "fill 1024": (fill, {"side": 1024}),
    "fill 1600": (fill, {"side": 1600}),
    "text 1": (text, {"drafts": 1}),
    "text 3": (text, {"drafts": 3}),
    "song strings 32 x 2": (song, {"bars": 32, "count": 2, "ensemble": "strings"}),
    "song choir 32 x 4": (song, {"bars": 32, "count": 4, "ensemble": "choir"}),
    "part 3": (part, {"cells": 40, "variants": 3}),
    "part 6": (part, {"cells": 56, "variants": 6}),
}


def recorded(name: str, folder: Path, warm: WarmCache) -> list[dict[str, Any]]:
    """What each job told, as (seconds since its beginning, part that is done), and how long it took."""
    make, options = SORTS[name]
    found = []
    for number in range(JOBS):
        generator, params, inputs, models = make(folder, number, **options)
        shape = describe("trace", generator)
        recipe = Recipe(
            generator=shape.id,
            generator_version=shape.version,
            params=validate(shape.params_schema, params),
            seed=number,
            device="cpu",
            numerics=Numerics(threads=THREADS),
        )
        told: list[tuple[float, float]] = []
        scratch, kept = folder / "scratch", folder / "kept"
        for one in (scratch, kept):
            shutil.rmtree(one, ignore_errors=True)
            one.mkdir(parents=True)
        began = time.perf_counter()

        def hear(event: RunEvent, began: float = began, told: list[tuple[float, float]] = told) -> None:
            if isinstance(event, RunProgress):
                told.append((round(time.perf_counter() - began, 2), round(event.fraction, 4)))

        execute(
            generator(), recipe, inputs, models, scratch, kept, emit=hear, cancelled=lambda: False, warm=warm
        )
        seconds = round(time.perf_counter() - began, 2)
        print(f"{name}: {seconds} s, {len(told)} times, ended at {told[-1][1]:.2f}", flush=True)
        found.append({"told": _thinned(told, seconds), "seconds": seconds})
    return found


def _thinned(told: list[tuple[float, float]], seconds: float) -> list[tuple[float, float]]:
    """Of long jobs no more than two hundred."""
    left, last = [], -math.inf
    for when, part in told:
        if when - last >= seconds / 200:
            left.append((when, part))
            last = when
    return left


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("names", nargs="*", default=list(SORTS))
    chosen = parser.parse_args()
    chosen.folder.mkdir(parents=True, exist_ok=True)
    found = json.loads(FILE.read_text()) if FILE.exists() else {}
    warm = WarmCache()
    for name in chosen.names:
        found[name] = recorded(name, chosen.folder, warm)
        lines = (f"{json.dumps(sort)}: {json.dumps(jobs)}" for sort, jobs in found.items())
        FILE.write_text("{\n" + ",\n".join(lines) + "\n}\n")


if __name__ == "__main__":
    main()
