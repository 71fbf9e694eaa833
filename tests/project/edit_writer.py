"""Writes to a journal without end, and tells of each record that is written: to be killed.

`python -m tests.project.edit_writer FILE NUMBER`: the records from this number on.
"""

from __future__ import annotations

import random
import sys
from itertools import count
from pathlib import Path

from studio.project.edits import Edits


def record(number: int) -> tuple[bool, str, bytes]:
    """Whether it is added, its key and its value: the same number gives the same."""
    chance = random.Random(number)
    size = chance.choice((1, 300, 20_000, 200_000))
    return chance.random() < 0.6, f"key {chance.randrange(4)}", f"{number} ".encode() + chance.randbytes(size)


def main(file: Path, first: int) -> None:
    edits = Edits(file)
    for number in count(first):
        is_added, key, value = record(number)
        (edits.add if is_added else edits.keep)(key, value)
        edits.flush()
        print(number, flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
