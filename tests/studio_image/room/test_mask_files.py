"""Masks as files: round trips, foreign modes, and refusals in plain words."""

from __future__ import annotations

import errno
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from PIL import Image
from studio_image.room.mask import MaskModel

from studio.errors import BadInput, DiskFull, StudioError


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(hnp.arrays(np.uint8, st.tuples(st.integers(1, 40), st.integers(1, 40))))
def test_png_round_trip_is_exact(tmp_path: Path, pixels: np.ndarray) -> None:
    height, width = pixels.shape
    model = MaskModel(width, height)
    model.replace(pixels)
    path = model.save(tmp_path / "mask.png")
    with Image.open(path) as image:
        assert image.mode == "L" and image.format == "PNG"
    again = MaskModel(width, height)
    again.load(path)
    assert np.array_equal(again.pixels, pixels)


def gradient() -> np.ndarray:
    return np.tile(np.linspace(0, 255, 32).astype(np.uint8), (16, 1))


@pytest.mark.parametrize("mode", ["L", "RGB", "RGBA", "LA", "P", "I;16"])
def test_brightness_is_the_mask(tmp_path: Path, mode: str) -> None:
    gray = gradient()
    if mode == "I;16":
        image = Image.fromarray(gray.astype(np.uint16) * 257)
    else:
        image = Image.fromarray(gray).convert(mode)
    image.save(tmp_path / "mask.png")
    model = MaskModel(32, 16)
    model.load(tmp_path / "mask.png")
    assert np.abs(model.pixels.astype(int) - gray).max() <= 1


@pytest.mark.parametrize("color", [0, 255])
def test_alpha_is_the_mask_where_the_color_is_constant(tmp_path: Path, color: int) -> None:
    pixels = np.full((16, 32, 4), color, np.uint8)
    pixels[..., 3] = gradient()
    Image.fromarray(pixels).save(tmp_path / "mask.png")
    model = MaskModel(32, 16)
    model.load(tmp_path / "mask.png")
    assert np.array_equal(model.pixels, gradient())


def test_noise_of_a_jpeg_is_not_repainted(tmp_path: Path) -> None:
    pixels = np.zeros((64, 64), np.uint8)
    pixels[20:40, 20:40] = 255
    Image.fromarray(pixels).save(tmp_path / "mask.jpg", quality=60)
    model = MaskModel(64, 64)
    model.load(tmp_path / "mask.jpg")
    assert (model.pixels[:8] == 0).all()
    assert model.pixels[30, 30] > 240


def test_another_size_is_refused_and_nothing_changes(tmp_path: Path) -> None:
    Image.fromarray(gradient()).save(tmp_path / "mask.png")
    model = MaskModel(33, 16)
    with pytest.raises(BadInput, match="32 × 16 pixels, but the photo has 33 × 16"):
        model.load(tmp_path / "mask.png")
    assert model.is_empty and not model.history.can_undo


@pytest.mark.parametrize("data", [b"", b"nonsense", b"\x89PNG\r\n\x1a\n" + b"x" * 40])
def test_what_is_no_picture_is_refused(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "mask.png").write_bytes(data)
    with pytest.raises(BadInput):
        MaskModel(8, 8).load(tmp_path / "mask.png")


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    with pytest.raises(StudioError, match="cannot be saved as “mask"):
        MaskModel(8, 8).save(tmp_path / "missing" / "mask.png")


def test_a_full_disk_keeps_the_older_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "mask.png"
    model = MaskModel(8, 8)
    model.save(path)
    older = path.read_bytes()

    def full(*_args: object, **_named: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Image.Image, "save", full)
    model.invert()
    with pytest.raises(DiskFull):
        model.save(path)
    assert path.read_bytes() == older
    assert list(tmp_path.iterdir()) == [path]
