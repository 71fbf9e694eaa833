"""How a part is looked at: colors, deformation, sections; which numbers are said how."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from msgspec.structs import replace
from studio_product.core.part_numbers import Figure
from studio_product.room.part.color_bar import peak_words
from studio_product.room.part.looking import (
    BENT,
    Coloring,
    Looking,
    cut_at,
    exaggeration,
    layer_of,
    legend_of,
    section_of,
)
from studio_product.room.part.part_files import numbers_of, read_solid
from studio_product.room.part.words import figure_words

from studio.errors import BadInput
from tests.studio_product.room.part_making import block, item, part, part_file, solid

CLAY = (0.5, 0.5, 0.5)


def test_nothing_colors_a_part_at_first() -> None:
    layer = layer_of(solid(), Looking(), CLAY)
    assert layer.color == CLAY
    assert legend_of(solid(), Looking()) is None


def test_stress_colors_from_none_to_the_greatest() -> None:
    looking = Looking(Coloring.STRESS)
    legend = legend_of(solid(), looking)
    assert legend is not None
    assert (legend.low, legend.high, legend.unit) == (0, 30, "MPa")
    colors = layer_of(solid(), looking, CLAY).color
    assert isinstance(colors, np.ndarray)
    assert colors.shape == (8, 3)
    assert colors[0].sum() > colors[1].sum()  # bright where it is high, at x = 0


def test_each_case_has_its_own_stress_and_displacement() -> None:
    across = legend_of(solid(), Looking(Coloring.STRESS, case=1))
    bent = legend_of(solid(), Looking(Coloring.DISPLACEMENT, case=1))
    assert across is not None
    assert bent is not None
    assert across.high == 10
    assert (bent.high, bent.unit) == (pytest.approx(0.4), "mm")


def test_a_shared_legend_gives_equal_values_equal_colors() -> None:
    looking = Looking(Coloring.STRESS, case=1)
    shared = legend_of(solid(), Looking(Coloring.STRESS))
    alone = layer_of(solid(), looking, CLAY).color
    together = layer_of(solid(), looking, CLAY, shared).color
    assert isinstance(alone, np.ndarray)
    assert isinstance(together, np.ndarray)
    assert together[0].sum() < alone[0].sum()


def test_a_peak_does_not_take_all_colors() -> None:
    peaked = solid()
    many = np.full(1000, 10, np.float32)
    many[7] = 500
    case = replace(peaked.cases[0], stress=many)
    legend = legend_of(replace(peaked, cases=(case,)), Looking(Coloring.STRESS))
    assert legend is not None
    assert (legend.high, legend.most) == (10, 500)
    assert peak_words(legend) == "peaks up to 500.0 MPa"
    plain = legend_of(solid(), Looking(Coloring.STRESS))
    assert plain is not None
    assert peak_words(plain) == ""


def test_the_deformation_is_a_round_factor_that_is_seen() -> None:
    factor = exaggeration(solid(), 0)
    low, high = solid().bounds
    shown = factor * 0.2 / np.linalg.norm(high - low)
    assert BENT / 2.5 <= shown <= BENT
    assert factor == 20
    bent = layer_of(solid(), Looking(bending=1.0), CLAY).body
    moved = bent.vertices - solid().body.vertices
    assert moved[:, 2].min() == pytest.approx(-0.2 * factor, rel=1e-6)
    assert layer_of(solid(), Looking(), CLAY).body is not bent


def test_what_does_not_move_is_shown_as_it_is() -> None:
    still = solid()
    still = replace(
        still, cases=tuple(replace(one, displacement=0 * one.displacement) for one in still.cases)
    )
    assert exaggeration(still, 0) == 1
    legend = legend_of(still, Looking(Coloring.DISPLACEMENT))
    assert legend is not None
    assert legend.low < legend.high


def test_a_section_lies_where_it_is_put() -> None:
    looking = Looking(axis="z", cut=0.25)
    section = section_of(solid(), looking)
    assert section is not None
    assert section.point == pytest.approx((30, 10, 7.5))
    assert section.normal == (0, 0, 1)
    assert cut_at(solid(), looking) == 7.5
    turned = section_of(solid(), replace(looking, from_below=True))
    assert turned is not None
    assert turned.normal == (0, 0, -1)
    assert section_of(solid(), Looking()) is None


def test_a_file_of_the_studio_comes_with_all_that_is_known(tmp_path: Path) -> None:
    read = read_solid(part_file(tmp_path / "block.glb"))
    assert [case.name for case in read.cases] == ["Down", "Across"]
    assert read.numbers.find("mass") is not None
    assert read.study is not None
    assert len(read.body.faces) == 12
    assert read.size > 0


def test_any_other_mesh_is_shown_without_numbers(tmp_path: Path) -> None:
    mesh = block()
    lines = ["solid one"]
    for face in mesh.corners:
        lines += ["facet normal 0 0 0", "outer loop"]
        lines += ["vertex {} {} {}".format(*corner) for corner in face]
        lines += ["endloop", "endfacet"]
    file = tmp_path / "one.stl"
    file.write_text("\n".join([*lines, "endsolid one"]))
    read = read_solid(file)
    assert (read.cases, read.study, read.dimensions) == ((), None, 3)
    assert len(read.body.faces) == 12


def test_a_broken_file_says_so(tmp_path: Path) -> None:
    whole = part_file(tmp_path / "block.glb").read_bytes()
    file = tmp_path / "half.glb"
    file.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(BadInput):
        read_solid(file)


def test_numbers_are_read_without_the_shape(project, access, tmp_path: Path) -> None:
    digest, _ = project.store_blob(part_file(tmp_path / "block.glb", part()), extension=".glb")
    found = numbers_of(access, item(digest))
    assert found == part().numbers
    assert numbers_of(access, item("f" * 64)).numbers == ()


def test_counts_are_whole_numbers() -> None:
    assert figure_words(Figure(3.0)) == "3"
    assert figure_words(Figure(3.0), "mm") == "3.000 mm"
    assert figure_words(Figure(4.3, 0.087), "N·mm") == "4.300 ± 0.087 N·mm"
