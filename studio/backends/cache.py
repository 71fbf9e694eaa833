"""Expensive objects (loaded models) that a worker keeps between jobs."""

from __future__ import annotations

import gc
from collections import OrderedDict
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

ENOUGH = 0.3
"""The share of the machine's memory that must be free before another object is made beside the kept ones."""


def free_memory() -> float:
    """The share of the machine's memory that is free, 0 to 1."""
    import psutil

    memory = psutil.virtual_memory()
    return float(memory.available / memory.total)


class WarmCache:
    """Made once per key, the longest unused one dropped first when memory runs short. For one thread."""

    def __init__(self, free: Callable[[], float] = free_memory) -> None:
        self._kept: OrderedDict[str, object] = OrderedDict()
        self._free = free
        self.made = 0
        """How many objects were made so far."""

    def __call__(self, key: str, make: Callable[[], T]) -> T:
        """The object of this key, made now if it is not kept. One key always means one type."""
        if key not in self._kept:
            while self._kept and self._free() < ENOUGH:
                self._drop_oldest()
            self._kept[key] = self._make(make)
            self.made += 1
        self._kept.move_to_end(key)
        return self._kept[key]  # type: ignore[return-value]

    def clear(self) -> None:
        self._kept.clear()
        _collect()

    def _drop_oldest(self) -> None:
        self._kept.popitem(last=False)
        _collect()

    def _make(self, make: Callable[[], T]) -> T:
        # Loading makes millions of lasting objects: collections during it cost a quarter of its time, and a
        # full one later, over all of them, stalls for a quarter of a second.
        gc.disable()
        try:
            return make()
        finally:
            gc.freeze()
            gc.enable()


def _collect() -> None:
    gc.unfreeze()
    gc.collect()
    gc.freeze()
