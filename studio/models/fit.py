"""Whether a model runs on this computer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import Struct

from studio.core.model import Need

_ROOM = 1.3
"""So many times a model's files, where nobody says what it takes of the memory."""


class Fit(Struct, frozen=True):
    """Whether a model runs on this computer: what it takes, and of how much."""

    ok: bool
    device: str
    precision: str
    needed: int
    """Bytes."""
    there: int
    """Bytes that the device has; 0 where nobody knows."""


def fit_of(needs: Sequence[Need], size: int, memory: Mapping[str, int]) -> Fit:
    """The first need that the computer meets, else the smallest one; a guess where none is stated."""
    if not needs:
        needs = (Need(device="cpu", precision="", memory=round(size * _ROOM)),)
    found = [
        Fit(need.memory <= there or not there, device, need.precision, need.memory, there)
        for need in needs
        for device, there in memory.items()
        if device.partition(":")[0] == need.device
    ]
    smallest = min(needs, key=lambda need: need.memory)
    there = memory.get("cpu", 0)
    otherwise = Fit(False, smallest.device, smallest.precision, smallest.memory, there)
    return next((one for one in found if one.ok), min(found, key=lambda one: one.needed, default=otherwise))
