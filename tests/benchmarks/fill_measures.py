"""What `bench_fill` measures with: photos, masks, PSNR and the sliced Wasserstein distance."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from .sizes import size

Array = NDArray[Any]
SIZE = size(512, 64)
MASK_KINDS = ("object", "stroke", "large")

SKIMAGE = (
    "astronaut.png", "brick.png", "camera.png", "chelsea.png", "coffee.png", "coins.png", "grass.png",
    "gravel.png", "moon.png", "motorcycle_left.png", "hubble_deep_field.jpg",
)  # fmt: skip
BUDGIE = (
    "beacon-street-sunset.jpg", "blue-periwinkle.jpg", "casa-mila.jpg", "high-trestle-trail.jpg",
    "lake-sherburne.jpg", "ocean-waves.jpg", "piazza-gae-aulenti.jpg", "roman-colosseum.jpg",
    "singaporean-cityscape.jpg", "tea-gardens.jpg",
)  # fmt: skip


def photo_paths() -> list[Path]:
    """The benchmark's photos, as far as they are installed.

    scikit-image's own samples; scikit-learn's two; Debian's package budgie-backgrounds (or its photos in the
    folder that STUDIO_BENCH_PHOTOS names). None of them is among the studio's samples.
    """
    import importlib.util

    found: list[Path] = []
    for package, folder, names in (
        ("skimage", "data", SKIMAGE),
        ("sklearn", "datasets/images", ("china.jpg", "flower.jpg")),
    ):
        spec = importlib.util.find_spec(package)
        if spec is not None and spec.origin is not None:
            found += [Path(spec.origin).parent / folder / name for name in names]
    backgrounds = Path(os.environ.get("STUDIO_BENCH_PHOTOS", "/usr/share/backgrounds/budgie"))
    found += [backgrounds / name for name in BUDGIE]
    return [path for path in found if path.is_file()]


def noise(path: Path) -> Path:
    """Writes a picture that serves for a photo where nothing is measured by it."""
    cv2.imwrite(str(path), np.random.default_rng(1).integers(0, 256, (SIZE, SIZE, 3), np.uint8))
    return path


def photo(path: Path) -> Array:
    """The middle square of a photo, (SIZE, SIZE, 3) uint8 RGB."""
    image = cv2.imread(str(path), cv2.IMREAD_COLOR)
    assert image is not None, path
    height, width = image.shape[:2]
    side = min(height, width)
    top, left = (height - side) // 2, (width - side) // 2
    square = image[top : top + side, left : left + side, ::-1]
    interpolation = cv2.INTER_AREA if side > SIZE else cv2.INTER_CUBIC
    return np.ascontiguousarray(cv2.resize(square, (SIZE, SIZE), interpolation=interpolation))


def mask(kind: str, seed: int, side: int = SIZE) -> Array:
    """A hole, (side, side) bool.

    "object" is a blob of 8 to 16 % of the picture, "stroke" brush strokes over 5 to 9 %, "large" a blob of 28
    to 40 %.
    """
    rng = np.random.default_rng([seed, MASK_KINDS.index(kind)])
    if kind == "stroke":
        return _strokes(rng, side)
    area = rng.uniform(0.08, 0.16) if kind == "object" else rng.uniform(0.28, 0.40)
    # A smooth random bump around a random center, cut at the level that gives the wanted area.
    noise = cv2.GaussianBlur(rng.standard_normal((side, side)), (0, 0), side / 14)
    noise /= noise.std()
    y, x = np.mgrid[0:side, 0:side] / side
    center = rng.uniform(0.35, 0.65, 2)
    stretch = rng.uniform(0.6, 1.6)
    distance = np.hypot((y - center[0]) * stretch, (x - center[1]) / stretch)
    field = 0.12 * noise - distance
    return np.asarray(field > np.quantile(field, 1 - area))


def _strokes(rng: np.random.Generator, side: int) -> Array:
    canvas = np.zeros((side, side), np.uint8)
    wanted = rng.uniform(0.05, 0.09)
    while canvas.mean() / 255 < wanted:
        point, angle = rng.uniform(0.05, 0.95, 2) * side, rng.uniform(0, 2 * np.pi)
        width = int(rng.integers(max(1, side // 85), side // 28))
        for _ in range(int(rng.integers(4, 12))):
            angle += rng.normal(0, 0.5)
            step = np.clip(point + side / 16 * np.array([np.cos(angle), np.sin(angle)]), 4, side - 5)
            a, b = (int(point[0]), int(point[1])), (int(step[0]), int(step[1]))
            cv2.line(canvas, a, b, 255, width)
            point = step
    return canvas > 0


def psnr(filled: Array, truth: Array, hole: Array) -> float:
    """dB, over the hole only, for 8-bit values."""
    error = filled[hole].astype(np.float64) - truth[hole]
    return float(10 * np.log10(255**2 / max(np.mean(error**2), 1e-9)))


def swd(filled: Array, truth: Array, hole: Array, *, own: bool = False, seed: int = 0) -> float:
    """Sliced Wasserstein distance between Laplacian-pyramid patches in the hole, mean over levels, x 1000.

    Karras et al. 2018 (Progressive GAN), section 5, for one picture: 7 x 7 patches centered in the hole, 256
    directions. Channels are normalized by the true patches' mean and deviation, so that a wrong color or
    contrast counts; `own` normalizes each side by its own instead, as the paper's program does.
    """
    rng = np.random.default_rng(seed)
    distances = []
    for a, b, inside in _levels(filled, truth, hole):
        left, right = _patches(a, inside), _patches(b, inside)
        if len(left) < 32:
            break
        mean, std = right.mean((0, 1), keepdims=True), right.std((0, 1), keepdims=True) + 1e-3
        right_n = (right - mean) / std
        if own:
            mean, std = left.mean((0, 1), keepdims=True), left.std((0, 1), keepdims=True) + 1e-3
        left_n = (left - mean) / std
        directions = rng.standard_normal((left_n[0].size, 256)).astype(np.float32)
        directions /= np.linalg.norm(directions, axis=0)
        p = np.sort(left_n.reshape(len(left_n), -1) @ directions, axis=0)
        q = np.sort(right_n.reshape(len(right_n), -1) @ directions, axis=0)
        distances.append(float(np.abs(p - q).mean()))
    return 1000 * float(np.mean(distances))


def _levels(a: Array, b: Array, hole: Array) -> Iterator[tuple[Array, Array, Array]]:
    a, b, inside = a.astype(np.float32), b.astype(np.float32), hole
    while True:
        half = (max(1, a.shape[1] // 2), max(1, a.shape[0] // 2))
        if min(half) < 8:
            yield a, b, inside
            return
        small_a, small_b = cv2.pyrDown(a, dstsize=half), cv2.pyrDown(b, dstsize=half)
        up = (a.shape[1], a.shape[0])
        yield a - cv2.pyrUp(small_a, dstsize=up), b - cv2.pyrUp(small_b, dstsize=up), inside
        a, b = small_a, small_b
        inside = cv2.resize(inside.astype(np.float32), half, interpolation=cv2.INTER_AREA) >= 0.5


def _patches(image: Array, inside: Array, limit: int = 4096) -> Array:
    """(N, 49, C) patches around the pixels inside, evenly thinned to `limit`."""
    padded = cv2.copyMakeBorder(image, 3, 3, 3, 3, cv2.BORDER_REFLECT_101)
    y, x = np.nonzero(inside)
    if len(y) > limit:
        chosen = np.linspace(0, len(y) - 1, limit).astype(int)
        y, x = y[chosen], x[chosen]
    windows = np.lib.stride_tricks.sliding_window_view(padded, (7, 7), axis=(0, 1))
    return windows[y, x].reshape(len(y), image.shape[2], 49).transpose(0, 2, 1)
