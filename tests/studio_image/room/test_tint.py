"""The mask's color: the one that is seen best on the photo, or the one that the user chose."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from studio_image.room.room import ImageRoom
from studio_image.room.tint import TINTS, standing_out

from tests.studio_image.room.fake_context import FakeContext
from tests.studio_image.room.test_room import another, context

__all__ = ["another", "context"]

PINK, GREEN, *_ = TINTS


def filled(red: int, green: int, blue: int, side: int = 60) -> np.ndarray:
    return np.full((side, side, 4), (blue, green, red, 255), np.uint8)


@pytest.mark.parametrize("gray", [0, 90, 128, 200, 255])
def test_on_gray_it_is_the_usual_one(gray: int) -> None:
    assert standing_out(filled(gray, gray, gray)) == PINK


@pytest.mark.parametrize("tint", TINTS)
def test_it_is_never_like_the_photo(tint: str) -> None:
    red, green, blue = (int(tint[at : at + 2], 16) for at in (1, 3, 5))
    assert standing_out(filled(red, green, blue)) != tint


def test_a_small_part_of_the_photo_does_not_decide() -> None:
    photo = filled(40, 90, 60)
    photo[:3] = filled(255, 45, 95)[:3]
    assert standing_out(photo) == PINK


@given(st.integers(1, 300), st.integers(1, 300), st.integers(0, 2**32 - 1))
def test_any_picture_has_one(width: int, height: int, seed: int) -> None:
    pixels = np.random.default_rng(seed).integers(0, 256, (height, width, 4), np.uint8)
    assert standing_out(pixels) in TINTS


def shown(room: ImageRoom, context: FakeContext, folder: Path, color: tuple[int, int, int], until) -> str:
    """The mask's color on a photo of one color."""
    name = f"photo-{'-'.join(map(str, color))}"
    Image.new("RGB", (80, 60), color).save(folder / f"{name}.png")
    room.open([context.items.add(name)])
    until(lambda: room.canvas.photo is not None and room.canvas.photo.path.stem == name)
    until(lambda: room.canvas.mask_model is not None)
    return room.canvas.overlay_color.name()


def test_the_swatch_follows_the_photo_until_the_user_chooses(
    another: Callable[[], ImageRoom], context: FakeContext, tmp_path: Path, qtbot
) -> None:
    room, until = another(), lambda is_so: qtbot.waitUntil(is_so, timeout=30_000)
    tint = room.panel.options.tint
    assert shown(room, context, tmp_path, (120, 120, 120), until) == PINK
    assert "Pink" in tint.toolTip() and "photo" in tint.toolTip()
    other = shown(room, context, tmp_path, (255, 45, 95), until)
    assert other != PINK and TINTS[other] in tint.toolTip()
    action = next(one for one in tint.menu().actions() if one.data() == PINK)
    action.trigger()
    assert room.canvas.overlay_color.name() == PINK
    assert context.settings["mask-color"] == PINK and not context.settings["mask-automatic"]
    assert action.isChecked() and "photo" not in tint.toolTip()
    assert shown(another(), context, tmp_path, (250, 40, 90), until) == PINK, "it is remembered"
    tint.menu().actions()[0].trigger()
    assert room.canvas.overlay_color.name() == other


@pytest.mark.parametrize("width", [330, 448, 800, 1200])
def test_the_swatch_is_seen_at_every_width(another: Callable[[], ImageRoom], width: int) -> None:
    room = another()
    room.stage().resize(width, 400)
    options = room.panel.options
    assert options.tint.isVisible()
    assert options.rect().contains(options.tint.geometry())
    assert not options.tint.geometry().intersects(options.mask_button.geometry())
