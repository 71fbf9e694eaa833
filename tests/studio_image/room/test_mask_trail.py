"""What is written down of a mask, step by step, makes the same mask again."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from studio_image.room.mask import Brush, KeptMask, MaskModel, Trail
from studio_image.room.mask import trail as trail_module

from tests.studio_image.room.fake_context import Kept

SIZE = (600, 500)
points = st.tuples(st.floats(-20, 620), st.floats(-20, 520))
acts = st.lists(
    st.one_of(
        st.tuples(st.just("stroke"), st.lists(points, min_size=1, max_size=4), st.booleans()),
        st.tuples(st.sampled_from(["invert", "clear", "undo", "redo", "feather", "noise"])),
    ),
    max_size=12,
)


def act(model: MaskModel, words: tuple) -> None:
    match words:
        case ("stroke", where, erase):
            model.stroke(where, Brush(90, 0.6, erase))
        case ("feather",):
            model.feather(9)
        case ("noise",):
            model.put(model.bounds, np.random.default_rng(3).integers(0, 256, SIZE[::-1], np.uint8))
        case (name,):
            getattr(model, name)()


def painted(kept: Kept, *steps: tuple) -> MaskModel:
    model = MaskModel(*SIZE)
    Trail(kept, "mask", model, 0)
    for words in steps:
        act(model, words)
    return model


def assert_same(again: MaskModel, model: MaskModel) -> None:
    """They have the same pixels, and go the same way back and forth."""
    assert np.array_equal(again.pixels, model.pixels)
    back = 0
    while model.history.can_undo:
        model.undo(), again.undo()
        back += 1
        assert np.array_equal(again.pixels, model.pixels)
    assert not again.history.can_undo
    while model.history.can_redo:
        model.redo(), again.redo()
        assert np.array_equal(again.pixels, model.pixels)
    assert not again.history.can_redo


@given(acts)
@settings(max_examples=40, deadline=None)
def test_mask_and_undo_come_back(steps: list[tuple]) -> None:
    kept = Kept()
    model = painted(kept, *steps)
    records = kept.of("mask")
    again = KeptMask(records)
    if records:
        assert again.count == len(records)
        again.model().history.told = lambda act, step: None
        model.history.told = lambda act, step: None
        assert_same(again.model(), model)
    else:
        assert model.is_empty and again.size == (0, 0)


@given(acts, acts)
@settings(max_examples=20, deadline=None)
def test_it_goes_on_after_it_came_back(before: list[tuple], after: list[tuple]) -> None:
    kept = Kept()
    model = painted(kept, ("invert",), *before)
    half = KeptMask(kept.of("mask"))
    other = half.model()
    Trail(kept, "mask", other, half.count)
    for words in after:
        act(other, words)
        model.history.told = lambda act, step: None
        act(model, words)
    whole = KeptMask(kept.of("mask"))
    other.history.told = lambda act, step: None
    assert whole.count is not None
    assert_same(whole.model(), model)


def test_many_steps_are_written_anew_with_the_last_of_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trail_module, "MOST_RECORDS", 30)
    monkeypatch.setattr(trail_module, "MOST_AGAIN", 5)
    kept = Kept()
    model = painted(kept, ("noise",))
    for number in range(40):
        act(model, ("stroke", [(number * 9.0, 50.0)], False))
        if number % 7 == 0:
            act(model, ("undo",))
        assert len(kept.of("mask")) < 40
        again = KeptMask(kept.of("mask")).model()
        assert np.array_equal(again.pixels, model.pixels)
        assert (
            again.history.depth >= min(4, model.history.depth)
            and again.history.can_redo == model.history.can_redo
        )


@pytest.mark.parametrize(
    "spoil", [lambda _: b"", lambda data: data[:-9], lambda data: data[:9] + b"\xff" * 9, lambda _: b"zz"]
)
def test_what_cannot_be_read_ends_it_and_is_written_anew(spoil: Callable[[bytes], bytes]) -> None:
    kept = Kept()
    model = painted(kept, ("stroke", [(50.0, 60.0)], False))
    before = model.pixels.copy()
    act(model, ("stroke", [(300.0, 60.0)], False))
    kept.all["mask"][-1] = spoil(kept.all["mask"][-1])
    again = KeptMask(kept.of("mask"))
    assert np.array_equal(again.model().pixels, before) and again.count is None
    Trail(kept, "mask", again.model(), again.count)
    act(again.model(), ("invert",))
    third = KeptMask(kept.of("mask"))
    assert third.count is not None and np.array_equal(third.model().pixels, again.model().pixels)


@given(st.lists(st.binary(max_size=60), max_size=5))
@settings(deadline=None)
def test_any_bytes_can_be_read(records: list[bytes]) -> None:
    KeptMask(records).model()
    KeptMask([b"m\x92\xcd\x02X\xcd\x01\xf4", *(b"s" + one for one in records)]).model()
