"""Parts as files: valid glTF, exactly what was written, and nothing else is read."""

from __future__ import annotations

import json
import re
import struct
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import trimesh
from hypothesis import given, settings
from hypothesis import strategies as st
from studio_product.core.files.partfile import part_bytes, read_part, read_part_facts, write_part
from studio_product.core.mesh import Mesh
from studio_product.core.part import Part
from studio_product.core.part_numbers import Figure, PartNumber, PartNumbers
from studio_product.core.studies.study import Face, Load, LoadCase, Material, Space, Study, Support

from studio.errors import BadInput
from tests.studio_product.core.solids import ball, box

STEEL = Material(
    name="Steel", youngs_modulus=210_000.0, poissons_ratio=0.3, density=7.85, yield_strength=235.0
)
PULL = Load(name="Pull", shape=Face(side="x+"), force=(100.0, 0.0, 0.0))


def study_of(dimensions: Any = 3, cases: int = 2) -> Study:
    return Study(
        name="Stütze",
        dimensions=dimensions,
        space=Space(size=(30.0, 20.0, 10.0)),
        material=STEEL,
        supports=(Support(name="Wall", shape=Face(side="x-")),),
        cases=tuple(LoadCase(name=f"Case {n}", loads=(PULL,)) for n in range(cases)),
    )


def part_of(mesh: Mesh | None = None, dimensions: int = 3, cases: int = 2, seed: int = 7) -> Part:
    mesh = mesh or box()
    random = np.random.default_rng(seed)
    count = len(mesh.vertices)
    return Part(
        mesh=mesh,
        study=study_of(dimensions, cases),
        numbers=PartNumbers((PartNumber(name="mass", title="Mass", unit="g", worst=Figure(12.5, 0.1)),)),
        stresses=random.random((cases, count), np.float32) * 100,
        displacements=random.normal(size=(cases, count, 3)).astype(np.float32),
        contours=(np.array([[0.0, 0.1], [30, 0], [30, 1 / 3]]),) if dimensions == 2 else (),
        seed=seed,
        settings={"variants": 6, "nested": {"a": [1, None, "ü"]}},
        note="„gut“",
    )


def document_of(data: bytes) -> dict[str, Any]:
    size = struct.unpack_from("<I", data, 12)[0]
    found: dict[str, Any] = json.loads(data[20 : 20 + size])
    return found


def with_document(data: bytes, document: dict[str, Any], binary: bytes | None = None) -> bytes:
    """The file with another description, all lengths right."""
    size = struct.unpack_from("<I", data, 12)[0]
    rest = data[28 + size :] if binary is None else binary
    text = json.dumps(document).encode()
    text += b" " * (-len(text) % 4)
    chunks = struct.pack("<I4s", len(text), b"JSON") + text + struct.pack("<I4s", len(rest), b"BIN\0") + rest
    return struct.pack("<4sII", b"glTF", 2, 12 + len(chunks)) + chunks


@pytest.mark.parametrize("dimensions", [2, 3])
def test_what_was_written_is_read(tmp_path: Path, dimensions: int) -> None:
    part = part_of(ball(), dimensions)
    path = tmp_path / "part.glb"
    write_part(path, part)
    read = read_part(path)
    np.testing.assert_array_equal(read.stresses, part.stresses)
    np.testing.assert_array_equal(read.displacements, part.displacements)
    np.testing.assert_array_equal(read.mesh.faces, part.mesh.faces)
    np.testing.assert_allclose(read.mesh.vertices, part.mesh.vertices, rtol=1e-7, atol=1e-9)
    for mine, theirs in zip(read.contours, part.contours, strict=True):
        np.testing.assert_array_equal(mine, theirs)
    for name in ("study", "numbers", "seed", "settings", "note"):
        assert getattr(read, name) == getattr(part, name)


@given(st.integers(0, 2**32 - 1), st.floats(1e-3, 1e4), st.integers(0, 3))
@settings(max_examples=30)
def test_reading_and_writing_again_gives_the_same_bytes(seed: int, size: float, cases: int) -> None:
    random = np.random.default_rng(seed)
    mesh = Mesh(random.normal(size=(9, 3)) * size, random.integers(0, 9, (5, 3)).astype(np.int32))
    once = part_bytes(part_of(mesh, cases=cases, seed=seed))
    assert part_bytes(read_part(once)) == once


def test_a_part_without_fields() -> None:
    part = replace(
        part_of(), stresses=np.zeros((0, 0), np.float32), displacements=np.zeros((0, 0, 3), np.float32)
    )
    read = read_part(part_bytes(part))
    assert (read.stresses.shape, read.displacements.shape) == ((0, 0), (0, 0, 3))


def test_the_file_is_as_gltf_wants_it() -> None:
    """Khronos glTF 2.0 specification: 4.4 (GLB), 3.6.2 (accessors), 3.7.2 (attributes)."""
    part = part_of(ball())
    data = part_bytes(part)
    magic, version, total = struct.unpack_from("<4sII", data)
    assert (magic, version, total) == (b"glTF", 2, len(data))
    json_size, json_kind = struct.unpack_from("<I4s", data, 12)
    bin_size, bin_kind = struct.unpack_from("<I4s", data, 20 + json_size)
    assert (json_kind, bin_kind) == (b"JSON", b"BIN\0")
    assert not json_size % 4 and not bin_size % 4 and 28 + json_size + bin_size == total
    binary = data[28 + json_size :]
    document = document_of(data)
    assert document["asset"]["version"] == "2.0"
    assert document["buffers"] == [{"byteLength": bin_size}]
    assert document["scenes"][document["scene"]]["nodes"] == [0]
    (primitive,) = document["meshes"][document["nodes"][0]["mesh"]]["primitives"]
    assert primitive.get("mode", 4) == 4
    assert document["materials"][primitive.get("material", 0)]["pbrMetallicRoughness"]
    used = set()
    for name, number in (*primitive["attributes"].items(), ("", primitive["indices"])):
        accessor, view = document["accessors"][number], document["bufferViews"][number]
        used.add(number)
        width = {"SCALAR": 1, "VEC3": 3}[accessor["type"]]
        assert view["byteLength"] == accessor["count"] * width * 4
        assert view["byteOffset"] % 4 == 0 and view["byteOffset"] + view["byteLength"] <= bin_size
        assert view["target"] == (34962 if name else 34963)
        assert accessor["componentType"] == (5126 if name else 5125)
        if name == "POSITION":
            values = np.frombuffer(binary, "<f4", accessor["count"] * 3, view["byteOffset"]).reshape(-1, 3)
            np.testing.assert_array_equal(np.float32(accessor["min"]), values.min(axis=0))
            np.testing.assert_array_equal(np.float32(accessor["max"]), values.max(axis=0))
        elif name:
            assert re.fullmatch(r"_[A-Z][A-Z0-9_]*", name)
            assert accessor["count"] == len(part.mesh.vertices)
    assert used == set(range(len(document["accessors"])))


@pytest.mark.parametrize(("dimensions", "size"), [(3, (0.03, 0.01, 0.02)), (2, (0.03, 0.02, 0.01))])
def test_viewers_see_it_in_meters_with_y_up(tmp_path: Path, dimensions: int, size: tuple[float, ...]) -> None:
    path = tmp_path / "part.glb"
    write_part(path, part_of(dimensions=dimensions))
    (seen,) = trimesh.load(path, process=False).geometry.values()
    np.testing.assert_allclose(np.ptp(seen.bounds, axis=0), size, rtol=1e-6)
    assert seen.is_watertight and seen.volume == pytest.approx(30 * 20 * 10 * 1e-9, rel=1e-6)
    assert set(seen.vertex_attributes) >= {"_STRESS_0", "_STRESS_1", "_DISPLACEMENT_1"}


def test_facts_come_from_the_description_alone(tmp_path: Path) -> None:
    part = part_of()
    path = tmp_path / "part.glb"
    data = bytearray(part_bytes(part))
    data[-40:] = b"\xff" * 40
    path.write_bytes(data)
    facts = read_part_facts(path)
    assert (facts.study, facts.numbers, facts.seed) == (part.study, part.numbers, part.seed)
    assert (facts.settings, facts.note) == (part.settings, part.note)
    assert (facts.vertices, facts.faces) == (8, 12)
    np.testing.assert_allclose(facts.bounds, [[0, 0, 0], [30, 20, 10]], atol=1e-6)
    with pytest.raises(BadInput):
        read_part(path)


@pytest.mark.parametrize(
    "change",
    [
        {"stresses": np.zeros((1, 8), np.float32)},
        {"displacements": np.zeros((2, 7, 3), np.float32)},
        {"stresses": np.full((2, 8), np.nan, np.float32)},
        {"contours": (np.array([[0.0, np.inf]]),)},
        {"mesh": Mesh(np.zeros((8, 3)), np.zeros((0, 3), np.int32))},
        {"numbers": PartNumbers((PartNumber(name="mass", title="Mass", worst=Figure(float("inf"))),))},
    ],
)
def test_what_does_not_fit_is_not_written(change: dict[str, Any]) -> None:
    with pytest.raises(ValueError):
        part_bytes(replace(part_of(), **change))


def _without(*keys: Any) -> Any:
    def change(document: Any) -> None:
        for key in keys[:-1]:
            document = document[key]
        del document[keys[-1]]

    return change


def _set(*keys: Any) -> Any:
    def change(document: Any) -> None:
        for key in keys[:-2]:
            document = document[key]
        document[keys[-2]] = keys[-1]

    return change


ATTRIBUTES = ("meshes", 0, "primitives", 0, "attributes")


@pytest.mark.parametrize(
    "change",
    [
        _without("asset", "extras"),
        _set("asset", "version", "1.0"),
        _set("asset", "extras", "studio", "part", 2),
        _without("asset", "extras", "studio", "study", "material"),
        _set("asset", "extras", "studio", "study", "material", "density", -1),
        _set("asset", "extras", "studio", "contours", [[[0, "x"]]]),
        _set("asset", "extras", "studio", "contours", [[]]),
        _set("asset", "extras", "studio", "numbers", "numbers", 0, "worst", "value", 1e300),
        _set("asset", "extras", "studio", "numbers", "numbers", 0, "worst", "error", -1),
        _without(*ATTRIBUTES, "POSITION"),
        _without(*ATTRIBUTES, "_STRESS_1"),
        _set(*ATTRIBUTES, "POSITION", 99),
        _set(*ATTRIBUTES, "POSITION", 1),
        _set("meshes", 0, "primitives", 0, "indices", 0),
        _set("meshes", 0, "primitives", 0, "mode", 1),
        _set("meshes", []),
        _set("accessors", 0, "count", 2**31 - 1),
        _set("accessors", 0, "count", -1),
        _set("accessors", 0, "bufferView", 77),
        _set("accessors", 0, "type", "VEC4"),
        _set("accessors", 0, "componentType", 5125),
        _set("bufferViews", 0, "byteOffset", 2),
        _set("bufferViews", 1, "byteOffset", 10**9),
        _set("bufferViews", 0, "byteLength", 4),
        _set("buffers", 0, "byteLength", 4),
        _set("buffers", []),
    ],
)
def test_other_descriptions_are_refused(change: Any) -> None:
    data = part_bytes(part_of())
    document = document_of(data)
    change(document)
    with pytest.raises(BadInput, match="no part that Studio made"):
        read_part(with_document(data, document))


def test_fields_of_a_study_without_cases_are_none() -> None:
    data = part_bytes(part_of())
    document = document_of(data)
    document["asset"]["extras"]["studio"]["study"]["cases"] = []
    assert read_part(with_document(data, document)).stresses.shape == (0, 0)


def test_data_that_makes_no_mesh_is_refused() -> None:
    data = part_bytes(part_of())
    document = document_of(data)
    size = struct.unpack_from("<I", data, 12)[0]
    for place, value in ((0, struct.pack("<f", float("nan"))), (-4, struct.pack("<I", 8))):
        binary = bytearray(data[28 + size :])
        begin = place % len(binary)
        binary[begin : begin + 4] = value
        with pytest.raises(BadInput):
            read_part(with_document(data, document, bytes(binary)))


def test_a_description_as_deep_as_a_well_is_refused() -> None:
    data = part_bytes(part_of())
    text = b'{"asset":' + b"[" * 200_000 + b"]" * 200_000 + b"}  "
    text += b" " * (-len(text) % 4)
    chunks = struct.pack("<I4s", len(text), b"JSON") + text + struct.pack("<I4s", 0, b"BIN\0")
    with pytest.raises(BadInput):
        read_part(struct.pack("<4sII", b"glTF", 2, 12 + len(chunks)) + chunks)
    assert read_part(data)


def test_other_gltf_files_are_no_parts(tmp_path: Path) -> None:
    path = tmp_path / "ball.glb"
    trimesh.creation.icosphere().export(path)
    for read in (read_part, read_part_facts):
        with pytest.raises(BadInput, match="not one that Studio wrote") as caught:
            read(path)
        assert caught.value.hint and caught.value.detail


@given(st.binary(max_size=200))
def test_garbage_is_refused(data: bytes) -> None:
    with pytest.raises(BadInput):
        read_part(data)
    with pytest.raises(BadInput):
        read_part(struct.pack("<4sIIII", b"glTF", 2, 20 + len(data), len(data), 0x4E4F534A) + data)


DATA = part_bytes(part_of())


@given(st.integers(0, len(DATA) - 1))
def test_a_part_that_ends_early_is_refused(length: int) -> None:
    with pytest.raises(BadInput):
        read_part(DATA[:length])


@given(st.lists(st.tuples(st.integers(0, len(DATA) - 1), st.integers(0, 255)), min_size=1, max_size=4))
@settings(max_examples=300)
def test_damage_is_refused_or_gives_a_sound_part(changes: list[tuple[int, int]]) -> None:
    data = bytearray(DATA)
    for place, value in changes:
        data[place] = value
    try:
        part = read_part(bytes(data))
    except BadInput:
        return
    assert np.isfinite(part.mesh.vertices).all()
    assert part.mesh.faces.max() < len(part.mesh.vertices)
    assert part.stresses.shape in ((0, 0), (len(part.study.cases), len(part.mesh.vertices)))
    part_bytes(part)
