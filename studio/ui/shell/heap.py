"""What was freed goes back to the system: a window that is open all day does not keep its largest hour."""

from __future__ import annotations

import sys

_TRIM_THRESHOLD, _MMAP_THRESHOLD, _ARENA_MAX = -1, -3, -8
"""Of glibc's `mallopt`."""
LARGE = 2**20
"""Bytes: a piece of this size is mapped by itself, and is gone when it is freed."""


EVERY_MS = 30_000
"""Between two times at which what lies free between other pieces is given back: that takes 3 to 13 ms."""


def give_back_memory() -> None:
    """Where the C library is glibc: it would keep ever larger pieces, up to 32 MB, and small ones among them
    would hold the holes open."""
    if sys.platform != "linux":
        return
    import ctypes

    library = ctypes.CDLL(None)
    if hasattr(library, "mallopt"):
        library.mallopt(_MMAP_THRESHOLD, LARGE)
        library.mallopt(_TRIM_THRESHOLD, 2 * LARGE)
        library.mallopt(_ARENA_MAX, 2)


def give_back_holes() -> None:
    """Where the C library is glibc: pages that are free between pieces in use."""
    if sys.platform != "linux":
        return
    import ctypes

    library = ctypes.CDLL(None)
    if hasattr(library, "malloc_trim"):
        library.malloc_trim(0)
