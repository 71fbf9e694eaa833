"""A `Run` without a worker, and pictures and masks as files."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from studio_image.generators.inpaint import Inpaint
from studio_image.generators.params import InpaintParams

from studio.api import Cancelled, Picture, Plan, encode_png, load_image

Array = NDArray[Any]


@dataclass
class FakeRun:
    """Keeps what the generator reports; cancels once `cancel_when` says so."""

    params: InpaintParams
    scratch: Path
    inputs: dict[str, Path]
    models: dict[str, Path] = field(default_factory=dict)
    seed: int = 0
    device: str = "cpu"
    plan: Plan = field(default_factory=Plan)
    threads: int = 1
    kept: dict[str, Any] = field(default_factory=dict)
    reports: list[tuple[float, str]] = field(default_factory=list)
    previews: list[bytes] = field(default_factory=list)
    cancel_when: Callable[[FakeRun], bool] = lambda run: False

    def input(self, name: str) -> Path | None:
        return self.inputs.get(name)

    def model(self, field: str) -> Path:
        return self.models[field]

    def warm(self, key: str, make: Callable[[], Any]) -> Any:
        if key not in self.kept:
            self.kept[key] = make()
        return self.kept[key]

    def progress(self, done: float, total: float, message: str = "") -> None:
        self.reports.append((done / total, message))
        self.check()

    def preview(self, image: bytes) -> None:
        self.previews.append(image)

    def check(self) -> None:
        if self.cancel_when(self):
            raise Cancelled

    def note(self, message: str) -> None:
        pass


class Repainter:
    """Runs `image/inpaint` on arrays."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.kept: dict[str, Any] = {}
        self.run: FakeRun

    def __call__(
        self, picture: Picture, mask: Array, *, models: dict[str, Path] | None = None, **values: Any
    ) -> Picture:
        options = {
            key: values.pop(key) for key in ("seed", "plan", "threads", "cancel_when") if key in values
        }
        image_path, mask_path, scratch = (
            self.folder / "photo.png",
            self.folder / "mask.png",
            self.folder / "scratch",
        )
        scratch.mkdir(exist_ok=True)
        image_path.write_bytes(encode_png(picture))
        mask_path.write_bytes(encode_png(Picture(mask[..., None])))
        models = models or {}
        params = InpaintParams(**values, **{name: str(path) for name, path in models.items()})
        self.run = FakeRun(
            params, scratch, {"image": image_path, "mask": mask_path}, models, kept=self.kept, **options
        )
        (made,) = Inpaint().generate(params, self.run)
        return load_image(made.path)


def textured(height: int, width: int, seed: int = 0) -> Array:
    """A picture with structure at several scales, (H, W, 3) uint8."""
    rng = np.random.default_rng(seed)
    total = np.zeros((height, width, 3), np.float32)
    for sigma, amplitude in ((1.0, 30.0), (6.0, 200.0)):
        noise = rng.standard_normal((height, width, 3)).astype(np.float32)
        total += amplitude * cv2.GaussianBlur(noise, (0, 0), sigma)
    return np.clip(128 + total, 0, 255).astype(np.uint8)


def blob(height: int, width: int, *, top: float = 0.35, left: float = 0.35, size: float = 0.25) -> Array:
    """A mask with an ellipse; numbers are shares of the sides."""
    mask = np.zeros((height, width), np.uint8)
    center = (round((left + size / 2) * width), round((top + size / 2) * height))
    axes = (max(1, round(size * width / 2)), max(1, round(size * height / 2)))
    cv2.ellipse(mask, center, axes, 0, 0, 360, 255, -1)
    return mask


def assert_kept(before: Picture, after: Picture, mask: Array) -> None:
    """Same kind of picture, and not a bit changed outside the mask."""
    assert after.pixels.dtype == before.pixels.dtype
    assert after.pixels.shape == before.pixels.shape
    assert after.icc == before.icc
    assert np.array_equal(after.pixels[mask == 0], before.pixels[mask == 0])
