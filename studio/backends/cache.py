"""Expensive objects (loaded models) that a worker keeps between jobs."""

from __future__ import annotations

import gc
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from studio.backends.collecting import without_collecting
from studio.backends.device import device_memory, give_back, held_memory

T = TypeVar("T")

ENOUGH = 0.3
"""The share of a device's memory that must be free before another object is made, where nobody knows how much
the job needs."""

_NOTHING = 1 << 20
"""Bytes: what has taken less gives nothing back."""


@dataclass
class _Kept:
    value: object
    sizes: dict[str, int]
    """Bytes that making it took, by device: measured."""
    job: int
    """The number of the last job that used it."""


class WarmCache:
    """Made once per key, the longest unused ones dropped first when memory runs short. For one thread.

    Each object's size is what the process, and the device, had grown by after it was made. Dropping goes on
    until what the job is expected to need is free. What it uses itself is kept, and so is what was last used
    together with that.
    """

    def __init__(
        self,
        free: Callable[[str], int] = lambda device: device_memory(device).free,
        total: Callable[[str], int] = lambda device: device_memory(device).total,
        held: Callable[[str], int] = held_memory,
    ) -> None:
        self._kept: OrderedDict[str, _Kept] = OrderedDict()
        self._free, self._total, self._held = free, total, held
        self._needed = {"cpu": 0}
        self._used: set[str] = set()
        self._job = 0
        self.made = 0
        """How many objects were made so far."""

    def expect(self, device: str, memory: int, host_memory: int = 0) -> None:
        """The next job computes on this device and is expected to need so many bytes there, and so many of
        the main memory besides; 0 where nobody knows."""
        self._needed = {"cpu": host_memory, device: memory}
        self._used.clear()
        self._job += 1

    def evictable(self, device: str) -> int:
        """Bytes of a device that would be free if nothing were kept."""
        return sum(kept.sizes.get(device, 0) for kept in self._kept.values())

    def __call__(self, key: str, make: Callable[[], T]) -> T:
        """The object of this key, made now if it is not kept. One key always means one type."""
        self._used.add(key)
        if key in self._kept:
            last = self._kept[key].job
            self._used.update(other for other, kept in self._kept.items() if kept.job == last)
        for device in self._needed:
            self._make_room(device, key)
        if key not in self._kept:
            self._kept[key] = self._make(make)
            self.made += 1
        self._kept.move_to_end(key)
        self._kept[key].job = self._job
        return self._kept[key].value  # type: ignore[return-value]

    def clear(self) -> None:
        devices = {device for kept in self._kept.values() for device in kept.sizes} | set(self._needed)
        self._kept.clear()
        _collect(*devices)

    def _make_room(self, device: str, wanted: str) -> None:
        needed, spared = self._needed[device], self._used
        if needed:
            needed -= sum(kept.sizes.get(device, 0) for key, kept in self._kept.items() if key in spared)
        elif wanted not in self._kept:
            needed, spared = int(self._total(device) * ENOUGH), {wanted}
        for key in [key for key in self._kept if key not in spared]:
            if self._free(device) >= needed:
                return
            if self._kept[key].sizes.get(device, 0) >= _NOTHING:
                del self._kept[key]
                _collect(device)

    def _make(self, make: Callable[[], T]) -> _Kept:
        before = {device: self._held(device) for device in self._needed}
        with without_collecting():
            value = make()
        return _Kept(
            value, {device: max(0, self._held(device) - was) for device, was in before.items()}, self._job
        )


def _collect(*devices: str) -> None:
    gc.unfreeze()
    gc.collect()
    gc.freeze()
    for device in devices:
        give_back(device)
