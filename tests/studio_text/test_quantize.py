from __future__ import annotations

import gguf
import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from studio_text.quantize import BLOCK, Blocks, kept_8_bits, numbers, to_4_bits, to_8_bits

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
    off = np.abs(numbers(blocks) - rows).reshape(len(rows), -1, BLOCK).max(-1)
    assert np.all(off <= largest / 254 * 1.001 + 1e-12)
    assert blocks.values.min() >= 1


@given(rows)
@settings(max_examples=300)
def test_4_bits_are_never_worse_than_the_plain_way(rows):
    plain = errors(plain_4_bits(rows), rows)
    scale = (np.abs(rows).reshape(len(rows), -1, BLOCK).astype(np.float64) ** 2).sum(-1)
    assert np.all(errors(numbers(to_4_bits(rows)), rows) <= plain * 1.001 + scale * 1e-5)


def test_the_search_leaves_less_of_the_error():
    rows = np.random.default_rng(1).standard_normal((64, 1024)).astype(np.float32)
    found, plain = (
        float(errors(way, rows).sum()) ** 0.5 for way in (numbers(to_4_bits(rows)), plain_4_bits(rows))
    )
    assert found < 0.98 * plain


@given(rows)
def test_layouts(rows):
    count, inputs = rows.shape
    four, eight = to_4_bits(rows), to_8_bits(rows)
    assert four.values.shape == (count, inputs // BLOCK, BLOCK // 2)
    assert eight.values.shape == (count, inputs // BLOCK, BLOCK)
    assert four.scales.shape == eight.scales.shape == (count, inputs // BLOCK)
    assert four.zeros is not None and four.zeros.shape == (count, (inputs // BLOCK + 1) // 2)
    assert eight.zeros is None
    assert {part.dtype for part in (four.values, four.zeros, eight.values)} == {np.dtype(np.uint8)}
    assert four.scales.dtype == eight.scales.dtype == np.float32


@given(
    arrays(np.uint8, (2, 3, BLOCK), elements=st.integers(0, 15)),
    arrays(np.uint8, (2, 3), elements=st.integers(0, 15)),
)
def test_4_bit_numbers_lie_two_in_a_byte_the_first_in_the_low_half(values, zeros):
    packed = values[..., 0::2] | values[..., 1::2] << 4
    packed_zeros = np.pad(zeros, ((0, 0), (0, 1)))
    packed_zeros = packed_zeros[:, 0::2] | packed_zeros[:, 1::2] << 4
    found = numbers(Blocks(packed, np.ones((2, 3), np.float32), packed_zeros))
    assert np.array_equal(found, (values.astype(np.float32) - zeros[..., None]).reshape(2, -1))


@given(rows)
def test_what_a_file_holds_in_8_bits_is_kept_as_it_is(rows):
    stored = gguf.quants.quantize(rows, gguf.GGMLQuantizationType.Q8_0)
    parts = stored.reshape(len(rows), -1, 34)
    scales = np.ascontiguousarray(parts[..., :2]).view(np.float16)[..., 0].astype(np.float32)
    kept = kept_8_bits(parts[..., 2:].view(np.int8), scales)
    assert np.array_equal(numbers(kept), gguf.quants.dequantize(stored, gguf.GGMLQuantizationType.Q8_0))


def test_zeros_stay_zeros():
    nothing = np.zeros((2, 64), np.float32)
    assert not numbers(to_4_bits(nothing)).any() and not numbers(to_8_bits(nothing)).any()
