"""Crops around a mask: together they are the mask, near holes go together, and specks do not multiply."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from studio_image.core.region import Box, clusters, pieces

from .helpers import Array


def specks(seed: int, height: int, width: int, share: float) -> Array:
    rng = np.random.default_rng(seed)
    return np.where(rng.random((height, width)) < share, rng.integers(1, 256, (height, width)), 0).astype(
        np.uint8
    )


@given(
    st.integers(0, 1000),
    st.integers(1, 90),
    st.integers(1, 90),
    st.sampled_from([0.0005, 0.01, 0.5, 1.0]),
    st.integers(1, 20),
)
def test_the_parts_are_the_mask_and_share_nothing(
    seed: int, height: int, width: int, share: float, least: int
) -> None:
    mask = specks(seed, height, width, share)
    together = np.zeros(mask.shape, np.uint16)
    for box, part in pieces(mask, least=least, ratio=0.5):
        assert part.any()
        together[box.cut] += part
    assert np.array_equal(together, mask)


@given(st.integers(0, 1000), st.integers(1, 60), st.integers(1, 60), st.integers(1, 20))
def test_the_box_of_a_cluster_is_tight(seed: int, height: int, width: int, cell: int) -> None:
    mask = specks(seed, height, width, 0.02)
    numbers, boxes = clusters(mask, cell)
    owner = numbers.repeat(cell, axis=0).repeat(cell, axis=1)[:height, :width]
    assert np.array_equal(np.unique(owner[mask > 0]), np.arange(1, len(boxes) + 1))
    for number, box in enumerate(boxes, start=1):
        rows, columns = np.nonzero((mask > 0) & (owner == number))
        assert box == Box(rows.min(), columns.min(), rows.max() + 1, columns.max() + 1)


@pytest.mark.parametrize(("gap", "count"), [(20, 1), (900, 2)])
def test_holes_are_worked_on_apart_only_where_they_are_far_from_each_other(gap: int, count: int) -> None:
    mask = np.zeros((100, 1200), np.uint8)
    mask[40:60, 50:70] = mask[40:60, 70 + gap : 90 + gap] = 255
    found = list(pieces(mask, least=32, ratio=0.5))
    assert len(found) == count
    if count == 2:
        assert [box for box, _ in found] == [Box(8, 18, 92, 102), Box(8, 938, 92, 1022)]


def test_a_mask_of_noise_is_few_clusters() -> None:
    """200,000 specks: each for itself would take minutes, without a chance to cancel."""
    mask = specks(1, 2000, 2000, 0.05)
    assert len(clusters(mask, 96)[1]) == 1
