"""The triangles of a glTF 2.0 file, binary or text. Source: Khronos glTF 2.0 specification, 3.4 to 3.7."""

from __future__ import annotations

import base64
import binascii
import json
import math
import struct
from typing import Any

import numpy as np
from numpy.typing import NDArray

from studio.api.values import tr
from studio_product.core.files.mesh_limits import MAX_TRIANGLES, UnreadableMesh, missing_vertex, too_many

Json = dict[str, Any]

_COMPONENTS = {5120: "<i1", 5121: "<u1", 5122: "<i2", 5123: "<u2", 5125: "<u4", 5126: "<f4"}
_WIDTHS = {"SCALAR": 1, "VEC3": 3}
_MAX_NODES = 10_000
_MAX_VALUES = 5_000_000
"""In the description: each takes some 50 bytes of memory, and 2 in the file."""
_TRIANGLES, _STRIP, _FAN = 4, 5, 6
_READABLE = {"KHR_materials_unlit", "KHR_texture_transform", "KHR_mesh_quantization"}
"""Extensions that may be required since they change nothing about where the triangles are."""


def gltf_corners(data: bytes) -> NDArray[np.float64]:
    """(n, 3 corners, xyz) of the scene, in the file's unit (meters), z up.

    Raises:
        UnreadableMesh.
    """
    try:
        document, binary = _chunks(data) if data.startswith(b"glTF") else (_parsed(data), b"")
        return _Document(document, binary).corners()
    except UnreadableMesh:
        raise
    except (KeyError, IndexError, TypeError, ValueError, AttributeError, struct.error, RecursionError,
            OverflowError, MemoryError) as error:  # fmt: skip
        raise UnreadableMesh(tr("it is no valid glTF file")) from error


def _chunks(data: bytes) -> tuple[Json, bytes]:
    """The JSON and the binary chunk of a GLB."""
    _, version, length = struct.unpack_from("<4sII", data)
    if version != 2 or length > len(data):
        raise UnreadableMesh(
            tr("it ends early") if version == 2 else tr("it is glTF of version {n}", n=version)
        )
    found: dict[int, bytes] = {}
    place = 12
    while place + 8 <= length:
        size, kind = struct.unpack_from("<II", data, place)
        found.setdefault(kind, data[place + 8 : place + 8 + size])
        place += 8 + size
    return _parsed(found[0x4E4F534A]), found.get(0x004E4942, b"")


def _parsed(text: bytes) -> Json:
    if text.count(b",") + text.count(b"[") + text.count(b"{") > _MAX_VALUES:  # base64 has none of them
        raise ValueError("a description of too many values")
    document: Json = json.loads(text)
    return document


class _Document:
    def __init__(self, document: Json, binary: bytes) -> None:
        self._document = document
        if unknown := set(document.get("extensionsRequired", ())) - _READABLE:
            raise UnreadableMesh(
                tr("it is compressed or extended in a way that Studio does not read ({names})",
                   names=", ".join(sorted(map(str, unknown)))),
                tr("Export it again without compression."),
            )  # fmt: skip
        self._buffers = [self._buffer(buffer, binary) for buffer in document.get("buffers", [])]
        self._count = 0

    def corners(self) -> NDArray[np.float64]:
        parts = [self._of_mesh(mesh, placed) for mesh, placed in self._placed()]
        if not parts:
            return np.zeros((0, 3, 3))
        x, y, z = np.moveaxis(np.concatenate(parts), -1, 0)
        return np.stack([x, -z, y], axis=-1)

    def _buffer(self, buffer: Json, binary: bytes) -> bytes:
        uri = buffer.get("uri")
        if uri is None:
            return binary
        head, comma, text = uri.partition(";base64,")
        if not (comma and head.startswith("data:")):
            raise UnreadableMesh(
                tr("it keeps its triangles in another file"), tr("Save it as GLB, which holds everything.")
            )
        try:
            return base64.b64decode(text, validate=True)
        except binascii.Error:
            raise UnreadableMesh(tr("it is no valid glTF file")) from None

    def _placed(self) -> list[tuple[Json, NDArray[np.float64]]]:
        """Each mesh of the scene with its 4x4 matrix."""
        nodes, meshes = self._document.get("nodes", []), self._document.get("meshes", [])
        if not nodes:
            return [(mesh, np.eye(4)) for mesh in meshes]
        scenes = self._document.get("scenes") or [{"nodes": range(len(nodes))}]
        waiting = [(int(n), np.eye(4)) for n in scenes[self._document.get("scene", 0)].get("nodes", [])]
        found: list[tuple[Json, NDArray[np.float64]]] = []
        seen = 0
        while waiting:
            number, above = waiting.pop()
            seen += 1
            if seen > _MAX_NODES or number < 0:  # also nodes in a circle
                raise UnreadableMesh(tr("its scene is too deep or turns in a circle"))
            node = nodes[number]
            matrix = above @ _local(node)
            if "mesh" in node:
                found.append((meshes[node["mesh"]], matrix))
            waiting += [(int(child), matrix) for child in node.get("children", [])]
        return found

    def _of_mesh(self, mesh: Json, matrix: NDArray[np.float64]) -> NDArray[np.float64]:
        parts = [np.zeros((0, 3, 3))]
        for primitive in mesh["primitives"]:
            mode = primitive.get("mode", _TRIANGLES)
            if mode not in (_TRIANGLES, _STRIP, _FAN):
                continue
            positions = self._accessor(primitive["attributes"]["POSITION"], "VEC3")
            if "indices" in primitive:
                rows = self._accessor(primitive["indices"], "SCALAR")[:, 0].astype(np.int64)
            else:
                rows = np.arange(len(positions))
            triangles = _triangles(rows, mode)
            self._count += len(triangles)
            if self._count > MAX_TRIANGLES:
                raise too_many(self._count)
            if len(triangles) and triangles.max() >= len(positions):
                raise missing_vertex()
            parts.append(self._scaled(primitive["attributes"]["POSITION"], positions[triangles]))
        corners = np.concatenate(parts) @ matrix[:3, :3].T + matrix[:3, 3]
        return corners[:, ::-1] if np.linalg.det(matrix[:3, :3]) < 0 else corners

    def _accessor(self, number: int, kind: str) -> NDArray[Any]:
        accessor = self._document["accessors"][number]
        if accessor["type"] != kind or "sparse" in accessor or "bufferView" not in accessor:
            raise UnreadableMesh(tr("it keeps its triangles in a way that Studio does not read"))
        view = self._document["bufferViews"][accessor["bufferView"]]
        single, width = np.dtype(_COMPONENTS[accessor["componentType"]]), _WIDTHS[kind]
        count, packed = accessor["count"], single.itemsize * width
        stride = view.get("byteStride") or packed
        begin = view.get("byteOffset", 0) + accessor.get("byteOffset", 0)
        buffer = self._buffers[view["buffer"]]
        if count < 0 or begin < 0 or stride < packed or begin + (count - 1) * stride + packed > len(buffer):
            raise UnreadableMesh(tr("it ends early"))
        return np.ndarray((count, width), single, buffer, begin, (stride, single.itemsize))

    def _scaled(self, number: int, values: NDArray[Any]) -> NDArray[np.float64]:
        """What an accessor's values stand for."""
        if not self._document["accessors"][number].get("normalized"):
            return values.astype(np.float64)
        scaled: NDArray[np.float64] = np.maximum(values / np.iinfo(values.dtype).max, -1.0)
        return scaled


def _triangles(rows: NDArray[np.int64], mode: int) -> NDArray[np.int64]:
    """(n, 3) of lists, strips and fans."""
    if mode == _TRIANGLES:
        return rows[: len(rows) // 3 * 3].reshape(-1, 3)
    if len(rows) < 3:
        return np.zeros((0, 3), np.int64)
    if mode == _FAN:
        return np.stack([rows[1:-1], rows[2:], np.full(len(rows) - 2, rows[0])], axis=1)
    found = np.stack([rows[:-2], rows[1:-1], rows[2:]], axis=1)
    found[1::2, 1:] = found[1::2, :0:-1]  # every other triangle of a strip is wound the other way
    return found


def _local(node: Json) -> NDArray[np.float64]:
    """A node's own matrix: given as such (by columns), or as scale, rotation (x y z w), then translation."""
    if "matrix" in node:
        return np.array(node["matrix"], np.float64).reshape(4, 4).T
    x, y, z, w = (float(value) for value in node.get("rotation", (0, 0, 0, 1)))
    length = math.sqrt(x * x + y * y + z * z + w * w)
    if not length:
        raise UnreadableMesh(tr("it is no valid glTF file"))
    x, y, z, w = x / length, y / length, z / length, w / length
    turn = np.array([
        [1 - 2 * (y * y + z * z), 2 * (x * y - z * w), 2 * (x * z + y * w)],
        [2 * (x * y + z * w), 1 - 2 * (x * x + z * z), 2 * (y * z - x * w)],
        [2 * (x * z - y * w), 2 * (y * z + x * w), 1 - 2 * (x * x + y * y)],
    ])  # fmt: skip
    matrix = np.eye(4)
    matrix[:3, :3] = turn * np.array(node.get("scale", (1, 1, 1)), np.float64)
    matrix[:3, 3] = np.array(node.get("translation", (0, 0, 0)), np.float64)
    return matrix
