"""Reading just enough of an ONNX file to know which other files it names, and whose operators it asks for. No
ONNX library is loaded for it.

ONNX is a protobuf: numbered fields of varints, fixed numbers and lengths of bytes. Tensors may lie in other
files ("external data"), named anywhere that a tensor may stand: initializers, sparse ones, attributes,
subgraphs, functions, training graphs. Operators belong to domains; those of a domain that ONNX Runtime does
not bring along are compiled programs in a library. Field numbers: onnx.proto of ONNX 1.21.
"""

from __future__ import annotations

import mmap
from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct

from studio.errors import ModelRefused
from studio.models.plain_files import GET_AGAIN, is_plain_name, refuse_links
from studio.words import tr

_MODEL, _TENSOR, _EXTERNAL, _NODE, _FUNCTION = "model", "tensor", "external", "node", "function"
_CHILDREN: dict[str, dict[int, str]] = {
    _MODEL: {7: "graph", 20: "training", 25: _FUNCTION},
    "graph": {1: _NODE, 5: _TENSOR, 15: "sparse"},
    _NODE: {5: "attribute"},
    "attribute": {5: _TENSOR, 6: "graph", 10: _TENSOR, 11: "graph", 22: "sparse", 23: "sparse"},
    "sparse": {1: _TENSOR, 2: _TENSOR},
    "training": {1: "graph", 2: "graph"},
    _FUNCTION: {7: _NODE, 11: "attribute"},
    _TENSOR: {13: _EXTERNAL},
}
_VARINT, _FIXED64, _BYTES, _FIXED32 = 0, 1, 2, 5
_IR_VERSION, _GRAPH, _KEY, _VALUE = 1, 7, 1, 2
_OP_TYPE, _NODE_DOMAIN, _FUNCTION_DOMAIN = 4, 7, 10
_LONGEST_ENTRY = 1 << 16
_LARGEST_TAG = (1 << 32) - 1
_MOST_FIELDS = 1_000_000
"""Of all messages that are looked into: the largest language models have some 100,000."""

_DOMAINS = {"", "ai.onnx", "ai.onnx.ml", "com.microsoft"}
"""Whose operators ONNX Runtime brings along, besides the functions that the model itself defines."""
_REFUSED_OPERATORS = {"EPContext", "PythonOp", "PythonOpGrad", "ATen"}
"""Of com.microsoft: a compiled program inside the model or beside it, or calls into Python and torch."""


class NotOnnx(ValueError):
    """The bytes are no ONNX model."""


class Contents(Struct, frozen=True):
    """What an ONNX model asks for."""

    external: tuple[str, ...]
    """The file names that its tensors refer to, as written, sorted."""
    foreign: tuple[str, ...]
    """Operators that only a library of somebody else's has, as "domain.operator", sorted."""


def check_onnx(path: Path) -> tuple[str, ...]:
    """The other files of a model, which all lie beside it.

    Raises:
        ModelRefused: it reads files elsewhere, one is missing or a link, or it needs a library of programs.
        NotOnnx: it is no ONNX model.
    """
    found = contents(path)
    if found.foreign:
        raise ModelRefused(
            tr(
                "Refused: “{name}” needs a library of programs ({operator}).",
                name=path.name,
                operator=found.foreign[0],
            ),
            tr("Use a version of the model with the usual operators only."),
            ", ".join(found.foreign)[:1000],
        )
    for name in found.external:
        if not is_plain_name(name):
            raise ModelRefused(
                tr("Refused: “{name}” reads files outside its own folder.", name=path.name),
                tr(GET_AGAIN),
                f"It names {name!a:.300}.",
            )
        refuse_links(path.with_name(name))
    return found.external


def contents(path: Path) -> Contents:
    """Raises `NotOnnx`."""
    with path.open("rb") as file:
        try:
            data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        except ValueError as error:
            raise NotOnnx("an empty file") from error
        with data:
            return _contents(data)


def _contents(data: mmap.mmap) -> Contents:
    needed = {_IR_VERSION, _GRAPH}
    names: set[str] = set()
    operators: set[tuple[str, str]] = set()
    own_domains: set[str] = set()
    open_messages = [(_MODEL, 0, len(data))]
    count = 0
    while open_messages:
        kind, start, end = open_messages.pop()
        if kind == _EXTERNAL:
            names.update(_location(data, start, end))
            continue
        children = _CHILDREN[kind]
        domain = operator = ""
        for number, wire, first, last in _fields(data, start, end):
            count += 1
            if count > _MOST_FIELDS:
                raise NotOnnx("too many parts")
            if kind == _MODEL:
                needed.discard(number)
            if number in children:
                if wire != _BYTES:
                    raise NotOnnx("a message of the wrong type")
                open_messages.append((children[number], first, last))
            elif wire != _BYTES:
                continue
            elif kind == _NODE and number == _OP_TYPE:
                operator = _text(data, first, last)
            elif (kind, number) in ((_NODE, _NODE_DOMAIN), (_FUNCTION, _FUNCTION_DOMAIN)):
                domain = _text(data, first, last)
        if kind == _NODE:
            operators.add((domain, operator))
        elif kind == _FUNCTION:
            own_domains.add(domain)
    if needed:
        raise NotOnnx("no version or no graph")
    foreign = {
        f"{domain}.{operator}"
        for domain, operator in operators
        if (domain not in _DOMAINS and domain not in own_domains)
        or (domain == "com.microsoft" and operator in _REFUSED_OPERATORS)
    }
    return Contents(tuple(sorted(names)), tuple(sorted(foreign)))


def _text(data: mmap.mmap, first: int, last: int) -> str:
    if last - first > _LONGEST_ENTRY:
        raise NotOnnx("an endless name")
    return data[first:last].decode("utf-8", "surrogateescape")


def _location(data: mmap.mmap, start: int, end: int) -> Iterator[str]:
    key = value = ""
    for number, wire, first, last in _fields(data, start, end):
        if wire == _BYTES and number in (_KEY, _VALUE):
            text = _text(data, first, last)
            key, value = (text, value) if number == _KEY else (key, text)
    if key == "location":
        yield value


def _fields(data: mmap.mmap, position: int, end: int) -> Iterator[tuple[int, int, int, int]]:
    """(number, wire type, start and end of the content) of each field of a message."""
    while position < end:
        tag, position = _varint(data, position, end)
        if tag > _LARGEST_TAG:
            raise NotOnnx("a field of no number")  # other readers would cut it down to another one
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
