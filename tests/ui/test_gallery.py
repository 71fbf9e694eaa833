from __future__ import annotations

import uuid
from pathlib import Path

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QPixmap
from PySide6.QtTest import QAbstractItemModelTester

from studio.core.item import Item, Kind, Origin
from studio.project.store import Project
from studio.ui.gallery import GalleryActions, GalleryPanel
from studio.ui.gallery_model import ITEM_MIME, GalleryFilter, GalleryModel, Role
from studio.ui.paging import KEPT, WINDOW, Pages
from studio.ui.theme import LIGHT
from tests.ui.builders import picture


def fill(project: Project, count: int, digest: str, size: int) -> None:
    items = [
        Item(uuid.uuid4().hex, f"Item {n}", Kind.IMAGE, Origin.ASSET, digest, ".png", size, created=float(n))
        for n in range(count)
    ]
    with project.db.transaction() as connection:
        project.insert_items(connection, items)


@pytest.fixture
def filled(project: Project, tmp_path: Path) -> Project:
    digest, size = project.store_blob(picture(tmp_path / "one.png"), extension=".png")
    fill(project, 1000, digest, size)
    return project


@pytest.fixture
def model(qapp) -> GalleryModel:
    return GalleryModel(lambda item: QPixmap())


# The model -------------------------------------------------------------------------------------------------


def test_pages_hold_only_a_few_windows() -> None:
    asked: list[tuple[int, int]] = []

    def read(limit: int, offset: int) -> list[int]:
        asked.append((limit, offset))
        return list(range(offset, offset + limit))

    pages = Pages(read)
    pages.forget(100_000)
    assert [pages.row(n) for n in (0, 1, 99_999)] == [0, 1, 99_999]
    assert asked == [(WINDOW, 0), (WINDOW, 99_800)]
    for window in range(KEPT + 5):
        pages.row(window * WINDOW)
    assert pages.row(100_000) is None
    assert pages.row(-1) is None
    asked.clear()
    pages.row((KEPT + 4) * WINDOW)
    assert asked == []
    pages.row(0)
    assert asked == [(WINDOW, 0)]


def test_the_model_keeps_qts_rules(model: GalleryModel, filled: Project) -> None:
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    model.set_project(filled)
    model.set_filter(GalleryFilter(text="Item 99"))
    model.set_project(None)
    assert model.rowCount() == 0


def test_newest_first_over_all_windows(model: GalleryModel, filled: Project) -> None:
    model.set_project(filled)
    assert model.rowCount() == 1000
    assert [model.item(row).name for row in (0, 199, 200, 999)] == [
        "Item 999",
        "Item 800",
        "Item 799",
        "Item 0",
    ]
    assert model.index(5).data(Qt.ItemDataRole.DisplayRole) == "Item 994"
    assert model.index(5).data(Role.ITEM).name == "Item 994"


def test_new_items_come_in_at_the_top(model: GalleryModel, filled: Project, tmp_path: Path) -> None:
    model.set_project(filled)
    inserted: list[tuple[int, int]] = []
    model.rowsInserted.connect(lambda _, first, last: inserted.append((first, last)))
    added = filled.add_asset(picture(tmp_path / "new.png", (1, 2, 3)), kind=Kind.IMAGE)
    model.items_added()
    assert inserted == [(0, 0)]
    assert model.item(0) == added
    model.items_added()
    assert inserted == [(0, 0)]
    assert model.row_of(added.uid) == 0


def test_masks_have_a_place_of_their_own(model: GalleryModel, project: Project, tmp_path: Path) -> None:
    project.add_asset(picture(tmp_path / "photo.png"), kind=Kind.IMAGE)
    mask = project.add_asset(picture(tmp_path / "mask.png", (0, 0, 0)), kind=Kind.MASK)
    model.set_project(project)
    assert [model.item(row).name for row in range(model.rowCount())] == ["photo"]
    model.set_filter(GalleryFilter(kinds=(Kind.MASK,)))
    assert model.item(0) == mask


def test_dragging_gives_files_and_our_own_ids(
    home: Path, model: GalleryModel, project: Project, tmp_path: Path
) -> None:
    one = project.add_asset(picture(tmp_path / "one.png"), kind=Kind.IMAGE)
    two = project.add_asset(picture(tmp_path / "two.png", (0, 90, 0)), kind=Kind.IMAGE)
    project.blob_path(two.digest).unlink()
    model.set_project(project)
    data = model.mimeData([model.index(0), model.index(1)])
    (file,) = (Path(url.toLocalFile()) for url in data.urls())
    assert file.name == "one.png"
    assert file.read_bytes() == project.blob_path(one.digest).read_bytes()
    assert bytes(data.data(ITEM_MIME).data()).decode().split("\n") == [two.uid, one.uid]
    assert model.flags(QModelIndex()) == Qt.ItemFlag.NoItemFlags


# The panel -------------------------------------------------------------------------------------------------


class Recorder:
    def __init__(self) -> None:
        self.calls: list[tuple[str, object]] = []

    def __getattr__(self, name: str):
        return lambda what: self.calls.append((name, what))


@pytest.fixture
def recorder() -> Recorder:
    return Recorder()


@pytest.fixture
def panel(qtbot, dressed, model: GalleryModel, recorder: Recorder) -> GalleryPanel:
    names = ("look", "open_on_canvas", "compare", "reuse", "export", "copy", "show_file")
    made = GalleryPanel(model, LIGHT, GalleryActions(**{name: getattr(recorder, name) for name in names}))
    qtbot.addWidget(made)
    made.resize(320, 600)
    made.show()
    return made


def test_an_empty_gallery_says_what_to_do(panel: GalleryPanel, project: Project) -> None:
    assert panel.empty.isVisible()
    panel.set_project(project)
    assert "Drop a photo" in panel.empty.text.text()


def test_searching_waits_for_the_typing_to_pause(panel: GalleryPanel, filled: Project, qtbot, until) -> None:
    panel.set_project(filled)
    assert panel.count.text() == "1,000"
    qtbot.keyClicks(panel.search, "Item 77")
    assert panel.model.rowCount() == 1000
    until(lambda: panel.model.rowCount() == 11)
    panel.search.setText("nothing like it")
    until(lambda: panel.empty.isVisible())
    assert panel.empty.title.text() == "Nothing found"
    panel.search.clear()
    until(lambda: panel.model.rowCount() == 1000)


def test_cells_fill_the_width(panel: GalleryPanel, filled: Project, qapp) -> None:
    panel.set_project(filled)
    for width in (320, 480, 700):
        panel.resize(width, 600)
        qapp.processEvents()
        columns = panel.view.viewport().width() // panel.view.gridSize().width()
        left = panel.view.viewport().width() - columns * panel.view.gridSize().width()
        assert columns >= 2
        assert left < panel.view.gridSize().width() // 2
        panel.grab()


def test_selecting_finds_an_item_behind_a_filter(panel: GalleryPanel, filled: Project, until) -> None:
    panel.set_project(filled)
    wanted = panel.model.item(3)
    panel.search.setText("Item 5")
    until(lambda: panel.model.rowCount() < 1000)
    panel.select(wanted.uid)
    assert panel.selected() == [wanted]
    assert panel.model.rowCount() == 1000


def test_stars_and_names(panel: GalleryPanel, filled: Project, qtbot) -> None:
    panel.set_project(filled)
    panel.view.setCurrentIndex(panel.model.index(0))
    panel.view.setFocus()
    qtbot.keyClick(panel.view, Qt.Key.Key_4)
    assert filled.items(limit=1)[0].stars == 4
    panel.rename(panel.selected()[0])
    from PySide6.QtWidgets import QInputDialog

    box = panel.findChild(QInputDialog)
    box.setTextValue("  A better name ")
    box.accept()
    assert filled.items(limit=1)[0].name == "A better name"
    assert panel.model.item(0).name == "A better name"


def test_the_trash_takes_several_and_the_next_is_selected(panel: GalleryPanel, filled: Project) -> None:
    panel.set_project(filled)
    selection = panel.view.selectionModel()
    for row in (2, 3):
        selection.select(panel.model.index(row), selection.SelectionFlag.Select)
    panel.trash()
    assert panel.model.rowCount() == 998
    assert filled.count(trashed=True) == 2
    assert panel.view.currentIndex().row() == 2


def test_the_menu_offers_what_fits(panel: GalleryPanel, filled: Project, recorder: Recorder) -> None:
    panel.set_project(filled)
    one, two = panel.model.item(0), panel.model.item(1)

    def offered(*items: Item) -> list[str]:
        return [action.text() for action in panel.menu_for(items).actions() if action.text()]

    assert offered(one) == [
        "Open on canvas",
        "Export…",
        "Copy",
        "Show file",
        "Rename…",
        "Stars",
        "Move to trash",
    ]
    assert offered(one, two) == ["Export 2 items…", "Copy", "Stars", "Move to trash"]
    panel.menu_for([one]).actions()[0].trigger()
    assert recorder.calls == [("open_on_canvas", one)]


def test_a_read_only_project_is_not_changed(panel: GalleryPanel, filled: Project, qtbot) -> None:
    folder = filled.folder
    filled.close()
    with Project.open(folder, read_only=True) as looked_at:
        panel.set_project(looked_at)
        panel.view.setCurrentIndex(panel.model.index(0))
        qtbot.keyClick(panel.view, Qt.Key.Key_4)
        qtbot.keyClick(panel.view, Qt.Key.Key_Delete)
        assert looked_at.items(limit=1)[0].stars == 0
        assert looked_at.count() == 1000
        texts = [action.text() for action in panel.menu_for([panel.model.item(0)]).actions()]
        assert "Move to trash" not in texts
        panel.set_project(None)


def test_enter_and_double_click_look(panel: GalleryPanel, filled: Project, qtbot, recorder: Recorder) -> None:
    panel.set_project(filled)
    panel.view.setCurrentIndex(panel.model.index(1))
    qtbot.keyClick(panel.view, Qt.Key.Key_Return)
    panel.view.doubleClicked.emit(panel.model.index(2))
    assert recorder.calls == [("look", panel.model.item(1)), ("look", panel.model.item(2))]


def test_what_is_in_the_trash_is_shown_and_comes_back(panel: GalleryPanel, filled: Project) -> None:
    panel.set_project(filled)
    count = filled.count()
    panel.view.setCurrentIndex(panel.model.index(0))
    gone = panel.selected()[0]
    panel.trash()
    panel.views.part(4).click()
    assert panel.model.item(0) == filled.item(gone.uid)
    panel.view.setCurrentIndex(panel.model.index(0))
    panel.trash()
    assert panel.model.rowCount() == 1
    (restore,) = panel.menu_for(panel.selected()).actions()
    assert restore.text() == "Restore"
    restore.trigger()
    assert filled.count() == count
    assert filled.count(trashed=True) == 0
    assert panel.empty.title.text() == "The trash is empty"
