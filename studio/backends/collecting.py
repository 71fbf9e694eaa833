"""Garbage collection while millions of lasting objects are made."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def without_collecting() -> Iterator[None]:
    """No collection runs meanwhile, and what was made is not looked through later.

    Collections while a model is loaded cost a quarter of the time, and a full one later stalls for a quarter
    of a second. Where the collector is off already it stays off: in a process with windows only their thread
    may collect.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if was_on:
            gc.enable()
