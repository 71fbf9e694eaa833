from __future__ import annotations

import gc
import os

from studio.backends.cache import WarmCache
from studio.backends.device import available_devices, default_threads


def test_the_processor_is_always_there() -> None:
    assert available_devices()[0] == "cpu"
    assert 1 <= default_threads() <= (os.cpu_count() or 1)


def test_one_object_per_key() -> None:
    cache = WarmCache()
    first = cache("a", object)
    assert cache("a", object) is first
    assert cache("b", object) is not first
    assert cache.made == 2
    cache.clear()
    assert cache("a", object) is not first


def test_the_longest_unused_goes_when_memory_is_short() -> None:
    free = [1.0]
    cache = WarmCache(free=lambda: free[0])
    a, b = cache("a", object), cache("b", object)
    assert cache("a", object) is a
    answers = iter([0.1, 0.9])
    cache._free = lambda: next(answers)
    cache("c", object)
    cache._free = lambda: 1.0
    assert cache("a", object) is a
    assert cache("b", object) is not b


def test_making_fails_without_a_trace() -> None:
    cache = WarmCache()
    for _ in range(2):
        try:
            cache("a", lambda: 1 / 0)
        except ZeroDivisionError:
            continue
    assert cache.made == 0
    assert gc.isenabled()
    assert cache("a", lambda: 7) == 7
