"""Drafts that are whole, kept until their job is done: one that was broken off writes the missing ones."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import msgspec

from studio.api import Run
from studio_text.generators.decoding.decode import Draft


def keep(run: Run, number: int, draft: Draft) -> None:
    path = _file(run, number)
    aside = path.with_suffix(".part")
    aside.write_bytes(msgspec.json.encode(draft))
    aside.replace(path)


def kept(run: Run, count: int) -> dict[int, Draft]:
    """What earlier runs of this job have written of its drafts, by number. A damaged file is no draft."""
    found = {}
    for number in range(count):
        with suppress(OSError, msgspec.DecodeError):
            found[number] = msgspec.json.decode(_file(run, number).read_bytes(), type=Draft)
    return found


def _file(run: Run, number: int) -> Path:
    return run.kept / f"draft-{number + 1}.json"
