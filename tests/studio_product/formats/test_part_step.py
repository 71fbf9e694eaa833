"""STEP: flat faces, exact topology, and what Open CASCADE makes of it.

Open CASCADE is only needed here. `STUDIO_TEST_OCC` names a Python that has it (`pip install cadquery-ocp`).
"""

from __future__ import annotations

import importlib.util
import json
import os
import re
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from studio_product.core.mesh import Mesh
from studio_product.formats.polygons import polygons
from studio_product.formats.step import as_step, real, shells, text

from tests.studio_product.core.solids import ball, box, together, turned_over

BOX = box()


def turned(mesh: Mesh, angle: float = 0.7) -> Mesh:
    """About an odd axis, in single precision, as files of triangles have it."""
    c, s = np.cos(angle), np.sin(angle)
    turn = np.array([[c, -s, 0], [s, c, 0], [0, 0, 1]]) @ np.array([[1, 0, 0], [0, 0.8, -0.6], [0, 0.6, 0.8]])
    return Mesh((mesh.vertices @ turn.T).astype(np.float32).astype(float), mesh.faces)


def cut(mesh: Mesh, times: int = 2) -> Mesh:
    import trimesh

    made = trimesh.Trimesh(mesh.vertices, mesh.faces, process=False)
    for _ in range(times):
        made = made.subdivide()
    return Mesh(np.array(made.vertices), np.array(made.faces, np.int32))


def united(*meshes: Mesh, cut_out: Mesh | None = None) -> Mesh:
    from manifold3d import Manifold, Mesh64

    def body(mesh: Mesh) -> Manifold:
        return Manifold(Mesh64(mesh.vertices, mesh.faces.astype(np.uint64)))

    whole = body(meshes[0])
    for mesh in meshes[1:]:
        whole += body(mesh)
    made = (whole - body(cut_out) if cut_out else whole).to_mesh64()
    return Mesh(np.array(made.vert_properties[:, :3]), np.array(made.tri_verts, np.int32))


WITH_HOLE = united(BOX, cut_out=box((5, 5, 30), (10, 8, -10)))
SHAPES = {
    "box": (BOX, 6),
    "cut box": (cut(BOX), 6),
    "turned box": (turned(cut(BOX)), 6),
    "hole": (cut(WITH_HOLE, 1), 10),
    "pocket": (united(BOX, cut_out=box((5, 5, 6), (10, 8, 7))), 11),
    "step": (united(BOX, box((10, 20, 25))), 8),
    "ball": (ball(level=2), 320),
    "cavity": (together([cut(BOX), turned_over(ball(3, (15, 10, 5), level=1))]), 86),
    "two bodies": (together([BOX, ball(5, (60, 0, 0), level=1)]), 86),
}


def euler(mesh: Mesh) -> tuple[int, int]:
    """V - E + F - (rings) of the polygons and of the triangles: equal, say Euler and Poincare."""
    found = polygons(mesh, 1e-6)
    corners = {v for face in found for loop in face.loops for v in loop}
    edges = sum(len(loop) for face in found for loop in face.loops) // 2
    rings = sum(len(face.loops) - 1 for face in found)
    triangles = len(np.unique(mesh.faces)) - len(mesh.faces) * 3 // 2 + len(mesh.faces)
    return len(corners) - edges + len(found) - rings, triangles


@pytest.mark.parametrize("name", SHAPES)
def test_flat_neighbors_are_one_face(name: str) -> None:
    mesh, faces = SHAPES[name]
    tolerance = 5e-5 if name == "turned box" else 1e-6
    assert len(polygons(mesh, tolerance)) == faces
    if name != "turned box":
        assert len(set(euler(mesh))) == 1


def area_of(mesh: Mesh, loop: list[int], normal: tuple[float, float, float]) -> float:
    points = mesh.vertices[loop] - mesh.vertices[loop[0]]
    return float(np.cross(points[1:-1], points[2:]).sum(axis=0) @ normal / 2)


def test_loops_run_round_the_material() -> None:
    holed = [face for face in polygons(WITH_HOLE, 1e-6) if len(face.loops) == 2]
    assert len(holed) == 2
    for face in holed:
        outer, hole = (area_of(WITH_HOLE, loop, face.normal) for loop in face.loops)
        assert outer == pytest.approx(600) and hole == pytest.approx(-25)


@settings(max_examples=30)
@given(st.lists(st.tuples(*[st.integers(0, 3)] * 3), min_size=1, max_size=14, unique=True), st.booleans())
def test_faces_close_however_blocks_are_put_together(cells: list[tuple[int, int, int]], fine: bool) -> None:
    """Blocks that meet in faces, edges and corners: pinched outlines, holes, several bodies, cavities."""
    mesh = united(*(box((1, 1, 1), cell) for cell in cells))
    mesh = cut(mesh, 1) if fine else mesh
    found = polygons(mesh, 1e-6)
    loops = [(face, loop) for face in found for loop in face.loops]
    edges = [pair for _, loop in loops for pair in pairwise([*loop, loop[0]])]
    assert len(set(edges)) == len(edges) and all((b, a) in set(edges) for a, b in edges)
    assert sum(area_of(mesh, loop, face.normal) for face, loop in loops) == pytest.approx(mesh.area)


def test_a_curved_surface_is_not_flattened_bit_by_bit() -> None:
    """Each triangle of a fine cylinder is nearly in its neighbor's plane, but the far side is not."""
    import trimesh

    made = trimesh.creation.cylinder(50, 10, sections=2000)
    mesh = Mesh(np.array(made.vertices), np.array(made.faces, np.int32))
    for face in polygons(mesh, 1e-4):
        points = mesh.vertices[[vertex for loop in face.loops for vertex in loop]]
        assert np.abs((points - points[0]) @ face.normal).max() < 3e-4


def test_shells_are_told_apart() -> None:
    mesh, _ = SHAPES["cavity"]
    volumes = sorted(shell.volume for shell in shells(mesh))
    assert len(volumes) == 2 and volumes[0] < 0 and volumes[1] == pytest.approx(6000)


def test_the_text_is_what_the_standard_wants() -> None:
    data = as_step(BOX, "Träger's “a\\b” 🪑", 0.0)
    assert data == as_step(BOX, "Träger's “a\\b” 🪑", 0.0)
    words = data.decode("ascii")
    assert words.startswith("ISO-10303-21;\n") and words.endswith("END-ISO-10303-21;\n")
    assert "AUTOMOTIVE_DESIGN { 1 0 10303 214 1 1 1 1 }" in words and "1970-01-01T00:00:00" in words
    numbers = [int(n) for n in re.findall(r"^#(\d+)=", words, re.MULTILINE)]
    named = {int(n) for n in re.findall(r"#(\d+)", words)}
    assert numbers == list(range(1, len(numbers) + 1)) and named == set(numbers)
    assert words.count("ADVANCED_FACE") == 6 and words.count("EDGE_CURVE") == 12
    assert words.count("VERTEX_POINT") == 8 and "MANIFOLD_SOLID_BREP" in words
    assert b"BREP_WITH_VOIDS" in as_step(SHAPES["cavity"][0], "a", 0.0)


@given(st.floats(-1e12, 1e12))
def test_numbers_have_a_point_and_read_back(value: float) -> None:
    written = real(value)
    assert re.fullmatch(r"-?\d+\.\d*(E-?\d+)?", written) and float(written) == pytest.approx(value, rel=1e-9)


@given(st.text())
def test_any_name_is_ascii_between_quotes(name: str) -> None:
    written = text(name)
    assert written.isascii() and written.isprintable() and written[1:-1].replace("''", "").count("'") == 0


def python_with_occ() -> str:
    if given_one := os.environ.get("STUDIO_TEST_OCC", ""):
        return given_one
    if importlib.util.find_spec("OCP") is None:
        pytest.skip("Open CASCADE is not here: set STUDIO_TEST_OCC to a Python with cadquery-ocp")
    return sys.executable


@pytest.mark.slow
def test_open_cascade_reads_valid_solids_of_the_same_volume(tmp_path: Path) -> None:
    python = python_with_occ()
    files = []
    for number, (mesh, _) in enumerate(SHAPES.values()):
        files.append(tmp_path / f"{number}.step")
        files[-1].write_bytes(as_step(mesh, f"part {number} ü", 0.0))
    script = Path(__file__).with_name("read_step.py")
    ran = subprocess.run([python, str(script), *map(str, files)], capture_output=True, text=True, check=True)
    for (name, (mesh, faces)), read in zip(
        SHAPES.items(), json.loads(ran.stdout.splitlines()[-1]), strict=True
    ):
        assert read["valid"], name
        assert read["volume"] == pytest.approx(mesh.volume, rel=1e-6), name
        assert read["faces"] == faces and read["solids"] == (2 if name == "two bodies" else 1), name
        assert read["shells"] == (2 if name in ("two bodies", "cavity") else 1), name
