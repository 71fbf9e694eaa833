"""What was freed goes back to the system."""

from __future__ import annotations

import subprocess
import sys

import pytest

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
