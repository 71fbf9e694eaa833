"""Meshes from files of other programs: good ones, and everything that can be wrong with them."""

from __future__ import annotations

import base64
import contextlib
import json
import os
import struct
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from studio_product.core.files import mesh_files
from studio_product.core.files.mesh_clean import mesh_of_corners
from studio_product.core.files.mesh_files import mesh_from_bytes, read_mesh
from studio_product.core.mesh import Mesh

from studio.errors import BadInput
from tests.studio_product.core.solids import (
    ball,
    box,
    glb,
    gltf,
    gltf_buffer,
    obj,
    stl,
    stl_text,
    threemf,
    threemf_model,
    threemf_object,
    turned_over,
)

BOX = box()
BIG = 10**30
HUGE = struct.pack("<80xI", 20_000_000)


def same(found: Mesh, wanted: Mesh) -> bool:
    return (
        len(found.faces) == len(wanted.faces)
        and len(found.vertices) == len(wanted.vertices)
        and found.volume == pytest.approx(wanted.volume, rel=1e-5)
        and np.allclose(found.bounds, wanted.bounds, atol=1e-4)
    )


@pytest.mark.parametrize("mesh", [BOX, box((1, 2, 3), (-70, 5, 900)), ball(10, (3, 4, 5))])
def test_every_format_gives_the_same_solid(mesh: Mesh, tmp_path: Path) -> None:
    upright = Mesh(mesh.vertices[:, [0, 2, 1]] * (1, 1, -1) / 1000, mesh.faces)  # y up, in meters
    for data in (
        stl(mesh),
        stl(mesh) + b"notes of some program",
        stl(mesh, b"solid although it is binary"),
        stl_text(mesh),
        obj(mesh),
        threemf(("3D/3dmodel.model", threemf_model(threemf_object(mesh)))),
        glb(gltf(upright), gltf_buffer(upright)),
    ):
        path = tmp_path / "nameless"
        path.write_bytes(data)
        assert same(read_mesh(path), mesh)


def test_a_text_is_read_in_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mesh_files, "_PIECE", 200)
    assert same(mesh_from_bytes(stl_text(BOX), "a.stl"), BOX)


def test_a_text_in_capitals_is_read_in_pieces_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mesh_files, "_PIECE", 200)
    assert same(mesh_from_bytes(stl_text(BOX).upper(), "a.stl"), BOX)


def test_the_unit_of_the_file_counts_unless_another_one_is_given() -> None:
    assert mesh_from_bytes(stl(BOX), "a.stl", unit="in").volume == pytest.approx(6000 * 25.4**3)
    inches = threemf(("3D/3dmodel.model", threemf_model(threemf_object(BOX), unit="inch")))
    assert mesh_from_bytes(inches, "a.3mf").volume == pytest.approx(6000 * 25.4**3)
    assert mesh_from_bytes(inches, "a.3mf", unit="mm").volume == pytest.approx(6000)
    assert mesh_from_bytes(glb(gltf(BOX), gltf_buffer(BOX)), "a.glb", unit="mm").volume == pytest.approx(6000)


def test_a_solid_that_is_inside_out_is_turned() -> None:
    assert mesh_from_bytes(stl(turned_over(BOX)), "a.stl").volume == pytest.approx(6000)


def test_hairline_gaps_of_rounded_corners_are_closed() -> None:
    rng = np.random.default_rng(2)
    corners = BOX.corners + rng.uniform(-1e-6, 1e-6, BOX.corners.shape)
    closed = mesh_of_corners(corners)
    assert len(closed.vertices) == 8 and len(closed.faces) == 12
    assert len(mesh_of_corners(BOX.corners + rng.uniform(-1e-2, 1e-2, BOX.corners.shape)).vertices) == 36


def test_triangles_without_area_are_left_out() -> None:
    flat = np.concatenate([BOX.corners, np.array([[[0.0, 0, 0], [1, 1, 1], [1, 1, 1]]])])
    assert len(mesh_of_corners(flat).faces) == 12


def test_an_obj_may_have_polygons_and_count_backwards() -> None:
    quads = ["1 3 4 2", "5 6 8 7", "1 2 6 5", "-6 -2 -1 -5", "1 5 7 3", "2 4 8 6"]
    corners = [f"v {x} {y} {z} 1.0" for x, y, z in BOX.vertices.tolist()]
    text = "\n".join([*corners, "g \\", "side", *(f"f {quad}" for quad in quads)])
    assert same(mesh_from_bytes(text.encode(), "a.obj"), BOX)


def test_a_3mf_places_what_it_builds() -> None:
    objects = (
        threemf_object(BOX)
        + threemf_object(box((500, 500, 500)), "2", 'type="support"')
        + '<object id="3"><components><component objectid="1"/>'
        '<component objectid="1" transform="-1 0 0 0 1 0 0 0 1 100 0 0"/></components></object>'
    )
    items = '<item objectid="3" transform="1 0 0 0 1 0 0 0 2 0 0 7"/><item objectid="2"/>'
    found = mesh_from_bytes(threemf(("3D/3dmodel.model", threemf_model(objects, items))), "a.3mf")
    assert found.volume == pytest.approx(2 * 2 * 6000)
    assert found.bounds[0].tolist() == [0, 0, 7] and found.bounds[1].tolist() == [100, 20, 27]


def test_a_slicers_project_keeps_its_objects_in_parts_of_their_own() -> None:
    root = threemf_model(
        '<object id="2"><components><component p:path="/3D/Objects/a.model" objectid="1"/></components>'
        "</object>",
        '<item objectid="2"/>',
    )
    part = threemf_model(threemf_object(BOX), "")
    assert same(mesh_from_bytes(threemf(("3D/3dmodel.model", root), ("3D/Objects/a.model", part)), "a"), BOX)


def test_gltf_nodes_move_turn_and_mirror_what_hangs_on_them() -> None:
    nodes = [
        {"children": [1], "scale": [2, 2, -2], "translation": [0, 1, 0]},
        {"mesh": 0, "rotation": [0, 0.5**0.5, 0, 0.5**0.5]},
    ]
    document = gltf(BOX, nodes=nodes)
    found = mesh_from_bytes(glb(document, gltf_buffer(BOX)), "a.glb", unit="mm")
    assert found.volume == pytest.approx(8 * 6000)
    assert np.allclose(found.bounds, [[0, -60, 1], [20, 0, 41]])
    matrix = [2, 0, 0, 0, 0, 2, 0, 0, 0, 0, 2, 0, 0, 0, 5, 1]
    placed = mesh_from_bytes(
        glb(gltf(BOX, nodes=[{"mesh": 0, "matrix": matrix}]), gltf_buffer(BOX)), "a", unit="mm"
    )
    assert np.allclose(placed.bounds, [[0, -25, 0], [60, -5, 40]])


def test_gltf_text_strips_and_fans() -> None:
    uri = "data:application/octet-stream;base64," + base64.b64encode(gltf_buffer(BOX)).decode()
    length = len(gltf_buffer(BOX))
    text = json.dumps(gltf(BOX, buffers=[{"byteLength": length, "uri": uri}])).encode()
    assert mesh_from_bytes(text, "a.gltf", unit="mm").volume == pytest.approx(6000)
    square = Mesh(np.array([[0.0, 0, 0], [1, 0, 0], [0, 1, 0], [1, 1, 0]]), np.array([[0, 1, 2]], np.int32))
    for mode, area in ((5, 1.0), (6, 0.5 + 0.5), (1, 0.0)):
        document = gltf(square, meshes=[{"primitives": [{"attributes": {"POSITION": 0}, "mode": mode}]}])
        data = glb(document, gltf_buffer(square))
        if mode == 1:
            with pytest.raises(BadInput, match="no triangle"):
                mesh_from_bytes(data, "a.glb")
        else:
            assert mesh_from_bytes(data, "a.glb", unit="mm").area == pytest.approx(area)


def numbers(text: str) -> bytes:
    return stl_text(BOX).replace(b"3.000000000e+01", text.encode(), 1)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "damaged or of a format"),
        (b"hello, world", "damaged or of a format"),
        (b"\x89PNG\r\n\x1a\n" + bytes(100), "damaged or of a format"),
        (stl(BOX)[:300], "damaged or of a format"),
        (bytes(84), "no triangle"),
        (b"solid nothing\nendsolid nothing\n", "without a triangle"),
        (HUGE + b"\0", "damaged or of a format"),
        (numbers("nan"), "no numbers"),
        (numbers("1e400"), "no numbers"),
        (numbers("none"), "no numbers"),
        (numbers("3e11"), "farther than"),
        (glb(gltf(BOX, nodes=[{"mesh": 0, "rotation": [0, 0, 0, 0]}]), gltf_buffer(BOX)), "no valid glTF"),
        (stl_text(BOX).replace(b"   vertex", b"   corner", 1), "not three corners"),
        (stl(Mesh(np.zeros((3, 3)), np.array([[0, 1, 2]], np.int32))), "shrunk"),
        (b"v 0 0 0\nv 1 0 0\nv 0 1 0\n", "no triangle"),
        (b"v 0 0 0\nv 1 0\nf 1 2 3", "not three numbers"),
        (b"v 0 0 0\nv 1 0 0\nv 0 1 0\nf 1 2 4", "not there"),
        (b"v 0 0 0\nv 1 0 0\nv 0 1 0\nf 1 2 0", "not there"),
        (b"v 0 0 0\nv 1 0 0\nv 0 1 0\nf 1 2 -9", "not there"),
        (b"v 0 0 0\nv 1 0 0\nv 0 1 0\nf 1 2 99999999999999999999", "not there"),
        (b"v 0 0 0\nv 1 0 0\nv 0 1 0\nf 1 2 x", "not written in numbers"),
        (threemf(("a.txt", "no")), "without a 3D model"),
        (b"PK\x03\x04" + bytes(200), "no valid 3MF"),
        (threemf(("a.model", "<model><object")), "no valid 3MF"),
        (threemf(("a.model", threemf_model("", '<item objectid="7"/>'))), "no valid 3MF"),
        (threemf(("a.model", threemf_model(threemf_object(BOX), unit="furlong"))), "no valid 3MF"),
        (threemf(("a.model", threemf_model(threemf_object(BOX).replace('v1="0"', 'v1="8"')))), "not there"),
        (threemf(("a.model", threemf_model(threemf_object(BOX).replace('v1="0"', f'v1="{BIG}"')))), "no val"),
        (threemf(("a.model", '<!DOCTYPE m [<!ENTITY a "b">]><model/>')), "forbids"),
        (b"glTF" + bytes(3), "no valid glTF"),
        (b"glTF" + struct.pack("<II", 1, 12), "version 1"),
        (b"glTF" + struct.pack("<II", 2, 999), "ends early"),
        (b'{"asset": ', "no valid glTF"),
        (b"[" * 100_000, "damaged or of a format"),
        (b'{"a":' * 100_000, "no valid glTF"),
        (glb(gltf(BOX), gltf_buffer(BOX)[:-4]), "ends early"),
        (glb(gltf(BOX, buffers=[{"byteLength": 1, "uri": "other.bin"}]), b""), "another file"),
        (glb(gltf(BOX, buffers=[{"byteLength": 1, "uri": "data:;base64,!"}]), b""), "no valid glTF"),
        (glb(gltf(BOX, extensionsRequired=["KHR_draco_mesh_compression"]), b""), "compressed"),
        (glb(gltf(BOX, nodes=[{"mesh": 0, "children": [0]}]), gltf_buffer(BOX)), "circle"),
        (glb(gltf(BOX, meshes=[]), b""), "no valid glTF"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_in_words(data: bytes, words: str) -> None:
    with pytest.raises(BadInput, match=words) as caught:
        mesh_from_bytes(data, "bracket")
    assert "“bracket”" in caught.value.message and caught.value.hint


def test_what_would_swell_in_memory_is_refused() -> None:
    for data in (
        numbers("1" * 10**6),  # in an array of texts each would be as long
        b"v 0 0 0\nv 1 0 0\nv 0 1 0\nf" + b" 1" * 10**6,
        b'{"a": [' + b"[]," * 5 * 10**6 + b"[]]}",
    ):
        with pytest.raises(BadInput):
            mesh_from_bytes(data, "a")


def test_twenty_million_triangles_are_refused_before_they_are_read(tmp_path: Path) -> None:
    path = tmp_path / "huge.stl"
    with path.open("wb") as file:
        file.write(HUGE)
        file.truncate(84 + 50 * 20_000_000)  # on most disks it takes no room
    with pytest.raises(BadInput, match=r"20\.0 million triangles"):
        read_mesh(path)
    with path.open("wb") as file:
        file.truncate(600 * 10**6)
    with pytest.raises(BadInput, match="larger than 512 MB"):
        read_mesh(path)


def test_no_format_can_bring_more_triangles_than_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("mesh_files", "mesh_gltf", "mesh_3mf"):
        monkeypatch.setattr(f"studio_product.core.files.{module}.MAX_TRIANGLES", 11)
    objects = threemf_object(Mesh(BOX.vertices, BOX.faces[:4]))
    thrice = threemf(("a.model", threemf_model(objects, '<item objectid="1"/>' * 3)))
    for data in (
        stl(BOX), stl_text(BOX), obj(ball()), glb(gltf(BOX), gltf_buffer(BOX)), thrice,
        threemf(("a.model", threemf_model(threemf_object(BOX)))),
    ):  # fmt: skip
        with pytest.raises(BadInput, match="million triangles"):
            mesh_from_bytes(data, "a")


def test_a_3mf_that_swells_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("studio_product.core.files.mesh_3mf.MAX_BYTES", 10**6)
    bomb = threemf(("a.model", "<model>" + " " * 3 * 10**6))
    assert len(bomb) < 10_000
    with pytest.raises(BadInput, match="larger than"):
        mesh_from_bytes(bomb, "a.3mf")
    within = (
        '<object id="1"><components><component objectid="1"/><component objectid="1"/></components></object>'
    )
    with pytest.raises(BadInput, match="made of each other"):
        mesh_from_bytes(threemf(("a.model", threemf_model(within))), "a.3mf")
    for swarm in ("<a>" * 200, '<object id="1"/>' * 30_000, '<item objectid="1"/>' * 30_000):
        with pytest.raises(BadInput, match="too deep"):
            mesh_from_bytes(threemf(("a.model", f"<model>{swarm}")), "a.3mf")


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    for path in (tmp_path / "none.stl", tmp_path, Path("a\0b.stl"), Path(os.devnull)):
        with pytest.raises(BadInput, match="cannot be read"):
            read_mesh(path)


SOURCES = [
    stl(BOX), stl_text(BOX), obj(BOX), threemf(("a.model", threemf_model(threemf_object(BOX)))),
    glb(gltf(BOX), gltf_buffer(BOX)), json.dumps(gltf(BOX)).encode(),
]  # fmt: skip


@settings(max_examples=150)
@given(st.sampled_from(SOURCES), st.lists(st.tuples(st.integers(0, 4000), st.binary(max_size=6)), max_size=4))
@example(SOURCES[0], [(80, b"\xff\xff\xff\xff")])
def test_whatever_is_in_a_file_gives_a_mesh_or_words(data: bytes, changes: list[tuple[int, bytes]]) -> None:
    for place, new in changes:
        place %= len(data)
        data = data[:place] + new + data[place + len(new) :]
    try:
        mesh = mesh_from_bytes(data, "a")
    except BadInput:
        return
    assert len(mesh.faces) and np.isfinite(mesh.vertices).all() and mesh.faces.max() < len(mesh.vertices)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 10**12) | st.floats() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=6,
)


@settings(max_examples=150)
@given(st.sampled_from(sorted(gltf(BOX))), JSON)
def test_whatever_a_gltf_says_gives_a_mesh_or_words(key: str, value: object) -> None:
    with contextlib.suppress(BadInput):
        mesh_from_bytes(glb(gltf(BOX, **{key: value}), gltf_buffer(BOX)), "a.glb")


@settings(max_examples=150)
@given(
    st.sampled_from(["accessors", "bufferViews"]),
    st.integers(0, 1),
    st.sampled_from(
        ["bufferView", "count", "byteOffset", "byteStride", "componentType", "type", "normalized", "buffer"]
    ),
    st.one_of(st.integers(-9, 10**10), st.sampled_from(["SCALAR", "VEC3", True, 1.5, None, 5121, 5126])),
)
def test_whatever_an_accessor_says_gives_a_mesh_or_words(
    part: str, row: int, key: str, value: object
) -> None:
    document = gltf(BOX)
    document[part][row][key] = value  # type: ignore[index]
    with contextlib.suppress(BadInput):
        mesh_from_bytes(glb(document, gltf_buffer(BOX)), "a.glb")
