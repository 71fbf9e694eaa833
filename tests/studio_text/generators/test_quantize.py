from __future__ import annotations

import gguf
import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from studio_text.generators.weights.quantize import (
    BLOCK,
    kept_4_bits,
    kept_8_bits,
    large_block,
    numbers,
    to_4_bits,
    to_8_bits,
)

shapes = st.tuples(st.integers(1, 5), st.integers(1, 5).map(lambda blocks: blocks * BLOCK))
rows = arrays(
    np.float32, shapes, elements=st.floats(-1e4, 1e4, width=32), fill=st.sampled_from([0.0, 1.0, -1e-6])
)


def plain_4_bits(rows: np.ndarray) -> np.ndarray:
    """Smallest and largest number at the ends: what the search is held against."""
    x = rows.reshape(len(rows), -1, BLOCK)
    low, high = np.minimum(x.min(-1, keepdims=True), 0), np.maximum(x.max(-1, keepdims=True), 0)
    step = np.maximum((high - low) / 15, 1e-30)
    zero = np.clip(np.rint(-low / step), 0, 15)
    return ((np.clip(np.rint(x / step + zero), 0, 15) - zero) * step).reshape(rows.shape)


def errors(found: np.ndarray, true: np.ndarray) -> np.ndarray:
    """Of each block, squared and summed."""
    return ((found.astype(np.float64) - true).reshape(len(true), -1, BLOCK) ** 2).sum(-1)


@given(rows)
def test_8_bits_are_off_by_half_a_step_at_most(rows):
    blocks = to_8_bits(rows)
    largest = np.abs(rows).reshape(len(rows), -1, BLOCK).max(-1)
    off = np.abs(numbers(blocks, rows.shape[1]) - rows).reshape(len(rows), -1, BLOCK).max(-1)
    assert np.all(off <= largest / 254 * 1.001 + 1e-12)
    assert blocks.values.min() >= 1


@given(rows)
@settings(max_examples=300)
def test_4_bits_are_off_by_a_step_at_most_and_what_the_offsets_are_off(rows):
    x = rows.reshape(len(rows), -1, BLOCK)
    step = (x.max(-1) - x.min(-1)) / 15
    largest = np.abs(rows).max(-1, keepdims=True)
    off = np.abs(numbers(to_4_bits(rows), rows.shape[1]) - rows).reshape(x.shape).max(-1)
    assert np.all(off <= step + largest / 15 * 1.01 + 1e-12)


def test_the_search_leaves_less_of_the_error():
    rows = np.random.default_rng(1).standard_normal((64, 1024)).astype(np.float32)
    found, plain = (
        float(errors(way, rows).sum()) ** 0.5
        for way in (numbers(to_4_bits(rows), rows.shape[1]), plain_4_bits(rows))
    )
    assert found < 0.95 * plain


@given(rows)
def test_layouts(rows):
    count, inputs = rows.shape
    four, eight = to_4_bits(rows), to_8_bits(rows)
    blocks = inputs // BLOCK
    with_offsets = blocks + -(-blocks // BLOCK)
    assert four.values.shape == (count, with_offsets, BLOCK // 2)
    assert eight.values.shape == (count, blocks, BLOCK)
    assert four.scales.shape == (count, with_offsets)
    assert eight.scales.shape == (count, blocks)
    assert four.zeros is not None and four.zeros.shape == (count, (with_offsets + 1) // 2)
    assert eight.zeros is None
    assert {part.dtype for part in (four.values, four.zeros, eight.values)} == {np.dtype(np.uint8)}
    assert four.scales.dtype == eight.scales.dtype == np.float32


@given(
    arrays(np.uint8, (2, 3, BLOCK), elements=st.integers(0, 15)),
    arrays(np.float32, (2, 3), elements=st.floats(1.125, 2, width=32)),
    arrays(np.float32, (2, 3), elements=st.floats(-16, 0, width=32)),
)
def test_what_a_file_holds_in_4_bits_is_kept_but_for_the_rounding_of_offsets(values, scales, lowest):
    kept = kept_4_bits(values, scales, lowest)
    true = (values * scales[..., None] + lowest[..., None]).reshape(2, -1)
    assert np.abs(numbers(kept, 3 * BLOCK) - true).max() < 0.1
    assert np.array_equal(kept.values[:, :3] & 15, values[..., 0::2])
    assert np.array_equal(kept.values[:, :3] >> 4, values[..., 1::2])


@given(rows)
def test_what_a_file_holds_in_8_bits_is_kept_as_it_is(rows):
    stored = gguf.quants.quantize(rows, gguf.GGMLQuantizationType.Q8_0)
    parts = stored.reshape(len(rows), -1, 34)
    scales = np.ascontiguousarray(parts[..., :2]).view(np.float16)[..., 0].astype(np.float32)
    kept = kept_8_bits(parts[..., 2:].view(np.int8), scales)
    assert np.array_equal(
        numbers(kept, rows.shape[1]), gguf.quants.dequantize(stored, gguf.GGMLQuantizationType.Q8_0)
    )


def test_zeros_stay_zeros():
    nothing = np.zeros((2, 64), np.float32)
    assert not numbers(to_4_bits(nothing), 64).any() and not numbers(to_8_bits(nothing), 64).any()


def test_large_blocks_fit_the_rows():
    assert [large_block(inputs) for inputs in (640, 1536, 192, 96)] == [128, 128, 64, 32]
    rows = np.random.default_rng(2).standard_normal((3, 256)).astype(np.float32)
    blocks = to_8_bits(rows, 128)
    assert blocks.values.shape == (3, 2, 128) and blocks.scales.shape == (3, 2)
    assert np.abs(numbers(blocks, 256) - rows).max() <= np.abs(rows).max() / 254 * 1.001
