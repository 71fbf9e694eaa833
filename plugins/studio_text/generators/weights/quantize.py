"""Weights as whole numbers in blocks, in the layouts of ONNX Runtime's MatMulNBits.

A row's numbers are cut into blocks, mostly of 32, each of whole numbers q that are worth scale · (q − zero).
With 8 bits the zero is always 128. With 4 bits it is a whole number, too, which would move all of a block's
numbers by up to half a step: as much as the rounding itself. So each block has an offset, added to its
numbers. What it adds to a product is the offset times the sum of what the block is multiplied by. So the
offsets are more numbers at the end of the row, and the sums are more numbers at the end of what it is
multiplied by.
https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#com.microsoft.MatMulNBits
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Bytes = NDArray[np.uint8]

BLOCK = 32
_LARGE_BLOCKS = (128, 64)
_TOP4 = 15
_MIDDLE8 = 128
_MOST8 = 127
_TINY = np.float32(1e-30)
"""Less than any scale that float32 can divide by."""
_SHRINKS = (1.0, 0.94, 0.88)
"""Parts of a block's range to spend the 16 values on: cutting off its ends a little pays, mostly."""


class Blocks(NamedTuple):
    values: Bytes
    """(rows, blocks, bytes of a block); 4-bit numbers lie two in a byte, the first in the low half."""
    scales: Floats
    """(rows, blocks)"""
    zeros: Bytes | None
    """4 bits each, two in a byte: (rows, ⌈blocks / 2⌉)"""


def to_4_bits(rows: Floats) -> Blocks:
    """Matrix rows, (rows, inputs), as 4-bit blocks, their offsets in further blocks behind them.

    For each block the best of three ranges is taken, by the sum of squared errors; its scale and lowest
    number are then those with the least error for the whole numbers that it led to (a line through points).
    """
    x = rows.reshape(len(rows), -1, BLOCK)
    low, high = x.min(-1, keepdims=True), x.max(-1, keepdims=True)
    mean = x.mean(-1, keepdims=True)
    best_error = np.full(x.shape[:2], np.inf, np.float32)
    best = np.zeros(x.shape, np.uint8)
    scales, lowest = np.zeros(x.shape[:2], np.float32), np.zeros(x.shape[:2], np.float32)
    for shrink in _SHRINKS:
        step = np.maximum((high - low) * np.float32(shrink / _TOP4), _TINY)
        start = (high + low) / 2 - step * np.float32(_TOP4 / 2)
        q = np.clip(np.rint((x - start) / step), 0, _TOP4)
        away = q - q.mean(-1, keepdims=True)
        spread = np.einsum("rbi,rbi->rb", away, away)
        slope = np.einsum("rbi,rbi->rb", away, x - mean) / np.maximum(spread, _TINY)
        error = -slope * slope * spread
        better = error < best_error
        best_error[better], scales[better] = error[better], slope[better]
        lowest[better] = (mean[..., 0] - slope * q.mean(-1))[better]
        best[better] = q[better].astype(np.uint8)
    return kept_4_bits(best, scales, lowest)


def kept_4_bits(numbers: Bytes, scales: Floats, lowest: Floats) -> Blocks:
    """Blocks that a file holds as 4-bit numbers already, worth scale · number + lowest: the same numbers."""
    zeros = np.clip(np.rint(-lowest / np.maximum(scales, _TINY)), 0, _TOP4)
    offsets = _rounded(lowest + scales * zeros)
    return Blocks(
        _pairs(np.concatenate((numbers, offsets[0]), axis=1)),
        np.concatenate((scales, offsets[1]), axis=1),
        _pairs(np.concatenate((zeros.astype(np.uint8), offsets[2]), axis=1)),
    )


def _rounded(offsets: Floats) -> tuple[Bytes, Floats, Bytes]:
    """Rows of offsets, filled up with zeros to whole blocks, as values, scales and zeros of 4 bits."""
    x = np.pad(offsets, ((0, 0), (0, -offsets.shape[1] % BLOCK))).reshape(len(offsets), -1, BLOCK)
    low, high = np.minimum(x.min(-1), 0), np.maximum(x.max(-1), 0)
    scales = np.maximum((high - low) / _TOP4, _TINY)
    zeros = np.clip(np.rint(-low / scales), 0, _TOP4)
    values = np.clip(np.rint(x / scales[..., None] + zeros[..., None]), 0, _TOP4)
    return values.astype(np.uint8), scales, zeros.astype(np.uint8)


def large_block(inputs: int) -> int:
    """The largest block for rows of so many numbers. ONNX Runtime reads two float32 for each block: with
    8 bits and blocks of 32 they are a fifth of all that it reads, with blocks of 128 a seventeenth.
    """
    return next((block for block in _LARGE_BLOCKS if inputs % block == 0), BLOCK)


def to_8_bits(rows: Floats, block: int = BLOCK) -> Blocks:
    """Matrix rows as 8-bit blocks around 128: no number is off by more than 1/254 of its block's largest."""
    x = rows.reshape(len(rows), -1, block)
    scales = np.maximum(np.abs(x).max(-1) / _MOST8, _TINY)
    q = np.rint(x / scales[..., None]) + _MIDDLE8
    return Blocks(q.astype(np.uint8), scales, None)


def kept_8_bits(numbers: NDArray[np.int8], scales: Floats) -> Blocks:
    """Blocks that a file holds as 8-bit numbers already (Q8_0): the same, counted from 0, not −128."""
    return Blocks(np.ascontiguousarray(numbers).view(np.uint8) ^ np.uint8(_MIDDLE8), scales, None)


def numbers(blocks: Blocks, inputs: int) -> Floats:
    """What the blocks are worth: (rows, inputs)."""
    if blocks.zeros is None:
        away = blocks.values.astype(np.float32) - _MIDDLE8
    else:
        zeros = _halves(blocks.zeros)[:, : blocks.scales.shape[1], None]
        away = _halves(blocks.values).astype(np.float32) - zeros
    worth: Floats = (away * blocks.scales[..., None]).reshape(len(away), -1)
    if blocks.zeros is None:
        return worth
    offsets = worth[:, inputs : inputs + inputs // BLOCK]
    return worth[:, :inputs] + np.repeat(offsets, BLOCK, axis=1)


def _pairs(values: Bytes) -> Bytes:
    """Numbers of 4 bits, two in a byte along the last axis; the last byte is filled up with 0."""
    if values.shape[-1] % 2:
        values = np.pad(values, ((0, 0), (0, 1)))
    packed: Bytes = np.bitwise_or(values[..., 0::2], values[..., 1::2] << 4, dtype=np.uint8)
    return packed


def _halves(packed: Bytes) -> Bytes:
    return np.stack((packed & 15, packed >> 4), -1).reshape(*packed.shape[:-1], -1)
