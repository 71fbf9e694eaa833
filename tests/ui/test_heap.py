"""What was freed goes back to the system."""

from __future__ import annotations

import subprocess
import sys

import pytest

from studio.ui.shell.studio_window import StudioWindow

PROGRAM = """
import psutil
from studio.ui.shell.heap import give_back_memory
give_back_memory()
before, small = psutil.Process().memory_info().rss, []
for turn in range(4):
    large = []
    for number in range(30):
        large.append(bytearray(b"x") * (4 << 20))
        small.append(bytearray(b"x") * 3000)
    del large
print((psutil.Process().memory_info().rss - before) >> 20)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="asks Linux' C library")
def test_large_pieces_leave_no_holes() -> None:
    grown = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True).stdout
    assert int(grown) < 20, "of 120 MB that were in use four times"


HOLES = """
import psutil
from studio.ui.shell.heap import give_back_holes, give_back_memory
give_back_memory()
start, small, large = psutil.Process().memory_info().rss, [], []
for _ in range(1000):
    large.append(bytearray(b"x") * 100_000)
    small.append(bytearray(b"x") * 3000)
del large
full = psutil.Process().memory_info().rss
give_back_holes()
print((psutil.Process().memory_info().rss - start) / (full - start))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="asks Linux' C library")
def test_holes_between_small_pieces_go_back_too() -> None:
    left = subprocess.run([sys.executable, "-c", HOLES], capture_output=True, text=True, check=True).stdout
    assert float(left) < 0.3, "of 100 MB that lie free between 3 MB in use"


def test_a_program_does_that_at_times(studio: StudioWindow) -> None:
    assert studio.session._giving_back.isActive()
