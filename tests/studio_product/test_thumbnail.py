"""The thumbnail of a part, as the service process makes it."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image
from studio_product.core.files.partfile import write_part
from studio_product.core.part import Part
from studio_product.core.studies.catalog import preset
from studio_product.formats.thumbnail import thumbnail

from studio.errors import BadInput
from tests.studio_product.core.solids import box

SIDE = 120
patient = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
Faces = list[tuple[tuple[float, float, float], ...]]
CUBE: Faces = [
    ((0, 0, 0), (1, 0, 0), (1, 1, 0)),
    ((0, 0, 1), (1, 0, 1), (1, 1, 1)),
    ((0, 0, 0), (1, 0, 0), (1, 0, 1)),
]


def stl(faces: Faces) -> bytes:
    made = b"\0" * 80 + struct.pack("<I", len(faces))
    for face in faces:
        made += struct.pack("<12fH", 0, 0, 0, *[value for corner in face for value in corner], 0)
    return made


def written(folder: Path, name: str, data: bytes) -> Path:
    file = folder / name
    file.write_bytes(data)
    return file


def drawn(source: Path) -> Image.Image:
    made = thumbnail(source, SIDE)
    assert (made.width, made.height) == (SIDE, SIDE)
    return Image.frombytes("RGBA", (SIDE, SIDE), made.rgba)


def test_a_part_is_drawn_in_its_middle_and_nothing_around_it(tmp_path: Path) -> None:
    alpha = drawn(written(tmp_path, "cube.stl", stl(CUBE))).getchannel("A")
    covered = sum(alpha.histogram()[201:])
    assert SIDE * SIDE * 0.2 < covered < SIDE * SIDE * 0.9
    assert alpha.getpixel((0, 0)) == 0


def test_the_nearer_face_hides_the_farther(tmp_path: Path) -> None:
    """A large floor, and above it a smaller roof: the roof's light is what is seen."""
    floor: Faces = [((-3, -3, 0), (3, -3, 0), (3, 3, 0)), ((-3, -3, 0), (3, 3, 0), (-3, 3, 0))]
    slope: Faces = [((-1, -1, 1), (1, -1, 1), (1, 1, 2.5)), ((-1, -1, 1), (1, 1, 2.5), (-1, 1, 2.5))]
    for name, faces in (("a", floor + slope), ("b", slope + floor)):
        both = drawn(written(tmp_path, f"{name}.stl", stl(faces)))
        solid = {color[:3] for _, color in both.getcolors(SIDE * SIDE) or () if color[3] == 255}  # type: ignore[index]
        assert len(solid) > 1, "the roof is lit differently"


def test_a_part_of_the_studio_is_drawn(tmp_path: Path) -> None:
    write_part(tmp_path / "part.glb", Part(box(), preset("mbb-beam")))
    alpha = drawn(tmp_path / "part.glb").getchannel("A")
    assert alpha.getpixel((SIDE // 2, SIDE // 2)) == 255
    assert alpha.getpixel((1, 1)) == 0


def test_what_is_no_part_is_said(tmp_path: Path) -> None:
    with pytest.raises(BadInput):
        thumbnail(written(tmp_path, "file", b"not a part"), SIDE)


@patient
@given(st.lists(st.tuples(*[st.tuples(*[st.floats(width=32)] * 3)] * 3), max_size=6))
def test_any_faces_are_drawn_or_refused(tmp_path: Path, faces: Faces) -> None:
    try:
        drawn(written(tmp_path, "any.stl", stl(faces)))
    except BadInput as error:
        assert error.hint


@patient
@given(st.binary(max_size=300), st.sampled_from([b"", stl(CUBE), b"solid\nvertex 1 2 "]))
def test_any_file_is_drawn_or_refused(tmp_path: Path, data: bytes, head: bytes) -> None:
    try:
        drawn(written(tmp_path, "file.stl", head + data))
    except BadInput as error:
        assert error.hint
