"""The whole window with a real project, and with plugins that are only described."""

from __future__ import annotations

import threading
from pathlib import Path
from types import SimpleNamespace

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QAction, QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QLabel, QPushButton

from studio.core.kind import Kind
from studio.errors import BadInput, ProjectDamaged
from studio.project.store import Project
from studio.ui.gallery.model import ITEM_MIME
from studio.ui.kit.dialogs import ErrorDialog, QuestionDialog
from studio.ui.kit.tab_order import laid_out
from studio.ui.kit.theme import DARK, LIGHT
from studio.ui.shell import app as studio_app
from studio.ui.shell.studio_window import StudioWindow
from tests.ui.builders import Sample, catalog_of, describe, picture
from tests.ui.pictures import canvas_of, photo_of, picture_room


def dialog_of(studio: StudioWindow, kind: type) -> object:
    return next((child for child in studio.window.findChildren(kind) if child.isVisible()), None)


def needing_a_project(studio: StudioWindow) -> list[QAction]:
    found = [entry.action for entry in studio.actions.entries() if entry.command.needs == "project"]
    assert found
    return found


def open_project(studio: StudioWindow, folder: Path, until) -> Project:
    studio.projects.open(folder)
    until(lambda: studio.context.project is not None and studio.context.project.folder == folder)
    return studio.context.project


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    with Project.create(tmp_path / "Beach.studio") as made:
        made.add_asset(picture(tmp_path / "beach.png"), kind=Kind.IMAGE)
    return made.folder


def test_the_first_page(studio: StudioWindow) -> None:
    assert studio.window.shows_welcome
    assert studio.generating.missing() == "Open or make a project first."
    assert not any(action.isEnabled() for action in needing_a_project(studio))
    assert studio.actions.why_off("file.close") == "Open or make a project first."


def test_a_project_opens_and_closes(studio: StudioWindow, folder: Path, until) -> None:
    open_project(studio, folder, until)
    assert not studio.window.shows_welcome
    assert studio.window.windowTitle() == "Beach"
    assert studio.gallery.model.rowCount() == 1
    assert all(action.isEnabled() for action in needing_a_project(studio))
    studio.gallery.view.setCurrentIndex(studio.gallery.model.index(0))
    assert studio.recipe.one.name.whole_text() == "beach"
    studio.projects.close()
    until(lambda: studio.window.shows_welcome)
    assert studio.gallery.model.rowCount() == 0
    assert studio.context.settings.projects.recent == (str(folder),)
    assert studio.context.settings.projects.open == ()
    assert [card.toolTip() for card in studio.window.welcome.cards] == [str(folder)]


def test_a_project_without_results_begins_with_its_photo(studio: StudioWindow, folder: Path, until) -> None:
    project = open_project(studio, folder, until)
    until(lambda: canvas_of(studio).mask_model is not None)
    assert photo_of(studio) == project.items()[0]
    assert studio.gallery.selected() == project.items()
    assert studio.workspace.name.whole_text() == "beach"


def test_the_last_project_opens_by_itself(studio: StudioWindow, folder: Path, another, until) -> None:
    open_project(studio, folder, until)
    studio.window.close()
    studio.end()
    other = another()
    other.show(None)
    assert not other.window.shows_welcome
    until(lambda: other.context.project is not None and other.gallery.model.rowCount() == 1)


def test_a_project_in_use_can_be_looked_at(studio: StudioWindow, folder: Path, until) -> None:
    with Project.open(folder):
        studio.projects.open(folder)
        until(lambda: dialog_of(studio, QuestionDialog))
        assert studio.window.shows_welcome
        dialog = dialog_of(studio, QuestionDialog)
        [*laid_out(dialog.buttons)][1].click()
        until(lambda: studio.context.project is not None)
        assert studio.context.project.read_only
        assert studio.window.windowTitle() == "Beach (read-only)"
        assert studio.generating.missing() == "This project is open read-only."
        studio.items.bring_in([folder.parent / "beach.png"])
        until(lambda: dialog_of(studio, ErrorDialog))
        assert studio.context.project.count() == 1


def test_a_damaged_project_is_repaired_if_the_user_wants(studio: StudioWindow, folder: Path, until) -> None:
    (folder / "project.db").write_bytes(b"SQLite format 3\0" + b"\1" * 4000)
    studio.projects.open(folder)
    until(lambda: dialog_of(studio, QuestionDialog))
    dialog = dialog_of(studio, QuestionDialog)
    assert "damaged" in dialog.heading.text()
    [*laid_out(dialog.buttons)][1].click()
    until(lambda: studio.context.project is not None)
    assert studio.gallery.model.rowCount() == 1


def test_silent_damage_is_found_after_opening(studio: StudioWindow, folder: Path, until, monkeypatch) -> None:
    monkeypatch.setattr("studio.ui.project.flow.PROVE_MS", 10)

    def damaged(project: Project) -> None:
        raise ProjectDamaged("A row of the project is not as it was written.")

    monkeypatch.setattr(Project, "prove", damaged)
    open_project(studio, folder, until)
    until(lambda: dialog_of(studio, QuestionDialog))
    assert "damaged" in dialog_of(studio, QuestionDialog).heading.text()


def test_a_project_in_a_synced_folder_comes_with_a_warning(
    studio: StudioWindow, tmp_path: Path, until
) -> None:
    studio.projects.create(tmp_path / "Dropbox" / "Beach.studio")
    until(lambda: studio.context.project is not None)
    assert studio.workspace.notice.isVisible()
    assert "cloud service" in studio.workspace.notice.text.whole_text()


def test_the_window_is_no_larger_than_the_screen(studio: StudioWindow) -> None:
    window = studio.window
    room = window.screen().availableSize().expandedTo(window.minimumSize())
    assert window.sizeHint() == window.sizeHint().boundedTo(room)


def test_a_result_is_dragged_out_under_its_name(studio: StudioWindow, folder: Path, until) -> None:
    project = open_project(studio, folder, until)
    item = project.items()[0]
    studio.items.compare([item])
    until(lambda: studio.workspace.viewer.result_path is not None)
    (url,) = studio.workspace.viewer.drag_data().urls()
    assert Path(url.toLocalFile()).name == "beach.png"
    studio.items.copy([item])
    (url,) = QApplication.clipboard().mimeData().urls()
    assert Path(url.toLocalFile()).name == "beach.png"


def test_a_folder_that_is_gone_is_said_and_stays_in_the_list(
    studio: StudioWindow, tmp_path: Path, until
) -> None:
    gone = tmp_path / "Gone.studio"
    studio.context.change_settings("projects", recent=(str(gone),))
    studio.projects.open(gone)
    until(lambda: dialog_of(studio, ErrorDialog))
    assert studio.context.settings.projects.recent == (str(gone),)
    assert studio.window.shows_welcome


def test_a_photo_dropped_on_the_first_page_begins_a_project(
    studio: StudioWindow, tmp_path: Path, until
) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(picture(tmp_path / "lake.png")))])
    assert studio.items.accepts(data)
    studio.window.files_dropped.emit(data)
    until(lambda: photo_of(studio) is not None)
    until(lambda: canvas_of(studio).mask_model is not None)
    assert photo_of(studio).name == "lake"
    assert studio.gallery.selected() == [photo_of(studio)]
    assert studio.workspace.name.whole_text() == "lake"
    assert canvas_of(studio).hasFocus() or not studio.window.isActiveWindow()


def test_many_files_with_some_that_are_none(
    studio: StudioWindow, folder: Path, tmp_path: Path, until
) -> None:
    project = open_project(studio, folder, until)
    drop = tmp_path / "drop"
    drop.mkdir()
    for n in range(5):
        picture(drop / f"{n}.png", (n, n, 0))
    (drop / "broken.png").write_bytes(b"nothing")
    (drop / "notes.txt").write_text("no picture")
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(drop))])
    studio.items.drop(data)
    until(lambda: studio.workspace.notice.isVisible())
    until(lambda: project.count() == 6)
    told = studio.workspace.notice.text.whole_text()
    assert "5" in told and "2 files cannot be used" in told


def test_our_own_item_dropped_is_not_brought_in_again(studio: StudioWindow, folder: Path, until) -> None:
    project = open_project(studio, folder, until)
    item = project.items()[0]
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(project.blob_path(item.digest)))])
    data.setData(ITEM_MIME, item.uid.encode())
    studio.items.drop(data)
    until(lambda: photo_of(studio) == item)
    assert project.count() == 1


def test_many_photos_dropped_on_the_canvas_all_come_in(
    studio: StudioWindow, folder: Path, tmp_path, until
) -> None:
    project = open_project(studio, folder, until)
    data = QMimeData()
    files = [picture(tmp_path / f"{n}.png", (n, n, 0)) for n in range(3)]
    data.setUrls([QUrl.fromLocalFile(str(file)) for file in files])
    canvas = canvas_of(studio)
    copy, button, keys = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    until(lambda: photo_of(studio) is not None)
    assert not canvas.acceptDrops(), "the window takes files, wherever they fall"
    QApplication.sendEvent(studio.window, QDragEnterEvent(QPoint(20, 20), copy, data, button, keys))
    QApplication.sendEvent(studio.window, QDropEvent(QPointF(20, 20), copy, data, button, keys))
    until(lambda: photo_of(studio) is not None)
    until(lambda: project.count() == 4)
    until(lambda: photo_of(studio).name == "0")


def test_what_is_missing_is_said_step_by_step(studio: StudioWindow, folder: Path, until) -> None:
    project = open_project(studio, folder, until)
    assert studio.generating.missing() == "Still looking at the plugins…"
    studio.set_catalog(catalog_of(describe(Sample)))
    until(lambda: studio.context.runner is not None)
    picture_room(studio).clear()
    assert studio.generating.missing() == "Drop a photo on the canvas to begin."
    studio.items.go_on_with(project.items()[0])
    until(lambda: canvas_of(studio).mask_model is not None)
    assert studio.generating.missing() == "Paint over what should change."
    assert not studio.panel.button.isEnabled()
    canvas_of(studio).invert()
    assert studio.generating.missing() == ""
    assert studio.panel.button.isEnabled()
    studio.panel.form.model.set("steps", 0)
    studio.panel.changed.emit()
    assert studio.generating.missing() == "Steps must be at least 1."
    studio.panel.form.model.set("steps", 5)
    studio.panel.form.model.set("method", "onnx")
    studio.panel.changed.emit()
    assert studio.generating.missing() == "Choose a file for “Model”."


def test_settings_are_remembered_for_the_next_time(studio: StudioWindow, another) -> None:
    studio.set_catalog(catalog_of(describe(Sample), describe(Sample, "test/two", "Second")))
    assert studio.panel.choose("test/two")
    studio.panel.set_values({"steps": 7})
    studio.panel.seed.set_seed(99)
    studio.panel.seed.lock.setChecked(True)
    studio.end()
    other = another()
    other.set_catalog(catalog_of(describe(Sample), describe(Sample, "test/two", "Second")))
    assert other.panel.generator.id == "test/two"
    assert other.panel.form.model.value("steps") == 7
    assert other.panel.seed.seed() == 99
    assert other.panel.seed.lock.isChecked()


def test_the_seed_changes_unless_it_is_locked(studio: StudioWindow) -> None:
    seed = studio.panel.seed
    seed.set_seed(5)
    seed.lock.setChecked(True)
    seed.used()
    assert seed.seed() == 5
    seed.lock.setChecked(False)
    seed.used()
    assert seed.seed() != 5


def test_each_generator_keeps_its_own_values(studio: StudioWindow) -> None:
    studio.set_catalog(catalog_of(describe(Sample), describe(Sample, "test/two", "Second")))
    studio.panel.set_values({"steps": 7})
    studio.panel.chooser.chosen.emit("test/two")
    assert studio.panel.form.model.value("steps") == 20
    studio.panel.chooser.chosen.emit("test/one")
    assert studio.panel.form.model.value("steps") == 7


def test_the_theme_changes_at_once_and_is_kept(studio: StudioWindow, qapp) -> None:
    studio.set_theme("dark")
    assert studio.theme.name == DARK.name
    assert DARK.surface in qapp.styleSheet()
    studio.set_theme("light")
    assert studio.theme.name == LIGHT.name
    assert studio.context.settings.appearance.theme == "light"


def test_an_exception_anywhere_is_one_dialog(studio: StudioWindow, until, monkeypatch) -> None:
    monkeypatch.setattr("sys.excepthook", None)
    monkeypatch.setattr("threading.excepthook", None)
    studio_app.catch_everything(studio.context, studio.session.blame)
    import sys

    sys.excepthook(BadInput, BadInput("First."), None)
    until(lambda: dialog_of(studio, ErrorDialog))
    threading.excepthook(SimpleNamespace(exc_value=ValueError("second")))
    for _ in range(10):
        QApplication.processEvents()
    dialogs = [one for one in studio.window.findChildren(ErrorDialog) if one.isVisible()]
    assert [one.heading.text() for one in dialogs] == ["First."]


def test_the_layout_is_remembered(studio: StudioWindow, another) -> None:
    studio.window.show_welcome(False)
    studio.window.panels["queue"].hide()
    studio.window.close()
    other = another()
    other.window.show_welcome(False)
    other.window.show()
    assert not other.window.panels["queue"].isVisible()
    other.window.reset_layout()
    assert other.window.panels["queue"].isVisible()


def test_a_broken_plugin_is_told_and_the_rest_works(studio: StudioWindow, folder: Path, until) -> None:
    from studio.plugins.catalog import Catalog, Failure, PluginDescription

    open_project(studio, folder, until)
    bad = PluginDescription(name="bad", distribution="x", version="1", failure=Failure(reason="It hangs."))
    good = catalog_of(describe(Sample)).plugins
    studio.set_catalog(Catalog(plugins=(*good, bad)))
    assert studio.workspace.notice.text.whole_text() == "Not every plugin works: bad."
    assert studio.panel.generator.id == "test/one"


def test_export_writes_files_and_says_where(
    studio: StudioWindow, folder: Path, tmp_path: Path, until
) -> None:
    from studio.ui.export.dialog import ExportChoice

    project = open_project(studio, folder, until)
    studio.items.exporting._export(
        project.items(), ExportChoice(tmp_path / "out", "{name}", "number", {}, {})
    )
    until(lambda: studio.workspace.notice.isVisible())
    assert (tmp_path / "out" / "beach.png").exists()
    assert "beach.png" in studio.workspace.notice.text.whole_text()
    assert studio.context.settings.exporting.folder == str(tmp_path / "out")


def test_pack_and_unpack(studio: StudioWindow, folder: Path, tmp_path: Path, until) -> None:
    open_project(studio, folder, until)
    studio.exchange.pack(tmp_path / "beach.zip")
    until(lambda: studio.workspace.notice.isVisible() and not studio.context.tasks.running)
    assert "beach.zip" in studio.workspace.notice.text.whole_text()
    studio.exchange.unpack(tmp_path / "beach.zip")
    until(lambda: studio.context.project is not None and studio.context.project.folder != folder)
    assert studio.gallery.model.rowCount() == 1


@pytest.mark.parametrize("width", [960, 1024, 1366])
def test_no_word_is_cut_off_in_a_small_window(studio: StudioWindow, folder: Path, until, width: int) -> None:
    open_project(studio, folder, until)
    studio.window.resize(width, 640)
    QApplication.processEvents()
    studio.gallery.view.setCurrentIndex(studio.gallery.model.index(0))
    QApplication.processEvents()
    options = picture_room(studio).panel.options
    for part in options.findChildren(QLabel) + studio.gallery.views.findChildren(QPushButton):
        if part.isVisible():
            assert part.width() >= part.sizeHint().width(), part.text()


def test_the_queue_has_room_for_two_jobs_from_the_first_look(
    studio: StudioWindow, folder: Path, until
) -> None:
    studio.window.resize(1440, 900)
    open_project(studio, folder, until)
    until(lambda: studio.queue.height() >= 96)


@pytest.mark.parametrize(("size", "least"), [((1160, 700), 380), ((1440, 900), 440)])
def test_the_gallery_has_more_room_than_the_recipe(
    studio: StudioWindow, folder: Path, until, size: tuple[int, int], least: int
) -> None:
    studio.window.resize(*size)
    open_project(studio, folder, until)
    panels = studio.window.panels
    until(lambda: panels["gallery"].height() >= least)
    assert panels["gallery"].height() > panels["recipe"].height() > 160


def test_panels_and_cells_grow_with_the_words(studio: StudioWindow, folder: Path, until) -> None:
    studio.window.resize(1920, 1080)
    open_project(studio, folder, until)
    widths = [studio.window.panels[name].width() for name in ("generate", "gallery")]
    side = studio.gallery.view.cells.cell_width(144)
    large = LIGHT.changed(font_scale=150)
    studio.window.set_theme(large)
    studio.gallery.set_theme(large)
    studio.window.reset_layout()
    QApplication.processEvents()
    grown = [studio.window.panels[name].width() for name in ("generate", "gallery")]
    assert all(after > 1.3 * before for before, after in zip(widths, grown, strict=True))
    assert (side, studio.gallery.view.cells.cell_width(144)) == (144, 216)


def test_the_panels_are_as_they_were_left(
    studio: StudioWindow, folder: Path, until, another, monkeypatch: pytest.MonkeyPatch
) -> None:
    for limit in ("_NARROW", "_LOW"):  # the screen of the tests has no room for a window with all panels
        monkeypatch.setattr(f"studio.ui.shell.window.{limit}", 0)
    studio.window.resize(960, 640)
    open_project(studio, folder, until)
    inner, panels = studio.window.inner, studio.window.panels
    inner.resizeDocks([panels["queue"]], [170], Qt.Orientation.Vertical)
    inner.resizeDocks([panels["generate"]], [290], Qt.Orientation.Horizontal)
    QApplication.processEvents()
    sizes = {name: panel.size() for name, panel in panels.items()}
    studio.window.close()
    studio.end()
    again = another()
    again.show(None)
    until(lambda: again.context.project is not None)
    QApplication.processEvents()
    assert {name: panel.size() for name, panel in again.window.panels.items()} == sizes


def test_the_library_is_the_gallery_over_the_whole_window(
    studio: StudioWindow, folder: Path, until, qapp
) -> None:
    open_project(studio, folder, until)
    view, dock = studio.gallery.view, studio.gallery.view.zoom
    assert studio.gallery.view.proportions is None
    studio.items.show_room("library")
    qapp.processEvents()
    assert view.proportions is not None and view.width() > studio.window.width() // 2
    assert view.zoom == studio.context.settings.gallery.library > dock
    until(lambda: view.grid.box(0).width > 0)
    studio.items.show_room("image")
    qapp.processEvents()
    assert view.proportions is None and view.zoom == dock
    assert studio.window.panels["gallery"].isVisible()
