"""Small meshes for tests, and how other programs write them."""

from __future__ import annotations

import io
import json
import struct
import zipfile
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray
from studio_product.core.mesh import Mesh

_QUADS = ((0, 2, 3, 1), (4, 5, 7, 6), (0, 1, 5, 4), (2, 6, 7, 3), (0, 4, 6, 2), (1, 3, 7, 5))
"""Of a box whose corner i is at the bits of i: (x, y, z) = (i & 1, i >> 1 & 1, i >> 2)."""


def box(
    size: tuple[float, float, float] = (30.0, 20.0, 10.0), at: tuple[float, float, float] = (0, 0, 0)
) -> Mesh:
    corners = np.array([[i & 1, i >> 1 & 1, i >> 2] for i in range(8)]) * np.array(size) + np.array(at, float)
    faces = [triangle for a, b, c, d in _QUADS for triangle in ((a, b, c), (a, c, d))]
    return Mesh(corners, np.array(faces, np.int32))


def ball(radius: float = 10.0, at: tuple[float, float, float] = (0, 0, 0), level: int = 2) -> Mesh:
    import trimesh

    made = trimesh.creation.icosphere(level, radius)
    return Mesh(np.array(made.vertices) + at, np.array(made.faces, np.int32))


def together(meshes: Iterable[Mesh]) -> Mesh:
    vertices: list[NDArray[np.float64]] = []
    faces: list[NDArray[np.int32]] = []
    count = 0
    for mesh in meshes:
        vertices.append(mesh.vertices)
        faces.append(mesh.faces + count)
        count += len(mesh.vertices)
    return Mesh(np.concatenate(vertices), np.concatenate(faces).astype(np.int32))


def turned_over(mesh: Mesh) -> Mesh:
    return Mesh(mesh.vertices, mesh.faces[:, ::-1].copy())


def stl(mesh: Mesh, head: bytes = b"made by a test") -> bytes:
    rows = b"".join(
        struct.pack("<12fH", 0, 0, 0, *corners.ravel().tolist(), 0) for corners in mesh.corners.astype("<f4")
    )
    return head.ljust(80) + struct.pack("<I", len(mesh.faces)) + rows


def stl_text(mesh: Mesh) -> bytes:
    facets = []
    for corners in mesh.corners.tolist():
        points = "".join(f"   vertex {x:.9e} {y:.9e} {z:.9e}\n" for x, y, z in corners)
        facets.append(f" facet normal 0 0 0\n  outer loop\n{points}  endloop\n endfacet\n")
    return f"solid part\n{''.join(facets)}endsolid part\n".encode()


def obj(mesh: Mesh) -> bytes:
    lines = ["# a part", "mtllib none.mtl", *(f"v {x!r} {y!r} {z!r}" for x, y, z in mesh.vertices.tolist())]
    lines += [f"f {a + 1}/1/1 {b + 1}//2 {c + 1}" for a, b, c in mesh.faces.tolist()]
    return "\n".join(lines).encode()


def threemf(*parts: tuple[str, str]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in parts:
            archive.writestr(path, content)
    return packed.getvalue()


def threemf_object(mesh: Mesh, number: str = "1", more: str = "") -> str:
    vertices = "".join(f'<vertex x="{x!r}" y="{y!r}" z="{z!r}"/>' for x, y, z in mesh.vertices.tolist())
    triangles = "".join(f'<triangle v1="{a}" v2="{b}" v3="{c}"/>' for a, b, c in mesh.faces.tolist())
    return (
        f'<object id="{number}" {more}><mesh><vertices>{vertices}</vertices>'
        f"<triangles>{triangles}</triangles></mesh></object>"
    )


def threemf_model(objects: str, items: str = '<item objectid="1"/>', unit: str = "millimeter") -> str:
    return (
        f'<model unit="{unit}" xmlns="http://schemas.microsoft.com/3dmanufacturing/core/2015/02" '
        'xmlns:p="http://schemas.microsoft.com/3dmanufacturing/production/2015/06">'
        f"<resources>{objects}</resources><build>{items}</build></model>"
    )


def gltf(mesh: Mesh, **changes: object) -> dict[str, object]:
    """A document around `gltf_buffer(mesh)`; vertices are taken as they are."""
    points, rows = len(mesh.vertices) * 12, mesh.faces.size * 4
    return {
        "asset": {"version": "2.0"},
        "scenes": [{"nodes": [0]}],
        "nodes": [{"mesh": 0}],
        "meshes": [{"primitives": [{"attributes": {"POSITION": 0}, "indices": 1}]}],
        "accessors": [
            {"bufferView": 0, "componentType": 5126, "count": len(mesh.vertices), "type": "VEC3"},
            {"bufferView": 1, "componentType": 5125, "count": mesh.faces.size, "type": "SCALAR"},
        ],
        "bufferViews": [
            {"buffer": 0, "byteLength": points},
            {"buffer": 0, "byteOffset": points, "byteLength": rows},
        ],
        "buffers": [{"byteLength": points + rows}],
        **changes,
    }


def gltf_buffer(mesh: Mesh) -> bytes:
    return mesh.vertices.astype("<f4").tobytes() + mesh.faces.astype("<u4").tobytes()


def glb(document: dict[str, object], buffer: bytes) -> bytes:
    words = json.dumps(document).encode()
    words += b" " * (-len(words) % 4)
    chunks = (
        struct.pack("<I4s", len(words), b"JSON") + words + struct.pack("<I4s", len(buffer), b"BIN\0") + buffer
    )
    return struct.pack("<4sII", b"glTF", 2, 12 + len(chunks)) + chunks
