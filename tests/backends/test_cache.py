"""What a worker keeps, by what it measured."""

from __future__ import annotations

import gc
import subprocess
import sys
import textwrap
from collections.abc import Callable

from studio.backends.cache import WarmCache

GB = 1 << 30


class Machine:
    """Memory by device: what objects take of it while they live, counted."""

    def __init__(self, **total: int) -> None:
        self.total = {device: size * GB for device, size in total.items()}
        self.held = dict.fromkeys(total, 0)

    def cache(self) -> WarmCache:
        return WarmCache(
            free=lambda device: self.total[device] - self.held[device],
            total=lambda device: self.total[device],
            held=lambda device: self.held[device],
        )

    def make(self, **sizes: int) -> Callable[[], object]:
        machine = self

        class Heavy:
            def __init__(self) -> None:
                for device, size in sizes.items():
                    machine.held[device] += size * GB

            def __del__(self) -> None:
                for device, size in sizes.items():
                    machine.held[device] -= size * GB

        return Heavy


def test_one_object_per_key() -> None:
    cache = WarmCache()
    first = cache("a", object)
    assert cache("a", object) is first
    assert cache("b", object) is not first
    assert cache.made == 2
    cache.clear()
    assert cache("a", object) is not first


def test_making_fails_without_a_trace() -> None:
    cache, was_on = WarmCache(), gc.isenabled()
    for _ in range(2):
        try:
            cache("a", lambda: 1 / 0)
        except ZeroDivisionError:
            continue
    assert cache.made == 0
    assert gc.isenabled() == was_on
    assert cache("a", lambda: 7) == 7


def test_the_longest_unused_goes_until_the_next_job_has_what_it_needs() -> None:
    machine = Machine(cpu=10)
    cache = machine.cache()
    for key in "abc":
        cache.expect("cpu", 3 * GB)
        cache(key, machine.make(cpu=3))
    cache.expect("cpu", 3 * GB)
    cache("a", machine.make(cpu=3))
    assert cache.evictable("cpu") == 9 * GB
    cache.expect("cpu", 4 * GB)
    cache("d", machine.make(cpu=4))
    assert (cache.made, cache.evictable("cpu")) == (4, 10 * GB)  # only b went
    cache.expect("cpu", 3 * GB)
    cache("a", machine.make(cpu=3))
    assert cache.made == 4


def test_what_a_job_uses_itself_stays() -> None:
    """Two models of one job: the second one's room is what the first has left of the job's need."""
    machine = Machine(cpu=10)
    cache = machine.cache()
    cache("old", machine.make(cpu=3))
    cache.expect("cpu", 8 * GB)
    cache("encoder", machine.make(cpu=2))
    assert machine.held["cpu"] == 2 * GB
    cache("network", machine.make(cpu=5))
    assert machine.held["cpu"] == 7 * GB
    cache.expect("cpu", 8 * GB)
    cache("encoder", machine.make(cpu=2))
    cache("network", machine.make(cpu=5))
    assert cache.made == 3


def test_kept_ones_make_room_for_what_a_warm_model_computes_with() -> None:
    machine = Machine(cpu=10)
    cache = machine.cache()
    for key, size in (("a", 4), ("b", 4)):
        cache.expect("cpu", 5 * GB)
        cache(key, machine.make(cpu=size))
    cache.expect("cpu", 9 * GB)
    cache("b", machine.make(cpu=4))
    assert (cache.made, machine.held["cpu"]) == (2, 4 * GB)


def test_each_device_has_its_own_room() -> None:
    machine = Machine(**{"cpu": 100, "cuda:0": 10})
    cache = machine.cache()
    cache.expect("cpu", 1 * GB)
    cache("on the processor", machine.make(cpu=5))
    cache.expect("cuda:0", 6 * GB)
    cache("first", machine.make(**{"cuda:0": 6}))
    cache.expect("cuda:0", 6 * GB)
    cache("second", machine.make(**{"cuda:0": 6}))
    assert machine.held == {"cpu": 5 * GB, "cuda:0": 6 * GB}
    assert cache.evictable("cuda:0") == 6 * GB


def test_without_a_number_a_share_must_be_free() -> None:
    machine = Machine(cpu=10)
    cache = machine.cache()
    for key in "abcd":
        cache(key, machine.make(cpu=3))
    assert machine.held["cpu"] <= 9 * GB


def test_real_memory_is_measured() -> None:
    # In a process of its own: after other tests there may be so much left over that nothing new is taken.
    alone = """
    from studio.backends.cache import WarmCache
    from studio.backends.device import held_memory
    cache = WarmCache()
    size = 64 << 20
    cache("block", lambda: b"x" * size)
    assert size * 0.9 < cache.evictable("cpu") < size * 2
    before = held_memory("cpu")
    cache.clear()
    assert held_memory("cpu") < before - size * 0.5
    """
    subprocess.run([sys.executable, "-c", textwrap.dedent(alone)], check=True)
