"""The garbage collector while much is loaded."""

from __future__ import annotations

import gc

import pytest

from studio.backends.collecting import without_collecting


@pytest.mark.parametrize("is_on", [True, False])
def test_the_collector_is_off_meanwhile_and_as_before_afterwards(is_on: bool) -> None:
    before = gc.isenabled()
    try:
        (gc.enable if is_on else gc.disable)()
        with pytest.raises(MemoryError), without_collecting():
            assert not gc.isenabled()
            raise MemoryError
        assert gc.isenabled() == is_on, "threads of a window must never collect"
    finally:
        (gc.enable if before else gc.disable)()
