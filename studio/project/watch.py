"""Long work on a project says how far it is, and stops where it is told to.

`watched(tell)` goes around a call; whatever that call does in parts asks `tell` between them. What `tell`
raises stops the work: inside a transaction it takes everything back. Nothing has to be handed down, and
without `watched` all this costs nothing.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TypeVar

T = TypeVar("T")

Tell = Callable[[float, float], object]
"""Gets what is done and the whole. What it raises stops the work."""

CHUNK = 1000
"""Rows at a time: about 50 ms of work, so that whoever wants to stop need not wait."""


_STEPS = 200_000
"""Of SQLite's machine, between two looks whether one long statement shall go on: a few milliseconds."""


class _Here(threading.local):
    tell: Tell | None = None
    low, high = 0.0, 1.0
    last = 0.0


_here = _Here()


@contextmanager
def watched(tell: Tell) -> Iterator[None]:
    """What this thread does on a project inside tells `tell` how far it is."""
    before = (_here.tell, _here.low, _here.high)
    _here.tell, _here.low, _here.high = tell, 0.0, 1.0
    try:
        yield
    finally:
        _here.tell, _here.low, _here.high = before


@contextmanager
def part(low: float, high: float) -> Iterator[None]:
    """What is done inside is this share of the whole: from `low` to `high`, of 0 to 1."""
    before = (_here.low, _here.high)
    span = _here.high - _here.low
    _here.low, _here.high = _here.low + span * low, _here.low + span * high
    try:
        tell(0, 1)
        yield
    finally:
        _here.low, _here.high = before


def tell(done: float, total: float) -> None:
    """Says how far this part is. Raises what the watcher raises to stop the work."""
    if _here.tell is not None:
        share = done / total if total else 1.0
        _here.last = _here.low + (_here.high - _here.low) * min(share, 1.0)
        _here.tell(_here.last, 1.0)


@contextmanager
def stoppable(connection: sqlite3.Connection) -> Iterator[None]:
    """Long statements on this connection can be stopped too. Raises what the watcher raises."""
    watcher, stopped = _here.tell, []
    if watcher is None:
        yield
        return

    def look() -> bool:
        try:
            watcher(_here.last, 1.0)
        except BaseException as error:  # noqa: BLE001 - SQLite hands no exception on
            stopped.append(error)
        return bool(stopped)

    connection.set_progress_handler(look, _STEPS)
    try:
        yield
    except sqlite3.OperationalError as error:
        raise stopped[0] if stopped else error from None
    finally:
        connection.set_progress_handler(None, 0)


def chunks(whole: Sequence[T], size: int = CHUNK) -> Iterator[Sequence[T]]:
    """The whole in parts, telling before each and at the end."""
    for begin in range(0, len(whole), size):
        tell(begin, len(whole))
        yield whole[begin : begin + size]
    tell(1, 1)


def each(whole: Iterable[T], total: int) -> Iterator[T]:
    """The same, one by one."""
    for number, one in enumerate(whole):
        tell(number, total)
        yield one
    tell(1, 1)
