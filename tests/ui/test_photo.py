"""Photos as the views draw them: depth, color space, orientation, coarse first views."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageCms
from PySide6.QtGui import QColorSpace

from studio.ui.kit.photo import quick_view, read


def pixel(path: Path, x: int = 0, y: int = 0) -> list[int]:
    """B, G, R, A"""
    return read(path).pyramid.levels[0][y, x].tolist()


@pytest.mark.parametrize(
    ("mode", "value", "expected"),
    [
        ("RGB", (10, 20, 30), [30, 20, 10, 255]),
        ("L", 77, [77, 77, 77, 255]),
        ("RGBA", (200, 100, 50, 0), [0, 0, 0, 0]),
        ("RGBA", (255, 255, 255, 128), [128, 128, 128, 128]),
        ("LA", (255, 64), [64, 64, 64, 64]),
        ("I;16", 0x4D4D, [77, 77, 77, 255]),
    ],
)
def test_modes(tmp_path: Path, mode: str, value: object, expected: list[int]) -> None:
    Image.new(mode, (5, 4), value).save(tmp_path / "a.png")
    assert pixel(tmp_path / "a.png") == expected


def test_colors_of_another_profile_are_converted(tmp_path: Path) -> None:
    display_p3 = bytes(QColorSpace(QColorSpace.NamedColorSpace.DisplayP3).iccProfile())
    Image.new("RGB", (4, 4), (200, 60, 60)).save(tmp_path / "p3.png", icc_profile=display_p3)
    blue, green, red, _ = pixel(tmp_path / "p3.png")
    assert red > 206 and green < 58 and blue < 60
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    Image.new("RGB", (4, 4), (200, 60, 60)).save(tmp_path / "srgb.png", icc_profile=srgb)
    assert np.abs(np.array(pixel(tmp_path / "srgb.png")) - (60, 60, 200, 255)).max() <= 1


def test_a_coarse_view_stands_where_the_photo_will(tmp_path: Path) -> None:
    image = Image.new("RGB", (3000, 2200), (200, 30, 30))
    image.paste((30, 30, 200), (0, 0, 3000, 1100))
    exif = Image.Exif()
    exif[0x0112] = 6
    image.save(tmp_path / "turned.jpg", exif=exif)
    quick, full = quick_view(tmp_path / "turned.jpg"), read(tmp_path / "turned.jpg")
    assert quick is not None
    assert quick.is_quick and not full.is_quick
    assert quick.size == full.size == (2200, 3000)
    for photo in (quick, full):
        bounds = photo.pyramid.bounds
        blue, _, red, _ = photo.pyramid.levels[0][bounds.height // 2, bounds.width - 9].tolist()
        assert blue > 150 > red


def test_no_coarse_view_where_there_is_no_need_or_no_way(tmp_path: Path) -> None:
    Image.new("RGB", (300, 200)).save(tmp_path / "small.jpg")
    Image.new("RGB", (3000, 2200)).save(tmp_path / "large.png")
    Image.new("CMYK", (3000, 2200)).save(tmp_path / "print.jpg")
    (tmp_path / "broken.jpg").write_bytes(b"\xff\xd8\xff")
    for name in ("small.jpg", "large.png", "print.jpg", "broken.jpg", "missing.jpg"):
        assert quick_view(tmp_path / name) is None
