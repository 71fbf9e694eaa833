"""Masks that are kept packed."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from studio_image.room.kept_masks import KeptMasks
from studio_image.room.mask import KeptMask, MaskModel
from studio_image.room.mask.kept import Damaged, pack, unpack

shapes = arrays.array_shapes(min_dims=2, max_dims=2, max_side=40)
soft = arrays.arrays(np.uint8, shapes)
hard = arrays.arrays(np.uint8, shapes, elements=st.sampled_from([0, 255]))


@given(st.one_of(soft, hard))
def test_what_is_packed_comes_back_as_it_was(pixels: np.ndarray) -> None:
    height, width = pixels.shape
    assert np.array_equal(unpack(pack(pixels), (width, height)), pixels)


@given(st.binary(max_size=200))
def test_foreign_bytes_are_refused(data: bytes) -> None:
    with pytest.raises(Damaged):
        unpack(data, (40, 40))


def test_a_size_that_it_does_not_fit_into_is_refused() -> None:
    for pixels in (np.full((30, 40), 255, np.uint8), np.full((30, 40), 7, np.uint8)):
        for size in ((39, 30), (40, 29), (0, 0)):
            with pytest.raises(Damaged):
                unpack(pack(pixels), size)


def test_too_much_loses_soft_edges_before_all_is_lost() -> None:
    pixels = np.random.default_rng(2).integers(0, 256, (200, 300), np.uint8)
    kept = KeptMask(pixels)
    assert np.array_equal(unpack(kept.packed_within(100_000), (300, 200)), pixels)
    assert np.array_equal(unpack(kept.packed_within(20_000), (300, 200)), np.where(pixels >= 128, 255, 0))
    assert kept.packed_within(100) == b""


def painted(seed: int = 0) -> MaskModel:
    model = MaskModel(300, 200)
    model.put(model.bounds, np.random.default_rng(seed).integers(0, 256, (200, 300), np.uint8))
    return model


def test_a_mask_that_comes_back_goes_on_with_its_steps() -> None:
    model = painted()
    before = model.pixels.copy()
    kept = KeptMask(model.pixels, model.history)
    again = kept.model()
    assert np.array_equal(again.pixels, before)
    again.invert()
    again.undo()
    assert np.array_equal(again.pixels, before)
    again.undo()
    assert again.is_empty
    again.redo()
    assert np.array_equal(again.pixels, before)


def test_steps_go_before_masks_and_old_masks_before_new_ones() -> None:
    masks = KeptMasks(budget=200_000)  # each mask has 60 kB, and its one step as much
    for number, name in enumerate("abcde"):
        masks.put(name, painted(number))
        kept = masks._kept[name]
        assert kept.packed
    assert "a" not in masks and "e" in masks
    assert masks.take("e").has_history and not masks.take("d").has_history
    assert sum(kept.cost for kept in masks._kept.values()) <= 200_000


def test_nothing_is_kept_where_nothing_was_painted() -> None:
    masks = KeptMasks()
    masks.put("a", MaskModel(10, 10))
    assert "a" not in masks and masks.take("a") is None
