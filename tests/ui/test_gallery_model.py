from __future__ import annotations

import uuid
from array import array
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester

from studio.core.item import Item, Origin
from studio.core.kind import STOCK_KINDS, Kind
from studio.project.query import Query, words
from studio.project.store import Project
from studio.ui.gallery.model import Arrangement, GalleryModel, Role
from studio.ui.gallery.pages import KEPT, WINDOW, ItemPages
from studio.ui.items.handing import ITEM_MIME, uids_of
from studio.ui.items.tokens import has, toggled, without_key
from studio.ui.kit.bridge import Bridge
from studio.ui.kit.reading import Reader
from tests.ui.builders import picture

COUNT = 500
DIGEST = "a" * 64


def item(n: int) -> Item:
    return Item(uuid.uuid4().hex, f"Item {n}", Kind.IMAGE, Origin.ASSET, DIGEST, ".png", 1, created=float(n))


@pytest.fixture
def filled(project: Project) -> Project:
    with project.db.transaction() as connection:
        project.insert_items(connection, [item(n) for n in range(COUNT)])
    return project


@pytest.fixture
def model(bridge: Bridge) -> Iterator[GalleryModel]:
    made = GalleryModel(bridge.post, STOCK_KINDS)
    bridge.listen(made.on_event)
    yield made
    made.close()


def test_the_model_keeps_qts_rules(model: GalleryModel, filled: Project) -> None:
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    model.set_project(filled, Arrangement())
    model.arrange(Arrangement(Query(text="Item 9")))
    model.set_project(None, Arrangement())
    assert model.rowCount() == 0


def test_newest_first_and_found_again(model: GalleryModel, filled: Project) -> None:
    model.set_project(filled, Arrangement())
    assert [model.item(row).name for row in (0, 1, COUNT - 1)] == ["Item 499", "Item 498", "Item 0"]
    assert model.index(5).data() == "Item 494"
    assert model.index(5).data(Role.ITEM).name == "Item 494"
    assert model.row_of(model.item(77).uid) == 77
    assert model.row_of("nobody") is None
    assert model.item(COUNT) is None


def test_peeking_never_waits(model: GalleryModel, filled: Project, until) -> None:
    model.set_project(filled, Arrangement())
    assert model.peek(0) is None
    until(lambda: model.peek(0) is not None)
    assert model.peek(0).name == "Item 499"
    assert model.peek(COUNT - 1) is None
    model.will_show(range(10))
    until(lambda: model.peek(15) is not None)


def test_a_change_reads_only_what_changed(model: GalleryModel, filled: Project, monkeypatch) -> None:
    model.set_project(filled, Arrangement())
    first = model.item(0)
    resets: list[bool] = []
    changed: list[set[int]] = []
    model.modelReset.connect(lambda: resets.append(True))
    model.items_changed.connect(changed.append)
    model.on_changed(filled.set_stars([first.uid], 3))
    assert model.peek(0).stars == 3
    assert resets == []
    assert changed == [{model.ids[0]}]


def test_an_item_that_is_gone_leaves_its_place(model: GalleryModel, filled: Project) -> None:
    model.set_project(filled, Arrangement())
    gone = model.item(1)
    model._pages.forget()
    with filled.db.transaction() as connection:
        connection.execute("DELETE FROM item WHERE uid = ?", (gone.uid,))
    assert model.item(0).name == "Item 499"
    assert model.item(1) is None
    assert model.item(2).name == "Item 497"


def test_dragging_gives_files_and_our_own_ids(
    home: Path, model: GalleryModel, project: Project, tmp_path: Path
) -> None:
    one = project.add_asset(picture(tmp_path / "one.png"), kind=Kind.IMAGE)
    two = project.add_asset(picture(tmp_path / "two.png", (0, 90, 0)), kind=Kind.IMAGE)
    project.blob_path(two.digest).unlink()
    model.set_project(project, Arrangement())
    data = model.mimeData([model.index(0), model.index(1)])
    assert not (home / "cache").exists() or not [*(home / "cache").rglob("one.png")], (
        "copied before it was asked for"
    )
    (file,) = (Path(url.toLocalFile()) for url in data.urls())
    assert file.name == "one.png"
    assert file.read_bytes() == project.blob_path(one.digest).read_bytes()
    assert bytes(data.data("text/uri-list").data()).endswith(b"one.png\r\n")
    assert uids_of(data) == [two.uid, one.uid]
    assert data.hasFormat(ITEM_MIME)
    assert model.flags(QModelIndex()) == Qt.ItemFlag.NoItemFlags


# Pages -----------------------------------------------------------------------------------------------------


def test_pages_hold_only_a_few_windows(bridge: Bridge, until) -> None:
    asked: list[int] = []

    def read(ids) -> list[Item | None]:
        asked.append(ids[0])
        return [item(n) for n in ids]

    reader = Reader(bridge.post, lambda error: None)
    bridge.listen(reader.on_event)
    arrived: list[range] = []
    pages = ItemPages(reader, arrived.append)
    pages.show(array("q", range(100_000)), read)
    assert pages.get(99_999).name == "Item 99999"
    for window in range(KEPT + 5):
        pages.get(window * WINDOW)
    asked.clear()
    pages.get((KEPT + 4) * WINDOW)
    assert asked == []
    assert pages.get(100_000) is None
    assert pages.get(-1) is None
    assert pages.peek(50_000) is None
    until(lambda: arrived)
    assert 50_000 in arrived[0]
    assert pages.peek(50_000).name == "Item 50000"
    changed = item(1)
    pages.replace({50_000: changed})
    assert pages.peek(50_000) is changed
    reader.close()


def test_of_many_wishes_the_newest_are_read_and_one_key_is_answered_once(bridge: Bridge, until) -> None:
    import threading

    free, begun = threading.Event(), threading.Event()
    done: list[object] = []
    failed: list[BaseException] = []
    reader = Reader(bridge.post, failed.append, most=3)
    bridge.listen(reader.on_event)
    reader.ask("first", lambda: begun.set() or free.wait(5), done.append)
    assert begun.wait(5)
    for n in range(10):
        reader.ask(("page", n), lambda n=n: n, done.append)
        reader.ask("order", lambda n=n: f"order {n}", done.append)
    free.set()
    until(lambda: "order 9" in done)
    assert [one for one in done if str(one).startswith("order")] == ["order 9"]
    assert 0 not in done
    reader.ask("bad", lambda: 1 / 0, done.append)
    until(lambda: failed)
    reader.close()
    reader.ask("after", lambda: "again", done.append)
    until(lambda: "again" in done)
    reader.close()


# Words of the search ---------------------------------------------------------------------------------------


def test_words_are_switched_on_and_off() -> None:
    text = toggled("lake", "stars", ">=3")
    assert text == "lake stars:>=3"
    assert toggled(text, "stars", "5") == "lake stars:5"
    assert toggled(text, "stars", ">=3") == "lake"
    assert toggled("kind:mask", "kind", "text") == "kind:mask kind:text"
    assert toggled("", "in", "Lake house") == 'in:"Lake house"'
    assert has('x tag:"Night Sky"', "tag", "night sky")
    assert not has("-tag:x", "tag", "x")
    assert without_key('a in:"b c" d', "in") == "a d"


@given(
    st.text(max_size=40),
    st.sampled_from(["stars", "tag", "kind", "in"]),
    st.text("ab ", min_size=1, max_size=5),
)
def test_switching_twice_is_as_before(text: str, key: str, value: str) -> None:
    value = value.strip() or "a"
    there = has(text, key, value)
    once = toggled(text, key, value)
    if '"' not in text and ":" not in text:
        assert has(once, key, value) is not there
        assert words(toggled(once, key, value))[: len(words(text))] is not None
