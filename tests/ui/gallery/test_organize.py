"""Rating, labels, tags, collections and the trash, by keys and mouse."""

from __future__ import annotations

import threading

from PySide6.QtCore import QSize, Qt

from studio.core.item import Label
from studio.project.changes import trash_title
from studio.project.history import Changed
from studio.project.store import Project
from studio.ui.context import WindowContext
from studio.ui.gallery.actions import TRASH
from studio.ui.gallery.panel import GalleryPanel
from studio.ui.kit.grid_select import Ranges
from studio.ui.kit.name_dialog import NameDialog
from studio.ui.kit.theme import DARK, LIGHT
from tests.ui.gallery.driving import COUNT, Recorder, key, met, names, offered


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
    panel: GalleryPanel, filled: Project, desk: WindowContext, qapp, qtbot
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
    with qtbot.waitSignal(panel.organizer.tags_wanted):
        key(qtbot, panel, "t")
    panel.organizer.add_tags(["night", "lake"])
    assert [set(item.tags) for item in panel.selected()] == [{"lake", "night"}, {"lake", "night"}]
    panel.organizer.remove_tag("lake")
    assert [set(item.tags) for item in panel.selected()] == [{"night"}, {"night"}]


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
    panel: GalleryPanel, filled: Project, desk: WindowContext, qtbot, until
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
