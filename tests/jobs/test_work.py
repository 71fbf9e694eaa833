"""A worker's own means, without a process."""

from __future__ import annotations

import gc
import weakref
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from studio.backends.plan import Choice
from studio.core.model import Plan
from studio.errors import OutOfMemory
from studio.jobs import work
from studio.jobs.work import Switch, Worker


class _Large:
    """What a job that ran out of memory had in it."""


@pytest.mark.parametrize("kind", [OutOfMemory, MemoryError])
def test_a_smaller_plan_begins_with_the_memory_of_the_larger_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: type[Exception]
) -> None:
    held: list[weakref.ref[_Large]] = []
    was_on = gc.isenabled()
    gc.disable()  # what only a collection would find is not free when the next try needs it

    def execute(*_: Any, plan: Plan, **__: Any) -> list[Any]:
        if plan.precision == "fp32":
            large = _Large()
            held.append(weakref.ref(large))
            raise kind("no room")
        assert held[0]() is None
        return []

    monkeypatch.setattr(work, "execute", execute)
    monkeypatch.setattr(work, "_generator", lambda *_: type("G", (), {"title": "G"}))
    monkeypatch.setattr(work.WarmCache, "clear", lambda _: None)
    (tmp_path / "work").mkdir()
    ways = tuple(Choice(plan=Plan(device="cpu", precision=precision)) for precision in ("fp32", "bf16"))
    request: Any = SimpleNamespace(
        recipe=None,
        choices=ways,
        staging=tmp_path,
        kept=tmp_path,
        job="1",
        inputs={},
        models={},
        language="en",
    )
    found = SimpleNamespace(row=SimpleNamespace(name="plugin"))
    plugin: Any = SimpleNamespace(explain=lambda _: None, found=found)
    try:
        worker = Worker(lambda _: None)
        made, used = worker._execute(plugin, request, work._Effort(), Switch())
    finally:
        if was_on:
            gc.enable()
    assert (made, used) == ((), ways[1]) and held
