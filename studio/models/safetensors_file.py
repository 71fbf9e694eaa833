"""What a safetensors file says of itself, held against its bytes. No library is loaded for it."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

from studio.errors import ModelRefused
from studio.models.plain_files import GET_AGAIN, MAX_HEADER, read_json
from studio.words import tr

_BITS = {
    "BOOL": 8, "U8": 8, "I8": 8, "F8_E4M3": 8, "F8_E5M2": 8, "F8_E8M0": 8, "F4": 4, "F6_E2M3": 6,
    "F6_E3M2": 6, "I16": 16, "U16": 16, "F16": 16, "BF16": 16, "I32": 32, "U32": 32, "F32": 32, "I64": 64,
    "U64": 64, "F64": 64, "C64": 64,
}  # fmt: skip
_MAX_AXES = 64


def check_safetensors(path: Path, size: int) -> dict[str, int]:
    """Its header must describe the file of `size` bytes exactly: every byte belongs to one tensor, in order.

    Returns the bytes of each type of number in it: {"F16": 123_456}.

    Raises:
        ModelRefused: it is damaged, cut off, or something else.
    """
    broken = ModelRefused(
        tr("Refused: “{name}” is damaged or no safetensors file.", name=path.name), tr(GET_AGAIN)
    )
    with path.open("rb") as file:
        length = int.from_bytes(file.read(8), "little")
        if length > min(MAX_HEADER, size - 8):
            raise broken
        header = read_json(file.read(length), broken)
    if not isinstance(header, dict):
        raise broken
    notes = header.pop("__metadata__", None)
    if notes is not None and not (
        isinstance(notes, dict) and all(isinstance(v, str) for v in notes.values())
    ):
        raise broken
    try:
        spans = sorted((*_span(tensor), tensor["dtype"]) for tensor in header.values())
    except (KeyError, TypeError, ValueError) as error:
        raise broken from error
    end = 0
    types: dict[str, int] = {}
    for first, last, dtype in spans:
        if first != end:
            raise broken
        end = last
        types[dtype] = types.get(dtype, 0) + last - first
    if end != size - 8 - length:
        raise broken
    return types


def _span(tensor: Any) -> tuple[int, int]:
    first, last = tensor["data_offsets"]
    shape = tensor["shape"]
    if not isinstance(shape, list) or len(shape) > _MAX_AXES:
        raise ValueError("no shape")
    if not all(type(n) is int and n >= 0 for n in (first, last, *shape)):
        raise ValueError("not a size")
    if math.prod(shape) * _BITS[tensor["dtype"]] != (last - first) * 8:
        raise ValueError("another size than its shape says")
    return first, last
