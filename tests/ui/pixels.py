"""Compares pictures of widgets with references, so that only what a person would see counts.

    python -m tests.ui.pixels        makes the references anew, after they were looked at

A picture is taken to gray at a quarter of its size and blurred: how a machine rasterizes its letters does not
matter then, while what moved, appeared, went or changed its color does.
"""

from __future__ import annotations

import io
import os
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter
from PySide6.QtCore import QBuffer, QIODevice, QSize
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QWidget

REFERENCES = Path(__file__).parent / "references"
RENEW = "STUDIO_RENEW_REFERENCES"
SHRINK = 4
BLUR = 1.0
BLOCK = 4
"""Side of the blocks that are compared, in shrunken pixels: 16 px of the widget."""
MEAN_MOST, BLOCK_MOST = 1.5, 14.0
"""Of 255: what the whole picture and any single block may differ by."""


@dataclass(frozen=True)
class Difference:
    mean: float
    block: float
    """The block that differs most."""
    place: tuple[int, int]
    """Its corner in the widget's pixels."""

    @property
    def is_meant(self) -> bool:
        """Whether nobody would see it."""
        return self.mean <= MEAN_MOST and self.block <= BLOCK_MOST


def shot(widget: QWidget, ratio: float = 1.0) -> Image.Image:
    """What a widget shows, as it is compared: at a quarter of its size, drawn for a screen of this ratio."""
    size = QSize(round(widget.width() * ratio), round(widget.height() * ratio))
    image = QImage(size, QImage.Format.Format_RGB888)
    image.setDevicePixelRatio(ratio)
    image.fill(0)
    widget.render(image)
    small = (-(-widget.width() // SHRINK), -(-widget.height() // SHRINK))
    return _to_pillow(image).resize(small, Image.Resampling.BOX)


def _to_pillow(image: QImage) -> Image.Image:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")
    return Image.open(io.BytesIO(bytes(buffer.data().data()))).convert("RGB")


def difference(first: Image.Image, second: Image.Image) -> Difference:
    """Of two pictures of the same view. One of another size differs wholly."""
    if first.size != second.size:
        return Difference(255.0, 255.0, (0, 0))
    apart = np.abs(_even(first) - _even(second)).max(axis=2)
    blocks = _blocks(apart)
    row, column = np.unravel_index(int(blocks.argmax()), blocks.shape)
    place = (int(column) * BLOCK * SHRINK, int(row) * BLOCK * SHRINK)
    return Difference(float(apart.mean()), float(blocks.max()), place)


def _even(image: Image.Image) -> NDArray[np.float32]:
    return np.asarray(image.filter(ImageFilter.GaussianBlur(BLUR)), np.float32)


def _blocks(apart: NDArray[np.float32]) -> NDArray[np.float32]:
    """Means of square blocks; the last ones are filled up with their edge."""
    height, width = apart.shape
    padded = np.pad(apart, ((0, -height % BLOCK), (0, -width % BLOCK)), mode="edge")
    rows, columns = padded.shape[0] // BLOCK, padded.shape[1] // BLOCK
    return padded.reshape(rows, BLOCK, columns, BLOCK).mean(axis=(1, 3))


def check(name: str, widget: QWidget, kept: Path) -> None:
    """Fails where a widget does not look as its reference, and keeps what it looks like in `kept`."""
    file = REFERENCES / f"{name}.webp"
    now = shot(widget)
    if os.environ.get(RENEW):
        REFERENCES.mkdir(exist_ok=True)
        now.save(file, lossless=True, method=6)
        return
    assert file.is_file(), f"there is no reference {name}; make it with: python -m tests.ui.pixels"
    with Image.open(file) as opened:
        found = difference(opened.convert("RGB"), now)
    if not found.is_meant:
        now.save(kept / f"{name}.png")
    assert found.is_meant, (
        f"{name} looks different near {found.place}: {found.block:.1f} there, {found.mean:.2f} on average. "
        f"It looks like {kept / name}.png now. If that is meant: python -m tests.ui.pixels"
    )


def main() -> int:
    import pytest

    os.environ[RENEW] = "1"
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    for old in REFERENCES.glob("*.webp"):
        old.unlink()
    return int(pytest.main(["-q", "-p", "no:cacheprovider", str(Path(__file__).parent / "test_pixels.py")]))


if __name__ == "__main__":
    sys.exit(main())
