"""Meshes from files: STL, 3MF, GLB, glTF and OBJ, told apart by what is in them, never by their names.

Whatever a file says is checked before memory is taken for it.
"""

from __future__ import annotations

import io
import re
from array import array
from collections.abc import Iterator
from itertools import chain, pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from studio.api.values import BadInput, is_file, tr
from studio_product.core.files.mesh_clean import MM, Unit, mesh_of_corners, turned_outward
from studio_product.core.files.mesh_limits import (
    MAX_BYTES,
    MAX_TRIANGLES,
    UnreadableMesh,
    missing_vertex,
    too_many,
)
from studio_product.core.mesh import Mesh

SUFFIXES = (".stl", ".3mf", ".glb", ".gltf", ".obj")
"""Of the files that can be read, for choosers."""

_STL_HEAD = 84
_STL_TRIANGLE = np.dtype([("normal", "<f4", 3), ("corners", "<f4", (3, 3)), ("extra", "<u2")])
_STL_VERTEX = re.compile(rb"vertex\s+(\S+)\s+(\S+)\s+(\S+)", re.IGNORECASE)
_STL_FACET = re.compile(rb"\s*solid\b.*?\bfacet\s", re.IGNORECASE | re.DOTALL)
_STL_END = re.compile(rb"endfacet", re.IGNORECASE)
_OBJ_VERTEX = re.compile(rb"^[ \t]*v[ \t]", re.MULTILINE)
_LOOKED_AT = 2**20
"""Bytes from the beginning in which a text file must show what it is."""
_PIECE = 2**24
"""Bytes of a text that are taken apart at once."""
_LONGEST_NUMBER = 64
"""Letters. In an array of texts, each takes as much room as the longest."""
_LONGEST_LINE = 2**20


def read_mesh(path: Path, *, unit: Unit | None = None) -> Mesh:
    """The triangles of a file in mm, z up; equal corners are one vertex, and a closed surface faces outward.

    Args:
        unit: of the file's numbers, where its own word is not to be believed. By their standards glTF is in
            meters and 3MF says its unit; STL and OBJ say none and are taken for mm.

    Raises:
        BadInput: it cannot be read, is of no known format, broken, empty or too large, or has coordinates
            that are no numbers. Whether the surface is closed is for `mesh_check` to say.
    """
    try:
        if not is_file(path):
            raise OSError("no regular file")  # a pipe or a device may never end
        size = path.stat().st_size
        with path.open("rb") as stream:
            announced = _announced(stream.read(_STL_HEAD))
            if size == _STL_HEAD + announced * _STL_TRIANGLE.itemsize and announced > MAX_TRIANGLES:
                raise too_many(announced)
            if size > MAX_BYTES:
                raise UnreadableMesh(
                    tr("it is larger than {most} MB", most=MAX_BYTES // 10**6),
                    tr("Reduce its triangles (“decimate”, “simplify”) in a mesh program, then try again."),
                )
            stream.seek(0)
            return _mesh(stream.read(), unit)
    except UnreadableMesh as error:
        raise _in_words(error, path.name) from error
    except (OSError, ValueError) as error:  # ValueError: a path that no system takes
        raise BadInput(
            tr("“{name}” cannot be read.", name=path.name), tr("Check that the file is there."), ascii(error)
        ) from error


def mesh_from_bytes(data: bytes, name: str, *, unit: Unit | None = None) -> Mesh:
    """As `read_mesh`, of bytes in memory. `name` is what messages call them."""
    try:
        return _mesh(data, unit)
    except UnreadableMesh as error:
        raise _in_words(error, name) from error


def _in_words(error: UnreadableMesh, name: str) -> BadInput:
    return BadInput(
        tr("“{name}” cannot be used: {reason}.", name=name, reason=error.reason),
        error.hint or tr("Export it again from the program that made it, as STL or 3MF."),
    )


def _mesh(data: bytes, unit: Unit | None) -> Mesh:
    corners, own = _corners(data)
    if not len(corners):
        raise UnreadableMesh(tr("it holds no triangle"), tr("Choose a file with a surface in it."))
    if not np.isfinite(corners).all():
        raise UnreadableMesh(tr("some of its coordinates are no numbers"))
    corners = corners * MM[unit or own]
    if np.abs(corners).max() > _FARTHEST:
        raise UnreadableMesh(
            tr("it reaches farther than {most} km from its origin", most=_FARTHEST // 10**6),
            tr("Check the unit in which it was exported."),
        )
    mesh = mesh_of_corners(corners)
    if not len(mesh.faces):
        raise UnreadableMesh(tr("all of its triangles have shrunk to lines or points"))
    return turned_outward(mesh)


_FARTHEST = 10**9
"""mm. Beyond it what is left of a float's digits is too coarse to compute with."""


def _corners(data: bytes) -> tuple[NDArray[np.float64], Unit]:
    """Of all triangles: (n, 3 corners, xyz), z up, with the unit that the file means."""
    if data.startswith(b"glTF") or data[:_LOOKED_AT].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        from studio_product.core.files.mesh_gltf import gltf_corners

        return gltf_corners(data), "m"
    if data.startswith(b"PK\x03\x04"):
        from studio_product.core.files.mesh_3mf import threemf_corners

        return threemf_corners(data)
    announced = _announced(data)
    needed = _STL_HEAD + announced * _STL_TRIANGLE.itemsize
    if len(data) == needed:
        return _stl(data, announced), "mm"
    start = data[:_LOOKED_AT]
    if _STL_FACET.match(start):
        return _stl_text(data), "mm"
    if _OBJ_VERTEX.search(start):
        return _obj(data), "mm"
    if announced and len(data) > needed:  # some programs append notes of their own
        return _stl(data, announced), "mm"
    if start.lstrip().lower().startswith(b"solid"):
        raise UnreadableMesh(tr("it is an STL file without a triangle"))
    raise UnreadableMesh(
        tr("it is damaged or of a format that Studio does not read"),
        tr("Choose an STL, 3MF, GLB, glTF or OBJ file."),
    )


def _announced(head: bytes) -> int:
    """How many triangles the head of a binary STL promises; 0 where there is none."""
    return int.from_bytes(head[80:84], "little") if len(head) >= _STL_HEAD else 0


def _stl(data: bytes, count: int) -> NDArray[np.float64]:
    if count > MAX_TRIANGLES:
        raise too_many(count)
    return np.frombuffer(data, _STL_TRIANGLE, count, _STL_HEAD)["corners"].astype(np.float64)


def _stl_text(data: bytes) -> NDArray[np.float64]:
    """In pieces that end where a facet ends: all words of a large file at once would fill the memory."""
    parts: list[NDArray[np.float64]] = []
    count = 0
    for piece in _pieces(data):
        found = _STL_VERTEX.findall(piece)
        if len(found) % 3:
            raise UnreadableMesh(tr("a triangle in it has not three corners"))
        count += len(found) // 3
        if count > MAX_TRIANGLES:
            raise too_many(count)
        try:
            if max(map(len, chain.from_iterable(found)), default=0) > _LONGEST_NUMBER:
                raise ValueError
            parts.append(np.array(found, np.bytes_).astype(np.float64).reshape(-1, 3, 3))
        except ValueError:
            raise UnreadableMesh(tr("some of its coordinates are no numbers")) from None
    return np.concatenate(parts)


def _pieces(data: bytes) -> Iterator[bytes]:
    """Each ends where a facet does."""
    begin = 0
    while begin < len(data):
        end = _STL_END.search(data, begin + _PIECE)
        stop = end.end() if end else len(data)
        yield data[begin:stop]
        begin = stop


def _obj(data: bytes) -> NDArray[np.float64]:
    """Polygons are cut into fans; groups, materials, normals and textures are passed over."""
    vertices, faces = array("d"), array("q")
    for line in io.BytesIO(data.replace(b"\\\n", b" ").replace(b"\r", b"\n")):
        if len(line) > _LONGEST_LINE:
            raise UnreadableMesh(tr("it is damaged or of a format that Studio does not read"))
        words = line.split()
        if not words:
            continue
        if words[0] == b"v":
            vertices.extend(_floats(words[1:4]))
        elif words[0] == b"f":
            count = len(vertices) // 3
            corners = [_obj_row(word, count) for word in words[1:]]
            for second, third in pairwise(corners[1:]):
                faces.extend((corners[0], second, third))
        if max(len(vertices) // 3, len(faces)) > 3 * MAX_TRIANGLES:
            raise too_many(max(len(vertices) // 9, len(faces) // 3))
    rows = np.array(faces, np.int64).reshape(-1, 3)
    if len(rows) and not (rows.min() >= 0 and rows.max() < len(vertices) // 3):
        raise missing_vertex()
    return np.array(vertices, np.float64).reshape(-1, 3)[rows]


def _floats(words: list[bytes]) -> list[float]:
    try:
        x, y, z = map(float, words)
    except ValueError:
        raise UnreadableMesh(tr("a vertex in it has not three numbers")) from None
    return [x, y, z]


def _obj_row(word: bytes, count: int) -> int:
    """The row of a corner such as "7/1/2"; a negative number counts back from the newest vertex."""
    try:
        number = int(word.partition(b"/")[0])
    except ValueError:
        raise UnreadableMesh(tr("a face in it is not written in numbers")) from None
    if not 0 < abs(number) <= 3 * MAX_TRIANGLES:
        raise missing_vertex()
    return number - 1 if number > 0 else count + number
