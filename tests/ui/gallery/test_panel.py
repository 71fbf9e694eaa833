"""The gallery's panel over a real project: searching, selecting, looking."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage, QPixmap

from studio.core.item import Item
from studio.core.kind import Kind
from studio.project.order import Group, Sort
from studio.project.store import Project
from studio.ui.context import WindowContext
from studio.ui.gallery.actions import VIEWS, GalleryActions
from studio.ui.gallery.panel import GalleryPanel
from studio.ui.gallery.search import known_values
from studio.ui.kit import locales
from studio.ui.kit.theme import DARK, LIGHT
from tests.ui.builders import picture
from tests.ui.gallery.driving import COUNT, key, names


def test_an_empty_gallery_says_what_to_do(panel: GalleryPanel, project: Project) -> None:
    assert panel.empty.isVisible()
    panel.set_project(project)
    assert "Photos that you drop" in panel.empty.text.text()
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
    monkeypatch.setattr("studio.ui.gallery.model.AT_ONCE", 10)
    panel.set_project(filled)
    until(lambda: panel.model.rowCount() == COUNT)
    for text in ("Item 1", "Item 12", "Item 123"):
        panel.search.setText(text)
        panel._apply()
    assert panel.model.rowCount() == COUNT
    until(lambda: panel.model.rowCount() == 1)
    assert panel.model.item(0).name == "Item 123"


def test_a_large_project_is_opened_on_a_thread_and_what_is_wanted_waits_for_it(
    panel: GalleryPanel, filled: Project, until, monkeypatch
) -> None:
    monkeypatch.setattr("studio.ui.gallery.model.AT_ONCE", 10)
    wanted = next(iter(filled.items()))
    panel.set_project(filled)
    assert panel.model.rowCount() == 0 and panel.model.is_reading
    assert not panel.empty.isVisible(), "nobody knows yet whether it is empty"
    panel.select(wanted.uid)
    until(lambda: panel.selected() == [wanted])
    assert panel.model.rowCount() == COUNT
    state = panel.state()
    panel.set_project(filled)
    panel.restore(state)
    until(lambda: panel.selected() == [wanted])
    assert panel.count.text().endswith(f"{locales.number(COUNT)} items"), panel.count.text()


def test_sort_and_group_are_kept(panel: GalleryPanel, filled: Project, desk: WindowContext) -> None:
    panel.set_project(filled)
    panel.commanded["gallery.sort_oldest"].trigger()
    assert panel.model.item(0).name == "Item 0"
    panel.set_group(Group.KIND)
    assert (desk.settings.gallery.sort, desk.settings.gallery.group) == ("oldest", "kind")
    assert panel.parts.arrange.text() == "Oldest first · Kind"
    assert panel.commanded["gallery.group_kind"].isChecked()
    panel.set_sort(Sort.NAME)
    assert panel.model.item(2).name == "Item 2"


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


def test_zoom_is_kept_and_bounded(panel: GalleryPanel, filled: Project, desk: WindowContext, until) -> None:
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


def test_a_thumbnail_that_comes_later_is_drawn(
    qtbot, dressed, desk: WindowContext, filled: Project, until
) -> None:
    from studio.ui.items.thumbnails import Key, ThumbnailReady

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


def test_a_kind_that_is_not_installed_is_shown_by_its_name(
    panel: GalleryPanel, project: Project, tmp_path: Path, desk: WindowContext, until
) -> None:
    (tmp_path / "warm.ase").write_bytes(b"ASEF")
    palette = project.add_asset(tmp_path / "warm.ase", kind="palette")
    panel.set_project(project)
    until(lambda: panel.model.peek(0) is not None)
    index = panel.model.index(0)
    assert index.data(Qt.ItemDataRole.AccessibleDescriptionRole) == "palette"
    panel.set_group(Group.KIND)
    assert [section.key for section in panel.model.sections] == ["palette"]
    assert not panel.view.viewport().grab().toImage().isNull()
    panel.parts.filters.aboutToShow.emit()
    kinds = next(one.menu() for one in panel.parts.filters.actions() if one.text().replace("&", "") == "Kind")
    offered = [action.text().replace("&", "") for action in kinds.actions()]
    assert offered == ["Picture", "Mask", "Text", "Sound", "Table", "File", "Song", "Part", "palette"]
    assert known_values(project, None, desk.kinds, "kind")[-2:] == ["part", "palette"]
    kinds.actions()[-1].trigger()
    assert panel.search.text() == "kind:palette"
    assert panel.model.item(0) == palette
