"""What must hold when the monkey is gone: nothing is lost, damaged, left running or left behind."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from studio.errors import StudioError
from studio.project.check import check
from studio.project.history import PartlyDoneError
from studio.project.query import Query
from studio.project.store import Project
from tests.held import Held

LOOKS = 600
"""Every 0.05 s: no thread of the studio waits for longer than that, on whatever computer."""
GROWTH, SLACK = 1.25, 12
"""Widgets of one kind may become so many times more, and so many, once every panel was seen."""

HOLDING = 1.05
"""Memory, open files and shared memory may become so many times more."""
MOST_IMPORTED = 5
"""Looks after which the rooms and all that they use were imported: nothing is said of shorter runs."""


def projects(home: Path, made: dict[str, str], pulled: set[str]) -> list[str]:
    """Every artifact that was announced is in one of the projects with its bytes, and all can be undone.

    Where a drive was `pulled`, by the project's name, bytes may be left that no item names.
    """
    faults, lost, left = [], set(made), 0
    for folder in sorted(home.rglob("*.studio")):
        faults += _damage(folder, folder.name in pulled)
        with Project.open(folder) as project:
            uids = {row["uid"] for row in project.db.read("SELECT uid FROM item")} & lost
            lost -= {uid for uid in uids if project.blob_path(project.item(uid).digest).is_file()}
            left += len(project.db.read("SELECT 1 FROM job WHERE state = 'running'"))
            faults += _history(project)
        faults += _damage(folder, folder.name in pulled)
    if lost:
        faults += [f"lost the artifact {uid} of {made[uid]}" for uid in sorted(lost)]
    if left:
        faults.append(f"jobs left running: {left}")
    return faults


def _damage(folder: Path, was_pulled: bool) -> list[str]:
    report = check(folder, repair=False)
    problems = [one for one in report.problems if not (was_pulled and one.part == "orphan")]
    return [f"{folder.name} is damaged: {problems} {report.missing}"] if problems or report.missing else []


def _history(project: Project) -> list[str]:
    """Everything undone and done again is what it was."""
    history, faults, partly = project.history, [], 0

    def all_the_way(step: Callable[[], object], title: Callable[[], str | None]) -> None:
        nonlocal partly
        while title() is not None:
            try:
                step()
            except PartlyDoneError:  # jobs have started or ended since, which nobody can undo
                partly += 1

    back = history.undo, lambda: history.undo_title
    forward = history.redo, lambda: history.redo_title
    try:
        all_the_way(*forward)
        all_the_way(*back)
        all_the_way(*forward)
        before, partly = _state(project), 0
        all_the_way(*back)
        all_the_way(*forward)
    except StudioError as error:
        return [f"{project.name}: history is broken: {error.code} {error}"]
    after = _state(project)
    for table in before:
        if (table != "jobs" or not partly) and before[table] != after[table]:
            odd = [row for row in after[table] if row not in before[table]][:3]
            was = [row for row in before[table] if row not in after[table]][:3]
            faults.append(f"{project.name}: undone and done again, {table} has {odd} and had {was}")
    return faults


def _state(project: Project) -> dict[str, list[Any]]:
    items = [
        (item.uid, item.name, item.stars, item.label, item.rejected, item.tags, item.trashed is None)
        for trashed in (False, True)
        for item in project.rows(project.order(Query(trashed=trashed)).ids)
    ]
    jobs = [tuple(row) for row in project.db.read("SELECT id, state FROM job ORDER BY id")]
    collections = sorted((one.id, one.name, one.count) for one in project.collections())
    return {"items": sorted(items), "jobs": jobs, "collections": collections}


def growth(looks: list[Counter[str]]) -> list[str]:
    """Widgets by kind, from the first third to the last."""
    third = len(looks) // 3
    if third < 2:
        return []
    faults = []
    for kind in sorted(set().union(*looks)):
        first = max(look[kind] for look in looks[:third])
        last = min(look[kind] for look in looks[-third:])
        if last > first * GROWTH + SLACK:
            faults.append(f"{kind} grew from {first} to {last}: {[look[kind] for look in looks]}")
    return faults


def holding(looks: list[Held]) -> list[str]:
    """Memory, files and shared memory, from the first third to the last. The first look is left out: what is
    imported when it is first used comes after it."""
    third = len(looks) // 3
    if third < MOST_IMPORTED:
        return []
    faults = []
    for name in ("memory", "files", "shared"):
        values = [getattr(look, name) for look in looks]
        first, last = max(values[1:third]), min(values[-third:])
        if last > first * HOLDING:
            faults.append(f"{name} grew from {first} to {last}: {values}")
    return faults


def threads(before: set[int]) -> list[str]:
    """Those that live on after the end."""
    left: list[str] = []
    for _ in range(LOOKS):
        left = [one.name for one in threading.enumerate() if one.ident not in before]
        if not left:
            return []
        time.sleep(0.05)
    return [f"threads left: {left}"]
