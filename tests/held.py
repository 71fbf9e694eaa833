"""What a process holds of the computer: what must not grow, however long it runs."""

from __future__ import annotations

import gc

import psutil
from msgspec import Struct

_SHARED = ("/dev/shm/", "/SYSV", "/memfd:")
"""How Linux names shared memory."""


class Held(Struct, frozen=True):
    memory: float
    """MB."""
    files: int
    """Open files, pipes and sockets."""
    shared: int
    """Pieces of shared memory; 0 where the system does not tell."""


def held() -> Held:
    """By this process, now."""
    gc.collect()
    me = psutil.Process()
    files = me.num_fds() if hasattr(me, "num_fds") else me.num_handles()
    maps = me.memory_maps(grouped=False) if hasattr(me, "memory_maps") else []
    shared = sum(one.path.startswith(_SHARED) for one in maps)
    return Held(round(me.memory_info().rss / 2**20, 1), files, shared)
