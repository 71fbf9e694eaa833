"""Reading just enough of an ONNX file to know which other files it names. No ONNX library is loaded for it.

ONNX is a protobuf: numbered fields of varints, fixed numbers and lengths of bytes. Tensors may lie in other
files ("external data"), named anywhere that a tensor may stand: initializers, sparse ones, attributes,
subgraphs, functions, training graphs. Field numbers: onnx.proto of ONNX 1.21.
"""

from __future__ import annotations

import mmap
from collections.abc import Iterator
from pathlib import Path

_TENSOR, _EXTERNAL = "tensor", "external"
_CHILDREN: dict[str, dict[int, str]] = {
    "model": {7: "graph", 20: "training", 25: "function"},
    "graph": {1: "node", 5: _TENSOR, 15: "sparse"},
    "node": {5: "attribute"},
    "attribute": {5: _TENSOR, 6: "graph", 10: _TENSOR, 11: "graph", 22: "sparse", 23: "sparse"},
    "sparse": {1: _TENSOR, 2: _TENSOR},
    "training": {1: "graph", 2: "graph"},
    "function": {7: "node", 11: "attribute"},
    _TENSOR: {13: _EXTERNAL},
}
_VARINT, _FIXED64, _BYTES, _FIXED32 = 0, 1, 2, 5
_IR_VERSION, _GRAPH, _KEY, _VALUE = 1, 7, 1, 2
_LONGEST_ENTRY = 1 << 16


class NotOnnx(ValueError):
    """The bytes are no ONNX model."""


def external_files(path: Path) -> list[str]:
    """The file names that a model's tensors refer to, as written, sorted. Raises `NotOnnx`."""
    with path.open("rb") as file:
        try:
            data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        except ValueError as error:
            raise NotOnnx("an empty file") from error
        with data:
            return _external_files(data)


def _external_files(data: mmap.mmap) -> list[str]:
    top = {number for number, _, _, _ in _fields(data, 0, len(data))}
    if not {_IR_VERSION, _GRAPH} <= top:
        raise NotOnnx("no version or no graph")
    names: set[str] = set()
    open_messages = [("model", 0, len(data))]
    while open_messages:
        kind, start, end = open_messages.pop()
        if kind == _EXTERNAL:
            names.update(_location(data, start, end))
            continue
        children = _CHILDREN[kind]
        for number, wire, first, last in _fields(data, start, end):
            if number in children:
                if wire != _BYTES:
                    raise NotOnnx("a message of the wrong type")
                open_messages.append((children[number], first, last))
    return sorted(names)


def _location(data: mmap.mmap, start: int, end: int) -> Iterator[str]:
    key = value = ""
    for number, wire, first, last in _fields(data, start, end):
        if wire == _BYTES and number in (_KEY, _VALUE):
            if last - first > _LONGEST_ENTRY:
                raise NotOnnx("an endless name")
            text = data[first:last].decode("utf-8", "surrogateescape")
            key, value = (text, value) if number == _KEY else (key, text)
    if key == "location":
        yield value


def _fields(data: mmap.mmap, position: int, end: int) -> Iterator[tuple[int, int, int, int]]:
    """(number, wire type, start and end of the content) of each field of a message."""
    while position < end:
        tag, position = _varint(data, position, end)
        number, wire = tag >> 3, tag & 7
        start = position
        if wire == _VARINT:
            _, position = _varint(data, position, end)
        elif wire == _BYTES:
            length, start = _varint(data, position, end)
            position = start + length
        elif wire in (_FIXED64, _FIXED32):
            position += 8 if wire == _FIXED64 else 4
        else:
            raise NotOnnx(f"wire type {wire}")
        if position > end or number == 0:
            raise NotOnnx("a field that is cut off")
        yield number, wire, start, position


def _varint(data: mmap.mmap, position: int, end: int) -> tuple[int, int]:
    value = 0
    for shift in range(0, 70, 7):
        if position >= end:
            break
        byte = data[position]
        position += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, position
    raise NotOnnx("a number that is cut off")
