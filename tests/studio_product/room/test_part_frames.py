"""Frames of views are drawn elsewhere: of each view the newest, of all views in turn."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

import pytest
from studio_product.room.part.frames import Frames


@pytest.fixture
def frames(qapp) -> Iterator[Frames]:
    made = Frames()
    yield made
    made.close()


class Gate:
    """Work that begins and waits until it is let through."""

    def __init__(self) -> None:
        self.begun, self.go_on = threading.Event(), threading.Event()

    def __call__(self) -> str:
        self.begun.set()
        assert self.go_on.wait(10)
        return "gate"


def test_what_was_drawn_is_told_in_the_windows_thread(frames: Frames, until) -> None:
    told: list[tuple[object, bool]] = []
    here = threading.get_ident()
    drawn_in: list[int] = []

    def draw() -> str:
        drawn_in.append(threading.get_ident())
        return "frame"

    frames.ask(frames.new_view(), draw, lambda result: told.append((result, threading.get_ident() == here)))
    assert told == []
    until(lambda: told)
    assert told == [("frame", True)]
    assert drawn_in[0] != here


def test_a_view_never_queues_frames(frames: Frames, until) -> None:
    view, gate = frames.new_view(), Gate()
    drawn: list[int] = []
    told: list[object] = []
    frames.ask(view, gate, told.append)
    assert gate.begun.wait(10)
    for number in range(100):
        frames.ask(view, lambda number=number: drawn.append(number) or number, told.append)
    gate.go_on.set()
    until(lambda: 99 in told)
    assert drawn == [99]
    assert told == ["gate", 99]


def test_a_frame_is_told_to_who_wished_it_though_a_newer_wish_waits(frames: Frames, until) -> None:
    told: list[tuple[str, object]] = []
    begun, go_on = threading.Event(), threading.Event()
    view = frames.new_view()

    def old() -> str:
        begun.set()
        go_on.wait(5)
        return "old"

    frames.ask(view, old, lambda result: told.append(("old", result)))
    assert begun.wait(5)
    frames.ask(view, lambda: "new", lambda result: told.append(("new", result)))
    go_on.set()
    until(lambda: len(told) == 2)
    assert told == [("old", "old"), ("new", "new")]


def test_one_view_draws_one_frame_at_a_time(frames: Frames, until) -> None:
    view, first, second = frames.new_view(), Gate(), Gate()
    told: list[object] = []
    frames.ask(view, first, told.append)
    assert first.begun.wait(10)
    frames.ask(view, second, told.append)
    assert not second.begun.wait(0.1)  # although another thread is free
    first.go_on.set()
    second.go_on.set()
    until(lambda: len(told) == 2)


def test_the_view_under_the_hand_comes_before_others(frames: Frames, until) -> None:
    gates = [Gate(), Gate()]
    for gate in gates:
        frames.ask(frames.new_view(), gate, lambda _: None)
        assert gate.begun.wait(10)
    order: list[str] = []
    frames.ask(frames.new_view(), lambda: order.append("other"), lambda _: None)
    frames.ask(frames.new_view(), lambda: order.append("hand"), lambda _: None, first=True)
    gates[0].go_on.set()
    until(lambda: len(order) == 2)
    gates[1].go_on.set()
    assert order == ["hand", "other"]


def test_what_fails_is_told_and_the_next_frame_is_drawn(frames: Frames, until) -> None:
    view = frames.new_view()
    told: list[object] = []
    frames.ask(view, lambda: 1 / 0, told.append)
    until(lambda: told)
    assert isinstance(told[0], ZeroDivisionError)
    frames.ask(view, lambda: "fine", told.append)
    until(lambda: len(told) == 2)


def test_a_view_that_is_gone_is_told_nothing(frames: Frames, until) -> None:
    view, gate = frames.new_view(), Gate()
    told: list[object] = []
    frames.ask(view, gate, told.append)
    assert gate.begun.wait(10)
    frames.forget(view)
    gate.go_on.set()
    frames.ask(frames.new_view(), lambda: "other", told.append)
    until(lambda: told)
    assert told == ["other"]


def test_closing_waits_for_its_threads_and_takes_no_more(qapp, until: Callable[..., None]) -> None:
    frames = Frames()
    begun = threading.Event()
    told: list[object] = []
    frames.ask(frames.new_view(), begun.set, told.append)
    assert begun.wait(10)
    frames.close()
    frames.ask(frames.new_view(), lambda: told.append("late"), told.append)
    qapp.processEvents()
    assert told == []
    assert not [one for one in threading.enumerate() if one.name == "frames of parts"]
