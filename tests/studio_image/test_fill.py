"""Content-aware fill, through the generator."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import ImageCms
from studio_image.core.fill import fill

from studio.api import BadInput, Cancelled, Picture, load_image, load_mask

from .helpers import FakeRun, Repainter, assert_kept, blob, textured

SAMPLES = Path(__file__).parents[2] / "resources" / "samples"


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(path.stem for path in SAMPLES.glob("*.jpg")))
def test_samples_are_filled_without_a_seam(repaint: Repainter, name: str) -> None:
    photo = load_image(SAMPLES / f"{name}.jpg")
    mask = load_mask(SAMPLES / f"{name}_mask.png", photo.size)
    assert (SAMPLES / f"{name}.jpg").stat().st_size <= 200_000
    after = repaint(photo, mask)
    assert_kept(photo, after, mask)
    # Across the edge of the hole, colors change no more than they do inside the photo.
    ring = cv2.morphologyEx(mask, cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8)) > 0
    steps = np.abs(np.diff(after.pixels.astype(int), axis=1)).max(axis=2)
    assert steps[ring[:, 1:]].mean() < 2 * max(3.0, steps[~ring[:, 1:]].mean())


def test_a_texture_is_continued(repaint: Repainter) -> None:
    stripes = np.tile(np.where(np.arange(240) // 6 % 2 == 0, 40, 200).astype(np.uint8), (200, 1))
    photo, mask = Picture(np.repeat(stripes[..., None], 3, axis=2)), blob(200, 240)
    after = repaint(photo, mask)
    error = np.abs(after.pixels.astype(int) - photo.pixels)[mask > 0]
    assert error.mean() < 20  # a gray average would be off by 80


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    height=st.integers(1, 60),
    width=st.integers(1, 60),
    channels=st.sampled_from([1, 2, 3, 4]),
    deep=st.booleans(),
    density=st.sampled_from([0.001, 0.05, 0.5, 0.97]),
    soft=st.booleans(),
    seed=st.integers(0, 99),
)
def test_any_photo_and_mask(
    repaint: Repainter,
    height: int,
    width: int,
    channels: int,
    deep: bool,
    density: float,
    soft: bool,
    seed: int,
) -> None:
    if height * width < 2:
        width = 2
    rng = np.random.default_rng(seed)
    dtype = np.uint16 if deep else np.uint8
    photo = Picture(rng.integers(0, np.iinfo(dtype).max + 1, (height, width, channels)).astype(dtype))
    mask = np.where(rng.random((height, width)) < density, 255, 0).astype(np.uint8)
    if soft:
        mask = cv2.GaussianBlur(mask, (5, 5), 1)
    mask.flat[0], mask.flat[-1] = 255, 0
    after = repaint(photo, mask, seed=seed)
    assert_kept(photo, after, mask)
    assert np.array_equal(repaint(photo, mask, seed=seed).pixels, after.pixels)


def test_a_color_profile_is_kept(repaint: Repainter) -> None:
    icc = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    photo, mask = Picture(textured(60, 60), icc), blob(60, 60)
    after = repaint(photo, mask)
    assert_kept(photo, after, mask)
    assert after.icc == icc


def test_half_transparent_parts_stay_as_they_are(repaint: Repainter) -> None:
    photo = Picture(np.full((60, 70, 4), (200, 100, 50, 128), np.uint8))
    mask = blob(60, 70)
    photo.pixels[mask > 0] = (0, 255, 0, 255)
    after = repaint(photo, mask)
    assert np.abs(after.pixels.astype(int) - (200, 100, 50, 128)).max() <= 1


def test_holes_far_apart_are_filled_one_by_one(repaint: Repainter) -> None:
    photo = Picture(textured(300, 1200))
    mask = blob(300, 1200, left=0.02, size=0.05) | blob(300, 1200, left=0.9, size=0.05)
    after = repaint(photo, mask)
    assert_kept(photo, after, mask)
    assert (after.pixels[mask > 0] != photo.pixels[mask > 0]).any(axis=1).mean() > 0.9
    assert not repaint.run.previews


def test_a_soft_edge_fades_inside_the_mask(repaint: Repainter) -> None:
    photo = Picture(np.full((80, 80, 3), 100, np.uint8))
    photo.pixels[30:50, 30:50] = 255
    mask = np.zeros((80, 80), np.uint8)
    mask[20:60, 20:60] = 255
    hard = repaint(photo, mask)
    assert np.abs(hard.pixels.astype(int) - 100).max() <= 2
    photo.pixels[20:60, 20:60] = 255
    soft = repaint(photo, mask, feather=8)
    assert_kept(photo, soft, mask)
    middle = soft.pixels[40, 20:30, 0].astype(int)
    assert middle[0] > middle[4] > middle[-1]


def test_cancelling_stops_between_rounds(repaint: Repainter) -> None:
    with pytest.raises(Cancelled):
        repaint(Picture(textured(200, 200)), blob(200, 200), cancel_when=lambda run: len(run.reports) > 3)
    assert len(repaint.run.reports) == 4


def test_progress_only_grows(repaint: Repainter) -> None:
    repaint(Picture(textured(200, 200)), blob(200, 200))
    shares = [share for share, _ in repaint.run.reports]
    assert shares == sorted(shares)
    assert shares[-1] == 1
    assert len(repaint.run.previews) >= 2


def test_a_large_hole_in_a_large_photo_is_worked_on_coarsely(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("studio_image.core.fill.SEARCHED_PIXELS", 200_000)
    image = textured(600, 600).astype(np.float32)
    hole = blob(600, 600, size=0.4) > 0
    sizes = []
    filled = fill(image, hole, 0, lambda done, so_far: sizes.append(so_far.shape[0]))
    assert sizes.count(600) == 2  # before the last vote and after it: no search at full size
    assert np.isfinite(filled).all()
    assert abs(filled[hole].std() - image[~hole].std()) < 0.35 * image[~hole].std()


@pytest.mark.parametrize(
    ("mask", "words"),
    [
        (np.zeros((20, 30), np.uint8), "is empty"),
        (np.full((20, 30), 127, np.uint8), "is empty"),
        (np.full((20, 30), 255, np.uint8), "whole picture"),
        (np.eye(20, dtype=np.uint8) * 255, "20 × 20 pixels"),
    ],
)
def test_bad_masks_are_explained(repaint: Repainter, mask: np.ndarray, words: str) -> None:
    with pytest.raises(BadInput, match=words) as caught:
        repaint(Picture(textured(20, 30)), mask)
    assert caught.value.hint


def test_missing_inputs_are_explained(tmp_path: Path) -> None:
    from studio_image.generators.inpaint import Inpaint
    from studio_image.generators.params import InpaintParams

    with pytest.raises(BadInput, match="photo and a mask"):
        next(Inpaint().generate(InpaintParams(), FakeRun(InpaintParams(), tmp_path, {})))
