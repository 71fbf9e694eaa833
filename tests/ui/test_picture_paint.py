"""Copies between device pixels stay exact on screens of any scale."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtGui import QImage, QPainter, QPalette

from studio.ui.kit.picture_paint import as_image, blit, checkerboard
from studio.ui.kit.rect import Rect


def painted(parts: list[Rect], pixels: np.ndarray, ratio: float, begin: float) -> np.ndarray:
    """The picture, copied part by part into a widget that begins `begin` device pixels into its window."""
    target = QImage(300, 200, QImage.Format.Format_RGB32)
    target.fill(0)
    target.setDevicePixelRatio(ratio)
    image = as_image(pixels, QImage.Format.Format_RGB32)
    with QPainter(target) as painter:
        painter.translate(begin / ratio, begin / ratio)
        for part in parts:
            blit(painter, image, part, part.x, part.y, ratio)
    return np.array(target.constBits(), np.uint8).reshape(200, 300, 4)[..., :3]


@pytest.mark.parametrize("ratio", [1.0, 1.25, 1.5, 1.75, 2.0, 3.0])
def test_parts_make_the_same_picture_as_the_whole(qapp: object, ratio: float) -> None:
    rng = np.random.default_rng(5)
    pixels = rng.integers(0, 255, (150, 240, 4), np.uint8)
    for logical in range(1, 12):
        begin = logical * ratio
        whole = painted([Rect(0, 0, 240, 150)], pixels, ratio, begin)
        parts = [Rect(0, 0, 240, 150)]
        for _ in range(30):
            x, y = int(rng.integers(0, 200)), int(rng.integers(0, 120))
            parts.append(Rect(x, y, int(rng.integers(1, 240 - x)), int(rng.integers(1, 150 - y))))
        assert np.array_equal(painted(parts, pixels, ratio, begin), whole)
        corner = round(begin + 0.01)
        seen = whole[corner : corner + 150, corner : corner + 240]
        assert np.array_equal(seen, pixels[: seen.shape[0], : seen.shape[1], :3])


def test_the_checkerboard_has_two_grays(qapp: object) -> None:
    image = checkerboard(QPalette()).texture().toImage()
    grays = {image.pixelColor(x, y).getRgb() for x in range(image.width()) for y in range(image.height())}
    assert len(grays) == 2 and all(len(set(gray[:3])) == 1 for gray in grays)
