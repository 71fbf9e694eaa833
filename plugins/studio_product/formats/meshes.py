"""Triangle meshes as STL, 3MF, OBJ and GLB. The same mesh gives the same bytes."""

from __future__ import annotations

import io
import json
import struct
import zipfile
from xml.sax.saxutils import quoteattr

import numpy as np

from studio.api.values import STUDIO_VERSION
from studio_product.core.mesh import Mesh

_STL_TRIANGLE = np.dtype([("normal", "<f4", 3), ("corners", "<f4", (3, 3)), ("extra", "<u2")])
_MADE_BY = f"studio {STUDIO_VERSION}"
_OLDEST = (1980, 1, 1, 0, 0, 0)
"""The earliest time that a ZIP can name: ours hold none."""


def as_stl(mesh: Mesh) -> bytes:
    """Binary STL in mm."""
    a, b, c = np.moveaxis(mesh.corners, 1, 0)
    normal = np.cross(b - a, c - a)
    length = np.linalg.norm(normal, axis=1, keepdims=True)
    rows = np.zeros(len(mesh.faces), _STL_TRIANGLE)
    rows["normal"] = normal / np.where(length > 0, length, 1.0)
    rows["corners"] = mesh.corners
    head = f"{_MADE_BY}, binary STL, unit mm".encode().ljust(80)
    return head + struct.pack("<I", len(rows)) + rows.tobytes()


def as_obj(mesh: Mesh, name: str) -> bytes:
    """Wavefront OBJ in mm: vertices and triangles, nothing else."""
    plain = " ".join(name.split()) or "part"
    lines = [f"# {_MADE_BY}, unit mm, z up", f"o {plain}"]
    lines += [f"v {x:.9g} {y:.9g} {z:.9g}" for x, y, z in mesh.vertices.tolist()]
    lines += [f"f {a} {b} {c}" for a, b, c in (mesh.faces + 1).tolist()]
    return ("\n".join(lines) + "\n").encode()


def as_3mf(mesh: Mesh, name: str) -> bytes:
    """3MF (Core Specification 1.3): one object in mm, ready to print."""
    vertices = "".join(f'<vertex x="{x:.9g}" y="{y:.9g}" z="{z:.9g}"/>' for x, y, z in mesh.vertices.tolist())
    triangles = "".join(f'<triangle v1="{a}" v2="{b}" v3="{c}"/>' for a, b, c in mesh.faces.tolist())
    printable = quoteattr("".join(sign for sign in name if sign.isprintable()))
    model = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<model unit="millimeter" xml:lang="en-US" '
        'xmlns="http://schemas.microsoft.com/3dmanufacturing/core/2015/02">'
        f'<metadata name="Application">{_MADE_BY}</metadata>'
        f'<resources><object id="1" type="model" name={printable}><mesh><vertices>{vertices}</vertices>'
        f"<triangles>{triangles}</triangles></mesh></object></resources>"
        '<build><item objectid="1"/></build></model>\n'
    )
    types = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="model" ContentType="application/vnd.ms-package.3dmanufacturing-3dmodel+xml"/>'
        "</Types>\n"
    )
    relations = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Target="/3D/3dmodel.model" Id="rel0" '
        'Type="http://schemas.microsoft.com/3dmanufacturing/2013/01/3dmodel"/></Relationships>\n'
    )
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for path, content in (
            ("[Content_Types].xml", types),
            ("_rels/.rels", relations),
            ("3D/3dmodel.model", model),
        ):
            member = zipfile.ZipInfo(path, _OLDEST)
            member.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(member, content)
    return packed.getvalue()


def as_glb(mesh: Mesh, name: str) -> bytes:
    """Binary glTF 2.0: meters, y up, positions only, so that viewers shade the faces flat."""
    x, y, z = mesh.vertices.T / 1000
    positions = np.stack([x, z, -y], axis=1).astype("<f4")
    indices = mesh.faces.astype("<u4").tobytes()
    binary = indices + positions.tobytes()
    document = {
        "asset": {"version": "2.0", "generator": _MADE_BY},
        "scene": 0,
        "scenes": [{"nodes": [0]}],
        "nodes": [{"mesh": 0, "name": name}],
        "meshes": [{"name": name, "primitives": [{"attributes": {"POSITION": 1}, "indices": 0}]}],
        "buffers": [{"byteLength": len(binary)}],
        "bufferViews": [
            {"buffer": 0, "byteLength": len(indices), "target": 34963},
            {"buffer": 0, "byteOffset": len(indices), "byteLength": positions.nbytes, "target": 34962},
        ],
        "accessors": [
            {"bufferView": 0, "componentType": 5125, "count": mesh.faces.size, "type": "SCALAR"},
            {
                "bufferView": 1,
                "componentType": 5126,
                "count": len(positions),
                "type": "VEC3",
                "min": positions.min(axis=0).tolist(),
                "max": positions.max(axis=0).tolist(),
            },
        ],
    }
    words = json.dumps(document, separators=(",", ":")).encode()
    words += b" " * (-len(words) % 4)
    chunks = struct.pack("<I4s", len(words), b"JSON") + words
    chunks += struct.pack("<I4s", len(binary), b"BIN\0") + binary  # a multiple of four: both parts are
    return struct.pack("<4sII", b"glTF", 2, 12 + len(chunks)) + chunks
