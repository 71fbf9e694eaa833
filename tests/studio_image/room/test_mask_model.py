"""The mask model: what every edit promises, for masks and edits of all kinds."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from studio_image.room.mask import Brush, MaskModel
from studio_image.room.mask.brush import stamp

from studio.ui.kit.rect import Rect

Edit = Callable[[MaskModel], Rect]

sizes = st.integers(1, 90)
coordinates = st.floats(-40, 130, allow_nan=False)
points = st.tuples(coordinates, coordinates)
brushes = st.builds(
    Brush,
    size=st.floats(0.5, 70),
    hardness=st.floats(0, 1),
    erase=st.booleans(),
)


@st.composite
def strokes(draw: st.DrawFn) -> Edit:
    brush, path = draw(brushes), draw(st.lists(points, min_size=1, max_size=5))
    return lambda model: model.stroke(path, brush)


@st.composite
def lassos(draw: st.DrawFn) -> Edit:
    corners, erase = draw(st.lists(points, min_size=2, max_size=7)), draw(st.booleans())
    return lambda model: model.lasso(corners, erase=erase)


@st.composite
def rectangles(draw: st.DrawFn) -> Edit:
    one, other, erase = draw(points), draw(points), draw(st.booleans())
    return lambda model: model.rectangle(one, other, erase=erase)


@st.composite
def floods(draw: st.DrawFn) -> Edit:
    point, tolerance, erase = draw(points), draw(st.integers(0, 255)), draw(st.booleans())

    def flood(model: MaskModel) -> Rect:
        width, height = model.size
        photo = np.random.default_rng(7).integers(0, 60, (height, width, 3), np.uint8)
        return model.flood(photo, point, tolerance, erase=erase)

    return flood


@st.composite
def filters(draw: st.DrawFn) -> Edit:
    name, radius = draw(st.sampled_from(["grow", "shrink", "feather"])), draw(st.integers(0, 40))
    return lambda model: getattr(model, name)(radius)


whole: st.SearchStrategy[Edit] = st.sampled_from([lambda m: m.invert(), lambda m: m.clear()])
edits = st.one_of(strokes(), lassos(), rectangles(), floods(), filters(), whole)


@st.composite
def models(draw: st.DrawFn) -> MaskModel:
    model = MaskModel(draw(sizes), draw(sizes))
    for edit in draw(st.lists(edits, max_size=3)):
        edit(model)
    return model


@given(models(), edits)
def test_dirty_rectangle_covers_all_changes(model: MaskModel, edit: Edit) -> None:
    before = model.pixels.copy()
    dirty = edit(model)
    changed = model.pixels != before
    assert dirty == dirty.intersected(model.bounds) or dirty.is_empty
    if not dirty.is_empty:
        changed[dirty.slices] = False
    assert not changed.any()


@given(models(), st.lists(edits, min_size=1, max_size=6))
def test_undo_and_redo_go_back_and_forth_exactly(model: MaskModel, steps: list[Edit]) -> None:
    states = [model.pixels.copy()]
    for edit in steps:
        depth = model.history.depth
        edit(model)
        if model.history.depth > depth:
            states.append(model.pixels.copy())
        assert np.array_equal(model.pixels, states[-1])
    for state in reversed(states[:-1]):
        model.undo()
        assert np.array_equal(model.pixels, state)
    for state in states[1:]:
        model.redo()
        assert np.array_equal(model.pixels, state)
    assert model.redo().is_empty


@given(models(), st.integers(0, 30))
def test_grown_mask_contains_the_old_one(model: MaskModel, radius: int) -> None:
    before = model.pixels.copy()
    model.grow(radius)
    assert (model.pixels >= before).all()


@given(models(), st.integers(0, 30))
def test_shrunk_mask_lies_inside_the_old_one(model: MaskModel, radius: int) -> None:
    before = model.pixels.copy()
    model.shrink(radius)
    assert (model.pixels <= before).all()


@given(models())
def test_inverting_twice_changes_nothing(model: MaskModel) -> None:
    before = model.pixels.copy()
    model.invert()
    assert np.array_equal(model.pixels, 255 - before)
    model.invert()
    assert np.array_equal(model.pixels, before)


@given(models(), brushes, points, st.floats(0, 1))
def test_a_dab_stays_inside_its_disc(
    model: MaskModel, brush: Brush, at: tuple[float, float], pressure: float
) -> None:
    before = model.pixels.copy()
    model.begin_stroke(*at, brush, pressure)
    model.end_stroke()
    rows, columns = np.nonzero(model.pixels != before)
    distance = np.hypot(columns + 0.5 - at[0], rows + 0.5 - at[1])
    assert (distance <= brush.size / 2 + 1.25).all()


@given(models(), brushes, st.lists(points, min_size=1, max_size=4))
def test_eraser_only_lowers_and_brush_only_raises(
    model: MaskModel, brush: Brush, path: list[tuple[float, float]]
) -> None:
    before = model.pixels.copy()
    model.stroke(path, brush)
    assert (model.pixels <= before).all() if brush.erase else (model.pixels >= before).all()


@given(st.floats(2, 60), st.floats(0, 1))
def test_overlapping_dabs_of_a_stroke_do_not_build_up(size: float, hardness: float) -> None:
    """A soft line is no darker across than one dab: its middle row holds the dab's profile."""
    model = MaskModel(100, 80)
    model.stroke([(20.5, 40.5), (80.5, 40.5)], Brush(size, hardness))
    dab = MaskModel(100, 80)
    dab.stroke([(50.5, 40.5)], Brush(size, hardness))
    column, single = model.pixels[:, 50].astype(int), dab.pixels[:, 50].astype(int)
    assert (column <= single.max()).all()
    assert (np.abs(column - single) <= 0.35 * 255).all()


@settings(max_examples=25)
@given(st.integers(20, 200))
def test_a_hard_stroke_has_a_smooth_outline(size: int) -> None:
    model = MaskModel(600, 220)
    model.stroke([(110.5, 110.5), (490.5, 110.5)], Brush(size, 1.0))
    widths = (model.pixels[:, 150:450] / 255).sum(axis=0)
    assert widths.max() - widths.min() <= 1.0
    assert abs(widths.mean() - size) <= 1.5


def test_a_dab_has_the_area_of_its_disc() -> None:
    for size in (3.0, 10.0, 47.0, 120.0):
        cover, _ = stamp(size, 1.0)
        assert (cover / 255).sum() == pytest.approx(math.pi * size * size / 4, rel=0.04)


def test_pressure_narrows_the_stroke() -> None:
    model = MaskModel(100, 100)
    model.begin_stroke(50, 50, Brush(40), 0.3)
    model.end_stroke()
    light = model.coverage
    model.begin_stroke(50, 50, Brush(40), 1.0)
    model.end_stroke()
    assert 0 < light < model.coverage / 2


@pytest.mark.parametrize("radius", [1, 5, 6, 13, 25])
def test_growing_a_dot_makes_a_disc(radius: int) -> None:
    model = MaskModel(81, 81)
    model.rectangle((40, 40), (41, 41))
    model.grow(radius)
    rows, columns = np.nonzero(model.pixels)
    reach = np.hypot(rows - 40, columns - 40)
    assert reach.max() <= radius * 1.09 + 0.5
    assert model.pixels[40, 40 + radius] == 255
    assert (model.pixels > 0).sum() == pytest.approx(math.pi * (radius + 0.5) ** 2, rel=0.3)


def test_shrinking_leaves_what_touches_the_border() -> None:
    model = MaskModel(50, 50)
    model.rectangle((0, 0), (20, 50))
    model.shrink(5)
    assert (model.pixels[:, :15] == 255).all()
    assert (model.pixels[:, 15:] == 0).all()


def test_feather_reaches_just_as_far_as_it_says() -> None:
    model = MaskModel(100, 40)
    model.rectangle((0, 0), (50, 40))
    model.feather(10)
    row = model.pixels[20].astype(int)
    assert (row[:39] == 255).all()
    assert (row[61:] == 0).all()
    assert (np.diff(row) <= 0).all()
    assert abs(row[49] - 128) < 20


def test_lasso_fills_inside_with_a_smooth_edge() -> None:
    model = MaskModel(60, 60)
    model.lasso([(10, 10), (50, 12), (30, 50)])
    assert model.pixels[20, 30] == 255
    assert model.pixels[50, 10] == 0
    assert ((model.pixels > 0) & (model.pixels < 255)).any()
    model.lasso([(0, 0), (60, 0), (60, 60), (0, 60)], erase=True)
    assert model.is_empty


def test_flood_fills_only_what_is_connected_and_alike() -> None:
    photo = np.full((40, 60, 3), 100, np.uint8)
    photo[:, 20:24] = 200
    photo[5:10, 5:10] = 108
    model = MaskModel(60, 40)
    model.flood(photo, (2.5, 2.5), 4)
    assert (model.pixels[:, 20:] == 0).all()
    assert (model.pixels[5:10, 5:10] == 0).all()
    assert model.pixels[0, 0] == 255
    model.flood(photo, (2.5, 2.5), 10)
    assert (model.pixels[:, :20] == 255).all()
    assert model.flood(photo, (-1, 4), 255).is_empty


def test_a_new_edit_forgets_what_was_undone() -> None:
    model = MaskModel(20, 20)
    model.rectangle((0, 0), (5, 5))
    model.undo()
    assert model.history.can_redo
    model.rectangle((3, 3), (9, 9))
    assert not model.history.can_redo


def test_undo_in_a_stroke_takes_all_of_it_back() -> None:
    model = MaskModel(50, 50)
    model.begin_stroke(10, 10, Brush(8))
    model.extend_stroke(40, 40)
    model.undo()
    assert model.is_empty
    assert model.extend_stroke(20, 20).is_empty


def test_an_edit_that_changes_nothing_is_no_step() -> None:
    model = MaskModel(30, 30)
    model.clear()
    model.grow(4)
    model.rectangle((5, 5), (5, 9))
    assert not model.history.can_undo


def test_measures() -> None:
    model = MaskModel(40, 20)
    assert model.is_empty and not model.is_full and model.coverage == 0
    model.rectangle((0, 0), (20, 20))
    assert not model.is_empty and not model.is_full and model.coverage == 0.5
    model.invert()
    model.rectangle((0, 0), (20, 20))
    assert model.is_full


def test_replace_scales_a_mask_of_another_size() -> None:
    model = MaskModel(40, 20)
    other = np.zeros((10, 20), np.uint8)
    other[:, 10:] = 255
    model.replace(other)
    assert (model.pixels[:, 20:] == 255).all()
    assert (model.pixels[:, :20] == 0).all()


@pytest.mark.slow
def test_fifty_steps_on_24_megapixels_fit_in_bounded_memory() -> None:
    model = MaskModel(6000, 4000)
    before = model.pixels.copy()
    rng = np.random.default_rng(3)
    for number in range(50):
        if number % 10 == 9:
            model.invert()
        else:
            path = [(float(x), float(y)) for x, y in rng.integers(0, 4000, (4, 2))]
            model.stroke(path, Brush(300, 0.4, erase=number % 3 == 2))
    assert model.history.depth == 50
    while model.history.can_undo:
        model.undo()
    assert np.array_equal(model.pixels, before)
    assert model.history.cost < 200 * 2**20
