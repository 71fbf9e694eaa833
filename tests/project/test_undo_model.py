"""Any changes in any order: undoing all gives the first state, doing all again the last."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from studio.core.item import Label
from studio.core.kind import Kind
from studio.errors import BadInput, StudioError
from studio.jobs.queue import Queue
from studio.project.changes import NewAsset
from studio.project.store import Project
from tests.project.builders import file_with, recipe

pick = st.integers(0, 10**6)
picks = st.lists(pick, max_size=4)
TAGS = st.lists(st.sampled_from(["red", "Red", "night sky", "a,b", "é"]), min_size=1, max_size=2)
State = tuple[Any, ...]


class Undo(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.root = Path(tempfile.mkdtemp(prefix="studio-undo-"))
        self.project = Project.create(self.root / "P.studio")
        self.added: set[str] = set()
        """Undone, these are in the trash rather than not there; so states do not tell of them there."""
        for number in range(4):
            self.project.add_asset(
                file_with(self.root / "drop", b"%d" % number), kind=Kind.IMAGE, name=f"photo {number}"
            )
        self.queue = Queue(self.project)
        self.queue.submit([recipe(seed=n) for n in range(4)], title="jobs")
        self.states = [self.state()]
        self.at = 0

    def teardown(self) -> None:
        while self.project.history.undo_title:
            self.undo()
        assert (self.at, self.state()) == (0, self.states[0])
        while self.project.history.redo_title:
            self.redo()
        assert (self.at, self.state()) == (len(self.states) - 1, self.states[-1])
        self.project.prove()
        self.project.close()
        shutil.rmtree(self.root)

    def items(self) -> list[Any]:
        return [*self.project.items(), *self.project.items(trashed=True)]

    def state(self) -> State:
        items = sorted(
            (item.uid, item.name, item.stars, item.rejected, item.label, item.tags, item.collections,
             item.trashed is not None)
            for item in self.items()
            if item.uid not in self.added or item.trashed is None
        )  # fmt: skip
        jobs = [(job.id, job.state, job.started, job.finished) for job in self.queue.jobs()]
        shelves = [(shelf.id, shelf.name) for shelf in self.project.collections()]
        return tuple(items), tuple(jobs), tuple(shelves)

    def steps(self) -> int:
        return int(self.project.db.read("SELECT count(*) FROM step WHERE NOT undone")[0][0])

    def change(self, call: Callable[[], object]) -> None:
        before = self.steps()
        with contextlib.suppress(BadInput):
            call()
        if self.steps() > before:
            del self.states[self.at + 1 :]
            self.states.append(self.state())
            self.at += 1
        else:
            assert self.state() == self.states[self.at]

    def uids(self, picked: list[int]) -> list[str]:
        every = sorted(item.uid for item in self.items())
        return [every[number % len(every)] for number in picked]

    def shelf(self, number: int) -> str:
        every = self.project.collections()
        return every[number % len(every)].id if every else "none"

    def job(self, number: int) -> str:
        every = self.queue.jobs()
        return every[number % len(every)].id

    @rule(picked=picks, stars=st.integers(0, 5))
    def rate(self, picked: list[int], stars: int) -> None:
        self.change(lambda: self.project.set_stars(self.uids(picked), stars))

    @rule(picked=picks, label=st.sampled_from(Label))
    def label(self, picked: list[int], label: Label) -> None:
        self.change(lambda: self.project.set_label(self.uids(picked), label))

    @rule(picked=picks, on=st.booleans())
    def reject(self, picked: list[int], on: bool) -> None:
        self.change(lambda: self.project.set_rejected(self.uids(picked), on))

    @rule(picked=pick, name=st.sampled_from(["x", "Photo 10", " ", "é" * 300]))
    def rename(self, picked: int, name: str) -> None:
        self.change(lambda: self.project.rename(self.uids([picked])[0], name))

    @rule(picked=picks, tags=TAGS, add=st.booleans())
    def tag(self, picked: list[int], tags: list[str], add: bool) -> None:
        change = self.project.add_tags if add else self.project.remove_tags
        self.change(lambda: change(self.uids(picked), tags))

    @rule(picked=picks, away=st.booleans())
    def trash(self, picked: list[int], away: bool) -> None:
        change = self.project.trash if away else self.project.restore
        self.change(lambda: change(self.uids(picked)))

    @rule(data=st.lists(st.binary(min_size=1, max_size=1), max_size=3))
    def bring_in(self, data: list[bytes]) -> None:
        drop = self.root / "drop"
        files = [file_with(drop, content, f"new {number}.png") for number, content in enumerate(data)]

        def add() -> None:
            self.added |= self.project.add_assets([NewAsset(file, Kind.IMAGE) for file in files]).items

        self.change(add)

    @rule(name=st.sampled_from(["Best", "best", "Worst", ""]), picked=picks)
    def make_collection(self, name: str, picked: list[int]) -> None:
        self.change(lambda: self.project.make_collection(name, self.uids(picked)))

    @rule(number=pick, name=st.sampled_from(["Best", "Other"]))
    def rename_collection(self, number: int, name: str) -> None:
        self.change(lambda: self.project.rename_collection(self.shelf(number), name))

    @rule(number=pick)
    def remove_collection(self, number: int) -> None:
        self.change(lambda: self.project.remove_collection(self.shelf(number)))

    @rule(number=pick, picked=picks, into=st.booleans())
    def collect(self, number: int, picked: list[int], into: bool) -> None:
        change = self.project.add_to_collection if into else self.project.remove_from_collection
        self.change(lambda: change(self.shelf(number), self.uids(picked)))

    @rule(numbers=picks)
    def cancel(self, numbers: list[int]) -> None:
        self.change(lambda: self.queue.cancel_many([self.job(number) for number in numbers]))

    @rule(number=pick)
    def cancel_batch(self, number: int) -> None:
        self.change(lambda: self.queue.cancel_batch(self.queue.job(self.job(number)).batch))

    @rule(numbers=picks)
    def retry(self, numbers: list[int]) -> None:
        self.change(lambda: self.queue.retry_many([self.job(number) for number in numbers]))

    @rule(numbers=picks, before=pick, to_end=st.booleans())
    def move(self, numbers: list[int], before: int, to_end: bool) -> None:
        target = None if to_end else self.job(before)
        self.change(lambda: self.queue.move_many([self.job(number) for number in numbers], target))

    @rule()
    def undo(self) -> None:
        if self.at == 0:
            with pytest.raises(StudioError, match="nothing to undo"):
                self.project.history.undo()
            return
        told = self.project.history.undo_title
        self.project.history.undo()
        self.at -= 1
        assert self.state() == self.states[self.at]
        assert self.project.history.redo_title == told

    @rule()
    def redo(self) -> None:
        if self.at == len(self.states) - 1:
            with pytest.raises(StudioError, match="nothing to do again"):
                self.project.history.redo()
            return
        self.project.history.redo()
        self.at += 1
        assert self.state() == self.states[self.at]

    @rule(crash=st.booleans())
    def reopen(self, crash: bool) -> None:
        self.project.abandon() if crash else self.project.close()
        self.project = Project.open(self.project.folder)
        self.queue = Queue(self.project)

    @invariant()
    def all_is_as_it_was(self) -> None:
        assert self.state() == self.states[self.at]
        assert self.steps() == self.at


TestUndo = Undo.TestCase
TestUndo.settings = settings(max_examples=40, stateful_step_count=30, deadline=None)
TestUndo.pytestmark = [pytest.mark.slow]
