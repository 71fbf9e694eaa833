"""The triangles of a 3MF file. Source: 3MF Core Specification 1.3, chapters 3 and 4.

It is a ZIP with XML in it: both can be made to swell, so both are read in pieces and counted.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from array import array
from dataclasses import dataclass, field
from typing import IO
from xml.parsers import expat

import numpy as np
from numpy.typing import NDArray

from studio.api.values import tr
from studio_product.core.files.mesh_clean import Unit
from studio_product.core.files.mesh_limits import (
    MAX_BYTES,
    MAX_TRIANGLES,
    UnreadableMesh,
    missing_vertex,
    too_many,
)

_UNITS: dict[str, Unit] = {
    "micron": "um", "millimeter": "mm", "centimeter": "cm", "inch": "in", "foot": "ft", "meter": "m",
}  # fmt: skip
_PIECE = 2**20
_MAX_PLACED = 10_000
"""Objects and components that are placed in all, and that are there to be placed."""
_MAX_DEEP = 100
"""Elements in elements."""
_IDENTITY = "1 0 0 0 1 0 0 0 1 0 0 0"

_PATH = "http://schemas.microsoft.com/3dmanufacturing/production/2015/06 path"
"""Of the production extension, by which slicers keep each object in a part of its own."""

Attributes = dict[str, str]
Key = tuple[str, str]
"""Which part of the archive, and the object's id in it."""
Placed = tuple[Key, NDArray[np.float64]]


def threemf_corners(data: bytes) -> tuple[NDArray[np.float64], Unit]:
    """(n, 3 corners, xyz) of everything that is to be built, and the unit of these numbers.

    Raises:
        UnreadableMesh.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = [one for one in archive.infolist() if one.filename.lower().endswith(".model")]
            if not parts:
                raise UnreadableMesh(tr("it is an archive without a 3D model in it"))
            model = _Model()
            for part in parts:
                with archive.open(part) as stream:
                    _parse(stream, model.reads("/" + part.filename))
        return model.corners(), model.unit
    except UnreadableMesh:
        raise
    except (zipfile.BadZipFile, zlib.error, expat.ExpatError, EOFError, NotImplementedError, RuntimeError,
            KeyError, ValueError, OverflowError) as error:  # fmt: skip
        raise UnreadableMesh(tr("it is no valid 3MF file")) from error


def _parse(stream: IO[bytes], model: _Model) -> None:
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = model.start
    parser.EndElementHandler = model.end
    parser.StartDoctypeDeclHandler = _refuse_doctype
    while piece := stream.read(_PIECE):
        model.count_bytes(len(piece))
        parser.Parse(piece)
    parser.Parse(b"", True)


def _refuse_doctype(*_: object) -> None:
    raise UnreadableMesh(tr("it declares entities of its own, which 3MF forbids"))


@dataclass
class _Object:
    vertices: array[float] = field(default_factory=lambda: array("d"))
    triangles: array[int] = field(default_factory=lambda: array("q"))
    components: list[Placed] = field(default_factory=list)
    is_built: bool = True
    """False for supports, which are printed and broken off."""


class _Model:
    """What the XML's elements add up to."""

    def __init__(self) -> None:
        self.unit: Unit = "mm"
        self._part = ""
        self._objects: dict[Key, _Object] = {}
        self._open: _Object | None = None
        self._items: list[Placed] = []
        self._count = self._bytes = self._deep = self._things = 0

    def reads(self, part: str) -> _Model:
        """Itself, with what follows being in this part of the archive."""
        self._part = part
        return self

    def count_bytes(self, more: int) -> None:
        self._bytes += more
        if self._bytes > MAX_BYTES:
            raise UnreadableMesh(tr("it is larger than {most} MB", most=MAX_BYTES // 10**6))

    def start(self, name: str, attributes: Attributes) -> None:
        self._deep += 1
        if self._deep > _MAX_DEEP:
            raise _too_deep()
        match name.rpartition(" ")[2]:
            case "vertex" if self._open:
                self._open.vertices.extend(
                    (float(attributes["x"]), float(attributes["y"]), float(attributes["z"]))
                )
            case "triangle" if self._open:
                self._open.triangles.extend(
                    (int(attributes["v1"]), int(attributes["v2"]), int(attributes["v3"]))
                )
                self._count_up(1)
            case "component" if self._open:
                self._open.components.append(self._placing(attributes))
            case "object":
                self._count_thing()
                self._open = _Object(is_built=attributes.get("type") not in ("support", "solidsupport"))
                self._objects[self._part, attributes["id"]] = self._open
            case "item":
                self._items.append(self._placing(attributes))
            case "model":
                self.unit = _UNITS[attributes.get("unit", "millimeter")]

    def end(self, name: str) -> None:
        self._deep -= 1
        if name.rpartition(" ")[2] == "object":
            self._open = None

    def _count_thing(self) -> None:
        self._things += 1
        if self._things > 2 * _MAX_PLACED:
            raise _too_deep()

    def _placing(self, attributes: Attributes) -> Placed:
        self._count_thing()
        part = attributes.get(_PATH, self._part)
        return (part, attributes["objectid"]), _matrix(attributes)

    def corners(self) -> NDArray[np.float64]:
        parts = [np.zeros((0, 3, 3))]
        waiting = list(self._items) or [(key, _matrix({})) for key in self._objects]
        self._count = placed = 0
        while waiting:
            key, matrix = waiting.pop()
            one = self._objects[key]
            placed += 1
            if placed > _MAX_PLACED:  # also objects that are made of each other
                raise _too_deep()
            if not one.is_built:
                continue
            waiting += [(child, _after(own, matrix)) for child, own in one.components]
            self._count_up(len(one.triangles) // 3)
            parts.append(_placed(one, matrix))
        return np.concatenate(parts)

    def _count_up(self, more: int) -> None:
        self._count += more
        if self._count > MAX_TRIANGLES:
            raise too_many(self._count)


def _too_deep() -> UnreadableMesh:
    return UnreadableMesh(tr("its objects are too deep or made of each other"))


def _placed(one: _Object, matrix: NDArray[np.float64]) -> NDArray[np.float64]:
    faces = np.array(one.triangles, np.int64).reshape(-1, 3)
    vertices = np.array(one.vertices, np.float64).reshape(-1, 3)
    if len(faces) and not (faces.min() >= 0 and faces.max() < len(vertices)):
        raise missing_vertex()
    corners: NDArray[np.float64] = vertices[faces] @ matrix[:3] + matrix[3]
    return corners[:, ::-1] if np.linalg.det(matrix[:3]) < 0 else corners


def _matrix(attributes: Attributes) -> NDArray[np.float64]:
    """(4, 3): points are rows, multiplied from the left; the last row is the translation."""
    return np.array(attributes.get("transform", _IDENTITY).split(), np.float64).reshape(4, 3)


def _after(first: NDArray[np.float64], second: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.vstack([first[:3] @ second[:3], first[3] @ second[:3] + second[3]])
