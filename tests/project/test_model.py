"""Any order of operations on a project, beside a dict that says what it should hold."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, rule
from msgspec.structs import replace

from studio.core.item import Item
from studio.core.kind import Kind
from studio.project.recovery import recover
from studio.project.search import clean_text
from studio.project.store import Project
from tests.project.builders import add_artifact, file_with

NAMES = st.text(max_size=12) | st.sampled_from(["harbor", "Harbor night", "café", "harbor"])


class Model(RuleBasedStateMachine):
    items = Bundle("items")

    def __init__(self) -> None:
        super().__init__()
        self.root = Path(tempfile.mkdtemp(prefix="studio-model-"))
        self.project = Project.create(self.root / "P.studio")
        self.expected: dict[str, Item] = {}
        self.purged: set[str] = set()

    def teardown(self) -> None:
        self.project.close()
        shutil.rmtree(self.root)

    def _live(self) -> list[Item]:
        return [item for item in self.expected.values() if item.trashed is None]

    @rule(
        target=items,
        data=st.binary(min_size=1, max_size=2),
        name=NAMES,
        kind=st.sampled_from([Kind.IMAGE, Kind.MASK]),
    )
    def add(self, data: bytes, name: str, kind: str) -> str:
        source = file_with(self.root / "drop", data, "drop.png")
        item = self.project.add_asset(source, kind=kind, name=name)
        same = [
            old
            for old in self._live()
            if (old.digest, old.name, old.kind) == (item.digest, clean_text(name) or "drop", kind)
        ]
        assert (item.uid in self.expected) == bool(same)
        self.expected[item.uid] = item
        return item.uid

    @rule(target=items, parent=items, data=st.binary(min_size=1, max_size=2))
    def make(self, parent: str, data: bytes) -> str:
        item = add_artifact(self.project, self.root / "drop", data, "made", parent=parent)
        self.expected[item.uid] = item
        return item.uid

    @rule(uid=items, name=NAMES.filter(clean_text))
    def rename(self, uid: str, name: str) -> None:
        self.project.rename(uid, name)
        if uid in self.expected:
            self.expected[uid] = replace(self.expected[uid], name=clean_text(name))

    @rule(uid=items, stars=st.integers(0, 5))
    def star(self, uid: str, stars: int) -> None:
        self.project.set_stars([uid], stars)
        if uid in self.expected:
            self.expected[uid] = replace(self.expected[uid], stars=stars)

    @rule(uids=st.lists(items, max_size=3))
    def trash(self, uids: list[str]) -> None:
        self.project.trash(uids)
        for uid in set(uids) & set(self.expected):
            trashed = self.project.item(uid).trashed
            assert trashed is not None
            self.expected[uid] = replace(self.expected[uid], trashed=trashed)

    @rule(uids=st.lists(items, max_size=3))
    def restore(self, uids: list[str]) -> None:
        self.project.restore(uids)
        for uid in set(uids) & set(self.expected):
            self.expected[uid] = replace(self.expected[uid], trashed=None)

    @rule()
    def purge(self) -> None:
        gone = [uid for uid, item in self.expected.items() if item.trashed is not None]
        assert self.project.purge_trash(0) == len(gone)
        for uid in gone:
            del self.expected[uid]

    @rule()
    def reopen(self) -> None:
        self.project.close()
        self.project = Project.open(self.project.folder)

    @rule()
    def lose_the_database(self) -> None:
        """The text list, written at closing, brings everything back."""
        self.project.close()
        shutil.rmtree(self.project.folder / "backups")
        (self.project.folder / "project.db").unlink()
        assert recover(self.project.folder).from_files == 0
        self.project = Project.open(self.project.folder)

    @rule()
    def back_up(self) -> None:
        self.project.backup()

    @invariant()
    def everything_is_as_expected(self) -> None:
        live = self._live()
        for trashed in (False, True):
            expected = {
                uid: item for uid, item in self.expected.items() if (item.trashed is not None) == trashed
            }
            assert {item.uid: item for item in self.project.items(trashed=trashed)} == expected
            assert self.project.count(trashed=trashed) == len(expected)
        starred = [item for item in live if item.stars >= 3]
        assert self.project.count(min_stars=3) == len(starred)
        assert self.project.count(kinds=[Kind.MASK]) == sum(item.kind == Kind.MASK for item in live)
        assert {item.uid for item in self.project.items(text="harb")} == {
            item.uid for item in live if any(word.startswith("harb") for word in item.name.lower().split())
        }
        for item in self.expected.values():
            assert self.project.blob_path(item.digest).stat().st_size == item.size
            assert {child.uid for child in self.project.children(item.uid)} == {
                other.uid for other in self.expected.values() if other.parent == item.uid
            }


Model.TestCase.settings = settings(max_examples=25, stateful_step_count=20, deadline=None)
TestModel = Model.TestCase
