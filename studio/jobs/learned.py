"""What jobs cost on this computer and how they got on, in a file of the cache: what one project has learned,
the next knows."""

from __future__ import annotations

import logging
from pathlib import Path

import msgspec
from msgspec.structs import replace

from studio.errors import StudioError
from studio.jobs.estimate import Cost, History, Work
from studio.jobs.time_left import Pace
from studio.project.files import write_atomically

FILE = "job-costs.json"
_MOST = 2000

log = logging.getLogger(__name__)


class _Learned(msgspec.Struct, frozen=True):
    work: Work
    cost: Cost | None = None
    pace: Pace | None = None


def recall(folder: Path, history: History) -> None:
    """Adds what was learned before; nothing where there is no such file, or one that cannot be read."""
    try:
        found = msgspec.json.decode((folder / FILE).read_bytes(), type=list[_Learned])
    except (OSError, msgspec.DecodeError):
        return
    for one in found:
        if one.cost is not None:
            history.add(one.work, one.cost.seconds, one.cost.memory)
        if one.pace is not None:
            history.add_pace(one.work, one.pace)


def keep(folder: Path, history: History) -> None:
    """Pictures are kept as their number of pixels, without their paths."""
    costs = [_Learned(replace(work, picture=None), cost) for work, cost in history.known()[-_MOST:]]
    paces = [_Learned(replace(work, picture=None), pace=pace) for work, pace in history.paces()[-_MOST:]]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        write_atomically(folder / FILE, msgspec.json.encode([*costs, *paces]))
    except (OSError, StudioError) as error:
        log.warning("What jobs cost could not be kept: %s", error)
