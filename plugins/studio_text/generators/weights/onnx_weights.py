"""The weights beside an ONNX graph, in a file of their own: written in pieces, which takes little memory."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, BinaryIO, Literal

import numpy as np
from numpy.typing import NDArray

from studio_text.generators.weights.quantize import (
    BLOCK,
    Blocks,
    kept_4_bits,
    kept_8_bits,
    to_4_bits,
    to_8_bits,
)
from studio_text.generators.weights.weights import Weight

if TYPE_CHECKING:
    from onnx import TensorProto

DATA = "text.onnx.data"
ALIGNMENT = 4096
"""Bytes: tensors begin where pages of memory do, so that the file can be used as memory."""
_PIECE = 1 << 22
"""Numbers that are quantized at a time."""

Bits = Literal[4, 8]
Done = Callable[[int], None]
"""Told how many numbers of a weight were written, after each piece; raises where the work shall stop."""


class WeightFile:
    def __init__(self, file: BinaryIO, done: Done) -> None:
        self._file, self._done = file, done

    def matrix(self, name: str, weight: Weight, bits: Bits, block: int = BLOCK) -> list[TensorProto]:
        """Writes a matrix: its values, its scales and, with 4 bits, its zeros."""
        from onnx import TensorProto as T

        rows, inputs = weight.shape
        start, scales, zeros = self._start(), [], []
        for blocks, count in _pieces(weight, bits, block):
            self._append(blocks.values)
            scales.append(blocks.scales)
            zeros += [] if blocks.zeros is None else [blocks.zeros]
            self._done(count * inputs)
        dims = (rows, scales[0].shape[1])
        made = [self._tensor(name, T.UINT8, (*dims, block * bits // 8), start)]
        made.append(self._add(f"{name}.scales", T.FLOAT, dims, np.concatenate(scales)))
        if zeros:
            packed = np.concatenate(zeros)
            made.append(self._add(f"{name}.zeros", T.UINT8, packed.shape, packed))
        return made

    def _add(self, name: str, kind: int, dims: Sequence[int], content: NDArray[Any]) -> TensorProto:
        start = self._start()
        self._append(content)
        return self._tensor(name, kind, dims, start)

    def _start(self) -> int:
        """Where the next tensor begins."""
        self._file.write(bytes(-self._file.tell() % ALIGNMENT))
        return self._file.tell()

    def _append(self, content: NDArray[Any]) -> None:
        self._file.write(np.ascontiguousarray(content).data)

    def _tensor(self, name: str, kind: int, dims: Sequence[int], start: int) -> TensorProto:
        """A tensor from `start` to where the file ends now."""
        from onnx import TensorProto

        made = TensorProto(name=name, data_type=kind, dims=dims, data_location=TensorProto.EXTERNAL)
        for key, value in (("location", DATA), ("offset", start), ("length", self._file.tell() - start)):
            made.external_data.add(key=key, value=str(value))
        return made


def rows_of(tensor: TensorProto, name: str, start: int, stop: int) -> TensorProto:
    """Some rows of a tensor in the file of weights, at the same place."""
    part = type(tensor)()
    part.CopyFrom(tensor)
    place = {entry.key: entry for entry in part.external_data}
    row = int(place["length"].value) // tensor.dims[0]
    place["offset"].value = str(int(place["offset"].value) + start * row)
    place["length"].value = str((stop - start) * row)
    part.name, part.dims[0] = name, stop - start
    return part


def _pieces(weight: Weight, bits: Bits, block: int) -> Iterator[tuple[Blocks, int]]:
    """A matrix in pieces of whole rows, quantized, with how many rows each has."""
    rows, inputs = weight.shape
    step = max(1, _PIECE // inputs)
    for start in range(0, rows, step):
        stop = min(rows, start + step)
        if bits == 4:
            parts = weight.in_4_bits(start, stop)
            made = to_4_bits(weight.rows(start, stop)) if parts is None else kept_4_bits(*parts)
        else:
            kept = weight.in_8_bits(start, stop) if block == BLOCK else None
            made = to_8_bits(weight.rows(start, stop), block) if kept is None else kept_8_bits(*kept)
        yield made, stop - start
