"""Content-aware fill beside OpenCV's Telea and Navier-Stokes and scikit-image's biharmonic inpainting.

Run on request: `pytest tests/benchmarks/bench_fill.py -s`, or as a program:
`python -m tests.benchmarks.bench_fill [--sheet docs/images/fill-contact-sheet.jpg]`. It needs the photos that
`fill_measures.photo_paths` names: from scikit-image, and from scikit-learn or Debian's package
budgie-backgrounds. The fill was tuned on other photos.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from studio_image.core.fill import fill

from .fill_measures import MASK_KINDS, SIZE, Array, mask, noise, photo, photo_paths, psnr, swd
from .sizes import PLAYED

LEAST_PHOTOS = 20
_SHEET = (("object", 3), ("stroke", 2), ("large", 2))
_TILE = 200


def content_aware(image: Array, hole: Array) -> Array:
    filled = fill(image.astype(np.float32), hole, 0, lambda *_: None)
    return np.where(hole[..., None], np.clip(np.rint(filled), 0, 255).astype(np.uint8), image)


def telea(image: Array, hole: Array) -> Array:
    return np.asarray(cv2.inpaint(image, hole.astype(np.uint8), 5, cv2.INPAINT_TELEA))


def navier_stokes(image: Array, hole: Array) -> Array:
    return np.asarray(cv2.inpaint(image, hole.astype(np.uint8), 5, cv2.INPAINT_NS))


def biharmonic(image: Array, hole: Array) -> Array:
    from skimage.restoration import inpaint_biharmonic

    filled = inpaint_biharmonic(image, hole, channel_axis=-1)
    return np.rint(np.clip(filled, 0, 1) * 255).astype(np.uint8)


METHODS: dict[str, Callable[[Array, Array], Array]] = {
    "fill": content_aware,
    "Telea": telea,
    "Navier-Stokes": navier_stokes,
    "biharmonic": biharmonic,
}
MEASURES = ("seconds", "PSNR", "SWD", "SWD own")


def measure(paths: list[Path]) -> dict[tuple[str, str], dict[str, float]]:
    """Means by (mask kind, method)."""
    rows: dict[tuple[str, str], list[tuple[float, ...]]] = defaultdict(list)
    for number, path in enumerate(paths):
        truth = photo(path)
        for kind in MASK_KINDS:
            hole = mask(kind, number)
            image = np.where(hole[..., None], 0, truth).astype(np.uint8)
            for name, method in METHODS.items():
                start = time.perf_counter()
                filled = method(image, hole)
                seconds = time.perf_counter() - start
                rows[kind, name].append(
                    (
                        seconds,
                        psnr(filled, truth, hole),
                        swd(filled, truth, hole),
                        swd(filled, truth, hole, own=True),
                    )
                )
    return {
        key: dict(
            zip(MEASURES, (statistics.fmean(column) for column in zip(*values, strict=True)), strict=True)
        )
        for key, values in rows.items()
    }


def table(means: dict[tuple[str, str], dict[str, float]], photos: int) -> str:
    lines = [
        f"{photos} photos of {SIZE} x {SIZE}",
        f"{'mask':8}{'method':16}" + "".join(f"{m:>10}" for m in MEASURES),
    ]
    for (kind, name), values in means.items():
        lines.append(f"{kind:8}{name:16}" + "".join(f"{values[m]:10.2f}" for m in MEASURES))
    return "\n".join(lines)


@pytest.mark.benchmark
@pytest.mark.timeout(3600)
def test_fill_beats_the_classics(tmp_path: Path) -> None:
    if PLAYED:
        print("\n" + table(measure([noise(tmp_path / "noise.png")]), 1))
        return
    paths = photo_paths()
    if len(paths) < LEAST_PHOTOS:
        pytest.skip(f"{len(paths)} of {LEAST_PHOTOS} photos found: install budgie-backgrounds")
    means = measure(paths)
    print("\n" + table(means, len(paths)))
    for kind in MASK_KINDS:
        for other in ("Telea", "Navier-Stokes", "biharmonic"):
            assert means[kind, "fill"]["SWD"] < means[kind, other]["SWD"], (kind, other)
            assert means[kind, "fill"]["SWD own"] < means[kind, other]["SWD own"], (kind, other)
    for other in ("Telea", "Navier-Stokes", "biharmonic"):
        assert means["object", "fill"]["PSNR"] >= means["object", other]["PSNR"], other


def sheet(paths: list[Path]) -> Array:
    """Rows of: photo with the hole, Telea, Navier-Stokes, biharmonic, fill."""
    rows, start = [], 0
    wanted = [kind for kind, count in _SHEET for _ in range(count)]
    chosen = np.linspace(start, len(paths) - 1, len(wanted)).astype(int)
    for kind, number in zip(wanted, chosen, strict=True):
        truth = photo(paths[number])
        hole = mask(kind, int(number))
        image = np.where(hole[..., None], 0, truth).astype(np.uint8)
        shown = np.where(hole[..., None], np.array([255, 0, 110], np.uint8), truth)
        tiles = [shown] + [
            METHODS[name](image, hole) for name in ("Telea", "Navier-Stokes", "biharmonic", "fill")
        ]
        small = [cv2.resize(tile, (_TILE, _TILE), interpolation=cv2.INTER_AREA) for tile in tiles]
        rows.append(np.hstack([np.pad(t, ((2, 2), (2, 2), (0, 0)), constant_values=255) for t in small]))
    head = np.full((28, rows[0].shape[1], 3), 255, np.uint8)
    for column, title in enumerate(("hole", "Telea", "Navier-Stokes", "biharmonic", "Studio's fill")):
        where = (column * (_TILE + 4) + 6, 20)
        cv2.putText(head, title, where, cv2.FONT_HERSHEY_SIMPLEX, 0.5, (40, 40, 40), 1, cv2.LINE_AA)
    return np.vstack([head, *rows])


def main() -> None:
    parser: Any = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sheet", type=Path, help="write a contact sheet (JPEG) and measure nothing")
    options = parser.parse_args()
    paths = photo_paths()
    if options.sheet:
        options.sheet.parent.mkdir(parents=True, exist_ok=True)
        cv2.imwrite(str(options.sheet), sheet(paths)[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, 88])
    else:
        print(table(measure(paths), len(paths)))


if __name__ == "__main__":
    main()
