"""A project of 100,000 artifacts: opening, paging, searching, saving, backing up.

Each is told as a ratio to something plain. `STUDIO_BENCH_ITEMS` changes the size. Run with
`pytest -m benchmark tests/benchmarks/bench_project.py -s`.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import statistics
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from studio.core.kind import Kind
from studio.project import schema, stacks
from studio.project.database import Database
from studio.project.order import Group, Orders, Sort
from studio.project.query import Query, parse
from studio.project.store import Project
from tests.benchmarks.sizes import each, size
from tests.project.builders import WORDS, large_project

ITEMS = size(int(os.environ.get("STUDIO_BENCH_ITEMS", "100000")), 1000)
SAVES, BACKUPS = size((9, 3), (1, 1))

pytestmark = [pytest.mark.benchmark, pytest.mark.timeout(600)]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    project = large_project(tmp_path_factory.mktemp("large") / "Large.studio", ITEMS)
    project.close()
    return project.folder


def _ms(call: Callable[[], object], times: int = 5) -> float:
    """The median, in milliseconds."""
    taken = []
    for _ in range(size(times, 1)):
        began = time.perf_counter()
        call()
        taken.append((time.perf_counter() - began) * 1000)
    return statistics.median(taken)


def _tell(what: str, taken: float, plain_name: str, plain: float) -> None:
    print(f"{what:<44} {taken:9.2f} ms = {taken / plain:7.2f} x {plain_name} ({plain:.2f} ms)")


def test_opening(folder: Path, tmp_path: Path) -> None:
    Project.create(tmp_path / "Empty.studio").close()

    def first_page(where: Path) -> None:
        with Project.open(where) as project:
            project.items()

    empty = _ms(lambda: first_page(tmp_path / "Empty.studio"))
    _tell(f"open + first 200 of {ITEMS}", _ms(lambda: first_page(folder)), "an empty project", empty)


def test_updating(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """From format 2, which is the longest step: the item table is built again."""
    with monkeypatch.context() as patched:
        patched.setattr(schema, "MIGRATIONS", schema.MIGRATIONS[:2])
        patched.setattr(stacks, "place", lambda *_, **__: None)
        project = large_project(tmp_path / "Older.studio", ITEMS)
        project.close()
    original, copied = project.folder / "project.db", tmp_path / "copy.db"

    def copy() -> None:
        shutil.copyfile(original, copied)
        with copied.open("r+b") as file:
            os.fsync(file.fileno())

    def update() -> None:
        database = Database(copied)
        schema.migrate(database, 2)
        database.close()

    plains, updates = [], []
    for _ in range(3):
        plains.append(_ms(copy, 1))
        updates.append(_ms(update, 1))
    plain = statistics.median(plains)
    _tell(f"update {ITEMS} from format 2", statistics.median(updates), "a copy with fsync", plain)
    print(f"database {original.stat().st_size / 1e6:.0f} MB, then {copied.stat().st_size / 1e6:.0f} MB")

    for what in ("open it: backup and update", "open it after that"):
        opened: list[Project] = []
        taken = _ms(lambda: opened.append(Project.open(project.folder)), 1)  # noqa: B023
        opened[0].close()
        _tell(what, taken, "a copy with fsync", plain)


def test_paging(folder: Path) -> None:
    with Project.open(folder) as project:
        first = _ms(project.items)
        for offset in (ITEMS // 2, ITEMS - 200):
            _tell(f"page at {offset}", _ms(lambda: project.items(offset=offset)), "the first page", first)  # noqa: B023
        masks = _ms(lambda: project.items(kinds=[Kind.MASK], offset=ITEMS // 20))
        _tell("page of one kind, from its middle", masks, "the first page", first)
        _tell("count", _ms(project.count), "the first page", first)


def test_searching(folder: Path) -> None:
    with Project.open(folder) as project:
        scan = _ms(lambda: project.db.read("SELECT count(*) FROM item WHERE prompt LIKE '%harbor%'"))
        texts = [
            "h",
            "ha",
            "harbor",
            "harbor lantern",
            f"number{ITEMS // 2}",
            "harbor number5",
            "nowhere",
            "😀",
        ]
        worst = 0.0
        for text in texts:
            taken = _ms(lambda: project.items(text=text))  # noqa: B023
            worst = max(worst, taken)
            _tell(f"search {text!r}", taken, "a LIKE scan", scan)
        _tell(
            "count of the matches of 'harbor'", _ms(lambda: project.count(text="harbor")), "a LIKE scan", scan
        )
        _tell("the slowest of them", worst, "a LIKE scan", scan)
        assert project.count(text=f"number{ITEMS // 2}") >= 1
        assert project.count(text=WORDS[0]) > ITEMS // 4


TEXTS = (
    "h", "n", "number", "harbor", "harbor lantern", '"harbor lantern"', "nowhere", "😀", "name:h", "-harbor",
    "kind:mask", "stars:>=3", "-is:rejected", "label:red", "tag:sea", "in:Best", "generator:inpaint",
    "model:lama", "batch:large", "seed:42", "date:2023-11", "n stars:>=3 -is:rejected",
)  # fmt: skip


def test_ordering(folder: Path) -> None:
    """All ids at once, as the gallery asks for them: by sort, by group, by what is typed."""
    with Project.open(folder, prove=False) as project:
        project.add_tags([item.uid for item in project.items(limit=500)], ["sea"])
        project.make_collection("Best", [item.uid for item in project.items(limit=500, offset=500)])
        query = "SELECT id FROM item WHERE trashed IS NULL ORDER BY id DESC"
        plain, name = _ms(lambda: [row[0] for row in project.db.read(query)], 9), "the ids as rows"
        slowest: dict[str, float] = {}

        def tell(kind: str, what: str, asked: Query, sort: Sort, group: Group) -> None:
            taken = _ms(lambda: Orders(project.db).order(project._items.search(asked), sort, group), 9)
            slowest[kind] = max(slowest.get(kind, 0.0), taken)
            _tell(f"order {what}", taken, name, plain)

        for sort in Sort:
            tell("sort", f"by {sort}", Query(), sort, Group.NONE)
        for group in Group:
            tell("group", f"in groups by {group}", Query(), Sort.NEWEST, group)
        for text in TEXTS:
            tell("search", f"of {text!r}", parse(text).query, Sort.NEWEST, Group.NONE)
        tell("both", "of 'n' by name", parse("n").query, Sort.NAME, Group.NONE)
        tell("both", "of 'n' in groups by day", parse("n").query, Sort.NEWEST, Group.DAY)
        for text in ("h", "n", "number", "nowhere"):
            asked = parse(text).query
            taken = _ms(lambda: project.order(asked, Sort.NEWEST, Group.DAY), 9)  # noqa: B023
            _tell(f"typing {text!r} in groups by day", taken, name, plain)
        for kind, taken in slowest.items():
            _tell(f"the slowest {kind}", taken, name, plain)
        ids = project.order(Query()).ids
        _tell("the rows of a page of 200", _ms(lambda: project.rows(ids[5000:5200])), name, plain)


@each("count", {"1": 1, "1000": 1000, "10000": 10_000})
def test_undoing(folder: Path, count: int) -> None:
    with Project.open(folder, prove=False) as project:
        uids = project.uids(project.order(Query()).ids[:count])
        turns = iter(range(1, 100))
        change = _ms(lambda: project.set_stars(uids, next(turns) % 6), 3)
        undo, redo = _ms(project.history.undo, 1), _ms(project.history.redo, 1)
        print(f"rate {count}: {change:.1f} ms, undo {undo:.1f} ms, redo {redo:.1f} ms")


def test_saving(folder: Path, tmp_path: Path) -> None:
    """1.5 MB: the bytes and their row, against a plain write with fsync."""
    number = 0

    def fresh() -> Path:
        nonlocal number
        number += 1
        source = tmp_path / f"photo {number}.png"
        source.write_bytes(b"%06d" % number * 250_000)
        return source

    def plain() -> None:
        with (tmp_path / "plain").open("wb") as file:
            file.write(source.read_bytes())
            file.flush()
            os.fsync(file.fileno())

    def save() -> None:
        project.add_asset(source, kind=Kind.IMAGE)

    with Project.open(folder) as project:
        saves, plains = [], []
        for _ in range(SAVES):
            source = fresh()
            plains.append(_ms(plain, 1))
            saves.append(_ms(save, 1))
        _tell("save 1.5 MB", statistics.median(saves), "a write with fsync", statistics.median(plains))


def test_backing_up(folder: Path, tmp_path: Path) -> None:
    def copy() -> None:
        shutil.copyfile(project.db.path, tmp_path / "copy.db")
        with (tmp_path / "copy.db").open("r+b") as file:
            os.fsync(file.fileno())

    def change(turn: int) -> None:
        project.set_stars([project.items(limit=1)[0].uid], turn % 6)

    with Project.open(folder, read_only=True) as project:
        plain = _ms(copy, 3)
    with Project.open(folder) as project:
        taken = []
        for turn in range(BACKUPS):
            change(turn)
            taken.append(_ms(project.backup, 1))
        _tell("backup, proven", statistics.median(taken), "a copy with fsync", plain)
        _tell("proof of the whole database", _ms(project.prove, 3), "a copy with fsync", plain)
        change(4)
        _tell("close, with the text list", _ms(project.close, 1), "a copy with fsync", plain)
    size = (folder / "project.db").stat().st_size
    print(f"database {size / 1e6:.0f} MB, SQLite {sqlite3.sqlite_version}")
