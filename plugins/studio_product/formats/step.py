"""STEP: a solid of flat faces as ISO 10303-214 (AP214, automotive design), an exact boundary representation.

Sources: ISO 10303-21 (the text's form), ISO 10303-42 (geometry and topology), ISO 10303-514 (advanced
boundary representation).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from studio.api.values import STUDIO_VERSION
from studio_product.core.files.mesh_clean import twins
from studio_product.core.mesh import Mesh
from studio_product.formats.polygons import Loop, Polygon, Vector, polygons

TOLERANCE = 1e-4
"""mm. Within it vertices are in their faces' planes: far below any machine's accuracy, far above what float32
coordinates of a part of a meter have lost."""

_CONTEXT = (
    "APPLICATION_CONTEXT('core data for automotive mechanical design processes')",
    "APPLICATION_PROTOCOL_DEFINITION('international standard','automotive_design',2000,#1)",
    "PRODUCT_CONTEXT('',#1,'mechanical')",
    "PRODUCT({name},{name},'',(#3))",
    "PRODUCT_RELATED_PRODUCT_CATEGORY('part',$,(#4))",
    "PRODUCT_DEFINITION_FORMATION('','',#4)",
    "PRODUCT_DEFINITION_CONTEXT('part definition',#1,'design')",
    "PRODUCT_DEFINITION('design','',#6,#7)",
    "PRODUCT_DEFINITION_SHAPE('','',#8)",
    "(LENGTH_UNIT()NAMED_UNIT(*)SI_UNIT(.MILLI.,.METRE.))",
    "(NAMED_UNIT(*)PLANE_ANGLE_UNIT()SI_UNIT($,.RADIAN.))",
    "(NAMED_UNIT(*)SI_UNIT($,.STERADIAN.)SOLID_ANGLE_UNIT())",
    "UNCERTAINTY_MEASURE_WITH_UNIT(LENGTH_MEASURE({tolerance}),#10,'distance_accuracy_value','')",
    "(GEOMETRIC_REPRESENTATION_CONTEXT(3)GLOBAL_UNCERTAINTY_ASSIGNED_CONTEXT((#13))"
    "GLOBAL_UNIT_ASSIGNED_CONTEXT((#10,#11,#12))REPRESENTATION_CONTEXT('',''))",
)
"""What the geometry belongs to and in which units it is. Others name these lines by their numbers."""
_SHAPE, _UNITS = 9, 14


def as_step(mesh: Mesh, name: str, created: float) -> bytes:
    """A closed manifold mesh (mm) as STEP text. Several bodies become several solids, cavities their voids.

    Args:
        created: seconds since 1970-01-01, UTC, for the file's head.
    """
    writer = _Writer()
    for line in _CONTEXT:
        writer.add(line.replace("{name}", text(name)).replace("{tolerance}", real(TOLERANCE)))
    place = writer.placement((0.0, 0.0, 0.0), (0.0, 0.0, 1.0))
    solids = [place, *_solids(mesh, writer)]
    body = writer.add(f"ADVANCED_BREP_SHAPE_REPRESENTATION({text(name)},{refs(solids)},#{_UNITS})")
    writer.add(f"SHAPE_DEFINITION_REPRESENTATION(#{_SHAPE},#{body})")
    when = datetime.fromtimestamp(created, UTC).strftime("%Y-%m-%dT%H:%M:%S")
    head = (
        "ISO-10303-21;\nHEADER;\nFILE_DESCRIPTION((''),'2;1');\n"
        f"FILE_NAME({text(name)},'{when}',(''),(''),'','studio {STUDIO_VERSION}','');\n"
        "FILE_SCHEMA(('AUTOMOTIVE_DESIGN { 1 0 10303 214 1 1 1 1 }'));\nENDSEC;\nDATA;\n"
    )
    return (head + writer.text() + "ENDSEC;\nEND-ISO-10303-21;\n").encode("ascii")


def _solids(mesh: Mesh, writer: _Writer) -> list[int]:
    bodies: list[tuple[Mesh, int]] = []
    voids: list[tuple[Mesh, int]] = []
    for shell in shells(mesh):
        number = writer.shell(shell)
        (bodies if shell.volume > 0 else voids).append((shell, number))
    inside: dict[int, list[int]] = {number: [] for _, number in bodies}
    for void, number in voids:
        around = [body for body in bodies if _contains(body[0], void.vertices[0])]
        nearest = min(around or bodies, key=lambda body: body[0].volume)
        inside[nearest[1]].append(writer.add(f"ORIENTED_CLOSED_SHELL('',*,#{number},.T.)"))
    return [
        writer.add(
            f"BREP_WITH_VOIDS('',#{body},{refs(holes)})" if holes else f"MANIFOLD_SOLID_BREP('',#{body})"
        )
        for body, holes in inside.items()
    ]


def shells(mesh: Mesh) -> list[Mesh]:
    """The connected pieces of a surface, each with vertices of its own."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    count = len(mesh.faces)
    beyond = twins(mesh) // 3
    linked = coo_array((np.ones(3 * count), (np.arange(3 * count) // 3, beyond)), shape=(count, count))
    number, label = connected_components(linked, directed=False)
    found = []
    for piece in range(number):
        used, rows = np.unique(mesh.faces[label == piece], return_inverse=True)
        found.append(Mesh(mesh.vertices[used], rows.reshape(-1, 3).astype(np.int32)))
    return found


def _contains(mesh: Mesh, point: NDArray[np.float64]) -> bool:
    """By the winding number, the sum of solid angles (van Oosterom and Strackee 1983)."""
    a, b, c = np.moveaxis(mesh.corners - point, 1, 0)
    la, lb, lc = (np.linalg.norm(one, axis=1) for one in (a, b, c))
    dot = np.einsum
    below = (
        la * lb * lc + dot("ij,ij->i", a, b) * lc + dot("ij,ij->i", b, c) * la + dot("ij,ij->i", c, a) * lb
    )
    angles = 2 * np.arctan2(dot("ij,ij->i", a, np.cross(b, c)), below)
    return bool(abs(angles.sum()) > 2 * np.pi)


class _Writer:
    """Numbers the instances; what was written once is referred to."""

    def __init__(self) -> None:
        self._lines: list[str] = []

    def add(self, instance: str) -> int:
        self._lines.append(instance)
        return len(self._lines)

    def text(self) -> str:
        return "".join(f"#{number}={line};\n" for number, line in enumerate(self._lines, start=1))

    def point(self, at: Vector) -> int:
        return self.add(f"CARTESIAN_POINT('',{reals(at)})")

    def direction(self, along: Vector) -> int:
        return self.add(f"DIRECTION('',{reals(along)})")

    def placement(self, at: Vector, normal: Vector) -> int:
        """A coordinate system whose z axis is the normal."""
        place, z, x = self.point(at), self.direction(normal), self.direction(_across(normal))
        return self.add(f"AXIS2_PLACEMENT_3D('',#{place},#{z},#{x})")

    def shell(self, mesh: Mesh) -> int:
        found = polygons(mesh, TOLERANCE / 2)
        points: list[Vector] = [tuple(row) for row in mesh.vertices.tolist()]
        corners = sorted({vertex for face in found for loop in face.loops for vertex in loop})
        places = {vertex: self.point(points[vertex]) for vertex in corners}
        ends = {vertex: self.add(f"VERTEX_POINT('',#{place})") for vertex, place in places.items()}
        edges: dict[tuple[int, int], int] = {}
        for one, other in sorted({tuple(sorted(edge)) for face in found for edge in _edges(face)}):
            run = self.direction(_unit(points[one], points[other]))
            vector = self.add(f"VECTOR('',#{run},1.)")
            line = self.add(f"LINE('',#{places[one]},#{vector})")
            edge = self.add(f"EDGE_CURVE('',#{ends[one]},#{ends[other]},#{line},.T.)")
            edges[one, other] = self.add(f"ORIENTED_EDGE('',*,*,#{edge},.T.)")
            edges[other, one] = self.add(f"ORIENTED_EDGE('',*,*,#{edge},.F.)")
        faces = [self._face(face, points, edges) for face in found]
        return self.add(f"CLOSED_SHELL('',{refs(faces)})")

    def _face(self, face: Polygon, points: list[Vector], edges: dict[tuple[int, int], int]) -> int:
        bounds = []
        for kind, loop in zip(
            ["FACE_OUTER_BOUND", *["FACE_BOUND"] * len(face.loops)], face.loops, strict=False
        ):
            around = self.add(f"EDGE_LOOP('',{refs(edges[pair] for pair in _around(loop))})")
            bounds.append(self.add(f"{kind}('',#{around},.T.)"))
        plane = self.add(f"PLANE('',#{self.placement(points[face.loops[0][0]], face.normal)})")
        return self.add(f"ADVANCED_FACE('',{refs(bounds)},#{plane},.T.)")


def _around(loop: Loop) -> list[tuple[int, int]]:
    return list(pairwise([*loop, loop[0]]))


def _edges(face: Polygon) -> list[tuple[int, int]]:
    return [edge for loop in face.loops for edge in _around(loop)]


def _unit(start: Vector, end: Vector) -> Vector:
    x, y, z = end[0] - start[0], end[1] - start[1], end[2] - start[2]
    length = (x * x + y * y + z * z) ** 0.5
    return x / length, y / length, z / length


def _across(normal: Vector) -> Vector:
    """A unit vector at a right angle to it: its cross product with the axis that it is farthest from."""
    x, y, z = normal
    least = min(abs(x), abs(y), abs(z))
    across = (0.0, z, -y) if abs(x) == least else (-z, 0.0, x) if abs(y) == least else (y, -x, 0.0)
    return _unit((0.0, 0.0, 0.0), across)


def refs(numbers: Iterable[int]) -> str:
    return "(" + ",".join(f"#{number}" for number in numbers) + ")"


def reals(values: Vector) -> str:
    return "(" + ",".join(map(real, values)) + ")"


def real(value: float) -> str:
    """A number as the standard writes it: always with a point, the exponent after an E."""
    mantissa, mark, exponent = f"{value:.10g}".partition("e")
    return (mantissa if "." in mantissa else mantissa + ".") + (f"E{int(exponent)}" if mark else "")


def text(words: str) -> str:
    """A string as the standard writes it: quotes and backslashes doubled, what is not ASCII in hex."""
    parts = []
    for sign in words:
        if " " <= sign <= "~":
            parts.append({"'": "''", "\\": "\\\\"}.get(sign, sign))
        else:
            parts.append(f"\\X2\\{sign.encode('utf-16-be', 'replace').hex().upper()}\\X0\\")
    return "'" + "".join(parts) + "'"
