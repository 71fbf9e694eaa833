"""The gallery's panel over a real project, driven by keys and mouse."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QSize, Qt
from PySide6.QtGui import QGuiApplication, QImage, QPixmap

from studio.core.item import Item, Kind, Label, Origin
from studio.project.changes import trash_title
from studio.project.history import Changed
from studio.project.order import Group, Sort
from studio.project.store import Project
from studio.ui import locales
from studio.ui.actions import Actions, Facts
from studio.ui.desk import Desk
from studio.ui.dialogs import Dialog
from studio.ui.gallery import GalleryPanel
from studio.ui.gallery_actions import TRASH, VIEWS, GalleryActions
from studio.ui.gallery_commands import context_menu
from studio.ui.gallery_tags import TagsDialog
from studio.ui.grid_select import Ranges
from studio.ui.name_dialog import NameDialog
from studio.ui.theme import DARK, LIGHT
from tests.ui.builders import picture

COUNT = 1000


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
    fill(project, COUNT, digest, size)
    return project


class Recorder:
    def __init__(self) -> None:
        self.calls: list[tuple[str, object]] = []

    def named(self, name: str) -> Callable[..., None]:
        return lambda *what: self.calls.append((name, what[0] if len(what) == 1 else what))


@pytest.fixture
def recorder() -> Recorder:
    return Recorder()


@pytest.fixture
def panel(qtbot, dressed, desk: Desk, recorder: Recorder) -> Iterator[GalleryPanel]:
    actions = {name: recorder.named(name) for name in GalleryActions.__struct_fields__}
    made = GalleryPanel(desk, lambda item, side: QPixmap(), LIGHT, GalleryActions(**actions))
    qtbot.addWidget(made)
    desk.bridge.listen(made.on_event)
    made.resize(420, 640)
    made.show()
    made.commanded = Actions(made, LIGHT, {}, lambda *_: None)
    made.commanded.add(made.commands(), made)
    made.attach_actions(made.commanded)
    made.selection_changed.connect(lambda items: met(made, selection=bool(items)))
    met(made)
    yield made
    made.close_panel()


def met(panel: GalleryPanel, *, selection: bool = False) -> None:
    panel.commanded.set_facts(Facts(project=True, writing=panel.organizer.is_writable, selection=selection))


def offered(panel: GalleryPanel) -> list[str]:
    return [action.text().replace("&", "") for action in context_menu(panel).actions() if action.text()]


def key(qtbot, panel: GalleryPanel, *keys: Qt.Key | str) -> None:
    panel.view.setFocus()
    panel.activateWindow()
    for one in keys:
        qtbot.keyClick(panel.view, one)


def names(panel: GalleryPanel) -> list[str]:
    return [item.name for item in panel.selected()]


# Searching -------------------------------------------------------------------------------------------------


def test_an_empty_gallery_says_what_to_do(panel: GalleryPanel, project: Project) -> None:
    assert panel.empty.isVisible()
    panel.set_project(project)
    assert "Drop a photo" in panel.empty.text.text()
    assert not panel.parts.way_out.isVisible()


def test_searching_as_one_types_and_the_way_out(panel: GalleryPanel, filled: Project, qtbot, until) -> None:
    panel.set_project(filled)
    assert panel.count.text() == f"{locales.number(COUNT)} items"
    qtbot.keyClicks(panel.search, "Item 77")
    until(lambda: panel.model.rowCount() == 11)
    panel.search.setText("nothing like it")
    until(lambda: panel.empty.isVisible())
    assert panel.empty.title.text() == "Nothing found"
    qtbot.mouseClick(panel.parts.way_out, Qt.MouseButton.LeftButton)
    assert panel.model.rowCount() == COUNT
    assert panel.search.text() == ""


def test_what_is_not_understood_is_told(panel: GalleryPanel, filled: Project, qtbot) -> None:
    panel.set_project(filled)
    panel.search.setText("foo:bar Item")
    qtbot.keyClick(panel.search, Qt.Key.Key_Return)
    assert "foo:" in panel.parts.problem.text()
    assert panel.parts.problem.isVisible()
    assert panel.search.property("wrong") is True
    assert panel.model.rowCount() == COUNT
    panel.search.setText("Item")
    qtbot.keyClick(panel.search, Qt.Key.Key_Return)
    assert not panel.parts.problem.isVisible()
    assert panel.search.property("wrong") is False


def test_completions_offer_keys_then_the_projects_own_values(
    panel: GalleryPanel, filled: Project, qtbot
) -> None:
    panel.set_project(filled)
    filled.add_tags(filled.uids(panel.model.ids[:1]), ["night sky"])
    qtbot.keyClicks(panel.search, "ta")
    model = panel.search.completer().model()
    assert [model.item(row).text() for row in range(model.rowCount())] == ["tag:"]
    qtbot.keyClicks(panel.search, "g:ni")
    assert model.item(0).text() == 'tag:"night sky"'
    panel.search.completer().popup().hide()


def test_the_filter_menu_writes_words_into_the_search(panel: GalleryPanel, filled: Project) -> None:
    panel.set_project(filled)
    filled.set_stars(filled.uids(panel.model.ids[:3]), 4)
    panel.parts.filters._fill()
    stars = next(one for one in panel.parts.filters.actions() if one.text() == "Stars").menu()
    four = next(one for one in stars.actions() if one.text() == "★★★★ and more")
    four.trigger()
    assert panel.search.text() == "stars:>=4"
    assert panel.model.rowCount() == 3
    panel.parts.filters._fill()
    stars = next(one for one in panel.parts.filters.actions() if one.text() == "Stars").menu()
    next(one for one in stars.actions() if one.isChecked()).trigger()
    assert panel.search.text() == ""


def test_a_large_project_is_searched_on_a_thread_and_the_newest_wins(
    panel: GalleryPanel, filled: Project, until, monkeypatch
) -> None:
    monkeypatch.setattr("studio.ui.gallery_model.AT_ONCE", 10)
    panel.set_project(filled)
    for text in ("Item 1", "Item 12", "Item 123"):
        panel.search.setText(text)
        panel._apply()
    assert panel.model.rowCount() == COUNT
    until(lambda: panel.model.rowCount() == 1)
    assert panel.model.item(0).name == "Item 123"


def test_sort_and_group_are_kept(panel: GalleryPanel, filled: Project, desk: Desk) -> None:
    panel.set_project(filled)
    panel.commanded["gallery.sort_oldest"].trigger()
    assert panel.model.item(0).name == "Item 0"
    panel.set_group(Group.KIND)
    assert (desk.settings.gallery.sort, desk.settings.gallery.group) == ("oldest", "kind")
    assert panel.parts.arrange.text() == "Oldest first · Kind"
    assert panel.commanded["gallery.group_kind"].isChecked()
    panel.set_sort(Sort.NAME)
    assert panel.model.item(2).name == "Item 2"


# Selecting -------------------------------------------------------------------------------------------------


def test_selecting_finds_an_item_behind_a_filter(panel: GalleryPanel, filled: Project, until) -> None:
    panel.set_project(filled)
    wanted = panel.model.item(3)
    panel.search.setText("Item 5")
    until(lambda: panel.model.rowCount() < COUNT)
    panel.select(wanted.uid)
    assert panel.selected() == [wanted]
    assert panel.model.rowCount() == COUNT


def test_all_is_one_range_and_items_are_read_for_the_first_only(
    panel: GalleryPanel, filled: Project, until
) -> None:
    panel.set_project(filled)
    told: list[list[Item]] = []
    panel.selection_changed.connect(told.append)
    panel.commanded["gallery.select_all"].trigger()
    assert len(panel.view.selected.ranges) == 1
    assert len(panel.selected_ids()) == COUNT
    assert len(told[-1]) == 200
    thousand = locales.number(COUNT)
    until(lambda: panel.count.text().startswith(f"{thousand} of {thousand} selected · "))


def test_new_items_move_neither_the_selection_nor_the_view(
    panel: GalleryPanel, filled: Project, tmp_path: Path, qapp
) -> None:
    panel.set_project(filled)
    panel.view.choose(300)
    panel.view.scrollTo(panel.model.index(300))
    qapp.processEvents()
    chosen, place = panel.selected(), panel.view.visualRect(panel.model.index(300)).y()
    for n in range(3):
        filled.add_asset(picture(tmp_path / f"{n}.png", (n, 2, 3)), kind=Kind.IMAGE)
    panel.items_added()
    assert panel.model.rowCount() == COUNT + 3
    assert panel.selected() == chosen
    assert panel.view.currentIndex().row() == 303
    assert panel.view.visualRect(panel.model.index(303)).y() == place


def test_at_the_top_new_items_are_seen(panel: GalleryPanel, filled: Project, tmp_path: Path) -> None:
    panel.set_project(filled)
    panel.view.choose(0)
    for number in range(40):
        added = filled.add_asset(picture(tmp_path / f"new{number}.png", (1, 2, number)), kind=Kind.IMAGE)
    panel.items_added()
    assert panel.view.verticalOffset() == 0, "what is selected goes down instead"
    assert panel.view.currentIndex().row() == 40
    assert panel.model.item(0) == added


def test_typing_jumps_to_a_name(panel: GalleryPanel, filled: Project, qtbot) -> None:
    panel.set_project(filled)
    panel.on_event(filled.rename(panel.model.item(40).uid, "Zebra"))
    panel.on_event(filled.rename(panel.model.item(60).uid, "Zoo"))
    key(qtbot, panel, "z")
    assert names(panel) == ["Zebra"]
    key(qtbot, panel, "o")
    assert names(panel) == ["Zoo"]


def test_enter_space_and_double_click_look(panel: GalleryPanel, filled: Project, qtbot, recorder) -> None:
    panel.set_project(filled)
    panel.view.choose(1)
    key(qtbot, panel, Qt.Key.Key_Return, Qt.Key.Key_Space)
    at = panel.view.visualRect(panel.model.index(2)).center()
    qtbot.mouseDClick(panel.view.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert recorder.calls == [("look", panel.model.item(row)) for row in (1, 1, 2)]


# Organizing ------------------------------------------------------------------------------------------------


def test_keys_rate_label_reject_and_pick(panel: GalleryPanel, filled: Project, qtbot) -> None:
    panel.set_project(filled)
    panel.view.choose(0)
    key(qtbot, panel, "4", "6", "x")
    item = panel.selected()[0]
    assert (item.stars, item.label, item.rejected) == (4, Label.RED, True)
    assert filled.item(item.uid) == item
    key(qtbot, panel, "6", "x", "0", "p")
    item = panel.selected()[0]
    assert (item.stars, item.label, item.rejected) == (1, Label.NONE, False)
    assert "1 star" in panel.model.index(0).data(Qt.ItemDataRole.AccessibleDescriptionRole)


def test_a_change_is_told_to_others_once_and_undo_is_shown(
    panel: GalleryPanel, filled: Project, desk: Desk, qapp, qtbot
) -> None:
    panel.set_project(filled)
    told: list[Changed] = []
    desk.bridge.listen(lambda event: told.append(event) if isinstance(event, Changed) else None)
    panel.view.choose(5)
    key(qtbot, panel, "3")
    qapp.processEvents()
    assert len(told) == 1
    assert panel.selected()[0].stars == 3
    desk.bridge.post(filled.history.undo())
    qapp.processEvents()
    assert panel.selected()[0].stars == 0
    assert panel.view.currentIndex().row() == 5


def test_renaming(panel: GalleryPanel, filled: Project, qtbot) -> None:
    panel.set_project(filled)
    panel.view.choose(0)
    key(qtbot, panel, Qt.Key.Key_F2)
    box = panel.findChild(NameDialog)
    assert box.field.selectedText() == "Item 999"
    box.field.setText("  ")
    assert not box.ok.isEnabled()
    box.field.setText("  A better name ")
    box.ok.click()
    assert panel.model.item(0).name == "A better name"


def test_a_key_of_the_search_is_no_mistake_while_its_value_is_awaited(
    panel: GalleryPanel, filled: Project, qtbot
) -> None:
    panel.set_project(filled)
    panel.show()
    panel.search.setFocus()
    qtbot.keyClicks(panel.search, "label:")
    panel._apply()
    assert panel.search.problem == ""
    qtbot.keyClicks(panel.search, "x")
    panel._apply()
    assert panel.search.problem


def test_the_menu_of_labels_shows_their_marks(panel: GalleryPanel, filled: Project) -> None:
    action = panel.actions_by_id["gallery.label_blue"]
    assert action.isIconVisibleInMenu()
    for theme in (LIGHT, DARK):
        panel.set_theme(theme)
        drawn = action.icon().pixmap(QSize(32, 32)).toImage().pixelColor(16, 16)
        assert drawn.name() == theme.label_blue
    assert panel.actions_by_id["gallery.label_none"].icon().isNull()


def test_tags_of_several(panel: GalleryPanel, filled: Project, qtbot) -> None:
    panel.set_project(filled)
    filled.add_tags([panel.model.item(0).uid], ["lake"])
    panel.model.reload()
    panel.view.choose(0)
    panel.view.choose(1, extend=True)
    panel.on_event(Changed(items=frozenset(filled.uids(panel.selected_ids()))))
    key(qtbot, panel, "t")
    dialog = panel.findChild(TagsDialog)
    assert dialog.list.item(0).checkState() == Qt.CheckState.PartiallyChecked
    qtbot.keyClicks(dialog.field, "night, Lake")
    qtbot.keyClick(dialog.field, Qt.Key.Key_Return)
    assert dialog.list.item(0).checkState() == Qt.CheckState.Checked
    assert isinstance(dialog, Dialog), "its margins and its row of buttons are those of all dialogs"
    dialog.accept()
    assert [set(item.tags) for item in panel.selected()] == [{"lake", "night"}, {"lake", "night"}]


def test_the_trash_takes_several_and_the_next_is_selected(
    panel: GalleryPanel, filled: Project, qtbot
) -> None:
    panel.set_project(filled)
    panel.view.choose(2)
    panel.view.choose(3, extend=True)
    key(qtbot, panel, Qt.Key.Key_Delete)
    assert panel.model.rowCount() == COUNT - 2
    assert filled.count(trashed=True) == 2
    assert panel.view.currentIndex().row() == 2
    assert names(panel) == [f"Item {COUNT - 5}"]


def test_what_is_in_the_trash_is_shown_and_comes_back(panel: GalleryPanel, filled: Project) -> None:
    panel.set_project(filled)
    panel.view.choose(0)
    gone = panel.selected()[0]
    panel.commanded["gallery.trash"].trigger()
    panel.views.part(TRASH).click()
    assert panel.model.item(0) == filled.item(gone.uid)
    panel.view.choose(0)
    assert not panel.commanded["gallery.trash"].isEnabled()
    assert "Restore from the trash" in offered(panel)
    panel.commanded["gallery.restore"].trigger()
    assert filled.count() == COUNT
    assert panel.empty.title.text() == "The trash is empty"


def test_collections(panel: GalleryPanel, filled: Project, qtbot) -> None:
    panel.set_project(filled)
    panel.view.choose(0)
    panel.parts.collections_button.setChecked(True)
    assert panel.parts.collections.item(1).text() == "New collection…"
    panel.parts.collections.setCurrentRow(1)
    qtbot.keyClick(panel.parts.collections, Qt.Key.Key_Return)
    box = panel.findChild(NameDialog)
    box.field.setText("Lake house")
    box.accept()
    assert panel.parts.collections.item(1).text() == "Lake house  (1)"
    (one,) = filled.collections()
    panel.parts.collections.dropped.emit(one, filled.uids(panel.model.ids[4:6]))
    assert panel.parts.collections.item(1).text() == "Lake house  (3)"
    at = panel.parts.collections.visualItemRect(panel.parts.collections.item(1)).center()
    qtbot.mouseClick(panel.parts.collections.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert panel.search.text() == 'in:"Lake house"'
    assert panel.model.rowCount() == 3
    assert panel.parts.collections.currentRow() == 1
    panel.view.choose(0)
    assert "Remove from “Lake house”" in offered(panel)
    panel.organizer.take_out(one)
    assert panel.model.rowCount() == 2
    panel.parts.collections.setCurrentRow(1)
    qtbot.keyClick(panel.parts.collections, Qt.Key.Key_Delete)
    assert filled.collections() == []


def test_a_collections_name_that_is_taken_is_an_error(panel: GalleryPanel, filled: Project, qtbot) -> None:
    panel.set_project(filled)
    filled.make_collection("A")
    with qtbot.waitSignal(panel.failed) as told:
        panel.organizer.new_collection()
        box = panel.findChild(NameDialog)
        box.field.setText("a")
        box.accept()
    assert "already" in told.args[0].message


def test_a_read_only_project_is_not_changed(panel: GalleryPanel, filled: Project, qtbot) -> None:
    folder = filled.folder
    filled.close()
    with Project.open(folder, read_only=True) as looked_at:
        panel.set_project(looked_at)
        met(panel)
        panel.view.choose(0)
        key(qtbot, panel, "4", "x", Qt.Key.Key_Delete)
        panel.organizer.rate(4)
        assert looked_at.items(limit=1)[0].stars == 0
        assert looked_at.count() == COUNT
        assert "Move to trash" not in offered(panel)
        panel.set_project(None)


def test_what_takes_long_is_changed_in_the_background(
    panel: GalleryPanel, filled: Project, desk: Desk, qtbot, until
) -> None:
    panel.set_project(filled)
    told: list[Changed] = []
    desk.bridge.listen(lambda event: told.append(event) if isinstance(event, Changed) else None)
    panel.view.select_all()
    window_thread = threading.get_ident()
    threads: set[int] = set()
    original = filled.db.transaction

    def transaction():
        threads.add(threading.get_ident())
        return original()

    filled.db.transaction = transaction
    key(qtbot, panel, "4")
    assert desk.tasks.running
    until(lambda: not desk.tasks.running and told)
    assert window_thread not in threads
    assert len(told) == 1 and len(told[0].items) == COUNT
    assert panel.model.item(0).stars == panel.model.item(COUNT - 1).stars == 4
    panel.actions_by_id["gallery.trash"].trigger()
    until(lambda: panel.model.rowCount() == 0)
    assert filled.history.undo_title == trash_title(1000, "")
    told.clear()
    panel.show_trash()
    panel.view.select_rows(Ranges([range(300)]))
    panel.place.leave(panel.organizer.restore)
    until(lambda: panel.model.rowCount() == COUNT - 300)
    assert len(panel.selected()) == 1, "what follows those that left is selected"


def test_all_that_is_picked_gets_a_star(panel: GalleryPanel, filled: Project, qtbot, until) -> None:
    panel.set_project(filled)
    filled.set_rejected(filled.uids(panel.model.ids[:600]), True)
    panel.view.select_all()
    key(qtbot, panel, "p")
    until(lambda: filled.count(min_stars=1) == COUNT)
    assert not any(item.rejected for item in filled.items(limit=COUNT))


def test_all_that_is_found_and_a_collection_are_exported(
    panel: GalleryPanel, filled: Project, recorder: Recorder
) -> None:
    panel.set_project(filled)
    panel.search.setText("7")
    panel._apply(now=True)
    panel.actions_by_id["gallery.export_found"].trigger()
    ids = panel.model.ids
    filled.make_collection("Lake house", filled.uids(ids[:3]))
    (one,) = filled.collections()
    menu = panel.parts.collection_menu(panel.organizer, one, panel.shelf.export)
    next(action for action in menu.actions() if action.text() == "Export…").trigger()
    (_, (found, untitled)), (_, (held, title)) = recorder.calls
    assert (found, untitled) == (ids, "")
    assert (set(held), title) == (set(ids[:3]), "Lake house")


# In and out ------------------------------------------------------------------------------------------------


def test_the_menu_offers_what_fits(panel: GalleryPanel, filled: Project, recorder: Recorder) -> None:
    panel.set_project(filled)
    panel.view.choose(0)
    one = panel.selected()[0]
    assert offered(panel)[:2] == ["Look at it", "Open on canvas"]
    assert "Make again" not in offered(panel)
    assert "Compare" not in offered(panel)
    panel.commanded["gallery.canvas"].trigger()
    assert recorder.calls == [("open_on_canvas", one)]
    panel.view.choose(1, extend=True)
    assert "Compare" in offered(panel)
    assert "Open on canvas" not in offered(panel)
    panel.commanded["gallery.compare"].trigger()
    assert recorder.calls[-1] == ("compare", panel.selected())
    panel.view.clearSelection()
    assert offered(panel) == ["Paste picture", "Select all", "Show everything", "Export all found…"]


def test_a_copy_is_a_picture_and_a_file(panel: GalleryPanel, home, project: Project, tmp_path: Path) -> None:
    project.add_asset(picture(tmp_path / "one.png"), kind=Kind.IMAGE)
    panel.set_project(project)
    panel.view.choose(0)
    panel.handing.copy()
    data = QGuiApplication.clipboard().mimeData()
    assert QImage(data.imageData()).width() == 96
    assert Path(data.urls()[0].toLocalFile()).name == "one.png"
    panel.handing.copy_file()
    assert not QGuiApplication.clipboard().mimeData().hasImage()


@pytest.mark.parametrize("what", ["text", "nothing", "broken", "own"])
def test_nonsense_in_the_clipboard_is_told(panel, filled, recorder, what: str) -> None:
    panel.set_project(filled)
    data = QMimeData()
    if what == "text":
        data.setText("hello")
    elif what == "broken":
        data.setImageData(QImage())
    clipboard = QGuiApplication.clipboard()
    if what == "own":
        panel.view.choose(0)
        panel.handing.copy()
    elif what == "nothing":
        clipboard.clear()
    else:
        clipboard.setMimeData(data)
    panel.handing.paste()
    ((name, words),) = recorder.calls
    assert name == "say"
    assert "clipboard" in words or "already" in words


def test_a_picture_and_files_are_pasted(panel, filled, recorder, until, home, tmp_path: Path) -> None:
    panel.set_project(filled)
    image = QImage(20, 10, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.red)
    QGuiApplication.clipboard().setImage(image)
    panel.handing.paste()
    until(lambda: recorder.calls)
    ((_, (file,)),) = recorder.calls
    assert QImage(str(file)).width() == 20
    data = QMimeData()
    data.setUrls([panel.model.mime_of([panel.model.item(0)]).urls()[0]])
    QGuiApplication.clipboard().setMimeData(data)
    panel.handing.paste()
    assert recorder.calls[-1][1][0].name == "Item 999.png"


# Window ----------------------------------------------------------------------------------------------------


def test_the_next_window_shows_the_same(panel: GalleryPanel, filled: Project) -> None:
    panel.set_project(filled)
    panel.search.setText("Item 9")
    panel._apply()
    panel.view.choose(20)
    panel.view.choose(25, extend=True)
    panel.view.verticalScrollBar().setValue(700)
    state, chosen = panel.state(), panel.selected()
    panel.set_project(None)
    panel.set_project(filled)
    panel.restore(state)
    assert panel.search.text() == "Item 9"
    assert panel.selected() == chosen
    assert panel.view.verticalOffset() == 700
    panel.restore("nonsense")


def test_zoom_is_kept_and_bounded(panel: GalleryPanel, filled: Project, desk: Desk, until) -> None:
    panel.set_project(filled)
    before = panel.view.grid.columns
    for _ in range(20):
        panel.commanded["gallery.smaller"].trigger()
    assert panel.view.zoom == panel.parts.zoom.value() == 96
    assert panel.view.grid.columns > before
    until(lambda: desk.settings.gallery.zoom == 96)
    panel.parts.zoom.setValue(320)
    assert panel.view.grid.columns == 1


def test_themes_and_cells_without_a_picture(panel: GalleryPanel, filled: Project, until) -> None:
    panel.set_project(filled)
    until(lambda: panel.model.peek(0) is not None)
    light = panel.view.viewport().grab().toImage()
    panel.set_theme(DARK)
    dark = panel.view.viewport().grab().toImage()
    assert light.pixelColor(1, 1).name() == LIGHT.surface
    assert dark.pixelColor(1, 1).name() == DARK.surface


def test_a_thumbnail_that_comes_later_is_drawn(qtbot, dressed, desk: Desk, filled: Project, until) -> None:
    from studio.ui.thumbnails import Key, ThumbnailReady

    shown = QPixmap(40, 40)
    shown.fill(Qt.GlobalColor.red)
    there: list[QPixmap] = []
    nothing = dict.fromkeys(GalleryActions.__struct_fields__, lambda *_: None)
    made = GalleryPanel(
        desk, lambda item, side: there[0] if there else None, LIGHT, GalleryActions(**nothing)
    )
    qtbot.addWidget(made)
    desk.bridge.listen(made.on_event)
    made.resize(420, 640)
    made.show()
    made.set_project(filled)
    until(lambda: made.model.peek(0) is not None)
    middle = made.view.visualRect(made.model.index(0)).center() - QPoint(0, 20)
    assert made.view.viewport().grab().toImage().pixelColor(middle).name() == LIGHT.background
    there.append(shown)
    digest = made.model.item(0).digest
    made.on_event(ThumbnailReady(digest, QImage(), Key(digest, Kind.IMAGE, 160)))
    until(lambda: made.view.viewport().grab().toImage().pixelColor(middle).name() == "#ff0000")
    made.close_panel()


def test_views_hold_what_they_say(panel: GalleryPanel, project: Project, tmp_path: Path) -> None:
    photo = project.add_asset(picture(tmp_path / "photo.png"), kind=Kind.IMAGE)
    mask = project.add_asset(picture(tmp_path / "mask.png", (0, 0, 0)), kind=Kind.MASK)
    panel.set_project(project)
    assert [panel.model.item(row) for row in range(panel.model.rowCount())] == [photo]
    panel.views.part(3).click()
    assert [panel.model.item(row) for row in range(panel.model.rowCount())] == [mask]
    panel.views.part(1).click()
    assert panel.empty.isVisible()
    assert len(VIEWS) == 5
